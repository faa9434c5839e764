// @ts-check
/**
 * Echo by a server, or by the bare socket that does the same: `server.mjs WAY MANNER`.
 *
 * WAY is "class" for an AsyncTCPServer with a class of handlers, "function" for serve(), "bare" for a loop around
 * accept(). MANNER is "once", for one request on each connection, or "kept", for any number.
 */
import { AF_INET, createServer } from "berkeley";
import { AsyncTCPServer, BaseRequestHandler, serve } from "berkeley/server";
import { ready } from "./listener.mjs";

/** @typedef {import("berkeley").Socket} Socket */

const address = { host: "127.0.0.1", port: 0 };
const backlog = 4096;

/** @param {Socket} connection */
async function once(connection) {
	await connection.sendall(await connection.recv(65536));
}

/** @param {Socket} connection */
async function kept(connection) {
	for (;;) {
		const data = await connection.recv(65536);
		if (data.length === 0) return;
		await connection.sendall(data);
	}
}

const [way, manner] = process.argv.slice(2);
const handle = manner === "once" ? once : kept;

/** @param {Socket} connection */
async function bare(connection) {
	try {
		await handle(connection);
	} catch {
		// The load ends by resetting its connections.
	}
	connection.close();
}

if (way === "bare") {
	const listener = createServer(address, { family: AF_INET, backlog });
	ready(listener);
	for (;;) {
		const [connection] = await listener.accept();
		void bare(connection);
	}
} else if (way === "function") {
	const server = serve(address, handle, { requestQueueSize: backlog, maxConnections: 100_000, onError() {} });
	ready(server.socket);
	await server.ended;
} else {
	class Echo extends BaseRequestHandler {
		/** @override */
		handle() {
			return handle(this.request);
		}
	}
	const server = new AsyncTCPServer(address, Echo);
	server.requestQueueSize = backlog;
	server.maxConnections = 100_000;
	server.handleError = () => {};
	server.open();
	ready(server.socket);
	await server.serveForever();
}
