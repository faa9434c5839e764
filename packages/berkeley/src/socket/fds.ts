/**
 * Descriptors that travel over a Unix socket: SCM_RIGHTS (unix(7)).
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import type { Bytes, WaitOptions } from "../arguments.js";
import { CMSG_LEN } from "../sys/cmsg.js";
import { close } from "../sys/descriptors.js";
import type { AF_UNIX } from "../sys/linux/constants/families.js";
import { SOL_SOCKET } from "../sys/linux/constants/levels.js";
import { MSG_CTRUNC } from "../sys/linux/constants/msg.js";
import { SCM_RIGHTS } from "../sys/linux/constants/scm.js";
import { type AncillaryInput, type DescriptorInput, descriptorsIn } from "./ancillary.js";
import type { ReceivedMessage } from "./operations/message.js";
import type { Socket } from "./socket.js";

type UnixSocket = Socket<typeof AF_UNIX> | Socket;

const intSize = 4;

/** What recvFds() gives. */
export interface ReceivedFds {
	/** The data, at most the size that was asked for. */
	data: Buffer;
	/** The receiver's from now on: give each to `new Socket(…, { fileno })`, fs, or close(). */
	fds: number[];
	/** MSG_CTRUNC when descriptors were lost because more came than `maxFds`. */
	flags: number;
	/** Who sent it. */
	address: string | undefined;
}

/**
 * Sends data with descriptors, which stay open here. On a stream at least one byte of data must go with them.
 * Python's send_fds().
 * @param fds numbers, or objects with fileno()
 * @returns how many bytes of data went out
 */
export async function sendFds(
	socket: UnixSocket,
	buffers: readonly Bytes[],
	fds: readonly DescriptorInput[],
	flags = 0,
	options?: WaitOptions,
): Promise<number> {
	return socket.sendmsg(buffers, [rights(fds)], flags, undefined, options);
}

/** The blocking twin of `sendFds`. */
export function sendFdsSync(
	socket: UnixSocket,
	buffers: readonly Bytes[],
	fds: readonly DescriptorInput[],
	flags = 0,
	options?: WaitOptions,
): number {
	return socket.sendmsgSync(buffers, [rights(fds)], flags, undefined, options);
}

/**
 * Receives data and at most `maxFds` descriptors, none of them inheritable. Descriptors over that number are
 * closed. Python's recv_fds().
 */
export async function recvFds(
	socket: UnixSocket,
	size: number,
	maxFds: number,
	flags = 0,
	options?: WaitOptions,
): Promise<ReceivedFds> {
	return taken(await socket.recvmsg(size, roomFor(maxFds), flags, options), maxFds);
}

/** The blocking twin of `recvFds`. */
export function recvFdsSync(
	socket: UnixSocket,
	size: number,
	maxFds: number,
	flags = 0,
	options?: WaitOptions,
): ReceivedFds {
	return taken(socket.recvmsgSync(size, roomFor(maxFds), flags, options), maxFds);
}

function rights(fds: readonly DescriptorInput[]): AncillaryInput {
	if (!Array.isArray(fds)) throw new TypeError(`fds must be an array of descriptors, not ${kindOf(fds)}`);
	return { level: SOL_SOCKET, type: SCM_RIGHTS, value: [...fds] };
}

// The kernel passes at most 253 descriptors in one message (SCM_MAX_FD).
const mostFds = 253;

// Credentials, a pidfd and a security label stand before the descriptors when the socket asks for them
// (SO_PASSCRED, SO_PASSPIDFD, SO_PASSSEC), and must not take their room.
const roomForOthers = 512;

function roomFor(maxFds: number): number {
	return CMSG_LEN(checkInteger(maxFds, 0, mostFds, "maxFds") * intSize) + roomForOthers;
}

function taken(message: ReceivedMessage, maxFds: number): ReceivedFds {
	const { data, ancillary, flags, address } = message;
	const fds: number[] = [];
	for (const item of ancillary) {
		if (item.name === "SCM_RIGHTS") fds.push(...(item.value ?? []));
	}
	const extra = fds.splice(maxFds);
	for (const fd of descriptorsIn(ancillary)) if (!fds.includes(fd)) close(fd);
	return {
		data,
		fds,
		flags: extra.length > 0 ? flags | MSG_CTRUNC : flags,
		address: address as string | undefined,
	};
}
