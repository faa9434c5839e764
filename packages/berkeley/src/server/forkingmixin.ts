/**
 * `ForkingMixIn`: requests are handled in child processes.
 *
 * What differs from Python, on purpose: this runtime cannot fork itself. A child is another process of the runtime,
 * that loads the handlers from their module, and is used again; so there are idle ones that are kept ready.
 */
import { kindOf } from "../address/bytes.js";
import { checkTimeout } from "../arguments.js";
import { SocketError } from "../errors.js";
import { Socket } from "../socket/socket.js";
import { SHUT_RDWR } from "../sys/linux/constants/shutdown.js";
import type { ServerClass } from "./asyncmixin.js";
import type { ServeForeverOptions } from "./base.js";
import { type ChildPlace, startChild } from "./childplace.js";
import { DatagramServer } from "./datagramserver.js";
import type { Place, PlaceLimits } from "./places.js";
import { PlacesMixIn, type PlacesServerClass, type PlacesServing } from "./placesmixin.js";
import type { RemoteSetup, Report } from "./remote/messages.js";

/** What ForkingMixIn adds. The attributes may be set at any time, and hold for what begins from then on. */
export interface ForkingServing extends PlacesServing {
	/**
	 * How many child processes there are at most, 40 at first, as in Python. Each handles one request at a time. When
	 * all do, the server accepts nothing: further connections wait in the kernel.
	 */
	maxChildren: number;
	/** How many idle children serveForever() keeps ready, 2 at first: to start one takes a tenth of a second. */
	spareChildren: number;
	/** How many requests a child handles in its life; null, at first, for any number. 1 is as in Python. */
	maxRequestsPerChild: number | null;
	/** Milliseconds after which idle children above `spareChildren` are ended, null for never; 60,000 at first. */
	childIdleTimeout: number | null;
	/**
	 * What stands before the program on the command line of a child; null, at first, for what stands there of this
	 * process, without what is for it alone, such as --inspect. On Deno that is `run --allow-all`.
	 */
	execArgv: readonly string[] | null;
	/** Whether shutdown() and close() wait until all children are gone, which they do at first. Python's block_on_close. */
	blockOnClose: boolean;
	/** The process ids of the children that handle a request. */
	readonly activeChildren: ReadonlySet<number>;
	/** The process ids of all children, those too that start, wait for a request, or leave. */
	readonly children: ReadonlySet<number>;
	/**
	 * Ends the children that have been idle for too long: see `childIdleTimeout`. Called by handleTimeout() and
	 * serviceActions(). Children that have ended need no collecting: the runtime does that.
	 */
	collectChildren(): void;
}

/** A class of servers with ForkingMixIn in it. */
export type ForkingServerClass<Base extends ServerClass> = PlacesServerClass<Base, ForkingServing>;

/**
 * A class of servers whose requests are handled in child processes, one at a time in each: accepted here, and handed
 * over by SCM_RIGHTS. `class Mine extends ForkingMixIn(TCPServer) {}`. Instead of a class of handlers the server
 * takes the URL of a module that has it. A child that dies takes its request with it, of which handleError() is told
 * by a ChildExitError, and nothing else. Limits and timeouts are those of AsyncMixIn; `timeout` is 300,000 at first.
 * Children end with the process that has started them, however that ends. The server has a descriptor of each
 * connection until its request is over: what a handler closes before its end is closed then.
 * @param Base TCPServer, UDPServer, UnixStreamServer, UnixDatagramServer, or a class derived from one
 */
export function ForkingMixIn<Base extends ServerClass>(Base: Base): ForkingServerClass<Base> {
	// Abstract for the compiler alone: Base has what BaseServer lacks.
	abstract class ForkingServer extends PlacesMixIn("ForkingMixIn", Base) implements ForkingServing {
		override timeout: number | null = 300_000;
		maxChildren = 40;
		spareChildren = 2;
		maxRequestsPerChild: number | null = null;
		childIdleTimeout: number | null = 60_000;
		execArgv: readonly string[] | null = null;
		blockOnClose = true;
		readonly #children = new Set<ChildPlace>();
		#ended: Promise<void> | undefined = undefined;
		/** Called when a request is over: those who wait for room. */
		readonly #waiting: (() => void)[] = [];

		get activeChildren(): ReadonlySet<number> {
			return pidsOf([...this.#children].filter(({ busy }) => busy));
		}

		get children(): ReadonlySet<number> {
			return pidsOf(this.#children);
		}

		collectChildren(): void {
			if (this.childIdleTimeout !== null) this.collectPlaces(this.childIdleTimeout);
		}

		override handleTimeout(): void | Promise<void> {
			this.collectChildren();
			return super.handleTimeout();
		}

		override serviceActions(): void | Promise<void> {
			this.collectChildren();
			return super.serviceActions();
		}

		override serveForever(options?: ServeForeverOptions): Promise<void> {
			const refused = this.serving;
			const serving = super.serveForever(options);
			if (refused || !this.serving) return serving;
			this.#ended = this.#serve(serving);
			return this.#ended;
		}

		/** The same promise as that of serveForever(), so that nobody has to take what it rejects with twice. */
		override get ended(): Promise<void> {
			return this.#ended ?? super.ended;
		}

		async #serve(serving: Promise<void>): Promise<void> {
			this.#reference(true);
			try {
				await serving;
			} finally {
				this.#reference(this.serving);
			}
		}

		/** While the server does not serve, the program does not go on for the sake of idle children. */
		#reference(referenced: boolean): void {
			for (const child of this.#children) child.referenced = referenced;
		}

		override async processRequest(request: unknown, clientAddress: unknown): Promise<void> {
			this.checkPlaces();
			await super.processRequest(request, clientAddress);
			while (this.activeRequests >= this.maxChildren) {
				await new Promise<void>((resolve) => this.#waiting.push(resolve));
			}
		}

		protected override async runRequest(request: unknown, clientAddress: unknown): Promise<void> {
			try {
				await super.runRequest(request, clientAddress);
			} finally {
				for (const goOn of this.#waiting.splice(0)) goOn();
			}
		}

		override endRequest(request: unknown, reason: Error): boolean {
			// The child has a descriptor of its own, which nobody can close for it. This wakes a handler that blocks on it.
			if (request instanceof Socket && !this.signalOf(request).aborted) endConnection(request);
			return super.endRequest(request, reason);
		}

		override checkPlaces(): void {
			super.checkPlaces();
			checkChildren(this);
		}

		override placeLimits(): PlaceLimits {
			return { least: 0, most: this.maxChildren, each: 1, spare: this.serving ? this.spareChildren : 0 };
		}

		override spent(served: number, ended: boolean): boolean {
			// What a handler goes on with that was ended must not meet another request.
			return ended || (this.maxRequestsPerChild !== null && served >= this.maxRequestsPerChild);
		}

		override waitsForPlaces(): boolean {
			return this.blockOnClose;
		}

		override startPlace(
			setup: RemoteSetup,
			report: (report: Report) => void,
			signal: AbortSignal,
		): Promise<Place> {
			const options = {
				setup,
				socket: this instanceof DatagramServer ? this.socket : undefined,
				execArgv: this.execArgv,
				killDelay: this.workerPatience,
				referenced: this.serving,
				awaited: this.blockOnClose,
				born: (child: ChildPlace) => {
					this.#children.add(child);
					void child.gone.then(() => this.#children.delete(child));
				},
			};
			return startChild(options, report, signal);
		}
	}
	return ForkingServer as unknown as ForkingServerClass<Base>;
}

/** Requires that the attributes can be served with. Internal. */
export function checkChildren(server: ForkingServing): void {
	const { maxRequestsPerChild, execArgv } = server;
	checkCount("maxChildren", server.maxChildren, 1);
	checkCount("spareChildren", server.spareChildren, 0);
	if (maxRequestsPerChild !== null) checkCount("maxRequestsPerChild", maxRequestsPerChild, 1);
	checkTimeout("childIdleTimeout", server.childIdleTimeout);
	if (execArgv === null) return;
	if (!Array.isArray(execArgv) || execArgv.some((argument) => typeof argument !== "string")) {
		throw new TypeError(`execArgv must be null or an array of strings, not ${kindOf(execArgv)}`);
	}
}

function pidsOf(children: Iterable<ChildPlace>): Set<number> {
	return new Set(Array.from(children, ({ pid }) => pid));
}

function checkCount(name: string, value: number, least: number): void {
	if (Number.isInteger(value) && value >= least) return;
	throw new RangeError(`${name} must be a whole number from ${least} on, not ${String(value)}`);
}

function endConnection(request: Socket): void {
	try {
		request.shutdown(SHUT_RDWR);
	} catch (error) {
		// The client may have ended it before.
		if (!(error instanceof SocketError)) throw error;
	}
}
