/**
 * A thread that is ended with look-ups in the pool, and with events that nobody has handled.
 */
import { parentPort } from "node:worker_threads";
import { getaddrinfo, getnameinfo, socketpair } from "../../src/index.js";

for (let at = 0; at < 8; at++) {
	void getaddrinfo("localhost", 80 + at);
	void getnameinfo({ host: "127.0.0.1", port: 80 }, 0);
}
const pairs = Array.from({ length: 50 }, () => socketpair());
for (const [one] of pairs) void one.recv(100).then(() => one.recv(100));
for (const [, other] of pairs) other.sendSync("event");
parentPort?.postMessage("ready");
// The thread is deaf from before the first event on. Nothing is sent any more: that would find no room in the end.
for (;;) for (const [, other] of pairs) other.sendSync("");
