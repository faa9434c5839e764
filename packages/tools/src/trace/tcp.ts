/**
 * Probes by TCP: segments with SYN from one port to one port, told apart by their sequence numbers. Who answers with
 * SYN/ACK gets the kernel's RST, for no socket of its has the connection. It takes a raw socket.
 */
import { AF_INET6, IPPROTO_TCP, SOCK_RAW, SOCK_STREAM, Socket } from "berkeley";
import { build, dissect, ipv4, ipv6, TH_ACK, TH_RST, TH_SYN, tcp } from "berkeley/packet";
import { codeOf, describeFailure, Failure } from "../failure.js";
import { type Arrival, type Moment, ProbeSocket, type Refusal } from "../probing/probesocket.js";
import { sourceAddress } from "../probing/source.js";
import { receiveOnly } from "../probing/wordfilter.js";
import {
	type Flow,
	firstFlow,
	ipHeader,
	type Listener,
	ownAnswer,
	type Prober,
	type ProbeShape,
	refusedAnswer,
} from "./prober.js";

const usualPort = 80;
const tcpHeader = 24; // With the option of the segment's size.
// Of what ICMP quotes, the ports and the sequence number are in the first 8 bytes of TCP's header.
const quotedSize = 8;

/** Sends TCP segments with SYN. */
export class TcpProber implements Prober {
	readonly method = "tcp";
	readonly flow: Flow;
	readonly size: number;
	readonly #six: boolean;
	readonly #hosts: { source: string; destination: string };
	readonly #ports: { sourcePort: number; destinationPort: number };
	readonly #socket: ProbeSocket;
	/** Holds the source's port, so that nobody else gets it, and listens to nothing. */
	readonly #holder: Socket;
	readonly #listener: Listener;
	readonly #firstSequence = Math.floor(Math.random() * 0x100000000);

	/** Opens the sockets. @throws Failure where raw sockets are not allowed */
	static async open(shape: ProbeShape, listener: Listener): Promise<TcpProber> {
		return new TcpProber(shape, listener, await sourceAddress(shape.target, shape.source));
	}

	private constructor({ target, settings, port, flow }: ProbeShape, listener: Listener, source: string) {
		this.#six = target.family === AF_INET6;
		this.#listener = listener;
		this.size = ipHeader(target, AF_INET6) + tcpHeader;
		const { address } = target;
		this.#hosts = { source, destination: address.host };
		const local = { ...address, host: source };
		this.#holder = new Socket(target.family, SOCK_STREAM) as Socket;
		let socket: Socket | undefined;
		try {
			this.#holder.bind({ ...local, port: flow === undefined ? 0 : firstFlow + flow });
			const { port: sourcePort } = this.#holder.getsockname() as { port: number };
			this.#ports = { sourcePort, destinationPort: port ?? usualPort };
			this.flow = this.#ports;
			socket = openRaw(target.family);
			this.#socket = new ProbeSocket(socket, settings, {
				arrived: (arrival) => this.#arrived(arrival),
				refused: (refusal) => this.#refused(refusal),
			});
			receiveOnly(socket, [
				[0, this.#ports.destinationPort],
				[2, sourcePort],
			]);
			socket.bind({ ...local, port: 0 });
			// The error queue is then that of this host alone; it waits for nothing.
			socket.connectSync({ ...address, port: 0 });
		} catch (error) {
			this.#holder.close();
			socket?.close();
			throw error;
		}
	}

	/** A SYN has no data to leave out. */
	resize(): void {}

	async send(probe: number, ttl: number, moment: Moment, signal: AbortSignal): Promise<void> {
		await this.#socket.send([this.#segment(probe)], undefined, moment, { ttl, signal });
	}

	forget(): void {}

	receive(signal: AbortSignal): Promise<never> {
		return this.#socket.receive(0x10000, signal);
	}

	[Symbol.dispose](): void {
		this.#socket[Symbol.dispose]();
		this.#holder.close();
	}

	/** The segment alone; the IP header is there for the checksum, and the kernel makes its own. */
	#segment(probe: number): Uint8Array {
		const header = tcp({
			...this.#ports,
			sequence: (this.#firstSequence + probe) % 0x100000000,
			flags: TH_SYN,
			window: 5840,
			options: [{ kind: "mss", value: 1460 }],
		});
		const packet = this.#six ? build(ipv6(this.#hosts), header) : build(ipv4(this.#hosts), header);
		return packet.subarray(packet.length - tcpHeader);
	}

	/** Which probe a sequence number is of. */
	#probe(sequence: number): number {
		return (sequence - this.#firstSequence + 0x100000000) % 0x100000000;
	}

	#arrived(arrival: Arrival): void {
		const header = dissect(arrival.data, { first: this.#six ? tcp : ipv4 }).get(tcp);
		const { sourcePort, destinationPort } = this.#ports;
		if (header === undefined || (header.flags & TH_ACK) === 0) return;
		if (header.sourcePort !== destinationPort || header.destinationPort !== sourcePort) return;
		const probe = this.#probe((header.acknowledgment + 0xffffffff) % 0x100000000);
		const word = header.flags & TH_RST ? "RST" : header.flags & TH_SYN ? "SYN/ACK" : undefined;
		if (word !== undefined) this.#listener.answered(ownAnswer(probe, arrival, word));
	}

	#refused(refusal: Refusal): void {
		if (refusal.origin === "local") {
			this.#listener.blocked(refusal);
			return;
		}
		const { quoted } = refusal;
		const { sourcePort, destinationPort } = this.#ports;
		if (quoted.length < quotedSize) return;
		if (quoted.readUInt16BE(0) !== sourcePort || quoted.readUInt16BE(2) !== destinationPort) return;
		this.#listener.answered(refusedAnswer(this.#probe(quoted.readUInt32BE(4)), refusal));
	}
}

function openRaw(family: number): Socket {
	try {
		return new Socket(family, SOCK_RAW, IPPROTO_TCP);
	} catch (error) {
		if (codeOf(error) !== "EPERM" && codeOf(error) !== "EACCES") throw error;
		throw new Failure(`TCP probes: ${describeFailure(error)}; UDP probes need no privilege`, {
			cause: error,
		});
	}
}
