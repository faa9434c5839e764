/**
 * Readiness: one epoll descriptor per thread, watched by a single handle in the runtime's event loop.
 *
 * The contract, which another platform's queue has to keep:
 * - A descriptor is registered once, for reading and writing, edge-triggered: a watcher hears of a change, not
 *   of a state. So whoever waits must have tried first, and must try again until it would block.
 * - Readiness is a hint. A watcher may be told of what another has consumed.
 * - One watcher's exception reaches the user as an uncaught one and keeps nobody else from hearing.
 * - After `remove` a watcher hears nothing more, even when its descriptor lives on elsewhere (dup, fork) or its
 *   number is used again.
 * - The process stays alive while something is retained, and no longer for the reactor's sake.
 */
import { socketError } from "../errors.js";
import { type LoopWatch, requireWatching, watchReadable } from "../sys/eventloop.js";
import {
	EPOLL_CLOEXEC,
	EPOLL_CTL_ADD,
	EPOLL_CTL_DEL,
	EPOLL_CTL_MOD,
	EPOLLERR,
	EPOLLET,
	EPOLLHUP,
	EPOLLIN,
	EPOLLOUT,
	EPOLLPRI,
	EPOLLRDHUP,
} from "../sys/linux/constants/epoll.js";
import { epollCreate1, epollCtl, epollDataOffset, epollEventSize, epollWait } from "../sys/linux/epoll.js";
import { EEXIST, EINTR } from "../sys/linux/errnos.js";
import { NativeMemory } from "../sys/memory.js";
import { teardownAction } from "../sys/teardown.js";
import { Deadlines } from "./deadlines.js";

/** Who is told of a descriptor's readiness. */
export interface Watcher {
	/** `events` is a mask of READABLE, ENDED, WRITABLE and FAILED. */
	ready(events: number): void;
	/** Another watches the descriptor number from now on, and this one must not count on hearing anything. */
	displaced?(): void;
}

/** Reading may succeed: data, a connection, the end or an error. */
export const READABLE: number = EPOLLIN | EPOLLPRI | EPOLLRDHUP | EPOLLHUP | EPOLLERR;
/** Nothing more will come: the peer has ended its side, or this side was shut down for reading. */
export const ENDED: number = EPOLLRDHUP;
/** Writing may succeed, or fail at once. */
export const WRITABLE: number = EPOLLOUT | EPOLLHUP | EPOLLERR;
/** There is urgent data, or something else out of the ordinary. */
export const URGENT: number = EPOLLPRI;
/** The socket has an error, or something in its error queue. */
export const FAILED: number = EPOLLERR;

const interest = (EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP | EPOLLET) >>> 0;
// More than these are told in the next turn. With more at once the kernel's memory of the first sockets is out of the
// processor's cache again when their turn comes.
const capacity = 256;
const words = epollEventSize / 4;
const dataWord = epollDataOffset / 4;

/** The readiness of a thread's descriptors. Use `reactor()`: a thread has one. */
export class Reactor {
	/** The deadlines of what waits in this thread. */
	readonly deadlines: Deadlines = new Deadlines();
	readonly #epoll: number;
	readonly #watch: LoopWatch;
	readonly #events = new NativeMemory(capacity * epollEventSize);
	readonly #words = new Int32Array(this.#events.bytes.buffer, 0, capacity * words);
	readonly #change = new NativeMemory(epollEventSize);
	// By registration, whose numbers are used again.
	readonly #watchers: (Watcher | undefined)[] = [];
	#fds = new Int32Array(64).fill(-1);
	/** Tells events of a registration from those of an earlier one with its number. */
	#generations = new Int32Array(64);
	readonly #unused: number[] = [];
	#retained = 0;
	#referenced = false;
	#settling = false;

	constructor() {
		requireWatching();
		const epoll = epollCreate1(EPOLL_CLOEXEC);
		if (epoll < 0) throw socketError("epoll_create1", epoll);
		this.#epoll = epoll;
		// Before the watch, so that a thread that ends closes the watch first: last armed is first done.
		teardownAction("close").arm(epoll);
		this.#watch = watchReadable(epoll, () => this.#tick());
	}

	/** Registers a descriptor, and gives the registration's number. Pending events are told in the next tick. */
	add(fd: number, watcher: Watcher): number {
		const registration = this.#unused.pop() ?? this.#watchers.length;
		if (registration === this.#fds.length) {
			this.#fds = longer(this.#fds);
			this.#generations = longer(this.#generations);
		}
		const generation = ((this.#generations[registration] as number) + 1) | 0;
		const { view } = this.#change;
		view.setUint32(0, interest, true);
		view.setInt32(epollDataOffset, registration, true);
		view.setInt32(epollDataOffset + 4, generation, true);
		let result = epollCtl(this.#epoll, EPOLL_CTL_ADD, fd, this.#change.address);
		if (result === -EEXIST) {
			// Two sockets may be made for one descriptor number: who waits last is told.
			const older = this.#fds.indexOf(fd);
			if (older >= 0) {
				this.#fds[older] = -1;
				this.#watchers[older]?.displaced?.();
			}
			result = epollCtl(this.#epoll, EPOLL_CTL_MOD, fd, this.#change.address);
		}
		this.#generations[registration] = generation;
		this.#fds[registration] = result < 0 ? -1 : fd;
		this.#watchers[registration] = watcher;
		if (result < 0) {
			this.remove(registration);
			throw socketError("epoll_ctl", result);
		}
		return registration;
	}

	/** Takes a registration out; must be called before the descriptor is closed. */
	remove(registration: number): void {
		const fd = this.#fds[registration] as number;
		this.#watchers[registration] = undefined;
		this.#fds[registration] = -1;
		this.#unused.push(registration);
		if (fd >= 0) epollCtl(this.#epoll, EPOLL_CTL_DEL, fd, null);
	}

	/** Keeps the process alive until the matching `release`. */
	retain(): void {
		this.#retained++;
		if (this.#referenced) return;
		this.#referenced = true;
		this.#watch.ref();
	}

	/** Ends one `retain`. */
	release(): void {
		this.#retained--;
		// A loop of awaited operations falls to nothing retained between any two of them. The reference is dropped
		// when all promises of this moment are through, so that it is not given up and taken again each time.
		if (this.#retained > 0 || this.#settling) return;
		this.#settling = true;
		queueMicrotask(this.#afterPromises);
	}

	// A tick is run when no promise is left to be told, the promises that were settled meanwhile included.
	readonly #afterPromises = (): void => process.nextTick(this.#settle);

	readonly #settle = (): void => {
		this.#settling = false;
		if (this.#retained > 0 || !this.#referenced) return;
		this.#referenced = false;
		this.#watch.unref();
	};

	#tick(): void {
		const count = epollWait(this.#epoll, this.#events.address, capacity, 0);
		if (count < 0) {
			if (count === -EINTR) return; // The loop calls again: the descriptor is still readable.
			throw socketError("epoll_wait", count);
		}
		for (let at = 0, end = count * words; at < end; at += words) {
			const registration = this.#words[at + dataWord] as number;
			if (this.#generations[registration] !== this.#words[at + dataWord + 1]) continue;
			const watcher = this.#watchers[registration];
			if (watcher === undefined) continue;
			try {
				watcher.ready(this.#words[at] as number);
			} catch (error) {
				setImmediate(() => {
					throw error;
				});
			}
		}
	}
}

function longer(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
	const longer = new Int32Array(2 * numbers.length).fill(-1);
	longer.set(numbers);
	return longer;
}

let current: Reactor | undefined;

/** This thread's reactor, made when it is first needed. */
export function reactor(): Reactor {
	current ??= new Reactor();
	return current;
}
