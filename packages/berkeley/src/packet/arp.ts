/**
 * ARP: which hardware address a protocol's address has. RFC 826.
 */
import { isBytes, kindOf } from "../address/bytes.js";
import { inet4At, macAt, putInet4, putMac } from "./addresses.js";
import { copyOf, put8, put16, u8, u16 } from "./bytes.js";
import {
	type FaultSink,
	Layer,
	type LayerValue,
	type Mark,
	marksOf,
	type Protocol,
	protocol,
} from "./layer.js";

/** Asks who has an address. */
export const ARPOP_REQUEST = 1;
/** Tells who has it. */
export const ARPOP_REPLY = 2;

const ARPHRD_ETHER = 1;
const ETHERTYPE_IPV4 = 0x0800;
const smallest = 8;

/** An ARP packet: 28 bytes for Ethernet and IPv4. Addresses of other sizes are bytes. */
export interface Arp extends LayerValue {
	/** "arp". */
	readonly layer: "arp";
	/** What hardware addresses are of: ARPHRD_ETHER, 1, when left out. */
	readonly hardwareType?: number;
	/** What protocol's addresses are asked for, as an EtherType: 0x0800, IPv4, when left out. */
	readonly protocolType?: number;
	/** How many bytes a hardware address has. Computed when left out. */
	readonly hardwareLength?: number;
	/** How many bytes a protocol's address has. Computed when left out. */
	readonly protocolLength?: number;
	/** ARPOP_REQUEST, ARPOP_REPLY … */
	readonly operation: number;
	/** The sender's hardware address: text where it has six bytes. */
	readonly senderHardwareAddress: string | Uint8Array;
	/** The sender's protocol address: text for IPv4, where it has four bytes. */
	readonly senderProtocolAddress: string | Uint8Array;
	/** The target's hardware address: text where it has six bytes. That of nobody when left out. */
	readonly targetHardwareAddress?: string | Uint8Array;
	/** The target's protocol address: text for IPv4, where it has four bytes. */
	readonly targetProtocolAddress: string | Uint8Array;
}

/** An ARP packet in a packet. */
export class ArpView extends Layer<Arp> {
	/** "arp". */
	get layer(): "arp" {
		return "arp";
	}

	/** What hardware addresses are of. */
	get hardwareType(): number {
		return u16(this.bytes, this.start);
	}

	/** What protocol's addresses are asked for, as an EtherType. */
	get protocolType(): number {
		return u16(this.bytes, this.start + 2);
	}

	/** How many bytes a hardware address has. */
	get hardwareLength(): number {
		return u8(this.bytes, this.start + 4);
	}

	/** How many bytes a protocol's address has. */
	get protocolLength(): number {
		return u8(this.bytes, this.start + 5);
	}

	/** ARPOP_REQUEST, ARPOP_REPLY … */
	get operation(): number {
		return u16(this.bytes, this.start + 6);
	}

	/** The sender's hardware address: text where it has six bytes. */
	get senderHardwareAddress(): string | Uint8Array {
		return this.#hardware(this.start + smallest);
	}

	/** The sender's protocol address: text for IPv4, where it has four bytes. */
	get senderProtocolAddress(): string | Uint8Array {
		return this.#protocol(this.start + smallest + this.hardwareLength);
	}

	/** The target's hardware address: text where it has six bytes. */
	get targetHardwareAddress(): string | Uint8Array {
		return this.#hardware(this.start + smallest + this.hardwareLength + this.protocolLength);
	}

	/** The target's protocol address: text for IPv4, where it has four bytes. */
	get targetProtocolAddress(): string | Uint8Array {
		return this.#protocol(this.start + smallest + 2 * this.hardwareLength + this.protocolLength);
	}

	#hardware(at: number): string | Uint8Array {
		const { hardwareLength } = this;
		return hardwareLength === 6 ? macAt(this.bytes, at) : copyOf(this.bytes, at, at + hardwareLength);
	}

	#protocol(at: number): string | Uint8Array {
		const { protocolLength } = this;
		return protocolLength === 4 && this.protocolType === ETHERTYPE_IPV4
			? inet4At(this.bytes, at)
			: copyOf(this.bytes, at, at + protocolLength);
	}

	/** All fields as a plain value. */
	toValue(): Arp {
		return {
			layer: "arp",
			hardwareType: this.hardwareType,
			protocolType: this.protocolType,
			hardwareLength: this.hardwareLength,
			protocolLength: this.protocolLength,
			operation: this.operation,
			senderHardwareAddress: this.senderHardwareAddress,
			senderProtocolAddress: this.senderProtocolAddress,
			targetHardwareAddress: this.targetHardwareAddress,
			targetProtocolAddress: this.targetProtocolAddress,
		};
	}

	/** One line. */
	summary(): string {
		const sender = textOf(this.senderProtocolAddress);
		const target = textOf(this.targetProtocolAddress);
		if (this.operation === ARPOP_REQUEST) return `who has ${target}? tell ${sender}`;
		if (this.operation === ARPOP_REPLY) return `${sender} is at ${textOf(this.senderHardwareAddress)}`;
		return `operation ${this.operation} ${sender} > ${target}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const { hardwareLength, protocolLength } = this;
		return marksOf(this.start, [
			["hardwareType", 2],
			["protocolType", 2],
			["hardwareLength", 1],
			["protocolLength", 1],
			["operation", 2],
			["senderHardwareAddress", hardwareLength],
			["senderProtocolAddress", protocolLength],
			["targetHardwareAddress", hardwareLength],
			["targetProtocolAddress", protocolLength],
		]).filter(({ end }) => end <= this.payloadStart);
	}
}

function textOf(address: string | Uint8Array): string {
	if (typeof address === "string") return address;
	return Array.from(address, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}

function sizeOf(address: string | Uint8Array | undefined, textSize: number, field: string): number {
	if (address === undefined || typeof address === "string") return textSize;
	if (!isBytes(address)) throw new TypeError(`${field} must be text or a Uint8Array, not ${kindOf(address)}`);
	return address.length;
}

/** The target of a question has as many bytes as the sender, all of them 0, where it is left out. */
function targetSize({ targetHardwareAddress, senderHardwareAddress }: Arp): number {
	return sizeOf(targetHardwareAddress ?? senderHardwareAddress, 6, "arp.targetHardwareAddress");
}

/** ARP. What follows it in a frame is no part of it. */
export const arp: Protocol<Arp, ArpView> = protocol({
	layer: "arp",
	computed: ["hardwareLength", "protocolLength"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const there = end - start;
		if (there < smallest) {
			faults.fault(
				"arp",
				"hardwareType",
				start,
				`a packet has at least ${smallest} bytes, and ${there} are there`,
			);
			return undefined;
		}
		const size = smallest + 2 * (u8(bytes, start + 4) + u8(bytes, start + 5));
		if (size > there) {
			faults.fault(
				"arp",
				"hardwareLength",
				start + 4,
				`it takes ${size} bytes with the addresses, and ${there} are there`,
			);
			return undefined;
		}
		return new ArpView(bytes, start, start + size, start + size, outer);
	},
	measure: (value) =>
		smallest +
		sizeOf(value.senderHardwareAddress, 6, "arp.senderHardwareAddress") +
		sizeOf(value.senderProtocolAddress, 4, "arp.senderProtocolAddress") +
		targetSize(value) +
		sizeOf(value.targetProtocolAddress, 4, "arp.targetProtocolAddress"),
	write(value, { bytes, start }) {
		const hardware = sizeOf(value.senderHardwareAddress, 6, "arp.senderHardwareAddress");
		const network = sizeOf(value.senderProtocolAddress, 4, "arp.senderProtocolAddress");
		put16(bytes, start, value.hardwareType ?? ARPHRD_ETHER, "arp.hardwareType");
		put16(bytes, start + 2, value.protocolType ?? ETHERTYPE_IPV4, "arp.protocolType");
		put8(bytes, start + 4, value.hardwareLength ?? hardware, "arp.hardwareLength");
		put8(bytes, start + 5, value.protocolLength ?? network, "arp.protocolLength");
		put16(bytes, start + 6, value.operation, "arp.operation");
		let at = start + smallest;
		putHardware(bytes, at, value.senderHardwareAddress, "arp.senderHardwareAddress");
		at += hardware;
		putNetwork(bytes, at, value.senderProtocolAddress, "arp.senderProtocolAddress");
		at += network;
		if (value.targetHardwareAddress !== undefined) {
			putHardware(bytes, at, value.targetHardwareAddress, "arp.targetHardwareAddress");
		}
		at += targetSize(value);
		putNetwork(bytes, at, value.targetProtocolAddress, "arp.targetProtocolAddress");
	},
});

function putHardware(bytes: Uint8Array, at: number, address: string | Uint8Array, field: string): void {
	if (typeof address === "string") putMac(bytes, at, address, field);
	else bytes.set(address, at);
}

function putNetwork(bytes: Uint8Array, at: number, address: string | Uint8Array, field: string): void {
	if (typeof address === "string") putInet4(bytes, at, address, field);
	else bytes.set(address, at);
}
