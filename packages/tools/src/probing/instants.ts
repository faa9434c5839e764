/**
 * How long it was between two moments that the kernel stamped.
 */
import type { Instant } from "../json.js";

/** Milliseconds, exact to the nanosecond for all that is short. */
export function millisecondsBetween(start: Instant, end: Instant): number {
	return (end.seconds - start.seconds) * 1000 + (end.nanoseconds - start.nanoseconds) / 1e6;
}

/** Milliseconds rounded to whole nanoseconds, for JSON. */
export function exact(milliseconds: number): number {
	return Math.round(milliseconds * 1e6) / 1e6;
}
