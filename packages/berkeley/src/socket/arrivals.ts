/**
 * The memory in which `recvEach()` receives, and which its handlers see. It is apart from what other calls use, for
 * a handler may receive from other sockets while it looks at its data; and one for the thread, for handlers run one
 * after another.
 */
import { LentMemory } from "../sys/memory.js";
import { Slab } from "./slab.js";

// The runtime's own, and not native memory: a handler may transfer what it sees to another thread.
const slab = new Slab((size) => new LentMemory(size));
let memory: LentMemory | undefined;
let shown: Buffer | undefined;

/** Memory for at least `size` bytes. */
export function arrivalsOf(size: number): LentMemory {
	const room = slab.room(size);
	if (room !== memory) {
		memory = room;
		shown = undefined;
	}
	return room;
}

/** The first bytes of the memory, for a handler. */
export function showArrivals(size: number): Buffer {
	shown = slab.first(size);
	return shown;
}

/**
 * The address of what was shown last, which is cheaper to hand to the kernel than the bytes themselves; undefined
 * for other bytes, and for those that were transferred away.
 */
export function addressOfShown(bytes: Uint8Array): number | undefined {
	return bytes === shown && shown.length > 0 ? memory?.address : undefined;
}
