/**
 * Native memory that is received into again and again, and short views of it, which are kept: most messages are
 * short, and many are of one size.
 */
import { NativeMemory } from "../sys/memory.js";

const firstSize = 64 * 1024;
const longestKept = 2048;

/** Memory that grows to what is asked for. What stands in it is somebody's until the next call, and no longer. */
export class Slab {
	#memory: NativeMemory | undefined;
	#views: (Buffer | undefined)[] = [];

	/** At least `size` bytes. */
	room(size: number): NativeMemory {
		if (this.#memory === undefined || this.#memory.size < size) {
			let next = firstSize;
			while (next < size) next *= 2;
			this.#memory = new NativeMemory(next);
			this.#views = [];
		}
		return this.#memory;
	}

	/** The first `size` bytes of what room() gave last. */
	first(size: number): Buffer {
		const kept = this.#views[size];
		if (kept !== undefined) return kept;
		const view = this.room(size).bytes.subarray(0, size);
		if (size <= longestKept) this.#views[size] = view;
		return view;
	}
}
