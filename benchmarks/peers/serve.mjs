// @ts-check
/** Echo on a connection of this library, in the two ways that it has. */
import { requireMethods } from "./listener.mjs";

/** @typedef {import("berkeley").Socket} Socket */

/** By awaiting each operation. @param {Socket} connection */
async function awaiting(connection) {
	try {
		for (;;) {
			const data = await connection.recv(65536);
			if (data.length === 0) break;
			await connection.sendall(data);
		}
	} catch {
		// The load ends by resetting its connections.
	}
	connection.close();
}

/** By callback. @param {Socket} connection */
function byCallback(connection) {
	const socket = /** @type {any} */ (connection);
	socket.recvEach((/** @type {Buffer} */ data) => {
		if (data.length === 0) socket.close();
		else socket.write(data);
	});
}

/** Serves all connections of a listening socket.
 * @param {Socket} listener
 * @param {string | undefined} style "await" or "callback" */
export async function serveAll(listener, style) {
	if (style === "callback") requireMethods("recvEach", "write");
	const serve = style === "callback" ? byCallback : awaiting;
	for (;;) {
		const [connection] = await listener.accept();
		void serve(connection);
	}
}
