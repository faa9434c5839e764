/**
 * Makes the packet socket of a live capture, so that nothing is captured that was not asked for: until everything is
 * as it shall be, a filter lets nothing pass.
 */
import { SocketError, socketError } from "../../errors.js";
import { interfaceIndex } from "../../options/interface.js";
import * as packet from "../../options/packet.js";
import * as so from "../../options/so.js";
import { descriptorOf } from "../../socket/base.js";
import { Socket } from "../../socket/socket.js";
import * as arphrd from "../../sys/linux/constants/arphrd.js";
import {
	BPF_ABS,
	BPF_B,
	BPF_H,
	BPF_IMM,
	BPF_JEQ,
	BPF_JMP,
	BPF_K,
	BPF_LD,
	BPF_RET,
	SKF_AD_HATYPE,
	SKF_AD_OFF,
	SKF_AD_PKTTYPE,
} from "../../sys/linux/constants/bpf.js";
import { ETH_P_ALL } from "../../sys/linux/constants/ethernet.js";
import { AF_PACKET } from "../../sys/linux/constants/families.js";
import { PACKET_MR_PROMISC, PACKET_OUTGOING, TPACKET_V3 } from "../../sys/linux/constants/packet.js";
import { SOCK_DGRAM, SOCK_RAW } from "../../sys/linux/constants/types.js";
import { EINVAL, ENETDOWN } from "../../sys/linux/errnos.js";
import { canMap, Mapping } from "../../sys/mapping.js";
import type { Instruction } from "../bpf/instruction.js";
import { compileFilter } from "../filter/compile.js";
import { instruction } from "../filter/decision.js";
import type { LinkName } from "../filter/links.js";
import type { CheckedOptions, FanoutMode } from "./options.js";
import { LivePacket } from "./packet.js";
import { Queue } from "./queue.js";
import { Ring } from "./ring.js";
import type { Source } from "./source.js";

/** A socket that captures. */
export interface Opened {
	readonly socket: Socket<typeof AF_PACKET>;
	readonly source: Source;
	/** The interface's index; 0 for all. */
	readonly index: number;
	readonly fanout: { readonly id: number; readonly mode: FanoutMode } | undefined;
}

const rawTypes: readonly number[] = [
	arphrd.ARPHRD_NONE,
	arphrd.ARPHRD_RAWIP,
	arphrd.ARPHRD_TUNNEL,
	arphrd.ARPHRD_SIT,
];

/** The link of an interface's frames by its hardware type; undefined where a cooked header is made instead. */
function linkOf(hardwareType: number): LinkName | undefined {
	if (hardwareType === arphrd.ARPHRD_ETHER || hardwareType === arphrd.ARPHRD_LOOPBACK) return "ethernet";
	return rawTypes.includes(hardwareType) ? "raw" : undefined;
}

/** @throws SocketError ENODEV, ENETDOWN, EPERM …; FilterError */
export function openLive(options: CheckedOptions): Opened {
	const index = options.interface === "any" ? 0 : interfaceIndex("capture", options.interface);
	const link = index === 0 ? options.cooked : (linkOf(hardwareTypeOf(index)) ?? options.cooked);
	const program = programOf(options, link);
	const mayMap = canMap && options.ring !== false;
	if (mayMap) {
		const opened = attempt(options, index, link, program, true);
		if (!(opened instanceof SocketError)) return opened;
		if (options.ring === true) throw opened;
	} else if (options.ring === true) {
		throw socketError("mmap", -EINVAL, { advice: "this runtime cannot map a ring in a worker" });
	}
	const opened = attempt(options, index, link, program, false);
	if (opened instanceof SocketError) throw opened;
	return opened;
}

function hardwareTypeOf(index: number): number {
	using socket = new Socket(AF_PACKET, SOCK_DGRAM, 0);
	socket.bind({ interface: index, protocol: 0 });
	return socket.getsockname().hardwareType ?? arphrd.ARPHRD_NONE;
}

/** Opens it with a ring or without. Gives the error where it is the ring that is refused. */
function attempt(
	options: CheckedOptions,
	index: number,
	link: LinkName,
	program: readonly Instruction[],
	withRing: boolean,
): Opened | SocketError {
	const type = link === "ethernet" || link === "raw" ? SOCK_RAW : SOCK_DGRAM;
	const socket = new Socket(AF_PACKET, type, 0);
	let source: Source | undefined;
	try {
		const live = new LivePacket(link, options.snaplen, options.vlanInBytes);
		socket.set(so.attachFilter, [instruction(BPF_RET | BPF_K, 0)]);
		if (withRing) {
			const mapping = ringOf(socket, options);
			if (mapping instanceof SocketError) {
				socket.close();
				return mapping;
			}
			source = new Ring(mapping, live);
		} else {
			socket.set(so.timestampns, true);
			socket.set(packet.auxdata, true);
			makeRoom(socket, options.bufferSize);
			source = new Queue(options.snaplen, live);
		}
		if (options.promiscuous) {
			socket.set(packet.addMembership, { interface: index, type: PACKET_MR_PROMISC });
		}
		socket.bind({ interface: index, protocol: ETH_P_ALL });
		requireUp(socket, options.interface);
		const fanout = join(socket, options);
		// From here on packets come.
		socket.set(so.attachFilter, program);
		return { socket, source, index, fanout };
	} catch (error) {
		source?.end();
		socket.close();
		throw error;
	}
}

/** A ring, or why there is none. */
function ringOf(socket: Socket<typeof AF_PACKET>, options: CheckedOptions): Mapping | SocketError {
	const { blockSize, bufferSize, blockTimeout } = options;
	const blockNr = Math.floor(bufferSize / blockSize);
	try {
		socket.set(packet.version, TPACKET_V3);
		// Of the room that there is in front of a packet anyhow, long headers may leave nothing.
		socket.set(packet.reserve, 4);
		socket.set(packet.rxRing, {
			blockSize,
			blockNr,
			frameSize: blockSize,
			frameNr: blockNr,
			retireBlkTov: blockTimeout,
		});
	} catch (error) {
		if (error instanceof SocketError) return error;
		throw error;
	}
	const mapping = Mapping.of(descriptorOf(socket).open("mmap"), blockSize, blockNr);
	return typeof mapping === "number" ? (socketError("mmap", mapping) as SocketError) : mapping;
}

/** Room in the socket's queue: as much as was asked for where we may, or else as much as everybody may have. */
function makeRoom(socket: Socket<typeof AF_PACKET>, size: number): void {
	// The kernel takes twice what it is told, for what it needs itself.
	const half = Math.floor(size / 2);
	try {
		socket.set(so.rcvbufforce, half);
	} catch (error) {
		if (!(error instanceof SocketError)) throw error;
		socket.set(so.rcvbuf, half);
	}
}

function requireUp(socket: Socket<typeof AF_PACKET>, name: string | number): void {
	const error = socket.get(so.error);
	if (error === 0) return;
	const advice = error === ENETDOWN ? `the interface is down; \`ip link set ${name} up\`` : undefined;
	throw socketError("bind", -error, { subject: `capture at ${name}`, advice });
}

function join(
	socket: Socket<typeof AF_PACKET>,
	{ fanout, interface: name }: CheckedOptions,
): Opened["fanout"] {
	if (fanout === undefined) return undefined;
	const { id, type, flags, mode } = fanout;
	try {
		socket.set(packet.fanout, { id, type, flags });
	} catch (error) {
		if (!(error instanceof SocketError) || error.code !== "EINVAL") throw error;
		throw socketError("setsockopt", -EINVAL, {
			subject: `capture: joining group ${id}`,
			advice: `its members must have one interface (here ${name}), one mode (here ${mode}) and the same flags`,
		});
	}
	return { id: socket.get(packet.fanout).id, mode };
}

/** The whole program: what is not wanted of the direction, and then the filter. */
function programOf(options: CheckedOptions, link: LinkName): readonly Instruction[] {
	const { filter, snaplen, direction } = options;
	const program =
		typeof filter === "object"
			? filter
			: compileFilter(filter ?? "", { link, snapLength: snaplen, live: true });
	return [...directionOf(direction), ...program];
}

/**
 * Lets go on what has the direction. A packet on the loopback interface is seen as it goes out and as it comes in, and
 * captured once, as it comes in.
 */
function directionOf(direction: "in" | "out" | undefined): Instruction[] {
	const type = instruction(BPF_LD | BPF_B | BPF_ABS, SKF_AD_OFF + SKF_AD_PKTTYPE);
	const hardware = instruction(BPF_LD | BPF_H | BPF_ABS, SKF_AD_OFF + SKF_AD_HATYPE);
	const drop = instruction(BPF_RET | BPF_K, 0);
	const whenNot = (k: number, jf: number): Instruction => ({ code: BPF_JMP | BPF_JEQ | BPF_K, jt: 0, jf, k });
	// A program may count on the accumulator to begin with 0.
	const zero = instruction(BPF_LD | BPF_IMM, 0);
	if (direction === "in") return [type, whenNot(PACKET_OUTGOING, 1), drop, zero];
	const onceOnLoopback = [
		type,
		whenNot(PACKET_OUTGOING, 3),
		hardware,
		whenNot(arphrd.ARPHRD_LOOPBACK, 1),
		drop,
	];
	if (direction === undefined) return [...onceOnLoopback, zero];
	return [type, { ...whenNot(PACKET_OUTGOING, 0), jt: 1 }, drop, ...onceOnLoopback, zero];
}
