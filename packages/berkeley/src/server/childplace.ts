/**
 * A child process as a place for requests, seen from the server that has started it.
 */
import type { ChildProcess } from "node:child_process";
import type { Address } from "../address/types.js";
import { check, SocketError } from "../errors.js";
import { Descriptor } from "../socket/descriptor.js";
import { socketpair } from "../socket/pair.js";
import { Socket } from "../socket/socket.js";
import { eventfd, read } from "../sys/descriptors.js";
import { EFD_CLOEXEC, EFD_NONBLOCK } from "../sys/linux/constants/eventfd.js";
import { AF_UNIX } from "../sys/linux/constants/families.js";
import { SOCK_SEQPACKET } from "../sys/linux/constants/types.js";
import { childArguments } from "./childcommand.js";
import { type Place, WorkerExitError } from "./places.js";
import { Channel } from "./remote/channel.js";
import { errorData, errorFrom } from "./remote/errors.js";
import type { ChildRequest } from "./remote/inchild.js";
import type { RemoteSetup, Report } from "./remote/messages.js";

/** How a child is started. */
export interface ChildOptions {
	readonly setup: RemoteSetup;
	/** For a server of datagrams: its socket, of which the child gets another descriptor. */
	readonly socket: Socket | undefined;
	/** What stands before the program on its command line; null for the usual. */
	readonly execArgv: readonly string[] | null;
	/** Milliseconds between SIGTERM and SIGKILL. */
	readonly killDelay: number;
	/** Whether the program goes on for the sake of a child that has nothing to do. */
	readonly referenced: boolean;
	/** Whether it goes on until a child that was told to leave has done so. */
	readonly awaited: boolean;
	/** Called when there is a process, which is not ready yet. */
	born(child: ChildPlace): void;
}

/** A child process ended that was needed: it was starting, or handling a request, or waiting for the next one. */
export class ChildExitError extends WorkerExitError {
	/** The child's process id. */
	readonly pid: number;
	/** What it exited with; null when a signal ended it. */
	readonly exitCode: number | null;
	/** The signal that ended it; null when it exited. */
	readonly signal: NodeJS.Signals | null;

	/** Made by servers with ForkingMixIn. */
	constructor(pid: number, exitCode: number | null, signal: NodeJS.Signals | null, when: string) {
		const how = signal === null ? `exited with code ${exitCode}` : `was killed by ${signal}`;
		super(`child process ${pid} ${how} ${when}`);
		this.pid = pid;
		this.exitCode = exitCode;
		this.signal = signal;
	}

	static {
		ChildExitError.prototype.name = "ChildExitError";
	}
}

/** Starts a child; fulfilled when it can take requests. See PlacesOptions.start. */
export async function startChild(
	options: ChildOptions,
	report: (report: Report) => void,
	signal: AbortSignal,
): Promise<ChildPlace> {
	const { setup, socket, execArgv } = options;
	// Who has no children need not load what makes them.
	const { spawn } = await import("node:child_process");
	const [mine, its] = socketpair(AF_UNIX, SOCK_SEQPACKET);
	let child: ChildProcess;
	let channel: Channel<ChildRequest, Report>;
	let begun: Descriptor | undefined;
	try {
		using _its = its;
		channel = await Channel.over<ChildRequest, Report>(mine);
		signal.throwIfAborted();
		begun = new Descriptor(check("eventfd", eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
		child = spawn(process.execPath, childArguments(execArgv), {
			stdio: ["inherit", "inherit", "inherit", its.fileno()],
		});
		if (child.pid === undefined) throw await new Promise((resolve) => child.once("error", resolve));
	} catch (error) {
		mine.close();
		begun?.close();
		throw error;
	}
	const place = new ChildPlace(child, channel, begun, options, report);
	options.born(place);
	place.begin(setup, socket);
	await place.ready(signal);
	return place;
}

/** One child process. */
export class ChildPlace implements Place {
	readonly gone: Promise<Error>;
	/** Its process id. */
	readonly pid: number;
	readonly #process: ChildProcess;
	readonly #channel: Channel<ChildRequest, Report>;
	readonly #killDelay: number;
	readonly #awaited: boolean;
	readonly #report: (report: Report) => void;
	/** An eventfd(2) in which the child counts the requests that it has begun: it tells when the child is dead, too. */
	readonly #begun: Descriptor;
	#begunAtLast = 0;
	/** What it was given and did not report; and the how manyeth of all it was. */
	readonly #requests = new Map<number, { request: unknown; order: number }>();
	#orders = 0;
	#state: "starting" | "serving" | "stopped" | "dead" = "starting";
	#referenced: boolean;
	#listening: AbortController | undefined = undefined;
	#killer: NodeJS.Timeout | undefined = undefined;
	#refusal: unknown;
	#onReady: () => void = () => {};

	constructor(
		process: ChildProcess,
		channel: Channel<ChildRequest, Report>,
		begun: Descriptor,
		{ killDelay, referenced, awaited }: ChildOptions,
		report: (report: Report) => void,
	) {
		this.#process = process;
		this.pid = process.pid as number;
		this.#channel = channel;
		this.#begun = begun;
		this.#killDelay = killDelay;
		this.#awaited = awaited;
		this.#referenced = referenced;
		this.#report = report;
		this.gone = new Promise((resolve) => {
			process.once("exit", (code, signal) => {
				const when = this.#moment();
				this.#state = "dead";
				clearTimeout(this.#killer);
				void this.#hearLast().then(() => resolve(new ChildExitError(this.pid, code, signal, when)));
			});
		});
		this.#attend();
	}

	/** Tells the child what it is to do. */
	begin(setup: RemoteSetup, socket: Socket | undefined): void {
		const fds = [this.#begun.fd, ...(socket === undefined ? [] : [socket])];
		this.#channel.send({ do: "start", setup }, fds).catch((error) => {
			// Why it is gone is told when it was reaped.
			if (isGone(error)) return;
			this.#refusal = error;
			this.#kill("SIGKILL");
		});
	}

	/** Fulfilled when the child can take requests. Rejects when it cannot or the signal aborts, and it is gone. */
	async ready(signal: AbortSignal): Promise<void> {
		const giveUp = (): void => this.#kill("SIGKILL");
		signal.addEventListener("abort", giveUp);
		if (signal.aborted) giveUp();
		try {
			const ready = new Promise<undefined>((resolve) => {
				this.#onReady = () => resolve(undefined);
			});
			const reason = await Promise.race([ready, this.gone]);
			if (reason !== undefined) throw this.#refusal ?? reason;
		} finally {
			signal.removeEventListener("abort", giveUp);
		}
	}

	/** Whether it handles a request, or more. */
	get busy(): boolean {
		return this.#requests.size > 0;
	}

	/** Whether the program goes on for its sake, though it has nothing to do. */
	set referenced(referenced: boolean) {
		this.#referenced = referenced;
		this.#attend();
	}

	serve(id: number, request: unknown, clientAddress: unknown): void {
		this.#requests.set(id, { request, order: ++this.#orders });
		this.#attend();
		this.#send(id, request, clientAddress as Address).catch((error) => {
			// What becomes of the requests of a child that is gone is decided when it was reaped.
			if (isGone(error)) return;
			// The child does not count it.
			this.#orders--;
			this.#over(id);
			this.#report({ did: "fail", id, error: errorData(error) });
		});
	}

	#send(id: number, request: unknown, clientAddress: Address): Promise<void> {
		if (!(request instanceof Socket)) {
			const [data] = request as [Buffer];
			return this.#channel.send({ do: "serve", id, clientAddress, data });
		}
		const { family, type, proto } = request;
		const timeout = request.gettimeout();
		return this.#channel.send({ do: "serve", id, clientAddress, family, type, proto, timeout }, [request]);
	}

	end(id: number, reason: Error): void {
		this.#channel.send({ do: "end", id, error: errorData(reason) }).catch(() => {});
	}

	windDown(): void {
		this.#channel.send({ do: "wind down" }).catch(() => {});
	}

	configure(attributes: Readonly<Record<string, unknown>>): void {
		this.#channel.send({ do: "set", attributes }).catch(() => {});
	}

	stop(): void {
		if (this.#state === "dead") return;
		this.#state = "stopped";
		this.#channel.send({ do: "stop" }).catch(() => {});
		this.#attend();
	}

	/** SIGTERM, and after a while SIGKILL. */
	kill(): void {
		if (this.#killer !== undefined || this.#state === "dead") return;
		this.#kill("SIGTERM");
		this.#killer = setTimeout(() => this.#kill("SIGKILL"), this.#killDelay);
	}

	reclaim(id: number): unknown {
		const given = this.#requests.get(id);
		this.#over(id);
		return given !== undefined && given.order > this.#begunAtLast ? given.request : undefined;
	}

	#kill(signal: NodeJS.Signals): void {
		if (this.#state === "dead") return;
		try {
			// Until its exit is told it was not reaped, so that its number is nobody else's.
			process.kill(this.pid, signal);
		} catch {
			// It has made itself somebody else's (EPERM).
		}
	}

	/** Listens to it, and keeps the program alive, as long as there is a reason to. */
	#attend(): void {
		if (this.#state === "dead") return;
		const idle = this.#state === "serving" ? this.#referenced : this.#state === "starting" || this.#awaited;
		const needed = idle || this.busy;
		if (needed === (this.#listening !== undefined)) return;
		if (needed) {
			this.#process.ref();
			this.#listening = new AbortController();
			void this.#listen(this.#listening.signal);
		} else {
			this.#process.unref();
			this.#listening?.abort();
			this.#listening = undefined;
		}
	}

	async #listen(signal: AbortSignal): Promise<void> {
		try {
			for (;;) {
				const arrived = await this.#channel.receive({ signal });
				if (arrived === undefined) return;
				this.#hear(arrived.message);
			}
		} catch (error) {
			// What it says makes no sense: its handler has got at the channel.
			if (!signal.aborted && !(error instanceof SocketError)) this.#kill("SIGKILL");
		}
	}

	#hear(message: Report): void {
		if (message.did === "ready") {
			if (this.#state === "starting") this.#state = "serving";
			this.#onReady();
		} else if (message.did === "give up") {
			this.#refusal = errorFrom(message.error);
		} else if (message.did === "finish" || message.did === "fail") {
			this.#over(message.id);
		}
		this.#report(message);
		this.#attend();
	}

	#over(id: number): void {
		this.#requests.delete(id);
	}

	/** After its exit: what it said before. */
	async #hearLast(): Promise<void> {
		this.#listening?.abort();
		try {
			for (;;) {
				const arrived = await this.#channel.receive({ timeout: 0 });
				if (arrived === undefined) break;
				this.#hear(arrived.message);
			}
		} catch {
			// There is nothing more, or nothing that makes sense.
		}
		this.#channel.close();
		const counter = new BigInt64Array(1);
		if (read(this.#begun.fd, counter, 8) === 8) this.#begunAtLast = Number(counter[0]);
		this.#begun.close();
	}

	#moment(): string {
		if (this.#state === "starting") return "before it was ready";
		return this.busy ? "before the request was finished" : "while it waited for a request";
	}
}

function isGone(error: unknown): boolean {
	return error instanceof SocketError && (error.code === "EPIPE" || error.code === "ECONNRESET");
}
