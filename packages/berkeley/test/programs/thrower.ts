/**
 * A thread in which what runs when a socket is ready throws.
 */
import { parentPort, workerData } from "node:worker_threads";
import { socketpair } from "../../src/index.js";
import { READABLE, reactor } from "../../src/reactor/reactor.js";

const [one, other] = socketpair();
if (workerData === "continuation") {
	void one.recv(1).then(() => {
		throw new Error("thrown by a continuation");
	});
} else if (workerData === "loop") {
	void (async () => {
		for await (const chunk of one) throw new Error(`thrown by a loop over ${chunk}`);
	})();
} else {
	// What the reactor calls is not the user's, but must be as safe.
	reactor().add(one.fileno(), {
		ready(events) {
			if (events & READABLE && events & 1) throw new Error("thrown by a watcher");
		},
	});
	reactor().retain();
}
parentPort?.postMessage("ready");
parentPort?.once("message", () => other.sendSync("x"));
