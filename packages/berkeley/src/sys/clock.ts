/**
 * The kernel's clocks: clock_gettime(2).
 */
import { declare, type Pointer, resultOf } from "./ffi.js";

const libcClockGettime = declare<(clock: number, time: Pointer) => number>("clock_gettime", "int", [
	"int",
	"void *",
]);

/** The clock that tells the time of day, by which the kernel stamps packets. clock_gettime(2). */
export const CLOCK_REALTIME = 0;
/** The clock that only goes forward and that nobody sets. clock_gettime(2). */
export const CLOCK_MONOTONIC = 1;

/** Reads a clock: seconds and nanoseconds are stored in `time`. Gives 0 or -errno. */
export function clockGettime(clock: number, time: BigInt64Array): number {
	return resultOf(libcClockGettime(clock, time));
}
