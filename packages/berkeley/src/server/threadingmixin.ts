/**
 * `ThreadingMixIn`: requests are handled in a pool of worker threads.
 */
import { availableParallelism } from "node:os";
import type { ServerClass } from "./asyncmixin.js";
import { DatagramServer } from "./datagramserver.js";
import type { Place, PlaceLimits } from "./places.js";
import { PlacesMixIn, type PlacesServerClass, type PlacesServing } from "./placesmixin.js";
import type { RemoteSetup, Report } from "./remote/messages.js";
import { startThread } from "./threadplace.js";

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
		daemonThreads = false;

		override checkPlaces(): void {
			super.checkPlaces();
			checkWorkers(this);
		}

		override limits(): PlaceLimits {
			const { workers, requestsPerWorker } = this;
			return { least: workers, most: workers, each: requestsPerWorker, spare: 0 };
		}

		override startPlace(
			setup: RemoteSetup,
			report: (report: Report) => void,
			signal: AbortSignal,
		): Promise<Place> {
			const socket = this instanceof DatagramServer ? this.socket : undefined;
			return startThread({ setup, socket, daemon: this.daemonThreads }, report, signal);
		}
	}
	return ThreadingServer as unknown as ThreadingServerClass<Base>;
}

/** Requires that the attributes can be served with. Internal. */
export function checkWorkers({ workers, requestsPerWorker }: ThreadingServing): void {
	if (!Number.isInteger(workers) || workers < 1) {
		throw new RangeError(`workers must be a whole number from 1 on, not ${String(workers)}`);
	}
	if (!(requestsPerWorker >= 1)) {
		throw new RangeError(`requestsPerWorker must be at least 1, not ${String(requestsPerWorker)}`);
	}
}
