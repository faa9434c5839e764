/**
 * select(): which of these can be read, which written, which have something out of the ordinary.
 */
import { kindOf } from "../address/bytes.js";
import { checkTimeout } from "../arguments.js";
import { socketError } from "../errors.js";
import { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLPRI } from "../sys/linux/constants/poll.js";
import { EBADF } from "../sys/linux/errnos.js";
import { PollSet } from "../sys/pollset.js";
import { type Question, type Waits, waitForSet, waitForSetSync } from "./pollwait.js";
import type { SelectOptions } from "./wait.js";
import { filenoOf, type Waitable } from "./waitable.js";

// What select(2) counts as readable and as writable; an error is both.
const readable = POLLIN | POLLHUP | POLLERR;
const writable = POLLOUT | POLLERR;

/** What is ready: of each of the three lists those that were given, in their order. */
export type Selected<R extends Waitable, W extends Waitable, X extends Waitable> = [
	readable: R[],
	writable: W[],
	exceptional: X[],
];

/** Three lists of what is waited for. */
export type Lists<R extends Waitable, W extends Waitable, X extends Waitable> = [
	read: readonly R[],
	write: readonly W[],
	except: readonly X[],
];

function listsOf<R extends Waitable, W extends Waitable, X extends Waitable>(
	read: Iterable<R>,
	write: Iterable<W>,
	except: Iterable<X>,
): Lists<R, W, X> {
	for (const [name, list] of Object.entries({ read, write, except })) {
		if (typeof list === "object" && typeof list?.[Symbol.iterator] === "function") continue;
		throw new TypeError(`select: ${name} must be a list of descriptors, not ${kindOf(list)}`);
	}
	return [[...read], [...write], [...except]];
}

/** What poll(2) is asked about three lists. */
class SelectQuestion<R extends Waitable, W extends Waitable, X extends Waitable> implements Question {
	readonly syscall = "select";
	readonly set: PollSet = new PollSet();
	readonly #lists: Lists<R, W, X>;
	/** By index in the set: what of an answer puts it into the result. */
	readonly #wanted: number[] = [];

	constructor(lists: Lists<R, W, X>) {
		this.#lists = lists;
		const [read, write, except] = lists;
		this.#add(read, POLLIN, readable);
		this.#add(write, POLLOUT, writable);
		this.#add(except, POLLPRI, POLLPRI);
	}

	#add(list: readonly Waitable[], events: number, wanted: number): void {
		for (const waitable of list) {
			this.set.add(filenoOf(waitable, "select"), events);
			this.#wanted.push(wanted);
		}
	}

	answered(): boolean {
		return this.#wanted.some((wanted, index) => this.set.result(index) & (wanted | POLLNVAL));
	}

	answer(): Selected<R, W, X> {
		for (let index = 0; index < this.set.size; index++) {
			// select(2) fails as a whole when one is not open.
			if (this.set.result(index) & POLLNVAL)
				throw socketError("select", -EBADF, { subject: `select ${this.set.fd(index)}` });
		}
		let next = 0;
		const isReady = (): boolean => {
			const index = next++;
			return (this.set.result(index) & (this.#wanted[index] ?? 0)) !== 0;
		};
		const [read, write, except] = this.#lists;
		return [read.filter(isReady), write.filter(isReady), except.filter(isReady)];
	}
}

/** Waits in the event loop for lists that are asked for again when `waits` are to look again. */
export async function selectAmong<R extends Waitable, W extends Waitable, X extends Waitable>(
	lists: () => Lists<R, W, X>,
	limit: number | null,
	options?: SelectOptions,
	waits?: Waits,
): Promise<Selected<R, W, X>> {
	const question = await waitForSet(() => new SelectQuestion(lists()), limit, options, waits);
	return question.answer();
}

/**
 * Waits until something can be read or written, or something out of the ordinary has come (urgent data). select(2),
 * Python's select.select(); without its limit of 1024, for it is made of poll(2). What is closed while an awaited
 * select() waits for it is not told, as in Python with threads. When more than some 60 awaited calls wait for one
 * socket, those that came later look every 50 ms: the kernel does not let more of them be told of it.
 * @param timeout milliseconds, 0 to look only; undefined and null wait without end
 * @returns the three lists, each with those of its argument that are ready, in their order; empty when the time was
 *   over
 * @throws SocketError EBADF when one is closed; RangeError for a negative timeout
 */
export async function select<R extends Waitable, W extends Waitable, X extends Waitable>(
	read: Iterable<R>,
	write: Iterable<W>,
	except: Iterable<X>,
	timeout?: number | null,
	options?: SelectOptions,
): Promise<Selected<R, W, X>> {
	const lists = listsOf(read, write, except);
	return selectAmong(() => lists, checkTimeout("timeout", timeout ?? null), options);
}

/** The blocking twin of `select`. */
export function selectSync<R extends Waitable, W extends Waitable, X extends Waitable>(
	read: Iterable<R>,
	write: Iterable<W>,
	except: Iterable<X>,
	timeout?: number | null,
	options?: SelectOptions,
): Selected<R, W, X> {
	const question = new SelectQuestion(listsOf(read, write, except));
	waitForSetSync(question, checkTimeout("timeout", timeout ?? null), options);
	return question.answer();
}
