/**
 * `ThreadingMixIn`: requests are handled in a pool of worker threads.
 */
import { availableParallelism } from "node:os";
import { checkTimeout, type WaitOptions } from "../arguments.js";
import { type SocketError, timeoutError } from "../errors.js";
import { Descriptor } from "../socket/descriptor.js";
import { Socket } from "../socket/socket.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import type { ServerClass } from "./asyncmixin.js";
import type { ShutdownOptions } from "./base.js";
import { DatagramServer } from "./datagramserver.js";
import { addCounts, ListeningThreads } from "./listeningthreads.js";
import type { ServerStatistics } from "./observer.js";
import type { Place, PlaceLimits } from "./places.js";
import { PlacesMixIn, type PlacesServerClass, type PlacesServing } from "./placesmixin.js";
import type { ListenSetup } from "./remote/listener.js";
import type { RemoteSetup, Report } from "./remote/messages.js";
import { StreamServer } from "./streamserver.js";
import { startThread } from "./threadplace.js";

// setTimeout takes no more.
const longestTimer = 2 ** 31 - 1;

/** What ThreadingMixIn adds. The attributes hold for the threads that are started from then on. */
export interface ThreadingServing extends PlacesServing {
	/** How many worker threads there are; at first as many as the machine has cores for this process, at most 16. */
	workers: number;
	/**
	 * How many requests a thread handles at the same time; without limit at first. 1 is for handlers that block: then
	 * a request waits for whichever thread is free first, and not for the one that it was handed to.
	 */
	requestsPerWorker: number;
	/**
	 * Whether each thread has a listening socket of its own on the same port (SO_REUSEPORT), between which the kernel
	 * shares out the connections; false at first. It is for TCP. Nothing is handed over then, and this thread has no
	 * part in a request: statistics() has the sums of all threads and handleError() is called, with a closed socket;
	 * but verifyRequest() is not asked, endRequest() does not know the requests, the diagnostics channels are those of
	 * the threads, and each has its share of `maxConnections`. What stands in line at a thread that ends is reset.
	 */
	listenInWorkers: boolean;
	/**
	 * Whether the process may end while threads are still at work, after serverClose(); false at first, as in Python,
	 * where it is daemon_threads. Python's block_on_close is not there: serverClose() never blocks, and shutdown() and
	 * close(), which are awaited, are fulfilled when the threads are gone.
	 */
	daemonThreads: boolean;
}

/** A class of servers with ThreadingMixIn in it. */
export type ThreadingServerClass<Base extends ServerClass> = PlacesServerClass<Base, ThreadingServing>;

/**
 * A class of servers whose requests are handled in a pool of worker threads: accepted here, and handed to the thread
 * that has the least to do. `class Mine extends ThreadingMixIn(TCPServer) {}`. Instead of a class of handlers the
 * server takes the URL of a module that has it. Limits and timeouts are those of AsyncMixIn.
 * @param Base TCPServer, UDPServer, UnixStreamServer, UnixDatagramServer, or a class derived from one
 */
export function ThreadingMixIn<Base extends ServerClass>(Base: Base): ThreadingServerClass<Base> {
	// Abstract for the compiler alone: Base has what BaseServer lacks.
	abstract class ThreadingServer extends PlacesMixIn("ThreadingMixIn", Base) implements ThreadingServing {
		workers: number = Math.min(availableParallelism(), 16);
		requestsPerWorker: number = Number.POSITIVE_INFINITY;
		listenInWorkers = false;
		daemonThreads = false;
		readonly #listening = new ListeningThreads({
			handlerFailed: (error, clientAddress) => {
				try {
					this.handleError(closedSocket(this), clientAddress, error);
				} catch (failure) {
					this.raise(failure);
				}
			},
			acceptFailed: (error) => this.handleAcceptError(error as SocketError),
		});

		override get activeRequests(): number {
			return super.activeRequests + this.#listening.counts.active;
		}

		override statistics(): ServerStatistics {
			return addCounts(super.statistics(), this.#listening.counts);
		}

		override checkPlaces(): void {
			super.checkPlaces();
			checkWorkers(this);
			if (this.listenInWorkers && this.limits !== null) {
				throw new TypeError("with listenInWorkers there are no limits: each thread would count for itself");
			}
		}

		override placeLimits(): PlaceLimits {
			const { workers, requestsPerWorker } = this;
			return { least: workers, most: workers, each: requestsPerWorker, spare: 0 };
		}

		/** With listenInWorkers the socket is bound in here, too, so that the port stays the server's. */
		override serverBind(): void {
			if (this.listenInWorkers) (this as unknown as StreamServer<number>).allowReusePort = true;
			super.serverBind();
		}

		override serverActivate(): void {
			if (this.listenInWorkers) this.getRequest = nothing;
			else super.serverActivate();
		}

		override handleRequest(): Promise<void> {
			if (!this.listenInWorkers) return super.handleRequest();
			return Promise.reject(new TypeError("with listenInWorkers there is serveForever() alone"));
		}

		override async shutdown(options: ShutdownOptions = {}): Promise<number> {
			const grace = checkTimeout("grace", options.grace === undefined ? this.gracePeriod : options.grace);
			if (!this.listenInWorkers) return await super.shutdown(options);
			const ended = await this.#listening.shutdown(grace, this.workerPatience, () => this.leavePlaces());
			return ended + (await super.shutdown(options));
		}

		override startPlace(
			setup: RemoteSetup,
			report: (report: Report) => void,
			signal: AbortSignal,
		): Promise<Place> {
			const daemon = this.daemonThreads;
			if (!this.listenInWorkers) {
				const socket = this instanceof DatagramServer ? this.socket : undefined;
				return startThread({ setup, socket, daemon }, report, signal);
			}
			return this.#listening.start((counts, hear) => {
				const listen = listenSetup(this as unknown as StreamServer<number> & ThreadingServing, counts);
				return startThread({ setup, socket: undefined, listen, hear, daemon }, report, signal);
			});
		}
	}
	return ThreadingServer as unknown as ThreadingServerClass<Base>;
}

/** Requires that the attributes can be served with. Internal. */
export function checkWorkers(server: ThreadingServing): void {
	const { workers, requestsPerWorker, listenInWorkers } = server;
	if (!Number.isInteger(workers) || workers < 1) {
		throw new RangeError(`workers must be a whole number from 1 on, not ${String(workers)}`);
	}
	if (!(requestsPerWorker >= 1)) {
		throw new RangeError(`requestsPerWorker must be at least 1, not ${String(requestsPerWorker)}`);
	}
	if (!listenInWorkers) return;
	const isStream = server instanceof StreamServer;
	if (!isStream || (server.addressFamily !== AF_INET && server.addressFamily !== AF_INET6)) {
		throw new TypeError("listenInWorkers is for servers of TCP connections: no others can share a port so");
	}
}

function listenSetup(server: StreamServer<number> & ThreadingServing, counts: Int32Array): ListenSetup {
	const { allow, deny, maxConnections, workers } = server;
	return {
		address: server.serverAddress,
		requestQueueSize: server.requestQueueSize,
		maxConnections: Math.max(1, Math.floor(maxConnections / workers)),
		allow: allow?.map(String) ?? null,
		deny: deny.map(String),
		counts,
	};
}

/** No request ever comes; it rejects as accepting would when none came in time. */
function nothing({ timeout, signal }: WaitOptions = {}): Promise<never> {
	return new Promise((_, reject) => {
		const limit = timeout ?? null;
		const over = (error: unknown): void => {
			clearTimeout(timer);
			signal?.removeEventListener("abort", aborted);
			reject(error);
		};
		const aborted = (): void => over(signal?.reason);
		// Also without one something has to keep the process: the threads need not.
		const timer = setTimeout(
			() => over(timeoutError("accept", limit ?? longestTimer)),
			Math.min(limit ?? longestTimer, longestTimer),
		);
		if (signal?.aborted) aborted();
		else signal?.addEventListener("abort", aborted);
	});
}

/** What stands for a connection that was another thread's. */
function closedSocket(server: object): Socket {
	const { addressFamily, socketType } = server as StreamServer<number>;
	return new Socket(addressFamily, socketType, 0, new Descriptor(-1));
}
