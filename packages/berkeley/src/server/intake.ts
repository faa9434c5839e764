/**
 * How a server comes to its requests: one after another, or as a flow, and on after what accept(2) fails with.
 */
import type { WaitOptions } from "../arguments.js";
import type { SocketError } from "../errors.js";
import type { Flow } from "../socket/flow.js";
import { Backoff, isAborted, isExhaustion, isTimeout } from "./accepting.js";

type Got<Request, ClientAddress> = [request: Request, clientAddress: ClientAddress];

/** The server, as it is seen from here. */
interface Host<Request, ClientAddress> {
	isOpen(): boolean;
	getRequest(options: WaitOptions): Promise<Got<Request, ClientAddress>>;
	requestFlow(
		take: (request: Request, clientAddress: ClientAddress) => void,
		signal: AbortSignal,
	): Flow | undefined;
	/** The next request may be taken when the promise is fulfilled, or at once where there is none. */
	handle(request: Request, clientAddress: ClientAddress): Promise<void> | undefined;
	serviceActions(): void | Promise<void>;
	/** Descriptors or memory are used up; for the first time since something was accepted, or again. */
	exhausted(error: SocketError, first: boolean): void;
	raise(error: unknown): void;
}

/** Takes a server's requests, and hands them to it. */
export class Intake<Request, ClientAddress> {
	readonly #host: Host<Request, ClientAddress>;
	readonly #backoff = new Backoff();

	constructor(host: Host<Request, ClientAddress>) {
		this.#host = host;
	}

	/** Hands over requests as they come, where there is a flow: no promise, timer or listener is made for each. */
	async serveFlow(stop: AbortSignal): Promise<void> {
		const host = this.#host;
		let handling: Promise<void> | undefined;
		let flow: Flow | undefined;
		const take = (request: Request, clientAddress: ClientAddress): void => {
			this.#backoff.reset();
			try {
				handling = host.handle(request, clientAddress);
			} catch (error) {
				host.raise(error);
			}
			if (handling === undefined) return;
			flow?.pause();
			handling.then(
				() => flow?.resume(),
				(error) => host.raise(error),
			);
		};
		while (!stop.aborted && host.isOpen()) {
			flow = host.requestFlow(take, stop);
			if (flow === undefined) return;
			try {
				await flow.ended;
			} catch (error) {
				if (!(await this.#mayGoOn(error, stop))) break;
			}
		}
		// What was accepted is answered, also when the server is being shut down.
		await handling;
	}

	/**
	 * Hands over one request after another.
	 * @param limit milliseconds without a request, then serviceActions() is called
	 */
	// What needs no waiting is not awaited in here, nor in what it calls: each await costs a request its time.
	async serveEach(limit: number | null, stop: AbortSignal): Promise<void> {
		const host = this.#host;
		const waiting = { timeout: limit, signal: stop };
		while (!stop.aborted && host.isOpen()) {
			let got: Got<Request, ClientAddress> | undefined;
			try {
				got = await host.getRequest(waiting);
				this.#backoff.reset();
			} catch (error) {
				if (await this.#mayGoOn(error, stop)) got = await this.next(limit, stop);
			}
			// What was accepted is answered, also when the server is being shut down.
			if (got !== undefined) {
				const handling = host.handle(got[0], got[1]);
				if (handling !== undefined) await handling;
			}
			const actions = stop.aborted ? undefined : host.serviceActions();
			if (actions !== undefined) await actions;
		}
	}

	/** The next request; undefined when none came in time, or the server was stopped or closed. */
	async next(
		limit: number | null,
		signal: AbortSignal | undefined,
	): Promise<Got<Request, ClientAddress> | undefined> {
		const deadline = limit === null ? Number.POSITIVE_INFINITY : performance.now() + limit;
		let timeout = limit;
		for (;;) {
			try {
				const got = await this.#host.getRequest({ timeout, signal });
				this.#backoff.reset();
				return got;
			} catch (error) {
				if (!(await this.#mayGoOn(error, signal))) return undefined;
			}
			timeout = limit === null ? null : Math.max(deadline - performance.now(), 0);
		}
	}

	/**
	 * Whether to ask for a request again after a failure, which may be after a pause; false when none came in time, or
	 * the server was stopped or closed. Throws what is raised.
	 */
	async #mayGoOn(error: unknown, signal: AbortSignal | undefined): Promise<boolean> {
		const host = this.#host;
		if (signal?.aborted || !host.isOpen() || isTimeout(error)) return false;
		if (isExhaustion(error)) {
			host.exhausted(error, this.#backoff.fresh);
			await this.#backoff.wait(signal);
		} else if (!isAborted(error)) {
			throw error;
		}
		return !signal?.aborted && host.isOpen();
	}
}
