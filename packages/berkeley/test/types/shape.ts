/**
 * The library's sample, as it stands in the documentation; only its two parameters have their types here.
 */
import {
	AF_INET,
	type Inet4Address,
	SO_REUSEADDR,
	SOCK_STREAM,
	SOL_SOCKET,
	Socket,
} from "../../src/index.js";
import { holds, type Same } from "./support.js";

export async function main(): Promise<void> {
	using listener = new Socket(AF_INET, SOCK_STREAM);
	listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1);
	listener.bind({ host: "127.0.0.1", port: 6969 });
	listener.listen(128);
	// biome-ignore lint/nursery/noFloatingPromises: the sample as it stands; a server goes on while it serves
	for await (const [conn, peer] of listener) serve(conn, peer); // accept() gives the same pair

	async function serve(conn: Socket<typeof AF_INET>, peer: Inet4Address) {
		using c = conn;
		for await (const chunk of c) await c.sendall(chunk); // ends at EOF
		return peer;
	}
}

export async function iteration(socket: Socket<typeof AF_INET>): Promise<void> {
	for await (const [conn, peer] of socket) {
		conn.getpeername() satisfies Inet4Address;
		holds<Same<typeof peer, Inet4Address>>();
		holds<Same<typeof conn, Socket<typeof AF_INET>>>();
	}
	for await (const chunk of socket) {
		chunk.toString("latin1") satisfies string;
		chunk satisfies Buffer;
	}
}
