/**
 * Probes by ICMP echoes of one identifier and one checksum: routers that choose a path by the first four bytes behind
 * the IP header see one flow. The data make up for the sequence number, which tells the probes apart.
 */
import { AF_INET6 } from "berkeley";
import { EchoSocket } from "../probing/echosocket.js";
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

const icmpHeader = 8;
const usualData = 32;
const balanceSize = 2;

/** Sends ICMP echo requests. */
export class IcmpProber implements Prober {
	readonly method = "icmp";
	readonly flow: Flow;
	size = 0;
	readonly #headers: number;
	readonly #target: ProbeShape["target"];
	readonly #echo: EchoSocket;
	readonly #socket: ProbeSocket;
	#data: Buffer = Buffer.alloc(0);
	readonly #listener: Listener;

	/** @throws Failure when no kind of socket is allowed */
	constructor({ target, source, settings, flow, size }: ProbeShape, listener: Listener) {
		this.#headers = ipHeader(target, AF_INET6) + icmpHeader;
		this.resize(size ?? this.#headers + usualData);
		this.#target = target;
		this.#listener = listener;
		this.#echo = new EchoSocket(target, source, flow === undefined ? undefined : firstFlow + flow);
		this.flow = { identifier: this.#echo.identifier };
		this.#socket = new ProbeSocket(this.#echo.socket, settings, {
			arrived: (arrival) => this.#arrived(arrival),
			refused: (refusal) => this.#refused(refusal),
		});
	}

	resize(size: number): void {
		this.size = Math.max(size, this.#headers + balanceSize);
		this.#data = Buffer.alloc(this.size - this.#headers, "HIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefg");
	}

	async send(probe: number, ttl: number, moment: Moment, signal: AbortSignal): Promise<void> {
		const sequence = probe + 1;
		// In the sum of one's complements a number and its complement are nothing (RFC 1071).
		this.#data.writeUInt16BE(~sequence & 0xffff);
		const request = this.#echo.request(sequence, this.#data);
		await this.#socket.send([request], this.#target.address, moment, { ttl, signal });
	}

	forget(): void {}

	receive(signal: AbortSignal): Promise<never> {
		return this.#socket.receive(0x10000, signal);
	}

	[Symbol.dispose](): void {
		this.#socket[Symbol.dispose]();
	}

	#arrived(arrival: Arrival): void {
		const message = this.#echo.answer(arrival.data);
		if (message?.isSound) {
			this.#listener.answered(ownAnswer(message.sequence - 1, arrival, "echo reply"));
		}
	}

	#refused(refusal: Refusal): void {
		if (refusal.origin === "local") {
			this.#listener.blocked(refusal);
			return;
		}
		const sequence = this.#echo.quoted(refusal.quoted);
		if (sequence !== undefined) this.#listener.answered(refusedAnswer(sequence - 1, refusal));
	}
}
