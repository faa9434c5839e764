/**
 * A token bucket: so much a second, and so much at once. RFC 2697 calls the two rate and burst.
 */
import { checkInteger, kindOf } from "../address/bytes.js";

/** How much of something there may be. */
export interface Rate {
	/** So many tokens come in an interval; an integer of at least 1. */
	rate: number;
	/** So many are there at first, and there are never more: what may be used at once. `rate` when left out. */
	burst?: number | undefined;
	/** The interval in milliseconds, an integer; 1000 when left out. `{ rate: 5, interval: 60_000 }` is 5 a minute. */
	interval?: number | undefined;
}

/** How a TokenBucket is made. */
export interface TokenBucketOptions extends Rate {
	/** The time in milliseconds, which must not go back; performance.now() when left out. */
	clock?: (() => number) | undefined;
}

// Twice as much can be subtracted from one another exactly.
const largest = 2 ** 52;
const monotonic = (): number => performance.now();

/** A rate with everything in it, in the units of a bucket. */
export interface CheckedRate {
	/** Units that come in a microsecond. */
	readonly rate: number;
	/** How many units a token is: the microseconds of the interval, so that both are integers. */
	readonly token: number;
	/** The most units. */
	readonly capacity: number;
}

/** Requires a rate that a bucket can count exactly. */
export function checkRate(name: string, given: Rate): CheckedRate {
	if (typeof given !== "object" || given === null) {
		throw new TypeError(`${name} must be { rate, burst?, interval? }, not ${kindOf(given)}`);
	}
	const rate = checkInteger(given.rate, 1, 2 ** 42, `${name}: rate`);
	const interval = checkInteger(given.interval ?? 1000, 1, 2 ** 42 / 1000, `${name}: interval`);
	const token = interval * 1000;
	const burst = checkInteger(given.burst ?? rate, 1, Math.floor(largest / token), `${name}: burst`);
	return { rate, token, capacity: burst * token };
}

/**
 * Counts tokens, which come at a steady rate and are kept up to the burst. In any time of t milliseconds tryTake()
 * gives at most `burst + rate × t / interval` tokens. It counts in integers, by whole microseconds: nothing is lost
 * or won by rounding, however often it is asked. It has no timer.
 */
export class TokenBucket {
	readonly #rate: CheckedRate;
	readonly #clock: () => number;
	#level: number;
	/** The time of the level, in microseconds. */
	#at: number;

	/** A full bucket. @throws TypeError, RangeError for a rate that cannot be counted exactly */
	constructor(options: TokenBucketOptions) {
		const clock = options?.clock ?? monotonic;
		if (typeof clock !== "function") throw new TypeError(`clock must be a function, not ${kindOf(clock)}`);
		this.#rate = checkRate("a token bucket", options);
		this.#clock = clock;
		this.#level = this.#rate.capacity;
		this.#at = Math.round(clock() * 1000);
	}

	/** How many whole tokens there are; below 0 when tokens are owed. */
	get available(): number {
		this.#refill();
		return Math.floor(this.#level / this.#rate.token);
	}

	/** Whether there are as many tokens as there can be. */
	get full(): boolean {
		this.#refill();
		return this.#level === this.#rate.capacity;
	}

	/** Takes so many tokens if they are there. @returns whether they were */
	tryTake(count = 1): boolean {
		const wanted = this.#unitsOf(count);
		this.#refill();
		if (wanted > this.#level) return false;
		this.#level -= wanted;
		return true;
	}

	/**
	 * Takes so many tokens whether they are there or not: what is not there is owed, and comes first.
	 * @returns after how many milliseconds nothing is owed any more; 0 when the tokens were there
	 */
	take(count = 1): number {
		const wanted = this.#unitsOf(count);
		this.#refill();
		if (this.#level - wanted < -largest) throw new RangeError(`so many tokens cannot be owed: ${count}`);
		this.#level -= wanted;
		return this.#timeFor(-this.#level);
	}

	/**
	 * After how many milliseconds so many tokens will be there, if nobody takes any; 0 when they are. Of more than the
	 * burst it is when take() would be paid.
	 */
	waitFor(count = 1): number {
		const wanted = this.#unitsOf(count);
		this.#refill();
		return this.#timeFor(wanted - this.#level);
	}

	#unitsOf(count: number): number {
		const { token } = this.#rate;
		return checkInteger(count, 0, Math.floor(largest / token), "the number of tokens") * token;
	}

	#timeFor(missing: number): number {
		return missing <= 0 ? 0 : Math.ceil(missing / this.#rate.rate) / 1000;
	}

	#refill(): void {
		const now = Math.round(this.#clock() * 1000);
		const elapsed = now - this.#at;
		if (elapsed <= 0) return;
		this.#at = now;
		const { rate, capacity } = this.#rate;
		// More than can be counted is more than was missing.
		const gain = elapsed > Number.MAX_SAFE_INTEGER / rate ? Number.POSITIVE_INFINITY : elapsed * rate;
		this.#level = Math.min(this.#level + gain, capacity);
	}
}
