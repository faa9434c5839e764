/**
 * `takeOver()`: the side of a restart that is new.
 */
import { kindOf } from "../../address/bytes.js";
import { checkTimeout, checkWaitOptions } from "../../arguments.js";
import { SocketError, socketError } from "../../errors.js";
import { Socket } from "../../socket/socket.js";
import { AF_UNIX } from "../../sys/linux/constants/families.js";
import { SOCK_SEQPACKET } from "../../sys/linux/constants/types.js";
import { EACCES, ECANCELED, EINVAL, EPROTONOSUPPORT, ETIMEDOUT } from "../../sys/linux/errnos.js";
import { malformed, PassedSockets } from "../passedsockets.js";
import { succeed } from "../systemd/service.js";
import { checkPeer, checkPlace, checkUser, MeetingPlace, visit } from "./meetingplace.js";
import { type Channel, type Message, type Refusal, receive, send, version } from "./protocol.js";

/** How takeOver() asks. */
export interface TakeOverOptions {
	/** Milliseconds in which the other process must answer, at each step; 60000 when left out, null for no limit. */
	timeout?: number | null | undefined;
	/** Gives it up. */
	signal?: AbortSignal | undefined;
	/** The number of another user whose process may be taken over, beside this process's own and root. */
	user?: number | undefined;
}

/** The place of a predecessor, for handover(). Internal. */
export let inherit: (taken: TakenOver) => MeetingPlace;

/**
 * The sockets of the process that this one replaces. Made by takeOver(). Until ready() the other process serves, and
 * goes on when this one ends.
 */
export class TakenOver extends PassedSockets {
	/** Where the other process offered them. */
	readonly path: string;
	/** The other process. */
	readonly pid: number;
	readonly #channel: Channel;
	readonly #listener: Channel;
	readonly #timeout: number | null;
	#state: "taken" | "asking" | "ready" | "closed" = "taken";
	#inherited = false;

	static {
		inherit = (taken) => taken.#inherit();
	}

	/** Made by takeOver(). Internal. */
	constructor(
		path: string,
		pid: number,
		channel: Channel,
		listener: Channel,
		passed: { fd: number; name: string }[],
		timeout: number | null,
	) {
		super(`process ${pid}`, passed);
		this.path = path;
		this.pid = pid;
		this.#channel = channel;
		this.#listener = listener;
		this.#timeout = timeout;
	}

	/**
	 * Says that this process serves from the sockets, and waits until the other one accepts nothing any more. Sockets
	 * that nobody took are closed.
	 * @throws TimeoutError, SocketError ECANCELED … when the other process did not wait for it, and goes on serving:
	 *   this one should close its servers
	 */
	async ready(): Promise<void> {
		if (this.#state !== "taken") throw new TypeError(`ready() was called already, or close()`);
		this.#state = "asking";
		const subject = `takeOver from process ${this.pid} at ${this.path}`;
		let answer: Message | undefined;
		try {
			answer = await this.#ask(subject);
		} catch (error) {
			this.close();
			throw error;
		}
		if (answer?.type === "refused") {
			this.close();
			throw refusal(subject, answer);
		}
		this.#state = "ready";
		this.#channel.close();
		super.close();
	}

	/** The answer to "ready"; undefined when the other process is gone, which leaves the sockets to this one. */
	async #ask(subject: string): Promise<Message | undefined> {
		try {
			await send(this.#channel, { type: "ready" });
		} catch (error) {
			// It may have said why it does not hear any more.
			if (!isGone(error)) throw error;
		}
		try {
			return (await receive(this.#channel, subject, { timeout: this.#timeout }))?.message;
		} catch (error) {
			if (isGone(error)) return undefined;
			throw error;
		}
	}

	/**
	 * Closes what nobody took, and gives up when this process is not ready: the other one goes on serving. After
	 * ready() it closes the meeting place, unless handover() has it.
	 */
	override close(): void {
		super.close();
		this.#channel.close();
		if (!this.#inherited && !this.#listener.closed) {
			// The file is the other process's while that one serves.
			if (this.#state === "ready") MeetingPlace.inherit(this.path, this.#listener).close();
			else this.#listener.close();
		}
		this.#state = "closed";
	}

	#inherit(): MeetingPlace {
		if (this.#state !== "ready" || this.#inherited) {
			throw new TypeError("handover() goes on with what was taken over once, after ready()");
		}
		this.#inherited = true;
		return MeetingPlace.inherit(this.path, this.#listener);
	}
}

/**
 * Asks the process that offers its sockets at a path, by handover(), for them. What it gives is served from; then
 * ready() tells it, and it stops.
 * @param path the path that the other process gave to handover(), or its abstract name
 * @returns undefined when nobody offers there: then this process is the first one
 * @throws SocketError EACCES when one of the processes does not trust the other, EPROTONOSUPPORT when it speaks another
 *   version; TimeoutError
 */
export async function takeOver(path: string, options: TakeOverOptions = {}): Promise<TakenOver | undefined> {
	checkPlace(path);
	if (typeof options !== "object" || options === null) {
		throw new TypeError(`takeOver takes an object of options, not ${kindOf(options)}`);
	}
	checkWaitOptions(options);
	const { timeout: given = 60_000, signal, user } = options;
	const timeout = checkTimeout("timeout", given);
	checkUser(user);
	const channel = await visit(path, timeout, signal);
	if (channel === undefined) return undefined;
	try {
		const { pid } = checkPeer(channel, `takeOver at ${path}`, user);
		const subject = `takeOver from process ${pid} at ${path}`;
		const got = await conversation(channel, subject, timeout, signal);
		if (got === undefined) {
			channel.close();
			return undefined;
		}
		const { message, fds } = got;
		if (message.type === "refused") throw refusal(subject, message);
		if (message.type !== "sockets")
			throw malformed(subject, `it said "${message.type}" where sockets should come`);
		const [place, ...rest] = fds;
		const listener = new Socket(AF_UNIX, SOCK_SEQPACKET, 0, { fileno: place as number });
		const passed = message.names.map((name, index) => ({ name, fd: rest[index] as number }));
		succeed();
		return new TakenOver(path, pid, channel, listener, passed, timeout);
	} catch (error) {
		channel.close();
		throw error;
	}
}

/** Asks, and gives the answer; undefined when the process ended meanwhile, so that nobody offers any more. */
async function conversation(
	channel: Channel,
	subject: string,
	timeout: number | null,
	signal: AbortSignal | undefined,
): Promise<{ message: Message; fds: number[] } | undefined> {
	try {
		await send(channel, { type: "take", version });
	} catch (error) {
		// It may have refused before it was asked.
		if (!isGone(error)) throw error;
	}
	try {
		return await receive(channel, subject, { timeout, signal });
	} catch (error) {
		if (isGone(error)) return undefined;
		throw error;
	}
}

const refusals: Record<string, number> = { EACCES, EINVAL, EPROTONOSUPPORT, ETIMEDOUT };

function isGone(error: unknown): boolean {
	return error instanceof SocketError && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

function refusal(subject: string, { code, reason }: Refusal): SocketError {
	return socketError("takeOver", -(refusals[code] ?? ECANCELED), {
		subject,
		advice: `it goes on serving: ${reason}`,
	});
}
