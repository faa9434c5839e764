/**
 * The memory in which `recvEach()` receives. It is apart from what other calls use, for a handler may receive from
 * other sockets while it looks at its data; and one for the thread, for handlers run one after another.
 */
import { NativeMemory } from "../sys/memory.js";

const firstSize = 64 * 1024;
// Views of short data are kept: small messages are many, and often of one size.
const longestKept = 2048;

let memory: NativeMemory | undefined;
let views: (Buffer | undefined)[] = [];
let shown: Buffer | undefined;

/** Memory for at least `size` bytes. */
export function arrivalsOf(size: number): NativeMemory {
	// A handler may have transferred the memory away, which leaves it with no bytes.
	if (memory === undefined || memory.bytes.byteLength < size) {
		memory = new NativeMemory(Math.max(size, firstSize));
		views = [];
		shown = undefined;
	}
	return memory;
}

/** The first bytes of the memory, for a handler. */
export function showArrivals(room: NativeMemory, size: number): Buffer {
	const kept = views[size];
	if (kept !== undefined && kept.byteLength === size) {
		shown = kept;
	} else {
		shown = room.bytes.subarray(0, size);
		if (size <= longestKept) views[size] = shown;
	}
	return shown;
}

/**
 * The address of what was shown last, which is cheaper to hand to the kernel than the bytes themselves; undefined
 * for other bytes.
 */
export function addressOfShown(bytes: Uint8Array): number | undefined {
	return bytes === shown && bytes.byteLength > 0 ? memory?.address : undefined;
}
