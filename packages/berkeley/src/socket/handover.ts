/**
 * How a socket moves to another thread: as a plain object that structured cloning can carry.
 */
import { socketError } from "../errors.js";
import { SOL_SOCKET } from "../sys/linux/constants/levels.js";
import { SO_COOKIE } from "../sys/linux/constants/so.js";
import { EBADF } from "../sys/linux/errnos.js";
import { getsockopt } from "../sys/sockets.js";
import type { SocketBase } from "./base.js";

/** A socket on its way to another thread. Made by `transfer()`, taken by `Socket.receive()`. */
export interface SocketTransfer {
	/** Tells such a message from others. */
	readonly berkeley: "socket";
	readonly fd: number;
	readonly family: number;
	readonly type: number;
	readonly proto: number;
	readonly timeout: number | null;
	/** The kernel's own number for the socket, by which a reused descriptor is noticed. */
	readonly cookie: bigint;
}

/** The message for a socket, which no longer owns its descriptor. */
export function transferOf(socket: SocketBase): SocketTransfer {
	const { family, type, proto } = socket;
	const cookie = cookieOf(socket.fileno());
	return {
		berkeley: "socket",
		fd: socket.detach(),
		family,
		type,
		proto,
		timeout: socket.gettimeout(),
		cookie,
	};
}

/** The message, when it is one and its descriptor is still that socket. */
export function checkTransfer(message: SocketTransfer): SocketTransfer {
	if (typeof message !== "object" || message === null || message.berkeley !== "socket") {
		throw new TypeError("Socket.receive takes what another thread's transfer() gave");
	}
	if (cookieOf(message.fd) !== message.cookie) {
		throw socketError("receive", -EBADF, { advice: "the socket was closed on its way" });
	}
	return message;
}

/** The socket's SO_COOKIE; -1 when the descriptor is no socket. */
function cookieOf(fd: number): bigint {
	const cookie = new BigInt64Array(1);
	const length = new Uint32Array([8]);
	const result = getsockopt(fd, SOL_SOCKET, SO_COOKIE, cookie, length);
	return result < 0 ? -1n : (cookie[0] as bigint);
}
