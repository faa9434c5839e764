/**
 * Uses sockets and comes to its end; the process must end by itself, with open sockets that nobody waits on.
 */
import { AF_INET, createServer, SOCK_STREAM, Socket, TimeoutError } from "../../src/index.js";
import { startWorker } from "../support/programs.js";

const [how] = process.argv.slice(2);
const listener = createServer({ host: "127.0.0.1", port: 0 });
const client = new Socket(AF_INET, SOCK_STREAM);
const accepting = listener.accept();
await client.connect(listener.getsockname());
const [server] = await accepting;
const receiving = client.recv(100);
await server.sendall("data");
console.log((await receiving).toString());
try {
	await client.recv(1, 0, { timeout: 5 });
} catch (error) {
	if (!(error instanceof TimeoutError)) throw error;
}
if (how === "threads wait") {
	const worker = await startWorker("trafficthread");
	worker.unref();
} else if (how === "closed while waiting") {
	const waiting = client.recv(1);
	setImmediate(() => client.close());
	await waiting.catch((error: NodeJS.ErrnoException) => console.log(error.code));
}
// Reachable to the last, so that none of them is collected.
process.on("exit", () => console.log([listener, client, server].filter((socket) => !socket.closed).length));
