/**
 * Native memory that C may keep the address of. The garbage collector neither moves nor frees it.
 */
import { declare, type Pointer, viewOf } from "./ffi.js";
import { teardownAction, whenCollected } from "./teardown.js";

const calloc = declare<(count: number, size: number) => number>("calloc", "uintptr_t", ["size_t", "size_t"]);
const free = declare<(memory: Pointer) => void>("free", "void", ["void *"]);

/**
 * A block of native memory with its address. It is freed when the object is collected, so the object must
 * be reachable for as long as C may use the address: keep it in a module or in the object that owns the call.
 */
export class NativeMemory {
	readonly address: number;
	readonly size: number;
	readonly bytes: Buffer;
	readonly view: DataView;

	/** Allocates `size` zeroed bytes. */
	constructor(size: number) {
		const address = calloc(1, size);
		if (address === 0) throw new RangeError(`out of memory: ${size} bytes were asked for`);
		const buffer = viewOf(address, size);
		this.address = address;
		this.size = size;
		this.bytes = Buffer.from(buffer);
		this.view = new DataView(buffer);
		// The view is what native code's users hold on to, and it is what must be gone before the memory is:
		// a subarray of `bytes` keeps the ArrayBuffer, not this object, alive.
		reclaimed.register(buffer, address, this);
		atTeardown.arm(address);
	}

	/**
	 * Frees the memory now. Only for who knows that nobody has a view of it, nor will: what does reads and
	 * writes memory that is somebody else's by then.
	 */
	free(): void {
		if (!reclaimed.unregister(this)) return;
		atTeardown.disarm(this.address);
		free(this.address);
	}
}

// Gives back the pointer that it is given.
const memset = declare<(memory: Pointer, byte: number, count: number) => number>("memset", "uintptr_t", [
	"void *",
	"int",
	"size_t",
]);

/**
 * Memory of the runtime's own that C may write to within a call, and that may be shown to anybody: who transfers its
 * ArrayBuffer to another thread has it from then on, where native memory would be freed under its feet. The runtime
 * allocates so large a buffer outside its heap, and does not move it.
 */
export class LentMemory {
	/** For calls of C while `bytes` is reachable and has its length: a buffer that was transferred has none. */
	readonly address: number;
	readonly bytes: Buffer;

	/** Allocates `size` zeroed bytes, at least 4096. */
	constructor(size: number) {
		this.bytes = Buffer.from(new ArrayBuffer(size));
		this.address = memset(this.bytes, 0, 0);
	}
}

const atTeardown = teardownAction("free");
const reclaimed = whenCollected<number>((address) => {
	atTeardown.disarm(address);
	free(address);
});
