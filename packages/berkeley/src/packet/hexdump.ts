/**
 * Packets and bytes as people look at them: offset, hexadecimal, ASCII, and for packets the fields.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import { hexOf } from "./addresses.js";
import type { Mark } from "./layer.js";
import { Packet } from "./packet.js";

/** How hexdump() shows things. */
export interface HexdumpOptions {
	/** How many bytes are in a line, 1 to 256; 16 when left out. */
	columns?: number;
	/** Whether the fields of a packet are told, each in a line of its own; true when left out. */
	fields?: boolean;
	/** Whether there are colours, as terminals understand them (ECMA-48); false when left out. */
	color?: boolean;
}

const dim = "2";
const bold = "1";
const cyan = "36";
const red = "31";
const longestValue = 72;

/**
 * Shows bytes as xxd(1) does, which reads it back with `-r`: the offset, the bytes in hexadecimal, and as ASCII where
 * they are, with a dot for those that are not.
 *
 * Of a packet each layer has a line of its own, and each field has its bytes, its name and its value; fields of a few
 * bits share the bytes' line. What is wrong with the packet is the last line.
 * @param what a packet of dissect(), or bytes
 * @returns lines, each with a line feed at its end; none for no bytes
 */
export function hexdump(what: Packet | Uint8Array, options: HexdumpOptions = {}): string {
	const { columns = 16, fields = true, color = false } = options;
	if (!Number.isInteger(columns) || columns < 1 || columns > 256) {
		throw new RangeError(`columns must be an integer from 1 to 256, not ${String(columns)}`);
	}
	const dump = new Dump(columns, color);
	if (isBytes(what)) dump.rows(what, 0, what.length);
	else if (!(what instanceof Packet))
		throw new TypeError(`hexdump takes a packet or bytes, not ${kindOf(what)}`);
	else if (fields) dump.packet(what);
	else dump.rows(what.bytes, 0, what.bytes.length);
	return dump.text;
}

class Dump {
	text = "";
	readonly #columns: number;
	readonly #color: boolean;

	constructor(columns: number, color: boolean) {
		this.#columns = columns;
		this.#color = color;
	}

	packet({ bytes, layers, error }: Packet): void {
		let at = 0;
		for (const [index, layer] of layers.entries()) {
			this.rows(bytes, at, layer.start);
			this.#line(this.#paint(bold, `${layer.layer} ${layer.summary()}`));
			at = layer.start;
			at = this.#fields(bytes, at, layer.marks(), layer.toValue());
			this.rows(bytes, at, layer.payloadStart);
			at = layer.payloadStart;
			if (index < layers.length - 1) continue;
			// What the payloads have behind them, from the innermost to the outermost.
			for (const outer of layers.toReversed()) {
				this.rows(bytes, at, outer.payloadEnd, `${outer.layer}'s trailer`);
				at = Math.max(at, outer.payloadEnd);
				const tail = outer.tailMarks();
				if (tail.length > 0) at = this.#fields(bytes, at, tail, outer.toValue());
			}
		}
		this.rows(bytes, at, bytes.length);
		if (error !== undefined) this.#line(this.#paint(red, error.message));
	}

	/** The fields from `from` on; gives where they end. */
	#fields(bytes: Uint8Array, from: number, marks: readonly Mark[], value: unknown): number {
		let at = from;
		for (const { start, end, names } of grouped(marks)) {
			this.rows(bytes, at, start);
			this.rows(bytes, start, end, names.map((name) => told(name, value)).join(", "));
			at = end;
		}
		return at;
	}

	rows(bytes: Uint8Array, start: number, end: number, note = ""): void {
		const columns = this.#columns;
		for (let at = start; at < end; at += columns) {
			const row = bytes.subarray(at, Math.min(at + columns, end));
			let hex = "";
			let ascii = "";
			for (const [index, byte] of row.entries()) {
				hex += index % 2 === 0 && index > 0 ? ` ${hexOf(byte)}` : hexOf(byte);
				ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
			}
			const width = columns * 2 + Math.ceil(columns / 2) - 1;
			const offset = this.#paint(dim, `${at.toString(16).padStart(8, "0")}:`);
			const name =
				at === start && note !== "" ? `${" ".repeat(columns - row.length)}  ${this.#paint(cyan, note)}` : "";
			this.#line(`${offset} ${hex.padEnd(width)}  ${ascii}${name}`);
		}
	}

	#line(text: string): void {
		this.text += `${text}\n`;
	}

	#paint(code: string, text: string): string {
		return this.#color ? `\x1b[${code}m${text}\x1b[0m` : text;
	}
}

interface Group {
	readonly start: number;
	end: number;
	readonly names: string[];
}

/** The fields that share bytes, together. */
function grouped(marks: readonly Mark[]): Group[] {
	const groups: Group[] = [];
	for (const { field, start, end } of marks) {
		const last = groups.at(-1);
		if (last !== undefined && start < last.end) {
			last.names.push(field);
			last.end = Math.max(last.end, end);
		} else groups.push({ start, end, names: [field] });
	}
	return groups;
}

/** A field's name and value: `ttl 64`; the name alone where the value is its bytes, or has none of that name. */
function told(field: string, value: unknown): string {
	let found: unknown = value;
	for (const name of field.split(/[.[\]]+/)) {
		if (name !== "")
			found = typeof found === "object" && found !== null ? Reflect.get(found, name) : undefined;
	}
	if (found === undefined || isBytes(found)) return field;
	const text = inWords(found);
	return `${field} ${text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text}`;
}

function inWords(value: unknown): string {
	if (isBytes(value)) return value.length > 0 ? Array.from(value, hexOf).join("") : "-";
	if (Array.isArray(value)) return value.map(inWords).join(", ");
	if (typeof value !== "object" || value === null) return String(value);
	return Object.entries(value)
		.map(([name, member]) =>
			name === "kind" || name === "key" ? String(member) : `${name} ${inWords(member)}`,
		)
		.join(" ");
}
