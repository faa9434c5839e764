/**
 * What the files of `address/` share about bytes and about messages: pure, and the same in a browser.
 */

/** Whether a value is a Uint8Array (a Buffer is one), of this realm or of another. */
export function isBytes(value: unknown): value is Uint8Array {
	if (!ArrayBuffer.isView(value)) return false;
	return value instanceof Uint8Array || Object.prototype.toString.call(value) === "[object Uint8Array]";
}

// A message must stay readable, whatever was given.
const mostKeys = 8;

/** What a value is, for a message: `a string`, `null`, `an array`, `{ host, port }`. */
export function kindOf(value: unknown): string {
	if (value === null || value === undefined) return String(value);
	if (Array.isArray(value)) return "an array";
	if (isBytes(value)) return "bytes";
	if (ArrayBuffer.isView(value)) return `a ${Object.prototype.toString.call(value).slice(8, -1)}`;
	if (typeof value === "object") {
		const keys = Object.keys(value);
		const shown = keys.length > mostKeys ? [...keys.slice(0, mostKeys), "…"] : keys;
		return keys.length === 0 ? "an empty object" : `{ ${shown.join(", ")} }`;
	}
	return `a ${typeof value}`;
}

/** Requires a string, and names the argument when it is something else. */
export function checkText(value: unknown, what: string): asserts value is string {
	if (typeof value !== "string") throw new TypeError(`${what} must be a string, not ${kindOf(value)}`);
}

/** Requires bytes, and names the argument when it is something else. */
export function checkBytes(value: unknown, what: string): asserts value is Uint8Array {
	if (!isBytes(value)) throw new TypeError(`${what} must be a Uint8Array, not ${kindOf(value)}`);
}

/** Requires an integer between two bounds, both allowed, and names the argument when it is none. */
export function checkInteger(value: unknown, low: number, high: number, what: string): number {
	if (typeof value !== "number") throw new TypeError(`${what} must be a number, not ${kindOf(value)}`);
	if (!Number.isInteger(value) || value < low || value > high) {
		throw new RangeError(`${what} must be an integer from ${low} to ${high}, not ${value}`);
	}
	return value;
}
