/**
 * A socket's descriptor: owned, closed exactly once, and with the operations that wait for it.
 *
 * A Descriptor never refers to its Socket, so that an unclosed Socket can be collected and noticed; what waits
 * does, so that a Socket is not collected while somebody awaits it.
 */
import { socketError } from "../errors.js";
import { ENDED, FAILED, READABLE, reactor, URGENT, type Watcher, WRITABLE } from "../reactor/reactor.js";
import { close } from "../sys/descriptors.js";
import { EAGAIN, EBADF, EBUSY } from "../sys/linux/errnos.js";
import { teardownAction } from "../sys/teardown.js";
import { Lines } from "./lines.js";
import {
	FOR_ERRORS,
	FOR_LATER,
	FOR_READING,
	FOR_WRITING,
	GIVE_WAY,
	INTERRUPTED,
	type Need,
	type Operation,
	type Unfinished,
	type WOULD_BLOCK,
} from "./operation.js";
import { afterTurn, turnAllowance } from "./turns.js";
import { Awaiting, type Settle, type Waiter } from "./waiter.js";

// A worker that is terminated runs no JavaScript any more: the runtime itself closes what it left open.
const atTeardown = teardownAction("close");

// How long an operation that nothing will wake sleeps before it tries again, at first and at most.
const firstPause = 1;
const longestPause = 50;

// What most sending operations give. A settled promise can be awaited by any number.
const done: Promise<unknown> = Promise.resolve();

// The functions of the promise that is being made: so that no function need be made for it.
const nobody: Settle = () => {};
let resolve = nobody;
let reject = nobody;
const capture = (resolver: Settle, rejecter: Settle): void => {
	resolve = resolver;
	reject = rejecter;
};

/**
 * How much a TCP socket's receive queue is known to hold. After a receiving call has come back with less than it
 * could have taken, the queue is empty until the next event, and asking again would be in vain.
 */
const UNKNOWN = 0;
const EMPTY = 1;
/** Not to be told from what a call gives: there may be urgent data, an end, or bytes that a protocol holds back. */
const UNTELLABLE = 2;

/** The mark that nothing more will come. */
const ENDING = 1 << 8;

/** An open descriptor number and what waits for it. */
export class Descriptor extends Lines implements Watcher {
	/** How many blocking calls that receive are to wait before they try; of use to nobody but blocking.ts. */
	expected = 0;
	#fd: number;
	/** The reactor's number for it; -1 until it has to wait for the first time. */
	#registration = -1;
	#turnsLeft = turnAllowance;
	#queue = UNTELLABLE;
	/** Which lines will be served after the event loop's turn, a bit for each need; and ENDING. */
	#marks = 0;

	constructor(fd: number) {
		super();
		this.#fd = fd;
		atTeardown.arm(fd);
	}

	/** The number, -1 when closed. */
	get fd(): number {
		return this.#fd;
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
		if (this.#registration >= 0) reactor().remove(this.#registration);
		this.#registration = -1;
		for (let waiter = this.anyone; waiter !== undefined; waiter = this.anyone) {
			const { syscall, closed } = waiter.operation;
			if (closed === undefined) waiter.fail(socketError(syscall, -EBADF));
			else waiter.succeed(closed());
		}
		return fd;
	}

	/** Says that a receiving call which gives less than it could take has emptied the queue. So it is with TCP. */
	trustQueue(): void {
		this.#queue = UNKNOWN;
	}

	/** Says that it is not so any more. */
	distrustQueue(): void {
		this.#queue = UNTELLABLE;
	}

	/**
	 * Leaves the reactor where nobody waits: so long as the calls find something each time, telling of what comes
	 * would be a burden on who sends. Who waits next comes back to it.
	 * @param own how many operations wait that know of it, and will `heed()`
	 */
	rest(own = 0): void {
		if (this.#registration < 0 || this.pending > own) return;
		reactor().remove(this.#registration);
		this.#registration = -1;
		if (this.#queue === EMPTY) this.#queue = UNKNOWN;
	}

	/** Comes back to the reactor, which tells of what is there already. */
	heed(): void {
		if (this.#fd >= 0) this.register(FOR_READING);
	}

	/**
	 * Lets an operation try once.
	 * @param _blocking whether the thread waits meanwhile
	 */
	attempt<T>(operation: Operation<T>, _blocking = false): T | Unfinished {
		return operation.attempt(this.#fd);
	}

	/** How many milliseconds an operation that was not let try has to wait; 0 where readiness tells. */
	holdup(_operation: Operation<unknown>): number {
		return 0;
	}

	/** How many of so many bytes may be moved now in a direction; for what is done at two descriptors at once. */
	grant(_need: Need, size: number): number {
		return size;
	}

	/** Says that so many bytes of a grant were moved. */
	spend(_need: Need, _count: number): void {}

	/** Whether nobody waits to write. */
	get free(): boolean {
		return this.lastOf(FOR_WRITING) === undefined;
	}

	/**
	 * Whether an operation that will not stand in line may try. Who waits to write came before and is served first:
	 * ahead of what it began to send, the operation's bytes would tear a stream apart. Behind who takes everything
	 * that comes there is nothing to receive, and it throws EBUSY.
	 */
	admits(operation: Operation<unknown>): boolean {
		const { need } = operation;
		if (need === FOR_READING) {
			this.refuseBehindOccupant(operation);
		} else if (need === FOR_WRITING && this.lastOf(FOR_WRITING) !== undefined) {
			this.serve(FOR_WRITING);
			return this.lastOf(FOR_WRITING) === undefined;
		}
		return true;
	}

	private refuseBehindOccupant(operation: Operation<unknown>): void {
		const occupant = this.lastOf(operation.need)?.operation;
		if (occupant?.occupies !== true) return;
		throw socketError(operation.syscall, -EBUSY, {
			advice: `${occupant.syscall}() takes all that comes to this socket; stop it first`,
		});
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
			if (this.#fd < 0) throw socketError(operation.syscall, -EBADF);
			if (timeout === 0) return this.performAtOnce(operation, owner, signal);
			// Try first and wait only when it would block: a socket is ready more often than not. But who came
			// before is served before, and a socket that never has to wait gives the others a turn.
			const { need } = operation;
			const last = this.lastOf(need);
			if (last !== undefined || this.#turnsLeft <= 0) {
				this.refuseBehindOccupant(operation);
				const waiting = this.wait(operation, owner, timeout, signal);
				if (last === undefined) this.serveLater(need);
				return waiting;
			}
			// Nothing has come since the last receiver took all there was.
			if (this.#queue === EMPTY && operation.tookAll !== undefined) {
				return this.wait(operation, owner, timeout, signal);
			}
			this.#turnsLeft--;
			const result = this.tryNow(operation);
			if (typeof result !== "symbol") {
				return result === undefined ? (done as Promise<T>) : Promise.resolve(result);
			}
			if (this.ended && operation.end !== undefined) return Promise.resolve(operation.end());
			const waiting = this.wait(operation, owner, timeout, signal);
			if (result === GIVE_WAY) this.serveLater(need);
			return waiting;
		} catch (error) {
			return Promise.reject(error);
		}
	}

	/** Performs an operation that must not wait. */
	private performAtOnce<T>(operation: Operation<T>, owner: object, signal?: AbortSignal): Promise<T> {
		if (this.#turnsLeft <= 0) {
			return new Promise((settle) => {
				afterTurn(() => {
					this.#turnsLeft = turnAllowance;
					settle(this.perform(operation, owner, 0, signal));
				});
			});
		}
		this.#turnsLeft--;
		if (!this.admits(operation)) throw this.blocked(operation);
		let result = this.tryNow(operation);
		while (result === GIVE_WAY) result = this.tryNow(operation);
		if (typeof result !== "symbol") return Promise.resolve(result);
		const part = operation.partial?.();
		if (part !== undefined) return Promise.resolve(part);
		throw this.blocked(operation);
	}

	private get ended(): boolean {
		return (this.#marks & ENDING) !== 0;
	}

	private blocked(operation: Operation<unknown>): Error {
		return socketError(operation.syscall, operation.blocked ?? -EAGAIN, operation);
	}

	/** The reactor's call. */
	ready(events: number): void {
		this.#turnsLeft = turnAllowance;
		if (events & READABLE) {
			if (events & (ENDED | URGENT | FAILED)) {
				this.#queue = UNTELLABLE;
				if (events & ENDED) this.#marks |= ENDING;
			} else if (this.#queue === EMPTY) {
				this.#queue = UNKNOWN;
			}
		}
		// A user's function may throw, and the others hear of the event all the same: it is told once.
		try {
			if (events & READABLE) this.serve(FOR_READING);
		} finally {
			if (events & WRITABLE) this.serve(FOR_WRITING);
			if (events & FAILED) this.serve(FOR_ERRORS);
		}
	}

	/** The reactor's call: another took over the number, and this one is told of nothing any more. */
	displaced(): void {
		this.#queue = UNTELLABLE;
		if (this.#registration >= 0) reactor().remove(this.#registration);
		this.#registration = -1;
	}

	/** Whether a receiving call that gives less than it could take has emptied the queue. */
	get tellsQueue(): boolean {
		return this.#queue !== UNTELLABLE;
	}

	/** Tries again what waits, to read as a rule, soon: it may go on though no event tells so. */
	stir(need: Need = FOR_READING): void {
		if (this.lastOf(need) !== undefined) this.serveLater(need);
	}

	/** Serves those who wait in a line, in order, until one would block. */
	private serve(line: Need): void {
		for (let waiter = this.firstOf(line); waiter !== undefined; waiter = this.firstOf(line)) {
			let result: unknown;
			try {
				result = this.tryNow(waiter.operation);
			} catch (error) {
				if (this.firstOf(line) !== waiter) throw error;
				waiter.fail(error);
				continue;
			}
			// The attempt ran a user's function, which closed the socket or stopped the operation.
			if (this.firstOf(line) !== waiter) continue;
			if (typeof result !== "symbol") {
				waiter.succeed(result);
			} else if (result === GIVE_WAY) {
				this.serveLater(line);
				return;
			} else {
				const { need, end } = waiter.operation;
				if (this.ended && end !== undefined) waiter.succeed(end());
				else if (line === need) return;
				else this.move(waiter, need); // It turned out to wait for something else.
			}
		}
	}

	private serveLater(line: Need): void {
		// Once for all who ask: each event of a flood would add another that never ends.
		const bit = 1 << line;
		if (this.#marks & bit) return;
		this.#marks |= bit;
		afterTurn(() => {
			this.#marks &= ~bit;
			this.#turnsLeft = turnAllowance;
			this.serve(line);
		});
	}

	private tryNow<T>(operation: Operation<T>): T | typeof WOULD_BLOCK | typeof GIVE_WAY {
		for (;;) {
			const result = this.attempt(operation);
			if (result === INTERRUPTED) continue;
			// Only events can tell that there is more, and they are told only of a descriptor that is registered.
			if (operation.tookAll === true && this.#queue === UNKNOWN && this.#registration >= 0) {
				this.#queue = EMPTY;
			}
			return result;
		}
	}

	/**
	 * Lets one stand in line that is told of its end itself. Its first attempt is not made here: it may run a user's
	 * function, which must not run within the call that begins it.
	 */
	attach(waiter: Waiter, owner: object, signal?: AbortSignal): void {
		const { operation } = waiter;
		const { syscall, need } = operation;
		this.open(syscall);
		const last = this.lastOf(need);
		this.refuseBehindOccupant(operation);
		this.register(need);
		if (signal !== undefined) waiter.listen(signal);
		waiter.enter(owner);
		if (last === undefined) this.serveLater(need);
	}

	/** Has the reactor tell of readiness; an operation that waits for time alone needs none. */
	private register(need: Need): void {
		if (this.#registration < 0 && need !== FOR_LATER) this.#registration = reactor().add(this.#fd, this);
	}

	private wait<T>(
		operation: Operation<T>,
		owner: object,
		timeout: number | null,
		signal?: AbortSignal,
	): Promise<T> {
		const { need } = operation;
		this.register(need);
		const promise = new Promise<unknown>(capture);
		const waiter = new Awaiting(this, operation, resolve, reject);
		resolve = nobody;
		reject = nobody;
		if (timeout !== null) waiter.limit(timeout);
		if (signal !== undefined) waiter.listen(signal);
		waiter.enter(owner);
		if (need === FOR_LATER) this.tryLater(waiter, firstPause);
		return promise as Promise<T>;
	}

	private move(waiter: Waiter, line: Need): void {
		waiter.change(line);
		if (line === FOR_LATER) this.tryLater(waiter, firstPause);
	}

	private tryLater(waiter: Waiter, pause: number): void {
		waiter.retry(pause, () => {
			if (waiter.place !== FOR_LATER) return;
			const next = Math.min(pause * 2, longestPause);
			// Who came before goes first, where both want the same; one peer that is stuck stops no other.
			const { address } = waiter.operation;
			let first = this.firstOf(FOR_LATER);
			while (first !== undefined && first.operation.address !== address) first = first.next;
			if (first !== waiter) return this.tryLater(waiter, next);
			let result: unknown;
			try {
				result = this.tryNow(waiter.operation);
			} catch (error) {
				return waiter.fail(error);
			}
			if (typeof result !== "symbol") return waiter.succeed(result);
			this.tryLater(waiter, next);
		});
	}
}
