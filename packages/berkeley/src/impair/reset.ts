/**
 * Ending a connection the hard way.
 */
import { linger } from "../options/so.js";
import type { Socket } from "../socket/socket.js";

/** Closes a connection so that its peer sees ECONNRESET: tcp(7), SO_LINGER of 0 seconds. */
export function reset(socket: Socket): void {
	if (socket.closed) return;
	try {
		socket.set(linger, { seconds: 0 });
	} finally {
		socket.close();
	}
}
