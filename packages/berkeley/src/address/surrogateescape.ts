/**
 * Bytes that are UTF-8 as a rule, as text and back without loss. A byte that is no part of valid UTF-8
 * stands as the lone surrogate U+DC00 + byte, as with Python's error handler of this name (PEP 383).
 */

const encoder = new TextEncoder();

/** Whether the text has bytes to stand for: every lone surrogate in it is one of U+DC80 to U+DCFF. */
export function isEncodable(text: string): boolean {
	for (const [lone] of text.matchAll(/\p{Surrogate}/gu)) {
		const code = lone.charCodeAt(0);
		if (code < 0xdc80 || code > 0xdcff) return false;
	}
	return true;
}

/** The bytes of a text. A lone surrogate that stands for no byte (see `isEncodable`) becomes U+FFFD. */
export function encodeEscaped(text: string): Uint8Array {
	if (!/\p{Surrogate}/u.test(text)) return encoder.encode(text);
	const bytes: number[] = [];
	for (const character of text) {
		const code = character.charCodeAt(0);
		if (character.length === 1 && code >= 0xdc80 && code <= 0xdcff) bytes.push(code & 0xff);
		else bytes.push(...encoder.encode(character));
	}
	return Uint8Array.from(bytes);
}

/** The text of bytes `start` to `end`. */
export function decodeEscaped(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
	let text = "";
	let index = start;
	while (index < end) {
		const byte = bytes[index] as number;
		const size = byte < 0x80 ? 1 : sequenceSize(bytes, index, end);
		if (size === 0) {
			text += String.fromCharCode(0xdc00 + byte);
			index++;
		} else {
			let code = size === 1 ? byte : byte & (0x7f >> size);
			for (let next = 1; next < size; next++) code = (code << 6) | ((bytes[index + next] as number) & 0x3f);
			text += String.fromCodePoint(code);
			index += size;
		}
	}
	return text;
}

/** The size of the multi-byte sequence at an index; 0 when it is not well-formed (Unicode, table 3-7). */
function sequenceSize(bytes: Uint8Array, index: number, end: number): number {
	const first = bytes[index] as number;
	const size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
	if (size === 0 || index + size > end) return 0;
	const second = bytes[index + 1] as number;
	const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
	const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
	if (second < low || second > high) return 0;
	for (let next = 2; next < size; next++) if (((bytes[index + next] as number) & 0xc0) !== 0x80) return 0;
	return size;
}
