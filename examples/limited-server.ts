/**
 * A server that gives out a file, to each client a few times a minute and no faster than so many bytes a second, and
 * shows Prometheus what becomes of it.
 *
 *     node examples/dist/limited-server.js file [bytes-per-second [port [metrics-port]]]
 */
import { open } from "node:fs/promises";
import { serve, serveMetrics, serverMetrics } from "berkeley/server";

const [path = process.argv[1] as string, rate = "100000", port = "0", metricsPort = "0"] =
	process.argv.slice(2);

const server = serve(
	{ host: "127.0.0.1", port: Number(port) },
	async (connection) => {
		await using file = await open(path);
		await connection.sendfile(file);
	},
	{
		signals: true,
		limits: {
			connectionsPerClient: { rate: 6, interval: 60_000, burst: 3, ipv4Prefix: 24 },
			bytesSent: { rate: 10 * Number(rate) },
			bytesSentPerConnection: { rate: Number(rate) },
		},
	},
);
const metrics = await serverMetrics(server, { name: "files" });
const endpoint = await serveMetrics({ host: "127.0.0.1", port: Number(metricsPort) });
console.log(`listening on port ${server.serverAddress.port}`);
console.log(`metrics at http://127.0.0.1:${endpoint.serverAddress.port}/metrics`);

await server.ended;
metrics.remove();
await endpoint.close();
