/**
 * A server that is replaced by the next process of the same program: `restarted KIND PLACE ADDRESS`. It answers each
 * line with the line and its pid, and says on its standard output, a line of JSON each, that it serves, and how many
 * lines it answered, where that can be known.
 *
 * - KIND is the name of a class of servers
 * - PLACE is the meeting place, as JSON
 * - ADDRESS is where it serves, as JSON
 */
import * as all from "../../src/server/index.js";
import { count, Datagrams, Lines } from "./restartedhandlers.js";

const [, , kind = "", place = "", address = ""] = process.argv;
const say = (message: object) =>
	new Promise((resolve) => process.stdout.write(`${JSON.stringify(message)}\n`, resolve));

type ServerClass = new (address: unknown, handler: unknown) => all.TCPServer & { workerData?: unknown };
const Server = (all as unknown as Record<string, ServerClass>)[kind] as ServerClass;
const Handler = /UDP|Datagram/.test(kind) ? Datagrams : Lines;
const elsewhere = /Threading|Forking/.test(kind);
const handlers = elsewhere ? new URL(`./restartedhandlers.js#${Handler.name}`, import.meta.url) : Handler;
const server = new Server(JSON.parse(address), handlers);
if (elsewhere) server.workerData = process.pid;
server.requestQueueSize = 1024;
server.gracePeriod = null;
const restart = await all.restartable(server, JSON.parse(place), { signals: true });
await say({
	type: "serving",
	pid: process.pid,
	predecessor: restart.predecessor,
	address: server.serverAddress,
});
const outcome = await restart.done;
await server.ended;
server.serverClose();
const answered = elsewhere ? undefined : count.answered;
await say({ type: "over", successor: outcome?.pid, ended: outcome?.ended, answered });
