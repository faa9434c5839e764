// @ts-check
/** Holds idle connections with this library, each waiting: `idle-ours.mjs await|callback`. */
import { answer, collectOfNode } from "./idle.mjs";
import { listener, ready, requireMethods } from "./listener.mjs";

const byCallback = process.argv[2] === "callback";
if (byCallback) requireMethods("recvEach");
const server = listener();
ready(server);
let connections = 0;
void answer(collectOfNode, () => connections);

for (;;) {
	const [connection] = await server.accept();
	connections++;
	const socket = /** @type {any} */ (connection);
	if (byCallback) socket.recvEach(() => socket.close());
	else void wait(connection);
}

/** @param {import("berkeley").Socket} connection */
async function wait(connection) {
	await connection.recv(65536);
	connection.close();
}
