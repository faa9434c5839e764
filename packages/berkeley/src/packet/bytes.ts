/**
 * Numbers in network byte order, read from bytes and written into them.
 *
 * Who reads has made sure that the bytes are there. Who writes is given fields by users: a number that does not fit
 * is refused by the name of its field.
 */

/** The byte at an offset. */
export function u8(bytes: Uint8Array, at: number): number {
	return bytes[at] as number;
}

/** The 16-bit number at an offset. */
export function u16(bytes: Uint8Array, at: number): number {
	return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** The 24-bit number at an offset. */
export function u24(bytes: Uint8Array, at: number): number {
	return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
}

/** The 32-bit number at an offset. */
export function u32(bytes: Uint8Array, at: number): number {
	return (
		(((bytes[at] as number) << 24) |
			((bytes[at + 1] as number) << 16) |
			((bytes[at + 2] as number) << 8) |
			(bytes[at + 3] as number)) >>>
		0
	);
}

/** A copy of some of the bytes. A plain array: slice() of a Buffer is no copy. */
export function copyOf(bytes: Uint8Array, start = 0, end: number = bytes.length): Uint8Array {
	return new Uint8Array(bytes.subarray(start, end));
}

/** A number of so many bits, at most 32; a RangeError that names the field for any other. */
export function bits(value: number, width: number, field: string): number {
	// A shift by 32 is none.
	if (value >>> 0 === value && (width === 32 || value >>> width === 0)) return value;
	throw new RangeError(`${field} must be an integer from 0 to ${2 ** width - 1}, not ${String(value)}`);
}

/** A single bit. */
export function bit(value: boolean, field: string): number {
	if (typeof value === "boolean") return value ? 1 : 0;
	throw new TypeError(`${field} must be true or false, not ${String(value)}`);
}

/** Writes a byte. */
export function put8(bytes: Uint8Array, at: number, value: number, field: string): void {
	if ((value & 0xff) !== value) bits(value, 8, field);
	bytes[at] = value;
}

/** Writes a 16-bit number. */
export function put16(bytes: Uint8Array, at: number, value: number, field: string): void {
	if ((value & 0xffff) !== value) bits(value, 16, field);
	bytes[at] = value >>> 8;
	bytes[at + 1] = value;
}

/** Writes a 24-bit number. */
export function put24(bytes: Uint8Array, at: number, value: number, field: string): void {
	bits(value, 24, field);
	bytes[at] = value >>> 16;
	bytes[at + 1] = value >>> 8;
	bytes[at + 2] = value;
}

/** Writes a 32-bit number. */
export function put32(bytes: Uint8Array, at: number, value: number, field: string): void {
	if (value >>> 0 !== value) bits(value, 32, field);
	bytes[at] = value >>> 24;
	bytes[at + 1] = value >>> 16;
	bytes[at + 2] = value >>> 8;
	bytes[at + 3] = value;
}
