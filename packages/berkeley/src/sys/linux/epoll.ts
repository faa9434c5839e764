/**
 * epoll(7): how the reactor waits for many descriptors at once.
 */
import { declare, type Pointer, resultOf } from "../ffi.js";

const c = {
	create1: declare<(flags: number) => number>("epoll_create1", "int", ["int"]),
	ctl: declare<(epoll: number, operation: number, fd: number, event: Pointer) => number>("epoll_ctl", "int", [
		"int",
		"int",
		"int",
		"void *",
	]),
	wait: declare<(epoll: number, events: Pointer, capacity: number, timeout: number) => number>(
		"epoll_wait",
		"int",
		["int", "void *", "int", "int"],
	),
};

// struct epoll_event is packed on x64 alone, so that 32-bit programs see the same layout there.
const packed = process.arch === "x64";

/** The size of a struct epoll_event. */
export const epollEventSize: number = packed ? 12 : 16;

/** Where a struct epoll_event has its two 32-bit halves of user data. `events` is at 0. */
export const epollDataOffset: number = packed ? 4 : 8;

/** epoll_create1(2). */
export function epollCreate1(flags: number): number {
	return resultOf(c.create1(flags));
}

/** epoll_ctl(2). */
export function epollCtl(epoll: number, operation: number, fd: number, event: Pointer): number {
	return resultOf(c.ctl(epoll, operation, fd, event));
}

/** epoll_wait(2). `timeout` is in milliseconds, -1 waits without end, 0 does not wait. */
export function epollWait(epoll: number, events: Pointer, capacity: number, timeout: number): number {
	return resultOf(c.wait(epoll, events, capacity, timeout));
}
