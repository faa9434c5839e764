/**
 * A thread that is terminated while the kernel has still to send from its memory.
 */
import { parentPort, workerData } from "node:worker_threads";
import { allocNative, Socket } from "../../src/index.js";

const socket = Socket.receive(workerData.socket);
const memory = allocNative(workerData.size).fill(1);
const sent = socket.sendZerocopy(memory);
// Once it waits: a thread that is terminated while it makes its reactor may leave that open.
setImmediate(() => parentPort?.postMessage("ready"));
await sent;
