/**
 * Terminates threads whose look-ups wait in the pool behind work of this thread. Prints "survived".
 * This thread does not load the library: the runtime unloads what only a worker has loaded, koffi too.
 */
import { pbkdf2 } from "node:crypto";
import { startWorker } from "../support/programs.js";

for (let round = 0; round < 5; round++) {
	const busy = Array.from(
		{ length: 4 },
		() => new Promise((resolve) => pbkdf2("secret", "salt", 300_000, 32, "sha256", resolve)),
	);
	const worker = await startWorker("pendingthread");
	await worker.terminate();
	await Promise.all(busy);
}
console.log("survived");
