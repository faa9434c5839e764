/**
 * A short-lived thread that leaves much native memory to be freed. It ends when it is told anything.
 */
import { parentPort, workerData } from "node:worker_threads";
import { NativeMemory } from "../../src/sys/memory.js";
import { allocatePages } from "../../src/sys/pages.js";

const { size, kind } = workerData as { size: number; kind: string };
const blocks: unknown[] = [];
if (kind === "pages") {
	for (let i = 0; i < 3; i++) blocks.push(allocatePages(size).fill(1));
} else {
	for (let i = 0; i < 3; i++) {
		const block = new NativeMemory(size);
		block.bytes.fill(1);
		blocks.push(block);
	}
	new NativeMemory(size).free();
}
parentPort?.once("message", () => console.assert(blocks.length === 3));
parentPort?.postMessage("ready");
