/**
 * epoll(): the kernel knows what to wait for.
 */
import { checkInteger } from "../address/bytes.js";
import { check, socketError } from "../errors.js";
import { Descriptor } from "../socket/descriptor.js";
import { INTERRUPTED, WOULD_BLOCK } from "../socket/operation.js";
import {
	EPOLL_CLOEXEC,
	EPOLL_CTL_ADD,
	EPOLL_CTL_DEL,
	EPOLL_CTL_MOD,
	EPOLLIN,
	EPOLLOUT,
	EPOLLPRI,
} from "../sys/linux/constants/epoll.js";
import { epollCreate1, epollCtl, epollDataOffset, epollEventSize, epollWait } from "../sys/linux/epoll.js";
import { EINTR } from "../sys/linux/errnos.js";
import { NativeMemory } from "../sys/memory.js";
import { whenCollected } from "../sys/teardown.js";
import type { PollResult } from "./poll.js";
import { type Look, limitOf, type SelectOptions, waitWith, waitWithSync } from "./wait.js";
import { filenoOf, type Waitable } from "./waitable.js";

// Python's FD_SETSIZE - 1, which is what it takes when no number is given.
const usualCapacity = 1023;

// The thread's room for a change: memory is not taken before it is needed.
let change: NativeMemory | undefined;

// An epoll object that is forgotten is closed, as Python does it: without a word, for nobody's data are lost.
const forgotten = whenCollected<Descriptor>((descriptor) => descriptor.close());

/** A descriptor of epoll(7). Python's select.epoll object. */
export class Epoll {
	readonly #descriptor: Descriptor;

	/** Made by epoll() and Epoll.fromfd(). */
	constructor(fd: number) {
		this.#descriptor = new Descriptor(fd);
		forgotten.register(this, this.#descriptor);
	}

	/**
	 * Owns an epoll descriptor that is open already, and closes it when it is closed. Python's epoll.fromfd(). A number
	 * is for one object: of two in a thread that have the same, only the one that began to wait last is told.
	 */
	static fromfd(fd: number): Epoll {
		return new Epoll(checkInteger(fd, 0, 0x7fffffff, "fd"));
	}

	/** The descriptor's number; -1 when it is closed. It can be waited for like others: it is readable when something is ready. */
	fileno(): number {
		return this.#descriptor.fd;
	}

	/** Whether it is closed. */
	get closed(): boolean {
		return this.#descriptor.fd < 0;
	}

	/** Closes it; a wait rejects with EBADF. Does nothing the second time. */
	close(): void {
		this.#descriptor.close();
	}

	/** Closes it: `using waiting = epoll()`. */
	[Symbol.dispose](): void {
		this.close();
	}

	/**
	 * Watches a descriptor from now on. epoll_ctl(2).
	 * @param events EPOLLIN, EPOLLPRI and EPOLLOUT when left out; with EPOLLET changes are told and not states, with
	 *   EPOLLONESHOT once, with EPOLLEXCLUSIVE to one of many who wait. Errors and hang-ups are told in any case.
	 * @throws SocketError EEXIST when it is watched already; EPERM for what is always ready, as a regular file is
	 */
	register(waitable: Waitable, events: number = EPOLLIN | EPOLLPRI | EPOLLOUT): void {
		this.#change("register", EPOLL_CTL_ADD, waitable, events);
	}

	/** Changes what to watch for, and arms EPOLLONESHOT again. @throws SocketError ENOENT when it is not watched */
	modify(waitable: Waitable, events: number): void {
		this.#change("modify", EPOLL_CTL_MOD, waitable, events);
	}

	/** Watches it no more. @throws SocketError ENOENT when it is not watched */
	unregister(waitable: Waitable): void {
		this.#change("unregister", EPOLL_CTL_DEL, waitable, 0);
	}

	#change(name: string, operation: number, waitable: Waitable, events: number): void {
		const fd = filenoOf(waitable, name);
		checkInteger(events, -0x80000000, 0xffffffff, "events");
		change ??= new NativeMemory(epollEventSize);
		change.view.setUint32(0, events >>> 0, true);
		change.view.setInt32(epollDataOffset, fd, true);
		change.view.setInt32(epollDataOffset + 4, 0, true);
		const epoll = this.#descriptor.open(name);
		check(name, epollCtl(epoll, operation, fd, change.address), { subject: `${name} ${fd}` });
	}

	/**
	 * Waits until something happens. epoll_wait(2). What is registered meanwhile counts. Where more than some 60 of
	 * these objects watch one socket and are waited for, the later ones look every 50 ms.
	 * @param timeout milliseconds; undefined, null and negative numbers wait without end
	 * @param maxevents how many at most, at least 1; 1023 when it is left out or -1
	 * @returns what happened; nothing when the time was over
	 */
	async poll(timeout?: number | null, maxevents = -1, options?: SelectOptions): Promise<PollResult[]> {
		return waitWith(this.#descriptor, this, look(maxevents), limitOf(timeout), options);
	}

	/** The blocking twin of `poll`. */
	pollSync(timeout?: number | null, maxevents = -1, options?: SelectOptions): PollResult[] {
		return waitWithSync(this.#descriptor, look(maxevents), limitOf(timeout), options);
	}
}

function look(maxevents: number): Look<PollResult[]> {
	const capacity = maxevents === -1 ? usualCapacity : checkInteger(maxevents, 1, 0xfffff, "maxevents");
	return {
		syscall: "epoll_wait",
		nothing: () => [],
		attempt(fd) {
			const events = eventsOf(capacity);
			const count = epollWait(fd, events.address, capacity, 0);
			if (count === 0) return WOULD_BLOCK;
			if (count === -EINTR) return INTERRUPTED;
			if (count < 0) throw socketError("epoll_wait", count);
			const found: PollResult[] = [];
			for (let at = 0; at < count * epollEventSize; at += epollEventSize) {
				found.push([events.view.getInt32(at + epollDataOffset, true), events.view.getUint32(at, true)]);
			}
			return found;
		},
	};
}

let room: NativeMemory | undefined;

/** The thread's room for so many events: a look is synchronous. */
function eventsOf(capacity: number): NativeMemory {
	const size = capacity * epollEventSize;
	if (room === undefined || room.size < size) room = new NativeMemory(size);
	return room;
}

/**
 * A new descriptor of epoll(7). Python's select.epoll().
 * @throws SocketError EMFILE, ENFILE
 */
export function epoll(): Epoll {
	return new Epoll(check("epoll_create1", epollCreate1(EPOLL_CLOEXEC)));
}
