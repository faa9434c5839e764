/**
 * A server whose handlers block, without a single `await`: each has a worker thread to itself, so nobody is held up.
 *
 *     node examples/dist/threading-server.js [port]
 *     nc 127.0.0.1 7777       in several terminals
 */
import { ThreadingTCPServer } from "berkeley/server";

const handler = new URL("./blocking-handler.js#UpperCase", import.meta.url);
await using server = new ThreadingTCPServer(
	{ host: "127.0.0.1", port: Number(process.argv[2] ?? 7777) },
	handler,
);
server.workers = 4;
server.requestsPerWorker = 1; // Who comes while all four are busy has the one that is free first.
server.requestQueueSize = 100;
console.log(`listening on port ${server.serverAddress.port}`);
await server.serveForever({ signals: true });
console.log("all threads have ended");
