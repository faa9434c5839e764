/**
 * Waiting for a set of descriptors by poll(2). Blocking, poll(2) waits itself; in the event loop a descriptor of
 * epoll(7) that watches the same ones says when to look again.
 */
import { checkWaitOptions } from "../arguments.js";
import { socketError } from "../errors.js";
import { Descriptor } from "../socket/descriptor.js";
import { WOULD_BLOCK } from "../socket/operation.js";
import { afterTurn, turnAllowance } from "../socket/turns.js";
import { EPOLL_CLOEXEC, EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLLET } from "../sys/linux/constants/epoll.js";
import { epollCreate1, epollCtl, epollDataOffset, epollEventSize, epollWait } from "../sys/linux/epoll.js";
import { EBADF, EINTR, EINVAL, ELOOP, EPERM } from "../sys/linux/errnos.js";
import { NativeMemory } from "../sys/memory.js";
import type { PollSet } from "../sys/pollset.js";
import { type Look, type SelectOptions, waitWith, waitWithSync } from "./wait.js";

const longestPoll = 2 ** 31 - 1;
// What a look at the watching descriptor takes out of it at once.
const drained = 64;

/** What is waited for. */
export interface Question {
	/** For errors. */
	readonly syscall: string;
	readonly set: PollSet;
	/** Whether what poll(2) has told was asked for: it tells errors and hang-ups in any case. When left out, it was. */
	answered?(): boolean;
}

/** The waits of one owner, in the event loop, which look again when the owner has changed. */
export class Waits {
	readonly #descriptors = new Set<Descriptor>();

	/** Lets each put its question anew. */
	again(): void {
		for (const descriptor of this.#descriptors) descriptor.close();
	}

	/** Takes a wait's descriptor in. */
	begin(descriptor: Descriptor): void {
		this.#descriptors.add(descriptor);
	}

	/** Takes it out. */
	end(descriptor: Descriptor): void {
		this.#descriptors.delete(descriptor);
	}
}

/** Looks once. @returns whether something is ready */
function look(question: Question): boolean {
	for (;;) {
		const count = question.set.poll(0);
		if (count === -EINTR) continue;
		if (count < 0) throw socketError(question.syscall, count);
		return count > 0 && (question.answered?.() ?? true);
	}
}

// So many looks in a row may succeed before the event loop has a turn, as with the operations of sockets.
let turnsLeft = turnAllowance;

/**
 * Waits until something in the set is ready or the time is over, in the event loop.
 * @param put makes the question; it is called again when `waits` are to look again
 * @returns the question that was put last, whose set has the answer
 */
export async function waitForSet<Q extends Question>(
	put: () => Q,
	limit: number | null,
	options?: SelectOptions,
	waits?: Waits,
): Promise<Q> {
	checkWaitOptions(options);
	const deadline = performance.now() + (limit ?? 0);
	if (turnsLeft-- <= 0) {
		await new Promise<void>((resolve) => afterTurn(resolve));
		turnsLeft = turnAllowance;
	}
	for (;;) {
		options?.signal?.throwIfAborted();
		const question = put();
		const left = limit === null ? null : Math.max(deadline - performance.now(), 0);
		if (look(question) || left === 0) return question;
		const { descriptor, byClock } = watch(question);
		waits?.begin(descriptor);
		try {
			const over = await waitWith(descriptor, question, changes(question, byClock), left, options);
			if (over) return question;
		} finally {
			waits?.end(descriptor);
			descriptor.close();
		}
	}
}

/** The same, blocking the thread. */
export function waitForSetSync(question: Question, limit: number | null, options?: SelectOptions): void {
	checkWaitOptions(options);
	options?.signal?.throwIfAborted();
	const { syscall, set } = question;
	const deadline = limit === null ? Number.POSITIVE_INFINITY : performance.now() + limit;
	for (;;) {
		const left = Math.max(deadline - performance.now(), 0);
		const wait = limit === null ? -1 : Math.min(Math.ceil(left), longestPoll);
		const count = set.poll(wait);
		if (count > 0) {
			if (question.answered?.() === false) waitForChange(question, limit === null ? null : left);
			return;
		}
		if (count < 0 && count !== -EINTR) throw socketError(syscall, count);
		if (count === 0 && performance.now() >= deadline) return;
	}
}

/** Waits, blocking, where poll(2) would always tell at once what nobody asked for. */
function waitForChange(question: Question, limit: number | null): void {
	const { descriptor, byClock } = watch(question);
	try {
		waitWithSync(descriptor, changes(question, byClock), limit);
	} finally {
		descriptor.close();
	}
}

/** Looks whenever something has changed. Gives true when that is over, and false when the owner has changed. */
function changes(question: Question, byClock: boolean): Look<boolean> {
	const room = new NativeMemory(drained * epollEventSize);
	return {
		syscall: question.syscall,
		byClock,
		nothing: () => true,
		closed: () => false,
		attempt(fd) {
			// It tells each change once, and what it told before is found by the look.
			epollWait(fd, room.address, drained, 0);
			return look(question) || WOULD_BLOCK;
		},
	};
}

/** A descriptor of epoll(7) that tells whenever something in the set changes, but for what it may not watch. */
function watch({ syscall, set }: Question): { descriptor: Descriptor; byClock: boolean } {
	const epoll = epollCreate1(EPOLL_CLOEXEC);
	if (epoll < 0) throw socketError("epoll_create1", epoll);
	const descriptor = new Descriptor(epoll);
	const event = new NativeMemory(epollEventSize);
	// A descriptor may be there more than once, with other events each time.
	const watched = new Map<number, number>();
	let byClock = false;
	for (let index = 0; index < set.size; index++) {
		const fd = set.fd(index);
		const earlier = watched.get(fd);
		const events = (earlier ?? 0) | set.events(index);
		event.view.setUint32(0, (events | EPOLLET) >>> 0, true);
		event.view.setInt32(epollDataOffset, fd, true);
		const result = epollCtl(epoll, earlier === undefined ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, event.address);
		watched.set(fd, events);
		// What epoll does not take (a regular file) never changes, and what is not open poll(2) has told.
		if (result >= 0 || result === -EPERM || result === -EBADF) continue;
		// Too many watch it already, or it watches one that watches one …
		if (result === -EINVAL || result === -ELOOP) {
			byClock = true;
			continue;
		}
		descriptor.close();
		throw socketError(syscall, result, { subject: `${syscall} ${fd}` });
	}
	return { descriptor, byClock };
}
