/**
 * recvmmsg(2) as an operation.
 */
import { checkFlags } from "../../arguments.js";
import { POLLRDHUP } from "../../sys/linux/constants/poll.js";
import { SOCK_SEQPACKET } from "../../sys/linux/constants/types.js";
import { EAGAIN } from "../../sys/linux/errnos.js";
import { poll, pollEntrySize } from "../../sys/poll.js";
import type { BatchCore } from "../datagrams/core.js";
import { GIVE_WAY, type Operation, outcome, WOULD_BLOCK } from "../operation.js";
import { endOf, mustNotWait, receivingNeed } from "./receive.js";
import { countMoved, isOthersTurn } from "./share.js";

/** Fills the batch with what is there, when there is something; the count. */
export function receiveMany(core: BatchCore, flags: number, type: number): Operation<number> {
	checkFlags("recvMany", flags);
	return {
		syscall: "recvmmsg",
		need: receivingNeed(flags),
		dontWait: mustNotWait(flags),
		end: endOf(flags, false, () => 0),
		attempt(fd) {
			core.busy = true;
			if (isOthersTurn()) return GIVE_WAY;
			const result = core.receive(fd, flags);
			if (result === -EAGAIN) return WOULD_BLOCK;
			core.busy = false;
			const count = outcome("recvmmsg", result);
			if (typeof count === "symbol") return count;
			countMoved(count);
			return type === SOCK_SEQPACKET ? withoutEnd(core, fd, count) : count;
		},
	};
}

const entry = Buffer.alloc(pollEntrySize);

/**
 * At the end of a connection that keeps records the kernel answers with an empty one, as often as it is asked,
 * and fills the batch with them.
 */
export function withoutEnd(core: BatchCore, fd: number, count: number): number {
	// Where there was room left, what came before was there.
	if (core.vector.length(count - 1) > 0 || count < core.offered) return count;
	entry.writeInt32LE(fd, 0);
	entry.writeInt16LE(POLLRDHUP, 4);
	entry.writeInt16LE(0, 6);
	poll(entry, 1, 0);
	if ((entry.readInt16LE(6) & POLLRDHUP) === 0) return count;
	let length = count;
	while (length > 0 && core.vector.length(length - 1) === 0) length--;
	core.length = length;
	return length;
}
