/**
 * A worker thread as a place for requests, seen from the thread that accepts.
 */

import type { Worker } from "node:worker_threads";
import { closeOrphan, duplicateOf, type SocketTransfer } from "../socket/handover.js";
import { Socket } from "../socket/socket.js";
import { close as closeDescriptor } from "../sys/descriptors.js";
import { SHUT_RDWR } from "../sys/linux/constants/shutdown.js";
import { shutdown } from "../sys/sockets.js";
import type { DatagramRequest } from "./datagramserver.js";
import { type Place, WorkerExitError } from "./places.js";
import { errorData, errorFrom } from "./remote/errors.js";
import type { ThreadOrder, ThreadReport, ThreadSetup } from "./remote/inthread.js";
import type { ListenReport, ListenSetup } from "./remote/listener.js";
import type { RemoteSetup, Report } from "./remote/messages.js";

/** What was handed to the thread, until it is reported. */
interface Sent {
	/** The how manyeth it was. */
	readonly order: number;
	readonly message: SocketTransfer | undefined;
	/** The datagram. */
	readonly whole: unknown;
}

/** How a thread is started. */
export interface ThreadOptions {
	readonly setup: RemoteSetup;
	/** For a server of datagrams: its socket, of which the thread gets another descriptor. */
	readonly socket: Socket | undefined;
	/** For a thread that accepts connections itself: how, and what hears what it tells. */
	readonly listen?: ListenSetup | undefined;
	hear?(report: ListenReport): void;
	/** Whether the process may end while the thread runs. */
	readonly daemon: boolean;
}

/** A thread that accepts connections itself. */
export interface ListeningPlace extends Place {
	/** Has it shut its server down, of which it reports. */
	shutDown(grace: number | null): void;
}

/**
 * Milliseconds that a thread which nobody needs any more has to load what it is loading. The runtime leaves the files
 * open that a thread reads when it is terminated; so that is done only to one that never comes to an end.
 */
const loadingPatience = 10_000;

let threads = 0;

/** Starts a thread; fulfilled when it can take requests. See PlacesOptions.start. */
export async function startThread(
	options: ThreadOptions,
	report: (report: Report) => void,
	signal: AbortSignal,
): Promise<ListeningPlace> {
	// Who has no threads need not load what makes them.
	const { Worker } = await import("node:worker_threads");
	const { setup, socket, listen, daemon } = options;
	const begun = new Int32Array(new SharedArrayBuffer(4));
	signal.throwIfAborted();
	const transfer = socket?.dup().transfer();
	const workerData: ThreadSetup = { setup, socket: transfer, listen, begun };
	let worker: Worker;
	try {
		// A program that is the text of an option hands that option on, and a file does not go with it.
		const isText = process.execArgv.some((argument) => argument.startsWith("--input-type"));
		const entry = new URL("./remote/thread.js", import.meta.url);
		worker = new Worker(entry, isText ? { workerData, execArgv: [] } : { workerData });
	} catch (error) {
		if (transfer !== undefined) closeOrphan(transfer);
		throw error;
	}
	// Before that the runtime would take it back.
	if (daemon) worker.once("online", () => worker.unref());
	const place = new ThreadPlace(worker, begun, transfer, report, (message) => options.hear?.(message));
	await place.ready(signal);
	return place;
}

class ThreadPlace implements ListeningPlace {
	readonly gone: Promise<Error>;
	readonly #name = `worker thread ${++threads}`;
	readonly #worker: Worker;
	readonly #begun: Int32Array;
	readonly #sent = new Map<number, Sent>();
	readonly #report: (report: Report) => void;
	readonly #tell: (report: ListenReport) => void;
	#orders = 0;
	/** The library is loaded: a thread that is terminated before that may take the process along. */
	#loaded = false;
	/** Said before it listened: Deno loses what comes to a thread earlier. */
	readonly #early: ThreadOrder[] = [];
	#doomed = false;
	#failure: unknown;
	#refusal: unknown;
	#onReady: () => void = () => {};

	constructor(
		worker: Worker,
		begun: Int32Array,
		transfer: SocketTransfer | undefined,
		report: (report: Report) => void,
		tell: (report: ListenReport) => void,
	) {
		this.#tell = tell;
		this.#worker = worker;
		this.#begun = begun;
		this.#report = report;
		worker.on("message", (message: ThreadReport) => this.#hear(message));
		worker.on("error", (error) => {
			this.#failure = error;
		});
		this.gone = new Promise((resolve) => {
			worker.once("exit", (code) => {
				// It may have ended before it took the socket.
				if (transfer !== undefined) reclaimTransfer(transfer)?.close();
				resolve(this.#reason(code));
			});
		});
	}

	/** Fulfilled when the thread can take requests. Rejects when it cannot or the signal aborts, and it is gone. */
	async ready(signal: AbortSignal): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		// It hears of it when it has loaded everything.
		const giveUp = (): void => {
			this.stop();
			timer = setTimeout(() => this.kill(), loadingPatience);
		};
		signal.addEventListener("abort", giveUp);
		try {
			const ready = new Promise<undefined>((resolve) => {
				this.#onReady = () => {
					if (!signal.aborted) resolve(undefined);
				};
			});
			const reason = await Promise.race([ready, this.gone]);
			if (reason === undefined) return;
			throw this.#refusal ?? this.#failure ?? reason;
		} finally {
			signal.removeEventListener("abort", giveUp);
			clearTimeout(timer);
		}
	}

	serve(id: number, request: unknown, clientAddress: unknown): void {
		if (request instanceof Socket) {
			const message = request.transfer();
			this.#sent.set(id, { order: ++this.#orders, message, whole: undefined });
			this.#post({ do: "serve", id, request: message, clientAddress });
		} else {
			// A copy of its own: with a view the memory around it would be copied too.
			const data = new Uint8Array((request as DatagramRequest<number>)[0]);
			this.#sent.set(id, { order: ++this.#orders, message: undefined, whole: request });
			this.#post({ do: "serve", id, request: data, clientAddress }, [data.buffer]);
		}
	}

	#post(message: ThreadOrder, transferList?: ArrayBuffer[]): void {
		if (this.#loaded) this.#worker.postMessage(message, transferList);
		else this.#early.push(message);
	}

	end(id: number, reason: Error): void {
		this.#post({ do: "end", id, error: errorData(reason) });
		// A handler that blocks in recvSync() hears of it so.
		const message = this.#sent.get(id)?.message;
		if (message !== undefined) shutDown(message);
	}

	windDown(): void {
		this.#post({ do: "wind down" });
	}

	configure(attributes: Readonly<Record<string, unknown>>): void {
		this.#post({ do: "set", attributes });
	}

	stop(): void {
		this.#post({ do: "stop" });
	}

	shutDown(grace: number | null): void {
		this.#post({ do: "shut down", grace });
	}

	kill(): void {
		this.#doomed = true;
		if (!this.#loaded) return;
		for (const { message } of this.#sent.values()) if (message !== undefined) shutDown(message);
		void this.#worker.terminate();
	}

	reclaim(id: number): unknown {
		const sent = this.#sent.get(id);
		this.#sent.delete(id);
		if (sent === undefined || sent.order <= Atomics.load(this.#begun, 0)) return undefined;
		return sent.message === undefined ? sent.whole : reclaimTransfer(sent.message);
	}

	#hear(message: ThreadReport): void {
		if (message.did === "load") {
			this.#loaded = true;
			for (const early of this.#early.splice(0)) this.#post(early);
			if (this.#doomed) this.kill();
			return;
		}
		if (message.did === "shut down" || message.did === "handler fail" || message.did === "accept fail") {
			this.#tell(message);
			return;
		}
		if (message.did === "ready") this.#onReady();
		else if (message.did === "give up") this.#refusal = errorFrom(message.error);
		else if (message.did === "finish" || message.did === "fail") this.#sent.delete(message.id);
		this.#report(message);
	}

	#reason(code: number): Error {
		const failure = this.#failure;
		const how = this.#doomed
			? "was terminated, as it did not do what it was told"
			: failure === undefined
				? `ended with exit code ${code}`
				: `ended by an exception that nobody caught`;
		const message = `${this.#name} ${how}, before the request was finished`;
		return new WorkerExitError(message, failure === undefined ? undefined : { cause: failure });
	}
}

/** The socket of a message, when the thread it went to has ended without owning it. */
function reclaimTransfer(message: SocketTransfer): Socket | undefined {
	if (Atomics.load(new Int32Array(message.received), 0) === 0) {
		try {
			return Socket.receive(message);
		} catch {
			return undefined; // It is closed.
		}
	}
	closeOrphan(message);
	return undefined;
}

/** Ends a connection that another thread owns, so that whoever blocks on it there wakes. */
function shutDown(message: SocketTransfer): void {
	const fd = duplicateOf(message);
	if (fd < 0) return;
	shutdown(fd, SHUT_RDWR);
	closeDescriptor(fd);
}
