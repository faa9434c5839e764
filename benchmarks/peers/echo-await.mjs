// @ts-check
/** Echo with this library, awaiting each operation: `echo-await.mjs [PATH [seqpacket]]`. */
import { listener, ready } from "./listener.mjs";

const server = listener(...process.argv.slice(2));
ready(server);

for (;;) {
	const [connection] = await server.accept();
	serve(connection).catch(() => undefined); // The load ends by resetting its connections.
}

/** @param {import("berkeley").Socket} connection */
async function serve(connection) {
	for (;;) {
		const data = await connection.recv(65536);
		if (data.length === 0) return connection.close();
		await connection.sendall(data);
	}
}
