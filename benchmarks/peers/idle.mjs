// @ts-check
/**
 * What the servers of the benchmark of idle connections have in common: for each line of input all garbage is
 * collected, and one line of JSON says how many connections there are and how large the heap is.
 */
import { createInterface } from "node:readline";

/** Answers until the input ends.
 * @param {() => void} collect collects all garbage at once
 * @param {() => number} count how many connections there are */
export async function answer(collect, count) {
	for await (const _ of createInterface({ input: process.stdin })) {
		// More than once, with turns of the event loop in between, so that what finalizers let go goes too.
		for (let time = 0; time < 4; time++) {
			collect();
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		console.log(JSON.stringify({ connections: count(), heap: process.memoryUsage().heapUsed }));
	}
}

/** Node's collector; needs --expose-gc. The last resort, where this V8 has it, gives the pages of the young
 * generation and those kept for later back too: what is measured is what the connections hold. */
export function collectOfNode() {
	/** @type {any} */ (globalThis).gc({ type: "major", execution: "sync", flavor: "last-resort" });
}
