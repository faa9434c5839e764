/**
 * Connected pairs for tests of what runs over a connection.
 */
import { AF_INET, SOCK_STREAM, Socket, socketpair } from "../../src/index.js";
import type { AsyncByteChannel, ByteChannel, NamedChannel } from "../../src/stream/index.js";

/** A connected stream socket of any family. */
export type Connection = ByteChannel & NamedChannel & AsyncByteChannel;

/** Two ends of a TCP connection over the loopback interface. */
export async function tcpPair(): Promise<[Socket<typeof AF_INET>, Socket<typeof AF_INET>]> {
	using listener = new Socket(AF_INET, SOCK_STREAM);
	listener.bind({ host: "127.0.0.1", port: 0 });
	listener.listen(1);
	const client = new Socket(AF_INET, SOCK_STREAM);
	await client.connect(listener.getsockname());
	const [server] = await listener.accept();
	return [server, client];
}

/** The kinds of connection over which everything must work the same, by name. */
export const kinds: [name: string, make: () => Promise<[Connection, Connection]>][] = [
	["a TCP connection", tcpPair],
	["a socket pair", async () => socketpair()],
];
