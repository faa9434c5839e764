/**
 * What a socket of datagrams sends and receives, as packets.
 */
import type { Address } from "../address/types.js";
import type { CapturedInterface } from "../capture/captured.js";
import { describeAddress } from "../errors.js";
import { build } from "../packet/index.js";
import { ifNametoindex } from "../resolve/interfaces.js";
import type { Socket } from "../socket/socket.js";
import { AF_INET, AF_INET6, AF_PACKET } from "../sys/linux/constants/families.js";
import { IPPROTO_UDP, IPPROTO_UDPLITE } from "../sys/linux/constants/protocols.js";
import { SOCK_DGRAM, SOCK_RAW } from "../sys/linux/constants/types.js";
import { type End, ipBetween, largestPayload, udpPacket } from "./madeup.js";
import type { Trace } from "./trace.js";

const udpProtocols: readonly number[] = [0, IPPROTO_UDP, IPPROTO_UDPLITE];

/** The address of those that have none: the ends of Unix sockets are ports of it. */
const madeUpHost = "127.0.0.1";
const ownPort = 1;

/**
 * Records a socket's datagrams. Frames of a packet socket are recorded as they are; what internet sockets send gets
 * the IP and UDP headers that it has on the wire, but for what only the kernel knows; and others become UDP between
 * ports of 127.0.0.1, 1 for the socket itself, with the names in the comment.
 */
export class DatagramTrace {
	readonly #socket: Socket;
	readonly #trace: Trace;
	readonly #ports = new Map<string, number>();
	readonly #interfaces = new Map<string, CapturedInterface>();

	/** @throws TypeError for packet sockets of SOCK_DGRAM, whose frames lack their header */
	constructor(socket: Socket, trace: Trace) {
		this.#socket = socket;
		this.#trace = trace;
		if (trace.records && socket.family === AF_PACKET && socket.type !== SOCK_RAW) {
			throw new TypeError("trace: a packet socket must be SOCK_RAW, for others have no link-layer header");
		}
	}

	/** Whether anything is recorded. */
	get records(): boolean {
		return this.#trace.records;
	}

	/** Records a datagram. @param peer who is or was at the other end; the connected one when left out */
	record(sent: boolean, data: Uint8Array, peer: Address | undefined, comment: string | undefined): void {
		if (!this.#trace.records) return;
		const { family, type, proto } = this.#socket;
		const direction = sent ? "out" : "in";
		if (family === AF_PACKET) {
			const at = peer ?? this.#socket.getsockname();
			const name = typeof at === "object" && "interface" in at ? at.interface : undefined;
			const seen = typeof name === "string" && name !== "" ? { interface: this.#interface(name) } : {};
			this.#trace.record(new Uint8Array(data), "ethernet", { direction, comment, ...seen });
			return;
		}
		const shown = data.subarray(0, largestPayload);
		const beyond = data.length - shown.length;
		const make = (): [packet: Uint8Array, words: string | undefined] => {
			if (family !== AF_INET && family !== AF_INET6) return this.#madeUp(sent, shown, peer, comment);
			const own = endOf(this.#socket.getsockname());
			const other = endOf(peer ?? this.#connected());
			const [from, to] = sent ? [own, other] : [other, own];
			if (type === SOCK_DGRAM && udpProtocols.includes(proto)) return [udpPacket(from, to, shown), comment];
			// Raw IPv4 sockets receive the header too.
			if (type === SOCK_RAW && family === AF_INET && !sent) return [new Uint8Array(shown), comment];
			return [build(ipBetween(from, to, proto), shown), comment];
		};
		const [packet, words] = make();
		this.#trace.record(packet, "raw", { direction, comment: words }, packet.length + beyond);
	}

	#interface(name: string): CapturedInterface {
		const known = this.#interfaces.get(name);
		if (known !== undefined) return known;
		const found = { index: ifNametoindex(name), name };
		this.#interfaces.set(name, found);
		return found;
	}

	#connected(): Address | undefined {
		try {
			return this.#socket.getpeername();
		} catch {
			return undefined; // It has no peer, or lost it.
		}
	}

	#madeUp(
		sent: boolean,
		data: Uint8Array,
		peer: Address | undefined,
		comment: string | undefined,
	): [packet: Uint8Array, words: string] {
		const other = describeAddress(peer ?? this.#connected());
		const own = describeAddress(this.#socket.getsockname());
		const ends = [
			{ host: madeUpHost, port: ownPort },
			{ host: madeUpHost, port: this.#portOf(other) },
		] as const;
		const names = sent ? `${own} > ${other}` : `${other} > ${own}`;
		const packet = sent ? udpPacket(ends[0], ends[1], data) : udpPacket(ends[1], ends[0], data);
		return [packet, comment === undefined ? names : `${names}, ${comment}`];
	}

	#portOf(name: string): number {
		let port = this.#ports.get(name);
		if (port === undefined) {
			// Beyond this many they share one: a trace must not grow without end.
			port = Math.min(ownPort + 1 + this.#ports.size, 0xffff);
			if (port < 0xffff) this.#ports.set(name, port);
		}
		return port;
	}
}

function endOf(address: Address | undefined): End {
	if (typeof address === "object" && "host" in address && "port" in address) return address;
	return { host: "", port: 0 };
}
