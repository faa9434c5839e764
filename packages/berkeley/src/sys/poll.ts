/**
 * poll(2): how a blocking operation waits.
 */
import { declare, type Pointer, resultOf } from "./ffi.js";

const c = {
	poll: declare<(entries: Pointer, count: number, timeout: number) => number>("poll", "int", [
		"void *",
		"uint32",
		"int",
	]),
};

/** The size of a struct pollfd: an int for the descriptor, then two shorts, `events` and `revents`. */
export const pollEntrySize = 8;

/** poll(2). `entries` holds `count` pollfds; `timeout` is in milliseconds, -1 waits without end. */
export function poll(entries: Pointer, count: number, timeout: number): number {
	return resultOf(c.poll(entries, count, timeout));
}
