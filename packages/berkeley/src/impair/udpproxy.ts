/**
 * `udpProxy()`: datagrams between any programs, by way of lines with faults.
 */
import { checkInteger } from "../address/bytes.js";
import type { SocketError } from "../errors.js";
import { Socket } from "../socket/socket.js";
import { SOCK_DGRAM } from "../sys/linux/constants/types.js";
import { checkTime } from "./impairments.js";
import { injectors, type Plan } from "./injector.js";
import { Line, type LineStatistics, noStatistics, sumOf } from "./line.js";
import { udpPacket } from "./madeup.js";
import { type CheckedOptions, checkOptions, checkSignal, closeBy, type RelayOptions } from "./options.js";
import {
	checkProxyAddress,
	ownAddress,
	type ProxyAddress,
	type ResolvedAddress,
	resolveProxyAddress,
} from "./proxyaddresses.js";
import { commentOn, Trace } from "./trace.js";
import type { Verdict } from "./verdict.js";

/** The directions of links and proxies: from the client to the target, or from the first interface to the second; and back. */
export type RelayDirection = "there" | "back";

/** How a UDP proxy is made. */
export interface UdpProxyOptions extends RelayOptions {
	/** Where clients send to; a free port of 127.0.0.1 when left out. */
	readonly listen?: ProxyAddress | undefined;
	/** After so many milliseconds without a datagram a client is forgotten; 60,000 when left out. */
	readonly idle?: number | undefined;
	/** How many clients are remembered; beyond them the one that was silent longest is forgotten. 1000 when left out. */
	readonly clients?: number | undefined;
}

/** What a proxy has done. */
export interface ProxyStatistics extends Readonly<Record<RelayDirection, LineStatistics>> {
	/** How many clients there were. */
	readonly flows: number;
	/** How many are remembered. */
	readonly open: number;
	/** How often sending or receiving failed: ECONNREFUSED of a target that is not there … */
	readonly errors: number;
}

const largestDatagram = 0x10000;
const defaultIdle = 60_000;
const defaultClients = 1000;
const passing = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EMSGSIZE", "EPROTO", "EACCES"];

interface Flow {
	readonly client: ResolvedAddress["address"];
	readonly socket: Socket;
	readonly there: Line<undefined>;
	readonly back: Line<undefined>;
	readonly timer: NodeJS.Timeout;
}

/**
 * A UDP proxy with faults. Each client has a socket of its own to the target, and flows, which are numbered from 1 in
 * the order of their first datagrams, have their own packet numbers and verdicts.
 */
export class UdpProxy {
	/** Where clients send to. */
	readonly address: ProxyAddress;
	/** The seed, for a run like this one. */
	readonly seed: number;
	/** Fulfilled when it is closed; rejected when it cannot receive any more, or with what a function of the plan throws. */
	readonly ended: Promise<void>;
	readonly #listener: Socket;
	readonly #target: ResolvedAddress;
	readonly #plan: Plan<RelayDirection>;
	readonly #options: CheckedOptions;
	readonly #idle: number;
	readonly #most: number;
	readonly #trace: Trace;
	/** By the client; the one that was silent longest is the first. */
	readonly #flows = new Map<string, Flow>();
	readonly #forgetSignal: () => void;
	#over = { there: noStatistics, back: noStatistics };
	#count = 0;
	#errors = 0;
	#fulfil: () => void = () => {};
	#reject: (reason: unknown) => void = () => {};

	/** As udpProxy() makes it. */
	constructor(
		listener: Socket,
		target: ResolvedAddress,
		plan: Plan<RelayDirection>,
		checked: CheckedOptions,
		options: UdpProxyOptions,
	) {
		this.#listener = listener;
		this.#target = target;
		this.#plan = plan;
		this.#options = checked;
		this.#idle = options.idle ?? defaultIdle;
		this.#most = options.clients ?? defaultClients;
		this.#trace = new Trace(checked.trace);
		this.address = listener.getsockname() as ProxyAddress;
		this.seed = checked.seed;
		this.#forgetSignal = closeBy(options.signal, () => this.close());
		this.ended = new Promise((resolve, reject) => {
			this.#fulfil = resolve;
			this.#reject = reject;
		});
		void this.#serve();
	}

	/** What passed, of all clients. */
	get statistics(): ProxyStatistics {
		const flows = [...this.#flows.values()];
		return {
			there: sumOf([this.#over.there, ...flows.map(({ there }) => there.statistics)]),
			back: sumOf([this.#over.back, ...flows.map(({ back }) => back.statistics)]),
			flows: this.#count,
			open: flows.length,
			errors: this.#errors,
		};
	}

	/** Waits until no datagram waits any more. */
	async drained(): Promise<void> {
		await Promise.all(
			[...this.#flows.values()].flatMap(({ there, back }) => [there.drained(), back.drained()]),
		);
	}

	/** Ends it; what waits is lost. */
	close(): void {
		this.#forgetSignal();
		this.#listener.close();
		for (const key of [...this.#flows.keys()]) this.#forget(key);
		this.#fulfil();
	}

	/** close(). */
	[Symbol.dispose](): void {
		this.close();
	}

	async #serve(): Promise<void> {
		try {
			for (;;) {
				const [data, from] = await this.#listener.recvfrom(largestDatagram);
				this.#flowOf(from as ResolvedAddress["address"])?.there.put(data, undefined);
			}
		} catch (error) {
			this.#abort(error);
		}
	}

	/** Ends it because of an error, unless it is closed. */
	#abort(error: unknown): void {
		if (this.#listener.closed) return;
		this.#reject(error);
		this.close();
	}

	#flowOf(client: ResolvedAddress["address"]): Flow | undefined {
		const key = `${client.port} ${client.host}`;
		const known = this.#flows.get(key);
		if (known !== undefined) {
			known.timer.refresh();
			this.#flows.delete(key);
			this.#flows.set(key, known);
			return known;
		}
		if (this.#flows.size >= this.#most) this.#forget(this.#flows.keys().next().value as string);
		const socket = this.#connect();
		if (socket === undefined) return undefined;
		this.#count += 1;
		const { seed, log } = this.#options;
		const { there, back } = injectors(this.#plan, ["there", "back"], seed, this.#count);
		const { address: target } = this.#target;
		const flow: Flow = {
			client,
			socket,
			there: new Line(
				there,
				{
					deliver: (data, _, verdict, copy) => {
						this.#record(client, target, data, verdict, copy);
						return socket.send(new Uint8Array(data)).catch(this.#fail);
					},
					lose: (data, _, verdict) => this.#record(client, target, data, verdict, 0),
				},
				log,
			),
			back: new Line(
				back,
				{
					deliver: (data, _, verdict, copy) => {
						this.#record(target, client, data, verdict, copy);
						return this.#listener.sendto(new Uint8Array(data), client).catch(this.#fail);
					},
					lose: (data, _, verdict) => this.#record(target, client, data, verdict, 0),
				},
				log,
			),
			timer: setTimeout(() => this.#forget(key), this.#idle),
		};
		this.#flows.set(key, flow);
		void this.#answer(flow, key);
		return flow;
	}

	/** A socket to the target; undefined, and an error counted, where there is none to be had. */
	#connect(): Socket | undefined {
		let socket: Socket | undefined;
		try {
			socket = new Socket(this.#target.family, SOCK_DGRAM);
			socket.settimeout(null);
			socket.connectSync(this.#target.address);
			return socket;
		} catch {
			this.#errors += 1;
			socket?.close();
			return undefined;
		}
	}

	async #answer(flow: Flow, key: string): Promise<void> {
		while (!flow.socket.closed) {
			let data: Buffer;
			try {
				data = await flow.socket.recv(largestDatagram);
			} catch (error) {
				if (flow.socket.closed) return;
				this.#errors += 1;
				// Each is told once; what else there may be would come again at once.
				if (!passing.includes((error as SocketError).code)) this.#forget(key);
				continue;
			}
			try {
				flow.timer.refresh();
				flow.back.put(data, undefined);
			} catch (error) {
				// What a function of the plan has thrown.
				this.#abort(error);
			}
		}
	}

	#forget(key: string): void {
		const flow = this.#flows.get(key);
		if (flow === undefined) return;
		this.#flows.delete(key);
		clearTimeout(flow.timer);
		flow.there.close();
		flow.back.close();
		this.#over = {
			there: sumOf([this.#over.there, flow.there.statistics]),
			back: sumOf([this.#over.back, flow.back.statistics]),
		};
		flow.socket.close();
	}

	readonly #fail = (): void => {
		this.#errors += 1;
	};

	#record(
		source: ProxyAddress,
		destination: ProxyAddress,
		data: Uint8Array,
		verdict: Verdict,
		copy: number,
	): void {
		if (!this.#trace.records) return;
		this.#trace.record(udpPacket(source, destination, data), "raw", { comment: commentOn(verdict, copy) });
	}
}

/**
 * A UDP proxy: clients send to its `address` instead of to the target, and what the target answers comes back to them,
 * both ways by lines with faults. Whatever the programs are written in.
 *
 *     using proxy = await udpProxy({ host: "127.0.0.1", port: 53 }, { there: { loss: 0.2 }, back: { delay: 100 } });
 *     // dig @127.0.0.1 -p ${proxy.address.port} …
 *
 * @param target a host by address, or by name, which is looked up as IPv4 once
 * @param plan impairments for either direction, or `replay(log)`
 * @throws TypeError, RangeError for what is no plan, address or option; SocketError of bind(); GaiError
 */
export async function udpProxy(
	target: ProxyAddress,
	plan: Plan<RelayDirection>,
	options: UdpProxyOptions = {},
): Promise<UdpProxy> {
	checkProxyAddress(target, "target");
	const checked = checkOptions(options, ["signal", "listen", "idle", "clients"]);
	injectors(plan, ["there", "back"], checked.seed);
	const { listen = ownAddress, idle, clients, signal } = options;
	checkProxyAddress(listen, "listen");
	if (idle !== undefined) checkTime(idle, "idle");
	if (clients !== undefined) checkInteger(clients, 1, 100_000, "clients");
	checkSignal(signal);
	const [from, to] = await Promise.all([resolveProxyAddress(listen), resolveProxyAddress(target)]);
	signal?.throwIfAborted();
	const listener = new Socket(from.family, SOCK_DGRAM);
	try {
		listener.settimeout(null);
		listener.bind(from.address);
		return new UdpProxy(listener, to, plan, checked, options);
	} catch (error) {
		listener.close();
		throw error;
	}
}
