/**
 * What runs in a thread that has a listening socket of its own, beside those of others on the same port: a whole
 * server. The one that has started it hears of failures, and finds the counts in shared memory.
 */

import { Cidr } from "../../address/cidr.js";
import type { Address, AddressOf } from "../../address/types.js";
import type { SocketError } from "../../errors.js";
import type { Socket } from "../../socket/socket.js";
import { AsyncMixIn } from "../asyncmixin.js";
import type { RequestHandlerClass } from "../base.js";
import type { ServerStatistics } from "../observer.js";
import { StreamServer } from "../streamserver.js";
import { type ErrorData, errorData } from "./errors.js";
import { loadHandlers } from "./handlers.js";
import type { HostSurroundings } from "./host.js";
import type { RemoteSetup } from "./messages.js";

/** How a thread listens. */
export interface ListenSetup {
	/** The address that the server is bound to. */
	readonly address: Address;
	/** How many connections may stand in line in each thread. */
	readonly requestQueueSize: number;
	/** How many requests the thread handles at the same time. */
	readonly maxConnections: number;
	/** Whom to serve, and whom not to. */
	readonly allow: readonly string[] | null;
	readonly deny: readonly string[];
	/** Shared: where the thread writes what it counts. */
	readonly counts: Int32Array;
}

/** What such a thread is told beside an Order: to shut its server down. Null lets requests take as long as they do. */
export interface ListenOrder {
	readonly do: "shut down";
	readonly grace: number | null;
}

/** What such a thread tells beside a Report. */
export type ListenReport =
	/** It was shut down, and ended so many requests. */
	| { readonly did: "shut down"; readonly ended: number }
	/** For handleError(). */
	| { readonly did: "handler fail"; readonly error: ErrorData; readonly clientAddress: unknown }
	/** For handleAcceptError(). */
	| { readonly did: "accept fail"; readonly error: ErrorData };

/** The counts, in the order in which they are in shared memory. */
const countNames = [
	"accepted",
	"refused",
	"limited",
	"delayed",
	"finished",
	"failed",
	"proxyErrors",
	"tlsErrors",
	"ended",
	"active",
	"acceptErrors",
] as const satisfies readonly (keyof ServerStatistics)[];

/** Memory for the counts of a thread. */
export function sharedCounts(): Int32Array {
	return new Int32Array(new SharedArrayBuffer(4 * countNames.length));
}

/** What is in such memory. */
export function readCounts(counts: Int32Array): ServerStatistics {
	const entries = countNames.map((name, index) => [name, Atomics.load(counts, index)]);
	return Object.fromEntries(entries) as ServerStatistics;
}

class AnyStreamServer extends StreamServer<number> {
	override addressFamily = 0;
}

/** AsyncMixIn with any family, to derive from. */
const AsyncStream = AsyncMixIn(AnyStreamServer);

class ListeningServer extends AsyncStream {
	override allowReusePort = true;
	readonly #counts: Int32Array;
	readonly #report: (report: ListenReport) => void;

	constructor(
		setup: RemoteSetup,
		listen: ListenSetup,
		Handlers: RequestHandlerClass<Socket, Address>,
		report: (report: ListenReport) => void,
	) {
		super(listen.address, Handlers);
		this.#counts = listen.counts;
		this.#report = report;
		this.addressFamily = setup.family;
		this.socketType = setup.type;
		this.requestQueueSize = listen.requestQueueSize;
		this.maxConnections = listen.maxConnections;
		this.allow = listen.allow?.map((block) => new Cidr(block)) ?? null;
		this.deny = listen.deny.map((block) => new Cidr(block));
		Object.assign(this, setup.attributes);
	}

	protected override async runRequest(request: Socket, clientAddress: AddressOf<number>): Promise<void> {
		const running = super.runRequest(request, clientAddress);
		this.#count();
		try {
			await running;
		} finally {
			this.#count();
		}
	}

	/** After each request, those too that were refused. */
	override serviceActions(): void | Promise<void> {
		this.#count();
		return super.serviceActions();
	}

	override handleError(_request: Socket, clientAddress: AddressOf<number>, error: unknown): void {
		this.#report({ did: "handler fail", error: errorData(error), clientAddress });
	}

	override handleAcceptError(error: SocketError): void {
		this.#report({ did: "accept fail", error: errorData(error) });
	}

	#count(): void {
		const now = this.statistics();
		for (const [index, name] of countNames.entries()) Atomics.store(this.#counts, index, now[name]);
	}
}

/** What a listening thread needs of its surroundings. */
export interface ListeningSurroundings extends Pick<HostSurroundings, "leave"> {
	/** Sends a report to the server. */
	report(report: ListenReport | { did: "ready" } | { did: "give up"; error: ErrorData }): void;
}

/** Serves from a socket of its own until it is told to stop. */
export class ListeningHost {
	readonly #surroundings: ListeningSurroundings;
	readonly #server: ListeningServer;

	private constructor(surroundings: ListeningSurroundings, server: ListeningServer) {
		this.#surroundings = surroundings;
		this.#server = server;
	}

	/** Loads the handlers, listens, and reports "ready"; or reports "give up" and leaves, and gives undefined. */
	static async start(
		setup: RemoteSetup,
		listen: ListenSetup,
		surroundings: ListeningSurroundings,
	): Promise<ListeningHost | undefined> {
		let server: ListeningServer | undefined;
		try {
			const Handlers = (await loadHandlers(setup)) as RequestHandlerClass<Socket, Address>;
			server = new ListeningServer(setup, listen, Handlers, (report) => surroundings.report(report));
			server.open();
		} catch (error) {
			surroundings.report({ did: "give up", error: errorData(error) });
			surroundings.leave();
			return undefined;
		}
		// What it rejects with ends the thread, as an exception that nobody caught; there is another one then.
		void server.serveForever();
		surroundings.report({ did: "ready" });
		return new ListeningHost(surroundings, server);
	}

	/** Gives the server other attributes. */
	configure(attributes: Readonly<Record<string, unknown>>): void {
		Object.assign(this.#server, attributes);
	}

	/** Shuts the server down, and reports how many requests it ended; the thread is told to leave after that. */
	async shutDown(grace: number | null): Promise<void> {
		const ended = await this.#server.shutdown({ grace });
		this.#server.serverClose();
		this.#surroundings.report({ did: "shut down", ended });
	}

	/** Leaves when nothing is being handled any more. */
	async stop(): Promise<void> {
		this.#server.serverClose();
		await this.#server.shutdown({ grace: null });
		this.#surroundings.leave();
	}
}
