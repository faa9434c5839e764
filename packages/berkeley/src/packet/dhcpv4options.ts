/**
 * The options of DHCPv4: RFC 2132; classless routes RFC 3442, domain search RFC 3397, relay agents RFC 3046, and
 * others of IANA's "BOOTP Vendor Extensions and DHCP Options".
 */
import { checkBytes, isBytes, kindOf } from "../address/bytes.js";
import { inet4At, putInet4 } from "./addresses.js";
import { bits, copyOf, u8, u16, u32 } from "./bytes.js";
import type { Growing } from "./growing.js";
import type { EndOfOptions, MalformedOptions, UnknownOption } from "./options.js";
import { bytesOfText, textOrBytes } from "./text.js";

/** A route: where to, and by which router. */
export interface ClasslessRoute {
	/** A network such as "192.0.2.0/24"; "0.0.0.0/0" is everything else. */
	readonly destination: string;
	/** The router; "0.0.0.0" for a network that is at the link. */
	readonly router: string;
}

/** By what a client wants to be known. RFC 2132 section 9.14, RFC 4361. */
export interface ClientIdentifier {
	/** 1 for an Ethernet address, 255 for a DUID, 0 for something else. */
	readonly type: number;
	/** The identifier. */
	readonly id: Uint8Array;
}

/** The options whose data are known, and what they are. Times are seconds. */
export interface Dhcpv4OptionValues {
	/** 1: the network's mask. */
	readonly subnetMask: string;
	/** 2: how far the client's time is from UTC; a signed number. */
	readonly timeOffset: number;
	/** 3: routers, the preferred first. */
	readonly router: readonly string[];
	/** 6: servers of DNS. */
	readonly domainNameServer: readonly string[];
	/** 7: servers that take log messages. */
	readonly logServer: readonly string[];
	/** 12: the client's name. */
	readonly hostName: string | Uint8Array;
	/** 15: the client's domain. */
	readonly domainName: string | Uint8Array;
	/** 17: the path of the root file system. */
	readonly rootPath: string | Uint8Array;
	/** 26: the interface's MTU. */
	readonly interfaceMtu: number;
	/** 28: the address of all on the network. */
	readonly broadcastAddress: string;
	/** 33: routes by class: a destination and a router. */
	readonly staticRoute: readonly (readonly [destination: string, router: string])[];
	/** 42: servers of NTP. */
	readonly ntpServers: readonly string[];
	/** 43: what the vendor means by it. */
	readonly vendorSpecific: Uint8Array;
	/** 44: servers of NetBIOS names. */
	readonly netbiosNameServer: readonly string[];
	/** 50: the address that the client asks for. */
	readonly requestedAddress: string;
	/** 51: how long the address may be used. */
	readonly leaseTime: number;
	/** 52: 1 if `file`, 2 if `sname`, 3 if both hold more options. */
	readonly overload: number;
	/** 53: DHCPDISCOVER … */
	readonly messageType: number;
	/** 54: which server. */
	readonly serverIdentifier: string;
	/** 55: the options that the client asks for, by number. */
	readonly parameterRequestList: readonly number[];
	/** 56: why it was declined or refused. */
	readonly message: string | Uint8Array;
	/** 57: how large a message the client takes. */
	readonly maximumMessageSize: number;
	/** 58: when to ask the same server again. */
	readonly renewalTime: number;
	/** 59: when to ask any server again. */
	readonly rebindingTime: number;
	/** 60: what the client is. */
	readonly vendorClassIdentifier: string | Uint8Array;
	/** 61: by what the client wants to be known. */
	readonly clientIdentifier: ClientIdentifier;
	/** 66: the server of `bootfileName`. */
	readonly tftpServerName: string | Uint8Array;
	/** 67: the file to start from. */
	readonly bootfileName: string | Uint8Array;
	/** 80: the answer may come at once; it has no data. RFC 4039. */
	readonly rapidCommit: true;
	/** 81: the client's full name: flags, two bytes, and the name. RFC 4702. */
	readonly clientFqdn: Uint8Array;
	/** 82: what a relay adds. RFC 3046. */
	readonly relayAgentInformation: Uint8Array;
	/** 108: how long to do without IPv4. RFC 8925. */
	readonly ipv6OnlyPreferred: number;
	/** 114: where the network's portal says what it wants. RFC 8910. */
	readonly captivePortal: string | Uint8Array;
	/** 119: domains to search, as DNS writes them. RFC 3397. */
	readonly domainSearch: Uint8Array;
	/** 121: routes. RFC 3442. */
	readonly classlessStaticRoute: readonly ClasslessRoute[];
	/** 150: servers of TFTP. RFC 5859. */
	readonly tftpServerAddress: readonly string[];
}

/** An option whose data are known: `{ kind: "leaseTime", value: 3600 }`. */
export type Dhcpv4KnownOption = {
	[Kind in keyof Dhcpv4OptionValues]: {
		/** Which option it is. */
		readonly kind: Kind;
		/** What it says. */
		readonly value: Dhcpv4OptionValues[Kind];
	};
}[keyof Dhcpv4OptionValues];

/** A byte of 0, between options. */
export interface PadOption {
	/** Which option it is. */
	readonly kind: "pad";
}

/** An option of DHCPv4. What follows the end is in the end's `data`. */
export type Dhcpv4Option = Dhcpv4KnownOption | PadOption | EndOfOptions | MalformedOptions | UnknownOption;

type Form =
	| ("u8" | "u16" | "u32" | "i32" | "address" | "addresses" | "pairs")
	| ("text" | "bytes" | "numbers" | "identifier" | "routes" | "nothing");

const forms: Record<keyof Dhcpv4OptionValues, readonly [number, Form]> = {
	subnetMask: [1, "address"],
	timeOffset: [2, "i32"],
	router: [3, "addresses"],
	domainNameServer: [6, "addresses"],
	logServer: [7, "addresses"],
	hostName: [12, "text"],
	domainName: [15, "text"],
	rootPath: [17, "text"],
	interfaceMtu: [26, "u16"],
	broadcastAddress: [28, "address"],
	staticRoute: [33, "pairs"],
	ntpServers: [42, "addresses"],
	vendorSpecific: [43, "bytes"],
	netbiosNameServer: [44, "addresses"],
	requestedAddress: [50, "address"],
	leaseTime: [51, "u32"],
	overload: [52, "u8"],
	messageType: [53, "u8"],
	serverIdentifier: [54, "address"],
	parameterRequestList: [55, "numbers"],
	message: [56, "text"],
	maximumMessageSize: [57, "u16"],
	renewalTime: [58, "u32"],
	rebindingTime: [59, "u32"],
	vendorClassIdentifier: [60, "text"],
	clientIdentifier: [61, "identifier"],
	tftpServerName: [66, "text"],
	bootfileName: [67, "text"],
	rapidCommit: [80, "nothing"],
	clientFqdn: [81, "bytes"],
	relayAgentInformation: [82, "bytes"],
	ipv6OnlyPreferred: [108, "u32"],
	captivePortal: [114, "text"],
	domainSearch: [119, "bytes"],
	classlessStaticRoute: [121, "routes"],
	tftpServerAddress: [150, "addresses"],
};

const PAD = 0;
const END = 255;
const names = Object.keys(forms) as (keyof Dhcpv4OptionValues)[];
const byNumber = new Map(names.map((name) => [forms[name][0], name]));

/** Reads the options; `malformed` is told where a length is wrong. */
export function readDhcpv4Options(
	bytes: Uint8Array,
	start: number,
	end: number,
	malformed?: (offset: number) => void,
): Dhcpv4Option[] {
	const options: Dhcpv4Option[] = [];
	for (let at = start; at < end; ) {
		const kind = u8(bytes, at);
		if (kind === PAD) {
			options.push({ kind: "pad" });
			at++;
			continue;
		}
		if (kind === END) {
			options.push(at + 1 < end ? { kind: "end", data: copyOf(bytes, at + 1, end) } : { kind: "end" });
			break;
		}
		const from = at + 2;
		const behind = from <= end ? from + u8(bytes, at + 1) : from;
		if (behind > end) {
			malformed?.(at);
			options.push({ kind: "malformed", data: copyOf(bytes, at, end) });
			break;
		}
		const name = byNumber.get(kind);
		const value = name === undefined ? undefined : decode(forms[name][1], bytes, from, behind);
		const known = value === undefined ? undefined : ({ kind: name, value } as Dhcpv4KnownOption);
		options.push(known ?? { kind, data: copyOf(bytes, from, behind) });
		at = behind;
	}
	return options;
}

/** What an option says; undefined where its data are not as they should be. */
function decode(form: Form, bytes: Uint8Array, start: number, end: number): unknown {
	const length = end - start;
	switch (form) {
		case "u8":
			return length === 1 ? u8(bytes, start) : undefined;
		case "u16":
			return length === 2 ? u16(bytes, start) : undefined;
		case "u32":
			return length === 4 ? u32(bytes, start) : undefined;
		case "i32":
			return length === 4 ? u32(bytes, start) | 0 : undefined;
		case "address":
			return length === 4 ? inet4At(bytes, start) : undefined;
		case "addresses":
			return length % 4 === 0 && length > 0 ? addressesAt(bytes, start, end) : undefined;
		case "pairs": {
			if (length % 8 !== 0 || length === 0) return undefined;
			const list = addressesAt(bytes, start, end);
			return Array.from({ length: length / 8 }, (_, index) => [list[index * 2], list[index * 2 + 1]]);
		}
		case "text":
			return textOrBytes(bytes, start, end);
		case "numbers":
			return Array.from(bytes.subarray(start, end));
		case "identifier":
			return length > 0 ? { type: u8(bytes, start), id: copyOf(bytes, start + 1, end) } : undefined;
		case "routes":
			return routesAt(bytes, start, end);
		case "nothing":
			return length === 0 ? true : undefined;
		default:
			return copyOf(bytes, start, end);
	}
}

function addressesAt(bytes: Uint8Array, start: number, end: number): string[] {
	const list: string[] = [];
	for (let at = start; at < end; at += 4) list.push(inet4At(bytes, at));
	return list;
}

// RFC 3442: how many bits of the destination count, as many bytes of it as these need, and the router.
function routesAt(bytes: Uint8Array, start: number, end: number): ClasslessRoute[] | undefined {
	const routes: ClasslessRoute[] = [];
	const address = new Uint8Array(4);
	for (let at = start; at < end; ) {
		const prefix = u8(bytes, at);
		const size = Math.ceil(prefix / 8);
		if (prefix > 32 || at + 1 + size + 4 > end) return undefined;
		address.fill(0);
		address.set(bytes.subarray(at + 1, at + 1 + size));
		routes.push({ destination: `${inet4At(address, 0)}/${prefix}`, router: inet4At(bytes, at + 1 + size) });
		at += 1 + size + 4;
	}
	return routes;
}

/** Writes the options. */
export function writeDhcpv4Options(options: readonly Dhcpv4Option[], out: Growing, field: string): void {
	if (!Array.isArray(options)) throw new TypeError(`${field} must be an array, not ${kindOf(options)}`);
	options.forEach((option: Dhcpv4Option, index) => {
		const name = `${field}[${index}]`;
		if (typeof option !== "object" || option === null) {
			throw new TypeError(`${name} must be an option such as { kind: "pad" }, not ${kindOf(option)}`);
		}
		write(option, out, name);
	});
}

function write(option: Dhcpv4Option, out: Growing, field: string): void {
	const { kind } = option;
	if (kind === "pad") {
		out.u8(PAD, field);
		return;
	}
	if (kind === "end" || kind === "malformed") {
		if (kind === "end") out.u8(END, field);
		if (kind === "end" && option.data === undefined) return;
		checkBytes(option.data, `${field}.data`);
		out.put(option.data);
		return;
	}
	const at = out.take(2);
	let number: number;
	if (typeof kind === "number") {
		number = bits(kind, 8, `${field}.kind`);
		checkBytes(option.data, `${field}.data`);
		out.put(option.data);
	} else {
		const row = Object.hasOwn(forms, kind) ? forms[kind] : undefined;
		if (row === undefined) {
			const all = [...names, "pad", "end"].join(", ");
			throw new RangeError(`${field}.kind must be ${all} or a number, not ${JSON.stringify(kind)}`);
		}
		number = row[0];
		encode(row[1], out, option.value, field);
	}
	const length = out.size - at - 2;
	if (length > 255) throw new RangeError(`${field} (${kind}) has at most 255 bytes, not ${length}`);
	out.bytes[at] = number;
	out.bytes[at + 1] = length;
}

function encode(form: Form, out: Growing, value: unknown, field: string): void {
	const name = `${field}.value`;
	switch (form) {
		case "u8":
			out.u8(value as number, name);
			break;
		case "u16":
			out.u16(value as number, name);
			break;
		case "u32":
			out.u32(value as number, name);
			break;
		case "i32":
			if (value !== ((value as number) | 0)) {
				throw new RangeError(`${name} must be an integer from ${-(2 ** 31)} to ${2 ** 31 - 1}, not ${value}`);
			}
			out.u32((value as number) >>> 0, name);
			break;
		case "address":
			putAddress(out, value, name);
			break;
		case "addresses":
			for (const address of listOf(value, name)) putAddress(out, address, name);
			break;
		case "pairs":
			for (const pair of listOf(value, name)) {
				const [destination, router] = listOf(pair, name);
				putAddress(out, destination, name);
				putAddress(out, router, name);
			}
			break;
		case "text":
			out.put(bytesOfText(value as string, name));
			break;
		case "numbers":
			for (const number of listOf(value, name)) out.u8(number as number, name);
			break;
		case "identifier": {
			const { type, id } = (value ?? {}) as ClientIdentifier;
			out.u8(type, `${name}.type`);
			checkBytes(id, `${name}.id`);
			out.put(id);
			break;
		}
		case "routes":
			for (const route of listOf(value, name)) putRoute(out, (route ?? {}) as ClasslessRoute, name);
			break;
		case "nothing":
			break;
		default:
			checkBytes(value, name);
			out.put(value);
	}
}

function listOf(value: unknown, field: string): readonly unknown[] {
	if (Array.isArray(value)) return value;
	throw new TypeError(`${field} must be an array, not ${isBytes(value) ? "bytes" : kindOf(value)}`);
}

function putAddress(out: Growing, address: unknown, field: string): void {
	const at = out.take(4);
	putInet4(out.bytes, at, address as string, field);
}

function putRoute(out: Growing, { destination, router }: ClasslessRoute, field: string): void {
	const [network, prefix] = /^([\d.]+)\/(\d{1,2})$/.exec(String(destination))?.slice(1) ?? [];
	const length = Number(prefix ?? Number.NaN);
	if (!(length <= 32)) {
		throw new RangeError(
			`${field}'s destinations must be networks such as 192.0.2.0/24, not ${JSON.stringify(destination)}`,
		);
	}
	out.u8(length, field);
	const address = new Uint8Array(4);
	putInet4(address, 0, network as string, field);
	out.put(address.subarray(0, Math.ceil(length / 8)));
	putAddress(out, router, field);
}
