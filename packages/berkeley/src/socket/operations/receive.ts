/**
 * recv(2) and recvfrom(2) as operations.
 */
import type { Address } from "../../address/types.js";
import { checkFlags, checkSize, checkSteady, sizeOf } from "../../arguments.js";
import { AF_UNIX } from "../../sys/linux/constants/families.js";
import { MSG_DONTWAIT, MSG_ERRQUEUE, MSG_PEEK, MSG_TRUNC } from "../../sys/linux/constants/msg.js";
import { recv, recvfrom } from "../../sys/transfer.js";
import {
	charge,
	FOR_ERRORS,
	FOR_READING,
	type Need,
	type Operation,
	outcome,
	type Quota,
	type Unfinished,
	within,
} from "../operation.js";
import { addressRoom, copyOfSlab, largestSlab, slabOf } from "../scratch.js";
import { type Pieces, PlainPieces, receiveAll, wantsAll } from "./waitall.js";
import { MessagePieces } from "./waitallmessage.js";

/** What a receiving call with these flags waits for. */
export function receivingNeed(flags: number): Need {
	return flags & MSG_ERRQUEUE ? FOR_ERRORS : FOR_READING;
}

/** Whether a call with these flags must not wait. */
export function mustNotWait(flags: number): boolean {
	return (flags & MSG_DONTWAIT) !== 0;
}

/** Memory of the call's own. With MSG_TRUNC the kernel may store less than it counts. */
export function ownMemory(size: number, flags: number): Buffer {
	return flags & MSG_TRUNC ? Buffer.alloc(size) : Buffer.allocUnsafeSlow(size);
}

// The thread's slab cannot be lent: with MSG_TRUNC the count may exceed what was stored (a long datagram), and TCP
// stores nothing at all. Such a call gets zeroed memory of its own, not the thread's, in which others' data stands.
function needsOwnMemory(size: number, flags: number): boolean {
	return size > largestSlab || (flags & MSG_TRUNC) !== 0;
}

/** charge(), but for bytes that are only looked at. */
export function chargeReceived(quota: Quota | undefined, count: number | Unfinished, flags: number): void {
	if (quota !== undefined && typeof count === "number" && (flags & MSG_PEEK) === 0) charge(quota, count);
}

/** Calls with memory for `size` bytes that is not the thread's, and returns what was stored there. */
function collect(
	size: number,
	flags: number,
	call: (memory: Uint8Array) => number | Unfinished,
): Buffer | Unfinished {
	const own = ownMemory(size, flags);
	const count = call(own);
	if (typeof count === "symbol") return count;
	// Much memory is not kept for little data.
	return count > size / 2 ? own.subarray(0, Math.min(count, size)) : Buffer.from(own.subarray(0, count));
}

/**
 * What datagrams end with. A stream, and the error queue, have no such end: the one is told by the kernel itself,
 * the other never comes to one.
 */
export function endOf<T>(flags: number, stream: boolean, end: () => T): (() => T) | undefined {
	return stream || flags & MSG_ERRQUEUE ? undefined : end;
}

/** The pieces of a whole: what parts the data of a Unix stream, recv(2) does not tell. */
function piecesOf(syscall: string, target: Uint8Array, flags: number, family: number): Pieces {
	return family === AF_UNIX
		? new MessagePieces(syscall, [target], 0, flags, family)
		: new PlainPieces(syscall, target, flags);
}

/**
 * At most `size` bytes; empty at the end.
 * @param stream whether the data are a stream, for which alone MSG_WAITALL means anything
 */
export function receive(size: number, flags: number, stream: boolean, family: number): Operation<Buffer> {
	checkSize("recv: size", size);
	checkFlags("recv", flags);
	if (stream && wantsAll(flags)) {
		const own = ownMemory(size, flags);
		return receiveAll("recv", flags, piecesOf("recv", own, flags, family), (count) => own.subarray(0, count));
	}
	return new Receive(size, flags, stream);
}

const emptyBuffer = (): Buffer => Buffer.alloc(0);
const zero = (): number => 0;

/** recv() into memory that becomes a Buffer. */
class Receive implements Operation<Buffer> {
	readonly syscall = "recv";
	readonly need: Need;
	readonly dontWait: boolean;
	readonly end: (() => Buffer) | undefined;
	tookAll: boolean | undefined;
	readonly #size: number;
	readonly #flags: number;

	constructor(size: number, flags: number, stream: boolean) {
		this.#size = size;
		this.#flags = flags;
		this.need = receivingNeed(flags);
		this.dontWait = mustNotWait(flags);
		this.end = endOf(flags, stream, emptyBuffer);
		this.tookAll = stream && flags === 0 ? false : undefined;
	}

	attempt(fd: number, quota?: Quota): Buffer | Unfinished {
		const size = within(quota, this.#size);
		const flags = this.#flags;
		if (needsOwnMemory(size, flags)) {
			return collect(size, flags, (memory) => {
				const count = recv(fd, memory, size, flags);
				chargeReceived(quota, count, flags);
				return outcome("recv", count);
			});
		}
		const count = recv(fd, slabOf(size).address, size, flags);
		chargeReceived(quota, count, flags);
		if (count < 0) return outcome("recv", count) as Unfinished;
		if (count > 0 && count < size && this.tookAll === false) this.tookAll = true;
		return copyOfSlab(count);
	}
}

/** Fills `target` with at most its length; the count. */
export function receiveInto(
	target: Uint8Array,
	flags: number,
	stream: boolean,
	family: number,
): Operation<number> {
	checkFlags("recvInto", flags);
	if (stream && wantsAll(flags))
		return receiveAll("recv", flags, piecesOf("recv", target, flags, family), (count) => count);
	return new ReceiveInto(target, flags, stream);
}

/** recv() into the user's memory. */
class ReceiveInto implements Operation<number> {
	readonly syscall = "recv";
	readonly need: Need;
	readonly dontWait: boolean;
	readonly end: (() => number) | undefined;
	tookAll: boolean | undefined;
	readonly #target: Uint8Array;
	readonly #size: number;
	readonly #flags: number;

	constructor(target: Uint8Array, flags: number, stream: boolean) {
		this.#target = target;
		this.#size = sizeOf(target);
		this.#flags = flags;
		this.need = receivingNeed(flags);
		this.dontWait = mustNotWait(flags);
		this.end = endOf(flags, stream, zero);
		this.tookAll = stream && flags === 0 ? false : undefined;
	}

	attempt(fd: number, quota?: Quota): number | Unfinished {
		checkSteady("recvInto", sizeOf(this.#target), this.#size);
		const size = within(quota, this.#size);
		const count = recv(fd, this.#target, size, this.#flags);
		chargeReceived(quota, count, this.#flags);
		if (count < 0) return outcome("recv", count);
		if (count > 0 && count < size && this.tookAll === false) this.tookAll = true;
		return count;
	}
}

/** At most `size` bytes and who sent them. */
export function receiveFrom(
	size: number,
	flags: number,
	stream: boolean,
	family: number,
): Operation<[Buffer, Address | undefined]> {
	checkSize("recvfrom: size", size);
	checkFlags("recvfrom", flags);
	if (stream && wantsAll(flags)) {
		const own = ownMemory(size, flags);
		const pieces = piecesOf("recvfrom", own, flags, family);
		// On a stream recvfrom(2) names nobody.
		return receiveAll("recvfrom", flags, pieces, (count) => [own.subarray(0, count), undefined]);
	}
	return {
		syscall: "recvfrom",
		need: receivingNeed(flags),
		dontWait: mustNotWait(flags),
		end: endOf(flags, stream, () => [Buffer.alloc(0), undefined]),
		attempt(fd, quota) {
			const { address } = addressRoom;
			const most = within(quota, size);
			const call = (memory: number | Uint8Array): number | Unfinished => {
				const count = recvfrom(fd, memory, most, flags, address, addressRoom.clear());
				chargeReceived(quota, count, flags);
				return outcome("recvfrom", count);
			};
			if (needsOwnMemory(most, flags)) {
				const data = collect(most, flags, call);
				return typeof data === "symbol" ? data : [data, addressRoom.decode()];
			}
			const count = call(slabOf(most).address);
			return typeof count === "symbol" ? count : [copyOfSlab(count), addressRoom.decode()];
		},
	};
}

/** Fills `target`; the count and who sent it. */
export function receiveFromInto(
	target: Uint8Array,
	flags: number,
	stream: boolean,
	family: number,
): Operation<[number, Address | undefined]> {
	checkFlags("recvfromInto", flags);
	if (stream && wantsAll(flags)) {
		const pieces = piecesOf("recvfrom", target, flags, family);
		return receiveAll("recvfrom", flags, pieces, (count) => [count, undefined]);
	}
	const size = sizeOf(target);
	return {
		syscall: "recvfrom",
		need: receivingNeed(flags),
		dontWait: mustNotWait(flags),
		end: endOf(flags, stream, () => [0, undefined]),
		attempt(fd, quota) {
			const { address } = addressRoom;
			checkSteady("recvfromInto", sizeOf(target), size);
			const most = within(quota, size);
			const count = outcome("recvfrom", recvfrom(fd, target, most, flags, address, addressRoom.clear()));
			chargeReceived(quota, count, flags);
			return typeof count === "symbol" ? count : [count, addressRoom.decode()];
		},
	};
}
