/**
 * A server whose clients are served by child processes, each by one: what takes long there holds up nobody else, and
 * what dies there takes one connection with it.
 *
 *     node examples/dist/forking-server.js [port]
 *     nc 127.0.0.1 7777       and type a number, or "die"
 */
import { ForkingTCPServer } from "berkeley/server";

const handler = new URL("./fibonacci.js#Fibonacci", import.meta.url);
await using server = new ForkingTCPServer(
	{ host: "127.0.0.1", port: Number(process.argv[2] ?? 7777) },
	handler,
);
server.maxChildren = 8;
server.spareChildren = 1;
server.handleError = (_connection, client, error) => {
	console.log(`${client.host}:${client.port} was lost: ${error instanceof Error ? error.message : error}`);
};
console.log(`listening on port ${server.serverAddress.port}`);
await server.serveForever({ signals: true });
console.log("all children have left");
