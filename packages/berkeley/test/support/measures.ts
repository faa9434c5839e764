/**
 * What a process has: descriptors, and memory when all that can be collected is.
 */
import assert from "node:assert/strict";
import { readdirSync, readlinkSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

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

/** Collects garbage, and lets the event loop turn for the finalizers, so many times. Needs --expose-gc. */
export async function collectGarbage(rounds = 4): Promise<void> {
	assert.ok(await collectIfPossible(rounds), "this needs --expose-gc");
}

/** The same wherever the runtime lets a running program do so; whether it did. */
export async function collectIfPossible(rounds = 4): Promise<boolean> {
	for (let round = 0; round < rounds; round++) {
		collector()?.();
		await new Promise((resolve) => setImmediate(resolve));
	}
	return collector() !== undefined;
}

function collector(): (() => void) | undefined {
	if (globalThis.gc !== undefined) return globalThis.gc;
	setFlagsFromString("--expose-gc");
	return runInNewContext("globalThis.gc") as (() => void) | undefined;
}
