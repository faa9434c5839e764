/**
 * A server with child processes, in a process of its own: tells its port and then the process ids of its children,
 * a line each, and serves until it is ended. What it does when it is told so by its argument:
 *
 * - serve: nothing else
 * - one: handles one request, and lets the program end by itself, with an idle child
 */
import { ForkingTCPServer } from "../../src/server/index.js";

const say = (text: string) => new Promise((resolve) => process.stdout.write(`${text}\n`, resolve));
const handlers = new URL("../support/childhandlers.js#OnDemand", import.meta.url);
const server = new ForkingTCPServer({ host: "127.0.0.1", port: 0 }, handlers);
server.gracePeriod = 50;
await say(String(server.serverAddress.port));
if (process.argv[2] === "one") {
	await server.handleRequest();
	while (server.activeRequests > 0) await new Promise(setImmediate);
	await say(JSON.stringify([...server.children]));
} else {
	const serving = server.serveForever({ signals: true });
	process.stdin.on("data", () => void say(JSON.stringify([...server.children])));
	// The test is gone.
	process.stdin.on("end", () => process.exit(1));
	await serving;
	await say(`ended ${server.children.size}`);
	server.serverClose();
	process.exit();
}
