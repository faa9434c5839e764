/**
 * An operation that waits in the event loop, and the line in which it stands.
 */
import { timeoutError } from "../errors.js";
import type { Deadline } from "../reactor/deadlines.js";
import { reactor } from "../reactor/reactor.js";
import type { Operation } from "./operation.js";

/** Those who wait for the same thing, in the order in which they came. */
export class Line {
	/** Who is served next. */
	first: Waiter | undefined = undefined;
	#last: Waiter | undefined = undefined;

	/** How many stand in it. */
	get length(): number {
		let count = 0;
		for (let each = this.first; each !== undefined; each = each.next) count++;
		return count;
	}

	/** Puts one at the end. */
	append(waiter: Waiter): void {
		waiter.previous = this.#last;
		waiter.next = undefined;
		if (this.#last === undefined) this.first = waiter;
		else this.#last.next = waiter;
		this.#last = waiter;
	}

	/** Takes out one who stands in it. */
	remove(waiter: Waiter): void {
		const { previous, next } = waiter;
		if (previous === undefined) this.first = next;
		else previous.next = next;
		if (next === undefined) this.#last = previous;
		else next.previous = previous;
	}
}

/** One operation that waits. While it does, the process stays alive. */
export class Waiter {
	readonly operation: Operation<unknown>;
	/** Not read: it keeps the socket reachable. */
	readonly owner: object;
	/** Before it in the line. */
	previous: Waiter | undefined = undefined;
	/** Behind it in the line. */
	next: Waiter | undefined = undefined;
	/** The next attempt of an operation that nothing will wake. */
	pause: Deadline | undefined = undefined;
	#line: Line | undefined = undefined;
	readonly #resolve: (value: unknown) => void;
	readonly #reject: (reason: unknown) => void;
	#deadline: Deadline | undefined = undefined;
	#signal: AbortSignal | undefined = undefined;
	#abort: (() => void) | undefined = undefined;

	constructor(
		operation: Operation<unknown>,
		owner: object,
		resolve: (value: unknown) => void,
		reject: (reason: unknown) => void,
	) {
		this.operation = operation;
		this.owner = owner;
		this.#resolve = resolve;
		this.#reject = reject;
		reactor().retain();
	}

	/** Takes the last place in a line, leaving another. */
	stand(line: Line): void {
		this.#line?.remove(this);
		this.#line = line;
		line.append(this);
	}

	/** Fails with a TimeoutError after so many milliseconds. */
	limit(timeout: number): void {
		const { syscall, address } = this.operation;
		this.#deadline = reactor().deadlines.add(performance.now() + timeout, () =>
			this.#giveUp(timeoutError(syscall, timeout, address)),
		);
	}

	/** Fails with the signal's reason when it aborts. */
	listen(signal: AbortSignal): void {
		this.#signal = signal;
		this.#abort = () => this.#giveUp(signal.reason);
		signal.addEventListener("abort", this.#abort);
	}

	/** Leaves with a result. */
	succeed(value: unknown): void {
		this.#leave();
		this.#resolve(value);
	}

	/** Leaves with an error. */
	fail(reason: unknown): void {
		this.#leave();
		this.#reject(reason);
	}

	#giveUp(reason: unknown): void {
		const part = this.operation.partial?.();
		if (part === undefined) this.fail(reason);
		else this.succeed(part);
	}

	#leave(): void {
		this.#line?.remove(this);
		this.#line = undefined;
		const shared = reactor();
		if (this.#deadline !== undefined) shared.deadlines.remove(this.#deadline);
		if (this.pause !== undefined) shared.deadlines.remove(this.pause);
		if (this.#abort !== undefined) this.#signal?.removeEventListener("abort", this.#abort);
		shared.release();
	}
}
