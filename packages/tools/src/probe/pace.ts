/**
 * How fast packets go out, and how many probes are under way.
 */
import { setTimeout as delay } from "node:timers/promises";

/** Takes turns at a steady rate, whoever asks. */
export class Pace {
	/** Milliseconds from one turn to the next. */
	readonly interval: number;
	#next = 0;

	/** @param rate turns a second */
	constructor(rate: number) {
		this.interval = 1000 / rate;
	}

	/** Waits until it is one's turn. @throws the signal's reason */
	async turn(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		const now = performance.now();
		// What was missed is not made up for: it would be a burst.
		const due = Math.max(this.#next, now);
		this.#next = due + this.interval;
		// Timers count whole milliseconds; the rate is kept all the same, for the next turn is counted from the due time.
		if (due - now >= 1) await sleep(due - now, signal);
	}
}

/** Waits. @throws the signal's reason */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
	try {
		await delay(milliseconds, undefined, { signal });
	} catch {
		signal.throwIfAborted();
	}
}

/**
 * Does work for each item, so many at a time, in their order. The first failure ends it, when what is under way has
 * ended.
 */
export async function inParallel<T>(
	items: Iterable<T>,
	parallel: number,
	signal: AbortSignal,
	work: (item: T) => Promise<void>,
): Promise<void> {
	const iterator = items[Symbol.iterator]();
	let failed = false;
	const worker = async (): Promise<void> => {
		for (let next = iterator.next(); !next.done && !failed && !signal.aborted; next = iterator.next()) {
			await work(next.value).catch((error: unknown) => {
				failed = true;
				throw error;
			});
		}
	};
	const ended = await Promise.allSettled(Array.from({ length: parallel }, worker));
	for (const one of ended) if (one.status === "rejected") throw one.reason;
}
