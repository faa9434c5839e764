/**
 * The options of EDNS: RFC 6891 section 6.1.2; NSID RFC 5001, client subnet RFC 7871, cookies RFC 7873, keepalive
 * RFC 7828, padding RFC 7830, extended errors RFC 8914.
 */
import { checkBytes } from "../address/bytes.js";
import { formatInet4, parseInet4 } from "../address/inet4.js";
import { formatInet6, parseInet6 } from "../address/inet6.js";
import { bits, copyOf, put16, u8, u16, u32 } from "./bytes.js";
import type { Growing } from "./growing.js";
import type { UnknownOption } from "./options.js";
import { bytesOfText, textOrBytes } from "./text.js";

const NSID = 3;
const CLIENT_SUBNET = 8;
const COOKIE = 10;
const KEEPALIVE = 11;
const PADDING = 12;
const EXTENDED_ERROR = 15;

/** The server's own identifier; empty in a query, which asks for it. RFC 5001. */
export interface NsidOption {
	/** Which option it is. */
	readonly kind: "nsid";
	/** The identifier. */
	readonly data: Uint8Array;
}

/** The network that a query comes from. RFC 7871. */
export interface ClientSubnetOption {
	/** Which option it is. */
	readonly kind: "clientSubnet";
	/** How many bits of the address are told. */
	readonly sourcePrefixLength: number;
	/** For how many bits the answer holds; 0 in a query. */
	readonly scopePrefixLength: number;
	/** The network's IPv4 or IPv6 address. */
	readonly address: string;
}

/** What lets the two know each other. RFC 7873. */
export interface CookieOption {
	/** Which option it is. */
	readonly kind: "cookie";
	/** The client's, 8 bytes. */
	readonly client: Uint8Array;
	/** The server's, 8 to 32 bytes; none in a first query. */
	readonly server?: Uint8Array;
}

/** How long an idle connection is held. RFC 7828. */
export interface KeepaliveOption {
	/** Which option it is. */
	readonly kind: "keepalive";
	/** In tenths of a second; none in a query. */
	readonly timeout?: number;
}

/** Zeros that hide how long the message is. RFC 7830. */
export interface PaddingOption {
	/** Which option it is. */
	readonly kind: "padding";
	/** How many. */
	readonly length: number;
}

/** What went wrong. RFC 8914. */
export interface ExtendedErrorOption {
	/** Which option it is. */
	readonly kind: "extendedError";
	/** 22, for one, when no server could be reached. */
	readonly infoCode: number;
	/** More, for people. */
	readonly text: string | Uint8Array;
}

/** An option of EDNS. */
export type EdnsOption =
	| NsidOption
	| ClientSubnetOption
	| CookieOption
	| KeepaliveOption
	| PaddingOption
	| ExtendedErrorOption
	| UnknownOption;

/** Whether the bytes are a list of options. */
export function areEdnsOptions(bytes: Uint8Array, start: number, end: number): boolean {
	let at = start;
	while (at + 4 <= end) at += 4 + u16(bytes, at + 2);
	return at === end;
}

/** Reads the options, which areEdnsOptions(). */
export function readEdnsOptions(bytes: Uint8Array, start: number, end: number): EdnsOption[] {
	const options: EdnsOption[] = [];
	for (let at = start; at < end; ) {
		const kind = u16(bytes, at);
		const from = at + 4;
		at = from + u16(bytes, at + 2);
		options.push(decode(kind, bytes, from, at) ?? { kind, data: copyOf(bytes, from, at) });
	}
	return options;
}

function decode(kind: number, bytes: Uint8Array, start: number, end: number): EdnsOption | undefined {
	const length = end - start;
	switch (kind) {
		case NSID:
			return { kind: "nsid", data: copyOf(bytes, start, end) };
		case CLIENT_SUBNET:
			return subnet(bytes, start, end);
		case COOKIE:
			if (length === 8) return { kind: "cookie", client: copyOf(bytes, start, end) };
			if (length < 16 || length > 40) return undefined;
			return {
				kind: "cookie",
				client: copyOf(bytes, start, start + 8),
				server: copyOf(bytes, start + 8, end),
			};
		case KEEPALIVE:
			if (length === 0) return { kind: "keepalive" };
			return length === 2 ? { kind: "keepalive", timeout: u16(bytes, start) } : undefined;
		case PADDING:
			for (let at = start; at < end; at++) if (bytes[at] !== 0) return undefined;
			return { kind: "padding", length };
		case EXTENDED_ERROR:
			if (length < 2) return undefined;
			return { kind: "extendedError", infoCode: u16(bytes, start), text: textOrBytes(bytes, start + 2, end) };
		default:
			return undefined;
	}
}

function subnet(bytes: Uint8Array, start: number, end: number): ClientSubnetOption | undefined {
	if (end - start < 4) return undefined;
	const family = u16(bytes, start);
	const sourcePrefixLength = u8(bytes, start + 2);
	const there = end - start - 4;
	const size = family === 1 ? 4 : family === 2 ? 16 : 0;
	// Only as many bytes as the prefix needs.
	if (sourcePrefixLength > size * 8 || there !== Math.ceil(sourcePrefixLength / 8) || size === 0)
		return undefined;
	const address = new Uint8Array(16);
	address.set(bytes.subarray(start + 4, end));
	return {
		kind: "clientSubnet",
		sourcePrefixLength,
		scopePrefixLength: u8(bytes, start + 3),
		address: size === 4 ? formatInet4(u32(address, 0)) : formatInet6(address, 0),
	};
}

/** Writes the options. */
export function writeEdnsOptions(options: readonly EdnsOption[], out: Growing, field: string): void {
	options.forEach((option, index) => {
		const at = out.take(4);
		const name = `${field}[${index}]`;
		const kind = encode(option, out, name);
		put16(out.bytes, at, kind, `${name}.kind`);
		put16(out.bytes, at + 2, out.size - at - 4, `${name}'s length`);
	});
}

function encode(option: EdnsOption, out: Growing, field: string): number {
	switch (option.kind) {
		case "nsid":
			checkBytes(option.data, `${field}.data`);
			out.put(option.data);
			return NSID;
		case "clientSubnet":
			putSubnet(option, out, field);
			return CLIENT_SUBNET;
		case "cookie":
			checkBytes(option.client, `${field}.client`);
			out.put(option.client);
			if (option.server !== undefined) {
				checkBytes(option.server, `${field}.server`);
				out.put(option.server);
			}
			return COOKIE;
		case "keepalive":
			if (option.timeout !== undefined) out.u16(option.timeout, `${field}.timeout`);
			return KEEPALIVE;
		case "padding":
			out.take(bits(option.length, 16, `${field}.length`));
			return PADDING;
		case "extendedError":
			out.u16(option.infoCode, `${field}.infoCode`);
			out.put(bytesOfText(option.text, `${field}.text`));
			return EXTENDED_ERROR;
		default:
			bits(option.kind, 16, `${field}.kind`);
			checkBytes(option.data, `${field}.data`);
			out.put(option.data);
			return option.kind;
	}
}

function putSubnet(option: ClientSubnetOption, out: Growing, field: string): void {
	const { address, sourcePrefixLength } = option;
	const bytes = new Uint8Array(16);
	const inet4 = typeof address === "string" ? parseInet4(address) : -1;
	const isInet6 = inet4 < 0 && typeof address === "string" && parseInet6(address, bytes, 0);
	if (inet4 < 0 && !isInet6) {
		throw new RangeError(`${field}.address must be an IPv4 or IPv6 address, not ${JSON.stringify(address)}`);
	}
	if (!isInet6) for (let index = 0; index < 4; index++) bytes[index] = inet4 >>> (24 - index * 8);
	const most = isInet6 ? 128 : 32;
	if (!Number.isInteger(sourcePrefixLength) || sourcePrefixLength < 0 || sourcePrefixLength > most) {
		throw new RangeError(
			`${field}.sourcePrefixLength must be an integer from 0 to ${most}, not ${String(sourcePrefixLength)}`,
		);
	}
	out.u16(isInet6 ? 2 : 1, field);
	out.u8(sourcePrefixLength, `${field}.sourcePrefixLength`);
	out.u8(option.scopePrefixLength, `${field}.scopePrefixLength`);
	out.put(bytes.subarray(0, Math.ceil(sourcePrefixLength / 8)));
}
