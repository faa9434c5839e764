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
	/** Who came last. */
	last: Waiter | undefined = undefined;
	/** Whether it will be served after the event loop's turn. */
	due = false;

	/** How many stand in it. */
	get length(): number {
		let count = 0;
		for (let each = this.first; each !== undefined; each = each.next) count++;
		return count;
	}

	/** Puts one at the end. */
	append(waiter: Waiter): void {
		waiter.previous = this.last;
		waiter.next = undefined;
		if (this.last === undefined) this.first = waiter;
		else this.last.next = waiter;
		this.last = waiter;
	}

	/** Takes out one who stands in it. */
	remove(waiter: Waiter): void {
		const { previous, next } = waiter;
		if (previous === undefined) this.first = next;
		else previous.next = next;
		if (next === undefined) this.last = previous;
		else next.previous = previous;
	}
}

/** What some of those who wait have: a limit, a signal, a time for the next attempt. */
interface Alarms {
	deadline?: Deadline;
	pause?: Deadline;
	signal?: AbortSignal;
	abort?: () => void;
}

type Settle = (value: unknown) => void;

/** One operation that waits. While it does, the process stays alive. */
export class Waiter {
	readonly operation: Operation<unknown>;
	/** Not read: it keeps the socket reachable. */
	readonly owner: object;
	/** Before it in the line. */
	previous: Waiter | undefined = undefined;
	/** Behind it in the line. */
	next: Waiter | undefined = undefined;
	#line: Line | undefined = undefined;
	readonly #resolve: Settle | undefined;
	readonly #reject: Settle | undefined;
	#alarms: Alarms | undefined = undefined;

	/** @param resolve and `reject` settle the operation's promise; an operation without one is told itself */
	constructor(operation: Operation<unknown>, owner: object, resolve?: Settle, reject?: Settle) {
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
		this.#alarms ??= {};
		this.#alarms.deadline = reactor().deadlines.add(performance.now() + timeout, () =>
			this.#giveUp(timeoutError(syscall, timeout, address)),
		);
	}

	/** Fails with the signal's reason when it aborts. */
	listen(signal: AbortSignal): void {
		this.#alarms ??= {};
		this.#alarms.signal = signal;
		this.#alarms.abort = () => this.#giveUp(signal.reason);
		signal.addEventListener("abort", this.#alarms.abort);
	}

	/** Calls back after so many milliseconds, unless it has left by then. */
	retry(pause: number, attempt: () => void): void {
		this.#alarms ??= {};
		this.#alarms.pause = reactor().deadlines.add(performance.now() + pause, attempt);
	}

	/** Leaves with a result. */
	succeed(value: unknown): void {
		this.#leave();
		if (this.#resolve === undefined) this.operation.over?.(false, undefined);
		else this.#resolve(value);
	}

	/** Leaves with an error. */
	fail(reason: unknown): void {
		this.#leave();
		if (this.#reject === undefined) this.operation.over?.(true, reason);
		else this.#reject(reason);
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
		if (this.#alarms !== undefined) {
			const { deadline, pause, signal, abort } = this.#alarms;
			if (deadline !== undefined) shared.deadlines.remove(deadline);
			if (pause !== undefined) shared.deadlines.remove(pause);
			if (abort !== undefined) signal?.removeEventListener("abort", abort);
		}
		shared.release();
	}
}
