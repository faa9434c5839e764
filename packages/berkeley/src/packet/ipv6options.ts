/**
 * The options of the hop-by-hop and destination options headers of IPv6: RFC 8200 section 4.2, RFC 2711, RFC 2675.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import { bits, copyOf, put16, put32, u8, u16, u32 } from "./bytes.js";

const PAD1 = 0;
const PADN = 1;
const ROUTER_ALERT = 5;
const JUMBO = 0xc2;

/** The name of the option that says how long a jumbogram is. */
export const JUMBO_PAYLOAD = "jumboPayload";

/** One byte that means nothing. */
export interface Pad1Option {
	/** Which option it is. */
	readonly kind: "pad1";
}

/** Two bytes or more that mean nothing. */
export interface PadNOption {
	/** Which option it is. */
	readonly kind: "padN";
	/** What follows the option's length; zeros as a rule. */
	readonly data: Uint8Array;
}

/** Asks routers to look at the packet. RFC 2711. */
export interface Ipv6RouterAlertOption {
	/** Which option it is. */
	readonly kind: "routerAlert";
	/** What for: 0 is multicast listener discovery, 1 RSVP. */
	readonly value: number;
}

/** How long a packet is that is longer than its header can say. RFC 2675. */
export interface JumboPayloadOption {
	/** Which option it is. */
	readonly kind: "jumboPayload";
	/** The length of what follows the IPv6 header, in bytes. Computed when left out. */
	readonly length?: number;
}

/** An option that nothing more is known of. */
export interface UnknownIpv6Option {
	/** The option's number: its two highest bits say what a node does that does not know it, RFC 8200 section 4.2. */
	readonly kind: number;
	/** What follows its length. */
	readonly data: Uint8Array;
}

/** The rest of a list whose next length is wrong. */
export interface MalformedIpv6Options {
	/** Which option it is. */
	readonly kind: "malformed";
	/** All that is left. */
	readonly data: Uint8Array;
}

/** An option of an IPv6 extension header. */
export type Ipv6Option =
	| Pad1Option
	| PadNOption
	| Ipv6RouterAlertOption
	| JumboPayloadOption
	| UnknownIpv6Option
	| MalformedIpv6Options;

/** Behind the option at an offset; -1 where its length is wrong. */
function behind(bytes: Uint8Array, at: number, end: number): number {
	if (bytes[at] === PAD1) return at + 1;
	if (at + 2 > end) return -1;
	const next = at + 2 + u8(bytes, at + 1);
	return next > end ? -1 : next;
}

/** Where the length of an option is wrong; -1 when all are right. */
export function malformedIpv6Option(bytes: Uint8Array, start: number, end: number): number {
	for (let at = start; at < end; ) {
		const next = behind(bytes, at, end);
		if (next < 0) return at;
		at = next;
	}
	return -1;
}

/** What the jumbo payload option says of the hop-by-hop header at an offset, if it is all there and has one. */
export function jumboLengthOf(bytes: Uint8Array, start: number, end: number): number | undefined {
	if (start + 8 > end) return undefined;
	const last = start + (u8(bytes, start + 1) + 1) * 8;
	if (last > end) return undefined;
	for (let at = start + 2; at < last; ) {
		const next = behind(bytes, at, last);
		if (next < 0) return undefined;
		if (bytes[at] === JUMBO && next - at === 6) return u32(bytes, at + 2);
		at = next;
	}
	return undefined;
}

/** Reads the options. */
export function readIpv6Options(bytes: Uint8Array, start: number, end: number): Ipv6Option[] {
	const options: Ipv6Option[] = [];
	for (let at = start; at < end; ) {
		const next = behind(bytes, at, end);
		if (next < 0) {
			options.push({ kind: "malformed", data: copyOf(bytes, at, end) });
			break;
		}
		options.push(decode(bytes, at, next));
		at = next;
	}
	return options;
}

function decode(bytes: Uint8Array, at: number, next: number): Ipv6Option {
	const kind = u8(bytes, at);
	if (kind === PAD1) return { kind: "pad1" };
	if (kind === ROUTER_ALERT && next - at === 4) return { kind: "routerAlert", value: u16(bytes, at + 2) };
	if (kind === JUMBO && next - at === 6) return { kind: "jumboPayload", length: u32(bytes, at + 2) };
	const data = copyOf(bytes, at + 2, next);
	return kind === PADN ? { kind: "padN", data } : { kind, data };
}

function measure(option: Ipv6Option, layer: string): number {
	const { kind } = option;
	if (kind === "pad1") return 1;
	if (kind === "routerAlert") return 4;
	if (kind === "jumboPayload") return 6;
	if (!isBytes(option.data)) {
		throw new TypeError(
			`the data of an option of ${layer}.options must be a Uint8Array, not ${kindOf(option.data)}`,
		);
	}
	if (kind === "malformed") return option.data.length;
	if (kind !== "padN") bits(kind, 8, `the kind of an option of ${layer}.options`);
	if (kind === PAD1) throw new RangeError(`option 0 of ${layer}.options is pad1, which has no data`);
	bits(option.data.length, 8, `the length of an option of ${layer}.options`);
	return 2 + option.data.length;
}

/** How many bytes the options take. */
export function measureIpv6Options(options: readonly Ipv6Option[], layer: string): number {
	return options.reduce((sum, option) => sum + measure(option, layer), 0);
}

/**
 * Writes the options, and fills up what is left with padding.
 * @param jumbo the length that a jumbo payload option gets that has none
 */
export function writeIpv6Options(
	options: readonly Ipv6Option[],
	bytes: Uint8Array,
	start: number,
	end: number,
	jumbo: number,
): void {
	let at = start;
	for (const option of options) {
		const { kind } = option;
		switch (kind) {
			case "pad1":
				at++;
				break;
			case "routerAlert":
				bytes[at] = ROUTER_ALERT;
				bytes[at + 1] = 2;
				put16(bytes, at + 2, option.value, "routerAlert.value");
				at += 4;
				break;
			case "jumboPayload":
				bytes[at] = JUMBO;
				bytes[at + 1] = 4;
				put32(bytes, at + 2, option.length ?? jumbo, "jumboPayload.length");
				at += 6;
				break;
			case "malformed":
				bytes.set(option.data, at);
				at += option.data.length;
				break;
			default:
				bytes[at] = kind === "padN" ? PADN : kind;
				bytes[at + 1] = option.data.length;
				bytes.set(option.data, at + 2);
				at += 2 + option.data.length;
		}
	}
	// A single byte is 0 already: pad1.
	if (end - at >= 2) {
		bytes[at] = PADN;
		bytes[at + 1] = end - at - 2;
	}
}
