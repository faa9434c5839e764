/**
 * When a way is full to its beginning: what a test waits for before it looks at what is stuck.
 */
import { SO_MEMINFO, SOL_SOCKET, type Socket } from "../../src/index.js";

/** Lets the event loop turn until what a socket has queued to send stays what it is. */
export async function untilQuiet(socket: Socket): Promise<void> {
	let queued = -1;
	for (let quiet = 0; quiet < 50; ) {
		await new Promise((resolve) => setImmediate(resolve));
		const now = socket.getsockopt(SOL_SOCKET, SO_MEMINFO, 36).readUInt32LE(8); // SK_MEMINFO_WMEM_ALLOC
		const queue = socket.getsockopt(SOL_SOCKET, SO_MEMINFO, 36).readUInt32LE(20); // SK_MEMINFO_WMEM_QUEUED
		quiet = now + queue === queued ? quiet + 1 : 0;
		queued = now + queue;
	}
}
