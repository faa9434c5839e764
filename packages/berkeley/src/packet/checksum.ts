/**
 * The checksum of the internet: RFC 1071, and its update when a field changes, RFC 1624.
 */
import { u16 } from "./bytes.js";

/**
 * Adds the 16-bit words of bytes to a sum, which need not be folded before. A last byte that is alone counts as the
 * upper half of a word.
 * @param sum what was added before: of words, so of an even number of bytes
 */
export function addWords(bytes: Uint8Array, start: number, end: number, sum = 0): number {
	let total = sum;
	let at = start;
	for (; at + 1 < end; at += 2) total += ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
	if (at < end) total += (bytes[at] as number) << 8;
	return total;
}

/** The one's complement of a sum of words. */
export function complement(sum: number): number {
	let folded = sum;
	while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
	return ~folded & 0xffff;
}

/**
 * The checksum of bytes: what a header's field must be, when it is 0 while this is computed; 0 for bytes whose
 * checksum is right. RFC 1071.
 */
export function checksum(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
	return complement(addWords(bytes, start, end));
}

/**
 * The checksum after a 16-bit word that it covers was changed, without looking at the others. RFC 1624, equation 3.
 * @param before the checksum as it is
 * @param from the word before
 * @param to the word after
 */
export function updateChecksum(before: number, from: number, to: number): number {
	return complement((~before & 0xffff) + (~from & 0xffff) + (to & 0xffff));
}

/** updateChecksum() for several words: `from` and `to` are as long as each other, and of an even length. */
export function updateChecksumOfBytes(before: number, from: Uint8Array, to: Uint8Array): number {
	if (from.length !== to.length || from.length % 2 !== 0) {
		throw new RangeError(
			`the bytes before and after must be as many, and even in number: ${from.length}, ${to.length}`,
		);
	}
	let result = before;
	for (let at = 0; at < from.length; at += 2) result = updateChecksum(result, u16(from, at), u16(to, at));
	return result;
}
