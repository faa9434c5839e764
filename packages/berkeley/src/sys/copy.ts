/**
 * Structs that C allocated, copied out of native memory, and the pointers in them followed.
 */
import { declare, textAt } from "./ffi.js";

const memcpy = declare<(to: Uint8Array, from: number, size: number) => number>("memcpy", "uintptr_t", [
	"void *",
	"uintptr_t",
	"size_t",
]);
const strlen = declare<(text: number) => number>("strlen", "size_t", ["uintptr_t"]);

/** A copy of `size` bytes of native memory. */
export function copyOf(address: number, size: number): Buffer {
	const bytes = Buffer.alloc(size);
	if (size > 0) memcpy(bytes, address, size);
	return bytes;
}

/** A copy of the bytes of a NUL-terminated C string, without the NUL. */
export function bytesAt(address: number): Buffer {
	return copyOf(address, strlen(address));
}

/** The pointer stored at an offset, 0 for a null pointer. A user-space address fits a number exactly. */
export function pointerAt(bytes: Buffer, offset: number): number {
	return Number(bytes.readBigUInt64LE(offset));
}

/** The pointers of an array that a null pointer ends; none for a null pointer. */
export function pointersAt(address: number): number[] {
	const pointers: number[] = [];
	if (address === 0) return pointers;
	for (let slot = address; ; slot += 8) {
		const pointer = pointerAt(copyOf(slot, 8), 0);
		if (pointer === 0) return pointers;
		pointers.push(pointer);
	}
}

/** The texts of a `char **` that a null pointer ends. */
export function textsAt(address: number): string[] {
	return pointersAt(address).map(textAt);
}
