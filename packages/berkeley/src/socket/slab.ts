/**
 * Memory that is received into again and again, and short views of it, which are kept: most messages are short,
 * and many are of one size.
 */

const firstSize = 64 * 1024;
const longestKept = 2048;

/** Memory that C can write to. */
export interface Memory {
	readonly address: number;
	readonly bytes: Buffer;
}

/** Memory that grows to what is asked for. What stands in it is somebody's until the next call, and no longer. */
export class Slab<M extends Memory> {
	readonly #allocate: (size: number) => M;
	#memory: M | undefined;
	#views: (Buffer | undefined)[] = [];

	constructor(allocate: (size: number) => M) {
		this.#allocate = allocate;
	}

	/** At least `size` bytes. */
	room(size: number): M {
		// Where it is shown to users, one may have transferred it to another thread: then it has no bytes.
		if (this.#memory === undefined || this.#memory.bytes.length < size) {
			let next = firstSize;
			while (next < size) next *= 2;
			this.#memory = this.#allocate(next);
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
