/**
 * The buffers in which the kernel keeps what was not yet sent and not yet read: their sizes, read and set. The
 * kernel doubles what it is asked for, for its own book-keeping, up to net.core.wmem_max and rmem_max.
 *
 *     node examples/dist/classic/buffers.js [bytes]
 */
import { AF_INET, SO_RCVBUF, SO_SNDBUF, SOCK_STREAM, SOL_SOCKET, Socket } from "berkeley";

const size = Number(process.argv[2] ?? 8192);

using socket = new Socket(AF_INET, SOCK_STREAM);
for (const [name, option] of [
	["send", SO_SNDBUF],
	["receive", SO_RCVBUF],
] as const) {
	console.log(`${name} buffer at first: ${socket.getsockopt(SOL_SOCKET, option)}`);
	socket.setsockopt(SOL_SOCKET, option, size);
	console.log(`${name} buffer, asked for ${size}: ${socket.getsockopt(SOL_SOCKET, option)}`);
}
