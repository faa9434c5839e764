/**
 * sendfile(2) as an operation: a file goes out without passing through this process.
 */
import { sendfile } from "../../sys/transfer.js";
import { charge, FOR_WRITING, GIVE_WAY, type Operation, outcome, WOULD_BLOCK, within } from "../operation.js";

// One attempt moves at most this much: a fast reader must not keep the thread here while there is file left.
const largestPart = 1024 * 1024;

/** Sends a regular file from `offset` on, `count` bytes or, when that is undefined, to its end; the count. */
export function sendFileRange(file: number, offset: number, count: number | undefined): Operation<number> {
	const position = new BigInt64Array([BigInt(offset)]);
	let left = count ?? Number.POSITIVE_INFINITY;
	let sent = 0;
	return {
		syscall: "sendfile",
		need: FOR_WRITING,
		attempt(fd, quota) {
			// A call that sends less than it may has filled the socket or come to the file's end: the next call
			// tells which, at once.
			let allowance = Math.min(left, largestPart);
			while (allowance > 0) {
				const most = within(quota, allowance);
				if (most === 0) return WOULD_BLOCK;
				const part = outcome("sendfile", sendfile(fd, file, position, most));
				if (typeof part === "symbol") return part;
				charge(quota, part);
				sent += part;
				left -= part;
				if (part === 0 || left === 0) return sent;
				allowance -= part;
			}
			return GIVE_WAY;
		},
	};
}
