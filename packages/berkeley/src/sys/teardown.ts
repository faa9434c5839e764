/**
 * What must happen when a worker thread ends, terminated ones included: the runtime calls C functions that we
 * name, when no JavaScript can run any more. On the first thread the process's end does it all.
 */
import { addressOf, declare, environment, onFirstThread } from "./ffi.js";

type Hook = (environment: unknown, callback: number, argument: number) => number;

const add = onFirstThread
	? undefined
	: declare<Hook>("napi_add_env_cleanup_hook", "int", ["void *", "uintptr_t", "uintptr_t"]);
const remove = onFirstThread
	? undefined
	: declare<Hook>("napi_remove_env_cleanup_hook", "int", ["void *", "uintptr_t", "uintptr_t"]);

/** A C function of one argument that can run at teardown. */
export interface TeardownAction {
	/** Runs the function with this argument when the thread ends. */
	arm(argument: number): void;
	/** Takes that back. */
	disarm(argument: number): void;
}

/** Names a C function, `close` or `free`, that is to run at the thread's end. */
export function teardownAction(name: string): TeardownAction {
	if (add === undefined || remove === undefined) return { arm() {}, disarm() {} };
	const callback = addressOf(name);
	// The runtime ends the process when it is told the same twice, as when two sockets are made for one number.
	const armed = new Set<number>();
	return {
		arm(argument) {
			if (armed.has(argument)) return;
			armed.add(argument);
			add(environment, callback, argument);
		},
		disarm(argument) {
			if (armed.delete(argument)) remove(environment, callback, argument);
		},
	};
}

let ending = false;
// Deno empties the collector's list when koffi's functions are gone already: to call one crashes it.
if ("deno" in process.versions) {
	(globalThis as unknown as EventTarget).addEventListener("unload", () => {
		ending = true;
	});
}

/**
 * A FinalizationRegistry whose callback calls C: it is not called any more when the thread, or the process, ends,
 * which releases everything by itself.
 */
export function whenCollected<Held>(callback: (held: Held) => void): FinalizationRegistry<Held> {
	return new FinalizationRegistry((held) => {
		if (!ending) callback(held);
	});
}
