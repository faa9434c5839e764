/**
 * How a socket moves to another thread: as a plain object that structured cloning can carry.
 */
import { socketError } from "../errors.js";
import { close, fcntl } from "../sys/descriptors.js";
import { F_DUPFD_CLOEXEC } from "../sys/linux/constants/fcntl.js";
import { SOL_SOCKET } from "../sys/linux/constants/levels.js";
import { SO_COOKIE } from "../sys/linux/constants/so.js";
import { EBADF } from "../sys/linux/errnos.js";
import { getsockopt } from "../sys/sockets.js";
import type { SocketBase } from "./base.js";

/**
 * A socket on its way to another thread. Made by `transfer()`, taken by `Socket.receive()`. postMessage() can
 * carry it between the threads of a process, and only there does it mean anything.
 */
export interface SocketTransfer {
	/** Tells such a message from others. */
	readonly berkeley: "socket";
	/** The descriptor, which nobody owns while it is on its way. */
	readonly fd: number;
	/** The socket's family: AF_INET … */
	readonly family: number;
	/** The socket's type: SOCK_STREAM … */
	readonly type: number;
	/** The socket's protocol. */
	readonly proto: number;
	/** The socket's timeout in milliseconds. */
	readonly timeout: number | null;
	/** The kernel's own number for the socket (SO_COOKIE), by which a reused descriptor is noticed. */
	readonly cookie: bigint;
	/** Shared by all copies of the message: whether the socket was received. */
	readonly received: SharedArrayBuffer;
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
		received: new SharedArrayBuffer(4),
	};
}

/** Takes the message, when it is one, nobody has taken it before, and its descriptor is still that socket. */
export function takeTransfer(message: SocketTransfer): SocketTransfer {
	if (!isTransfer(message)) throw new TypeError("Socket.receive takes what another thread's transfer() gave");
	// Two owners would both close the descriptor, and the second one a stranger's.
	if (Atomics.exchange(new Int32Array(message.received), 0, 1) !== 0) {
		throw socketError("receive", -EBADF, { advice: "the message was received already" });
	}
	if (cookieOf(message.fd) !== message.cookie) {
		throw socketError("receive", -EBADF, { advice: "the socket was closed on its way" });
	}
	return message;
}

/**
 * Another descriptor of the socket that a message stands for, whichever thread of this process has it now; -1 when
 * it is closed. As the copy is made first and looked at then, it can be no stranger's. Internal.
 */
export function duplicateOf({ fd, cookie }: SocketTransfer): number {
	const copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (copy >= 0 && cookieOf(copy) === cookie) return copy;
	if (copy >= 0) close(copy);
	return -1;
}

/** Closes the descriptor of a message that was received by a thread which ended before it owned it. Internal. */
export function closeOrphan({ fd, cookie }: SocketTransfer): void {
	if (cookieOf(fd) === cookie) close(fd);
}

function isTransfer(message: unknown): boolean {
	if (typeof message !== "object" || message === null) return false;
	const { berkeley, fd, family, type, proto, timeout, cookie, received } = message as Partial<SocketTransfer>;
	return (
		berkeley === "socket" &&
		Number.isInteger(fd) &&
		(fd as number) >= 0 &&
		[family, type, proto].every(Number.isInteger) &&
		(timeout === null || (typeof timeout === "number" && timeout >= 0)) &&
		typeof cookie === "bigint" &&
		cookie >= 0n &&
		received instanceof SharedArrayBuffer
	);
}

/** The socket's SO_COOKIE; -1 when the descriptor is no socket. */
function cookieOf(fd: number): bigint {
	const cookie = new BigInt64Array(1);
	const length = new Uint32Array([8]);
	const result = getsockopt(fd, SOL_SOCKET, SO_COOKIE, cookie, length);
	return result < 0 ? -1n : (cookie[0] as bigint);
}
