/**
 * Probes one UDP port: sends what the service there understands, and takes what comes back, a datagram or an ICMP
 * error, which the kernel keeps in the socket's error queue.
 */
import { SOCK_DGRAM, Socket } from "berkeley";
import { describeFailure } from "../failure.js";
import { sendWhenRoom } from "../probing/fullqueue.js";
import { isPortUnreachable } from "../probing/icmptext.js";
import { describeIcmp, type IcmpError, queueErrors, takeError } from "./icmp.js";
import { printable } from "./payloads/bytes.js";
import { type Exchange, type Payload, recognized } from "./payloads/payload.js";
import { payloadOf } from "./payloads/registry.js";
import { addressAt, type Host, type Targets } from "./targets.js";
import { inMilliseconds, type Verdict } from "./verdict.js";

const largestDatagram = 65535;

/** A port that is probed, with a socket of its own until close(). */
export class PortProbe {
	readonly port: number;
	/** How often the port was asked. */
	attempts = 0;
	/** Settles when there is a verdict. */
	readonly settled: Promise<Verdict>;
	#settle: (verdict: Verdict) => void = () => {};
	#verdict: Verdict | undefined;
	readonly #host: Host;
	readonly #socket: Socket;
	readonly #payload: Payload;
	readonly #exchange: Exchange;
	#began = 0;
	#sent = 0;

	constructor(family: Targets["family"], host: Host, port: number) {
		this.port = port;
		this.#host = host;
		this.#payload = payloadOf(port);
		this.#exchange = this.#payload.prepare();
		// Not connected: TFTP answers from another port.
		this.#socket = new Socket(family, SOCK_DGRAM);
		queueErrors(this.#socket);
		this.#socket.bind({ host: "", port: 0 });
		this.settled = new Promise((resolve) => {
			this.#settle = resolve;
		});
		void this.#listen();
	}

	/** What was found; undefined as long as nothing came. */
	get verdict(): Verdict | undefined {
		return this.#verdict;
	}

	/** Asks once more. What cannot be sent is a verdict too. */
	async send(signal: AbortSignal): Promise<void> {
		this.attempts++;
		if (this.attempts === 1) this.#began = performance.now();
		for (const request of this.#exchange.requests) {
			if (this.#verdict !== undefined) return;
			this.#sent = performance.now();
			try {
				const address = addressAt(this.#host, this.port);
				await sendWhenRoom(() => this.#socket.sendto(request, address, { signal }), signal);
			} catch (error) {
				signal.throwIfAborted();
				this.#failed(error);
			}
		}
	}

	/** How long ago it was asked for the first time, in milliseconds. */
	get milliseconds(): number {
		return performance.now() - this.#began;
	}

	/** Ends it. */
	close(): void {
		this.#socket.close();
	}

	async #listen(): Promise<void> {
		while (this.#verdict === undefined) {
			try {
				const [data, sender] = await this.#socket.recvfrom(largestDatagram);
				const { host, port } = sender as { host: string; port: number };
				// Another host's datagrams prove nothing about this one.
				if (host === this.#host.host) this.#answered(data, port);
			} catch (error) {
				if (this.#socket.closed) return;
				this.#failed(error);
			}
		}
	}

	#answered(data: Buffer, from: number): void {
		const milliseconds = performance.now() - this.#sent;
		const { name } = this.#payload;
		const says = name === "" ? undefined : recognized(this.#exchange, data);
		const shown = `${data.length} bytes${data.length > 0 ? ` "${printable(data, 40)}"` : ""}`;
		const what =
			name === ""
				? `answer of ${shown}`
				: says === undefined
					? `answer that is no ${name}: ${shown}`
					: `${name}: ${says}`;
		const origin = from === this.port ? "" : ` from port ${from}`;
		this.#found({
			port: this.port,
			state: "open",
			reason: "reply",
			evidence: `${what}${origin} in ${inMilliseconds(milliseconds)}`,
			attempts: this.attempts,
			milliseconds,
			reply: { protocol: name || undefined, says, length: data.length, port: from },
		});
	}

	/** What the error queue says; where it says nothing, it is this machine that failed. */
	#failed(error: unknown): void {
		for (let entry = takeError(this.#socket); entry !== undefined; entry = takeError(this.#socket)) {
			if (entry.icmp === undefined) continue;
			this.#found(this.#unreachable(entry.icmp));
			return;
		}
		// The other of sending and receiving has had it.
		if (this.#verdict !== undefined) return;
		const evidence = describeFailure(error);
		this.#found({ port: this.port, state: "unknown", reason: "local-error", evidence });
	}

	#found(verdict: Verdict): void {
		this.#verdict ??= verdict;
		this.#settle(this.#verdict);
	}

	#unreachable(icmp: IcmpError): Verdict {
		const milliseconds = performance.now() - this.#sent;
		const isClosed =
			isPortUnreachable(icmp.version, { type: icmp.type, subcode: icmp.code }) &&
			icmp.from === this.#host.host;
		return {
			port: this.port,
			state: isClosed ? "closed" : "filtered",
			reason: "icmp",
			evidence: `${describeIcmp(this.#host, icmp)} in ${inMilliseconds(milliseconds)}`,
			attempts: this.attempts,
			milliseconds,
			icmp,
		};
	}
}
