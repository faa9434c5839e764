/**
 * Integers between the host's byte order and the network's, which is big-endian (byteorder(3)).
 *
 * The library's own functions take and give ports and addresses in host byte order: these are for what a
 * program writes into structs itself.
 */
import { checkInteger } from "./bytes.js";

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A 16-bit integer from host to network byte order. RangeError outside 0 to 65535. */
export function htons(value: number): number {
	return swap16("htons", value);
}

/** A 16-bit integer from network to host byte order. RangeError outside 0 to 65535. */
export function ntohs(value: number): number {
	return swap16("ntohs", value);
}

/** A 32-bit integer from host to network byte order, unsigned. RangeError outside 0 to 4294967295. */
export function htonl(value: number): number {
	return swap32("htonl", value);
}

/** A 32-bit integer from network to host byte order, unsigned. RangeError outside 0 to 4294967295. */
export function ntohl(value: number): number {
	return swap32("ntohl", value);
}

function swap16(name: string, value: number): number {
	checkInteger(value, 0, 0xffff, `the argument of ${name}`);
	return littleEndian ? ((value & 0xff) << 8) | (value >>> 8) : value;
}

function swap32(name: string, value: number): number {
	checkInteger(value, 0, 0xffffffff, `the argument of ${name}`);
	if (!littleEndian) return value;
	return ((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}
