/**
 * IPv6 text to 16 bytes and back (RFC 4291 section 2.2, RFC 5952), as the C library reads and prints it.
 * No exception is thrown here. The checked functions for users are in inet.ts.
 */
import { digitOf, formatInet4, parseInet4 } from "./inet4.js";

const groups = new Uint16Array(8);

/**
 * Reads an IPv6 address without a zone, as inet_pton(3) does, into 16 bytes of `target`.
 * @returns whether it is one; when it is not, nothing is written
 */
export function parseInet6(text: string, target: Uint8Array, offset = 0): boolean {
	const length = text.length;
	if (length < 2 || length > 45) return false;
	let count = 0;
	let gap = -1;
	let value = 0;
	let digits = 0;
	let index = 0;
	let start = 0;
	// A colon may begin the text only as the first half of "::".
	if (text.charCodeAt(0) === 0x3a && text.charCodeAt(++index) !== 0x3a) return false;
	while (index < length) {
		const code = text.charCodeAt(index++);
		if (code === 0x3a) {
			start = index;
			if (digits === 0) {
				if (gap >= 0) return false;
				gap = count;
				continue;
			}
			if (index === length || count === 8) return false;
			groups[count++] = value;
			value = 0;
			digits = 0;
		} else if (code === 0x2e) {
			const address = count <= 6 ? parseInet4(text.slice(start)) : -1;
			if (address < 0) return false;
			groups[count++] = address >>> 16;
			groups[count++] = address & 0xffff;
			digits = 0;
			break;
		} else {
			const digit = digitOf(code);
			if (digit > 15 || ++digits > 4) return false;
			value = value * 16 + digit;
		}
	}
	if (digits > 0) {
		if (count === 8) return false;
		groups[count++] = value;
	}
	if (gap < 0 ? count !== 8 : count === 8) return false;
	const missing = 8 - count;
	for (let group = 0; group < 8; group++) {
		let bits = 0;
		if (gap < 0 || group < gap) bits = groups[group] as number;
		else if (group >= gap + missing) bits = groups[group - missing] as number;
		target[offset + group * 2] = bits >>> 8;
		target[offset + group * 2 + 1] = bits & 255;
	}
	return true;
}

/**
 * The text of 16 bytes, as inet_ntop(3) prints it: lower case, the first longest run of zeros as `::`, and
 * a dotted quad at the end of IPv4-mapped (`::ffff:1.2.3.4`) and IPv4-compatible (`::1.2.3.4`) addresses.
 */
export function formatInet6(bytes: Uint8Array, offset = 0): string {
	let best = -1;
	let bestLength = 1;
	let run = 0;
	for (let group = 0; group < 8; group++) {
		run = groupAt(bytes, offset, group) === 0 ? run + 1 : 0;
		if (run > bestLength) {
			bestLength = run;
			best = group - run + 1;
		}
	}
	const quad = best === 0 && (bestLength === 6 || (bestLength === 5 && groupAt(bytes, offset, 5) === 0xffff));
	const end = quad ? 6 : 8;
	let text = "";
	for (let group = 0; group < end; group++) {
		if (group === best) {
			text += "::";
			group += bestLength - 1;
		} else {
			const separator = group === 0 || group === best + bestLength ? "" : ":";
			text += separator + groupAt(bytes, offset, group).toString(16);
		}
	}
	if (!quad) return text;
	const low = groupAt(bytes, offset, 6) * 65536 + groupAt(bytes, offset, 7);
	return `${text}${text.endsWith(":") ? "" : ":"}${formatInet4(low)}`;
}

/** Whether 16 bytes are an IPv4-mapped address, `::ffff:0:0/96` (RFC 4291 section 2.5.5.2). */
export function isMapped(bytes: Uint8Array, offset = 0): boolean {
	for (let index = 0; index < 10; index++) if (bytes[offset + index] !== 0) return false;
	return bytes[offset + 10] === 255 && bytes[offset + 11] === 255;
}

function groupAt(bytes: Uint8Array, offset: number, group: number): number {
	return ((bytes[offset + group * 2] as number) << 8) | (bytes[offset + group * 2 + 1] as number);
}
