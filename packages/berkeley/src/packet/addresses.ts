/**
 * Addresses in packets: text in values, bytes in headers.
 */
import { formatInet4, parseInet4 } from "../address/inet4.js";
import { formatInet6, parseInet6 } from "../address/inet6.js";
import { parseMac } from "../address/mac.js";
import { u32 } from "./bytes.js";

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Two hexadecimal digits for a byte. */
export function hexOf(byte: number | undefined): string {
	return hex[byte as number] as string;
}

/** The six bytes at an offset as a hardware address. */
export function macAt(bytes: Uint8Array, at: number): string {
	return `${hexOf(bytes[at])}:${hexOf(bytes[at + 1])}:${hexOf(bytes[at + 2])}:${hexOf(bytes[at + 3])}:${hexOf(bytes[at + 4])}:${hexOf(bytes[at + 5])}`;
}

/** Writes a hardware address of six bytes. */
export function putMac(bytes: Uint8Array, at: number, text: string, field: string): void {
	// As it is mostly written: it need not be taken apart.
	if (typeof text === "string" && text.length === 17) {
		let index = 0;
		for (; index < 6; index++) {
			const high = digit(text.charCodeAt(index * 3));
			const low = digit(text.charCodeAt(index * 3 + 1));
			if (high > 15 || low > 15 || (index < 5 && text.charCodeAt(index * 3 + 2) !== 0x3a)) break;
			bytes[at + index] = high * 16 + low;
		}
		if (index === 6) return;
	}
	const parsed = parseMac(text);
	if (parsed.length !== 6) {
		throw new RangeError(`${field} must be a hardware address of 6 bytes, not ${JSON.stringify(text)}`);
	}
	bytes.set(parsed, at);
}

function digit(code: number): number {
	if (code >= 0x30 && code <= 0x39) return code - 0x30;
	const letter = code | 0x20;
	return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : 16;
}

/** The four bytes at an offset as an IPv4 address. */
export function inet4At(bytes: Uint8Array, at: number): string {
	return formatInet4(u32(bytes, at));
}

/** Writes an IPv4 address. */
export function putInet4(bytes: Uint8Array, at: number, text: string, field: string): void {
	const address = typeof text === "string" ? parseInet4(text) : -1;
	if (address < 0) {
		throw new RangeError(`${field} must be an IPv4 address such as 192.0.2.1, not ${JSON.stringify(text)}`);
	}
	bytes[at] = address >>> 24;
	bytes[at + 1] = address >>> 16;
	bytes[at + 2] = address >>> 8;
	bytes[at + 3] = address;
}

/** The sixteen bytes at an offset as an IPv6 address. */
export function inet6At(bytes: Uint8Array, at: number): string {
	return formatInet6(bytes, at);
}

/** Writes an IPv6 address. */
export function putInet6(bytes: Uint8Array, at: number, text: string, field: string): void {
	if (typeof text !== "string" || !parseInet6(text, bytes, at)) {
		throw new RangeError(`${field} must be an IPv6 address such as 2001:db8::1, not ${JSON.stringify(text)}`);
	}
}
