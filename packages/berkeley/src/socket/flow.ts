/**
 * What `recvEach()` and `acceptEach()` return: the hold that a program has on what is handed to its function.
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

// So many calls of the kernel in a row, then the others get their turn.
const callsInARow = 32;

/** What one call of the kernel came to. */
export const HANDED = 0;
/** Something was handed out, and nothing is left until the next event. */
export const HANDED_ALL = 1;
/** Nothing more will come. */
export const OVER = 2;

/** How `Each` gets one item and hands it out. */
export type Step = (fd: number) => typeof HANDED | typeof HANDED_ALL | typeof OVER | Unfinished;

/** An operation that hands out everything that comes, until it is stopped. */
export class Each implements Operation<void> {
	readonly syscall: string;
	readonly need: Need = FOR_READING;
	readonly occupies = true;
	readonly startsLater = true;
	/** Whether nothing is handed out for now. */
	paused = false;
	/** When something was handed out last, where somebody wants to know. */
	lastTime: number | undefined = undefined;
	readonly #descriptor: Descriptor;
	readonly #step: Step;
	readonly #endless: boolean;

	/** @param endless whether only the reactor tells that nothing more will come, as with datagrams */
	constructor(syscall: string, descriptor: Descriptor, step: Step, endless: boolean) {
		this.syscall = syscall;
		this.#descriptor = descriptor;
		this.#step = step;
		this.#endless = endless;
	}

	get end(): (() => void) | undefined {
		return this.#endless && !this.paused ? nothing : undefined;
	}

	/** Its owner closed the socket, which is an end like another. */
	closed(): void {}

	attempt(fd: number): undefined | Unfinished {
		for (let calls = 0; calls < callsInARow; calls++) {
			if (this.paused) return WOULD_BLOCK;
			const result = this.#step(fd);
			if (typeof result === "symbol") return result;
			if (result === OVER) return undefined;
			if (this.lastTime !== undefined) this.lastTime = performance.now();
			// The handler may have closed the socket, whose number may be another's by now, or stopped the flow.
			if (this.#descriptor.fd !== fd || !this.#descriptor.holds(this)) return undefined;
			if (result === HANDED_ALL) return WOULD_BLOCK;
		}
		return GIVE_WAY;
	}
}

function nothing(): void {}

/** What is handed to a function as it comes. It keeps the process alive until it has ended. */
export class Flow {
	/**
	 * Fulfilled when nothing more will come: the peer has ended its side, `stop()` was called or the socket was
	 * closed. Rejected with what the kernel said, with what the function threw, with the signal's reason, or with
	 * a TimeoutError.
	 */
	readonly ended: Promise<void>;
	readonly #descriptor: Descriptor;
	readonly #each: Each;

	/** Made by recvEach() and acceptEach(). */
	constructor(
		descriptor: Descriptor,
		each: Each,
		owner: object,
		timeout: number | null,
		signal?: AbortSignal | undefined,
	) {
		this.#descriptor = descriptor;
		this.#each = each;
		this.ended = descriptor.perform(each, owner, null, signal);
		if (timeout !== null) this.#limit(timeout);
	}

	/** Whether nothing is handed out for now. */
	get paused(): boolean {
		return this.#each.paused;
	}

	/** Hands out nothing from now on; what comes waits in the kernel, which slows the peer of a stream down. */
	pause(): void {
		this.#each.paused = true;
	}

	/** Goes on after `pause()`, not within this call. */
	resume(): void {
		if (!this.#each.paused) return;
		this.#each.paused = false;
		if (this.#each.lastTime !== undefined) this.#each.lastTime = performance.now();
		this.#descriptor.stir();
	}

	/** Ends it; what comes later can be received by other means. Does nothing the second time. */
	stop(): void {
		this.#descriptor.finish(this.#each);
	}

	/** Stops it: `using flow = s.recvEach(…)`. */
	[Symbol.dispose](): void {
		this.stop();
	}

	#limit(timeout: number): void {
		const each = this.#each;
		each.lastTime = performance.now();
		const { deadlines } = reactor();
		let deadline: Deadline | undefined;
		// One deadline for many items: when it is over it looks at when the last one came.
		const wait = (from: number): void => {
			deadline = deadlines.add(from + timeout, () => {
				deadline = undefined;
				const last = each.paused ? performance.now() : (each.lastTime as number);
				if (last > from) wait(last);
				else this.#descriptor.finish(each, timeoutError(each.syscall, timeout));
			});
		};
		const clear = (): void => {
			if (deadline !== undefined) deadlines.remove(deadline);
		};
		wait(each.lastTime);
		this.ended.then(clear, clear);
	}
}
