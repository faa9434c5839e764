/**
 * MSG_WAITALL. The sockets are non-blocking underneath, where the kernel does not heed the flag, so what it
 * means is done here: a stream is read until the whole size is there, or there is nothing more to come, or what
 * comes does not belong to what is there. That is so at the urgent mark, whatever the protocol; what else parts the
 * data of a Unix stream only recvmsg(2) tells (waitallmessage.ts).
 */
import { checkSteady, sizeOf } from "../../arguments.js";
import { ioctl } from "../../sys/descriptors.js";
import { SIOCATMARK } from "../../sys/linux/constants/ioctl.js";
import { MSG_DONTWAIT, MSG_ERRQUEUE, MSG_OOB, MSG_PEEK, MSG_WAITALL } from "../../sys/linux/constants/msg.js";
import { NativeMemory } from "../../sys/memory.js";
import { recv } from "../../sys/transfer.js";
import {
	charge,
	FOR_READING,
	type Operation,
	outcome,
	type Unfinished,
	WOULD_BLOCK,
	within,
} from "../operation.js";

/** Whether the flags ask for all of the size. What is only looked at cannot be gathered piece by piece. */
export function wantsAll(flags: number): boolean {
	return (flags & (MSG_WAITALL | MSG_PEEK | MSG_OOB | MSG_ERRQUEUE)) === MSG_WAITALL;
}

/** What the pieces of a stream are received by, and into. */
export interface Pieces {
	/** How many bytes there is room for. */
	readonly wanted: number;
	/** Whether more must not be put to what the last call gave. */
	readonly parted: boolean;
	/** Receives at most `most` bytes behind the `size` that are there; 0 when none come that belong to them. */
	receive(fd: number, size: number, most: number): number | Unfinished;
}

/**
 * Receives in as many calls as it takes.
 * @param finish makes the result of the number of bytes that came
 */
export function receiveAll<T>(
	syscall: string,
	flags: number,
	pieces: Pieces,
	finish: (size: number) => T,
): Operation<T> {
	const { wanted } = pieces;
	let size = 0;
	return {
		syscall,
		need: FOR_READING,
		dontWait: (flags & MSG_DONTWAIT) !== 0,
		attempt(fd, quota) {
			do {
				// The kernel reads on behind the mark when it is called again.
				if (size > 0 && (pieces.parted || isAtMark(fd))) break;
				const most = within(quota, wanted - size);
				if (most === 0 && size < wanted) return WOULD_BLOCK;
				const count = pieces.receive(fd, size, most);
				if (typeof count === "symbol") return count;
				if (count === 0) break;
				charge(quota, count);
				size += count;
			} while (size < wanted);
			return finish(size);
		},
		partial: () => (size > 0 ? finish(size) : undefined),
	};
}

const answer = new NativeMemory(4);

/** sockatmark(3). What knows of no mark, such as MPTCP, is at none. */
function isAtMark(fd: number): boolean {
	return ioctl(fd, SIOCATMARK, answer.address) === 0 && answer.view.getInt32(0, true) !== 0;
}

/** Pieces that come by recv(2), with nothing beside them. */
export class PlainPieces implements Pieces {
	readonly wanted: number;
	readonly parted = false;
	readonly #syscall: string;
	readonly #target: Uint8Array;
	readonly #flags: number;

	constructor(syscall: string, target: Uint8Array, flags: number) {
		this.wanted = sizeOf(target);
		this.#syscall = syscall;
		this.#target = target;
		this.#flags = flags;
	}

	receive(fd: number, size: number, most: number): number | Unfinished {
		checkSteady(this.#syscall, sizeOf(this.#target), this.wanted);
		const rest = this.#target.subarray(size, size + most);
		return outcome(this.#syscall, recv(fd, rest, sizeOf(rest), this.#flags));
	}
}
