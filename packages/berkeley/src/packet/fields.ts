/**
 * Headers whose fields depend on a type, as those of ICMP and IGMP do: what each type has, as a table, by which the
 * fields are read, written and marked.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import { inet4At, inet6At, putInet4, putInet6 } from "./addresses.js";
import { bit, bits, copyOf, put8, put16, put24, put32, u8, u16, u24, u32 } from "./bytes.js";
import { Layer, type LayerValue, type Mark } from "./layer.js";

/** What a field of a table holds. */
export type FieldValue = number | boolean | string | Uint8Array;

/** A field of a header: where it lies, and in which form. */
export interface Field {
	/** Its name, which is a member of the layer's value. */
	readonly name: string;
	/** The first byte that it lies in, from the header's first. */
	readonly at: number;
	/** How many bytes it lies in. */
	readonly size: number;
	/** What is in them. */
	readonly form: "number" | "flag" | "inet4" | "inet6" | "bytes";
	/** How many bits of the bytes stand to the right of it. */
	readonly shift: number;
	/** How many bits it has. */
	readonly width: number;
}

/** A number that has its bytes for itself: 1 to 4. */
export function numberField(name: string, at: number, size: number): Field {
	return { name, at, size, form: "number", shift: 0, width: size * 8 };
}

/** A number of some of the bits of `size` bytes. */
export function bitsField(name: string, at: number, size: number, shift: number, width: number): Field {
	return { name, at, size, form: "number", shift, width };
}

/** A bit of a byte. */
export function flagField(name: string, at: number, shift: number): Field {
	return { name, at, size: 1, form: "flag", shift, width: 1 };
}

/** An IPv4 address. */
export function inet4Field(name: string, at: number): Field {
	return { name, at, size: 4, form: "inet4", shift: 0, width: 32 };
}

/** An IPv6 address. */
export function inet6Field(name: string, at: number): Field {
	return { name, at, size: 16, form: "inet6", shift: 0, width: 128 };
}

/** Bytes of which nothing more is known. */
export function bytesField(name: string, at: number, size: number): Field {
	return { name, at, size, form: "bytes", shift: 0, width: size * 8 };
}

function numberAt(bytes: Uint8Array, at: number, size: number): number {
	if (size === 1) return u8(bytes, at);
	if (size === 2) return u16(bytes, at);
	return size === 3 ? u24(bytes, at) : u32(bytes, at);
}

function putNumber(bytes: Uint8Array, at: number, size: number, value: number, name: string): void {
	if (size === 1) put8(bytes, at, value, name);
	else if (size === 2) put16(bytes, at, value, name);
	else if (size === 3) put24(bytes, at, value, name);
	else put32(bytes, at, value, name);
}

/** A field of the header at `start`. */
export function readField(field: Field, bytes: Uint8Array, start: number): FieldValue {
	const at = start + field.at;
	if (field.form === "inet4") return inet4At(bytes, at);
	if (field.form === "inet6") return inet6At(bytes, at);
	if (field.form === "bytes") return copyOf(bytes, at, at + field.size);
	const number = numberAt(bytes, at, field.size) >>> field.shift;
	if (field.form === "flag") return (number & 1) !== 0;
	return field.width === 32 ? number : number & (2 ** field.width - 1);
}

/** Writes a field into a header that is 0 there. What is left out stays 0. */
export function writeField(
	field: Field,
	value: unknown,
	bytes: Uint8Array,
	start: number,
	layer: string,
): void {
	if (value === undefined) return;
	const at = start + field.at;
	const name = `${layer}.${field.name}`;
	if (field.form === "inet4") putInet4(bytes, at, value as string, name);
	else if (field.form === "inet6") putInet6(bytes, at, value as string, name);
	else if (field.form === "bytes") putBytes(bytes, at, field.size, value, name);
	else {
		const number =
			field.form === "flag" ? bit(value as boolean, name) : bits(value as number, field.width, name);
		const word = (numberAt(bytes, at, field.size) | (number << field.shift)) >>> 0;
		putNumber(bytes, at, field.size, word, name);
	}
}

/** Writes bytes of a known number. */
export function putBytes(bytes: Uint8Array, at: number, size: number, value: unknown, name: string): void {
	if (!isBytes(value)) throw new TypeError(`${name} must be a Uint8Array, not ${kindOf(value)}`);
	if (value.length !== size) throw new RangeError(`${name} must have ${size} bytes, not ${value.length}`);
	bytes.set(value, at);
}

/** The fields of one type of message. */
export interface Message {
	/** What people call it. */
	readonly name: string;
	/** How many bytes of header the fields take, with what all types have. */
	readonly size: number;
	/** The fields. */
	readonly fields: readonly Field[];
	/** Members of the value beside those that all types have: the fields, and lists behind them. */
	readonly members: ReadonlySet<string>;
}

/** Makes the table of one type of message. `lists` are members of the value that are no fields of the table. */
export function message(
	name: string,
	size: number,
	fields: readonly Field[],
	lists: readonly string[] = [],
): Message {
	return { name, size, fields, members: new Set([...fields.map((field) => field.name), ...lists]) };
}

/**
 * Refuses what a type of message has no place for.
 * @param common the members that all types have
 */
export function checkMembers(
	layer: string,
	value: object,
	common: ReadonlySet<string>,
	{ name, members }: Message,
): void {
	for (const member in value) {
		if (members.has(member) || common.has(member)) continue;
		if (value[member as keyof typeof value] === undefined) continue;
		const known = [...members].join(", ");
		throw new TypeError(`${layer}.${member} is no field of ${name}, which has ${known || "none of its own"}`);
	}
}

/** A header in a packet whose fields depend on its type. */
export abstract class MessageView<Value extends LayerValue> extends Layer<Value> {
	/** What the type has. */
	protected abstract get message(): Message;

	/** A field of the type; undefined where the type has none of that name. */
	protected field(name: string): FieldValue | undefined {
		for (const field of this.message.fields) {
			if (field.name === name) return readField(field, this.bytes, this.start);
		}
		return undefined;
	}

	/** A field that is a number. */
	protected number(name: string): number | undefined {
		return this.field(name) as number | undefined;
	}

	/** A field that is a single bit. */
	protected flag(name: string): boolean | undefined {
		return this.field(name) as boolean | undefined;
	}

	/** A field that is an address. */
	protected address(name: string): string | undefined {
		return this.field(name) as string | undefined;
	}

	/** Adds the type's fields to a value. */
	protected addFields(value: Record<string, unknown>): void {
		for (const field of this.message.fields) value[field.name] = readField(field, this.bytes, this.start);
	}

	/** Marks of the type's fields. */
	protected fieldMarks(): Mark[] {
		return this.message.fields.map(({ name, at, size }) => ({
			field: name,
			start: this.start + at,
			end: this.start + at + size,
		}));
	}
}
