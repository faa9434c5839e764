/**
 * Network interfaces by name and by index (netdevice(7)).
 */
import { decodeEscaped, encodeEscaped } from "../address/surrogateescape.js";
import { bytesAt, copyOf, pointerAt } from "./copy.js";
import { declare, type Pointer, resultOf } from "./ffi.js";
import { ENODEV } from "./linux/errnos.js";

const if_nametoindex = declare<(name: Pointer) => number>("if_nametoindex", "uint32", ["void *"]);
const if_indextoname = declare<(index: number, name: Pointer) => number>("if_indextoname", "uintptr_t", [
	"uint32",
	"void *",
]);
const if_nameindex = declare<() => number>("if_nameindex", "uintptr_t", []);
const if_freenameindex = declare<(list: number) => void>("if_freenameindex", "void", ["uintptr_t"]);

/** Offsets in struct if_nameindex. */
export const ifNameindexStruct = { size: 16, if_index: 0, if_name: 8 } as const;

/** IFNAMSIZ of <net/if.h>: a name and its NUL. */
const nameSize = 16;
const name = new Uint8Array(nameSize);

/**
 * The index of an interface, if_nametoindex(3).
 * @returns the index, at least 1, or -ENODEV
 */
export function ifNametoindex(interfaceName: string): number {
	const bytes = encodeEscaped(interfaceName);
	// Older C libraries cut a longer name instead of refusing it.
	if (bytes.length >= nameSize) return -ENODEV;
	name.fill(0).set(bytes);
	const index = if_nametoindex(name);
	return index === 0 ? resultOf(-1) : index;
}

/**
 * The name of an interface, if_indextoname(3).
 * @returns the name, or -ENXIO
 */
export function ifIndextoname(index: number): string | number {
	if (if_indextoname(index, name) === 0) return resultOf(-1);
	return decodeEscaped(name, 0, name.indexOf(0));
}

/**
 * All interfaces of the network namespace, if_nameindex(3).
 * @returns pairs of index and name, or -errno
 */
export function ifNameindex(): [index: number, name: string][] | number {
	const list = if_nameindex();
	if (list === 0) return resultOf(-1);
	const pairs: [number, string][] = [];
	for (let entry = list; ; entry += ifNameindexStruct.size) {
		const bytes = copyOf(entry, ifNameindexStruct.size);
		const index = bytes.readUInt32LE(ifNameindexStruct.if_index);
		if (index === 0) break;
		pairs.push([index, decodeEscaped(bytesAt(pointerAt(bytes, ifNameindexStruct.if_name)))]);
	}
	if_freenameindex(list);
	return pairs;
}
