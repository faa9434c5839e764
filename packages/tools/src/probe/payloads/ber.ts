/**
 * The few of ASN.1's basic encoding rules (X.690) that SNMP, LDAP and Kerberos need: tags of one byte, definite
 * lengths.
 */
import { bytes } from "./bytes.js";

/** An element that was read. */
export interface Element {
	readonly tag: number;
	readonly content: Buffer;
	/** Where the next one begins. */
	readonly end: number;
}

export const INTEGER = 0x02;
export const OCTET_STRING = 0x04;
export const NULL = 0x05;
export const OBJECT_IDENTIFIER = 0x06;
export const SEQUENCE = 0x30;

/** An element of other elements or bytes. */
export function element(tag: number, ...content: readonly (string | Uint8Array)[]): Buffer {
	const body = bytes(...content);
	const { length } = body;
	if (length < 0x80) return bytes(tag, length, body);
	return length < 0x100 ? bytes(tag, 0x81, length, body) : bytes(tag, 0x82, length >> 8, length & 255, body);
}

/** An INTEGER from 0 to 2^31 − 1, in as few bytes as it needs. */
export function integer(value: number, tag: number = INTEGER): Buffer {
	const whole = Buffer.alloc(5);
	whole.writeUInt32BE(value, 1);
	let start = 0;
	while (start < 4 && whole[start] === 0 && (whole[start + 1] ?? 0) < 0x80) start++;
	return element(tag, whole.subarray(start));
}

/** The content of an INTEGER of up to six bytes. */
export function integerOf({ content }: Element): number {
	return content.readIntBE(0, content.length);
}

/** The element at an offset. @throws RangeError when it is not all there */
export function readElement(from: Buffer, at = 0): Element {
	const tag = from.readUInt8(at);
	const first = from.readUInt8(at + 1);
	const count = first < 0x80 ? 0 : first & 0x7f;
	const length = count === 0 ? first : from.readUIntBE(at + 2, count);
	const start = at + 2 + count;
	if (start + length > from.length) throw new RangeError("an element is longer than what is there");
	return { tag, content: from.subarray(start, start + length), end: start + length };
}

/** The elements that one consists of. @throws RangeError when one is not all there */
export function elementsOf({ content }: Pick<Element, "content">): Element[] {
	const found: Element[] = [];
	for (let at = 0; at < content.length; at = found.at(-1)?.end ?? content.length) {
		found.push(readElement(content, at));
	}
	return found;
}
