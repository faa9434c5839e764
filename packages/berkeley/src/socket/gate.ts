/**
 * A limit on bytes, which one connection has for itself or many share: whoever finds it empty stands in line, and is
 * told when it is its turn. One deadline stands for all of the line.
 */
import type { Deadline } from "../reactor/deadlines.js";
import { reactor } from "../reactor/reactor.js";
import { type Rate, TokenBucket } from "./tokenbucket.js";

/** Who moves bytes: one direction of a connection. */
export interface Mover {
	/** It is its turn: moves what it can and wants, before it returns. */
	go(): void;
}

// Who has to wait waits for what comes in so much time, not for each single byte.
const turnsPerSecond = 100;

/** A bucket of bytes, and the line before it. */
export class Gate {
	readonly #bucket: TokenBucket;
	/** What one gets in a turn while others wait. */
	readonly #share: number;
	readonly #line = new Set<Mover>();
	#deadline: Deadline | undefined;
	#turn: Mover | undefined;
	/** What was moved in this turn. */
	#used = 0;
	/** Whether it was emptied: then it opens again for a whole share, and not for each byte that comes. */
	#closed = false;
	/** What was there when somebody asked last, and is not spent: while it is, more comes. */
	#seen = 0;

	constructor(rate: Rate) {
		this.#bucket = new TokenBucket(rate);
		const perSecond = (rate.rate * 1000) / (rate.interval ?? 1000);
		// Half of the burst, so that nothing runs over while a share is waited for.
		const most = Math.ceil((rate.burst ?? rate.rate) / 2);
		this.#share = Math.min(most, Math.max(1, Math.ceil(perSecond / turnsPerSecond)));
	}

	/** How many bytes one may move now; 0 when it must stand in line, as it must behind others. */
	room(mover: Mover): number {
		if (this.#line.size === 0) return this.roomAtOnce;
		if (this.#turn !== mover) return 0;
		return Math.min(this.roomAtOnce, this.#share);
	}

	/** The same for who holds the thread up: those in line cannot go on meanwhile, and do not count. */
	get roomAtOnce(): number {
		const { available } = this.#bucket;
		if (this.#closed && available < this.#share) return 0;
		this.#closed = available < 1;
		this.#seen = Math.max(available, 0);
		return this.#seen;
	}

	/** How many milliseconds who holds the thread up waits for its next turn. */
	get pause(): number {
		return this.#bucket.waitFor(this.#share);
	}

	/** Bytes were moved. */
	spend(count: number): void {
		this.#bucket.take(count);
		this.#used += count;
		if (count >= this.#seen) this.#closed = true;
		this.#seen -= count;
	}

	/** Puts one at the end of the line, unless it stands in it. */
	join(mover: Mover): void {
		this.#line.add(mover);
		if (this.#turn === undefined) this.#arm();
	}

	/** Takes one out of the line. */
	leave(mover: Mover): void {
		this.#line.delete(mover);
		if (this.#line.size > 0 || this.#deadline === undefined) return;
		reactor().deadlines.remove(this.#deadline);
		this.#deadline = undefined;
	}

	#arm(): void {
		this.#deadline ??= reactor().deadlines.add(performance.now() + this.pause, this.#open);
	}

	readonly #open = (): void => {
		this.#deadline = undefined;
		// Once around: who wants more comes behind all others. Behind one that took all of its share a smaller one is
		// left for the next time.
		let least = 1;
		for (let turns = this.#line.size; turns > 0; turns--) {
			const [next] = this.#line;
			if (next === undefined || this.roomAtOnce < least) break;
			this.#line.delete(next);
			this.#turn = next;
			this.#used = 0;
			try {
				next.go();
			} catch (error) {
				setImmediate(() => {
					throw error;
				});
			}
			this.#turn = undefined;
			if (this.#used >= this.#share) least = this.#share;
		}
		if (this.#line.size > 0) this.#arm();
	};
}
