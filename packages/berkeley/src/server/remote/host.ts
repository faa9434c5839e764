/**
 * What runs in a thread or a process that handles requests for a server. It does not know which of the two it is:
 * that is whoever gives it the requests, sends its reports, and lets it leave.
 */
import type { Socket } from "../../socket/socket.js";
import { errorData, errorFrom } from "./errors.js";
import { loadHandlers } from "./handlers.js";
import type { Order, RemoteSetup, Report } from "./messages.js";
import { type RemoteServer, remoteServer } from "./server.js";

/** What a place does for its host. */
export interface HostSurroundings {
	/** For a server of datagrams: another descriptor of its socket. */
	readonly socket?: Socket | undefined;
	/** Sends a report to the server. */
	report(report: Report): void;
	/** Ends the thread or the process. It was told to, and handles nothing any more; or it cannot handle anything. */
	leave(): void;
}

/** Handles requests for a server somewhere else. */
export class RemoteHost {
	readonly #surroundings: HostSurroundings;
	readonly #server: RemoteServer;
	readonly #requests = new Map<number, unknown>();
	#stopped = false;

	private constructor(surroundings: HostSurroundings, server: RemoteServer) {
		this.#surroundings = surroundings;
		this.#server = server;
	}

	/**
	 * Loads the handlers and reports "ready"; or reports "give up" and leaves, and gives undefined.
	 */
	static async start(setup: RemoteSetup, surroundings: HostSurroundings): Promise<RemoteHost | undefined> {
		let host: RemoteHost;
		try {
			host = new RemoteHost(
				surroundings,
				remoteServer(setup, await loadHandlers(setup), surroundings.socket),
			);
		} catch (error) {
			surroundings.report({ did: "give up", error: errorData(error) });
			surroundings.leave();
			return undefined;
		}
		surroundings.report({ did: "ready" });
		return host;
	}

	/** How many requests are being handled. */
	get active(): number {
		return this.#requests.size;
	}

	/**
	 * Begins to handle a request, which is closed when its handler is through.
	 * @param request the connection, with its timeout; or the datagram
	 */
	serve(id: number, request: Socket | Buffer, clientAddress: unknown): void {
		const { socket } = this.#surroundings;
		const whole = this.#server.limited(Buffer.isBuffer(request) ? [request, socket] : request);
		this.#requests.set(id, whole);
		this.#server.perform(whole, clientAddress).then(
			() => this.#over(id, { did: "finish", id }),
			(error) => this.#over(id, { did: "fail", id, error: errorData(error) }),
		);
	}

	/** Does what the server says. */
	obey(order: Order): void {
		if (order.do === "end") {
			const request = this.#requests.get(order.id);
			if (request !== undefined) this.#server.endRequest(request, errorFrom(order.error) as Error);
			this.#surroundings.report({ did: "end", id: order.id });
		} else if (order.do === "wind down") {
			this.#server.windDown();
		} else if (order.do === "set") {
			Object.assign(this.#server, order.attributes);
		} else {
			this.#stopped = true;
			if (this.#requests.size === 0) this.#surroundings.leave();
		}
	}

	#over(id: number, report: Report): void {
		this.#requests.delete(id);
		this.#surroundings.report(report);
		if (this.#stopped && this.#requests.size === 0) this.#surroundings.leave();
	}
}
