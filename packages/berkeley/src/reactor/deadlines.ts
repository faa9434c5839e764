/**
 * Many deadlines on one timer: a binary heap in which every entry knows its place, so that the usual case,
 * a deadline that is taken back because the operation finished, costs no search and leaves nothing behind.
 */

/** One deadline. Made by `Deadlines.add`, taken back by `Deadlines.remove`. */
export interface Deadline {
	/** When, on the clock of performance.now(). */
	readonly at: number;
	readonly expire: () => void;
	/** The place in the heap; -1 when it is not in there. */
	index: number;
}

// setTimeout takes no more; a later deadline is reached in several steps.
const longestTimer = 2 ** 31 - 1;

/** The deadlines of a thread. The timer never keeps the process alive: what waits does that. */
export class Deadlines {
	readonly #heap: Deadline[] = [];
	#timer: NodeJS.Timeout | undefined;
	#timerAt = Number.POSITIVE_INFINITY;

	/** How many deadlines are ahead. */
	get size(): number {
		return this.#heap.length;
	}

	/** Calls `expire` once, at the time `at` or soon after, unless the deadline is removed before. */
	add(at: number, expire: () => void): Deadline {
		const deadline: Deadline = { at, expire, index: this.#heap.length };
		this.#heap.push(deadline);
		this.#rise(deadline);
		if (deadline.index === 0) this.#arm();
		return deadline;
	}

	/** Takes a deadline back; does nothing when it is over. */
	remove(deadline: Deadline): void {
		const { index } = deadline;
		if (index < 0) return;
		deadline.index = -1;
		const last = this.#heap.pop();
		if (last !== undefined && last !== deadline) {
			this.#place(last, index);
			this.#rise(last);
			this.#sink(last);
		}
		if (this.#heap.length === 0) this.#disarm();
	}

	// The timer is left alone when the earliest deadline goes: it finds nothing due and is armed again. So an
	// operation with a timeout costs no timer as long as another, earlier or equal, is ahead.
	#arm(): void {
		const first = this.#heap[0];
		if (first === undefined || first.at >= this.#timerAt) return;
		clearTimeout(this.#timer);
		this.#timerAt = first.at;
		const delay = Math.min(Math.max(Math.ceil(first.at - performance.now()), 1), longestTimer);
		this.#timer = setTimeout(this.#expire, delay).unref();
	}

	#disarm(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#timerAt = Number.POSITIVE_INFINITY;
	}

	readonly #expire = (): void => {
		this.#disarm();
		try {
			for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
				if (first.at > performance.now()) break;
				this.remove(first);
				first.expire();
			}
		} finally {
			this.#arm();
		}
	};

	#place(deadline: Deadline, index: number): void {
		this.#heap[index] = deadline;
		deadline.index = index;
	}

	#rise(deadline: Deadline): void {
		while (deadline.index > 0) {
			const { index } = deadline;
			const parent = this.#heap[(index - 1) >> 1];
			if (parent === undefined || parent.at <= deadline.at) return;
			this.#place(parent, index);
			this.#place(deadline, (index - 1) >> 1);
		}
	}

	#sink(deadline: Deadline): void {
		for (;;) {
			const { index } = deadline;
			const left = this.#heap[2 * index + 1];
			const right = this.#heap[2 * index + 2];
			const child = right !== undefined && left !== undefined && right.at < left.at ? right : left;
			if (child === undefined || child.at >= deadline.at) return;
			const below = child.index;
			this.#place(child, index);
			this.#place(deadline, below);
		}
	}
}
