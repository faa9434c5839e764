/**
 * Native memory that every call of a thread shares. An attempt is synchronous, so that what it put here or
 * found here is its own until it returns, and not a moment longer.
 */

import type { Address } from "../address/types.js";
import { NativeMemory } from "../sys/memory.js";
import { decodeSockaddr, sockaddrCapacity } from "../sys/sockaddr.js";
import { Slab } from "./slab.js";

/** The largest slab that is kept; a larger request gets memory of its own. */
export const largestSlab: number = 1024 * 1024;

const slab = new Slab((size) => new NativeMemory(size));

/** At least `size` bytes, `size` being at most `largestSlab`. */
export function slabOf(size: number): NativeMemory {
	return slab.room(size);
}

/** The first bytes of the slab, copied: they stand there until the next call. */
export function copyOfSlab(size: number): Buffer {
	const copy = Buffer.allocUnsafe(size);
	copy.set(slab.first(size));
	return copy;
}

/** Room for one socket address, and behind it for the socklen_t that goes with it. */
class AddressRoom {
	readonly #memory = new NativeMemory(sockaddrCapacity + 4);
	/** Where the address stands. */
	readonly address: number = this.#memory.address;
	/** The bytes that stand there. */
	readonly bytes: Buffer = this.#memory.bytes.subarray(0, sockaddrCapacity);

	/** Says to the kernel that the room is empty. Returns where the length stands. */
	clear(): number {
		this.#memory.view.setUint32(sockaddrCapacity, sockaddrCapacity, true);
		return this.address + sockaddrCapacity;
	}

	/** The address that the kernel stored; undefined when it stored none. */
	decode(): Address | undefined {
		const length = this.#memory.view.getUint32(sockaddrCapacity, true);
		return decodeSockaddr(this.bytes, Math.min(length, sockaddrCapacity));
	}
}

/** The thread's room for an address. */
export const addressRoom: AddressRoom = new AddressRoom();
