/**
 * The data of resource records, by type: which fields they have, and how these are read and written. RFC 1035
 * section 3.3, RFC 3597 section 4, and those that dnsrecords.ts names.
 */
import { checkBytes, kindOf } from "../address/bytes.js";
import { inet4At, inet6At, putInet4, putInet6 } from "./addresses.js";
import { bits, copyOf, u8, u16, u32 } from "./bytes.js";
import { skipName } from "./dnsname.js";
import { areSvcParams, readSvcParams, writeSvcParams } from "./dnsparams.js";
import type { DnsType, DnsTypeName } from "./dnsrecords.js";
import { areEdnsOptions, readEdnsOptions, writeEdnsOptions } from "./ednsoptions.js";
import type { Growing } from "./growing.js";
import { bytesOfText, textOrBytes } from "./text.js";

/** What a field is. Those in the last line take all that is left. */
type Kind =
	| ("u8" | "u16" | "u32" | "inet4" | "inet6" | "type")
	// A name that may be written with a pointer, as RFC 1035 has it; and one that may not (RFC 3597 section 4).
	| ("name" | "wholeName")
	// With a byte before it that says how long it is: text, and bytes.
	| ("string" | "counted")
	| ("strings" | "bytes" | "text" | "types" | "params" | "options");

/** A field of a record's data. */
export type DataField = readonly [name: string, kind: Kind];

const address4: readonly DataField[] = [["address", "inet4"]];
const address6: readonly DataField[] = [["address", "inet6"]];
const oneName: readonly DataField[] = [["target", "name"]];
const strings: readonly DataField[] = [["strings", "strings"]];
const exchange: readonly DataField[] = [
	["preference", "u16"],
	["exchange", "name"],
];
const digest: readonly DataField[] = [
	["keyTag", "u16"],
	["algorithm", "u8"],
	["digestType", "u8"],
	["digest", "bytes"],
];
const key: readonly DataField[] = [
	["flags", "u16"],
	["protocol", "u8"],
	["algorithm", "u8"],
	["publicKey", "bytes"],
];
const association: readonly DataField[] = [
	["usage", "u8"],
	["selector", "u8"],
	["matchingType", "u8"],
	["certificateAssociation", "bytes"],
];
const service: readonly DataField[] = [
	["priority", "u16"],
	["target", "wholeName"],
	["params", "params"],
];
const hashing: readonly DataField[] = [
	["hashAlgorithm", "u8"],
	["flags", "u8"],
	["iterations", "u16"],
	["salt", "counted"],
];

/** What reads the names among the data. */
export interface NameReader {
	/** The message. */
	readonly bytes: Uint8Array;
	/** The text of a name. */
	name(field: string, at: number, behind: number, compress: boolean): string;
}

/** What writes the data. */
export interface NameWriter extends Growing {
	/** Writes a name. */
	name(text: string, name: string, compress: boolean, field: string): void;
}

/** OPT's number: its class and time to live are something else. */
export const OPT = 41;

const types: readonly (readonly [DnsTypeName, number, (readonly DataField[])?])[] = [
	["A", 1, address4],
	["NS", 2, oneName],
	["CNAME", 5, oneName],
	[
		"SOA",
		6,
		[
			["mname", "name"],
			["rname", "name"],
			["serial", "u32"],
			["refresh", "u32"],
			["retry", "u32"],
			["expire", "u32"],
			["minimum", "u32"],
		],
	],
	["PTR", 12, oneName],
	[
		"HINFO",
		13,
		[
			["cpu", "string"],
			["os", "string"],
		],
	],
	["MX", 15, exchange],
	["TXT", 16, strings],
	[
		"RP",
		17,
		[
			["mailbox", "wholeName"],
			["text", "wholeName"],
		],
	],
	[
		"AFSDB",
		18,
		[
			["preference", "u16"],
			["exchange", "wholeName"],
		],
	],
	["AAAA", 28, address6],
	[
		"SRV",
		33,
		[
			["priority", "u16"],
			["weight", "u16"],
			["port", "u16"],
			["target", "wholeName"],
		],
	],
	[
		"NAPTR",
		35,
		[
			["order", "u16"],
			["preference", "u16"],
			["flags", "string"],
			["services", "string"],
			["regexp", "string"],
			["replacement", "wholeName"],
		],
	],
	["DNAME", 39, [["target", "wholeName"]]],
	["OPT", OPT, [["options", "options"]]],
	["DS", 43, digest],
	[
		"SSHFP",
		44,
		[
			["algorithm", "u8"],
			["fingerprintType", "u8"],
			["fingerprint", "bytes"],
		],
	],
	[
		"RRSIG",
		46,
		[
			["typeCovered", "type"],
			["algorithm", "u8"],
			["labels", "u8"],
			["originalTtl", "u32"],
			["expiration", "u32"],
			["inception", "u32"],
			["keyTag", "u16"],
			["signerName", "wholeName"],
			["signature", "bytes"],
		],
	],
	[
		"NSEC",
		47,
		[
			["nextName", "wholeName"],
			["types", "types"],
		],
	],
	["DNSKEY", 48, key],
	["NSEC3", 50, [...hashing, ["nextHashedOwner", "counted"], ["types", "types"]]],
	["NSEC3PARAM", 51, hashing],
	["TLSA", 52, association],
	["SMIMEA", 53, association],
	["CDS", 59, digest],
	["CDNSKEY", 60, key],
	["OPENPGPKEY", 61, [["publicKey", "bytes"]]],
	["SVCB", 64, service],
	["HTTPS", 65, service],
	["SPF", 99, strings],
	["IXFR", 251],
	["AXFR", 252],
	["ANY", 255],
	[
		"URI",
		256,
		[
			["priority", "u16"],
			["weight", "u16"],
			["target", "text"],
		],
	],
	[
		"CAA",
		257,
		[
			["flags", "u8"],
			["tag", "string"],
			["value", "text"],
		],
	],
];

const names = new Map<number, DnsTypeName>(types.map(([name, number]) => [number, name]));
const numbers = new Map<unknown, number>(types.map(([name, number]) => [name, number]));
const shapes = new Map<number, readonly DataField[]>(
	types.flatMap(([, number, fields]) => (fields === undefined ? [] : [[number, fields] as const])),
);

/** A type's name, or its number where it has none here. */
export function typeOf(number: number): DnsType {
	return names.get(number) ?? number;
}

/** A type's number. */
export function numberOfType(type: DnsType, field: string): number {
	if (typeof type === "number") return bits(type, 16, field);
	const number = numbers.get(type);
	if (number !== undefined) return number;
	const given = typeof type === "string" ? JSON.stringify(type) : kindOf(type);
	throw new RangeError(`${field} must be ${[...numbers.keys()].join(", ")} or a number, not ${given}`);
}

/** The fields of a type's data; undefined for a type that is not known. */
export function fieldsOf(type: number): readonly DataField[] | undefined {
	return shapes.get(type);
}

/**
 * Goes over a field.
 * @param fixed as skipName() takes it
 * @returns the offset behind it; negative when it is not as it should be
 */
export function skipField(
	kind: Kind,
	bytes: Uint8Array,
	at: number,
	end: number,
	base: number,
	fixed: number,
): number {
	switch (kind) {
		case "u8":
			return at + 1;
		case "u16":
		case "type":
			return at + 2;
		case "u32":
		case "inet4":
			return at + 4;
		case "inet6":
			return at + 16;
		case "name":
		case "wholeName":
			return skipName(bytes, at, base, end, fixed);
		case "string":
		case "counted":
			return at < end ? at + 1 + u8(bytes, at) : malformed;
		case "strings": {
			let behind = at;
			while (behind < end) behind += 1 + u8(bytes, behind);
			return behind;
		}
		case "types":
			return areTypes(bytes, at, end) ? end : malformed;
		case "params":
			return areSvcParams(bytes, at, end) ? end : malformed;
		case "options":
			return areEdnsOptions(bytes, at, end) ? end : malformed;
		default:
			return end;
	}
}

/** What skipField() gives for what is no name. */
const malformed = -100;

/** Whether data are as their type says; 0, or the negative number of what is wrong. */
export function checkData(
	fields: readonly DataField[],
	bytes: Uint8Array,
	start: number,
	end: number,
	base: number,
	fixed: number,
): number {
	let at = start;
	for (let index = 0; index < fields.length; index++) {
		at = skipField((fields[index] as DataField)[1], bytes, at, end, base, fixed);
		if (at < 0) return at;
		if (at > end) return malformed;
	}
	return at === end ? 0 : malformed;
}

/** Reads a field, which skipField() accepted. */
export function readField(kind: Kind, reader: NameReader, name: string, at: number, behind: number): unknown {
	const { bytes } = reader;
	switch (kind) {
		case "u8":
			return u8(bytes, at);
		case "u16":
			return u16(bytes, at);
		case "u32":
			return u32(bytes, at);
		case "type":
			return typeOf(u16(bytes, at));
		case "inet4":
			return inet4At(bytes, at);
		case "inet6":
			return inet6At(bytes, at);
		case "name":
		case "wholeName":
			return reader.name(name, at, behind, kind === "name");
		case "string":
			return textOrBytes(bytes, at + 1, behind);
		case "counted":
			return copyOf(bytes, at + 1, behind);
		case "strings": {
			const list: (string | Uint8Array)[] = [];
			for (let from = at; from < behind; from += 1 + u8(bytes, from)) {
				list.push(textOrBytes(bytes, from + 1, from + 1 + u8(bytes, from)));
			}
			return list;
		}
		case "types":
			return readTypes(bytes, at, behind);
		case "params":
			return readSvcParams(bytes, at, behind);
		case "options":
			return readEdnsOptions(bytes, at, behind);
		case "text":
			return textOrBytes(bytes, at, behind);
		default:
			return copyOf(bytes, at, behind);
	}
}

/** Writes a field. */
export function writeField(kind: Kind, out: NameWriter, value: unknown, name: string, field: string): void {
	switch (kind) {
		case "u8":
			out.u8(value as number, field);
			break;
		case "u16":
			out.u16(value as number, field);
			break;
		case "u32":
			out.u32(value as number, field);
			break;
		case "type":
			out.u16(numberOfType(value as DnsType, field), field);
			break;
		case "inet4":
		case "inet6": {
			const at = out.take(kind === "inet4" ? 4 : 16);
			(kind === "inet4" ? putInet4 : putInet6)(out.bytes, at, value as string, field);
			break;
		}
		case "name":
		case "wholeName":
			out.name(value as string, name, kind === "name", field);
			break;
		case "string":
			writeString(out, value as string, field);
			break;
		case "counted":
			checkBytes(value, field);
			writeString(out, value, field);
			break;
		case "strings":
			for (const text of listOf(value, field)) writeString(out, text as string, field);
			break;
		case "types":
			writeTypes(out, listOf(value, field) as DnsType[], field);
			break;
		case "params":
			writeSvcParams(listOf(value, field) as never, out, field);
			break;
		case "options":
			writeEdnsOptions(listOf(value ?? [], field) as never, out, field);
			break;
		case "text":
			out.put(bytesOfText(value as string, field));
			break;
		default:
			checkBytes(value, field);
			out.put(value);
	}
}

/** Requires an array of what is no empty place. */
export function listOf(value: unknown, field: string): readonly unknown[] {
	if (!Array.isArray(value)) throw new TypeError(`${field} must be an array, not ${kindOf(value)}`);
	for (const [index, each] of value.entries()) {
		if (each === undefined || each === null) throw new TypeError(`${field}[${index}] must not be ${each}`);
	}
	return value;
}

function writeString(out: NameWriter, text: string | Uint8Array, field: string): void {
	const bytes = bytesOfText(text, field);
	if (bytes.length > 255) throw new RangeError(`${field} has at most 255 bytes, not ${bytes.length}`);
	out.u8(bytes.length, field);
	out.put(bytes);
}

// RFC 4034 section 4.1.2: windows of 256 types, each a number, a length and a bit for each type.
const typesInWindow = 256;

/** Whether a bitmap is the only one for its types: windows in order, none of them empty, no zeros at an end. */
function areTypes(bytes: Uint8Array, start: number, end: number): boolean {
	let last = -1;
	let at = start;
	while (at < end) {
		if (at + 2 > end) return false;
		const window = u8(bytes, at);
		const length = u8(bytes, at + 1);
		at += 2 + length;
		if (window <= last || length < 1 || length > 32 || at > end || u8(bytes, at - 1) === 0) return false;
		last = window;
	}
	return true;
}

function readTypes(bytes: Uint8Array, start: number, end: number): DnsType[] {
	const list: DnsType[] = [];
	for (let at = start; at < end; at += 2 + u8(bytes, at + 1)) {
		const first = u8(bytes, at) * typesInWindow;
		for (let bit = 0; bit < u8(bytes, at + 1) * 8; bit++) {
			if ((u8(bytes, at + 2 + (bit >>> 3)) & (0x80 >>> (bit & 7))) !== 0) list.push(typeOf(first + bit));
		}
	}
	return list;
}

function writeTypes(out: NameWriter, list: readonly DnsType[], field: string): void {
	const sorted = list.map((type) => numberOfType(type, field)).sort((a, b) => a - b);
	let from = 0;
	while (from < sorted.length) {
		const window = (sorted[from] as number) >>> 8;
		let to = from;
		while (to < sorted.length && (sorted[to] as number) >>> 8 === window) to++;
		const length = (((sorted[to - 1] as number) & 255) >>> 3) + 1;
		const at = out.take(2 + length);
		out.bytes[at] = window;
		out.bytes[at + 1] = length;
		for (; from < to; from++) {
			const bit = (sorted[from] as number) & 255;
			const place = at + 2 + (bit >>> 3);
			out.bytes[place] = u8(out.bytes, place) | (0x80 >>> (bit & 7));
		}
	}
}
