/**
 * One descriptor in the runtime's own event loop: how the reactor is woken.
 *
 * koffi's poll handle is used for its lifetime alone: koffi closes it with the environment. Its callback is not,
 * where that can be avoided: it runs outside a callback scope, so promises settled in it are not drained and its
 * exceptions surface elsewhere, and it aborts the process when its worker is terminated with an event pending.
 *
 * On Node no callback comes into JavaScript at all. An immediate that is not referenced neither keeps the process
 * alive nor keeps the loop from sleeping, but runs when the loop has slept: so there is always one, and all that
 * libuv's handle has to do is to end the sleep. That is a way from C into JavaScript less for each wake-up, and in
 * an immediate everything is as usual. What it costs is that `notify` is called too when something else woke the loop.
 */
import { AsyncResource } from "node:async_hooks";
import { addressOf, declare, environment, isExported, type Pointer } from "./ffi.js";
import { koffi } from "./koffi.js";

/** A descriptor that the event loop watches. It keeps the process alive only while it is referenced. */
export interface LoopWatch {
	ref(): void;
	unref(): void;
	close(): void;
}

const UV_READABLE = 1;
// Those who replace it for their tests mean their own immediates, not what sockets live by.
const { setImmediate, clearImmediate } = globalThis;

/**
 * Refuses a runtime whose event loop cannot watch a descriptor. Bun ends the process when it is asked to.
 * @throws Error on Bun
 */
export function requireWatching(): void {
	if (process.versions.bun === undefined) return;
	throw new Error(
		"Bun's event loop cannot watch a socket (it has no uv_poll): use the blocking forms, …Sync",
	);
}

// Made when the module is loaded, so that what the loop calls does not run in, and keep alive, the asynchronous
// context of the one who happened to use the first socket of the thread.
const context = new AsyncResource("BERKELEY_REACTOR");

/**
 * Watches a descriptor for reading, level-triggered, unreferenced at first. While it stays readable, `notify` is
 * called once in every turn of the loop, and on Node in other turns too, as an immediate: its exceptions are
 * ordinary uncaught ones. The caller must hold what is returned: the watch ends when it is collected.
 */
export function watchReadable(fd: number, notify: () => void): LoopWatch {
	return isExported("uv_walk") ? watchByTurns(fd, notify) : watchByCalls(fd, notify);
}

function watchByTurns(fd: number, notify: () => void): LoopWatch {
	const handle = koffi.node.poll(fd, { readable: true }, () => {});
	wakeOnly(fd);
	const turn = (): void => {
		next = setImmediate(turn).unref();
		notify();
	};
	let next = context.runInAsyncScope(() => setImmediate(turn).unref());
	return watchOf(handle, () => clearImmediate(next));
}

/** For Deno, whose handle is not libuv's, and tells once only. */
function watchByCalls(fd: number, notify: () => void): LoopWatch {
	const run = (): void => {
		handle.start({ readable: true }, ask);
		notify();
	};
	const ask = (): void => {
		setImmediate(run);
	};
	const handle = koffi.node.poll(fd, { readable: true }, ask);
	return watchOf(handle, () => {});
}

function watchOf(handle: ReturnType<typeof koffi.node.poll>, closed: () => void): LoopWatch {
	handle.unref();
	return {
		ref: () => handle.ref(),
		unref: () => handle.unref(),
		close() {
			closed();
			handle.close();
		},
	};
}

/** Starts the uv_poll_t that watches the descriptor again, with a callback that only looks at the handle. */
function wakeOnly(fd: number): void {
	type Walk = (loop: number, visit: (handle: number) => void, argument: number) => void;
	const eventLoop = declare<(env: unknown, loop: BigInt64Array) => number>("napi_get_uv_event_loop", "int", [
		"void *",
		"void *",
	]);
	const fileno = declare<(handle: number, fd: Pointer) => number>("uv_fileno", "int", [
		"uintptr_t",
		"void *",
	]);
	const pollStart = declare<(handle: number, events: number, callback: number) => number>(
		"uv_poll_start",
		"int",
		["uintptr_t", "int", "uintptr_t"],
	);
	const visitor = koffi.pointer(koffi.proto("void", ["uintptr_t", "uintptr_t"]));
	const walk = koffi
		.load(null)
		.func("uv_walk", "void", ["uintptr_t", visitor, "uintptr_t"]) as unknown as Walk;

	const loop = new BigInt64Array(1);
	if (eventLoop(environment, loop) !== 0) return;
	const found: number[] = [];
	const number = new Int32Array(1);
	walk(
		Number(loop[0]),
		(handle) => {
			if (fileno(handle, number) === 0 && number[0] === fd) found.push(handle);
		},
		0,
	);
	const [handle] = found;
	if (handle === undefined) return;
	// A uv_poll_cb gets the handle first, and what more it gets it may leave.
	pollStart(handle, UV_READABLE, addressOf("uv_is_active"));
}
