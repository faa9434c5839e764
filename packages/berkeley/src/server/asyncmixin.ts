/**
 * `AsyncMixIn`: requests are handled side by side, all in this event loop.
 */
import { kindOf } from "../address/bytes.js";
import type { Address } from "../address/types.js";
import { checkTimeout } from "../arguments.js";
import { timeoutError } from "../errors.js";
import { reactor } from "../reactor/reactor.js";
import { Socket } from "../socket/socket.js";
import type { BaseServer, ServeForeverOptions } from "./base.js";

/** A class of servers, as a mix-in takes it. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript wants exactly this of a class that is mixed in (TS2545).
export type ServerClass = new (...args: any[]) => BaseServer<any, any>;

/** What AsyncMixIn adds. The attributes may be set at any time, and hold for what begins from then on. */
export interface AsyncServing {
	/**
	 * How many requests are handled at the same time; 1000 at first. At the limit the server accepts nothing: further
	 * connections wait in the kernel, and datagrams too, as long as there is room.
	 */
	maxConnections: number;
	/**
	 * Milliseconds that a connection may keep an operation of its handler waiting, null, at first, for no limit: it
	 * becomes the timeout of each accepted socket, so that a silent client makes recv() throw a TimeoutError. A
	 * handler that receives by recvEach() gives it that timeout itself.
	 */
	idleTimeout: number | null;
	/**
	 * Milliseconds that a request may take in all, null, at first, for no limit: then it is ended, its connection
	 * closed and its signal aborted, and handleError() gets a TimeoutError. It holds for clients that send a little
	 * now and then, too.
	 */
	totalTimeout: number | null;
}

/** A class of servers with AsyncMixIn in it. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type AsyncServerClass<Base extends ServerClass> = Base & (new (...args: any[]) => AsyncServing);

/**
 * A class of servers whose requests are handled side by side in this event loop, as Python's ThreadingMixIn does in
 * threads: `class Mine extends AsyncMixIn(TCPServer) {}`. A handler that computes for long holds the others up.
 * @param Base TCPServer, UDPServer, UnixStreamServer, UnixDatagramServer, or a class derived from one
 */
export function AsyncMixIn<Base extends ServerClass>(Base: Base): AsyncServerClass<Base> {
	if (typeof Base !== "function")
		throw new TypeError(`AsyncMixIn takes a class of servers, not ${kindOf(Base)}`);

	// Abstract for the compiler alone: Base has what BaseServer lacks.
	abstract class AsyncServer extends Base implements AsyncServing {
		maxConnections = 1000;
		idleTimeout: number | null = null;
		totalTimeout: number | null = null;
		/** Called when a request is over: those who wait for room. */
		readonly #waiting: (() => void)[] = [];

		protected override get sideBySide(): boolean {
			return true;
		}

		override serveForever(options?: ServeForeverOptions): Promise<void> {
			try {
				checkLimits(this);
			} catch (error) {
				return Promise.reject(error);
			}
			return super.serveForever(options);
		}

		override processRequest(request: unknown, clientAddress: unknown): void | Promise<void> {
			checkLimits(this);
			void this.#process(request, clientAddress);
			if (this.activeRequests >= this.maxConnections) return this.#room();
		}

		/** Waits until there is room for another request. */
		async #room(): Promise<void> {
			while (this.activeRequests >= this.maxConnections) {
				await new Promise<void>((resolve) => this.#waiting.push(resolve));
			}
		}

		async #process(request: unknown, clientAddress: unknown): Promise<void> {
			try {
				await this.#run(request, clientAddress);
			} catch (error) {
				this.raise(error);
			}
		}

		async #run(request: unknown, clientAddress: unknown): Promise<void> {
			const { idleTimeout, totalTimeout } = this;
			if (idleTimeout !== null && request instanceof Socket) request.settimeout(idleTimeout);
			const { deadlines } = reactor();
			const deadline =
				totalTimeout === null
					? undefined
					: deadlines.add(performance.now() + totalTimeout, () => {
							const reason = timeoutError("request", totalTimeout, clientAddress as Address);
							this.endRequest(request, reason);
						});
			try {
				await this.runRequest(request, clientAddress);
			} catch (error) {
				this.reportError(request, clientAddress, error);
			} finally {
				if (deadline !== undefined) deadlines.remove(deadline);
				try {
					this.shutdownRequest(request);
				} finally {
					for (const goOn of this.#waiting.splice(0)) goOn();
				}
			}
		}
	}
	return AsyncServer as unknown as AsyncServerClass<Base>;
}

/** Requires that the attributes can be served with. Internal. */
export function checkLimits({ maxConnections, idleTimeout, totalTimeout }: AsyncServing): void {
	if (!(maxConnections >= 1)) {
		throw new RangeError(`maxConnections must be at least 1, not ${String(maxConnections)}`);
	}
	checkTimeout("idleTimeout", idleTimeout);
	checkTimeout("totalTimeout", totalTimeout);
}
