/**
 * A socket's descriptor: owned, closed exactly once, and with the operations that wait for it.
 *
 * A Descriptor never refers to its Socket, so that an unclosed Socket can be collected and noticed; what waits
 * does, so that a Socket is not collected while somebody awaits it.
 */
import { socketError, timeoutError } from "../errors.js";
import type { Deadline } from "../reactor/deadlines.js";
import {
	ENDED,
	FAILED,
	READABLE,
	type Reactor,
	reactor,
	type Watcher,
	WRITABLE,
} from "../reactor/reactor.js";
import { close } from "../sys/descriptors.js";
import { EAGAIN, EBADF } from "../sys/linux/errnos.js";
import { teardownAction } from "../sys/teardown.js";
import {
	FOR_ERRORS,
	FOR_LATER,
	FOR_READING,
	FOR_WRITING,
	GIVE_WAY,
	INTERRUPTED,
	type Operation,
	type WOULD_BLOCK,
} from "./operation.js";
import { afterTurn, turnAllowance } from "./turns.js";

// A worker that is terminated runs no JavaScript any more: the runtime itself closes what it left open.
const atTeardown = teardownAction("close");

// How long an operation that nothing will wake sleeps before it tries again, at first and at most.
const firstPause = 1;
const longestPause = 50;

/** An open descriptor number and what waits for it. */
export class Descriptor implements Watcher {
	#fd: number;
	#reactor: Reactor | undefined;
	#turnsLeft = turnAllowance;
	#ended = false;
	/** By need: those who wait, in the order in which they came. */
	readonly #waiting: Waiter[][] = [[], [], [], []];

	constructor(fd: number) {
		this.#fd = fd;
		atTeardown.arm(fd);
	}

	/** The number, -1 when closed. */
	get fd(): number {
		return this.#fd;
	}

	/** How many operations wait. */
	get pending(): number {
		return this.#waiting.reduce((sum, queue) => sum + queue.length, 0);
	}

	/** The number of an open descriptor; throws EBADF when it is closed. */
	open(syscall: string): number {
		if (this.#fd < 0) throw socketError(syscall, -EBADF);
		return this.#fd;
	}

	/** Closes the descriptor and rejects what waits for it. Returns what close(2) returned; 0 the second time. */
	close(): number {
		const fd = this.release();
		return fd < 0 ? 0 : close(fd);
	}

	/** Gives the number away, unclosed, and rejects what waits for it. Returns -1 when it was closed. */
	release(): number {
		const fd = this.#fd;
		if (fd < 0) return fd;
		this.#fd = -1;
		atTeardown.disarm(fd);
		this.#reactor?.remove(fd);
		this.#reactor = undefined;
		for (const queue of this.#waiting) {
			for (const waiter of queue.splice(0)) waiter.fail(socketError(waiter.operation.syscall, -EBADF));
		}
		return fd;
	}

	/**
	 * Performs an operation, waiting in the event loop.
	 * @param owner kept reachable while the operation waits
	 * @param limit milliseconds, null to wait without end
	 */
	perform<T>(operation: Operation<T>, owner: object, limit: number | null, signal?: AbortSignal): Promise<T> {
		const timeout = operation.dontWait ? 0 : limit;
		try {
			if (signal?.aborted) return Promise.reject(signal.reason);
			this.open(operation.syscall);
			// Try first and wait only when it would block: a socket is ready more often than not. But who came
			// before is served before, and a socket that never has to wait gives the others a turn.
			const queue = this.#waiting[operation.need] as Waiter[];
			const ahead = queue.length > 0;
			if (timeout === 0 && this.#turnsLeft <= 0) {
				return new Promise((resolve) => {
					afterTurn(() => {
						this.#turnsLeft = turnAllowance;
						resolve(this.perform(operation, owner, limit, signal));
					});
				});
			}
			if (timeout === 0 || (!ahead && this.#turnsLeft > 0)) {
				this.#turnsLeft--;
				let result = this.#tryNow(operation);
				while (result === GIVE_WAY && timeout === 0) result = this.#tryNow(operation);
				if (typeof result !== "symbol") return Promise.resolve(result);
				if (this.#ended && operation.end !== undefined && timeout !== 0) {
					return Promise.resolve(operation.end());
				}
				if (timeout === 0) {
					const part = operation.partial?.();
					if (part !== undefined) return Promise.resolve(part);
					throw socketError(operation.syscall, operation.blocked ?? -EAGAIN, operation);
				}
				const waiting = this.#wait(operation, owner, timeout, signal);
				if (result === GIVE_WAY) this.#serveLater(queue);
				return waiting;
			}
			const waiting = this.#wait(operation, owner, timeout, signal);
			if (!ahead) this.#serveLater(queue);
			return waiting;
		} catch (error) {
			return Promise.reject(error);
		}
	}

	/** The reactor's call. */
	ready(events: number): void {
		this.#turnsLeft = turnAllowance;
		if (events & ENDED) this.#ended = true;
		if (events & READABLE) this.#serve(this.#waiting[FOR_READING] as Waiter[]);
		if (events & WRITABLE) this.#serve(this.#waiting[FOR_WRITING] as Waiter[]);
		if (events & FAILED) this.#serve(this.#waiting[FOR_ERRORS] as Waiter[]);
	}

	/** Serves those who wait, in order, until one would block. */
	#serve(queue: Waiter[]): void {
		for (let waiter = queue[0]; waiter !== undefined; waiter = queue[0]) {
			let result: unknown;
			try {
				result = this.#tryNow(waiter.operation);
			} catch (error) {
				waiter.fail(error);
				continue;
			}
			if (typeof result !== "symbol") {
				waiter.succeed(result);
			} else if (result === GIVE_WAY) {
				this.#serveLater(queue);
				return;
			} else {
				const { need, end } = waiter.operation;
				if (this.#ended && end !== undefined) waiter.succeed(end());
				else if (queue === this.#waiting[need]) return;
				else this.#enqueue(waiter); // It turned out to wait for something else.
			}
		}
	}

	#serveLater(queue: Waiter[]): void {
		afterTurn(() => {
			this.#turnsLeft = turnAllowance;
			this.#serve(queue);
		});
	}

	#tryNow<T>(operation: Operation<T>): T | typeof WOULD_BLOCK | typeof GIVE_WAY {
		for (;;) {
			const result = operation.attempt(this.#fd);
			if (result !== INTERRUPTED) return result;
		}
	}

	#wait<T>(operation: Operation<T>, owner: object, timeout: number | null, signal?: AbortSignal): Promise<T> {
		if (this.#reactor === undefined) {
			const shared = reactor();
			// An operation that waits for time alone needs no readiness.
			if (operation.need !== FOR_LATER) {
				shared.add(this.#fd, this);
				this.#reactor = shared;
			}
		}
		return new Promise<T>((resolve, reject) => {
			const waiter = new Waiter(operation, owner, resolve as (value: unknown) => void, reject);
			if (timeout !== null) waiter.limit(timeout);
			if (signal !== undefined) waiter.listen(signal);
			this.#enqueue(waiter);
		});
	}

	#enqueue(waiter: Waiter): void {
		waiter.stand(this.#waiting[waiter.operation.need] as Waiter[]);
		if (waiter.operation.need === FOR_LATER) this.#tryLater(waiter, firstPause);
	}

	#tryLater(waiter: Waiter, pause: number): void {
		const { deadlines } = reactor();
		waiter.pause = deadlines.add(performance.now() + pause, () => {
			const next = Math.min(pause * 2, longestPause);
			// Who came before goes first, where both want the same; one peer that is stuck stops no other.
			const { address } = waiter.operation;
			const first = (this.#waiting[FOR_LATER] as Waiter[]).find((each) => each.operation.address === address);
			if (first !== waiter) return this.#tryLater(waiter, next);
			let result: unknown;
			try {
				result = this.#tryNow(waiter.operation);
			} catch (error) {
				return waiter.fail(error);
			}
			if (typeof result !== "symbol") return waiter.succeed(result);
			this.#tryLater(waiter, next);
		});
	}
}

/** One operation that waits. */
class Waiter {
	readonly operation: Operation<unknown>;
	/** Not read: it keeps the socket reachable. */
	readonly owner: object;
	#queue: Waiter[] = [];
	readonly #resolve: (value: unknown) => void;
	readonly #reject: (reason: unknown) => void;
	#deadline: Deadline | undefined;
	#signal: AbortSignal | undefined;
	#abort: (() => void) | undefined;
	/** The next attempt of an operation that nothing will wake. */
	pause: Deadline | undefined;

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

	/** Takes the last place in a queue, leaving another. */
	stand(queue: Waiter[]): void {
		this.#leaveQueue();
		this.#queue = queue;
		queue.push(this);
	}

	limit(timeout: number): void {
		const { syscall, address } = this.operation;
		this.#deadline = reactor().deadlines.add(performance.now() + timeout, () =>
			this.#giveUp(timeoutError(syscall, timeout, address)),
		);
	}

	listen(signal: AbortSignal): void {
		this.#signal = signal;
		this.#abort = () => this.#giveUp(signal.reason);
		signal.addEventListener("abort", this.#abort);
	}

	succeed(value: unknown): void {
		this.#leave();
		this.#resolve(value);
	}

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
		this.#leaveQueue();
		const { deadlines } = reactor();
		if (this.#deadline !== undefined) deadlines.remove(this.#deadline);
		if (this.pause !== undefined) deadlines.remove(this.pause);
		if (this.#abort !== undefined) this.#signal?.removeEventListener("abort", this.#abort);
		reactor().release();
	}

	#leaveQueue(): void {
		const place = this.#queue.indexOf(this);
		if (place >= 0) this.#queue.splice(place, 1);
	}
}
