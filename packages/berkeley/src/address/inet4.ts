/**
 * IPv4 text to a 32-bit number and back. No allocation and no exception: these are on the path of every
 * datagram. The checked functions for users are in inet.ts.
 */

/**
 * Reads a dotted quad as inet_pton(3) does: four decimal numbers, no leading zeros, nothing around them.
 * @returns the address as an unsigned number in host order, or -1
 */
export function parseInet4(text: string): number {
	const length = text.length;
	if (length < 7 || length > 15) return -1;
	let address = 0;
	let part = -1;
	let dots = 0;
	for (let index = 0; index < length; index++) {
		const code = text.charCodeAt(index);
		if (code === 0x2e) {
			if (part < 0 || ++dots > 3) return -1;
			address = address * 256 + part;
			part = -1;
		} else if (code >= 0x30 && code <= 0x39) {
			if (part === 0) return -1;
			part = part < 0 ? code - 0x30 : part * 10 + code - 0x30;
			if (part > 255) return -1;
		} else return -1;
	}
	return part < 0 || dots !== 3 ? -1 : address * 256 + part;
}

/**
 * Reads every form of inet_aton(3): one to four numbers, each decimal, octal (`0…`) or hexadecimal (`0x…`),
 * the last of which fills the bytes that remain.
 * @param tail whether a space may end the number and anything follow it, as the C library allows
 * @returns the address as an unsigned number in host order, or -1
 */
export function parseInet4Loose(text: string, tail: boolean): number {
	let address = 0;
	let parts = 0;
	let index = 0;
	for (;;) {
		const start = text.charCodeAt(index);
		if (!(start >= 0x30 && start <= 0x39)) return -1;
		let base = 10;
		if (start === 0x30) {
			base = 8;
			if ((text.charCodeAt(index + 1) | 0x20) === 0x78) {
				base = 16;
				index += 2;
				if (digitOf(text.charCodeAt(index)) >= 16) return -1;
			}
		}
		let value = 0;
		for (; ; index++) {
			const digit = digitOf(text.charCodeAt(index));
			if (digit >= base) break;
			value = value * base + digit;
			if (value > 0xffffffff) return -1;
		}
		if (text.charCodeAt(index) === 0x2e) {
			if (++parts > 3 || value > 255) return -1;
			address = address * 256 + value;
			index++;
			continue;
		}
		const room = 4 - parts;
		if (value >= 256 ** room) return -1;
		if (index < text.length && !(tail && isSpace(text.charCodeAt(index)))) return -1;
		return address * 256 ** room + value;
	}
}

/** The dotted quad of a 32-bit number in host order. */
export function formatInet4(address: number): string {
	return `${(address >>> 24) & 255}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** The four bytes, in network order, of a 32-bit number in host order. */
export function packInet4(address: number): Uint8Array {
	return Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);
}

/** The value of a digit's character code in base 16; 16 for what is no digit, and for NaN. */
export function digitOf(code: number): number {
	if (code >= 0x30 && code <= 0x39) return code - 0x30;
	const letter = code | 0x20;
	return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : 16;
}

function isSpace(code: number): boolean {
	return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
