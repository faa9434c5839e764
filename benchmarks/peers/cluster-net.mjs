// @ts-check
/** Echo with node:net in processes of node:cluster: `cluster-net.mjs PROCESSES`. */
import cluster from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:net";

if (cluster.isPrimary) {
	// The processes share the port of the first of them, whatever it is.
	let port = 0;
	const pids = [process.pid];
	for (let count = 0; count < Number(process.argv[2]); count++) {
		const worker = cluster.fork();
		const [address] = await once(worker, "listening");
		port = address.port;
		pids.push(worker.process.pid ?? 0);
	}
	console.log(JSON.stringify({ port, pids }));
} else {
	createServer((socket) => {
		socket.on("data", (chunk) => socket.write(chunk));
		socket.on("error", () => undefined); // The load ends by resetting its connections.
	}).listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
}
