/**
 * Waiting for what no promise tells.
 */
import assert from "node:assert/strict";

const patienceMs = 60_000;

/** Lets the event loop turn until the condition holds; fails when it does not come to that. */
export async function until(condition: () => boolean): Promise<void> {
	for (const start = performance.now(); !condition(); ) {
		assert.ok(performance.now() - start < patienceMs, `it never came to this: ${condition}`);
		await new Promise((resolve) => setImmediate(resolve));
	}
}

/** Lets the event loop turn so many times. */
export async function turns(count = 4): Promise<void> {
	for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Fails when the promise has not settled after a while, which a lost wake-up looks like. */
export async function soon<T>(promise: Promise<T>, what = "it"): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`${what} hangs`)), patienceMs);
	});
	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}
