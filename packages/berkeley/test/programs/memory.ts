/**
 * Prints by how many bytes the process grew while threads ended, or memory was collected.
 */
import { once } from "node:events";
import { NativeMemory } from "../../src/sys/memory.js";
import { allocatePages } from "../../src/sys/pages.js";
import { collectGarbage } from "../support/measures.js";
import { startWorker } from "../support/programs.js";

async function threads(count: number, kind = "blocks"): Promise<void> {
	for (let done = 0; done < count; done++) {
		const worker = await startWorker("memorythread", { size: 2 * 1024 * 1024, kind });
		const exited = once(worker, "exit");
		if (done % 2 === 0) await worker.terminate();
		else worker.postMessage("end");
		await exited;
	}
}

async function allocations(count: number): Promise<void> {
	for (let done = 0; done < count; done++) {
		const memory = new NativeMemory(32 * 1024);
		// A view keeps the memory, also when its owner is gone.
		const view = memory.bytes.subarray(10, 20).fill(done);
		memory.bytes.fill(1, 20);
		if (view[0] !== (done & 0xff)) throw new Error("somebody else wrote there");
		if (done % 500 === 0) await collectGarbage(1);
	}
	await collectGarbage();
}

async function pages(count: number): Promise<void> {
	for (let done = 0; done < count; done++) {
		allocatePages(100_000).fill(1);
		if (done % 500 === 0) await collectGarbage(1);
	}
	await collectGarbage();
}

const runs: Record<string, (count: number) => Promise<void>> = {
	threads,
	allocations,
	pages,
	threadpages: (count) => threads(count, "pages"),
};
const [what, count] = process.argv.slice(2);
const run = runs[what ?? ""] ?? allocations;
await run(Number(count) / 5);
await collectGarbage();
const before = process.memoryUsage.rss();
await run(Number(count));
await collectGarbage();
console.log(process.memoryUsage.rss() - before);
