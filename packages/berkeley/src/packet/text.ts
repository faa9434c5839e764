/**
 * Text in messages, which is bytes: a string where it is UTF-8, and bytes as they are where not.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import { copyOf } from "./bytes.js";

const utf8 = new TextEncoder();
// Without ignoreBOM a first U+FEFF would be lost.
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes as text where they are UTF-8, or else a copy of them. */
export function textOrBytes(bytes: Uint8Array, start: number, end: number): string | Uint8Array {
	const part = copyOf(bytes, start, end);
	try {
		return strict.decode(part);
	} catch {
		return part;
	}
}

/** The bytes of a text, or those that are given. */
export function bytesOfText(text: string | Uint8Array, field: string): Uint8Array {
	if (isBytes(text)) return text;
	if (typeof text === "string") return utf8.encode(text);
	throw new TypeError(`${field} must be text or bytes, not ${kindOf(text)}`);
}
