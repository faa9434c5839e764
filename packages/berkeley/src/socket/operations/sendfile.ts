/**
 * sendfile(2) as an operation: a file goes out without passing through this process.
 */
import { sendfile } from "../../sys/transfer.js";
import { FOR_WRITING, GIVE_WAY, type Operation, outcome } from "../operation.js";

// One call moves at most this much: a fast reader must not keep the thread here while there is file left.
const largestPart = 1024 * 1024;

/** Sends a regular file from `offset` on, `count` bytes or, when that is undefined, to its end; the count. */
export function sendFileRange(file: number, offset: number, count: number | undefined): Operation<number> {
	const position = new BigInt64Array([BigInt(offset)]);
	let left = count ?? Number.POSITIVE_INFINITY;
	let sent = 0;
	return {
		syscall: "sendfile",
		need: FOR_WRITING,
		attempt(fd) {
			if (left === 0) return sent;
			const part = outcome("sendfile", sendfile(fd, file, position, Math.min(left, largestPart)));
			if (typeof part === "symbol") return part;
			sent += part;
			left -= part;
			return part === 0 || left === 0 ? sent : GIVE_WAY;
		},
	};
}
