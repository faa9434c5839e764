/**
 * The smallest web server: whatever the request is, the answer is `Hello, World`.
 *
 *     node examples/dist/classic/web-server.js [port]
 */
import { SHUT_WR } from "berkeley";
import { serve } from "berkeley/server";

const body = "Hello, World";
const response = [
	"HTTP/1.1 200 OK",
	"Content-Type: text/plain",
	`Content-Length: ${body.length}`,
	"Connection: close",
	"",
	body,
].join("\r\n");

const server = serve(
	{ host: "127.0.0.1", port: Number(process.argv[2] ?? 8080) },
	async (connection) => {
		let request = "";
		while (!/\r?\n\r?\n/.test(request)) {
			const data = await connection.recv(4096);
			if (data.length === 0) return; // A browser may open a connection that it does not use.
			request += data.toString("latin1");
		}
		console.log(request.split("\r\n", 1)[0]);
		await connection.sendall(response);
		// Closing with something unread, as of a form that is posted, resets the connection, and the answer may be lost.
		connection.shutdown(SHUT_WR);
		while ((await connection.recv(65536)).length > 0);
	},
	{ idleTimeout: 10_000, totalTimeout: 60_000, onError: (error) => console.log(`${error}`) },
);
console.log(`listening on port ${server.serverAddress.port}`);
