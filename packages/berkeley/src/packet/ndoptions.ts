/**
 * The options of neighbour discovery: RFC 4861 section 4.6, RFC 8106 section 5.1.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import { inet6At, macAt, putInet6, putMac } from "./addresses.js";
import { bit, bits, copyOf, put8, put16, put32, u8, u16, u32 } from "./bytes.js";

const linkLayerKinds = { sourceLinkLayerAddress: 1, targetLinkLayerAddress: 2 } as const;
const PREFIX_INFORMATION = 3;
const REDIRECTED_HEADER = 4;
const MTU = 5;
const RECURSIVE_DNS_SERVER = 25;

/** The hardware address of the sender, or of the neighbour that is asked for. */
export interface LinkLayerAddressOption {
	/** Which option it is. */
	readonly kind: "sourceLinkLayerAddress" | "targetLinkLayerAddress";
	/** Six bytes, as text. Options with addresses of other sizes are unknown ones. */
	readonly address: string;
}

/** A prefix of addresses in the network. */
export interface PrefixInformationOption {
	/** Which option it is. */
	readonly kind: "prefixInformation";
	/** How many bits of `prefix` count. */
	readonly prefixLength: number;
	/** Whether addresses with this prefix are in the network itself; false when left out. */
	readonly onLink?: boolean;
	/** Whether hosts may make themselves addresses with it; false when left out. */
	readonly autonomous?: boolean;
	/** Six bits that must be 0. */
	readonly reserved1?: number;
	/** For how many seconds it is valid; 0xffffffff is for ever. */
	readonly validLifetime: number;
	/** For how many seconds addresses that were made with it are preferred. */
	readonly preferredLifetime: number;
	/** 32 bits that must be 0. */
	readonly reserved2?: number;
	/** The prefix. */
	readonly prefix: string;
}

/** The beginning of the packet that a redirect is about. */
export interface RedirectedHeaderOption {
	/** Which option it is. */
	readonly kind: "redirectedHeader";
	/** The 16 higher bits of the reserved field, which must be 0. */
	readonly reserved?: number;
	/** The 32 lower bits of the reserved field, which must be 0. */
	readonly reserved2?: number;
	/** An IPv6 header, and what follows it: whole units of eight bytes. */
	readonly data: Uint8Array;
}

/** How large packets may be in the network. */
export interface MtuOption {
	/** Which option it is. */
	readonly kind: "mtu";
	/** 16 bits that must be 0. */
	readonly reserved?: number;
	/** Bytes. */
	readonly mtu: number;
}

/** Servers of names. RFC 8106. */
export interface RecursiveDnsServerOption {
	/** Which option it is. */
	readonly kind: "recursiveDnsServer";
	/** 16 bits that must be 0. */
	readonly reserved?: number;
	/** For how many seconds they may be used. */
	readonly lifetime: number;
	/** Where they are. */
	readonly addresses: readonly string[];
}

/** An option that nothing more is known of. */
export interface UnknownNdOption {
	/** The option's number. */
	readonly kind: number;
	/** What follows its length: with the two bytes before, whole units of eight bytes. */
	readonly data: Uint8Array;
}

/** The rest of a list whose next length is wrong. */
export interface MalformedNdOptions {
	/** Which option it is. */
	readonly kind: "malformed";
	/** All that is left. */
	readonly data: Uint8Array;
}

/** An option of neighbour discovery. */
export type NdOption =
	| LinkLayerAddressOption
	| PrefixInformationOption
	| RedirectedHeaderOption
	| MtuOption
	| RecursiveDnsServerOption
	| UnknownNdOption
	| MalformedNdOptions;

/** Behind the option at an offset; -1 where its length is wrong. */
function behind(bytes: Uint8Array, at: number, end: number): number {
	if (at + 8 > end) return -1;
	const units = u8(bytes, at + 1);
	const next = at + units * 8;
	return units === 0 || next > end ? -1 : next;
}

/** Where the length of an option is wrong; -1 when all are right. */
export function malformedNdOption(bytes: Uint8Array, start: number, end: number): number {
	for (let at = start; at < end; ) {
		const next = behind(bytes, at, end);
		if (next < 0) return at;
		at = next;
	}
	return -1;
}

/** Reads the options. */
export function readNdOptions(bytes: Uint8Array, start: number, end: number): NdOption[] {
	const options: NdOption[] = [];
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

function decode(bytes: Uint8Array, at: number, next: number): NdOption {
	const kind = u8(bytes, at);
	const size = next - at;
	if (kind === linkLayerKinds.sourceLinkLayerAddress && size === 8) {
		return { kind: "sourceLinkLayerAddress", address: macAt(bytes, at + 2) };
	}
	if (kind === linkLayerKinds.targetLinkLayerAddress && size === 8) {
		return { kind: "targetLinkLayerAddress", address: macAt(bytes, at + 2) };
	}
	if (kind === PREFIX_INFORMATION && size === 32) {
		const flags = u8(bytes, at + 3);
		return {
			kind: "prefixInformation",
			prefixLength: u8(bytes, at + 2),
			onLink: (flags & 0x80) !== 0,
			autonomous: (flags & 0x40) !== 0,
			reserved1: flags & 0x3f,
			validLifetime: u32(bytes, at + 4),
			preferredLifetime: u32(bytes, at + 8),
			reserved2: u32(bytes, at + 12),
			prefix: inet6At(bytes, at + 16),
		};
	}
	if (kind === REDIRECTED_HEADER) {
		return {
			kind: "redirectedHeader",
			reserved: u16(bytes, at + 2),
			reserved2: u32(bytes, at + 4),
			data: copyOf(bytes, at + 8, next),
		};
	}
	if (kind === MTU && size === 8) {
		return { kind: "mtu", reserved: u16(bytes, at + 2), mtu: u32(bytes, at + 4) };
	}
	if (kind === RECURSIVE_DNS_SERVER && size % 16 === 8) {
		const addresses: string[] = [];
		for (let address = at + 8; address < next; address += 16) addresses.push(inet6At(bytes, address));
		return {
			kind: "recursiveDnsServer",
			reserved: u16(bytes, at + 2),
			lifetime: u32(bytes, at + 4),
			addresses,
		};
	}
	return { kind, data: copyOf(bytes, at + 2, next) };
}

function measure(option: NdOption): number {
	switch (option.kind) {
		case "sourceLinkLayerAddress":
		case "targetLinkLayerAddress":
		case "mtu":
			return 8;
		case "prefixInformation":
			return 32;
		case "recursiveDnsServer":
			return whole(8 + option.addresses.length * 16);
	}
	const { kind, data } = option;
	if (!isBytes(data)) {
		throw new TypeError(`the data of an option of icmpv6.options must be a Uint8Array, not ${kindOf(data)}`);
	}
	if (kind === "malformed") return data.length;
	if (kind === "redirectedHeader") return whole(8 + data.length);
	bits(kind, 8, "the kind of an option of icmpv6.options");
	return whole(2 + data.length);
}

function whole(size: number): number {
	if (size % 8 === 0 && size <= 255 * 8) return size;
	throw new RangeError(`an option of icmpv6.options takes 8 to 2040 bytes, a multiple of 8, not ${size}`);
}

/** How many bytes the options take. */
export function measureNdOptions(options: readonly NdOption[]): number {
	return options.reduce((sum, option) => sum + measure(option), 0);
}

/** Writes the options. */
export function writeNdOptions(options: readonly NdOption[], bytes: Uint8Array, start: number): void {
	let at = start;
	for (const option of options) {
		const size = measure(option);
		write(option, bytes, at);
		if (option.kind !== "malformed") bytes[at + 1] = size / 8;
		at += size;
	}
}

function write(option: NdOption, bytes: Uint8Array, at: number): void {
	switch (option.kind) {
		case "sourceLinkLayerAddress":
		case "targetLinkLayerAddress":
			bytes[at] = linkLayerKinds[option.kind];
			putMac(bytes, at + 2, option.address, `${option.kind}.address`);
			return;
		case "prefixInformation":
			bytes[at] = PREFIX_INFORMATION;
			put8(bytes, at + 2, option.prefixLength, "prefixInformation.prefixLength");
			bytes[at + 3] =
				(bit(option.onLink ?? false, "prefixInformation.onLink") << 7) |
				(bit(option.autonomous ?? false, "prefixInformation.autonomous") << 6) |
				bits(option.reserved1 ?? 0, 6, "prefixInformation.reserved1");
			put32(bytes, at + 4, option.validLifetime, "prefixInformation.validLifetime");
			put32(bytes, at + 8, option.preferredLifetime, "prefixInformation.preferredLifetime");
			put32(bytes, at + 12, option.reserved2 ?? 0, "prefixInformation.reserved2");
			putInet6(bytes, at + 16, option.prefix, "prefixInformation.prefix");
			return;
		case "redirectedHeader":
			bytes[at] = REDIRECTED_HEADER;
			put16(bytes, at + 2, option.reserved ?? 0, "redirectedHeader.reserved");
			put32(bytes, at + 4, option.reserved2 ?? 0, "redirectedHeader.reserved2");
			bytes.set(option.data, at + 8);
			return;
		case "mtu":
			bytes[at] = MTU;
			put16(bytes, at + 2, option.reserved ?? 0, "mtu.reserved");
			put32(bytes, at + 4, option.mtu, "mtu.mtu");
			return;
		case "recursiveDnsServer":
			bytes[at] = RECURSIVE_DNS_SERVER;
			put16(bytes, at + 2, option.reserved ?? 0, "recursiveDnsServer.reserved");
			put32(bytes, at + 4, option.lifetime, "recursiveDnsServer.lifetime");
			option.addresses.forEach((address, index) => {
				putInet6(bytes, at + 8 + index * 16, address, "recursiveDnsServer.addresses");
			});
			return;
		case "malformed":
			bytes.set(option.data, at);
			return;
		default:
			bytes[at] = option.kind;
			bytes.set(option.data, at + 2);
	}
}
