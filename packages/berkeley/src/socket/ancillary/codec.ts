/**
 * What the kinds of ancillary messages have in common: their shape in the tables, one a level, beside this file,
 * and the codecs of the plain numbers. A codec's `decode` gives undefined for data too short and never throws;
 * its `encode` throws TypeError or RangeError for a value that cannot be sent.
 */
import { checkInteger, kindOf } from "../../address/bytes.js";

/** A kind of message that can be received. */
export interface Kind<Level extends number, Type extends number, Value> {
	level: Level;
	type: Type;
	/** Other levels and types under which the same message comes. */
	also?: readonly (readonly [level: number, type: number])[];
	decode(data: Buffer): Value | undefined;
}

/** A kind that can be sent too. What is sent may be of another type than what is received. */
export interface SendableKind<Level extends number, Type extends number, Value, Input = Value>
	extends Kind<Level, Type, Value> {
	encode(value: Input): Uint8Array;
}

/** How the data of a kind are read and written. */
export interface Codec<Value> {
	decode(data: Buffer): Value | undefined;
	encode(value: Value): Buffer;
}

/** A C int. The limits are those of what may be sent. */
export function int32(name: string, min = -0x80000000, max = 0x7fffffff): Codec<number> {
	return {
		decode: (data) => (data.length < 4 ? undefined : data.readInt32LE(0)),
		encode(value) {
			const data = Buffer.alloc(4);
			data.writeInt32LE(checked(name, value, min, max));
			return data;
		},
	};
}

/** A 32-bit unsigned integer. */
export function uint32(name: string): Codec<number> {
	return {
		decode: (data) => (data.length < 4 ? undefined : data.readUInt32LE(0)),
		encode(value) {
			const data = Buffer.alloc(4);
			data.writeUInt32LE(checked(name, value, 0, 0xffffffff));
			return data;
		},
	};
}

/** A 16-bit unsigned integer. */
export function uint16(name: string): Codec<number> {
	return {
		decode: (data) => (data.length < 2 ? undefined : data.readUInt16LE(0)),
		encode(value) {
			const data = Buffer.alloc(2);
			data.writeUInt16LE(checked(name, value, 0, 0xffff));
			return data;
		},
	};
}

/** One byte. */
export function uint8(name: string): Codec<number> {
	return {
		decode: (data) => data[0],
		encode: (value) => Buffer.of(checked(name, value, 0, 0xff)),
	};
}

/** The number, if it is an integer within the limits; `what` names it in the error otherwise. */
export function checked(what: string, value: number, low: number, high: number): number {
	checkInteger(value, low, high, what);
	return value;
}

/** Requires an object; `fields` says what is expected in it. */
export function checkFields(value: unknown, what: string, fields: string): void {
	if (typeof value === "object" && value !== null) return;
	throw new TypeError(`${what} must be an object { ${fields} }, not ${kindOf(value)}`);
}
