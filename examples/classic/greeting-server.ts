/**
 * A greeting: says `hello world` to whoever connects, reads one request, and hangs up. One after another, and
 * without a single `await`: each call blocks the thread until it is through, as in a Python script.
 *
 *     node examples/dist/classic/greeting-server.js [port]
 */
import {
	AF_INET,
	describeAddress,
	SO_REUSEADDR,
	SOCK_STREAM,
	SOL_SOCKET,
	Socket,
	SocketError,
} from "berkeley";

using listener = new Socket(AF_INET, SOCK_STREAM);
listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1);
listener.bind({ host: "127.0.0.1", port: Number(process.argv[2] ?? 8888) });
listener.listen(5);
console.log(`listening on port ${listener.getsockname().port}`);
for (;;) {
	const [connection, peer] = listener.acceptSync();
	using conn = connection;
	console.log(`${describeAddress(conn.getsockname())} greets ${describeAddress(peer)}`);
	try {
		conn.sendallSync("hello world");
		console.log(`${conn.recvSync(1024)}`);
	} catch (error) {
		if (!(error instanceof SocketError)) throw error;
		console.log(error.message); // Somebody has hung up first; the next one is served.
	}
}
