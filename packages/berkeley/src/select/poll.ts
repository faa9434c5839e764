/**
 * poll(): an object that knows what to wait for.
 */
import { checkInteger } from "../address/bytes.js";
import { socketError } from "../errors.js";
import { POLLIN, POLLOUT, POLLPRI } from "../sys/linux/constants/poll.js";
import { ENOENT } from "../sys/linux/errnos.js";
import { PollSet } from "../sys/pollset.js";
import { type Question, waitForSet, waitForSetSync } from "./pollwait.js";
import { limitOf, type SelectOptions } from "./wait.js";
import { filenoOf, type Waitable } from "./waitable.js";

/** What happened: a descriptor's number, and a mask of POLL… or EPOLL… constants. */
export type PollResult = [fd: number, events: number];

/** What poll(2) is to look at. Python's select.poll object. */
export class Poll {
	readonly #registered = new Map<number, number>();

	/**
	 * Looks at a descriptor from now on; one that is registered already gets the new mask.
	 * @param events POLLIN, POLLPRI and POLLOUT when left out; errors and hang-ups are told in any case
	 */
	register(waitable: Waitable, events: number = POLLIN | POLLPRI | POLLOUT): void {
		const fd = filenoOf(waitable, "register");
		this.#registered.set(fd, checkInteger(events, 0, 0xffff, "events"));
	}

	/** Changes what to look for. @throws SocketError ENOENT when it is not registered */
	modify(waitable: Waitable, events: number): void {
		const fd = filenoOf(waitable, "modify");
		checkInteger(events, 0, 0xffff, "events");
		if (!this.#registered.has(fd)) throw socketError("modify", -ENOENT, { subject: `modify ${fd}` });
		this.#registered.set(fd, events);
	}

	/**
	 * Looks at it no more. What is closed already is given by its number.
	 * @throws SocketError ENOENT when it is not registered
	 */
	unregister(waitable: Waitable): void {
		const fd = filenoOf(waitable, "unregister");
		if (!this.#registered.delete(fd))
			throw socketError("unregister", -ENOENT, { subject: `unregister ${fd}` });
	}

	/**
	 * Waits until something happens. poll(2). What is registered now counts, changes come too late for this wait.
	 * @param timeout milliseconds; undefined, null and negative numbers wait without end
	 * @returns what happened, in the order of registration; POLLNVAL for what is closed; nothing when the time was
	 *   over
	 */
	async poll(timeout?: number | null, options?: SelectOptions): Promise<PollResult[]> {
		const question = this.#question();
		await waitForSet(() => question, limitOf(timeout), options);
		return resultsOf(question.set);
	}

	/** The blocking twin of `poll`. */
	pollSync(timeout?: number | null, options?: SelectOptions): PollResult[] {
		const question = this.#question();
		waitForSetSync(question, limitOf(timeout), options);
		return resultsOf(question.set);
	}

	#question(): Question {
		const set = new PollSet();
		for (const [fd, events] of this.#registered) set.add(fd, events);
		return { syscall: "poll", set };
	}
}

/** What poll(2) has told of a set. */
export function resultsOf(set: PollSet): PollResult[] {
	const found: PollResult[] = [];
	for (let index = 0; index < set.size; index++) {
		const events = set.result(index);
		if (events !== 0) found.push([set.fd(index), events]);
	}
	return found;
}

/** An object that waits by poll(2). Python's select.poll(). */
export function poll(): Poll {
	return new Poll();
}
