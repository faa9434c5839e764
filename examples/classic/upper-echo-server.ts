/**
 * The first lesson: a server that answers what it is sent in upper case.
 *
 *     node examples/dist/classic/upper-echo-server.js [port]
 */
import { createServer, type Socket } from "berkeley";

async function serve(connection: Socket, peer: string): Promise<void> {
	using conn = connection;
	// A character may arrive in two pieces; the decoder keeps the first until the second comes.
	const decoder = new TextDecoder();
	try {
		for await (const chunk of conn) await conn.sendall(decoder.decode(chunk, { stream: true }).toUpperCase());
		console.log(peer, "has left");
	} catch (error) {
		console.log(peer, "was lost:", error instanceof Error ? error.message : error);
	}
}

using server = createServer({ host: "127.0.0.1", port: Number(process.argv[2] ?? 6969) });
console.log(`listening on port ${server.getsockname().port}`);
for await (const [connection, { host, port }] of server) {
	const peer = `${host}:${port}`;
	console.log(peer, "has come");
	void serve(connection, peer);
}
