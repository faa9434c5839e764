/**
 * Whole pages of native memory for the user's data, which the kernel may go on reading after a call has returned
 * (MSG_ZEROCOPY).
 *
 * The kernel holds pages, not addresses. So memory that it still reads may be freed as long as the pages are
 * given up first, by MADV_DONTNEED: what comes to stand at the address then is in other pages.
 */
import { declare, resultOf, viewOf } from "./ffi.js";
import { MADV_DONTNEED } from "./linux/constants/mman.js";
import { teardownAction, whenCollected } from "./teardown.js";

const pageSize = 65536; // The largest that x64 and arm64 have.

const c = {
	alignedAlloc: declare<(alignment: number, size: number) => number>("aligned_alloc", "uintptr_t", [
		"size_t",
		"size_t",
	]),
	madvise: declare<(address: number, size: number, advice: number) => number>("madvise", "int", [
		"uintptr_t",
		"size_t",
		"int",
	]),
	free: declare<(address: number) => void>("free", "void", ["uintptr_t"]),
};

/** Where pages are, and whether the kernel reads them. */
interface Pages {
	readonly address: number;
	readonly size: number;
	/** How many calls the kernel is not through with. */
	lent: number;
}

const pagesOf = new WeakMap<ArrayBufferLike, Pages>();

const atTeardown = teardownAction("free");

const reclaimed = whenCollected<Pages>(({ address, size, lent }) => {
	if (lent === 0) atTeardown.disarm(address);
	c.madvise(address, size, MADV_DONTNEED);
	c.free(address);
});

function refuse(): never {
	throw new TypeError("memory of allocNative() is not transferred: the kernel may be reading it");
}

/** Zeroed memory that begins a page; the collector neither moves nor sees it, and frees it with its last view. */
export function allocatePages(size: number): Buffer {
	const whole = Math.max(Math.ceil(size / pageSize), 1) * pageSize;
	const address = c.alignedAlloc(pageSize, whole);
	if (address === 0) throw new RangeError(`out of memory: ${size} bytes were asked for`);
	const buffer = viewOf(address, size);
	const bytes = Buffer.from(buffer);
	// Pages that are given up come back zeroed, unless memory is locked.
	if (resultOf(c.madvise(address, whole, MADV_DONTNEED)) < 0) bytes.fill(0);
	// Another ArrayBuffer for the memory would go on when this one is collected and the memory freed.
	for (const name of ["transfer", "transferToFixedLength"])
		Object.defineProperty(buffer, name, { value: refuse });
	const pages = { address, size: whole, lent: 0 };
	pagesOf.set(buffer, pages);
	reclaimed.register(buffer, pages);
	atTeardown.arm(address);
	return bytes;
}

/** Where a view's bytes are, when its memory is from `allocatePages`. */
export function addressInPages(view: Uint8Array): number | undefined {
	const pages = pagesOf.get(view.buffer);
	return pages === undefined ? undefined : pages.address + view.byteOffset;
}

/**
 * The kernel reads a view's memory from now on. A thread that is terminated meanwhile does not free it: no
 * JavaScript runs then that could give the pages up.
 */
export function lendPages(view: Uint8Array): void {
	const pages = pagesOf.get(view.buffer);
	if (pages !== undefined && pages.lent++ === 0) atTeardown.disarm(pages.address);
}

/** Ends one `lendPages`. */
export function returnPages(view: Uint8Array): void {
	const pages = pagesOf.get(view.buffer);
	if (pages !== undefined && --pages.lent === 0) atTeardown.arm(pages.address);
}
