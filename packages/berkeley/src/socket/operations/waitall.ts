/**
 * MSG_WAITALL. The sockets are non-blocking underneath, where the kernel does not heed the flag, so what it
 * means is done here: a stream is read until the whole size is there, or there is nothing more to come.
 */
import { checkSteady, sizeOf } from "../../arguments.js";
import { MSG_DONTWAIT, MSG_ERRQUEUE, MSG_OOB, MSG_PEEK, MSG_WAITALL } from "../../sys/linux/constants/msg.js";
import { charge, FOR_READING, type Operation, type Unfinished, WOULD_BLOCK, within } from "../operation.js";

/** Whether the flags ask for all of the size. What is only looked at cannot be gathered piece by piece. */
export function wantsAll(flags: number): boolean {
	return (flags & (MSG_WAITALL | MSG_PEEK | MSG_OOB | MSG_ERRQUEUE)) === MSG_WAITALL;
}

/**
 * Fills the target in as many calls as it takes.
 * @param call receives into what is left of the target
 * @param finish makes the result of the number of bytes that came
 */
export function receiveAll<T>(
	syscall: string,
	target: Uint8Array,
	flags: number,
	call: (fd: number, rest: Uint8Array) => number | Unfinished,
	finish: (size: number) => T,
): Operation<T> {
	const wanted = sizeOf(target);
	let size = 0;
	return {
		syscall,
		need: FOR_READING,
		dontWait: (flags & MSG_DONTWAIT) !== 0,
		attempt(fd, quota) {
			do {
				checkSteady(syscall, sizeOf(target), wanted);
				const most = within(quota, wanted - size);
				if (most === 0 && size < wanted) return WOULD_BLOCK;
				const count = call(fd, target.subarray(size, size + most));
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
