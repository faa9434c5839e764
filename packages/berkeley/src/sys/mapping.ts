/**
 * A descriptor's memory, mapped, to be shown to anybody: whoever kept a view of it reads zeros when it is over, and
 * nobody ever reads memory that is not there, which would end the process.
 *
 * So the addresses are never given up. What is mapped there is replaced by memory without a file, in one step, which
 * takes the descriptor's memory away from this process; and when the last view was collected, the addresses wait for
 * the next mapping of that size. A view that was moved to another thread is safe too: it sees what is there.
 */
import { addressOf, declareMaking, isExported, onFirstThread, viewOf } from "./ffi.js";
import {
	MAP_ANONYMOUS,
	MAP_FIXED,
	MAP_NORESERVE,
	MAP_PRIVATE,
	MAP_SHARED,
	PROT_READ,
	PROT_WRITE,
} from "./linux/constants/mman.js";
import { mmap } from "./mmap.js";
import { type TeardownAction, teardownAction, whenCollected } from "./teardown.js";

const readWrite = PROT_READ | PROT_WRITE;
const blank = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

/** Addresses that are ours for good. */
interface Range {
	readonly address: number;
	readonly size: number;
	/** How many views of it there may be. */
	views: number;
	/** Whether a descriptor's memory is there. */
	mapped: boolean;
}

const spare: Range[] = [];

const reclaimed = whenCollected<Range>((range) => {
	if (--range.views > 0) return;
	if (range.mapped) clear(range);
	if (!range.mapped) spare.push(range);
});

// A worker's end has to take the mapping away, or the kernel would go on filling it: a mapping keeps its descriptor
// open. What runs then is a C function of one argument, and munmap() has two. V8 has one: the destructor of a
// BackingStore, which hands address and size to the function that it was made with.
const makeStore = "_ZN2v811ArrayBuffer15NewBackingStoreEPvmPFvS1_mS1_ES1_";
const destroyStore = "_ZN2v812BackingStoreD1Ev";

/** Whether this thread can map: the first always can, others where the mapping will go with them. */
export const canMap: boolean = onFirstThread || (isExported(makeStore) && isExported(destroyStore));

let ending: { make(address: number, size: number): number; action: TeardownAction } | undefined;

function unmapAtTeardown(address: number, size: number): void {
	if (onFirstThread) return;
	if (ending === undefined) {
		const make = declareMaking(makeStore, ["uintptr_t", "size_t", "uintptr_t", "uintptr_t"]);
		const munmap = addressOf("munmap");
		ending = { make: (at, count) => make(at, count, munmap, 0), action: teardownAction(destroyStore) };
	}
	ending.action.arm(ending.make(address, size));
}

/** Puts zeros where a descriptor's memory was. Gives the address or -errno. */
function clear(range: Range): number {
	const result = mmap(range.address, range.size, readWrite, blank | MAP_FIXED, -1, 0);
	if (result >= 0) range.mapped = false;
	return result;
}

function rangeOf(size: number): Range | number {
	const at = spare.findIndex((range) => range.size === size);
	const [found] = at < 0 ? [] : spare.splice(at, 1);
	if (found !== undefined) return found;
	const address = mmap(0, size, readWrite, blank, -1, 0);
	if (address < 0) return address;
	unmapAtTeardown(address, size);
	return { address, size, views: 0, mapped: false };
}

/** Memory of a descriptor. */
export class Mapping {
	/** How many parts of equal size it has. */
	readonly count: number;
	readonly #range: Range;
	readonly #partSize: number;

	private constructor(range: Range, partSize: number) {
		this.#range = range;
		this.#partSize = partSize;
		this.count = range.size / partSize;
	}

	/**
	 * A view of a part, of which who clones it clones no more. One for each part, but when somebody has transferred
	 * it away: at least one must be held for as long as the mapping is used.
	 */
	view(index: number): ArrayBuffer {
		const part = viewOf(this.#range.address + index * this.#partSize, this.#partSize);
		this.#range.views++;
		reclaimed.register(part, this.#range);
		return part;
	}

	/** Maps `count` parts of `partSize` bytes, a multiple of the page's. Gives the mapping or -errno. */
	static of(fd: number, partSize: number, count: number): Mapping | number {
		const range = rangeOf(partSize * count);
		if (typeof range === "number") return range;
		const result = mmap(range.address, range.size, readWrite, MAP_SHARED | MAP_FIXED, fd, 0);
		if (result >= 0) {
			range.mapped = true;
			return new Mapping(range, partSize);
		}
		// The attempt may have taken away what was there.
		if (clear(range) >= 0) spare.push(range);
		return result;
	}

	/** Takes the descriptor's memory away: all views show zeros from now on. */
	end(): void {
		if (this.#range.mapped) clear(this.#range);
	}
}
