/**
 * Terminates threads of the kind that it is told, full of traffic for instance, as many as it is told, while this
 * thread has traffic too. Prints the descriptors that are left over.
 */

import { descriptors } from "../support/measures.js";
import { startWorker } from "../support/programs.js";
import { startTraffic } from "../support/traffic.js";

const [, , kind = "", count] = process.argv;
const total = Number(count);
await startTraffic();
// The first thread, for what the runtime opens once.
await (await startWorker(kind)).terminate();

const before = descriptors();
let begun = 0;
const sequence = async (): Promise<void> => {
	while (begun++ < total) {
		const worker = await startWorker(kind);
		// Now, and after some turns of the loop: at different moments of its traffic.
		for (let turn = 0; turn < begun % 5; turn++) await new Promise((resolve) => setImmediate(resolve));
		await worker.terminate();
	}
};
await Promise.all([sequence(), sequence()]);
const leftOver = (): [number, string][] =>
	[...descriptors()].filter(([fd, target]) => before.get(fd) !== target);
// Not every runtime has ended a thread when it says so.
const patience = performance.now() + 10_000;
while (leftOver().length > 0 && performance.now() < patience) {
	await new Promise((resolve) => setTimeout(resolve, 20));
}
console.log(JSON.stringify({ left: leftOver() }));
process.exit();
