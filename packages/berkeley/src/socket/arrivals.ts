/**
 * The memory in which `recvEach()` receives, and which its handlers see. It is apart from what other calls use, for
 * a handler may receive from other sockets while it looks at its data; and one for the thread, for handlers run one
 * after another.
 */
import type { NativeMemory } from "../sys/memory.js";
import { Slab } from "./slab.js";

const slab = new Slab();
let marked: NativeMemory | undefined;
let shown: Buffer | undefined;

/** Memory for at least `size` bytes. */
export function arrivalsOf(size: number): NativeMemory {
	const memory = slab.room(size);
	if (memory !== marked) mark(memory);
	return memory;
}

/** A handler must not give the memory away to another thread, by postMessage: it would be freed under its feet. */
function mark(memory: NativeMemory): void {
	marked = memory;
	// Not imported: loading the module takes a good part of what importing the library may cost.
	process.getBuiltinModule("node:worker_threads").markAsUntransferable(memory.bytes.buffer);
}

/** The first bytes of the memory, for a handler. */
export function showArrivals(size: number): Buffer {
	shown = slab.first(size);
	return shown;
}

/**
 * The address of what was shown last, which is cheaper to hand to the kernel than the bytes themselves; undefined
 * for other bytes.
 */
export function addressOfShown(bytes: Uint8Array): number | undefined {
	return bytes === shown ? marked?.address : undefined;
}
