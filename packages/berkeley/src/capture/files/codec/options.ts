/**
 * Options of pcapng blocks: numbers with bytes, of which tables say what they mean. draft-ietf-opsawg-pcapng, section
 * 3.5. An option that is not as its table says, or comes again where it may come once, stays as bytes: nothing is lost.
 */
import { checkBytes, checkInteger, isBytes, kindOf } from "../../../address/bytes.js";
import type { ByteWriter } from "./bytewriter.js";

/** An option as it is in the file: one that the library does not know, or whose bytes are not as they should be. */
export interface CaptureOption {
	/** Its number, 1 to 65535. */
	readonly code: number;
	/** Its value, without what fills it up to four bytes; at most 65535 bytes. */
	readonly bytes: Uint8Array;
}

/** What every block can have. */
export interface Commented {
	/** What somebody noted. */
	readonly comment?: string | undefined;
	/** What else was noted, where there are several comments. */
	readonly furtherComments?: readonly string[];
	/** The options that have no name here, in their order. */
	readonly options?: readonly CaptureOption[];
}

/** How the bytes of an option are read and written. */
export interface OptionKind {
	/** The value; undefined where the bytes are none. */
	read(bytes: Uint8Array, little: boolean): unknown;
	/** The bytes; throws a TypeError or RangeError that names what is given. */
	write(value: unknown, little: boolean, what: string): Uint8Array;
}

/** An option that has a name. */
export interface OptionRow {
	readonly code: number;
	readonly name: string;
	readonly kind: OptionKind;
	/** Whether it may come several times, so that the value is an array. */
	readonly many?: boolean;
}

/** The options of one kind of block. */
export class OptionTable {
	readonly rows: readonly OptionRow[];
	readonly #byCode: Map<number, OptionRow>;

	constructor(rows: readonly OptionRow[]) {
		this.rows = rows;
		this.#byCode = new Map(rows.map((row) => [row.code, row]));
	}

	row(code: number): OptionRow | undefined {
		return this.#byCode.get(code);
	}
}

const commentCode = 1;
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** UTF-8 text. */
export const text: OptionKind = {
	read(bytes) {
		try {
			return strict.decode(bytes);
		} catch {
			return undefined;
		}
	},
	write(value, _little, what) {
		if (typeof value !== "string") throw new TypeError(`${what} must be a string, not ${kindOf(value)}`);
		const bytes = encoder.encode(value);
		// A surrogate without its other half would come back as something else.
		if (strict.decode(bytes) !== value) throw new RangeError(`${what} has half a character in it`);
		return bytes;
	},
};

/** An unsigned number of `size` bytes; of 8 as far as a double holds it. */
export function unsigned(size: 1 | 2 | 4 | 8): OptionKind {
	const most = size === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (size * 8) - 1;
	return {
		read(bytes, little) {
			if (bytes.length !== size) return undefined;
			const view = viewOf(bytes);
			if (size === 1) return bytes[0];
			if (size === 2) return view.getUint16(0, little);
			if (size === 4) return view.getUint32(0, little);
			const value = view.getBigUint64(0, little);
			return value > BigInt(most) ? undefined : Number(value);
		},
		write(value, little, what) {
			const number = checkInteger(value, 0, most, what);
			const bytes = new Uint8Array(size);
			const view = viewOf(bytes);
			if (size === 1) bytes[0] = number;
			else if (size === 2) view.setUint16(0, number, little);
			else if (size === 4) view.setUint32(0, number, little);
			else view.setBigUint64(0, BigInt(number), little);
			return bytes;
		},
	};
}

/** A number of 64 bits that may be any. */
export const identifier: OptionKind = {
	read(bytes, little) {
		return bytes.length === 8 ? viewOf(bytes).getBigUint64(0, little) : undefined;
	},
	write(value, little, what) {
		if (typeof value !== "bigint") throw new TypeError(`${what} must be a bigint, not ${kindOf(value)}`);
		if (value < 0n || value > 0xffff_ffff_ffff_ffffn) {
			throw new RangeError(`${what} must be from 0n to 2n ** 64n - 1n, not ${value}n`);
		}
		const bytes = new Uint8Array(8);
		viewOf(bytes).setBigUint64(0, value, little);
		return bytes;
	},
};

/** Reads options into the members of an object. `fail` throws. */
export function readOptions(
	bytes: Uint8Array,
	start: number,
	end: number,
	little: boolean,
	table: OptionTable,
	into: Record<string, unknown>,
	fail: (problem: string) => never,
): void {
	const view = viewOf(bytes);
	const others: CaptureOption[] = [];
	let at = start;
	while (at < end) {
		if (end - at < 4) fail(`${end - at} bytes are left where an option has at least 4`);
		const code = view.getUint16(at, little);
		const length = view.getUint16(at + 2, little);
		if (code === 0) break;
		const from = at + 4;
		at = from + length + (-length & 3);
		if (at > end)
			fail(`option ${code} of ${length} bytes is longer than the ${end - from} bytes that are left`);
		const data = bytes.slice(from, from + length);
		if (!take(code, data, little, table, into)) others.push({ code, bytes: data });
	}
	if (others.length > 0) into.options = others;
}

/** Puts an option where its name is; false when there is none, or it is not as it should be. */
function take(
	code: number,
	bytes: Uint8Array,
	little: boolean,
	table: OptionTable,
	into: Record<string, unknown>,
): boolean {
	const row = table.row(code);
	const kind = code === commentCode ? text : row?.kind;
	const value = kind?.read(bytes, little);
	if (value === undefined) return false;
	if (code === commentCode) {
		if (into.comment === undefined) into.comment = value;
		else into.furtherComments = [...((into.furtherComments ?? []) as unknown[]), value];
		return true;
	}
	const { name, many = false } = row as OptionRow;
	const before = into[name];
	if (many) {
		if (Array.isArray(before)) before.push(value);
		else into[name] = [value];
		return true;
	}
	if (before !== undefined) return false;
	into[name] = value;
	return true;
}

/** Whether a value has an option that would be written. */
export function hasOptions(value: object, table: OptionTable): boolean {
	const members = value as Record<string, unknown>;
	if (members.comment !== undefined || members.furtherComments !== undefined) return true;
	if (members.options !== undefined) return true;
	for (const { name } of table.rows) if (members[name] !== undefined) return true;
	return false;
}

/** Writes the options of a value, and the end of them; nothing where there are none. */
export function writeOptions(out: ByteWriter, value: object, table: OptionTable, what: string): void {
	const members = value as Record<string, unknown>;
	const { little } = out;
	const begun = out.length;
	const { comment, furtherComments = [], options = [] } = members as Commented;
	if (!Array.isArray(furtherComments)) {
		throw new TypeError(`${what}.furtherComments must be an array, not ${kindOf(furtherComments)}`);
	}
	if (!Array.isArray(options))
		throw new TypeError(`${what}.options must be an array, not ${kindOf(options)}`);
	const one = (code: number, bytes: Uint8Array, name: string): void => {
		if (bytes.length > 0xffff) {
			throw new RangeError(`${what}.${name} has ${bytes.length} bytes, and an option at most 65535`);
		}
		out.u16(code);
		out.u16(bytes.length);
		out.padded(bytes);
	};
	if (comment !== undefined) one(commentCode, text.write(comment, little, `${what}.comment`), "comment");
	for (const further of furtherComments) {
		const name = "furtherComments";
		if (comment === undefined) throw new TypeError(`${what} has ${name}, but no comment, which is the first`);
		one(commentCode, text.write(further, little, `${what}.${name}`), name);
	}
	for (const { code, name, kind, many = false } of table.rows) {
		const member = members[name];
		if (member === undefined) continue;
		if (many && !Array.isArray(member)) {
			throw new TypeError(`${what}.${name} must be an array, not ${kindOf(member)}`);
		}
		for (const each of many ? (member as unknown[]) : [member]) {
			one(code, kind.write(each, little, `${what}.${name}`), name);
		}
	}
	for (const option of options as unknown[]) {
		if (typeof option !== "object" || option === null) {
			throw new TypeError(`${what}.options must have { code, bytes } in it, not ${kindOf(option)}`);
		}
		const { code, bytes } = option as CaptureOption;
		checkInteger(code, 1, 0xffff, `the code of ${what}.options`);
		checkBytes(bytes, `the bytes of ${what}.options`);
		one(code, bytes, "options");
	}
	if (out.length > begun) out.u32(0);
}

/** A view of the bytes. */
export function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A copy of bytes that is written as it is. */
export function checkedCopy(value: unknown, what: string): Uint8Array {
	if (!isBytes(value)) throw new TypeError(`${what} must be a Uint8Array, not ${kindOf(value)}`);
	return Uint8Array.from(value);
}
