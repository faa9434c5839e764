/**
 * The lines in which operations wait at a descriptor: one for each need, in the order in which they came.
 */
import { FOR_ERRORS, FOR_LATER, FOR_READING, FOR_WRITING, type Need, NOWHERE } from "./operation.js";
import type { Waiter } from "./waiter.js";

const needs: readonly Need[] = [FOR_READING, FOR_WRITING, FOR_ERRORS, FOR_LATER];

/** Four lines, which are nothing but four fields while nobody waits. */
export class Lines {
	// The last of each. A line is a circle, so that behind the last comes the first.
	#reading: Waiter | undefined = undefined;
	#writing: Waiter | undefined = undefined;
	#failing: Waiter | undefined = undefined;
	#later: Waiter | undefined = undefined;

	/** Who came last. */
	lastOf(need: Need): Waiter | undefined {
		switch (need) {
			case FOR_READING:
				return this.#reading;
			case FOR_WRITING:
				return this.#writing;
			case FOR_ERRORS:
				return this.#failing;
			case FOR_LATER:
				return this.#later;
		}
	}

	/** Who is served next. */
	firstOf(need: Need): Waiter | undefined {
		return this.lastOf(need)?.next;
	}

	/** Who stands first in any of them, if anybody waits. */
	get anyone(): Waiter | undefined {
		return (this.#reading ?? this.#writing ?? this.#failing ?? this.#later)?.next;
	}

	/** How many wait. */
	get pending(): number {
		let count = 0;
		for (const need of needs) {
			const last = this.lastOf(need);
			for (let each = last; each !== undefined; each = each.next === last ? undefined : each.next) count++;
		}
		return count;
	}

	/** Puts one who stands nowhere at the end of a line. */
	append(waiter: Waiter, need: Need): void {
		const last = this.lastOf(need);
		if (last !== undefined) {
			waiter.next = last.next;
			waiter.previous = last;
			last.next.previous = waiter;
			last.next = waiter;
		}
		waiter.place = need;
		this.endWith(waiter, need);
	}

	/** Takes one out who stands in a line of these. */
	remove(waiter: Waiter): void {
		const { place, previous, next } = waiter;
		if (place === NOWHERE) return;
		if (this.lastOf(place) === waiter) this.endWith(next === waiter ? undefined : previous, place);
		previous.next = next;
		next.previous = previous;
		waiter.previous = waiter;
		waiter.next = waiter;
		waiter.place = NOWHERE;
	}

	private endWith(waiter: Waiter | undefined, need: Need): void {
		switch (need) {
			case FOR_READING:
				this.#reading = waiter;
				return;
			case FOR_WRITING:
				this.#writing = waiter;
				return;
			case FOR_ERRORS:
				this.#failing = waiter;
				return;
			case FOR_LATER:
				this.#later = waiter;
				return;
		}
	}
}
