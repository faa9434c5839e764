/**
 * When the next packet may go out: so many a second, and so long after the one before.
 */
import { setTimeout as delay } from "node:timers/promises";
import { TokenBucket } from "../socket/tokenbucket.js";

/** How fast packets go out. */
export interface PaceOptions {
	/** At most so many packets a second, an integer; as fast as they go when left out. */
	readonly rate?: number | undefined;
	/** At least so many milliseconds between two packets; 0 when left out. Scapy's `inter`, there in seconds. */
	readonly interval?: number | undefined;
}

// How much of a second's packets may go out at once, to make up for timers that come late.
const burstsInSecond = 100;

/** Waits for so many milliseconds. @throws the signal's reason */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
	try {
		await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
	} catch (error) {
		signal?.throwIfAborted();
		throw error;
	}
}

/** Lets packets go out in time. */
export class Pace {
	readonly #bucket: TokenBucket | undefined;
	readonly #interval: number;
	#last = Number.NEGATIVE_INFINITY;

	constructor({ rate, interval = 0 }: PaceOptions) {
		this.#interval = interval;
		this.#bucket =
			rate === undefined
				? undefined
				: new TokenBucket({ rate, burst: Math.max(1, Math.ceil(rate / burstsInSecond)) });
	}

	/** After how many milliseconds the next packet may go out; 0 when it may now. */
	get wait(): number {
		const bucket = this.#bucket?.waitFor() ?? 0;
		return Math.max(bucket, this.#last + this.#interval - performance.now(), 0);
	}

	/** One packet goes out now. */
	take(): void {
		this.#bucket?.take();
		this.#last = performance.now();
	}

	/** Waits until a packet may go out, and counts it. */
	async turn(signal: AbortSignal | undefined): Promise<void> {
		signal?.throwIfAborted();
		for (let { wait } = this; wait > 0; wait = this.wait) await pause(Math.ceil(wait), signal);
		this.take();
	}
}
