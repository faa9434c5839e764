/**
 * IP addresses as text and as packed bytes: inet_aton, inet_ntoa, inet_pton and inet_ntop.
 */
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import { checkBytes, checkText } from "./bytes.js";
import { formatInet4, packInet4, parseInet4, parseInet4Loose } from "./inet4.js";
import { formatInet6, parseInet6 } from "./inet6.js";

/**
 * The four bytes of an IPv4 address in any form of inet_aton(3): `192.0.2.1`, and also `127.1`, `0x7f.1`,
 * `017700000001` or `2130706433`. As in the C library, a white space ends the address and whatever follows
 * it is ignored; use `inetPton` where text comes from elsewhere. Python's `socket.inet_aton`.
 * @throws RangeError when the text is no IPv4 address
 */
export function inetAton(text: string): Uint8Array {
	checkText(text, "an IPv4 address");
	const address = text.includes("\0") ? -1 : parseInet4Loose(text, true);
	if (address < 0) throw new RangeError(`not an IPv4 address: ${JSON.stringify(text)}`);
	return packInet4(address);
}

/**
 * The dotted quad of four bytes. Python's `socket.inet_ntoa`, inet_ntoa(3).
 * @throws RangeError when there are not four bytes
 */
export function inetNtoa(bytes: Uint8Array): string {
	checkBytes(bytes, "a packed IPv4 address");
	checkLength(bytes, 4, "IPv4");
	return formatInet4(number4(bytes));
}

/**
 * The packed bytes of an address, four for AF_INET and sixteen for AF_INET6, which takes no zone. Unlike
 * `inetAton` it takes the usual forms alone, and the whole text. Python's `socket.inet_pton`, inet_pton(3).
 * @throws RangeError when the text is no address of the family, or the family is another one
 */
export function inetPton(family: number, text: string): Uint8Array {
	checkFamily(family);
	checkText(text, family === AF_INET ? "an IPv4 address" : "an IPv6 address");
	if (family === AF_INET) {
		const address = parseInet4(text);
		if (address >= 0) return packInet4(address);
		throw new RangeError(`not an IPv4 address in dotted decimal: ${JSON.stringify(text)}`);
	}
	const bytes = new Uint8Array(16);
	if (parseInet6(text, bytes)) return bytes;
	const help = text.includes("%") ? " (a zone is not part of the packed address)" : "";
	throw new RangeError(`not an IPv6 address: ${JSON.stringify(text)}${help}`);
}

/**
 * The text of packed bytes, four for AF_INET and sixteen for AF_INET6, in the form of RFC 5952 as the C
 * library prints it. Python's `socket.inet_ntop`, inet_ntop(3).
 * @throws RangeError when the number of bytes does not fit the family, or the family is another one
 */
export function inetNtop(family: number, bytes: Uint8Array): string {
	checkFamily(family);
	if (family === AF_INET) return inetNtoa(bytes);
	checkBytes(bytes, "a packed IPv6 address");
	checkLength(bytes, 16, "IPv6");
	return formatInet6(bytes);
}

function checkFamily(family: unknown): void {
	if (typeof family !== "number") throw new TypeError("the family must be a number: AF_INET or AF_INET6");
	if (family !== AF_INET && family !== AF_INET6) {
		throw new RangeError(`the family must be AF_INET (${AF_INET}) or AF_INET6 (${AF_INET6}), not ${family}`);
	}
}

function checkLength(bytes: Uint8Array, length: number, version: string): void {
	if (bytes.length !== length) {
		throw new RangeError(`a packed ${version} address has ${length} bytes, not ${bytes.length}`);
	}
}

function number4(bytes: Uint8Array): number {
	return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}
