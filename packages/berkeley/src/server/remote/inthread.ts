/**
 * A worker thread as a place where handlers run: takes requests from its port, or from a socket of its own.
 */
import type { MessagePort } from "node:worker_threads";
import { reactor } from "../../reactor/reactor.js";
import type { SocketTransfer } from "../../socket/handover.js";
import { slabOf } from "../../socket/scratch.js";
import { Socket } from "../../socket/socket.js";
import { RemoteHost } from "./host.js";
import { ListeningHost, type ListenOrder, type ListenReport, type ListenSetup } from "./listener.js";
import type { Order, RemoteSetup, Report } from "./messages.js";

/** What a thread is started with. */
export interface ThreadSetup {
	readonly setup: RemoteSetup;
	/** For a server of datagrams: another descriptor of its socket. */
	readonly socket: SocketTransfer | undefined;
	/** For a thread that accepts connections itself. */
	readonly listen: ListenSetup | undefined;
	/** Shared: how many requests this thread has begun, in the order in which they were sent to it. */
	readonly begun: Int32Array;
}

/** A request on its way to a thread. */
export interface ThreadRequest {
	readonly do: "serve";
	readonly id: number;
	/** A connection, or a datagram. */
	readonly request: SocketTransfer | Uint8Array;
	readonly clientAddress: unknown;
}

/** What a thread is sent. */
export type ThreadOrder = ThreadRequest | ListenOrder | Order;

/** What a thread reports: `load` comes first, and tells that it listens, and may be terminated, from then on. */
export type ThreadReport = Report | ListenReport | { readonly did: "load" };

/** Serves until the thread is told to stop. Internal. */
export async function serveInThread(): Promise<void> {
	const { parentPort, workerData } = await import("node:worker_threads");
	if (parentPort === null) throw new TypeError("this is what worker threads of a server begin with");
	const inbox = new Inbox(parentPort);
	// Made for the first operation otherwise: a thread that is terminated meanwhile may take the process along.
	reactor();
	slabOf(1);
	parentPort.postMessage({ did: "load" } satisfies ThreadReport);
	const { setup, socket, listen, begun } = workerData as ThreadSetup;
	if (listen === undefined) await serveFromPort(parentPort, inbox, setup, socket, begun);
	else await serveFromSocket(parentPort, inbox, setup, listen);
}

/** Keeps what comes while the handlers are loaded. It would wait in the port, but Deno's loses it. */
class Inbox {
	readonly #port: MessagePort;
	readonly #waiting: ThreadOrder[] = [];
	#take: (message: ThreadOrder) => void = (message) => void this.#waiting.push(message);

	constructor(port: MessagePort) {
		this.#port = port;
		port.on("message", (message: ThreadOrder) => this.#take(message));
		// Handlers that are never loaded are to end the thread, as they would without this.
		port.unref();
	}

	/** From now on they are taken. A thread of one kind is sent nothing that is for the other. */
	open<Kind extends ThreadOrder>(take: (message: Kind) => void): void {
		this.#port.ref();
		this.#take = take as (message: ThreadOrder) => void;
		for (const message of this.#waiting.splice(0)) this.#take(message);
	}
}

// Not terminated from outside, so that what the program does at 'exit' is done.
const leave = (): void => process.exit(0);

async function serveFromPort(
	port: MessagePort,
	inbox: Inbox,
	setup: RemoteSetup,
	socket: SocketTransfer | undefined,
	begun: Int32Array,
): Promise<void> {
	const host = await RemoteHost.start(setup, {
		socket: socket === undefined ? undefined : Socket.receive(socket),
		report: (report) => port.postMessage(report),
		leave,
	});
	if (host === undefined) return;
	inbox.open((message: ThreadRequest | Order) => {
		if (message.do !== "serve") {
			host.obey(message);
			return;
		}
		const { id, request, clientAddress } = message;
		// One call takes the descriptor, and the next says so: see ThreadPlace.reclaim().
		const own =
			request instanceof Uint8Array
				? Buffer.from(request.buffer, request.byteOffset, request.byteLength)
				: Socket.receive(request);
		Atomics.add(begun, 0, 1);
		host.serve(id, own, clientAddress);
	});
}

async function serveFromSocket(
	port: MessagePort,
	inbox: Inbox,
	setup: RemoteSetup,
	listen: ListenSetup,
): Promise<void> {
	const host = await ListeningHost.start(setup, listen, {
		report: (report) => port.postMessage(report),
		leave,
	});
	if (host === undefined) return;
	inbox.open((message: ListenOrder | Order) => {
		if (message.do === "shut down") void host.shutDown(message.grace);
		else if (message.do === "stop") void host.stop();
		else if (message.do === "set") host.configure(message.attributes);
	});
}
