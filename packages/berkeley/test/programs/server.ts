/**
 * A server in a process of its own: tells its port, and then what the task says, a line each.
 *
 * - exhausted: uses up all descriptors, says which error that gives, and gives them back at a line of input
 * - signals: is shut down by a signal, with a short grace period
 * - patient: is shut down by a signal, but waits for its connections for as long as they take
 */
import { closeSync, openSync } from "node:fs";
import { createConnection } from "../../src/index.js";
import { AsyncTCPServer, StreamRequestHandler } from "../../src/server/index.js";

class Upper extends StreamRequestHandler {
	override async handle() {
		for await (const line of this.rfile) await this.wfile.write(`${line}`.toUpperCase());
	}
}

const say = (text: string) => new Promise((resolve) => process.stdout.write(`${text}\n`, resolve));
const task = process.argv[2];
const server = new AsyncTCPServer({ host: "127.0.0.1", port: 0 }, Upper);
server.gracePeriod = task === "patient" ? null : 20;

if (task === "exhausted") {
	server.open();
	// The first connection, so that everything that opens descriptors on first use is there.
	const serving = server.serveForever({ signals: true });
	using first = await createConnection(server.serverAddress);
	await first.sendall("warm\n");
	await first.recv(100);
	first.close();
	while (server.activeRequests > 0) await new Promise(setImmediate);
	const held: number[] = [];
	server.handleAcceptError = (error) => void say(error.code);
	process.stdin.once("data", () => {
		for (const fd of held.splice(0)) closeSync(fd);
		process.stdin.destroy();
	});
	try {
		for (;;) held.push(openSync("/dev/null", "r"));
	} catch {
		// Now there are none left.
	}
	await say(String(server.serverAddress.port));
	await serving;
	await say(`ended ${server.activeRequests}`);
} else {
	if (task === "patient") {
		const shutdown = server.shutdown;
		server.shutdown = (options) => {
			void say("stopping");
			return shutdown.call(server, options);
		};
	}
	const serving = server.serveForever({ signals: true });
	await say(String(server.serverAddress.port));
	await serving;
	await say("ended");
}
server.serverClose();
