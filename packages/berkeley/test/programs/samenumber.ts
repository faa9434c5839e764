/**
 * A thread with two objects for one descriptor number, of which one is detached and the other is not.
 */
import { parentPort } from "node:worker_threads";
import { Socket, socketpair } from "../../src/index.js";

const [a, b] = socketpair();
for (const socket of [a, b]) {
	const twin = new Socket(undefined, undefined, undefined, { fileno: socket.fileno() });
	if (socket === a) twin.detach();
}
await a.sendall("x");
await b.recv(1);
parentPort?.postMessage("ready");
setInterval(() => {}, 60_000);
