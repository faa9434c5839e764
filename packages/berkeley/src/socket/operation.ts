/**
 * What can wait is an operation: one attempt, written once, that either completes or would block. Two drivers
 * wait for it, one in the event loop (descriptor.ts) and one in poll(2) (blocking.ts).
 */
import type { Address } from "../address/types.js";
import { socketError } from "../errors.js";
import { EAGAIN, EINTR } from "../sys/linux/errnos.js";

/** The attempt must be made again when the descriptor is ready. */
export const WOULD_BLOCK: unique symbol = Symbol("would block");
/** A signal came first; the attempt can be made again at once. */
export const INTERRUPTED: unique symbol = Symbol("interrupted");

/** The attempt has done much without waiting and is not through: it goes on after others had a turn. */
export const GIVE_WAY: unique symbol = Symbol("give way");

export type Unfinished = typeof WOULD_BLOCK | typeof INTERRUPTED | typeof GIVE_WAY;

/** Waits until reading may succeed. */
export const FOR_READING = 0;
/** Waits until writing may succeed. */
export const FOR_WRITING = 1;
/** Waits for the error queue. */
export const FOR_ERRORS = 2;
/** Nothing tells when to try again: a little later. */
export const FOR_LATER = 3;

/** In no line of those that wait. */
export const NOWHERE = -1;

export type Need = typeof FOR_READING | typeof FOR_WRITING | typeof FOR_ERRORS | typeof FOR_LATER;

/** An operation that may have to wait. */
export interface Operation<T> {
	/** What the user called, for errors. */
	readonly syscall: string;
	/** The address that the user gave, for errors. */
	readonly address?: Address | undefined;
	/** What the operation waits for; it may change from one attempt to the next. */
	readonly need: Need;
	/** The negative errno that a non-blocking socket answers when the operation would block. */
	readonly blocked?: number;
	/** Never waits, whatever the timeout: MSG_DONTWAIT. */
	readonly dontWait?: boolean;
	/** Goes on until it is stopped: who comes behind it would never be served, and is refused with EBUSY. */
	readonly occupies?: boolean;
	/**
	 * Said of the last attempt, where it can be said: a stream gave less than there was room for, so that there is
	 * nothing more until the next event.
	 */
	readonly tookAll?: boolean | undefined;
	/** The direction in which bytes are moved, where it is not that of `need`. */
	readonly direction?: Need;
	/**
	 * Tries once. Throws SocketError when the kernel says no.
	 * @param quota how much may be moved, where there is a limit: what moves bytes has to keep to it
	 */
	attempt(fd: number, quota?: Quota): T | Unfinished;
	/** The result when time is over or a signal aborts after a part was done, which must not be lost. */
	partial?(): T | undefined;
	/**
	 * The result when it would block though nothing more will come. So it is with datagrams after SHUT_RD: there
	 * the kernel gives an end only to a call that blocks within it.
	 */
	readonly end?: (() => T) | undefined;
	/** The result when the socket is closed by its owner meanwhile; when left out, it fails with EBADF. */
	readonly closed?: (() => T) | undefined;
}

/** How many bytes an attempt on a stream may move. */
export interface Quota {
	/** What is left of it. */
	left: number;
}

/** The size of a call in an attempt: what it would be without a limit, or less. */
export function within(quota: Quota | undefined, size: number): number {
	return quota === undefined || size <= quota.left ? size : quota.left;
}

/** Takes what a call has moved off the quota, if there is one; errors and reasons to try again count for nothing. */
export function charge(quota: Quota | undefined, count: number): void {
	if (quota !== undefined && count > 0) quota.left -= count;
}

/** Sorts what a call in an attempt returned: a result, a reason to try again, or an error to throw. */
export function outcome(syscall: string, result: number, address?: Address): number | Unfinished {
	if (result >= 0) return result;
	if (result === -EAGAIN) return WOULD_BLOCK;
	if (result === -EINTR) return INTERRUPTED;
	throw socketError(syscall, result, { address });
}
