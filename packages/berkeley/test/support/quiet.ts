/**
 * When a way is full to its beginning: what a test waits for before it looks at what is stuck.
 */
import { SO_MEMINFO, SOL_SOCKET, type Socket } from "../../src/index.js";

const turns = 15;

/**
 * Lets the event loop turn until what a socket has queued to send stays what it is. By timers, between which every
 * runtime looks for events, as it does not between immediates; what stands still is then stuck, not late.
 */
export async function untilQuiet(socket: Socket): Promise<void> {
	let queued = -1;
	for (let quiet = 0; quiet < turns; ) {
		await new Promise((resolve) => setTimeout(resolve, 1));
		// struct sk_meminfo: what is allocated for writing, and what is queued.
		const memory = socket.getsockopt(SOL_SOCKET, SO_MEMINFO, 36);
		const now = memory.readUInt32LE(8) + memory.readUInt32LE(20);
		quiet = now === queued ? quiet + 1 : 0;
		queued = now;
	}
}
