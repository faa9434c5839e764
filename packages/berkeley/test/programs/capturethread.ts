/**
 * A thread that captures, as one of a group where it is told so. It says "ready", and then reports the numbers of the
 * packets that it has seen, by flow, when it is asked; terminated, it ends in the midst of them.
 */
import { parentPort, workerData } from "node:worker_threads";
import { type CaptureOptions, capture } from "../../src/capture/index.js";

const packets = capture(workerData as CaptureOptions);
const seen: [flow: number, number: number][] = [];
packets.recvEach(({ bytes }) => {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	seen.push([view.getUint32(42), view.getUint32(46)]);
});
parentPort?.on("message", (message) => {
	if (message === "close") {
		packets.close();
		parentPort?.postMessage("closed");
	} else {
		parentPort?.postMessage({ seen, statistics: packets.statistics(), ring: packets.ring });
	}
});
parentPort?.postMessage("ready");
