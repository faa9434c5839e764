/**
 * Calls process.exit() in mid-traffic, with the code that it is told, from a thread or from here.
 */
import type { Worker } from "node:worker_threads";
import { startWorker } from "../support/programs.js";
import { startTraffic } from "../support/traffic.js";

const [where, code] = process.argv.slice(2);
const workers: Worker[] = await Promise.all([startWorker("trafficthread"), startWorker("trafficthread")]);
await startTraffic();
console.log(`${workers.length} threads`);
if (where === "here") process.exit(Number(code));
// In an exception's handler, in a microtask, in an immediate: wherever it is called.
process.on("uncaughtException", () => process.exit(Number(code)));
if (where === "handler") {
	setImmediate(() => {
		throw new Error("on purpose");
	});
} else {
	void Promise.resolve().then(() => process.exit(Number(code)));
}
