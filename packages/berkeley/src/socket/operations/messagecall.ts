/**
 * One call of recvmsg(2), and what it gave beside the data.
 */
import type { Address } from "../../address/types.js";
import { sizeOf } from "../../arguments.js";
import { decodeControl, type ReceivedControl } from "../../sys/cmsg.js";
import { AF_UNIX } from "../../sys/linux/constants/families.js";
import { MSG_CMSG_CLOEXEC, MSG_TRUNC } from "../../sys/linux/constants/msg.js";
import { NativeMemory } from "../../sys/memory.js";
import { MessageHeader } from "../../sys/msghdr.js";
import { decodeSockaddr, sockaddrCapacity } from "../../sys/sockaddr.js";
import { recvmsg } from "../../sys/transfer.js";
import { outcome, type Unfinished } from "../operation.js";
import { largestSlab, slabOf } from "../scratch.js";

/** The thread's struct msghdr. An attempt is synchronous, so that what stands there is its own until it returns. */
export const header: MessageHeader = new MessageHeader();

/** What a message has beside its data. */
export interface Beside {
	control: readonly ReceivedControl[];
	/** MSG_TRUNC, MSG_CTRUNC … */
	flags: number;
	/** Who sent it, where the kernel names somebody. */
	address: Address | undefined;
}

/** Calls with native memory for `size` bytes: the thread's slab, or memory of its own when that is too small. */
export function withMemory<T>(size: number, call: (memory: NativeMemory) => T): T {
	if (size <= largestSlab) return call(slabOf(size));
	const own = new NativeMemory(size);
	try {
		return call(own);
	} finally {
		own.free();
	}
}

/** With MSG_TRUNC TCP stores nothing: what stood in the thread's slab must not be taken for data. */
export function hideOld(memory: NativeMemory, size: number, flags: number): void {
	if (flags & MSG_TRUNC) memory.bytes.fill(0, 0, size);
}

/**
 * Receives at most `size` bytes of data into the memory, and the rest into the header.
 * @param syscall what the user called, for errors
 */
export function receiveHeader(
	syscall: string,
	fd: number,
	memory: NativeMemory,
	size: number,
	controlSize: number,
	flags: number,
	family: number,
): number | Unfinished {
	header.setName(sockaddrCapacity);
	header.setIov(0, memory.address, size);
	header.setIovCount(1);
	header.setControl(controlSize);
	header.setFlags(0);
	// Only Unix sockets carry descriptors, and packet sockets answer EINVAL to the flag.
	const closeOnExec = family === AF_UNIX ? MSG_CMSG_CLOEXEC : 0;
	return outcome(syscall, recvmsg(fd, header.address, flags | closeOnExec));
}

/**
 * What stands in the header.
 * @param most how many bytes of control messages count
 */
export function besideInHeader(most: number = header.controlLength): Beside {
	return {
		control: decodeControl(header.control, Math.min(header.controlLength, most)),
		// The kernel gives MSG_CMSG_CLOEXEC back, which nobody asked for.
		flags: header.flags & ~MSG_CMSG_CLOEXEC,
		address: decodeSockaddr(header.name, Math.min(header.nameLength, sockaddrCapacity)),
	};
}

/** Fills the targets one after another, beginning behind their first `skipped` bytes. */
export function scatter(data: Buffer, targets: readonly Uint8Array[], skipped = 0): void {
	let at = 0;
	let left = skipped;
	for (const target of targets) {
		const room = sizeOf(target);
		if (left >= room) {
			left -= room;
			continue;
		}
		const part = data.subarray(at, at + room - left);
		Uint8Array.prototype.set.call(target, part, left);
		at += part.byteLength;
		left = 0;
	}
}
