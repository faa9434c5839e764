/**
 * recv(2) and recvfrom(2) as operations.
 */
import type { Address } from "../../address/types.js";
import { checkFlags, checkSize } from "../../arguments.js";
import { MSG_ERRQUEUE, MSG_TRUNC } from "../../sys/linux/constants/msg.js";
import { recv, recvfrom } from "../../sys/transfer.js";
import {
	FOR_ERRORS,
	FOR_READING,
	type Need,
	type Operation,
	outcome,
	type Unfinished,
} from "../operation.js";
import { addressRoom, largestSlab, slabOf } from "../scratch.js";

/** What a receiving call with these flags waits for. */
export function receivingNeed(flags: number): Need {
	return flags & MSG_ERRQUEUE ? FOR_ERRORS : FOR_READING;
}

/** Calls with memory for `size` bytes, and returns a copy of what was stored there. */
function collect(
	size: number,
	flags: number,
	call: (memory: number | Uint8Array) => number | Unfinished,
): Buffer | Unfinished {
	// With MSG_TRUNC the count may exceed what was stored (a long datagram), and TCP stores nothing at all:
	// such a call gets zeroed memory of its own, not the thread's, in which others' data stands.
	if (size > largestSlab || flags & MSG_TRUNC) {
		const own = flags & MSG_TRUNC ? Buffer.alloc(size) : Buffer.allocUnsafeSlow(size);
		const count = call(own);
		if (typeof count === "symbol") return count;
		// Much memory is not kept for little data.
		return count > size / 2 ? own.subarray(0, Math.min(count, size)) : Buffer.from(own.subarray(0, count));
	}
	const slab = slabOf(size);
	const count = call(slab.address);
	if (typeof count === "symbol") return count;
	return Buffer.from(slab.bytes.subarray(0, count));
}

/** At most `size` bytes; empty at the end. */
export function receive(size: number, flags: number): Operation<Buffer> {
	checkSize("recv: size", size);
	checkFlags("recv", flags);
	return {
		syscall: "recv",
		need: receivingNeed(flags),
		attempt: (fd) => collect(size, flags, (memory) => outcome("recv", recv(fd, memory, size, flags))),
	};
}

/** Fills `target` with at most its length; the count. */
export function receiveInto(target: Uint8Array, flags: number): Operation<number> {
	checkFlags("recvInto", flags);
	return {
		syscall: "recv",
		need: receivingNeed(flags),
		attempt: (fd) => outcome("recv", recv(fd, target, target.byteLength, flags)),
	};
}

/** At most `size` bytes and who sent them. */
export function receiveFrom(size: number, flags: number): Operation<[Buffer, Address | undefined]> {
	checkSize("recvfrom: size", size);
	checkFlags("recvfrom", flags);
	return {
		syscall: "recvfrom",
		need: receivingNeed(flags),
		attempt(fd) {
			const { address } = addressRoom;
			const data = collect(size, flags, (memory) =>
				outcome("recvfrom", recvfrom(fd, memory, size, flags, address, addressRoom.clear())),
			);
			return typeof data === "symbol" ? data : [data, addressRoom.decode()];
		},
	};
}

/** Fills `target`; the count and who sent it. */
export function receiveFromInto(target: Uint8Array, flags: number): Operation<[number, Address | undefined]> {
	checkFlags("recvfromInto", flags);
	return {
		syscall: "recvfrom",
		need: receivingNeed(flags),
		attempt(fd) {
			const { address } = addressRoom;
			const size = target.byteLength;
			const count = outcome("recvfrom", recvfrom(fd, target, size, flags, address, addressRoom.clear()));
			return typeof count === "symbol" ? count : [count, addressRoom.decode()];
		},
	};
}
