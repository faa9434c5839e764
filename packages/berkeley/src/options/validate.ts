/**
 * Checks of the values that options are set to. They throw before any system call is made, and say which
 * option was given what and what it takes.
 */
import { inspect } from "node:util";

/** What an option takes, and what it was given instead. */
export function misuse(owner: string, takes: string, value: unknown): string {
	return `${owner} takes ${takes}, not ${inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY })}`;
}

/** An integer between two bounds. `what` names the field, where the option has several. */
export function checkInteger(owner: string, value: unknown, min: number, max: number, what = ""): number {
	const takes = `${what === "" ? "" : `as ${what} `}an integer from ${min} to ${max}`;
	if (typeof value !== "number") throw new TypeError(misuse(owner, takes, value));
	if (!Number.isInteger(value) || value < min || value > max)
		throw new RangeError(misuse(owner, takes, value));
	return value;
}

/** Bytes between two lengths. */
export function checkBytes(owner: string, value: unknown, min: number, max: number, what = ""): Uint8Array {
	const as = what === "" ? "" : `as ${what} `;
	if (!(value instanceof Uint8Array)) throw new TypeError(misuse(owner, `${as}a Uint8Array`, value));
	if (value.length < min || value.length > max)
		throw new RangeError(
			`${owner} takes ${as}${min === max ? min : `${min} to ${max}`} bytes, not ${value.length}`,
		);
	return value;
}

/** An object with the option's fields; null is none. `takes` shows them: "{ seconds }". */
export function checkObject(owner: string, value: unknown, takes: string): void {
	if (typeof value !== "object" || value === null) throw new TypeError(misuse(owner, takes, value));
}
