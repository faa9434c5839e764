// @ts-check
/**
 * Echo in worker threads, each with a listening socket of its own on the same port (SO_REUSEPORT):
 * `workers.mjs THREADS await|callback`. One thread is a worker too, so that only their number differs.
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { createServer } from "berkeley";
import { serveAll } from "./serve.mjs";

if (isMainThread) {
	const [threads, style] = process.argv.slice(2);
	let port = 0;
	for (let thread = 0; thread < Number(threads); thread++) {
		const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { port, style } });
		[port] = await once(worker, "message");
	}
	console.log(JSON.stringify({ port }));
} else {
	const { port, style } = workerData;
	const server = createServer({ host: "127.0.0.1", port }, { reusePort: true, backlog: 4096 });
	const served = serveAll(server, style);
	parentPort?.postMessage(server.getsockname().port);
	await served;
}
