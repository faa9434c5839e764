/**
 * A question to the kernel by rtnetlink and all of its answer. What happens is written once, as steps that ask for a
 * datagram; two drivers receive them, one in the event loop and one that blocks the thread.
 */
import { SocketError, socketError } from "../../errors.js";
import { Socket } from "../../socket/socket.js";
import { AF_NETLINK } from "../../sys/linux/constants/families.js";
import { SOL_NETLINK } from "../../sys/linux/constants/levels.js";
import { MSG_PEEK, MSG_TRUNC } from "../../sys/linux/constants/msg.js";
import {
	NETLINK_CAP_ACK,
	NETLINK_EXT_ACK,
	NETLINK_GET_STRICT_CHK,
	NETLINK_ROUTE,
	NLM_F_DUMP,
	NLM_F_DUMP_INTR,
	NLM_F_REQUEST,
	NLMSG_DONE,
	NLMSG_ERROR,
} from "../../sys/linux/constants/netlink.js";
import { SOCK_RAW } from "../../sys/linux/constants/types.js";
import { EINTR, ENOBUFS } from "../../sys/linux/errnos.js";
import {
	decodeDone,
	decodeError,
	encodeMessage,
	messagesOf,
	type NetlinkMessage,
	type Verdict,
} from "./messages.js";

type NetlinkSocket = Socket<typeof AF_NETLINK>;

/** A question. */
export interface Question {
	/** RTM_GETLINK … */
	type: number;
	/** What follows the message's header. */
	body: Uint8Array;
	/** Whether all that fits is asked for; otherwise for one. */
	dump: boolean;
	/** How an error's message begins. */
	subject: string;
	/** Errors that mean that there is nothing: negative errnos. */
	empty?: readonly number[];
	/** What to say about an error, in place of the kernel's words. */
	advice?: (result: number) => string | undefined;
}

/** What is asked of a socket: how long its next datagram is, or to fill memory with it. */
interface Receipt {
	readonly socket: NetlinkSocket;
	readonly memory: Buffer;
	readonly flags: number;
}

/** Steps towards an answer: receipts, each answered with the datagram's length and its sender's port. */
export type Conversation<T> = Generator<Receipt, T, readonly [length: number, sender: number]>;

/** How often a dump is begun again because what it lists was changed meanwhile. */
const mostAttempts = 20;

/** With so large a buffer the kernel fills its datagrams up to 32 KiB. */
const usualSize = 32 * 1024;

/** Asks, and gives what `decode` makes of each message; what it makes nothing of is left out. */
export function* ask<T>(
	question: Question,
	decode: (message: NetlinkMessage) => T | undefined,
): Conversation<T[]> {
	for (let attempt = 1; ; attempt++) {
		// A socket for each attempt: what is left of an interrupted answer goes with it.
		using socket = openSocket();
		const found = yield* attemptOn(socket, question, attempt, decode);
		if (found !== undefined) return found;
		if (attempt < mostAttempts) continue;
		const advice = `what it lists was changed, or a part was lost, in each of ${mostAttempts} attempts to read it`;
		throw socketError("netlink", -EINTR, { subject: question.subject, advice });
	}
}

function openSocket(): NetlinkSocket {
	const socket = new Socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	// Older kernels lack them: then answers are not filtered there but here, and errors have no words.
	for (const option of [NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK]) {
		try {
			socket.setsockopt(SOL_NETLINK, option, 1);
		} catch (error) {
			if (!(error instanceof SocketError)) throw error;
		}
	}
	return socket;
}

/** One attempt; undefined when it must be begun again. */
function* attemptOn<T>(
	socket: NetlinkSocket,
	question: Question,
	sequence: number,
	decode: (message: NetlinkMessage) => T | undefined,
): Conversation<T[] | undefined> {
	const flags = question.dump ? NLM_F_REQUEST | NLM_F_DUMP : NLM_F_REQUEST;
	socket.sendSync(encodeMessage(question.type, flags, sequence, question.body), 0, { timeout: null });
	const found: T[] = [];
	let interrupted = false;
	let memory = Buffer.allocUnsafe(usualSize);
	for (;;) {
		let length: number;
		let sender: number;
		try {
			[length] = yield { socket, memory: nothing, flags: MSG_PEEK | MSG_TRUNC };
			if (length > memory.length) memory = Buffer.allocUnsafe(length);
			[length, sender] = yield { socket, memory, flags: 0 };
		} catch (error) {
			if (error instanceof SocketError && error.errno === -ENOBUFS) return undefined;
			throw error;
		}
		// Only the kernel is asked, whose port is 0.
		if (sender !== 0) continue;
		for (const message of messagesOf(memory.subarray(0, length))) {
			if (message.sequence !== sequence) continue;
			if (message.flags & NLM_F_DUMP_INTR) interrupted = true;
			if (message.type === NLMSG_ERROR || message.type === NLMSG_DONE) {
				const verdict = message.type === NLMSG_ERROR ? decodeError(message) : decodeDone(message);
				const isEmpty = judge(question, verdict);
				return interrupted ? undefined : isEmpty ? [] : found;
			}
			const item = decode(message);
			if (item !== undefined) found.push(item);
			if (!question.dump) return found;
		}
	}
}

const nothing = Buffer.alloc(0);

/** Throws what the kernel said against the question; whether it said that there is nothing. */
function judge({ subject, empty = [], advice }: Question, { result, reason }: Verdict): boolean {
	if (result >= 0) return false;
	if (empty.includes(result)) return true;
	throw socketError("netlink", result, { subject, advice: advice?.(result) ?? reason });
}

/** For so many milliseconds an answer may be read before the event loop goes on with others. */
const longestTurn = 4;

/** Has a conversation in the event loop. */
export async function converse<T>(conversation: Conversation<T>): Promise<T> {
	let step = conversation.next();
	let turn = performance.now();
	while (step.done !== true) {
		// What is there already is received without a turn of the event loop, and long answers are there already.
		if (performance.now() - turn > longestTurn) {
			await new Promise((resolve) => setImmediate(resolve));
			turn = performance.now();
		}
		const { socket, memory, flags } = step.value;
		let failure: unknown;
		const received = await socket.recvfromInto(memory, flags, { timeout: null }).catch((error: unknown) => {
			failure = error;
		});
		step = received ? conversation.next([received[0], received[1].pid]) : conversation.throw(failure);
	}
	return step.value;
}

/** Has a conversation, blocking the thread. */
export function converseSync<T>(conversation: Conversation<T>): T {
	let step = conversation.next();
	while (step.done !== true) {
		const { socket, memory, flags } = step.value;
		let received: [size: number, address: { pid: number }];
		try {
			received = socket.recvfromIntoSync(memory, flags, { timeout: null });
		} catch (error) {
			step = conversation.throw(error);
			continue;
		}
		step = conversation.next([received[0], received[1].pid]);
	}
	return step.value;
}
