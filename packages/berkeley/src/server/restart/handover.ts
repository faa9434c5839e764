/**
 * `handover()`: the side of a restart that serves already. Whoever asks at the meeting place gets the sockets, and
 * when it serves from them this process stops accepting, and finishes what it has begun.
 */
import { kindOf } from "../../address/bytes.js";
import { checkTimeout } from "../../arguments.js";
import { SocketError, socketError, TimeoutError, timeoutError } from "../../errors.js";
import type { Socket } from "../../socket/socket.js";
import { SHUT_RD } from "../../sys/linux/constants/shutdown.js";
import { EPROTONOSUPPORT } from "../../sys/linux/errnos.js";
import { Backoff, isAborted, isExhaustion } from "../accepting.js";
import type { ServeForeverOptions, ShutdownOptions } from "../base.js";
import { malformed } from "../passedsockets.js";
import { SocketServer } from "../socketserver.js";
import { checkPeer, checkPlace, checkUser, MeetingPlace } from "./meetingplace.js";
import { type Channel, type Message, mostSockets, receive, send, version } from "./protocol.js";
import { inherit, TakenOver } from "./takeover.js";

/**
 * A server whose socket can pass to another process: any SocketServer, whatever its family and its mix-in. This much
 * is asked of it here; see there.
 */
export interface PassingServer {
	/** The family of its socket. */
	readonly addressFamily: number;
	/** The type of its socket. */
	readonly socketType: number;
	/** Where it is to serve. */
	readonly givenAddress: unknown;
	/** Whether it has no socket yet. */
	readonly unopened: boolean;
	/** Whether it tells systemd how it is. */
	readonly systemd: boolean;
	/** Whether it takes requests. */
	readonly serving: boolean;
	/** Settles when it takes no more. */
	readonly ended: Promise<void>;
	/** Takes a socket that is bound. */
	adopt(socket: Socket): unknown;
	/** Binds it. */
	open(): unknown;
	/** Its socket's descriptor. */
	fileno(): number;
	/** Takes requests. */
	serveForever(options?: ServeForeverOptions): Promise<void>;
	/** Fulfilled when it handles what it takes. */
	prepared(): Promise<void>;
	/** Takes no more, and finishes. */
	shutdown(options?: ShutdownOptions): Promise<number>;
	/** Closes its socket. */
	serverClose(): void;
	/** shutdown() and serverClose(). */
	close(options?: ShutdownOptions): Promise<number>;
}

/** One server, or several by name. One without a name is called "server". */
export type PassingServers = PassingServer | Readonly<Record<string, PassingServer>>;

/** How handover() hands over. */
export interface HandoverOptions {
	/** Milliseconds in which a successor that has the sockets must be ready; 60000 when left out, null for no limit. */
	timeout?: number | null | undefined;
	/** Milliseconds that running requests have when a successor is ready; each server's own when left out. */
	grace?: number | null | undefined;
	/** The number of another user whose processes may take over, beside this process's own and root. */
	user?: number | undefined;
	/**
	 * Called when a successor that asked did not come to serve, or was not allowed to; this process goes on serving.
	 * Writes it to standard error when left out.
	 */
	onError?: ((error: unknown) => void) | undefined;
}

/** How a restart ended for the process that was replaced. */
export interface HandedOver {
	/** The process that serves now. */
	readonly pid: number;
	/** How many requests were not through in the grace time, and were ended. */
	readonly ended: number;
}

// What a process that has just connected says is its first word, which it need not think about.
const firstWord = 5000;

/** An offer of sockets. Made by `handover()`. */
export class Handover {
	/** Where successors ask: the path of a Unix socket. */
	readonly path: string;
	/** The process that this one has replaced; undefined when there was none. */
	readonly predecessor: number | undefined;
	/**
	 * Fulfilled when a successor serves and the requests that were running here are over; with undefined when the
	 * offer came to its end without a successor. Rejects with what a server's serveForever() rejects with, and when
	 * the Unix socket cannot be accepted from.
	 */
	readonly done: Promise<HandedOver | undefined>;
	readonly #servers: ReadonlyMap<string, PassingServer>;
	readonly #place: MeetingPlace;
	readonly #options: HandoverOptions;
	readonly #withdrawn = new AbortController();
	/** Whether a successor has the sockets, but is not ready yet. */
	#given = false;
	/** What a server has failed with. */
	#failure: { error: unknown } | undefined = undefined;
	/** The process that is being served. */
	#channel: Channel | undefined = undefined;

	/** Made by `handover()`. Internal. */
	constructor(
		servers: ReadonlyMap<string, PassingServer>,
		place: MeetingPlace,
		options: HandoverOptions,
		predecessor: number | undefined,
	) {
		this.path = place.path;
		this.predecessor = predecessor;
		this.#servers = servers;
		this.#place = place;
		this.#options = options;
		this.done = this.#offer();
		// When nobody serves any more there is nothing to offer, and nothing to keep the process for.
		const loops = [...servers.values()].map((server) => server.ended);
		Promise.all(loops).then(
			() => this.close(),
			(error) => {
				this.#failure = { error };
				this.close();
			},
		);
	}

	/** Ends the offer. The servers go on, and a successor that is not ready yet is told so. */
	close(): void {
		// What it says after this it says in vain.
		if (this.#channel?.closed === false) this.#channel.shutdown(SHUT_RD);
		this.#withdrawn.abort();
		// A successor that has the sockets takes the place of servers that were shut down.
		this.#place.close(this.#given && !this.#serving);
	}

	/** close(). */
	[Symbol.dispose](): void {
		this.close();
	}

	async #offer(): Promise<HandedOver | undefined> {
		const { signal } = this.#withdrawn;
		const backoff = new Backoff();
		try {
			while (!signal.aborted) {
				const channel = await this.#next(backoff, signal);
				if (channel === undefined) continue;
				this.#channel = channel;
				const pid = await this.#meet(channel, signal).catch((error) => {
					if (!signal.aborted) this.#report(error);
				});
				if (pid !== undefined) return await this.#retire(channel, pid);
				channel.close();
			}
			if (this.#failure !== undefined) throw this.#failure.error;
			return undefined;
		} finally {
			this.close();
		}
	}

	/** The next process that asks; undefined when there is none for now. */
	async #next(backoff: Backoff, signal: AbortSignal): Promise<Channel | undefined> {
		try {
			const [channel] = await this.#place.listener.accept({ timeout: null, signal });
			backoff.reset();
			return channel;
		} catch (error) {
			if (signal.aborted || isAborted(error)) return undefined;
			if (!isExhaustion(error)) throw error;
			if (backoff.fresh) this.#report(error);
			await backoff.wait(signal);
			return undefined;
		}
	}

	/** Gives the sockets to one process. @returns the process, when it serves from them */
	async #meet(channel: Channel, signal: AbortSignal): Promise<number | undefined> {
		const { timeout = 60_000, user } = this.#options;
		let subject = `handover at ${this.path}`;
		let pid: number;
		try {
			({ pid } = checkPeer(channel, subject, user));
			subject += ` to process ${pid}`;
			const asked = await receive(channel, subject, { timeout: firstWord, signal });
			if (asked === undefined) return undefined; // It only looked whether somebody is there.
			checkRequest(asked.message, subject);
		} catch (error) {
			await refuse(channel, error);
			throw error;
		}
		// One of them may have been closed.
		const open = [...this.#servers].filter(([, server]) => server.fileno() >= 0);
		const names = open.map(([name]) => name);
		const fds = open.map(([, server]) => server.fileno());
		await send(channel, { type: "sockets", names }, [this.#place.listener.fileno(), ...fds]);
		this.#given = true;
		try {
			const answer = await this.#readiness(channel, subject, { timeout, signal });
			if (answer?.type === "ready") return pid;
		} finally {
			this.#given = false;
		}
		throw new Error(`${subject}: it went away before it was ready to serve; this process goes on serving`);
	}

	/** What the successor says when it has the sockets; undefined when it went away. */
	async #readiness(
		channel: Channel,
		subject: string,
		options: { timeout: number | null; signal: AbortSignal },
	): Promise<Message | undefined> {
		try {
			return (await receive(channel, subject, options))?.message;
		} catch (error) {
			if (!(error instanceof TimeoutError) && !options.signal.aborted) {
				await refuse(channel, error);
				throw error;
			}
			// It may say "ready" at this very moment: what it says after this fails, what it said before counts.
			channel.shutdown(SHUT_RD);
			const late = await receive(channel, subject, { timeout: 0 });
			if (late?.message.type === "ready") return late.message;
			// Of a server that was shut down the successor takes the place, and need not be ready in time.
			if (options.signal.aborted) {
				if (this.#serving) await refuse(channel, undefined);
				throw error;
			}
			const timedOut = timeoutError("handover", options.timeout ?? 0, this.path);
			await refuse(channel, timedOut);
			throw timedOut;
		}
	}

	get #serving(): boolean {
		return [...this.#servers.values()].some((server) => server.serving);
	}

	/** Stops accepting, says so, and finishes what has begun. */
	async #retire(channel: Channel, pid: number): Promise<HandedOver> {
		this.#place.close(true);
		const { grace } = this.#options;
		const options: ShutdownOptions = { grace, handedOver: true };
		// This much is done at once: nothing is accepted from here on.
		const ending = [...this.#servers.values()].map((server) => retired(server, options));
		try {
			await send(channel, { type: "stopped" });
		} catch {
			// It does not listen any more, or is gone: it had the sockets.
		}
		channel.close();
		let ended = 0;
		for (const result of await Promise.allSettled(ending)) {
			if (result.status === "rejected") throw result.reason;
			ended += result.value;
		}
		return { pid, ended };
	}

	#report(error: unknown): void {
		const { onError } = this.#options;
		if (onError !== undefined) onError(error);
		else console.error("The server was not handed over:", error);
	}
}

async function retired(server: PassingServer, options: ShutdownOptions): Promise<number> {
	try {
		return await server.shutdown(options);
	} finally {
		server.serverClose();
	}
}

function checkRequest(message: Message, subject: string): void {
	if (message.type !== "take") throw malformed(subject, `it asked for nothing, but said "${message.type}"`);
	if (message.version === version) return;
	const advice = `it speaks version ${message.version} of the protocol, and this process version ${version}`;
	throw socketError("handover", -EPROTONOSUPPORT, { subject, advice });
}

/** Tells a process why it gets nothing, or comes too late; it may be gone. */
async function refuse(channel: Channel, error: unknown): Promise<void> {
	const code = error instanceof SocketError ? error.code : "ECANCELED";
	const reason = error instanceof Error ? error.message : "the offer was withdrawn";
	try {
		await send(channel, { type: "refused", code, reason });
		// Closing with a message unread would reset the connection, and the other end not see the answer.
		channel.shutdown(SHUT_RD);
		while ((await channel.recv(1024, 0, { timeout: 0 })).length > 0);
	} catch {
		// Nobody is there to be told.
	}
}

/** The servers by name. */
export function serversByName(servers: PassingServers): Map<string, PassingServer> {
	if (servers instanceof SocketServer) return checked(new Map([["server", servers]]));
	if (typeof servers !== "object" || servers === null) {
		throw new TypeError(`servers must be a server, or servers by name, not ${kindOf(servers)}`);
	}
	const entries = Object.entries(servers);
	if (entries.length === 0 || entries.length > mostSockets) {
		throw new RangeError(`there must be 1 to ${mostSockets} servers, not ${entries.length}`);
	}
	for (const [name, server] of entries) {
		if (server instanceof SocketServer) continue;
		throw new TypeError(`${JSON.stringify(name)} must be a server on a socket, not ${kindOf(server)}`);
	}
	return checked(new Map(entries));
}

/** Requires that each serves from one socket: what waits in the lines of several would be lost with them. */
function checked(servers: Map<string, PassingServer>): Map<string, PassingServer> {
	for (const [name, server] of servers) {
		if ((server as { listenInWorkers?: boolean }).listenInWorkers !== true) continue;
		throw new TypeError(
			`the workers of the server ${JSON.stringify(name)} have sockets of their own, which cannot pass: set listenInWorkers to false`,
		);
	}
	return servers;
}

/** Requires options that can be handed over with. */
export function checkHandover(options: HandoverOptions): void {
	if (typeof options !== "object" || options === null) {
		throw new TypeError(`handover takes an object of options, not ${kindOf(options)}`);
	}
	const { timeout = null, grace = null, user, onError } = options;
	checkTimeout("timeout", timeout);
	checkTimeout("grace", grace);
	checkUser(user);
	if (onError !== undefined && typeof onError !== "function") {
		throw new TypeError(`onError must be a function, not ${kindOf(onError)}`);
	}
}

/**
 * Offers the sockets of servers to the process that is to replace this one, which asks for them by takeOver(). When it
 * serves from them, and only then, the servers here stop accepting, finish what they have begun within the grace
 * time, and are closed. Connections wait in the kernel meanwhile, at one and the same socket: none is refused or
 * lost. The offer ends when none of the servers serves any more.
 * @param servers one, or several by name, which serve by serveForever()
 * @param path the path of a Unix socket in a directory that nobody else can write in, or an abstract name; or what
 *   this process took over itself: then its successors ask at the same path, without a moment when nobody is there
 * @throws SocketError EADDRINUSE when another process offers there, EACCES when others may write in the directory,
 *   and as bind() does; TypeError when a server does not serve
 */
export function handover(
	servers: PassingServers,
	path: string | TakenOver,
	options: HandoverOptions = {},
): Handover {
	const byName = serversByName(servers);
	checkHandover(options);
	if (!(path instanceof TakenOver)) checkPlace(path);
	for (const [name, server] of byName) {
		if (!server.serving)
			throw new TypeError(`the server ${JSON.stringify(name)} does not serve: call serveForever() first`);
	}
	const place = path instanceof TakenOver ? inherit(path) : MeetingPlace.open(path);
	return new Handover(byName, place, options, path instanceof TakenOver ? path.pid : undefined);
}
