/**
 * DHCPv4: RFC 2131 section 2 and 4.1, with BOOTP, RFC 951 and RFC 1542, from which its header comes.
 */
import { checkBytes, kindOf } from "../address/bytes.js";
import { inet4At, macAt, putInet4, putMac } from "./addresses.js";
import { bit, bits, copyOf, put8, put16, put32, u8, u16, u32 } from "./bytes.js";
import { type Dhcpv4Option, readDhcpv4Options, writeDhcpv4Options } from "./dhcpv4options.js";
import { Growing } from "./growing.js";
import {
	type FaultSink,
	Layer,
	type LayerValue,
	type Mark,
	marksOf,
	type Protocol,
	protocol,
} from "./layer.js";
import { bytesOfText, textOrBytes } from "./text.js";

/** A client looks for servers. */
export const DHCPDISCOVER = 1;
/** A server offers an address. */
export const DHCPOFFER = 2;
/** A client asks for an address. */
export const DHCPREQUEST = 3;
/** A client found the address in use. */
export const DHCPDECLINE = 4;
/** A server gives the address. */
export const DHCPACK = 5;
/** A server refuses it. */
export const DHCPNAK = 6;
/** A client gives its address back. */
export const DHCPRELEASE = 7;
/** A client that has an address asks for the rest. */
export const DHCPINFORM = 8;

const messageTypes = ["DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM"] as const;

const BOOTREQUEST = 1;
const MAGIC_COOKIE = 0x63825363;
const ETHERNET = 1;
const macSize = 6;
const hardwareSize = 16;
const CHADDR = 28;
const SNAME = 44;
const FILE = 108;
const COOKIE = 236;
const size = 240;
const FILE_HAS_OPTIONS = 1;
const SNAME_HAS_OPTIONS = 2;

/** A DHCPv4 message: 240 bytes, and options. */
export interface Dhcpv4 extends LayerValue {
	/** "dhcpv4". */
	readonly layer: "dhcpv4";
	/** 1 from a client, 2 from a server; 1 when left out. */
	readonly op?: number;
	/** The kind of hardware address; 1, Ethernet's, when left out. */
	readonly htype?: number;
	/** How many bytes it has; 6 when left out. */
	readonly hlen?: number;
	/** How many relays it has passed; 0 when left out. */
	readonly hops?: number;
	/** By which a reply is matched to its request; 0 when left out. */
	readonly xid?: number;
	/** For how many seconds the client has been trying; 0 when left out. */
	readonly secs?: number;
	/** Whether replies must be broadcast, the first bit of the flags; false when left out. */
	readonly broadcast?: boolean;
	/** The other fifteen bits of the flags; 0 when left out. */
	readonly reserved?: number;
	/** The address that the client uses; 0.0.0.0 when left out. */
	readonly ciaddr?: string;
	/** The address that the client gets; 0.0.0.0 when left out. */
	readonly yiaddr?: string;
	/** The server that the client starts from; 0.0.0.0 when left out. */
	readonly siaddr?: string;
	/** The relay; 0.0.0.0 when left out. */
	readonly giaddr?: string;
	/** The client's hardware address: as text where it is one of 6 bytes, or else 16 bytes; zeros when left out. */
	readonly chaddr?: string | Uint8Array;
	/** The server's name: as text where it ends with zeros, or else 64 bytes; none when left out. */
	readonly sname?: string | Uint8Array;
	/** The file to start from: as text where it ends with zeros, or else 128 bytes; none when left out. */
	readonly file?: string | Uint8Array;
	/** What tells that options follow; 0x63825363 when left out. Where it is something else, no options are read. */
	readonly cookie?: number;
	/** Options; none when left out. */
	readonly options?: readonly Dhcpv4Option[];
	/** Whether build() puts an end behind options that have none; true when left out. */
	readonly end?: boolean;
}

/** A DHCPv4 message in a packet. */
export class Dhcpv4View extends Layer<Dhcpv4> {
	/** "dhcpv4". */
	get layer(): "dhcpv4" {
		return "dhcpv4";
	}

	/** 1 from a client, 2 from a server. */
	get op(): number {
		return u8(this.bytes, this.start);
	}

	/** The kind of hardware address. */
	get htype(): number {
		return u8(this.bytes, this.start + 1);
	}

	/** How many bytes it has. */
	get hlen(): number {
		return u8(this.bytes, this.start + 2);
	}

	/** How many relays it has passed. */
	get hops(): number {
		return u8(this.bytes, this.start + 3);
	}

	/** By which a reply is matched to its request. */
	get xid(): number {
		return u32(this.bytes, this.start + 4);
	}

	/** For how many seconds the client has been trying. */
	get secs(): number {
		return u16(this.bytes, this.start + 8);
	}

	/** Whether replies must be broadcast. */
	get broadcast(): boolean {
		return (u8(this.bytes, this.start + 10) & 0x80) !== 0;
	}

	/** The other fifteen bits of the flags. */
	get reserved(): number {
		return u16(this.bytes, this.start + 10) & 0x7fff;
	}

	/** The address that the client uses. */
	get ciaddr(): string {
		return inet4At(this.bytes, this.start + 12);
	}

	/** The address that the client gets. */
	get yiaddr(): string {
		return inet4At(this.bytes, this.start + 16);
	}

	/** The server that the client starts from. */
	get siaddr(): string {
		return inet4At(this.bytes, this.start + 20);
	}

	/** The relay. */
	get giaddr(): string {
		return inet4At(this.bytes, this.start + 24);
	}

	/** The client's hardware address: as text where it is one of 6 bytes, or else 16 bytes. */
	get chaddr(): string | Uint8Array {
		const { bytes } = this;
		const at = this.start + CHADDR;
		if (this.htype === ETHERNET && this.hlen === macSize && isZero(bytes, at + macSize, at + hardwareSize)) {
			return macAt(bytes, at);
		}
		return copyOf(bytes, at, at + hardwareSize);
	}

	/** The server's name: as text where it ends with zeros, or else 64 bytes. */
	get sname(): string | Uint8Array {
		return paddedText(this.bytes, this.start + SNAME, this.start + FILE);
	}

	/** The file to start from: as text where it ends with zeros, or else 128 bytes. */
	get file(): string | Uint8Array {
		return paddedText(this.bytes, this.start + FILE, this.start + COOKIE);
	}

	/** What tells that options follow. */
	get cookie(): number {
		return u32(this.bytes, this.start + COOKIE);
	}

	/** The options, decoded. */
	get options(): Dhcpv4Option[] {
		return readDhcpv4Options(this.bytes, this.start + size, this.payloadStart);
	}

	/**
	 * The options without pads and ends, with those that `file` and then `sname` hold where the overload option says
	 * so. An option that is there in several pieces (RFC 3396) stays in pieces.
	 */
	get allOptions(): Dhcpv4Option[] {
		const { bytes, start, options } = this;
		const overload = options.find(({ kind }) => kind === "overload");
		const more = overload !== undefined && "value" in overload ? (overload.value as number) : 0;
		if ((more & FILE_HAS_OPTIONS) !== 0)
			options.push(...readDhcpv4Options(bytes, start + FILE, start + COOKIE));
		if ((more & SNAME_HAS_OPTIONS) !== 0)
			options.push(...readDhcpv4Options(bytes, start + SNAME, start + FILE));
		return options.filter(({ kind }) => kind !== "pad" && kind !== "end");
	}

	/** DHCPDISCOVER …; undefined where there is no such option, as in BOOTP. */
	get messageType(): number | undefined {
		for (const option of this.options) if (option.kind === "messageType") return option.value;
		return undefined;
	}

	/** All fields as a plain value. */
	toValue(): Dhcpv4 {
		const { options } = this;
		const value = {
			layer: "dhcpv4" as const,
			op: this.op,
			htype: this.htype,
			hlen: this.hlen,
			hops: this.hops,
			xid: this.xid,
			secs: this.secs,
			broadcast: this.broadcast,
			reserved: this.reserved,
			ciaddr: this.ciaddr,
			yiaddr: this.yiaddr,
			siaddr: this.siaddr,
			giaddr: this.giaddr,
			chaddr: this.chaddr,
			sname: this.sname,
			file: this.file,
			cookie: this.cookie,
			options,
		};
		return hasEnd(options) ? value : { ...value, end: false };
	}

	/** One line. */
	summary(): string {
		const { messageType, chaddr, yiaddr } = this;
		const type =
			messageType === undefined ? "BOOTP" : (messageTypes[messageType - 1] ?? `type ${messageType}`);
		const client = typeof chaddr === "string" ? ` for ${chaddr}` : "";
		const address = yiaddr === "0.0.0.0" ? "" : ` gets ${yiaddr}`;
		return `${type} xid 0x${this.xid.toString(16).padStart(8, "0")}${client}${address}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const options = this.headerLength - size;
		return marksOf(this.start, [
			["op", 1],
			["htype", 1],
			["hlen", 1],
			["hops", 1],
			["xid", 4],
			["secs", 2],
			["broadcast", 0],
			["reserved", 2],
			["ciaddr", 4],
			["yiaddr", 4],
			["siaddr", 4],
			["giaddr", 4],
			["chaddr", 16],
			["sname", 64],
			["file", 128],
			["cookie", 4],
			...(options > 0 ? [["options", options] as const] : []),
		]);
	}
}

function hasEnd(options: readonly Dhcpv4Option[]): boolean {
	return options.some(({ kind }) => kind === "end");
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
	for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
	return true;
}

function paddedText(bytes: Uint8Array, start: number, end: number): string | Uint8Array {
	const zero = bytes.indexOf(0, start);
	const behind = zero < 0 || zero > end ? end : zero;
	return isZero(bytes, behind, end) ? textOrBytes(bytes, start, behind) : copyOf(bytes, start, end);
}

function putPadded(
	bytes: Uint8Array,
	start: number,
	room: number,
	text: string | Uint8Array,
	field: string,
): void {
	const data = bytesOfText(text, field);
	if (data.length > room) throw new RangeError(`${field} has at most ${room} bytes, not ${data.length}`);
	bytes.set(data, start);
}

function putHardware(bytes: Uint8Array, at: number, chaddr: string | Uint8Array): void {
	if (typeof chaddr === "string") {
		putMac(bytes, at, chaddr, "dhcpv4.chaddr");
		return;
	}
	checkBytes(chaddr, "dhcpv4.chaddr");
	putPadded(bytes, at, hardwareSize, chaddr, "dhcpv4.chaddr");
}

function optionsOf({ options = [], end = true }: Dhcpv4): Uint8Array {
	const out = new Growing();
	writeDhcpv4Options(options, out, "dhcpv4.options");
	if (typeof end !== "boolean") throw new TypeError(`dhcpv4.end must be true or false, not ${kindOf(end)}`);
	if (end && !hasEnd(options)) writeDhcpv4Options([{ kind: "end" }], out, "dhcpv4.options");
	return out.written;
}

/** DHCPv4. */
export const dhcpv4: Protocol<Dhcpv4, Dhcpv4View> = protocol({
	layer: "dhcpv4",
	computed: [],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const there = end - start;
		if (there < size) {
			faults.fault("dhcpv4", "op", start, `a message has at least ${size} bytes, and ${there} are there`);
			return undefined;
		}
		if (u32(bytes, start + COOKIE) !== MAGIC_COOKIE) {
			faults.fault("dhcpv4", "cookie", start + COOKIE, "it is not 0x63825363: there are no options");
			return new Dhcpv4View(bytes, start, start + size, end, outer);
		}
		const view = new Dhcpv4View(bytes, start, end, end, outer);
		for (let at = start + size; at < end; ) {
			const kind = u8(bytes, at);
			if (kind === 255) return view;
			const next = kind === 0 ? at + 1 : at + 1 < end ? at + 2 + u8(bytes, at + 1) : end + 1;
			if (next > end) {
				faults.fault("dhcpv4", "options", at, "an option is longer than the message");
				return view;
			}
			at = next;
		}
		faults.fault("dhcpv4", "options", end, "they have no end");
		return view;
	},
	measure: (value) => size + optionsOf(value).length,
	write(value, { bytes, start }) {
		put8(bytes, start, value.op ?? BOOTREQUEST, "dhcpv4.op");
		put8(bytes, start + 1, value.htype ?? ETHERNET, "dhcpv4.htype");
		put8(bytes, start + 2, value.hlen ?? macSize, "dhcpv4.hlen");
		put8(bytes, start + 3, value.hops ?? 0, "dhcpv4.hops");
		put32(bytes, start + 4, value.xid ?? 0, "dhcpv4.xid");
		put16(bytes, start + 8, value.secs ?? 0, "dhcpv4.secs");
		const flags = bit(value.broadcast ?? false, "dhcpv4.broadcast") << 15;
		put16(bytes, start + 10, flags | bits(value.reserved ?? 0, 15, "dhcpv4.reserved"), "dhcpv4.reserved");
		putInet4(bytes, start + 12, value.ciaddr ?? "0.0.0.0", "dhcpv4.ciaddr");
		putInet4(bytes, start + 16, value.yiaddr ?? "0.0.0.0", "dhcpv4.yiaddr");
		putInet4(bytes, start + 20, value.siaddr ?? "0.0.0.0", "dhcpv4.siaddr");
		putInet4(bytes, start + 24, value.giaddr ?? "0.0.0.0", "dhcpv4.giaddr");
		if (value.chaddr !== undefined) putHardware(bytes, start + CHADDR, value.chaddr);
		putPadded(bytes, start + SNAME, FILE - SNAME, value.sname ?? "", "dhcpv4.sname");
		putPadded(bytes, start + FILE, COOKIE - FILE, value.file ?? "", "dhcpv4.file");
		put32(bytes, start + COOKIE, value.cookie ?? MAGIC_COOKIE, "dhcpv4.cookie");
		bytes.set(optionsOf(value), start + size);
	},
});
