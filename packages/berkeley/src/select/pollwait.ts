/**
 * Waiting for a set of descriptors by poll(2). Blocking, poll(2) waits itself; in the event loop a descriptor of
 * epoll(7) that watches the same ones says when to look again.
 */
import { checkWaitOptions } from "../arguments.js";
import { socketError } from "../errors.js";
import { Descriptor } from "../socket/descriptor.js";
import { WOULD_BLOCK } from "../socket/operation.js";
import { EPOLL_CLOEXEC, EPOLL_CTL_ADD, EPOLL_CTL_MOD } from "../sys/linux/constants/epoll.js";
import { epollCreate1, epollCtl, epollDataOffset, epollEventSize } from "../sys/linux/epoll.js";
import { EBADF, EEXIST, EINTR, EPERM } from "../sys/linux/errnos.js";
import { NativeMemory } from "../sys/memory.js";
import type { PollSet } from "../sys/pollset.js";
import { type Look, type SelectOptions, waitWith } from "./wait.js";

const longestPoll = 2 ** 31 - 1;

/** Looks once. @returns whether something is ready */
function look(syscall: string, set: PollSet): boolean {
	for (;;) {
		const count = set.poll(0);
		if (count === -EINTR) continue;
		if (count < 0) throw socketError(syscall, count);
		return count > 0;
	}
}

/** Waits until something in the set is ready or the time is over, in the event loop. */
export async function waitForSet(
	syscall: string,
	set: PollSet,
	limit: number | null,
	options?: SelectOptions,
): Promise<void> {
	checkWaitOptions(options);
	options?.signal?.throwIfAborted();
	if (look(syscall, set) || limit === 0) return;
	const epoll = epollCreate1(EPOLL_CLOEXEC);
	if (epoll < 0) throw socketError("epoll_create1", epoll);
	const descriptor = new Descriptor(epoll);
	try {
		watchAll(syscall, epoll, set);
		const again: Look<boolean> = {
			syscall,
			nothing: () => false,
			attempt: () => look(syscall, set) || WOULD_BLOCK,
		};
		await waitWith(descriptor, set, again, limit, options);
	} finally {
		descriptor.close();
	}
}

function watchAll(syscall: string, epoll: number, set: PollSet): void {
	const event = new NativeMemory(epollEventSize);
	// A descriptor may be there more than once, with other events each time.
	const watched = new Map<number, number>();
	for (let index = 0; index < set.size; index++) {
		const fd = set.fd(index);
		const events = (watched.get(fd) ?? 0) | set.events(index);
		event.view.setUint32(0, events, true);
		event.view.setInt32(epollDataOffset, fd, true);
		const operation = watched.has(fd) ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
		watched.set(fd, events);
		const result = epollCtl(epoll, operation, fd, event.address);
		// What epoll does not take (a regular file) is always ready, and what is not open poll(2) has reported.
		if (result < 0 && ![-EPERM, -EBADF, -EEXIST].includes(result)) throw socketError(syscall, result);
	}
}

/** The same, blocking the thread. */
export function waitForSetSync(
	syscall: string,
	set: PollSet,
	limit: number | null,
	options?: SelectOptions,
): void {
	checkWaitOptions(options);
	options?.signal?.throwIfAborted();
	const deadline = limit === null ? Number.POSITIVE_INFINITY : performance.now() + limit;
	for (;;) {
		const left = deadline - performance.now();
		const wait = limit === null ? -1 : Math.min(Math.max(Math.ceil(left), 0), longestPoll);
		const count = set.poll(wait);
		if (count > 0) return;
		if (count < 0 && count !== -EINTR) throw socketError(syscall, count);
		if (count === 0 && performance.now() >= deadline) return;
	}
}
