/**
 * Begins and terminates the thread of samenumber.ts, in a process that may fall with it.
 */
import { startWorker } from "../support/programs.js";

const worker = await startWorker("samenumber");
await worker.terminate();
