/**
 * What `recvEach()` and `acceptEach()` return: the hold that a program has on what is handed to its function.
 *
 * A server may have tens of thousands of them that do nothing, so one is small: the promise of its end, for
 * example, is made when somebody asks for it.
 */
import { kindOf } from "../address/bytes.js";
import { checkTimeout } from "../arguments.js";
import { timeoutError } from "../errors.js";
import type { Deadline } from "../reactor/deadlines.js";
import { reactor } from "../reactor/reactor.js";
import type { Descriptor } from "./descriptor.js";
import {
	FOR_READING,
	GIVE_WAY,
	type Need,
	NOWHERE,
	type Operation,
	type Quota,
	type Unfinished,
	WOULD_BLOCK,
} from "./operation.js";
import { type Seldom, Waiter } from "./waiter.js";

/** How recvEach() and acceptEach() begin and end. */
export interface FlowOptions {
	/** Milliseconds without anything after which it ends with a TimeoutError; never when left out or null. */
	timeout?: number | null | undefined;
	/** Ends it with the signal's reason. */
	signal?: AbortSignal | undefined;
	/**
	 * Called once, when nothing more will come; with what went wrong, if anything did. It costs less than `ended`,
	 * where there are many.
	 */
	end?: ((reason?: unknown) => void) | undefined;
}

/** What is handed to a function as it comes. It keeps the process alive until it has ended. */
export interface Flow {
	/**
	 * Fulfilled when nothing more will come: the peer has ended its side, `stop()` was called or the socket was
	 * closed. Rejected with what the kernel said, with what the function threw, with the signal's reason, or with
	 * a TimeoutError; an unhandled rejection when nobody has asked for it and there is no `end` function.
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

/** What few flows have. */
interface SeldomOfFlows extends Seldom {
	idle?: IdleLimit;
	ending?: Ending;
}

interface Ending {
	readonly promise: Promise<void>;
	readonly resolve: () => void;
	readonly reject: (reason: unknown) => void;
}

/** A flow as an operation, which hands out everything that comes until it is stopped. */
export abstract class Each extends Waiter implements Operation<void>, Flow {
	abstract readonly syscall: string;
	#paused = false;
	declare protected seldom: SeldomOfFlows | undefined;
	#end: ((reason?: unknown) => void) | undefined = undefined;

	constructor(descriptor: Descriptor) {
		super(descriptor);
	}

	get operation(): this {
		return this;
	}

	protected get descriptor(): Descriptor {
		return this.lines as Descriptor;
	}

	/** Gets one item from the kernel and hands it out. */
	protected abstract step(fd: number, quota: Quota | undefined): Step;

	/** Begins; `owner` is kept reachable until the end. */
	begin(owner: object, options: FlowOptions): this {
		const timeout = checkTimeout("timeout", options.timeout ?? null);
		const { signal, end } = options;
		if (end !== undefined && typeof end !== "function") {
			throw new TypeError(`end must be a function, not ${kindOf(end)}`);
		}
		this.descriptor.open(this.syscall);
		if (!signal?.aborted) this.descriptor.attach(this, owner, signal);
		this.#end = end;
		if (signal?.aborted) this.over(true, signal.reason);
		else if (timeout !== null) this.rare.idle = new IdleLimit(this, timeout);
		return this;
	}

	get need(): Need {
		return FOR_READING;
	}

	get occupies(): boolean {
		return true;
	}

	get ended(): Promise<void> {
		return this.ending.promise;
	}

	private get ending(): Ending {
		this.rare.ending ??= newEnding();
		return this.rare.ending;
	}

	private get rare(): SeldomOfFlows {
		this.seldom ??= {};
		return this.seldom;
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
		this.seldom?.idle?.stir();
		this.descriptor.stir();
	}

	stop(): void {
		if (this.place === NOWHERE) return;
		this.succeed(undefined);
		// Who came behind it and waits is next.
		this.descriptor.stir();
	}

	[Symbol.dispose](): void {
		this.stop();
	}

	/** Ends it: nothing has come for so many milliseconds. */
	expire(timeout: number): void {
		this.fail(timeoutError(this.syscall, timeout));
		this.descriptor.stir();
	}

	/** Its owner closed the socket, which is an end like another. */
	closed(): void {}

	protected over(failed: boolean, reason: unknown): void {
		this.seldom?.idle?.clear();
		const end = this.#end;
		if (end !== undefined) {
			this.#end = undefined;
			// Not from within: what it throws is nobody's error but its own.
			queueMicrotask(() => (failed ? end(reason) : end()));
		}
		const { ending } = this;
		if (failed) {
			// It has been told.
			if (end !== undefined) ending.promise.catch(() => {});
			ending.reject(reason);
		} else {
			ending.resolve();
		}
	}

	attempt(fd: number, quota?: Quota): undefined | Unfinished {
		for (let calls = 0; calls < callsInARow; calls++) {
			if (this.#paused || quota?.left === 0) return WOULD_BLOCK;
			const result = this.step(fd, quota);
			if (typeof result === "symbol") return result;
			if (result === OVER) return undefined;
			this.seldom?.idle?.stir();
			// The handler may have stopped the flow, or closed the socket, whose number may be another's by now.
			if (this.place === NOWHERE) return undefined;
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
			else this.#each.expire(this.#timeout);
		});
	}
}
