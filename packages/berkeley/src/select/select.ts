/**
 * select(): which of these can be read, which written, which have something out of the ordinary.
 */
import { checkWaitOptions } from "../arguments.js";
import { socketError } from "../errors.js";
import { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLPRI } from "../sys/linux/constants/poll.js";
import { EBADF } from "../sys/linux/errnos.js";
import { PollSet } from "../sys/pollset.js";
import { waitForSet, waitForSetSync } from "./pollwait.js";
import { limitOf, type SelectOptions } from "./wait.js";
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

interface Request<R extends Waitable, W extends Waitable, X extends Waitable> {
	readonly set: PollSet;
	readonly lists: [R[], W[], X[]];
}

function request<R extends Waitable, W extends Waitable, X extends Waitable>(
	read: Iterable<R>,
	write: Iterable<W>,
	except: Iterable<X>,
): Request<R, W, X> {
	const lists: [R[], W[], X[]] = [[...read], [...write], [...except]];
	const set = new PollSet();
	for (const [list, events] of [
		[lists[0], POLLIN],
		[lists[1], POLLOUT],
		[lists[2], POLLPRI],
	] as const) {
		for (const waitable of list) set.add(filenoOf(waitable, "select"), events);
	}
	return { set, lists };
}

function answer<R extends Waitable, W extends Waitable, X extends Waitable>({
	set,
	lists: [read, write, except],
}: Request<R, W, X>): Selected<R, W, X> {
	for (let index = 0; index < set.size; index++) {
		// select(2) fails as a whole when one is not open.
		if (set.result(index) & POLLNVAL)
			throw socketError("select", -EBADF, { subject: `select ${set.fd(index)}` });
	}
	const writesAt = read.length;
	const exceptsAt = writesAt + write.length;
	return [
		read.filter((_, index) => set.result(index) & readable),
		write.filter((_, index) => set.result(writesAt + index) & writable),
		except.filter((_, index) => set.result(exceptsAt + index) & POLLPRI),
	];
}

/**
 * Waits until something can be read or written, or something out of the ordinary has come (urgent data). select(2),
 * Python's select.select(); without its limit of 1024, for it is made of poll(2).
 * @param timeout milliseconds, 0 to look only; undefined, null and negative numbers wait without end
 * @returns the three lists, empty when the time was over
 * @throws SocketError EBADF when one is closed
 */
export async function select<R extends Waitable, W extends Waitable, X extends Waitable>(
	read: Iterable<R>,
	write: Iterable<W>,
	except: Iterable<X>,
	timeout?: number | null,
	options?: SelectOptions,
): Promise<Selected<R, W, X>> {
	checkWaitOptions(options);
	const asked = request(read, write, except);
	await waitForSet("select", asked.set, limitOf(timeout), options);
	return answer(asked);
}

/** The blocking twin of `select`. */
export function selectSync<R extends Waitable, W extends Waitable, X extends Waitable>(
	read: Iterable<R>,
	write: Iterable<W>,
	except: Iterable<X>,
	timeout?: number | null,
	options?: SelectOptions,
): Selected<R, W, X> {
	const asked = request(read, write, except);
	waitForSetSync("select", asked.set, limitOf(timeout), options);
	return answer(asked);
}
