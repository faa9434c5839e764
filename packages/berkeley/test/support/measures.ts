/**
 * What a process has: descriptors, and memory when all that can be collected is.
 */
import { readdirSync, readlinkSync } from "node:fs";

/** The open descriptors and what they are, without the one that reads the directory. */
export function descriptors(): Map<number, string> {
	const found = new Map<number, string>();
	for (const fd of readdirSync("/proc/self/fd")) {
		try {
			found.set(Number(fd), readlinkSync(`/proc/self/fd/${fd}`));
		} catch {
			// The directory itself, closed by now.
		}
	}
	return found;
}

/** Lets the event loop turn, and collects garbage, so many times. Needs --expose-gc. */
export async function collectGarbage(rounds = 4): Promise<void> {
	if (globalThis.gc === undefined) throw new Error("this needs --expose-gc");
	for (let round = 0; round < rounds; round++) {
		globalThis.gc();
		await new Promise((resolve) => setImmediate(resolve));
	}
}
