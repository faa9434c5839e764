// @ts-check
/**
 * Connections to a server from clients in the same process: how long it takes from the moment at which one was accepted
 * until its handler is entered, and what one costs: `handover.mjs thread|loop CLIENTS SECONDS`.
 */
import { createConnection } from "berkeley";
import { AsyncTCPServer, ThreadingTCPServer } from "berkeley/server";
import { Entered } from "./handover-handler.mjs";

const [where, clients, seconds] = process.argv.slice(2);
const anywhere = { host: "127.0.0.1", port: 0 };
/** When handlers were entered, by the client's port and the clock that all threads have in common. */
const entered = new BigInt64Array(new SharedArrayBuffer(8 * 65_536));
const accepted = new BigInt64Array(65_536);

/** @type {AsyncTCPServer | ThreadingTCPServer} */
let server;
if (where === "thread") {
	server = new ThreadingTCPServer(anywhere, new URL("./handover-handler.mjs#Entered", import.meta.url));
	Object.assign(server, { workers: 1, workerData: entered });
} else {
	server = new AsyncTCPServer(anywhere, Entered);
	Object.assign(server, { workerData: entered });
}
server.requestQueueSize = 1000;
/** What to call when the request of a client's port is over. @type {Map<number, () => void>} */
const waiting = new Map();
/** The ports of requests that were over before somebody waited for it. @type {Set<number>} */
const over = new Set();
const { processRequest, runRequest } = /** @type {any} */ (server);
server.processRequest = function (request, clientAddress) {
	accepted[clientAddress.port] = process.hrtime.bigint();
	return processRequest.call(this, request, clientAddress);
};
/** @type {any} */ (server).runRequest = async function (
	/** @type {unknown} */ request,
	/** @type {{ port: number }} */ clientAddress,
) {
	const { port } = clientAddress;
	await runRequest.call(this, request, clientAddress);
	const goOn = waiting.get(port);
	waiting.delete(port);
	if (goOn === undefined) over.add(port);
	else goOn();
};
const serving = server.serveForever();

/** One connection, and how many microseconds passed before its handler was entered. */
async function handOver() {
	const client = await createConnection(server.serverAddress);
	const { port } = client.getsockname();
	await client.recv(1);
	client.close();
	// The next one finds the server at rest.
	if (!over.delete(port))
		await /** @type {Promise<void>} */ (new Promise((resolve) => waiting.set(port, resolve)));
	return Number((entered[port] ?? 0n) - (accepted[port] ?? 0n)) / 1000;
}

/** @param {number} milliseconds */
async function during(milliseconds) {
	/** @type {number[]} */
	const times = [];
	const end = performance.now() + milliseconds;
	const loop = async () => {
		while (performance.now() < end) times.push(await handOver());
	};
	await Promise.all(Array.from({ length: Number(clients) }, loop));
	return times;
}

await handOver();
await during(Number(seconds) * 500);
const before = process.cpuUsage();
const times = (await during(Number(seconds) * 1000)).sort((a, b) => a - b);
const { user, system } = process.cpuUsage(before);
/** @param {number} part */
const quantile = (part) => times[Math.min(Math.floor(times.length * part), times.length - 1)];
console.log(JSON.stringify({ p50: quantile(0.5), p99: quantile(0.99), cpu: (user + system) / times.length }));
await server.close();
await serving;
