/**
 * Who waits in the event loop, in a descriptor's lines.
 *
 * A server may have tens of thousands that wait for nothing but data, so one is small: what begins once and goes on,
 * a flow for example, is its operation and its place in line in one object.
 */
import { timeoutError } from "../errors.js";
import type { Deadline } from "../reactor/deadlines.js";
import { reactor } from "../reactor/reactor.js";
import { type Need, NOWHERE, type Operation } from "./operation.js";

/** What few of those who wait have: a limit, a signal, a time for the next attempt. */
export interface Seldom {
	deadline?: Deadline;
	pause?: Deadline;
	signal?: AbortSignal;
	abort?: () => void;
}

/** Where it waits: lines.ts. */
interface Queues {
	append(waiter: Waiter, place: Need): void;
	remove(waiter: Waiter): void;
}

/** One who waits. While it does, the process stays alive. */
export abstract class Waiter {
	/** In whose lines it waits. */
	readonly lines: Queues;
	/** In which of them. */
	place: Need | typeof NOWHERE = NOWHERE;
	/** Before it in the line, and the last one before the first: the line is a circle. */
	previous: Waiter = this;
	/** Behind it in the line, and the first one behind the last. */
	next: Waiter = this;
	/** Not read: it keeps the socket reachable. */
	owner: object | undefined = undefined;
	protected seldom: Seldom | undefined = undefined;

	constructor(lines: Queues) {
		this.lines = lines;
	}

	/** What it waits to do. */
	abstract readonly operation: Operation<unknown>;

	/** Called once, when it has left: with the result, or with what went wrong. */
	protected abstract over(failed: boolean, outcome: unknown): void;

	/**
	 * Begins to wait, at the end of the operation's line.
	 * @param owner kept reachable until it has left
	 */
	enter(owner: object): void {
		this.owner = owner;
		reactor().retain();
		this.lines.append(this, this.operation.need);
	}

	/** Takes the last place in another line. */
	change(place: Need): void {
		this.lines.remove(this);
		this.lines.append(this, place);
	}

	/** Fails with a TimeoutError after so many milliseconds. */
	limit(timeout: number): void {
		const { syscall, address } = this.operation;
		this.seldom ??= {};
		this.seldom.deadline = reactor().deadlines.add(performance.now() + timeout, () =>
			this.giveUp(timeoutError(syscall, timeout, address)),
		);
	}

	/** Fails with the signal's reason when it aborts. */
	listen(signal: AbortSignal): void {
		this.seldom ??= {};
		this.seldom.signal = signal;
		this.seldom.abort = () => this.giveUp(signal.reason);
		signal.addEventListener("abort", this.seldom.abort);
	}

	/** Calls back after so many milliseconds, unless it has left by then. */
	retry(pause: number, attempt: () => void): void {
		this.seldom ??= {};
		this.seldom.pause = reactor().deadlines.add(performance.now() + pause, attempt);
	}

	/** Leaves with a result. */
	succeed(value: unknown): void {
		this.leave();
		this.over(false, value);
	}

	/** Leaves with an error. */
	fail(reason: unknown): void {
		this.leave();
		this.over(true, reason);
	}

	private giveUp(reason: unknown): void {
		const part = this.operation.partial?.();
		if (part === undefined) this.fail(reason);
		else this.succeed(part);
	}

	private leave(): void {
		this.lines.remove(this);
		this.owner = undefined;
		const shared = reactor();
		if (this.seldom !== undefined) {
			const { deadline, pause, signal, abort } = this.seldom;
			if (deadline !== undefined) shared.deadlines.remove(deadline);
			if (pause !== undefined) shared.deadlines.remove(pause);
			if (abort !== undefined) signal?.removeEventListener("abort", abort);
		}
		shared.release();
	}
}

/** Settles a promise. */
export type Settle = (value: unknown) => void;

/** An operation whose end a promise tells. */
export class Awaiting extends Waiter {
	readonly operation: Operation<unknown>;
	readonly #resolve: Settle;
	readonly #reject: Settle;

	constructor(lines: Queues, operation: Operation<unknown>, resolve: Settle, reject: Settle) {
		super(lines);
		this.operation = operation;
		this.#resolve = resolve;
		this.#reject = reject;
	}

	protected over(failed: boolean, outcome: unknown): void {
		if (failed) this.#reject(outcome);
		else this.#resolve(outcome);
	}
}
