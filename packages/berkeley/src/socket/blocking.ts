/**
 * The blocking driver: waits for an operation in poll(2), holding up the thread, as Python's sockets do.
 *
 * A signal handler written in JavaScript cannot run meanwhile; the default action of a signal can.
 */
import { socketError, timeoutError } from "../errors.js";
import { POLLIN, POLLOUT, POLLPRI, POLLRDHUP } from "../sys/linux/constants/poll.js";
import { EAGAIN } from "../sys/linux/errnos.js";
import { poll, pollEntrySize } from "../sys/poll.js";
import type { Descriptor } from "./descriptor.js";
import {
	FOR_ERRORS,
	FOR_LATER,
	FOR_READING,
	FOR_WRITING,
	GIVE_WAY,
	INTERRUPTED,
	type Operation,
	WOULD_BLOCK,
} from "./operation.js";

const pollEvents: Record<number, number> = {
	[FOR_READING]: POLLIN | POLLPRI | POLLRDHUP,
	[FOR_WRITING]: POLLOUT,
	[FOR_ERRORS]: 0, // POLLERR comes without being asked for.
};

const entry = Buffer.alloc(pollEntrySize);
const longestPoll = 2 ** 31 - 1;
const longestPause = 50;

/** Performs an operation, blocking the thread. `limit` is in milliseconds, null to wait without end. */
export function performSync<T>(descriptor: Descriptor, operation: Operation<T>, limit: number | null): T {
	const timeout = operation.dontWait ? 0 : limit;
	// A deadline is computed once: what comes early, or for another reason, must not prolong it.
	const deadline = timeout === null ? Number.POSITIVE_INFINITY : performance.now() + timeout;
	let pause = 1;
	let told = 0;
	for (;;) {
		const fd = descriptor.open(operation.syscall);
		const result = descriptor.admits(operation) ? operation.attempt(fd) : WOULD_BLOCK;
		if (typeof result !== "symbol") return result as T;
		if (result === INTERRUPTED || (result === GIVE_WAY && timeout === 0)) continue;
		const left = deadline - performance.now();
		if (left <= 0) {
			const part = operation.partial?.();
			if (part !== undefined) return part;
			if (timeout === 0) throw socketError(operation.syscall, operation.blocked ?? -EAGAIN, operation);
			throw timeoutError(operation.syscall, timeout as number, operation.address);
		}
		if (result === GIVE_WAY) continue;
		if (told & POLLRDHUP && operation.end !== undefined) return operation.end();
		const wait = timeout === null ? -1 : Math.min(Math.ceil(left), longestPoll);
		// What poll answers hardly matters, EINTR included: the attempt tells. But what it told besides readiness it
		// would tell again at once, and it cannot be left out: that the error queue has something, or a hang-up.
		const inVain = told !== 0 && (told & (POLLIN | POLLOUT)) === 0;
		if (operation.need === FOR_LATER || inVain) {
			poll(null, 0, wait < 0 ? pause : Math.min(wait, pause));
			told = 0;
			pause = Math.min(pause * 2, longestPause);
		} else {
			entry.writeInt32LE(fd, 0);
			entry.writeInt16LE(pollEvents[operation.need] ?? 0, 4);
			entry.writeInt16LE(0, 6);
			poll(entry, 1, wait);
			told = entry.readInt16LE(6);
		}
	}
}
