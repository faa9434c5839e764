// @ts-check
/** Holds idle connections with this library, each waiting: `idle-ours.mjs await|callback`. */
import { answer, collectOfNode } from "./idle.mjs";
import { listener, ready } from "./listener.mjs";

/** @typedef {import("berkeley").Socket} Socket */

let connections = 0;

/** @param {Socket} connection */
async function awaiting(connection) {
	connections++;
	await connection.recv(65536);
	connection.close();
}

/** @param {Socket} connection */
function byCallback(connection) {
	connections++;
	const close = () => connection.close();
	connection.recvEach(close, { end: close });
}

const wait = process.argv[2] === "callback" ? byCallback : awaiting;
const server = listener();
const { ended } = server.acceptEach((connection) => void wait(connection));
ready(server);
void answer(collectOfNode, () => connections);
await ended;
