/**
 * A packet as it lies in the memory into which the kernel put it. One object serves a whole capture: it is moved from
 * packet to packet, and reads nothing before it is asked.
 */
import { ifIndextoname } from "../../sys/interfaces.js";
import {
	PACKET_BROADCAST,
	PACKET_HOST,
	PACKET_MULTICAST,
	PACKET_OTHERHOST,
	PACKET_OUTGOING,
	TP_STATUS_VLAN_TPID_VALID,
	TP_STATUS_VLAN_VALID,
} from "../../sys/linux/constants/packet.js";
import type {
	CapturedInterface,
	CapturedPacket,
	CapturedVlan,
	CopyablePacket,
	Direction,
} from "../captured.js";
import type { LinkName } from "../filter/links.js";

const ETH_P_8021Q = 0x8100;
const tagSize = 4;
/** How much room there must be in front of a packet: for a cooked header and a VLAN tag. */
export const headroom = 24;

const directions: ReadonlyMap<number, Direction> = new Map([
	[PACKET_HOST, "in"],
	[PACKET_BROADCAST, "broadcast"],
	[PACKET_MULTICAST, "multicast"],
	[PACKET_OTHERHOST, "otherhost"],
	[PACKET_OUTGOING, "out"],
]);

/** Behind how many bytes a VLAN tag is put back; a cooked header of version 2 has no place for it. */
const tagPlaces: Readonly<Partial<Record<LinkName, number>>> = { ethernet: 12, sll: 14 };

/** What is said of a packet beside its bytes, with offsets into the memory. */
export interface Notes {
	/** Where the packet begins. */
	start: number;
	/** How many bytes of it there are. */
	size: number;
	/** Its length on the wire. */
	length: number;
	seconds: number;
	nanoseconds: number;
	/** A mask of TP_STATUS_*. */
	status: number;
	tci: number;
	tpid: number;
}

/** A packet of a live capture, valid until the next one: for as long as the call of a handler. */
export class LivePacket implements CapturedPacket, CopyablePacket {
	/** How its bytes begin. */
	readonly link: LinkName;
	#memory: Buffer = Buffer.alloc(0);
	#start = 0;
	#size = 0;
	#length = 0;
	#seconds = 0;
	#nanoseconds = 0;
	#status = 0;
	#tci = 0;
	#tpid = 0;
	#addresses: Uint8Array = this.#memory;
	/** Where struct sockaddr_ll begins, of which nothing is read before it is asked for. */
	#address = 0;
	#bytes: Uint8Array | undefined;
	readonly #snaplen: number;
	readonly #tagAt: number;
	readonly #interfaces: Map<number, CapturedInterface> = new Map();

	/** @param putsTagsBack whether a VLAN tag is put back into the bytes */
	constructor(link: LinkName, snaplen: number, putsTagsBack: boolean) {
		this.link = link;
		this.#snaplen = snaplen;
		this.#tagAt = putsTagsBack ? (tagPlaces[link] ?? -1) : -1;
	}

	/**
	 * Moves to another packet. Internal.
	 * @param memory where the packet lies, with `headroom` in front of it, which is written to
	 * @param address where its struct sockaddr_ll begins, in `addresses`
	 */
	move(memory: Buffer, notes: Notes, addresses: Uint8Array, address: number): void {
		this.#memory = memory;
		this.#bytes = undefined;
		this.#start = notes.start;
		this.#size = notes.size;
		this.#length = notes.length;
		this.#seconds = notes.seconds;
		this.#nanoseconds = notes.nanoseconds;
		this.#status = notes.status;
		this.#tci = notes.tci;
		this.#tpid = notes.tpid;
		this.#addresses = addresses;
		this.#address = address;
		if (this.link === "sll2" || this.link === "sll") this.#cook(addresses, address);
		if (this.#tagAt >= 0 && this.#isTagged) this.#putTagBack(this.#tagAt);
		if (this.#size > this.#snaplen) this.#size = this.#snaplen;
	}

	/** What was captured, in memory that is used again: valid for the call only. */
	get bytes(): Uint8Array {
		this.#bytes ??= new Uint8Array(this.#memory.buffer, this.#memory.byteOffset + this.#start, this.#size);
		return this.#bytes;
	}

	/** How many bytes were captured: `bytes.length`. */
	get size(): number {
		return this.#size;
	}

	/** Copies the bytes into others, which have room for them: no view of them need be made for that. */
	copyTo(target: Uint8Array, at: number): void {
		this.#memory.copy(target, at, this.#start, this.#start + this.#size);
	}

	/** Its length on the wire, in bytes. */
	get length(): number {
		return this.#length;
	}

	/** When: whole seconds since 1970-01-01 UTC. */
	get seconds(): number {
		return this.#seconds;
	}

	/** When: the nanoseconds beyond the seconds. */
	get nanoseconds(): number {
		return this.#nanoseconds;
	}

	/** Where it was seen. */
	get interface(): CapturedInterface {
		const index = indexAt(this.#addresses, this.#address + 4);
		let found = this.#interfaces.get(index);
		if (found === undefined) {
			const name = ifIndextoname(index);
			found = { index, ...(typeof name === "string" ? { name } : {}) };
			this.#interfaces.set(index, found);
		}
		return found;
	}

	/** Which way it went; undefined for what the kernel itself sent to a socket. */
	get direction(): Direction | undefined {
		return directions.get(this.#addresses[this.#address + 10] as number);
	}

	/** The VLAN tag that was kept beside the bytes. */
	get vlan(): CapturedVlan | undefined {
		return this.#isTagged ? { tci: this.#tci, tpid: this.#tagType } : undefined;
	}

	/** A copy that lasts. */
	copy(): CapturedPacket {
		const { link, length, seconds, nanoseconds, direction, vlan } = this;
		return {
			bytes: this.bytes.slice(),
			length,
			seconds,
			nanoseconds,
			link,
			interface: this.interface,
			...(direction === undefined ? {} : { direction }),
			...(vlan === undefined ? {} : { vlan }),
		};
	}

	// Older kernels say no more of a tag than its number.
	get #isTagged(): boolean {
		return this.#tci !== 0 || (this.#status & TP_STATUS_VLAN_VALID) !== 0;
	}

	get #tagType(): number {
		return this.#tpid !== 0 || (this.#status & TP_STATUS_VLAN_TPID_VALID) !== 0 ? this.#tpid : ETH_P_8021Q;
	}

	#putTagBack(at: number): void {
		if (this.#size < at) return;
		const memory = this.#memory;
		const start = this.#start - tagSize;
		memory.copyWithin(start, this.#start, this.#start + at);
		const type = this.#tagType;
		memory[start + at] = type >>> 8;
		memory[start + at + 1] = type;
		memory[start + at + 2] = this.#tci >>> 8;
		memory[start + at + 3] = this.#tci;
		this.#start = start;
		this.#size += tagSize;
		this.#length += tagSize;
	}

	/** Makes the cooked header, as libpcap does. LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2. */
	#cook(from: Uint8Array, address: number): void {
		const to = this.#memory;
		const second = this.link === "sll2";
		const size = second ? 20 : 16;
		const at = this.#start - size;
		const hardware = second ? at + 8 : at + 2;
		const place = second ? at + 12 : at + 6;
		to.fill(0, at, this.#start);
		for (let byte = 0; byte < 8; byte++) to[place + byte] = from[address + 12 + byte] as number;
		to[hardware] = from[address + 9] as number;
		to[hardware + 1] = from[address + 8] as number;
		// The protocol is in network order already.
		const protocol = second ? at : at + 14;
		to[protocol] = from[address + 2] as number;
		to[protocol + 1] = from[address + 3] as number;
		if (second) {
			for (let byte = 0; byte < 4; byte++) to[at + 4 + byte] = from[address + 7 - byte] as number;
			to[at + 10] = from[address + 10] as number;
			to[at + 11] = from[address + 11] as number;
		} else {
			to[at + 1] = from[address + 10] as number;
			to[at + 5] = from[address + 11] as number;
		}
		this.#start = at;
		this.#size += size;
		this.#length += size;
	}
}

function indexAt(bytes: Uint8Array, at: number): number {
	const byte = (offset: number): number => bytes[at + offset] as number;
	return byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
}
