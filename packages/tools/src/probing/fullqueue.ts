/**
 * A full queue of an interface, of which sockets are told that ask for errors, and those of frames.
 */
import { codeOf } from "../failure.js";
import { sleep } from "../probe/pace.js";

/** How long a full queue is waited for, in milliseconds, and between two attempts at most. */
const patience = 500;
const longestPause = 50;

/**
 * Sends, and tries it again while the queue is full.
 * @throws SocketError ENOBUFS when that lasts, as when a filter of the interface drops the packet; the signal's reason
 */
export async function sendWhenRoom(send: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
	const deadline = performance.now() + patience;
	for (let wait = 1; ; wait = Math.min(2 * wait, longestPause)) {
		try {
			await send();
			return;
		} catch (error) {
			if (codeOf(error) !== "ENOBUFS" || performance.now() >= deadline) throw error;
		}
		await sleep(wait, signal);
	}
}
