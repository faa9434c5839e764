// @ts-check
/** Echo on the connections of this library, in the two ways that it has. */
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
	connection.recvEach((data) => void connection.write(data), { end: () => connection.close() });
}

/** Serves all connections of a listening socket.
 * @param {Socket} listener
 * @param {string | undefined} style "await" or "callback" */
export async function serveAll(listener, style) {
	if (style === "callback") return listener.acceptEach(byCallback).ended;
	for (;;) {
		const [connection] = await listener.accept();
		void awaiting(connection);
	}
}
