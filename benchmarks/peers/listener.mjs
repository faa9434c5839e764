// @ts-check
/** What this library's servers have in common: a listening socket, and the line that says where it is. */
import { AF_INET, AF_UNIX, createServer, SOCK_SEQPACKET, SOCK_STREAM, Socket } from "berkeley";

/**
 * On a free port of 127.0.0.1, or at a Unix path when there is one.
 * @param {string} [path]
 * @param {string} [type] "seqpacket", or a stream
 */
export function listener(path, type) {
	if (path === undefined)
		return createServer({ host: "127.0.0.1", port: 0 }, { family: AF_INET, backlog: 4096 });
	const socket = new Socket(AF_UNIX, type === "seqpacket" ? SOCK_SEQPACKET : SOCK_STREAM);
	socket.bind(path);
	socket.listen(4096);
	return socket;
}

/** @param {Socket} socket */
export function ready(socket) {
	const address = socket.getsockname();
	console.log(JSON.stringify({ port: typeof address === "object" && "port" in address ? address.port : 0 }));
}
