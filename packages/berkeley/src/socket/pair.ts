/**
 * Sockets that are not made by `new Socket`: pairs, and descriptors that exist already.
 */
import { checkInteger } from "../address/bytes.js";
import { check, socketError } from "../errors.js";
import { close as closeDescriptor, fcntl } from "../sys/descriptors.js";
import { AF_UNIX } from "../sys/linux/constants/families.js";
import { F_DUPFD_CLOEXEC } from "../sys/linux/constants/fcntl.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from "../sys/linux/constants/types.js";
import { ECONNRESET } from "../sys/linux/errnos.js";
import { socketpair as systemSocketpair } from "../sys/sockets.js";
import { Descriptor } from "./descriptor.js";
import { describeSocket } from "./names.js";
import { Socket } from "./socket.js";

/**
 * Two connected, unnamed sockets. socketpair(2), Python's socketpair().
 * @param family AF_UNIX when left out
 * @throws SocketError EOPNOTSUPP for a family that has no pairs
 */
export function socketpair<Family extends number = typeof AF_UNIX>(
	family: Family = AF_UNIX as Family,
	type: number = SOCK_STREAM,
	proto = 0,
): [Socket<Family>, Socket<Family>] {
	checkInteger(family, 0, 0x7fffffff, "family");
	const kind = checkInteger(type, 0, 0x7fffffff, "type") & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
	checkInteger(proto, -0x80000000, 0x7fffffff, "proto");
	const pair = new Int32Array(2);
	const result = systemSocketpair(family, kind | SOCK_CLOEXEC | SOCK_NONBLOCK, proto, pair);
	if (result < 0) {
		throw socketError("socketpair", result, { subject: `socketpair ${describeSocket(family, kind, proto)}` });
	}
	const [one, other] = pair as unknown as [number, number];
	return [
		new Socket(family, kind, proto, new Descriptor(one)),
		new Socket(family, kind, proto, new Descriptor(other)),
	];
}

/**
 * A socket for a copy of an open descriptor, which stays its owner's. Python's fromfd().
 * The open socket that both refer to becomes non-blocking.
 * @throws SocketError EBADF, ENOTSOCK
 */
export function fromfd<Family extends number>(
	fd: number,
	family: Family,
	type: number,
	proto = 0,
): Socket<Family> {
	const fileno = dup(fd);
	try {
		return new Socket(family, type, proto, { fileno });
	} catch (error) {
		closeDescriptor(fileno);
		throw error;
	}
}

/** A copy of a descriptor, not inheritable. Python's socket.dup(). @throws SocketError EBADF, EMFILE */
export function dup(fd: number): number {
	checkInteger(fd, 0, 0x7fffffff, "descriptor");
	return check("dup", fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

/**
 * Closes a descriptor that no Socket owns, as detach() gives one. Python's socket.close().
 * @throws SocketError EBADF
 */
export function close(fd: number): void {
	checkInteger(fd, 0, 0x7fffffff, "descriptor");
	const result = closeDescriptor(fd);
	if (result !== -ECONNRESET) check("close", result);
}
