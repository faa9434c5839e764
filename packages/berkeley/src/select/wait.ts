/**
 * How everything in here waits: like a socket, by an operation that is tried again when a descriptor is readable.
 * The time being over is no failure, but an empty result.
 */
import { checkTimeout, checkWaitOptions } from "../arguments.js";
import { SocketError } from "../errors.js";
import { reactor } from "../reactor/reactor.js";
import { performSync } from "../socket/blocking.js";
import type { Descriptor } from "../socket/descriptor.js";
import { FOR_LATER, FOR_READING, type Need, type Operation, type Unfinished } from "../socket/operation.js";

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
	/** Whether the descriptor does not tell of everything, so that only the clock says when to look again. */
	readonly byClock?: boolean;
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

function operationOf<T>(look: Look<T>, need: Need, signal: AbortSignal | undefined): Operation<T> {
	return {
		syscall: look.syscall,
		need,
		attempt: (fd) => look.attempt(fd),
		partial: () => (signal?.aborted ? undefined : look.nothing()),
		closed: look.closed,
	};
}

/**
 * The kernel lets only 100 descriptors of epoll(7) that watch one and the same socket be watched by the event loop,
 * through ours. It refuses the next one. But before the loop has taken ours in, at its first turn, it would refuse
 * that, and the loop then ends the process: so there must not be too many until then.
 */
const mostAtFirst = 64;
let atFirst = 0;
let isTakenIn = false;

function takeIn(): void {
	isTakenIn = true;
}

function mayBeWatched(): boolean {
	if (isTakenIn) return true;
	if (atFirst === 0) {
		reactor();
		// The first one may come before the loop looks for events, the second one comes behind that.
		setImmediate(() => setImmediate(takeIn).unref()).unref();
	}
	return atFirst++ < mostAtFirst;
}

/** Whether the kernel would not let one more descriptor of epoll(7) watch another. */
function isRefusal(code: string | undefined): boolean {
	return code === "EINVAL" || code === "ELOOP";
}

/**
 * Looks again whenever the descriptor has become readable, in the event loop; by the clock, every 50 ms at least,
 * where the kernel does not let it be watched.
 */
export function waitWith<T>(
	descriptor: Descriptor,
	owner: object,
	look: Look<T>,
	limit: number | null,
	options?: SelectOptions,
): Promise<T> {
	checkWaitOptions(options);
	const signal = options?.signal;
	const begin = (need: Need): Promise<T> =>
		descriptor.perform(operationOf(look, need, signal), owner, limit, signal);
	if (look.byClock || !mayBeWatched()) return begin(FOR_LATER);
	return begin(FOR_READING).catch((error: unknown) => {
		const refused = error instanceof SocketError && error.syscall === "epoll_ctl" && isRefusal(error.code);
		if (!refused) throw error;
		return begin(FOR_LATER);
	});
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
	return performSync(descriptor, operationOf(look, look.byClock ? FOR_LATER : FOR_READING, undefined), limit);
}
