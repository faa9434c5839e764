/**
 * Probes by UDP: from one port to one port, told apart by their data, and with that by their checksum. ICMP errors
 * come through the error queue, so that no privilege is needed.
 */
import { AF_INET6, SOCK_DGRAM, Socket } from "berkeley";
import { type Arrival, type Moment, ProbeSocket, type Refusal } from "../probing/probesocket.js";
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

/** Where nothing listens as a rule: the first port of traceroute. */
const usualPort = 33434;
const udpHeader = 8;
const usualData = 32;
const numberSize = 2;

/** Sends UDP probes. */
export class UdpProber implements Prober {
	readonly method = "udp";
	readonly flow: Flow;
	size = 0;
	readonly #headers: number;
	readonly #socket: ProbeSocket;
	#data: Buffer = Buffer.alloc(0);
	readonly #listener: Listener;
	/** Under way, in the order of sending. */
	readonly #pending = new Set<number>();

	/** @throws SocketError */
	constructor({ target, source, settings, port = usualPort, flow, size }: ProbeShape, listener: Listener) {
		this.#headers = ipHeader(target, AF_INET6) + udpHeader;
		this.resize(size ?? this.#headers + usualData);
		this.#listener = listener;
		const socket = new Socket(target.family, SOCK_DGRAM) as Socket;
		this.#socket = new ProbeSocket(socket, settings, {
			arrived: (arrival) => this.#arrived(arrival),
			refused: (refusal) => this.#refused(refusal),
		});
		try {
			if (source.host !== undefined || flow !== undefined) {
				const any = target.family === AF_INET6 ? "::" : "0.0.0.0";
				socket.bind({ host: source.host ?? any, port: flow === undefined ? 0 : firstFlow + flow });
			}
			// The error queue is then that of this flow alone; it waits for nothing.
			socket.connectSync({ ...target.address, port });
			this.flow = {
				sourcePort: (socket.getsockname() as { port: number }).port,
				destinationPort: port,
			};
		} catch (error) {
			socket.close();
			throw error;
		}
	}

	resize(size: number): void {
		this.size = Math.max(size, this.#headers + numberSize);
		this.#data = Buffer.alloc(this.size - this.#headers, "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_");
	}

	async send(probe: number, ttl: number, moment: Moment, signal: AbortSignal): Promise<void> {
		this.#data.writeUInt16BE(probe);
		this.#pending.add(probe);
		await this.#socket.send([this.#data], undefined, moment, { ttl, signal });
	}

	forget(probe: number): void {
		this.#pending.delete(probe);
	}

	receive(signal: AbortSignal): Promise<never> {
		return this.#socket.receive(0x10000, signal);
	}

	[Symbol.dispose](): void {
		this.#socket[Symbol.dispose]();
	}

	/** A service answers: by our own data, or else it must be taken for the answer to the oldest probe. */
	#arrived(arrival: Arrival): void {
		const { data } = arrival;
		const named = data.length >= numberSize ? data.readUInt16BE(0) : undefined;
		const [oldest] = this.#pending;
		const isEcho = named !== undefined && this.#pending.has(named) && data.length === this.#data.length;
		const probe = isEcho ? named : oldest;
		if (probe === undefined) return;
		this.#pending.delete(probe);
		this.#listener.answered(ownAnswer(probe, arrival, "data"));
	}

	#refused(refusal: Refusal): void {
		if (refusal.origin === "local") {
			this.#listener.blocked(refusal);
			return;
		}
		const { quoted } = refusal;
		// Some routers quote no more than the headers: then it is sure only when a single probe is under way.
		const [first] = this.#pending;
		const probe = quoted.length >= numberSize ? quoted.readUInt16BE(0) : first;
		if (probe === undefined || !this.#pending.has(probe)) return;
		if (quoted.length < numberSize && this.#pending.size > 1) {
			// All are sent once more, one by one.
			this.#pending.clear();
			this.#listener.unnamed();
			return;
		}
		this.#pending.delete(probe);
		this.#listener.answered(refusedAnswer(probe, refusal));
	}
}
