/**
 * The blocking driver: waits for an operation in poll(2), holding up the thread, as Python's sockets do.
 *
 * A signal handler written in JavaScript cannot run meanwhile; the default action of a signal can.
 */
import { socketError, timeoutError } from "../errors.js";
import { onFirstThread } from "../sys/ffi.js";
import { POLLIN, POLLOUT, POLLPRI, POLLRDHUP } from "../sys/linux/constants/poll.js";
import { EAGAIN } from "../sys/linux/errnos.js";
import { NativeMemory } from "../sys/memory.js";
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

const entry = new NativeMemory(pollEntrySize);
// The descriptor; then what is looked for, and above it what is told.
const words = new Int32Array(entry.bytes.buffer, 0, 2);
// A worker that is terminated notices it between two calls, so there none is without end.
const longestPoll = onFirstThread ? 2 ** 31 - 1 : 500;
const endless = onFirstThread ? -1 : longestPoll;
const longestPause = 50;

/** So many receiving calls on a stream that follow one that had to wait expect to wait too, before they try. */
const expectations = 8;

/** poll(2) of one descriptor; what it told, or 0. */
function pollFor(fd: number, need: number, wait: number): number {
	words[0] = fd;
	words[1] = pollEvents[need] ?? 0;
	poll(entry.address, 1, wait);
	return (words[1] as number) >>> 16;
}

/** What poll(2) is to wait, for so many milliseconds that are left. */
function waitFor(left: number): number {
	return left === Number.POSITIVE_INFINITY ? endless : Math.min(Math.ceil(left), longestPoll);
}

/** Performs an operation, blocking the thread. `limit` is in milliseconds, null to wait without end. */
export function performSync<T>(descriptor: Descriptor, operation: Operation<T>, limit: number | null): T {
	const timeout = operation.dontWait ? 0 : limit;
	// A deadline is computed once: what comes early, or for another reason, must not prolong it.
	const deadline = timeout === null ? Number.POSITIVE_INFINITY : performance.now() + timeout;
	let pause = 1;
	let told = 0;
	for (let first = true; ; first = false) {
		const fd = descriptor.open(operation.syscall);
		const mayTry = descriptor.admits(operation);
		// Where one waits for answers, each try before the answer is there is in vain.
		if (first && descriptor.expected > 0 && operation.tookAll !== undefined && timeout !== 0) {
			descriptor.expected--;
			told = pollFor(fd, FOR_READING, waitFor(timeout ?? Number.POSITIVE_INFINITY));
		}
		const result = mayTry ? descriptor.attempt(operation, true) : WOULD_BLOCK;
		if (typeof result !== "symbol") return result as T;
		if (result === INTERRUPTED || (result === GIVE_WAY && timeout === 0)) continue;
		const left = timeout === null ? deadline : deadline - performance.now();
		if (left <= 0) {
			const part = operation.partial?.();
			if (part !== undefined) return part;
			if (timeout === 0) throw socketError(operation.syscall, operation.blocked ?? -EAGAIN, operation);
			throw timeoutError(operation.syscall, timeout as number, operation.address);
		}
		if (result === GIVE_WAY) continue;
		if (told & POLLRDHUP && operation.end !== undefined) return operation.end();
		const wait = waitFor(left);
		// What poll answers hardly matters, EINTR included: the attempt tells. But what it told besides readiness it
		// would tell again at once, and it cannot be left out: that the error queue has something, or a hang-up.
		const inVain = told !== 0 && (told & (POLLIN | POLLOUT)) === 0;
		const holdup = descriptor.holdup(operation);
		if (holdup > 0) {
			const pauseFor = waitFor(holdup);
			poll(null, 0, wait < 0 ? pauseFor : Math.min(wait, pauseFor));
			told = 0;
		} else if (operation.need === FOR_LATER || inVain) {
			poll(null, 0, wait < 0 ? pause : Math.min(wait, pause));
			told = 0;
			pause = Math.min(pause * 2, longestPause);
		} else {
			if (first && operation.tookAll !== undefined) descriptor.expected = expectations;
			told = pollFor(fd, operation.need, wait);
		}
	}
}
