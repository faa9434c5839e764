/**
 * How everything in here waits: like a socket, by an operation that is tried again when a descriptor is readable.
 * The time being over is no failure, but an empty result.
 */
import { checkTimeout, checkWaitOptions } from "../arguments.js";
import { performSync } from "../socket/blocking.js";
import type { Descriptor } from "../socket/descriptor.js";
import { FOR_READING, type Operation, type Unfinished } from "../socket/operation.js";

/** How a wait may be ended before something is ready. */
export interface SelectOptions {
	/** Aborts the wait: it rejects with the signal's reason. A blocking wait looks at it only before it begins. */
	signal?: AbortSignal | undefined;
}

/** One look at what is ready, which gives WOULD_BLOCK when nothing is. */
export interface Look<T> {
	readonly syscall: string;
	/** What a wait gives when its time is over; never undefined. */
	nothing(): T;
	/** What a wait gives when its descriptor is closed; when left out, it fails with EBADF. */
	readonly closed?: (() => T) | undefined;
	attempt(fd: number): T | Unfinished;
}

/** Milliseconds to wait: without end for undefined, null and, as in poll(2), negative numbers. */
export function limitOf(timeout: number | null | undefined): number | null {
	if (timeout === undefined || timeout === null) return null;
	if (typeof timeout === "number" && timeout < 0) return null;
	return checkTimeout("timeout", timeout);
}

function operationOf<T>(look: Look<T>, signal: AbortSignal | undefined): Operation<T> {
	return {
		syscall: look.syscall,
		need: FOR_READING,
		attempt: (fd) => look.attempt(fd),
		partial: () => (signal?.aborted ? undefined : look.nothing()),
		closed: look.closed,
	};
}

/** Looks again whenever the descriptor has become readable, in the event loop. */
export function waitWith<T>(
	descriptor: Descriptor,
	owner: object,
	look: Look<T>,
	limit: number | null,
	options?: SelectOptions,
): Promise<T> {
	checkWaitOptions(options);
	const signal = options?.signal;
	return descriptor.perform(operationOf(look, signal), owner, limit, signal);
}

/** The same, blocking the thread. */
export function waitWithSync<T>(
	descriptor: Descriptor,
	look: Look<T>,
	limit: number | null,
	options?: SelectOptions,
): T {
	checkWaitOptions(options);
	options?.signal?.throwIfAborted();
	return performSync(descriptor, operationOf(look, undefined), limit);
}
