/**
 * SO_REUSEADDR: why a server that was restarted finds its port in use. The side that closes a connection first
 * keeps its address for a minute, TIME_WAIT; nobody else may bind the port then, unless both have the option.
 *
 *     node examples/dist/classic/reuse-address.js
 */
import { AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, Socket, SocketError } from "berkeley";

function listen(port: number, reuse: number): Socket<typeof AF_INET> {
	const listener = new Socket(AF_INET, SOCK_STREAM);
	if (reuse !== 0) listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, reuse);
	console.log("SO_REUSEADDR:", listener.getsockopt(SOL_SOCKET, SO_REUSEADDR));
	try {
		listener.bind({ host: "127.0.0.1", port });
		listener.listen();
		return listener;
	} catch (error) {
		listener.close();
		throw error;
	}
}

for (const reuse of [0, 1]) {
	const listener = listen(0, reuse);
	const { port } = listener.getsockname();
	const client = new Socket(AF_INET, SOCK_STREAM);
	client.connectSync({ host: "127.0.0.1", port });
	const [connection] = listener.acceptSync();
	connection.close(); // The server's side first,
	client.recvSync(1);
	client.close();
	listener.close(); // and then the server is restarted at once.
	try {
		listen(port, reuse).close();
		console.log("bound again");
	} catch (error) {
		if (!(error instanceof SocketError)) throw error;
		console.log("not bound:", error.code);
	}
}
