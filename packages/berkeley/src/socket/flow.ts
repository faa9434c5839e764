/**
 * What `recvEach()` and `acceptEach()` return: the hold that a program has on what is handed to its function.
 *
 * A server may have tens of thousands of them that do nothing, so one is small: the promise of its end, for
 * example, is made when somebody asks for it.
 */
import { timeoutError } from "../errors.js";
import type { Deadline } from "../reactor/deadlines.js";
import { reactor } from "../reactor/reactor.js";
import type { Descriptor } from "./descriptor.js";
import {
	FOR_READING,
	GIVE_WAY,
	type Need,
	type Operation,
	type Unfinished,
	WOULD_BLOCK,
} from "./operation.js";

/** What is handed to a function as it comes. It keeps the process alive until it has ended. */
export interface Flow {
	/**
	 * Fulfilled when nothing more will come: the peer has ended its side, `stop()` was called or the socket was
	 * closed. Rejected with what the kernel said, with what the function threw, with the signal's reason, or with
	 * a TimeoutError; an unhandled rejection when nobody has asked for it.
	 */
	readonly ended: Promise<void>;
	/** Whether nothing is handed out for now. */
	readonly paused: boolean;
	/** Hands out nothing from now on; what comes waits in the kernel, which slows the peer of a stream down. */
	pause(): void;
	/** Goes on after `pause()`, not within this call. */
	resume(): void;
	/** Ends it; what comes later can be received by other means. Does nothing the second time. */
	stop(): void;
	/** Stops it: `using flow = s.recvEach(…)`. */
	[Symbol.dispose](): void;
}

// So many calls of the kernel in a row, then the others get their turn.
const callsInARow = 32;

/** Something was handed out. */
export const HANDED = 0;
/** Something was handed out, and nothing is left until the next event. */
export const HANDED_ALL = 1;
/** Nothing more will come. */
export const OVER = 2;

/** What one call of the kernel came to. */
export type Step = typeof HANDED | typeof HANDED_ALL | typeof OVER | Unfinished;

interface Ending {
	readonly promise: Promise<void>;
	readonly resolve: () => void;
	readonly reject: (reason: unknown) => void;
}

/** A flow as an operation, which hands out everything that comes until it is stopped. */
export abstract class Each implements Operation<void>, Flow {
	abstract readonly syscall: string;
	protected readonly descriptor: Descriptor;
	#paused = false;
	#idle: IdleLimit | undefined = undefined;
	#ending: Ending | undefined = undefined;

	constructor(descriptor: Descriptor) {
		this.descriptor = descriptor;
	}

	/** Gets one item from the kernel and hands it out. */
	protected abstract step(fd: number): Step;

	/**
	 * Begins.
	 * @param owner kept reachable until the end
	 * @param timeout milliseconds without anything after which it fails, null for none
	 */
	begin(owner: object, timeout: number | null, signal: AbortSignal | undefined): this {
		if (signal?.aborted) {
			this.over(true, signal.reason);
			return this;
		}
		this.descriptor.attach(this, owner, signal);
		if (timeout !== null) this.#idle = new IdleLimit(this, timeout);
		return this;
	}

	get need(): Need {
		return FOR_READING;
	}

	get occupies(): boolean {
		return true;
	}

	get ended(): Promise<void> {
		this.#ending ??= newEnding();
		return this.#ending.promise;
	}

	get paused(): boolean {
		return this.#paused;
	}

	pause(): void {
		this.#paused = true;
	}

	resume(): void {
		if (!this.#paused) return;
		this.#paused = false;
		this.#idle?.stir();
		this.descriptor.stir();
	}

	stop(): void {
		this.descriptor.finish(this);
	}

	[Symbol.dispose](): void {
		this.stop();
	}

	/** Ends it with an error. */
	fail(reason: Error): void {
		this.descriptor.finish(this, reason);
	}

	/** Its owner closed the socket, which is an end like another. */
	closed(): void {}

	over(failed: boolean, reason: unknown): void {
		this.#idle?.clear();
		this.#ending ??= newEnding();
		if (failed) this.#ending.reject(reason);
		else this.#ending.resolve();
	}

	attempt(fd: number): undefined | Unfinished {
		for (let calls = 0; calls < callsInARow; calls++) {
			if (this.#paused) return WOULD_BLOCK;
			const result = this.step(fd);
			if (typeof result === "symbol") return result;
			if (result === OVER) return undefined;
			this.#idle?.stir();
			// The handler may have closed the socket, whose number may be another's by now, or stopped the flow.
			if (this.descriptor.fd !== fd || !this.descriptor.holds(this)) return undefined;
			if (result === HANDED_ALL) return WOULD_BLOCK;
		}
		return GIVE_WAY;
	}
}

function newEnding(): Ending {
	let resolve: () => void = () => {};
	let reject: (reason: unknown) => void = () => {};
	const promise = new Promise<void>((resolver, rejecter) => {
		resolve = resolver;
		reject = rejecter;
	});
	return { promise, resolve, reject };
}

/** Ends a flow in which nothing comes for so long; while it is paused nobody expects anything. */
class IdleLimit {
	readonly #each: Each;
	readonly #timeout: number;
	#last = performance.now();
	#deadline: Deadline | undefined;

	constructor(each: Each, timeout: number) {
		this.#each = each;
		this.#timeout = timeout;
		this.#wait(this.#last);
	}

	/** Something came. */
	stir(): void {
		this.#last = performance.now();
	}

	clear(): void {
		if (this.#deadline !== undefined) reactor().deadlines.remove(this.#deadline);
	}

	/** One deadline for many items: when it is over it looks at when the last one came. */
	#wait(from: number): void {
		this.#deadline = reactor().deadlines.add(from + this.#timeout, () => {
			if (this.#each.paused) this.stir();
			if (this.#last > from) this.#wait(this.#last);
			else this.#each.fail(timeoutError(this.#each.syscall, this.#timeout));
		});
	}
}
