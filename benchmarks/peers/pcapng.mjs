// @ts-check
/**
 * Reads a capture, and prints how much of it in a second of CPU time: pcapng.mjs batches|await PATH
 */
import { statSync } from "node:fs";
import { openCapture, openCaptureSync } from "berkeley/capture";

const [how = "batches", path = ""] = process.argv.slice(2);
let count = 0;
let sum = 0;

async function read() {
	if (how === "await") {
		for await (const { bytes, length, seconds, nanoseconds } of await openCapture(path)) {
			sum += (bytes[12] ?? 0) + length + seconds + nanoseconds;
			count++;
		}
		return;
	}
	const reader = openCaptureSync(path);
	for (let batch = reader.batchSync(); batch !== undefined; batch = reader.batchSync()) {
		for (const { bytes, length, seconds, nanoseconds } of batch) {
			sum += (bytes[12] ?? 0) + length + seconds + nanoseconds;
			count++;
		}
	}
}

const begun = process.cpuUsage();
await read();
const { user, system } = process.cpuUsage(begun);
// What is summed up cannot be left out.
if (sum <= 0) throw new Error("nothing was read");
const seconds = (user + system) / 1e6;
console.log(JSON.stringify({ rate: statSync(path).size / 1e6 / seconds, packets: count / seconds }));
