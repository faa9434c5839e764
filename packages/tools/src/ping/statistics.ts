/**
 * What ping counts.
 */

/** Counts of packets, and the spread of the round trips. */
export class Statistics {
	transmitted = 0;
	/** Requests that were answered. */
	received = 0;
	/** Answers to requests that had one. */
	duplicates = 0;
	/** Answers whose data are not those that were sent, among the received. */
	corrupted = 0;
	/** ICMP errors, and requests that could not be sent. */
	errors = 0;
	/** The most requests that were sent from one to when it was answered, itself among them. */
	pipe = 0;
	min: number = Number.POSITIVE_INFINITY;
	max = 0;
	/** The moving average in which each round trip has an eighth of the weight. */
	ewma = 0;
	#samples = 0;
	#mean = 0;
	#squares = 0;

	/** Notes a round trip, in milliseconds. */
	add(rtt: number): void {
		this.min = Math.min(this.min, rtt);
		this.max = Math.max(this.max, rtt);
		this.ewma = this.#samples === 0 ? rtt : this.ewma + (rtt - this.ewma) / 8;
		// Welford's way: sums of squares would lose the small differences of long round trips.
		this.#samples++;
		const difference = rtt - this.#mean;
		this.#mean += difference / this.#samples;
		this.#squares += difference * (rtt - this.#mean);
	}

	/** Whether any round trip was noted. */
	get hasTimes(): boolean {
		return this.#samples > 0;
	}

	/** The average of the round trips. */
	get avg(): number {
		return this.#mean;
	}

	/** Their population standard deviation. */
	get mdev(): number {
		return this.#samples === 0 ? 0 : Math.sqrt(Math.max(this.#squares / this.#samples, 0));
	}

	/** The part of the requests that were not answered, in percent. */
	get loss(): number {
		return this.transmitted === 0 ? 0 : (100 * (this.transmitted - this.received)) / this.transmitted;
	}
}
