/**
 * The codecs that options of several levels share: numbers, texts, bytes and times.
 * The kernel's integers are in the machine's order: x64 and arm64 are little-endian.
 */
import type { Codec, Encoder } from "./option.js";
import { checkBytes, checkInteger, misuse } from "./validate.js";

/** A C int that is true or false. */
export const boolean: Codec<boolean> = {
	size: 4,
	decode: (bytes) => bytes.readInt32LE(0) !== 0,
	encode(value, owner) {
		if (typeof value !== "boolean") throw new TypeError(misuse(owner, "true or false", value));
		return int32Bytes(value ? 1 : 0);
	},
};

/** A C int between two bounds; any 32-bit signed integer when none are told. */
/* @__NO_SIDE_EFFECTS__ */
export function integer(min: number = -0x8000_0000, max: number = 0x7fff_ffff): Codec<number> {
	return {
		size: 4,
		decode: (bytes) => bytes.readInt32LE(0),
		encode: (value, owner) => int32Bytes(checkInteger(owner, value, min, max)),
	};
}

/** A C int between two bounds, or -1 for the kernel's default. */
/* @__NO_SIDE_EFFECTS__ */
export function defaultOr(min: number, max: number): Codec<number> {
	const { size, decode, encode } = integer(min, max);
	return { size, decode, encode: (value, owner) => (value === -1 ? int32Bytes(-1) : encode(value, owner)) };
}

/** An unsigned 32-bit integer between two bounds. */
/* @__NO_SIDE_EFFECTS__ */
export function uint32(min: number = 0, max: number = 0xffff_ffff): Codec<number> {
	return {
		size: 4,
		decode: (bytes) => bytes.readUInt32LE(0),
		encode: (value, owner) => int32Bytes(checkInteger(owner, value, min, max) | 0),
	};
}

/** An unsigned 64-bit integer that may exceed 2^53, as a bigint. */
export const uint64: Pick<Codec<bigint>, "size" | "decode"> = {
	size: 8,
	decode: (bytes) => bytes.readBigUInt64LE(0),
};

/** A NUL-terminated text of at most `size` bytes, its NUL counted: the name of an interface or algorithm. */
/* @__NO_SIDE_EFFECTS__ */
export function text(size: number): Codec<string> {
	return {
		size,
		decode(bytes) {
			const end = bytes.indexOf(0);
			return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
		},
		encode(value, owner) {
			if (typeof value !== "string" || value.includes("\0"))
				throw new TypeError(misuse(owner, "a string without NUL characters", value));
			const bytes = Buffer.from(`${value}\0`);
			if (bytes.length > size)
				throw new RangeError(misuse(owner, `a string of at most ${size - 1} bytes`, value));
			return bytes;
		},
	};
}

/** Bytes that the option's own document describes: at least `min`, at most `size`. */
/* @__NO_SIDE_EFFECTS__ */
export function bytes(size: number, min: number = 0): Codec<Buffer, Uint8Array> {
	return {
		size,
		decode: (value) => Buffer.from(value),
		encode: (value, owner) => checkBytes(owner, value, min, size),
	};
}

/** A struct timeval that holds a timeout: milliseconds, or null for none. Fractions go down to 0.001. */
export const timeout: Codec<number | null> = {
	size: 16,
	decode(bytes) {
		const seconds = Number(bytes.readBigInt64LE(0));
		const microseconds = Number(bytes.readBigInt64LE(8));
		return seconds === 0 && microseconds === 0 ? null : seconds * 1000 + microseconds / 1000;
	},
	encode(value, owner) {
		const result = Buffer.alloc(16);
		if (value === null) return result;
		const takes = "milliseconds, more than 0 and at most 2 ** 42, or null for no timeout";
		if (typeof value !== "number") throw new TypeError(misuse(owner, takes, value));
		// The kernel takes 0 for "none": whoever computes a timeout of 0 does not mean to wait for ever.
		if (!(value > 0 && value <= 2 ** 42)) throw new RangeError(misuse(owner, takes, value));
		// Never less than asked for; toFixed() keeps 0.1 * 3 from becoming a microsecond more than it is.
		const microseconds = Math.max(1, Math.ceil(Number((value * 1000).toFixed(3))));
		result.writeBigInt64LE(BigInt(Math.floor(microseconds / 1_000_000)), 0);
		result.writeBigInt64LE(BigInt(microseconds % 1_000_000), 8);
		return result;
	},
};

/** No value: the option acts by being set. The kernel wants the room of an int all the same. */
export const nothing: Encoder<void> = {
	encode: () => int32Bytes(0),
};

/** The four bytes of a C int. */
export function int32Bytes(value: number): Buffer {
	const result = Buffer.allocUnsafe(4);
	result.writeInt32LE(value, 0);
	return result;
}

/** An unsigned 64-bit counter that stays below 2^53, as a number. */
export function counterAt(bytes: Buffer, offset: number): number {
	return bytes.readUInt32LE(offset + 4) * 0x1_0000_0000 + bytes.readUInt32LE(offset);
}
