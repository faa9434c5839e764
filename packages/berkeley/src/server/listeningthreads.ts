/**
 * Threads that have listening sockets of their own, seen from the server that has started them: what they count, what
 * they tell, and how they are shut down.
 */

import type { ServerStatistics } from "./observer.js";
import type { Place } from "./places.js";
import { errorFrom } from "./remote/errors.js";
import { type ListenReport, readCounts, sharedCounts } from "./remote/listener.js";
import type { ListeningPlace } from "./threadplace.js";

// setTimeout takes no more.
const longestTimer = 2 ** 31 - 1;

/** What the server does about what a thread tells. */
export interface ListeningEvents {
	/** What a handler failed with. */
	handlerFailed(error: unknown, clientAddress: unknown): void;
	/** What accepting failed with. */
	acceptFailed(error: unknown): void;
}

interface Thread {
	readonly counts: Int32Array;
	place: ListeningPlace | undefined;
	/** How many requests it had ended when it was told to shut its server down. */
	endedBefore: number;
	/** Called when it has shut its server down, or is gone. */
	down: (ended: number) => void;
}

/** The threads of one server. */
export class ListeningThreads {
	readonly #events: ListeningEvents;
	readonly #threads = new Set<Thread>();
	/** The sums of those that are gone. */
	#past: ServerStatistics = readCounts(sharedCounts());

	constructor(events: ListeningEvents) {
		this.#events = events;
	}

	/** The sums of all threads. */
	get counts(): ServerStatistics {
		let sum = this.#past;
		for (const { counts } of this.#threads) sum = addCounts(sum, readCounts(counts));
		return sum;
	}

	/**
	 * Starts a thread.
	 * @param start is given the memory for its counts, and what hears its reports
	 */
	async start(
		start: (counts: Int32Array, hear: (report: ListenReport) => void) => Promise<ListeningPlace>,
	): Promise<Place> {
		const thread: Thread = { counts: sharedCounts(), place: undefined, endedBefore: 0, down: () => {} };
		const place = await start(thread.counts, (report) => this.#hear(thread, report));
		thread.place = place;
		this.#threads.add(thread);
		void place.gone.then(() => {
			this.#threads.delete(thread);
			const last = readCounts(thread.counts);
			// What it was handling went with it.
			this.#past = addCounts(this.#past, { ...last, failed: last.failed + last.active, active: 0 });
			// It may have been killed before it said what it had ended.
			thread.down(last.active + last.ended - thread.endedBefore);
		});
		return place;
	}

	/**
	 * Has each thread shut its server down; one that does not within the grace time and the patience is killed.
	 * @param beforeKill called first: no other thread is to take its place
	 * @returns how many requests were ended
	 */
	async shutdown(grace: number | null, patience: number, beforeKill: () => void): Promise<number> {
		const ended = await Promise.all(
			[...this.#threads].map(async (thread) => {
				const down = new Promise<number>((resolve) => {
					thread.down = resolve;
				});
				thread.endedBefore = readCounts(thread.counts).ended;
				thread.place?.shutDown(grace);
				const kill = (): void => {
					beforeKill();
					thread.place?.kill();
				};
				const timer = grace === null ? undefined : setTimeout(kill, Math.min(grace + patience, longestTimer));
				try {
					return await down;
				} finally {
					clearTimeout(timer);
				}
			}),
		);
		return ended.reduce((sum, count) => sum + count, 0);
	}

	#hear(thread: Thread, report: ListenReport): void {
		if (report.did === "shut down") thread.down(report.ended);
		else if (report.did === "accept fail") this.#events.acceptFailed(errorFrom(report.error));
		else this.#events.handlerFailed(errorFrom(report.error), report.clientAddress);
	}
}

/** The sums. */
export function addCounts(one: ServerStatistics, other: ServerStatistics): ServerStatistics {
	return {
		accepted: one.accepted + other.accepted,
		refused: one.refused + other.refused,
		limited: one.limited + other.limited,
		delayed: one.delayed + other.delayed,
		finished: one.finished + other.finished,
		failed: one.failed + other.failed,
		proxyErrors: one.proxyErrors + other.proxyErrors,
		tlsErrors: one.tlsErrors + other.tlsErrors,
		ended: one.ended + other.ended,
		active: one.active + other.active,
		acceptErrors: one.acceptErrors + other.acceptErrors,
	};
}
