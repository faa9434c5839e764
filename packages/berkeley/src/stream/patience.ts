/**
 * How long one operation waits for something in the event loop, and who goes first.
 */
import { checkTimeout, checkWaitOptions, type WaitOptions } from "../arguments.js";
import { socketError, timeoutError } from "../errors.js";
import { EAGAIN } from "../sys/linux/errnos.js";

/** Ends what was begun to be waited for. */
export type Cancel = () => void;

// Node's timers fire at once when they are given more.
const longestTimer = 2 ** 31 - 1;

/** The patience of one operation: a deadline, computed once, and a signal. Without any, EAGAIN says so. */
export class Patience {
	readonly #syscall: string;
	readonly #timeout: number | null;
	readonly #deadline: number;
	readonly #signal: AbortSignal | undefined;

	/** @param fallback milliseconds or null, where the options have no timeout */
	constructor(syscall: string, options: WaitOptions | undefined, fallback: number | null) {
		checkWaitOptions(options);
		const timeout = options?.timeout;
		this.#syscall = syscall;
		this.#timeout = timeout === undefined ? fallback : checkTimeout("timeout", timeout);
		this.#deadline = this.#timeout === null ? Number.POSITIVE_INFINITY : performance.now() + this.#timeout;
		this.#signal = options?.signal;
	}

	/** Milliseconds left, rounded up, at least 0; null without end. */
	get left(): number | null {
		return this.#timeout === null ? null : Math.max(0, Math.ceil(this.#deadline - performance.now()));
	}

	/** Throws when the signal has fired. */
	check(): void {
		this.#signal?.throwIfAborted();
	}

	/** What is left of it, for an operation that is a part of this one. Throws when nothing is left. */
	rest(): WaitOptions {
		const left = this.left;
		if (left === 0 && this.#timeout !== 0) throw this.#expired();
		return { timeout: left, signal: this.#signal };
	}

	/**
	 * Waits until `begin`'s first argument is called, or its second with an error, or patience ends.
	 * @param begin starts to watch, and returns what stops it; stopped once however the wait ends
	 */
	wait(begin: (done: () => void, fail: (reason: unknown) => void) => Cancel): Promise<void> {
		return new Promise((resolve, reject) => {
			const signal = this.#signal;
			if (signal?.aborted) return reject(signal.reason);
			let timer: NodeJS.Timeout | undefined;
			let cancel: Cancel | undefined;
			let settled = false;
			const settle = (): boolean => {
				if (settled) return false;
				settled = true;
				clearTimeout(timer);
				signal?.removeEventListener("abort", abort);
				cancel?.();
				return true;
			};
			const fail = (reason: unknown): void => {
				if (settle()) reject(reason);
			};
			const abort = (): void => fail(signal?.reason);
			const tick = (): void => {
				const left = this.left;
				if (left === null) return;
				// A timer may fire a little early.
				if (left === 0) fail(this.#expired());
				else timer = setTimeout(tick, Math.min(left, longestTimer));
			};
			signal?.addEventListener("abort", abort);
			cancel = begin(() => {
				if (settle()) resolve();
			}, fail);
			if (settled) cancel();
			else tick();
		});
	}

	#expired(): Error {
		if (this.#timeout === 0) return socketError(this.#syscall, -EAGAIN);
		return timeoutError(this.#syscall, this.#timeout ?? 0);
	}
}

/** Lets one in at a time, in the order in which they came. */
export class Line {
	#taken = false;
	readonly #waiting: (() => void)[] = [];

	/** Whether somebody is in. */
	get taken(): boolean {
		return this.#taken;
	}

	/** Waits until nobody is in, and goes in. */
	async enter(patience: Patience): Promise<void> {
		patience.check();
		if (!this.#taken) {
			this.#taken = true;
			return;
		}
		await patience.wait((done) => {
			this.#waiting.push(done);
			return () => {
				const place = this.#waiting.indexOf(done);
				if (place >= 0) this.#waiting.splice(place, 1);
			};
		});
	}

	/** Goes out, and lets the next one in. */
	leave(): void {
		const next = this.#waiting.shift();
		if (next === undefined) this.#taken = false;
		else next();
	}
}
