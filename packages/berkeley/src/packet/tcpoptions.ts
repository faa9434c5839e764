/**
 * The options of TCP headers: RFC 9293 section 3.2, RFC 7323, RFC 2018, RFC 7413, RFC 2385, RFC 5482.
 */
import { checkBytes } from "../address/bytes.js";
import { bits, copyOf, put8, put16, put32, u8, u16, u32 } from "./bytes.js";
import {
	type CommonOption,
	checkOptions,
	measureCommon,
	readOptions,
	wholeWords,
	writeCommon,
} from "./options.js";

const MAXIMUM_SEGMENT_SIZE = 2;
const WINDOW_SCALE = 3;
const SACK_PERMITTED = 4;
const SACK = 5;
const TIMESTAMPS = 8;
const MD5_SIGNATURE = 19;
const USER_TIMEOUT = 28;
const FAST_OPEN = 34;

/** The largest segment that the sender takes. */
export interface MaximumSegmentSize {
	/** Which option it is. */
	readonly kind: "mss";
	/** Bytes. */
	readonly value: number;
}

/** By which power of two the sender's windows are multiplied. RFC 7323. */
export interface WindowScale {
	/** Which option it is. */
	readonly kind: "windowScale";
	/** How many bits to shift by; at most 14. */
	readonly shift: number;
}

/** Selective acknowledgments may be sent. RFC 2018. */
export interface SackPermitted {
	/** Which option it is. */
	readonly kind: "sackPermitted";
}

/** What arrived beyond what is acknowledged. RFC 2018. */
export interface Sack {
	/** Which option it is. */
	readonly kind: "sack";
	/** The sequence numbers of the first byte of each block, and of the one behind it. */
	readonly blocks: readonly (readonly [left: number, right: number])[];
}

/** Times, to measure by. RFC 7323. */
export interface Timestamps {
	/** Which option it is. */
	readonly kind: "timestamps";
	/** The sender's clock. */
	readonly value: number;
	/** The receiver's, that came last. */
	readonly echo: number;
}

/** A digest of the segment with a secret. RFC 2385. */
export interface Md5Signature {
	/** Which option it is. */
	readonly kind: "md5Signature";
	/** 16 bytes. */
	readonly digest: Uint8Array;
}

/** How long the sender waits for acknowledgments. RFC 5482. */
export interface UserTimeout {
	/** Which option it is. */
	readonly kind: "userTimeout";
	/** Whether `value` is minutes; seconds when not. */
	readonly minutes: boolean;
	/** 15 bits. */
	readonly value: number;
}

/** Data in the first segment: asks for a cookie when it is empty, or gives one. RFC 7413. */
export interface FastOpen {
	/** Which option it is. */
	readonly kind: "fastOpen";
	/** None, or 4 to 16 bytes. */
	readonly cookie: Uint8Array;
}

type Known =
	| MaximumSegmentSize
	| WindowScale
	| SackPermitted
	| Sack
	| Timestamps
	| Md5Signature
	| UserTimeout
	| FastOpen;

/** An option of a TCP header. */
export type TcpOption = Known | CommonOption;

/** Reads the options; `malformed` is told where a length is wrong. */
export function readTcpOptions(
	bytes: Uint8Array,
	start: number,
	end: number,
	malformed?: (offset: number) => void,
): TcpOption[] {
	return readOptions<Known>(bytes, start, end, decode, malformed);
}

function decode(kind: number, bytes: Uint8Array, start: number, length: number): Known | undefined {
	if (kind === MAXIMUM_SEGMENT_SIZE && length === 2) return { kind: "mss", value: u16(bytes, start) };
	if (kind === WINDOW_SCALE && length === 1) return { kind: "windowScale", shift: u8(bytes, start) };
	if (kind === SACK_PERMITTED && length === 0) return { kind: "sackPermitted" };
	if (kind === TIMESTAMPS && length === 8) {
		return { kind: "timestamps", value: u32(bytes, start), echo: u32(bytes, start + 4) };
	}
	if (kind === SACK && length > 0 && length % 8 === 0) {
		const blocks: [number, number][] = [];
		for (let at = start; at < start + length; at += 8) blocks.push([u32(bytes, at), u32(bytes, at + 4)]);
		return { kind: "sack", blocks };
	}
	if (kind === MD5_SIGNATURE && length === 16) {
		return { kind: "md5Signature", digest: copyOf(bytes, start, start + 16) };
	}
	if (kind === USER_TIMEOUT && length === 2) {
		const word = u16(bytes, start);
		return { kind: "userTimeout", minutes: word >= 0x8000, value: word & 0x7fff };
	}
	if (kind === FAST_OPEN) return { kind: "fastOpen", cookie: copyOf(bytes, start, start + length) };
	return undefined;
}

function measure(option: TcpOption): number {
	switch (option.kind) {
		case "mss":
		case "userTimeout":
			return 4;
		case "windowScale":
			return 3;
		case "sackPermitted":
			return 2;
		case "sack":
			if (!Array.isArray(option.blocks)) throw new TypeError("sack.blocks must be an array of pairs");
			return 2 + option.blocks.length * 8;
		case "timestamps":
			return 10;
		case "md5Signature":
			checkBytes(option.digest, "md5Signature.digest");
			return 2 + option.digest.length;
		case "fastOpen":
			checkBytes(option.cookie, "fastOpen.cookie");
			return 2 + option.cookie.length;
		default:
			return measureCommon(option, "an option of tcp.options");
	}
}

/** How many bytes the options take, filled up to whole words. */
export function measureTcpOptions(options: readonly TcpOption[]): number {
	checkOptions(options, "tcp.options");
	const size = wholeWords(options.reduce((sum, option) => sum + measure(option), 0));
	if (size > 40) throw new RangeError(`tcp.options has at most 40 bytes, not ${size}`);
	return size;
}

/** Writes the options. */
export function writeTcpOptions(options: readonly TcpOption[], bytes: Uint8Array, start: number): void {
	let at = start;
	for (const option of options) at = write(option, bytes, at);
}

function write(option: TcpOption, bytes: Uint8Array, at: number): number {
	switch (option.kind) {
		case "mss":
			bytes[at] = MAXIMUM_SEGMENT_SIZE;
			put16(bytes, at + 2, option.value, "mss.value");
			break;
		case "windowScale":
			bytes[at] = WINDOW_SCALE;
			put8(bytes, at + 2, option.shift, "windowScale.shift");
			break;
		case "sackPermitted":
			bytes[at] = SACK_PERMITTED;
			break;
		case "sack":
			bytes[at] = SACK;
			option.blocks.forEach(([left, right], index) => {
				put32(bytes, at + 2 + index * 8, left, "sack.blocks");
				put32(bytes, at + 6 + index * 8, right, "sack.blocks");
			});
			break;
		case "timestamps":
			bytes[at] = TIMESTAMPS;
			put32(bytes, at + 2, option.value, "timestamps.value");
			put32(bytes, at + 6, option.echo, "timestamps.echo");
			break;
		case "md5Signature":
			bytes[at] = MD5_SIGNATURE;
			bytes.set(option.digest, at + 2);
			break;
		case "userTimeout":
			bytes[at] = USER_TIMEOUT;
			put16(
				bytes,
				at + 2,
				(option.minutes ? 0x8000 : 0) | bits(option.value, 15, "userTimeout.value"),
				"userTimeout.value",
			);
			break;
		case "fastOpen":
			bytes[at] = FAST_OPEN;
			bytes.set(option.cookie, at + 2);
			break;
		default:
			return writeCommon(option, bytes, at);
	}
	const size = measure(option);
	bytes[at + 1] = size;
	return at + size;
}
