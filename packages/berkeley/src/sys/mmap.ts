/**
 * mmap(2). Each returns its result or -errno.
 */
import { declare, resultOf } from "./ffi.js";

const c = {
	mmap: declare<
		(address: number, size: number, protection: number, flags: number, fd: number, offset: number) => number
	>("mmap", "int64", ["uintptr_t", "size_t", "int", "int", "int", "int64"]),
};

/** mmap(2). Gives the address. */
export function mmap(
	address: number,
	size: number,
	protection: number,
	flags: number,
	fd: number,
	offset: number,
): number {
	return resultOf(c.mmap(address, size, protection, flags, fd, offset));
}
