// @ts-check
/**
 * Requests that compute, in as many worker threads as are asked for, with as many clients as there are threads and
 * one more, so that none waits for work: `busy.mjs THREADS SECONDS`.
 */
import { createConnection } from "berkeley";
import { ThreadingTCPServer } from "berkeley/server";

const [threads, seconds] = process.argv.slice(2).map(Number);
const server = new ThreadingTCPServer(
	{ host: "127.0.0.1", port: 0 },
	new URL("./busy-handler.mjs#Busy", import.meta.url),
);
server.workers = threads ?? 1;
// Whichever is free first has the next.
server.requestsPerWorker = 1;
server.requestQueueSize = 100;
const serving = server.serveForever();

let answered = 0;
let measuring = true;
async function ask() {
	while (measuring) {
		const client = await createConnection(server.serverAddress);
		await client.recv(1);
		client.close();
		answered++;
	}
}

const clients = Array.from({ length: server.workers + 1 }, ask);
/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
while (answered < 2 * server.workers) await pause(1);
await pause((seconds ?? 1) * 500);
answered = 0;
const begun = performance.now();
await pause((seconds ?? 1) * 1000);
// On a machine that is busy with something else.
while (answered < 4) await pause(1);
console.log(JSON.stringify({ rate: (answered / (performance.now() - begun)) * 1000 }));
measuring = false;
await Promise.all(clients);
await server.close();
await serving;
