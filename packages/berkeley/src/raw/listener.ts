/**
 * What arrives while answers are waited for: a packet socket, which is ready before anything is sent.
 */

import type { Instruction } from "../capture/bpf/instruction.js";
import type { CapturedPacket, CapturedVlan, Direction } from "../capture/captured.js";
import { packet as packetOptions, so } from "../options/index.js";
import { u8, u16 } from "../packet/bytes.js";
import { Reassembler } from "../packet/index.js";
import { ifNametoindex } from "../resolve/interfaces.js";
import { DatagramBatch } from "../socket/datagrams/batch.js";
import type { Datagram } from "../socket/datagrams/datagram.js";
import type { Flow } from "../socket/flow.js";
import { Socket } from "../socket/socket.js";
import { CMSG_SPACE } from "../sys/cmsg.js";
import { ETH_P_8021Q, ETH_P_ALL } from "../sys/linux/constants/ethernet.js";
import { AF_PACKET } from "../sys/linux/constants/families.js";
import {
	PACKET_BROADCAST,
	PACKET_MR_PROMISC,
	PACKET_MULTICAST,
	PACKET_OTHERHOST,
	PACKET_OUTGOING,
} from "../sys/linux/constants/packet.js";
import { SOCK_DGRAM, SOCK_RAW } from "../sys/linux/constants/types.js";
import type { FrameLink } from "./framelink.js";
import { now } from "./wire.js";

/** What is listened to. */
export interface ListenerOptions {
	/** The interface; all of them when left out, and then their headers are taken off. */
	readonly interface?: string | undefined;
	/** How packets begin. */
	readonly link: FrameLink;
	/** Whether the kernel takes the link's header off. */
	readonly cooked: boolean;
	/** Which packets are handed over. */
	readonly program: readonly Instruction[];
	/** Whether frames for other stations are wanted too. */
	readonly promiscuous: boolean;
}

// The longest packet with an Ethernet header, and as many as a call takes.
const largestFrame = 65536 + 64;
const packetsAtOnce = 32;
const receiveBuffer = 4 << 20;
const controlSize = CMSG_SPACE(16) + CMSG_SPACE(20);
const vlanTypes: readonly number[] = [0x8100, 0x88a8];

/** A packet that came, in memory that is used again: what must last is asked for by `captured()`. */
export interface Arrival {
	/** The packet from its first header on; its fragments put together. */
	readonly bytes: Uint8Array;
	/** A copy, with what the kernel noted. */
	captured(): CapturedPacket;
}

/** Hands over what arrives. */
export class Listener {
	readonly #socket: Socket<typeof AF_PACKET>;
	readonly #options: ListenerOptions;
	readonly #handler: (arrival: Arrival) => void;
	readonly #reassembler = new Reassembler();
	readonly #flow: Flow;
	#dropped = 0;
	#backlog = 0;

	/**
	 * Opens the socket and begins.
	 * @param handler what it throws ends the listening
	 * @throws SocketError EPERM without CAP_NET_RAW
	 */
	constructor(options: ListenerOptions, handler: (arrival: Arrival) => void) {
		this.#options = options;
		this.#handler = handler;
		// Of protocol 0, so that nothing arrives before the filter is there.
		this.#socket = new Socket(AF_PACKET, options.cooked ? SOCK_DGRAM : SOCK_RAW, 0);
		try {
			this.#flow = this.#begin();
		} catch (error) {
			this.#socket.close();
			throw error;
		}
	}

	#begin(): Flow {
		const socket = this.#socket;
		const { interface: device = "", program, promiscuous } = this.#options;
		socket.set(so.attachFilter, program);
		try {
			socket.set(so.rcvbufforce, receiveBuffer);
		} catch {
			// Who may not have so much gets what net.core.rmem_max allows.
			socket.set(so.rcvbuf, receiveBuffer);
		}
		socket.set(so.timestampns, true);
		socket.set(packetOptions.auxdata, true);
		if (promiscuous) {
			socket.set(packetOptions.addMembership, {
				interface: ifNametoindex(device),
				type: PACKET_MR_PROMISC,
			});
		}
		socket.bind({ interface: device, protocol: ETH_P_ALL });
		const batch = new DatagramBatch(AF_PACKET, packetsAtOnce, largestFrame, { controlSize });
		return socket.recvManyEach(batch, (received) => {
			this.#backlog = received.length < received.capacity ? 0 : this.#backlog + 1;
			for (const datagram of received) this.#take(datagram);
		});
	}

	/** Rejected when nothing more can be received. */
	get ended(): Promise<void> {
		return this.#flow.ended;
	}

	/** How many packets the kernel had no room for. */
	get dropped(): number {
		// Reading it sets the kernel's to 0.
		if (!this.#socket.closed) this.#dropped += this.#socket.get(packetOptions.statistics).drops;
		return this.#dropped;
	}

	/** How many calls in a row found as much as they could take: while it grows, more waits to be looked at. */
	get backlog(): number {
		return this.#backlog;
	}

	/** Ends it. */
	close(): void {
		this.#flow.stop();
		this.#socket.close();
	}

	#take(datagram: Datagram<typeof AF_PACKET>): void {
		const { link } = this.#options;
		const vlan = link === "ethernet" ? vlanOf(datagram) : undefined;
		const bytes = vlan === undefined ? datagram.data : tagged(datagram.data, vlan);
		const network = link === "ethernet" ? networkAt(bytes) : 0;
		const packet = network < 0 ? bytes : this.#reassembler.add(bytes.subarray(network));
		if (packet === undefined) return;
		// A packet that is no fragment comes back as it is.
		const isWhole = network < 0 || packet.buffer === bytes.buffer;
		const whole = isWhole ? bytes : joined(bytes.subarray(0, network), packet);
		this.#handler({
			bytes: whole,
			captured: () => capturedOf(datagram, whole, link, vlan, isWhole),
		});
	}
}

function vlanOf({ ancillary }: Datagram<typeof AF_PACKET>): CapturedVlan | undefined {
	for (const message of ancillary) {
		if (message.name !== "PACKET_AUXDATA" || message.value === undefined) continue;
		const { vlanTci, vlanTpid = ETH_P_8021Q } = message.value;
		if (vlanTci !== undefined) return { tci: vlanTci, tpid: vlanTpid };
	}
	return undefined;
}

/** The frame as it was on the wire: the kernel takes the first tag off. */
function tagged(frame: Uint8Array, { tci, tpid }: CapturedVlan): Uint8Array {
	if (frame.length < 12) return frame;
	const bytes = new Uint8Array(frame.length + 4);
	bytes.set(frame.subarray(0, 12));
	bytes.set([tpid >>> 8, tpid & 0xff, tci >>> 8, tci & 0xff], 12);
	bytes.set(frame.subarray(12), 16);
	return bytes;
}

/** Where IP begins in an Ethernet frame; -1 where there is none. */
function networkAt(frame: Uint8Array): number {
	for (let at = 12; at + 2 <= frame.length; at += 4) {
		const type = u16(frame, at);
		if (vlanTypes.includes(type)) continue;
		const isIp = (type === 0x0800 || type === 0x86dd) && at + 3 <= frame.length;
		return isIp && u8(frame, at + 2) >>> 4 === (type === 0x0800 ? 4 : 6) ? at + 2 : -1;
	}
	return -1;
}

function joined(header: Uint8Array, packet: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(header.length + packet.length);
	bytes.set(header);
	bytes.set(packet, header.length);
	return bytes;
}

function capturedOf(
	datagram: Datagram<typeof AF_PACKET>,
	bytes: Uint8Array,
	link: FrameLink,
	vlan: CapturedVlan | undefined,
	isWhole: boolean,
): CapturedPacket {
	const { address, ancillary, size } = datagram;
	const stamp = ancillary.find((message) => message.name === "SCM_TIMESTAMPNS");
	const { seconds, nanoseconds } = (stamp?.name === "SCM_TIMESTAMPNS" ? stamp.value : undefined) ?? now();
	const cut = isWhole ? size - datagram.data.length : 0;
	const name = typeof address.interface === "string" ? address.interface : undefined;
	const index = typeof address.interface === "number" ? address.interface : indexOf(address.interface);
	return {
		bytes: new Uint8Array(bytes),
		length: bytes.length + cut,
		seconds,
		nanoseconds,
		link,
		...(index === undefined ? {} : { interface: { index, ...(name === undefined ? {} : { name }) } }),
		direction: directionOf(address.packetType),
		...(vlan === undefined ? {} : { vlan }),
	};
}

function indexOf(name: string): number | undefined {
	try {
		return ifNametoindex(name);
	} catch {
		return undefined;
	}
}

function directionOf(packetType: number | undefined): Direction {
	if (packetType === PACKET_BROADCAST) return "broadcast";
	if (packetType === PACKET_MULTICAST) return "multicast";
	if (packetType === PACKET_OTHERHOST) return "otherhost";
	return packetType === PACKET_OUTGOING ? "out" : "in";
}
