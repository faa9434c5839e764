/**
 * A handler that tells what its thread had made before its first operation.
 */
import { readdirSync, readlinkSync } from "node:fs";
import type { Socket } from "../../src/index.js";

/** How many epoll objects the process has. */
export function epolls(): number {
	let count = 0;
	for (const fd of readdirSync("/proc/self/fd")) {
		try {
			if (readlinkSync(`/proc/self/fd/${fd}`).includes("[eventpoll]")) count++;
		} catch {
			// The directory's own descriptor is closed by now.
		}
	}
	return count;
}

const before = epolls();

/** Waits in vain, and sends how many there were when the module was loaded, and how many there are now. */
export default async function tell(connection: Socket): Promise<void> {
	await connection.recv(1, 0, { timeout: 1 }).catch(() => {});
	await connection.sendall(`${before} ${epolls()}`);
}
