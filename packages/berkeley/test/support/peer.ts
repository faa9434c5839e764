/**
 * The other end, in a thread of its own, for what must happen while the main thread waits or blocks.
 */
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { basename } from "node:path";
import { after, before } from "node:test";
import { Worker } from "node:worker_threads";
import type { Step, StepResults } from "./peerworker.js";

export type { Step } from "./peerworker.js";

// The thread that runs the tests is not the process's first on every runtime.
const workerData = basename(readlinkSync("/proc/thread-self"));
const worker = new Worker(new URL("./peerworker.js", import.meta.url), { workerData });
// It may be there before the hook runs.
const ready = once(worker, "message");
// The thread answers in the order in which it was asked.
const asked: ((results: StepResults) => void)[] = [];
worker.on("message", (results: StepResults | "ready") => {
	if (results !== "ready") asked.shift()?.(results);
});
before(() => ready);
after(async () => {
	// Or a thread that nobody has asked anything would be terminated while it loads.
	await ready;
	await worker.terminate();
});

/**
 * Performs the steps in the other thread, one after another, and gives a number for each. Begin the operation
 * that waits right after this call: the steps are held back until the main thread sleeps.
 */
export async function whileWaiting(...steps: Step[]): Promise<number[]> {
	return (await aside({ do: "await sleep" }, ...steps)).slice(1);
}

/** Performs the steps in the other thread, at once. */
export function aside(...steps: Step[]): Promise<number[]> {
	worker.postMessage(steps);
	return new Promise((resolve, reject) => {
		asked.push((results) => {
			if ("error" in results) reject(new Error(`the other thread: ${results.error}`));
			else resolve(results);
		});
	});
}
