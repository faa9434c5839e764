/**
 * What two processes say to each other when one takes over the sockets of the other: messages of JSON on a
 * SOCK_SEQPACKET socket, the descriptors beside one of them.
 *
 *     successor                    predecessor
 *     { take, version }      →
 *                            ←     { sockets: [name, …] } with a descriptor for each, after that of the meeting place
 *     { ready }              →                                 (from here on the predecessor accepts nothing)
 *                            ←     { stopped }
 *
 * Instead of its answer the predecessor may send { refused, reason, … }. An end of the connection before `ready` is
 * the successor's death, after it the predecessor's, which does no harm any more.
 */

import type { WaitOptions } from "../../arguments.js";
import { socketError } from "../../errors.js";
import { recvFds, sendFds } from "../../socket/fds.js";
import type { Socket } from "../../socket/socket.js";
import { close } from "../../sys/descriptors.js";
import type { AF_UNIX } from "../../sys/linux/constants/families.js";
import { MSG_CTRUNC, MSG_TRUNC } from "../../sys/linux/constants/msg.js";
import { EMFILE } from "../../sys/linux/errnos.js";
import { malformed } from "../passedsockets.js";

/** The version of the protocol that is spoken here. */
export const version = 1;

/** One end of the conversation. */
export type Channel = Socket<typeof AF_UNIX>;

/** Why the predecessor gives no sockets, or goes on serving. */
export interface Refusal {
	readonly type: "refused";
	/** EACCES, EPROTONOSUPPORT, ETIMEDOUT, ECANCELED or EINVAL. */
	readonly code: string;
	/** What a person is told. */
	readonly reason: string;
}

/** A message. */
export type Message =
	| { readonly type: "take"; readonly version: number }
	| { readonly type: "sockets"; readonly names: readonly string[] }
	| { readonly type: "ready" }
	| { readonly type: "stopped" }
	| Refusal;

// The most descriptors that the kernel passes in one message (SCM_MAX_FD).
const mostFds = 253;
// Of the largest message, which is limited by the sender's buffer in any case.
const room = 0x10000;

/** How many sockets can be passed: one descriptor is that of the meeting place. */
export const mostSockets: number = mostFds - 1;

/** Sends a message. */
export async function send(channel: Channel, message: Message, fds: readonly number[] = []): Promise<void> {
	const text = JSON.stringify({ protocol: "berkeley-restart", ...message });
	await sendFds(channel, [text], fds, 0, { timeout: 5000 });
}

/**
 * The next message, and the descriptors that came with it; undefined when the other end is gone.
 * @param subject what is being done, and with whom, for errors
 * @throws SocketError EINVAL for what is no message, EMFILE when there was no room for a descriptor; TimeoutError
 */
export async function receive(
	channel: Channel,
	subject: string,
	options: WaitOptions,
): Promise<{ message: Message; fds: number[] } | undefined> {
	const { data, fds, flags } = await recvFds(channel, room, mostFds, 0, options);
	if (data.length === 0) return undefined;
	try {
		if (flags & MSG_CTRUNC) {
			throw socketError("recvmsg", -EMFILE, {
				subject,
				advice: "this process has no room for the descriptors",
			});
		}
		const message = flags & MSG_TRUNC ? undefined : parse(`${data}`);
		if (message === undefined)
			throw malformed(subject, "what the other process sent is no message of a restart");
		const expected = message.type === "sockets" ? message.names.length + 1 : 0;
		if (fds.length !== expected) {
			throw malformed(subject, `${fds.length} descriptors came where there should be ${expected}`);
		}
		return { message, fds };
	} catch (error) {
		for (const fd of fds) close(fd);
		throw error;
	}
}

function parse(text: string): Message | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (typeof value !== "object" || value === null) return undefined;
	const { protocol, type, version, names, code, reason } = value as Record<string, unknown>;
	if (protocol !== "berkeley-restart") return undefined;
	if (type === "take") return Number.isInteger(version) ? { type, version: version as number } : undefined;
	if (type === "ready" || type === "stopped") return { type };
	if (type === "sockets") {
		const good = Array.isArray(names) && names.every((name) => typeof name === "string");
		return good ? { type, names } : undefined;
	}
	if (type !== "refused" || typeof code !== "string" || typeof reason !== "string") return undefined;
	return { type, code, reason };
}
