/**
 * A thread that takes the reference to the event loop and gives it up without end, as one whose operations hardly
 * wait does.
 */
import { parentPort } from "node:worker_threads";
import { socketpair } from "../../src/index.js";
import { watchReadable } from "../../src/sys/eventloop.js";

const [side] = socketpair();
const watch = watchReadable(side.fileno(), () => {});
parentPort?.postMessage("ready");
for (;;) {
	watch.ref();
	watch.unref();
}
