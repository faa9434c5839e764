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
import { Line, Waiter } from "./waiter.js";

// A worker that is terminated runs no JavaScript any more: the runtime itself closes what it left open.
const atTeardown = teardownAction("close");

// How long an operation that nothing will wake sleeps before it tries again, at first and at most.
const firstPause = 1;
const longestPause = 50;

// What most sending operations give. A settled promise can be awaited by any number.
const done: Promise<unknown> = Promise.resolve();

// The functions of the promise that is being made: so that no function need be made for it.
type Settle = (value: unknown) => void;
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

/** An open descriptor number and what waits for it. */
export class Descriptor implements Watcher {
	/** How many blocking calls that receive are to wait before they try; of use to nobody but blocking.ts. */
	expected = 0;
	#fd: number;
	/** The reactor's number for it; -1 until it has to wait for the first time. */
	#registration = -1;
	#turnsLeft = turnAllowance;
	#ended = false;
	#queue = UNTELLABLE;
	// By need: those who wait.
	#reading: Line | undefined = undefined;
	#writing: Line | undefined = undefined;
	#failing: Line | undefined = undefined;
	#later: Line | undefined = undefined;

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
		return this.#lines().reduce((sum, line) => sum + line.length, 0);
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
		for (const line of this.#lines()) {
			for (let waiter = line.first; waiter !== undefined; waiter = line.first) {
				const { syscall, closed } = waiter.operation;
				if (closed === undefined) waiter.fail(socketError(syscall, -EBADF));
				else waiter.succeed(closed());
			}
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
		if (this.#fd >= 0) this.#register(FOR_READING);
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
		return this.#writing?.first === undefined;
	}

	/** Whether an operation waits to write, and nobody behind it. */
	writesLast(operation: Operation<unknown>): boolean {
		return this.#writing?.last?.operation === operation;
	}

	/**
	 * Whether an operation that will not stand in line may try. Who waits to write came before and is served first:
	 * ahead of what it began to send, the operation's bytes would tear a stream apart. Behind who takes everything
	 * that comes there is nothing to receive, and it throws EBUSY.
	 */
	admits(operation: Operation<unknown>): boolean {
		const { need } = operation;
		if (need === FOR_READING) {
			this.#refuseBehindOccupant(operation, this.#reading);
		} else if (need === FOR_WRITING && this.#writing?.first !== undefined) {
			this.#serve(this.#writing);
			return this.#writing.first === undefined;
		}
		return true;
	}

	#refuseBehindOccupant(operation: Operation<unknown>, line: Line | undefined): void {
		const occupant = line?.last?.operation;
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
			if (timeout === 0) return this.#performAtOnce(operation, owner, signal);
			// Try first and wait only when it would block: a socket is ready more often than not. But who came
			// before is served before, and a socket that never has to wait gives the others a turn.
			const line = this.#lineFor(operation.need);
			const { first } = line;
			if (first !== undefined || this.#turnsLeft <= 0) {
				this.#refuseBehindOccupant(operation, line);
				const waiting = this.#wait(operation, owner, timeout, signal);
				if (first === undefined) this.#serveLater(line);
				return waiting;
			}
			// Nothing has come since the last receiver took all there was.
			if (this.#queue === EMPTY && operation.tookAll !== undefined) {
				return this.#wait(operation, owner, timeout, signal);
			}
			this.#turnsLeft--;
			const result = this.#tryNow(operation);
			if (typeof result !== "symbol") {
				return result === undefined ? (done as Promise<T>) : Promise.resolve(result);
			}
			if (this.#ended && operation.end !== undefined) return Promise.resolve(operation.end());
			const waiting = this.#wait(operation, owner, timeout, signal);
			if (result === GIVE_WAY) this.#serveLater(line);
			return waiting;
		} catch (error) {
			return Promise.reject(error);
		}
	}

	/** Performs an operation that must not wait. */
	#performAtOnce<T>(operation: Operation<T>, owner: object, signal?: AbortSignal): Promise<T> {
		if (this.#turnsLeft <= 0) {
			return new Promise((settle) => {
				afterTurn(() => {
					this.#turnsLeft = turnAllowance;
					settle(this.perform(operation, owner, 0, signal));
				});
			});
		}
		this.#turnsLeft--;
		if (!this.admits(operation)) throw this.#blocked(operation);
		let result = this.#tryNow(operation);
		while (result === GIVE_WAY) result = this.#tryNow(operation);
		if (typeof result !== "symbol") return Promise.resolve(result);
		const part = operation.partial?.();
		if (part !== undefined) return Promise.resolve(part);
		throw this.#blocked(operation);
	}

	#blocked(operation: Operation<unknown>): Error {
		return socketError(operation.syscall, operation.blocked ?? -EAGAIN, operation);
	}

	/** The reactor's call. */
	ready(events: number): void {
		this.#turnsLeft = turnAllowance;
		if (events & READABLE) {
			if (events & (ENDED | URGENT | FAILED)) {
				this.#queue = UNTELLABLE;
				if (events & ENDED) this.#ended = true;
			} else if (this.#queue === EMPTY) {
				this.#queue = UNKNOWN;
			}
		}
		// A user's function may throw, and the others hear of the event all the same: it is told once.
		try {
			if (events & READABLE && this.#reading !== undefined) this.#serve(this.#reading);
		} finally {
			if (events & WRITABLE && this.#writing !== undefined) this.#serve(this.#writing);
			if (events & FAILED && this.#failing !== undefined) this.#serve(this.#failing);
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

	/** Whether an operation is the first of those that wait to read. */
	holds(operation: Operation<unknown>): boolean {
		return this.#reading?.first?.operation === operation;
	}

	/** Ends an operation that waits to read, successfully or with a reason; does nothing when it is over. */
	finish(operation: Operation<void>, reason?: Error): void {
		let waiter = this.#reading?.first;
		while (waiter !== undefined && waiter.operation !== operation) waiter = waiter.next;
		if (reason === undefined) waiter?.succeed(undefined);
		else waiter?.fail(reason);
		// Who came behind it and waits is next.
		if (waiter !== undefined) this.stir();
	}

	/** Tries again what waits, to read as a rule, soon: it may go on though no event tells so. */
	stir(need: Need = FOR_READING): void {
		const line = this.#lineFor(need);
		if (line.first !== undefined) this.#serveLater(line);
	}

	/** Serves those who wait, in order, until one would block. */
	#serve(line: Line): void {
		for (let waiter = line.first; waiter !== undefined; waiter = line.first) {
			let result: unknown;
			try {
				result = this.#tryNow(waiter.operation);
			} catch (error) {
				if (line.first !== waiter) throw error;
				waiter.fail(error);
				continue;
			}
			// The attempt ran a user's function, which closed the socket or stopped the operation.
			if (line.first !== waiter) continue;
			if (typeof result !== "symbol") {
				waiter.succeed(result);
			} else if (result === GIVE_WAY) {
				this.#serveLater(line);
				return;
			} else {
				const { need, end } = waiter.operation;
				if (this.#ended && end !== undefined) waiter.succeed(end());
				else if (line === this.#lineFor(need)) return;
				else this.#enqueue(waiter); // It turned out to wait for something else.
			}
		}
	}

	#serveLater(line: Line): void {
		// Once for all who ask: each event of a flood would add another that never ends.
		if (line.due) return;
		line.due = true;
		afterTurn(() => {
			line.due = false;
			this.#turnsLeft = turnAllowance;
			this.#serve(line);
		});
	}

	#tryNow<T>(operation: Operation<T>): T | typeof WOULD_BLOCK | typeof GIVE_WAY {
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
	 * Lets an operation stand in line that is told of its end itself. Its first attempt is not made here: it may run
	 * a user's function, which must not run within the call that begins it.
	 */
	attach(operation: Operation<void>, owner: object, signal?: AbortSignal): void {
		const { syscall, need } = operation;
		this.open(syscall);
		const line = this.#lineFor(need);
		const { first } = line;
		this.#refuseBehindOccupant(operation, line);
		this.#register(need);
		const waiter = new Waiter(operation, owner);
		if (signal !== undefined) waiter.listen(signal);
		this.#enqueue(waiter);
		if (first === undefined) this.#serveLater(line);
	}

	/** Has the reactor tell of readiness; an operation that waits for time alone needs none. */
	#register(need: Need): void {
		if (this.#registration < 0 && need !== FOR_LATER) this.#registration = reactor().add(this.#fd, this);
	}

	#wait<T>(operation: Operation<T>, owner: object, timeout: number | null, signal?: AbortSignal): Promise<T> {
		this.#register(operation.need);
		const promise = new Promise<unknown>(capture);
		const waiter = new Waiter(operation, owner, resolve, reject);
		resolve = nobody;
		reject = nobody;
		if (timeout !== null) waiter.limit(timeout);
		if (signal !== undefined) waiter.listen(signal);
		this.#enqueue(waiter);
		return promise as Promise<T>;
	}

	#enqueue(waiter: Waiter): void {
		const { need } = waiter.operation;
		waiter.stand(this.#lineFor(need));
		if (need === FOR_LATER) this.#tryLater(waiter, firstPause);
	}

	#lineFor(need: Need): Line {
		switch (need) {
			case FOR_READING:
				this.#reading ??= new Line();
				return this.#reading;
			case FOR_WRITING:
				this.#writing ??= new Line();
				return this.#writing;
			case FOR_ERRORS:
				this.#failing ??= new Line();
				return this.#failing;
			case FOR_LATER:
				this.#later ??= new Line();
				return this.#later;
		}
	}

	#lines(): Line[] {
		const lines = [this.#reading, this.#writing, this.#failing, this.#later];
		return lines.filter((line) => line !== undefined);
	}

	#tryLater(waiter: Waiter, pause: number): void {
		waiter.retry(pause, () => {
			const next = Math.min(pause * 2, longestPause);
			// Who came before goes first, where both want the same; one peer that is stuck stops no other.
			const { address } = waiter.operation;
			let first = this.#lineFor(FOR_LATER).first;
			while (first !== undefined && first.operation.address !== address) first = first.next;
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
