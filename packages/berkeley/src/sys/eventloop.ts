/**
 * One descriptor in the runtime's own event loop: how the reactor is woken.
 *
 * koffi's poll handle is used for its lifetime alone: koffi closes it with the environment. Its callback is
 * not, where that can be avoided: it runs outside a callback scope, so promises settled in it are not drained
 * and its exceptions surface elsewhere, and it aborts the process when its worker is terminated with an event
 * pending. A registered callback given straight to libuv tolerates an environment that is going away. Either
 * way the callback does nothing but ask for an immediate, in which everything is as usual.
 */

import { declare, environment, isExported, type Pointer } from "./ffi.js";
import { koffi } from "./koffi.js";

/** A descriptor that the event loop watches. It keeps the process alive only while it is referenced. */
export interface LoopWatch {
	ref(): void;
	unref(): void;
	close(): void;
}

const UV_READABLE = 1;

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

/**
 * Watches a descriptor for reading, level-triggered, unreferenced at first. While it stays readable, `notify`
 * is called once in every turn of the loop, as an immediate: its exceptions are ordinary uncaught ones.
 * The caller must hold what is returned: the watch ends when it is collected.
 */
export function watchReadable(fd: number, notify: () => void): LoopWatch {
	const throughLibuv = isExported("uv_walk");
	let asked = false;
	const run = (): void => {
		asked = false;
		// Deno's handle, which is not libuv's, tells once only.
		if (!throughLibuv) handle.start({ readable: true }, ask);
		notify();
	};
	const ask = (): void => {
		if (asked) return;
		asked = true;
		setImmediate(run);
	};
	const handle = koffi.node.poll(fd, { readable: true }, ask);
	if (throughLibuv) restart(fd, ask);
	handle.unref();
	return { ref: () => handle.ref(), unref: () => handle.unref(), close: () => handle.close() };
}

/** Starts the uv_poll_t that watches the descriptor again, with a callback that libuv calls directly. */
function restart(fd: number, callback: () => void): void {
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
	const onPoll = koffi.register(callback, koffi.pointer(koffi.proto("void", ["uintptr_t", "int", "int"])));
	pollStart(handle, UV_READABLE, Number(onPoll));
}
