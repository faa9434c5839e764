/**
 * The options of IPv4 headers: RFC 791 section 3.1, RFC 2113.
 */
import { checkBytes } from "../address/bytes.js";
import { inet4At, putInet4 } from "./addresses.js";
import { bits, copyOf, put8, put16, u8, u16 } from "./bytes.js";
import {
	type CommonOption,
	checkOptions,
	measureCommon,
	readOptions,
	wholeWords,
	writeCommon,
} from "./options.js";

const routeKinds = { recordRoute: 7, looseSourceRoute: 131, strictSourceRoute: 137 } as const;
const TIMESTAMP = 68;
const ROUTER_ALERT = 148;

/** Addresses of routers: those that were passed, or are to be. */
export interface RouteOption {
	/** Which option it is. */
	readonly kind: keyof typeof routeKinds;
	/** Where the next address goes, counted from the option's first byte, which is 1; 4 is the first address. */
	readonly pointer: number;
	/** The addresses; those that are not filled in yet are 0.0.0.0. */
	readonly addresses: readonly string[];
}

/** When routers were passed. */
export interface TimestampOption {
	/** Which option it is. */
	readonly kind: "timestamp";
	/** Where the next stamp goes, counted from the option's first byte, which is 1. */
	readonly pointer: number;
	/** How many routers found no room. */
	readonly overflow: number;
	/** 0: stamps alone; 1: each with the router's address before it; 3: with addresses that the sender gave. */
	readonly flag: number;
	/** What is stamped, in words of four bytes. */
	readonly data: Uint8Array;
}

/** Asks routers to look at the packet. RFC 2113. */
export interface RouterAlertOption {
	/** Which option it is. */
	readonly kind: "routerAlert";
	/** 0. */
	readonly value: number;
}

/** An option of an IPv4 header. */
export type Ipv4Option = RouteOption | TimestampOption | RouterAlertOption | CommonOption;

type Known = RouteOption | TimestampOption | RouterAlertOption;

/** Reads the options; `malformed` is told where a length is wrong. */
export function readIpv4Options(
	bytes: Uint8Array,
	start: number,
	end: number,
	malformed?: (offset: number) => void,
): Ipv4Option[] {
	return readOptions<Known>(bytes, start, end, decode, malformed);
}

function decode(kind: number, bytes: Uint8Array, start: number, length: number): Known | undefined {
	if (kind === ROUTER_ALERT && length === 2) return { kind: "routerAlert", value: u16(bytes, start) };
	if (kind === TIMESTAMP && length >= 2) {
		const last = u8(bytes, start + 1);
		return {
			kind: "timestamp",
			pointer: u8(bytes, start),
			overflow: last >>> 4,
			flag: last & 15,
			data: copyOf(bytes, start + 2, start + length),
		};
	}
	const route = routeOf(kind);
	if (route === undefined || length < 1 || length % 4 !== 1) return undefined;
	const addresses: string[] = [];
	for (let at = start + 1; at < start + length; at += 4) addresses.push(inet4At(bytes, at));
	return { kind: route, pointer: u8(bytes, start), addresses };
}

function routeOf(kind: number): RouteOption["kind"] | undefined {
	if (kind === routeKinds.recordRoute) return "recordRoute";
	if (kind === routeKinds.looseSourceRoute) return "looseSourceRoute";
	return kind === routeKinds.strictSourceRoute ? "strictSourceRoute" : undefined;
}

function measure(option: Ipv4Option): number {
	switch (option.kind) {
		case "recordRoute":
		case "looseSourceRoute":
		case "strictSourceRoute":
			if (!Array.isArray(option.addresses)) throw new TypeError(`${option.kind}.addresses must be an array`);
			return 3 + option.addresses.length * 4;
		case "timestamp":
			checkBytes(option.data, "timestamp.data");
			return 4 + option.data.length;
		case "routerAlert":
			return 4;
		default:
			return measureCommon(option, "an option of ipv4.options");
	}
}

/** How many bytes the options take, filled up to whole words. */
export function measureIpv4Options(options: readonly Ipv4Option[]): number {
	checkOptions(options, "ipv4.options");
	const size = wholeWords(options.reduce((sum, option) => sum + measure(option), 0));
	if (size > 40) throw new RangeError(`ipv4.options has at most 40 bytes, not ${size}`);
	return size;
}

/** Writes the options. */
export function writeIpv4Options(options: readonly Ipv4Option[], bytes: Uint8Array, start: number): void {
	let at = start;
	for (const option of options) at = write(option, bytes, at);
}

function write(option: Ipv4Option, bytes: Uint8Array, at: number): number {
	switch (option.kind) {
		case "recordRoute":
		case "looseSourceRoute":
		case "strictSourceRoute":
			bytes[at] = routeKinds[option.kind];
			put8(bytes, at + 2, option.pointer, `${option.kind}.pointer`);
			option.addresses.forEach((address, index) => {
				putInet4(bytes, at + 3 + index * 4, address, `${option.kind}.addresses`);
			});
			break;
		case "timestamp":
			bytes[at] = TIMESTAMP;
			put8(bytes, at + 2, option.pointer, "timestamp.pointer");
			bytes[at + 3] =
				(bits(option.overflow, 4, "timestamp.overflow") << 4) | bits(option.flag, 4, "timestamp.flag");
			bytes.set(option.data, at + 4);
			break;
		case "routerAlert":
			bytes[at] = ROUTER_ALERT;
			put16(bytes, at + 2, option.value, "routerAlert.value");
			break;
		default:
			return writeCommon(option, bytes, at);
	}
	const size = measure(option);
	bytes[at + 1] = size;
	return at + size;
}
