/**
 * What can be seen of a server from outside: its counters, and what it publishes on channels of
 * node:diagnostics_channel.
 */
import { channel } from "node:diagnostics_channel";
import type { SocketError } from "../errors.js";

/** Counts since the server was made. Python has nothing like it. */
export interface ServerStatistics {
	/** Requests that came, those that were refused too. */
	readonly accepted: number;
	/** Requests that the lists of addresses, the limits or verifyRequest() refused, and clients that a proxy named. */
	readonly refused: number;
	/** Those of them that the limits refused. */
	readonly limited: number;
	/** Requests that the limits have held back before they were handled. */
	readonly delayed: number;
	/** Requests whose handler came to its end. */
	readonly finished: number;
	/** Requests whose handler failed. */
	readonly failed: number;
	/** Of those that failed: connections of trusted proxies without a good header of the PROXY protocol in time. */
	readonly proxyErrors: number;
	/** Of those that failed: connections whose TLS handshake failed, or was not over in time. */
	readonly tlsErrors: number;
	/** Requests that the server ended before they were through: in a shutdown, or after the total timeout. */
	readonly ended: number;
	/** Requests that are being handled. */
	readonly active: number;
	/** How often accepting failed for want of descriptors or memory. */
	readonly acceptErrors: number;
}

/** What is published on the channels of requests. */
export interface RequestEvent {
	/** The server, which is a BaseServer. */
	readonly server: object;
	/** The request: a connection, or a datagram and the server's socket. */
	readonly request: unknown;
	/** Who asks. */
	readonly clientAddress: unknown;
	/** Who refused it, on `berkeley.server.request.refuse`: `allow` and `deny`, `limits`, or verifyRequest(). */
	readonly by?: "address" | "limit" | "verify";
	/** For how many milliseconds it is held back, on `berkeley.server.request.delay`. */
	readonly delay?: number;
	/** What the handler failed with, or why the server ended it, on `berkeley.server.request.error`. */
	readonly error?: unknown;
}

/** What is published on `berkeley.server.accept.error`. */
export interface AcceptErrorEvent {
	/** The server, which is a BaseServer. */
	readonly server: object;
	/** EMFILE, ENFILE, ENOBUFS or ENOMEM. */
	readonly error: SocketError;
}

const started = channel("berkeley.server.request.start");
const finished = channel("berkeley.server.request.finish");
const failed = channel("berkeley.server.request.error");
const refused = channel("berkeley.server.request.refuse");
const delayed = channel("berkeley.server.request.delay");
const acceptFailed = channel("berkeley.server.accept.error");

/** Counts and publishes for one server. */
export class Observer {
	readonly #server: object;
	#accepted = 0;
	#refused = 0;
	#limited = 0;
	#delayed = 0;
	#finished = 0;
	#failed = 0;
	#ended = 0;
	#acceptErrors = 0;
	#proxyErrors = 0;
	#tlsErrors = 0;

	constructor(server: object) {
		this.#server = server;
	}

	accepted(): void {
		this.#accepted++;
	}

	refused(request: unknown, clientAddress: unknown, by: NonNullable<RequestEvent["by"]>): void {
		this.#refused++;
		if (by === "limit") this.#limited++;
		if (refused.hasSubscribers) refused.publish({ server: this.#server, request, clientAddress, by });
	}

	/** @param delay in milliseconds */
	delayed(request: unknown, clientAddress: unknown, delay: number): void {
		this.#delayed++;
		if (delayed.hasSubscribers) delayed.publish({ server: this.#server, request, clientAddress, delay });
	}

	started(request: unknown, clientAddress: unknown): void {
		if (started.hasSubscribers) started.publish({ server: this.#server, request, clientAddress });
	}

	finished(request: unknown, clientAddress: unknown): void {
		this.#finished++;
		if (finished.hasSubscribers) finished.publish({ server: this.#server, request, clientAddress });
	}

	/** @param ended whether it was the server that ended it */
	failed(request: unknown, clientAddress: unknown, error: unknown, ended: boolean): void {
		if (ended) this.#ended++;
		else this.#countFailure(error);
		if (failed.hasSubscribers) failed.publish({ server: this.#server, request, clientAddress, error });
	}

	#countFailure(error: unknown): void {
		this.#failed++;
		// Preparation says at which stage a connection failed before it had a handler.
		const stage = error instanceof Error && "stage" in error ? error.stage : undefined;
		if (stage === "proxy") this.#proxyErrors++;
		if (stage === "tls") this.#tlsErrors++;
	}

	acceptFailed(error: SocketError): void {
		this.#acceptErrors++;
		if (acceptFailed.hasSubscribers) acceptFailed.publish({ server: this.#server, error });
	}

	/** @param active how many requests are being handled */
	statistics(active: number): ServerStatistics {
		return {
			accepted: this.#accepted,
			refused: this.#refused,
			limited: this.#limited,
			delayed: this.#delayed,
			finished: this.#finished,
			failed: this.#failed,
			proxyErrors: this.#proxyErrors,
			tlsErrors: this.#tlsErrors,
			ended: this.#ended,
			active,
			acceptErrors: this.#acceptErrors,
		};
	}
}
