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
}

const UV_READABLE = 1;
// Those who replace it for their tests mean their own immediates, not what sockets live by.
const { setImmediate } = globalThis;

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

// Bound when the module is loaded: a worker that is terminated while koffi binds a function takes the process along.
const libuv = "bun" in process.versions || !isExported("uv_walk") ? undefined : bindLibuv();

/**
 * Watches a descriptor for reading, level-triggered, unreferenced at first. While it stays readable, `notify` is
 * called once in every turn of the loop, and on Node in other turns too, as an immediate: its exceptions are
 * ordinary uncaught ones. It ends when what is returned is collected, so the caller must hold that.
 */
export function watchReadable(fd: number, notify: () => void): LoopWatch {
	return libuv === undefined ? watchByCalls(fd, notify) : watchByTurns(libuv, fd, notify);
}

function watchByTurns(uv: Libuv, fd: number, notify: () => void): LoopWatch {
	const owner = koffi.node.poll(fd, { readable: true }, () => {});
	const handle = handleOf(uv, fd);
	uv.unref(handle);
	// A uv_poll_cb gets the handle first, and what more it gets it may leave.
	uv.pollStart(handle, UV_READABLE, uv.isActive);
	const turn = (): void => {
		setImmediate(turn).unref();
		notify();
	};
	context.runInAsyncScope(() => setImmediate(turn).unref());
	// The methods of koffi's own handle abort the process when their worker is terminated meanwhile; C does not.
	const watch = { owner, ref: () => uv.ref(handle), unref: () => uv.unref(handle) };
	return watch;
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
	handle.unref();
	return { ref: () => handle.ref(), unref: () => handle.unref() };
}

/** What is called of libuv, which Node exports. */
interface Libuv {
	eventLoop(env: unknown, loop: BigInt64Array): number;
	walk(loop: number, visit: (handle: number) => void, argument: number): void;
	fileno(handle: number, fd: Pointer): number;
	pollStart(handle: number, events: number, callback: number): number;
	ref(handle: number): void;
	unref(handle: number): void;
	readonly isActive: number;
}

function bindLibuv(): Libuv {
	const visitor = koffi.pointer(koffi.proto("void", ["uintptr_t", "uintptr_t"]));
	return {
		eventLoop: declare("napi_get_uv_event_loop", "int", ["void *", "void *"]),
		walk: koffi.load(null).func("uv_walk", "void", ["uintptr_t", visitor, "uintptr_t"]) as never,
		fileno: declare("uv_fileno", "int", ["uintptr_t", "void *"]),
		pollStart: declare("uv_poll_start", "int", ["uintptr_t", "int", "uintptr_t"]),
		ref: declare("uv_ref", "void", ["uintptr_t"]),
		unref: declare("uv_unref", "void", ["uintptr_t"]),
		isActive: addressOf("uv_is_active"),
	};
}

/** The uv_poll_t that watches the descriptor, in this thread's loop. */
function handleOf(uv: Libuv, fd: number): number {
	const loop = new BigInt64Array(1);
	const status = uv.eventLoop(environment, loop);
	let found = 0;
	const number = new Int32Array(1);
	if (status === 0) {
		uv.walk(
			Number(loop[0]),
			(handle) => {
				if (uv.fileno(handle, number) === 0 && number[0] === fd) found = handle;
			},
			0,
		);
	}
	if (found === 0) throw new Error(`the runtime's event loop has no handle for descriptor ${fd}`);
	return found;
}
