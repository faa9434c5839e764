/**
 * `tcpProxy()`: connections between any programs, with faults.
 */
import { checkInteger } from "../address/bytes.js";
import type { SocketError } from "../errors.js";
import { nodelay } from "../options/tcp.js";
import { createServer } from "../socket/create.js";
import { Socket } from "../socket/socket.js";
import { SHUT_WR } from "../sys/linux/constants/shutdown.js";
import { SOCK_STREAM } from "../sys/linux/constants/types.js";
import { Cutter, type StreamPart } from "./cutter.js";
import { MadeUpConnection } from "./madeup.js";
import { checkSignal, closeBy } from "./options.js";
import {
	checkProxyAddress,
	ownAddress,
	type ProxyAddress,
	type ResolvedAddress,
	resolveProxyAddress,
} from "./proxyaddresses.js";
import { reset } from "./reset.js";
import { StreamLine, type StreamStatistics } from "./streamline.js";
import { checkPlan, type StreamOptions, type StreamPlan } from "./streamplan.js";
import { Trace } from "./trace.js";
import type { RelayDirection } from "./udpproxy.js";

/** How a TCP proxy is made. */
export interface TcpProxyOptions extends StreamOptions {
	/** Where clients connect to; a free port of 127.0.0.1 when left out. */
	readonly listen?: ProxyAddress | undefined;
	/** How many connections there may be at a time; those beyond wait to be accepted. 1000 when left out. */
	readonly connections?: number | undefined;
	/** Closes it when it fires. */
	readonly signal?: AbortSignal | undefined;
}

/** What a TCP proxy has done. */
export interface TcpProxyStatistics extends Readonly<Record<RelayDirection, StreamStatistics>> {
	/** How many connections there were. */
	readonly flows: number;
	/** How many there are. */
	readonly open: number;
	/** How many could not be brought to the target, or broke otherwise than by the plan. */
	readonly errors: number;
}

const readSize = 0x10000;
const defaultConnections = 1000;
const acceptPause = 100;
const none: StreamStatistics = { bytes: 0, delivered: 0, impaired: 0, waiting: 0 };

/**
 * A TCP proxy with faults. Connections, flows, are numbered from 1 in the order in which they come, and each has fates
 * of its own.
 */
export class TcpProxy {
	/** Where clients connect to. */
	readonly address: ProxyAddress;
	/** The seed, for a run like this one. */
	readonly seed: number;
	/** Fulfilled when it is closed; rejected when it cannot accept any more. */
	readonly ended: Promise<void>;
	readonly #listener: Socket;
	readonly #target: ResolvedAddress;
	readonly #plan: StreamPlan<RelayDirection>;
	readonly #most: number;
	readonly #trace: Trace;
	readonly #flows = new Set<Flow>();
	readonly #forgetSignal: () => void;
	#over = { there: none, back: none };
	#count = 0;
	#errors = 0;
	#wake: (() => void) | undefined;

	/** As tcpProxy() makes it. */
	constructor(
		listener: Socket,
		target: ResolvedAddress,
		plan: StreamPlan<RelayDirection>,
		seed: number,
		options: TcpProxyOptions,
	) {
		this.#listener = listener;
		this.#target = target;
		this.#plan = plan;
		this.#most = options.connections ?? defaultConnections;
		this.#trace = new Trace(options.trace);
		this.address = listener.getsockname() as ProxyAddress;
		this.seed = seed;
		this.#forgetSignal = closeBy(options.signal, () => this.close());
		this.ended = this.#serve();
	}

	/** What passed, of all connections. */
	get statistics(): TcpProxyStatistics {
		const flows = [...this.#flows];
		return {
			there: [this.#over.there, ...flows.map(({ there }) => there.statistics)].reduce(sum),
			back: [this.#over.back, ...flows.map(({ back }) => back.statistics)].reduce(sum),
			flows: this.#count,
			open: this.#flows.size,
			errors: this.#errors,
		};
	}

	/** Ends it, and resets the connections. */
	close(): void {
		this.#forgetSignal();
		this.#listener.close();
		this.#wake?.();
		for (const flow of [...this.#flows]) flow.reset();
	}

	/** close(). */
	[Symbol.dispose](): void {
		this.close();
	}

	async #serve(): Promise<void> {
		for (;;) {
			let client: Socket;
			try {
				if (this.#flows.size >= this.#most) await new Promise<void>((wake) => (this.#wake = wake));
				[client] = await this.#listener.accept();
			} catch (error) {
				if (this.#listener.closed) return;
				const { code } = error as SocketError;
				if (code === "ECONNABORTED") continue;
				if (code === "EMFILE" || code === "ENFILE" || code === "ENOBUFS" || code === "ENOMEM") {
					this.#errors += 1;
					await this.#pause();
					continue;
				}
				this.close();
				throw error;
			}
			client.settimeout(null);
			void this.#handle(client, ++this.#count);
		}
	}

	/** Until others may have given back what lacks; close() ends it. */
	#pause(): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, acceptPause);
			this.#wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}

	async #handle(client: Socket, number: number): Promise<void> {
		let flow: Flow;
		try {
			flow = this.#begin(client, number);
		} catch {
			// The client has gone already, or there is no descriptor for the other half.
			this.#errors += 1;
			reset(client);
			return;
		}
		this.#flows.add(flow);
		try {
			await flow.run(this.#target.address);
		} catch {
			if (!flow.isReset || flow.isBroken) this.#errors += 1;
			flow.reset();
		}
		this.#flows.delete(flow);
		this.#over = {
			there: sum(this.#over.there, flow.there.statistics),
			back: sum(this.#over.back, flow.back.statistics),
		};
		this.#wake?.();
	}

	#begin(client: Socket, number: number): Flow {
		const source = client.getpeername() as ProxyAddress;
		const trace = new MadeUpConnection(source, this.#target.address, (packet, _, comment) =>
			this.#trace.record(packet, "raw", { comment }),
		);
		const target = new Socket(this.#target.family, SOCK_STREAM);
		const records = this.#trace.records ? trace : undefined;
		return new Flow(client, target, this.#plan, this.seed, number, records);
	}
}

/** A connection and its continuation. */
class Flow {
	readonly there: StreamLine;
	readonly back: StreamLine;
	/** Whether it was reset, by the plan or because the proxy was closed. */
	isReset = false;
	/** Whether an end of it failed. */
	isBroken = false;
	readonly #client: Socket;
	readonly #target: Socket;
	readonly #trace: MadeUpConnection | undefined;

	constructor(
		client: Socket,
		target: Socket,
		plan: StreamPlan<RelayDirection>,
		seed: number,
		number: number,
		trace: MadeUpConnection | undefined,
	) {
		this.#client = client;
		this.#target = target;
		this.#trace = trace;
		const line = (direction: RelayDirection, to: Socket): StreamLine => {
			const cutter = new Cutter(plan[direction] ?? {}, seed, direction, number);
			if (cutter.impairments.apart) to.set(nodelay, true);
			return new StreamLine(cutter, (part) => this.#deliver(part, direction === "there", to));
		};
		this.there = line("there", target);
		this.back = line("back", client);
	}

	/** Moves bytes until both directions have ended. */
	async run(address: ResolvedAddress["address"]): Promise<void> {
		this.#target.settimeout(null);
		await this.#target.connect(address);
		this.#trace?.begin();
		this.there.begin();
		this.back.begin();
		await Promise.all([this.#pump(this.#client, this.there), this.#pump(this.#target, this.back)]);
		await Promise.all([this.there.drained(), this.back.drained()]);
		this.#close();
	}

	/** Breaks it off, so that both ends see ECONNRESET. */
	reset(comment?: string): void {
		if (this.isReset) return;
		this.isReset = true;
		this.#trace?.reset(false, comment);
		reset(this.#client);
		reset(this.#target);
		this.#close();
	}

	#close(): void {
		this.there.close();
		this.back.close();
		this.#client.close();
		this.#target.close();
	}

	async #pump(from: Socket, line: StreamLine): Promise<void> {
		for (;;) {
			await line.whenRoom();
			const data = await from.recv(Math.min(readSize, line.room));
			if (data.length === 0) break;
			line.put(data);
		}
		line.end();
	}

	async #deliver({ bytes, act, comment }: StreamPart, there: boolean, to: Socket): Promise<void> {
		if (act === "reset") {
			this.reset(comment);
			return;
		}
		try {
			if (act === "end") {
				this.#trace?.end(there, comment);
				to.shutdown(SHUT_WR);
				return;
			}
			this.#trace?.data(there, bytes, comment);
			await to.sendall(bytes);
		} catch {
			// Who receives has gone, which the sender is told as the kernel tells it.
			this.isBroken = !this.isReset;
			this.reset();
		}
	}
}

function sum(one: StreamStatistics, other: StreamStatistics): StreamStatistics {
	return {
		bytes: one.bytes + other.bytes,
		delivered: one.delivered + other.delivered,
		impaired: one.impaired + other.impaired,
		waiting: one.waiting + other.waiting,
	};
}

/**
 * A TCP proxy: clients connect to its `address` instead of to the target, and what is sent passes with faults, each
 * way. Whatever the programs are written in.
 *
 *     using proxy = await tcpProxy({ host: "127.0.0.1", port: 8080 }, { back: { rate: 10_000, reset: { at: 50_000 } } });
 *     // curl http://127.0.0.1:${proxy.address.port}/
 *
 * @param target a host by address, or by name, which is looked up as IPv4 once
 * @param plan impairments for either direction: "there" is what clients send
 * @throws TypeError, RangeError for what is no plan, address or option; SocketError of bind(); GaiError
 */
export async function tcpProxy(
	target: ProxyAddress,
	plan: StreamPlan<RelayDirection>,
	options: TcpProxyOptions = {},
): Promise<TcpProxy> {
	checkProxyAddress(target, "target");
	const seed = checkPlan(plan, ["there", "back"], options, ["listen", "connections", "signal"]);
	const { listen = ownAddress, connections, signal } = options;
	checkProxyAddress(listen, "listen");
	if (connections !== undefined) checkInteger(connections, 1, 100_000, "connections");
	checkSignal(signal);
	const [from, to] = await Promise.all([resolveProxyAddress(listen), resolveProxyAddress(target)]);
	signal?.throwIfAborted();
	const listener = createServer<number>(from.address as never, { family: from.family });
	listener.settimeout(null);
	return new TcpProxy(listener, to, plan, seed, options);
}
