/**
 * Domain names in messages: RFC 1035 sections 3.1 and 4.1.4; as text, as master files have it, RFC 1035 section 5.1
 * and RFC 4343 section 2.1.
 */
import { checkText } from "../address/bytes.js";

/** Names may not begin in a message's header. */
export const DNS_HEADER_SIZE = 12;

const longestName = 255;
const longestLabel = 63;
// A name has at most 127 labels, and no need for more pointers.
const mostPointers = 127;
// A pointer has 14 bits.
const pointerReach = 0x4000;
// Type, class, time to live and length.
const fixedSize = 10;

const NAME_CUT = -1;
const NAME_TOO_LONG = -2;
const NAME_LABEL_TYPE = -3;
const NAME_POINTER = -4;
const NAME_POINTER_HEADER = -5;
const NAME_POINTERS = -6;

/**
 * Looks at a name, with all that its pointers lead to. A pointer leads back, before the place that led to it; so there
 * is an end to it, and the work is bounded.
 * @param start where the name begins
 * @param base where the message begins
 * @param end behind what the name may take
 * @param fixed where the ten bytes stand between the name of a record and its data, in which the name is: no name is
 *   there
 * @returns the offset behind the name, or a negative number for nameProblem()
 */
export function skipName(bytes: Uint8Array, start: number, base: number, end: number, fixed = -1): number {
	let at = start;
	let piece = start;
	let behind = -1;
	let limit = end;
	let length = 1;
	let pointers = 0;
	for (;;) {
		if (at >= limit) return behind < 0 ? NAME_CUT : NAME_POINTER;
		const first = bytes[at] as number;
		const next = first < 0xc0 ? at + first + 1 : at + 2;
		if (behind >= 0 && at < fixed + fixedSize && next > fixed && fixed >= 0) return NAME_POINTER;
		if (first === 0) return behind < 0 ? next : behind;
		if (first <= longestLabel) {
			length += first + 1;
			if (length > longestName) return NAME_TOO_LONG;
			at = next;
			continue;
		}
		if (first < 0xc0) return NAME_LABEL_TYPE;
		if (next > limit) return behind < 0 ? NAME_CUT : NAME_POINTER;
		if (behind < 0) {
			behind = next;
			limit = start;
		}
		at = base + (((first & 0x3f) << 8) | (bytes[at + 1] as number));
		if (at >= piece) return NAME_POINTER;
		if (at < base + DNS_HEADER_SIZE) return NAME_POINTER_HEADER;
		if (++pointers > mostPointers) return NAME_POINTERS;
		piece = at;
	}
}

/** What skipName() found wrong. */
export function nameProblem(code: number): string {
	switch (code) {
		case NAME_TOO_LONG:
			return "a name has at most 255 bytes";
		case NAME_LABEL_TYPE:
			return "a label has at most 63 bytes, and a pointer begins with the bits 11";
		case NAME_POINTER:
			return "a pointer leads to no name before it";
		case NAME_POINTER_HEADER:
			return "a pointer leads into the header";
		case NAME_POINTERS:
			return "pointers lead to pointers, more than 127 of them";
		default:
			return "the name is cut off";
	}
}

/**
 * A name as it is without compression, each byte as a character, to compare by. For names that skipName() accepted.
 */
export function nameKey(bytes: Uint8Array, start: number, base: number): string {
	let key = "";
	let at = start;
	for (;;) {
		const first = bytes[at] as number;
		if (first >= 0xc0) {
			at = base + (((first & 0x3f) << 8) | (bytes[at + 1] as number));
			continue;
		}
		for (let index = at; index <= at + first; index++) key += String.fromCharCode(bytes[index] as number);
		if (first === 0) return key;
		at += first + 1;
	}
}

/** The text of nameKey()'s name: labels with dots between them, without one at the end; "." is the root. */
export function textOfKey(key: string): string {
	if (key.length === 1) return ".";
	let text = "";
	let at = 0;
	for (let length = key.charCodeAt(0); length > 0; length = key.charCodeAt(at)) {
		if (at > 0) text += ".";
		for (let index = at + 1; index <= at + length; index++) {
			const code = key.charCodeAt(index);
			if (code === 0x2e || code === 0x5c) text += `\\${String.fromCharCode(code)}`;
			else if (code > 0x20 && code < 0x7f) text += String.fromCharCode(code);
			else text += `\\${String(code).padStart(3, "0")}`;
		}
		at += length + 1;
	}
	return text;
}

/** The text of a name in a message. For names that skipName() accepted. */
export function nameText(bytes: Uint8Array, start: number, base: number): string {
	return textOfKey(nameKey(bytes, start, base));
}

/** A name's text as nameKey() gives it. A dot at the end changes nothing; \DDD and \X are taken. */
export function keyOfText(text: string, field: string): string {
	checkText(text, field);
	if (text === ".") return "\0";
	const refuse = (problem: string): RangeError =>
		new RangeError(
			`${field} must be a domain name such as www.example.com or ".": ${problem}: ${JSON.stringify(text)}`,
		);
	let key = "";
	let label = "";
	const close = (): void => {
		if (label === "") throw refuse("a label is empty");
		if (label.length > longestLabel) throw refuse("a label has at most 63 bytes");
		key += String.fromCharCode(label.length) + label;
		label = "";
	};
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code > 0x7e || code < 0x20) {
			throw refuse("other than ASCII is written as xn--… (IDNA), or each byte as \\DDD");
		}
		if (code === 0x2e) {
			close();
			if (index === text.length - 1) return finish();
		} else if (code === 0x5c) {
			const digits = /^\d{3}/.exec(text.slice(index + 1))?.[0];
			const escaped = digits === undefined ? text.charCodeAt(index + 1) : Number(digits);
			// NaN, for a backslash at the end, is not ≤ 255 either.
			if (!(escaped <= 255) || (digits === undefined && escaped >= 0x30 && escaped <= 0x39)) {
				throw refuse("what follows a backslash is three digits up to 255, or another character");
			}
			label += String.fromCharCode(escaped);
			index += digits === undefined ? 1 : 3;
		} else label += String.fromCharCode(code);
	}
	close();
	return finish();

	function finish(): string {
		if (key.length + 1 > longestName) throw refuse("a name has at most 255 bytes");
		return `${key}\0`;
	}
}

/**
 * Where the names of a message stand, so that later ones can lead to them.
 *
 * build() writes a name as the labels up to the longest suffix that stands in the message already, and a pointer to
 * the first place where it stands. Suffixes are compared byte by byte, so upper case stays. Which names may be written
 * with a pointer is told by whom they belong to; every name is one that a pointer may lead to.
 */
export class NameTable {
	readonly #offsets = new Map<string, number>();

	/**
	 * How build() writes a name: how many bytes of its key, and then a pointer, or none where all of it is written.
	 * @returns the bytes of the key; the pointer's target is in `target`, which is -1 where there is none
	 */
	split(key: string, compress: boolean): number {
		this.target = -1;
		if (compress && this.#offsets.size > 0) {
			for (let at = 0; at < key.length - 1; at += key.charCodeAt(at) + 1) {
				const target = this.#offsets.get(key.slice(at));
				if (target !== undefined) {
					this.target = target;
					return at;
				}
			}
		}
		return key.length;
	}

	/** What split() found. */
	target = -1;

	/** Notes the labels that are written at an offset of the message. The first place of a suffix stays. */
	note(bytes: Uint8Array, start: number, base: number, key: string): void {
		let at = start;
		for (let from = 0; at - base < pointerReach; ) {
			const length = bytes[at] as number;
			if (length === 0 || length > longestLabel) return;
			const suffix = key.slice(from);
			if (!this.#offsets.has(suffix)) this.#offsets.set(suffix, at - base);
			from += length + 1;
			at += length + 1;
		}
	}

	/** Whether a name stands in a message as build() writes it. */
	isUsual(bytes: Uint8Array, start: number, behind: number, key: string, compress: boolean): boolean {
		const labels = this.split(key, compress);
		const { target } = this;
		if (behind - start !== labels + (target < 0 ? 0 : 2)) return false;
		for (let index = 0; index < labels; index++) {
			if (bytes[start + index] !== key.charCodeAt(index)) return false;
		}
		if (target < 0) return true;
		return bytes[start + labels] === (0xc0 | (target >>> 8)) && bytes[start + labels + 1] === (target & 0xff);
	}
}
