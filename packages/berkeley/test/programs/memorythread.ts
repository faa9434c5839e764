/**
 * A short-lived thread that leaves much native memory to be freed. It ends when it is told anything.
 */
import { parentPort, workerData } from "node:worker_threads";
import { NativeMemory } from "../../src/sys/memory.js";

const blocks = Array.from({ length: 4 }, () => new NativeMemory(workerData as number));
for (const block of blocks) block.bytes.fill(1);
blocks.pop()?.free();
parentPort?.once("message", () => console.assert(blocks.length === 3));
parentPort?.postMessage("ready");
