/**
 * `BaseServer`: the loop that takes requests, and the hooks around it. Python's socketserver.BaseServer.
 *
 * What differs from Python, on purpose:
 * - The server opens when it is first needed, and not in the constructor: so a subclass may set the attributes as
 *   fields, which JavaScript initializes after the constructor of the base class.
 * - getRequest() is what waits for a request, not a selector before it: so a request costs no system call more.
 * - What accept(2) fails with is not dropped: see `serveForever`.
 * - shutdown() can be awaited in the same thread, has a grace time, and tells how many requests it ended.
 */
import { setMaxListeners } from "node:events";
import { kindOf } from "../address/bytes.js";
import type { Address } from "../address/types.js";
import { checkTimeout, type WaitOptions } from "../arguments.js";
import { describeAddress, type SocketError, socketError } from "../errors.js";
import type { Flow } from "../socket/flow.js";
import { EBADF } from "../sys/linux/errnos.js";
import { Admission, holdBack } from "./admission.js";
import { Intake } from "./intake.js";
import type { Limiter, ServerLimits } from "./limits.js";
import { Observer, type ServerStatistics } from "./observer.js";
import { isRefusal } from "./refusal.js";
import { Running, ShutdownError } from "./running.js";
import { onFirstSignal, signalsOf } from "./signals.js";
import { Service } from "./systemd/service.js";

// setTimeout takes no more.
const longestTimer = 2 ** 31 - 1;

/** What handles one request. The server calls setup(), handle() and finish(), each when the one before is over. */
export interface RequestHandler {
	/** Called first. When it fails neither of the others is called. */
	setup(): void | Promise<void>;
	/** Does the work. */
	handle(): void | Promise<void>;
	/** Called last, also when handle() has failed. */
	finish(): void | Promise<void>;
}

/** A class of request handlers, of which the server makes an object for each request. */
export type RequestHandlerClass<Request, ClientAddress> = new (
	request: Request,
	clientAddress: ClientAddress,
	server: never,
) => RequestHandler;

/** How serveForever() serves. */
export interface ServeForeverOptions {
	/** Milliseconds without a request after which serviceActions() is called; 500 when left out. */
	pollInterval?: number | null | undefined;
	/**
	 * Signals that shut the server down, with its grace period: true for SIGTERM and SIGINT. serveForever() is
	 * fulfilled when the shutdown is over. The second signal has its default effect, which ends the process.
	 */
	signals?: boolean | readonly NodeJS.Signals[] | undefined;
}

/** How shutdown() ends what is under way. */
export interface ShutdownOptions {
	/** Milliseconds that running requests have; null for as long as they take. The server's own when left out. */
	grace?: number | null | undefined;
	/** Whether another process goes on serving from the same sockets; so that systemd is not told of an end. */
	handedOver?: boolean | undefined;
}

/** What the options of serveForever() come to. Internal. */
export function checkServing({ pollInterval = 500, signals }: ServeForeverOptions): {
	limit: number | null;
	names: readonly NodeJS.Signals[];
} {
	return { limit: checkTimeout("pollInterval", pollInterval), names: signalsOf(signals) };
}

/**
 * The base of all servers. A subclass says where requests come from, by getRequest() and fileno(); every other
 * method may be overridden. One request is handled at a time, unless a mix-in does otherwise.
 */
export abstract class BaseServer<Request = unknown, ClientAddress = unknown> {
	/** Milliseconds that handleRequest() waits for a request, null to wait without end. Python's timeout. */
	timeout: number | null = null;
	/** Milliseconds that shutdown() gives to running requests, null for as long as they take. */
	gracePeriod: number | null = 10_000;
	/**
	 * Whether systemd is told how the server is, where it started the process (Type=notify): READY=1 when it serves,
	 * STOPPING=1 when it begins to stop, WATCHDOG=1 meanwhile where WatchdogSec= is set. Set it on one server of the
	 * process, the one that begins to serve last; for more than that there is sdNotify().
	 */
	systemd = false;
	/**
	 * How many connections may come, and how many bytes may be moved; null, at first, for no limits. Another object
	 * counts anew, for the connections that come from then on.
	 */
	limits: ServerLimits | null = null;
	/** The class of the handlers. */
	readonly RequestHandlerClass: RequestHandlerClass<Request, ClientAddress>;
	#serverAddress: ClientAddress;
	#state: "new" | "open" | "closed" = "new";
	readonly #requests = new Map<Request, Running>();
	readonly #observer = new Observer(this);
	readonly #intake: Intake<Request, ClientAddress>;
	readonly #admission = new Admission<Request>((limiter) => this.checkLimits(limiter));
	#stop: AbortController | undefined = undefined;
	#service: Service | undefined = undefined;
	/** Aborts when the last serveForever() begins to stop. */
	#stopping: AbortSignal | undefined = undefined;
	#failure: { error: unknown } | undefined = undefined;
	#loop: Promise<void> = Promise.resolve();
	#ended: Promise<void> = this.#loop;
	/** Ends a request that begins when the grace time is over. */
	#tooLate: ((request: Request) => void) | undefined = undefined;

	/**
	 * @param serverAddress where to serve
	 * @param RequestHandlerClass what handles the requests
	 */
	constructor(
		serverAddress: ClientAddress,
		RequestHandlerClass: RequestHandlerClass<Request, ClientAddress>,
	) {
		if (typeof RequestHandlerClass !== "function") {
			throw new TypeError(`a server takes a class of request handlers, not ${kindOf(RequestHandlerClass)}`);
		}
		this.#serverAddress = serverAddress;
		this.RequestHandlerClass = RequestHandlerClass;
		this.#intake = new Intake({
			isOpen: () => this.#state === "open",
			getRequest: (options) => this.getRequest(options),
			requestFlow: (take, signal) => this.requestFlow(take, signal),
			handle: (request, clientAddress) => this.#handle(request, clientAddress),
			serviceActions: () => this.serviceActions(),
			exhausted: (error, first) => {
				this.#observer.acceptFailed(error);
				if (first) this.handleAcceptError(error);
			},
			raise: (error) => this.raise(error),
		});
	}

	/** Where the server serves: what it was given, until it is open. */
	get serverAddress(): ClientAddress {
		return this.#serverAddress;
	}

	set serverAddress(address: ClientAddress) {
		this.#serverAddress = address;
	}

	/** How many requests are being handled. */
	get activeRequests(): number {
		return this.#requests.size;
	}

	/**
	 * How many requests came, and what became of them. The events themselves are on the channels
	 * `berkeley.server.request.start`, `.finish`, `.error`, `.refuse` and `.delay`, and `berkeley.server.accept.error`, of
	 * node:diagnostics_channel: see RequestEvent and AcceptErrorEvent.
	 */
	statistics(): ServerStatistics {
		return this.#observer.statistics(this.#requests.size);
	}

	/** Whether serveForever() is under way. */
	get serving(): boolean {
		return this.#stop !== undefined;
	}

	/**
	 * Aborts when the server begins to shut down: its running requests have the grace time from then on. A handler
	 * that serves many requests on a connection then tells its client, and answers what is still on its way.
	 * serveForever() makes a new one.
	 */
	get stopping(): AbortSignal {
		this.#stopping ??= new AbortController().signal;
		// Every connection may listen to it.
		setMaxListeners(0, this.#stopping);
		return this.#stopping;
	}

	/** What the last serveForever() returned; fulfilled when there was none. */
	get ended(): Promise<void> {
		return this.#ended;
	}

	/**
	 * Binds and activates the server, which otherwise happens when it is first needed. Does nothing the second time.
	 * @throws SocketError as bind() and listen() do, and the server is closed then; EBADF when it was closed
	 */
	open(): this {
		if (this.#state === "closed") {
			throw socketError("open", -EBADF, { subject: "server", advice: "it is closed; make another one" });
		}
		if (this.#state === "open") return this;
		this.#admission.limiter(this.limits);
		this.#state = "open";
		try {
			this.serverOpen();
		} catch (error) {
			this.serverClose();
			throw error;
		}
		return this;
	}

	/** Whether open() is still to come. */
	get unopened(): boolean {
		return this.#state === "new";
	}

	/** What open() does: serverBind() and serverActivate(). */
	protected serverOpen(): void {
		this.serverBind();
		this.serverActivate();
	}

	/** Binds the server to its address. Nothing in here. */
	serverBind(): void {}

	/** Lets the server take requests, after it was bound. Nothing in here. */
	serverActivate(): void {}

	/** The descriptor's number, so that a selector can wait for requests; -1 when the server is closed. */
	abstract fileno(): number;

	/**
	 * The next request, and who makes it.
	 * @param options how long to wait, and the signal of shutdown(); hand them on to what waits
	 */
	abstract getRequest(options?: WaitOptions): Promise<[request: Request, clientAddress: ClientAddress]>;

	/**
	 * Serves until shutdown(). What cannot be accepted for want of descriptors or memory (EMFILE, ENFILE, ENOBUFS,
	 * ENOMEM) goes to handleAcceptError(), and the server waits, 50 ms at first and a second at the longest. A
	 * client that gave up before it was accepted (ECONNABORTED) is passed over. Anything else rejects, and so does
	 * what handleError() and serviceActions() throw. Closing the server ends it too.
	 * @throws SocketError; TypeError when it is under way already
	 */
	serveForever(options: ServeForeverOptions = {}): Promise<void> {
		if (this.serving) return Promise.reject(new TypeError("serveForever() is under way already"));
		const begun = this.#begin(options);
		this.#ended = begun;
		return begun;
	}

	async #begin(options: ServeForeverOptions): Promise<void> {
		const { limit, names } = checkServing(options);
		this.#admission.limiter(this.limits);
		this.open();
		const service = this.systemd ? new Service(this.#serverAddress) : undefined;
		this.#service = service;
		const stop = new AbortController();
		this.#stop = stop;
		this.#stopping = stop.signal;
		this.#failure = undefined;
		this.#tooLate = undefined;
		let stopped: Promise<unknown> | undefined;
		const forget = onFirstSignal(names, () => {
			// It rejects with what the loop rejects with, which is raised here.
			stopped = this.shutdown().catch(() => {});
		});
		try {
			this.#loop = this.#serve(limit, stop.signal);
			if (service !== undefined) {
				// That there will be no workers is raised by the loop.
				this.prepared().then(
					() => service.ready(),
					() => {},
				);
			}
			await this.#loop;
			await stopped;
		} finally {
			forget();
			await service?.release();
		}
	}

	async #serve(limit: number | null, stop: AbortSignal): Promise<void> {
		try {
			// Who acts in between wants to be called after each request, and when there is none.
			const acts = this.serviceActions !== BaseServer.prototype.serviceActions;
			if (this.sideBySide && !acts) await this.#intake.serveFlow(stop);
			await this.#intake.serveEach(limit, stop);
		} finally {
			this.#stop = undefined;
		}
		if (this.#failure !== undefined) throw this.#failure.error;
	}

	/** Whether a request may begin while others are handled: what a mix-in says. */
	protected get sideBySide(): boolean {
		return false;
	}

	/**
	 * Hands out requests as they come, in place of getRequest(), where they are handled side by side. Undefined when
	 * there is nothing of the kind, and getRequest() is to be called for each.
	 */
	protected requestFlow(
		_take: (request: Request, clientAddress: ClientAddress) => void,
		_signal: AbortSignal,
	): Flow | undefined {
		return undefined;
	}

	/**
	 * Handles one request: waits for it as long as `timeout` says and, where there is one, the socket's own
	 * timeout; calls handleTimeout() when none came. Accepts as serveForever() does.
	 */
	async handleRequest(): Promise<void> {
		this.#admission.limiter(this.limits);
		this.open();
		const got = await this.#intake.next(this.requestTimeout(), undefined);
		if (got !== undefined) await this.#handle(...got);
		else if (this.#state === "open") await this.handleTimeout();
	}

	/** How long handleRequest() waits. */
	protected requestTimeout(): number | null {
		return checkTimeout("timeout", this.timeout);
	}

	#handle(request: Request, clientAddress: ClientAddress): Promise<void> | undefined {
		this.#observer.accepted();
		try {
			if (!this.admits(clientAddress)) {
				this.#refuse(request, clientAddress, "address");
				return undefined;
			}
			if (this.limits !== null) {
				const limited = this.#limit(request, clientAddress);
				if (limited === undefined) return undefined;
				request = limited;
			}
			const good = this.verifyRequest(request, clientAddress);
			if (typeof good === "object") return this.#decide(good, request, clientAddress);
			if (good) {
				const processing = this.processRequest(request, clientAddress);
				if (processing !== undefined) return this.#await(processing, request, clientAddress);
			} else {
				this.#refuse(request, clientAddress, "verify");
			}
		} catch (error) {
			this.#giveUp(request, clientAddress, error);
		}
		return undefined;
	}

	async #decide(good: Promise<boolean>, request: Request, clientAddress: ClientAddress): Promise<void> {
		try {
			if (await good) await this.processRequest(request, clientAddress);
			else this.#refuse(request, clientAddress, "verify");
		} catch (error) {
			this.#giveUp(request, clientAddress, error);
		}
	}

	async #await(processing: Promise<void>, request: Request, clientAddress: ClientAddress): Promise<void> {
		try {
			await processing;
		} catch (error) {
			this.#giveUp(request, clientAddress, error);
		}
	}

	#refuse(request: Request, clientAddress: ClientAddress, by: "address" | "limit" | "verify"): void {
		this.#admission.forget(request);
		this.#observer.refused(request, clientAddress, by);
		this.shutdownRequest(request);
	}

	/** What the limits make of a request; undefined when it was refused. */
	#limit(request: Request, clientAddress: ClientAddress): Request | undefined {
		const limiter = this.#admission.limiter(this.limits);
		if (limiter === undefined) return request;
		const delay = limiter.admit(clientAddress as Address | undefined);
		if (delay < 0) {
			this.#refuse(request, clientAddress, "limit");
			return undefined;
		}
		const limited = this.meterRequest(request, limiter);
		if (delay > 0) this.#admission.postpone(limited, delay);
		return limited;
	}

	/** Requires that the server can keep its limits. Bytes are limited on streams alone. */
	protected checkLimits(limiter: Limiter): void {
		if (limiter.limitsBytes) {
			throw new TypeError("bytes are limited on the connections of a stream: limit the requests instead");
		}
	}

	/** The request with its bytes limited: another object, as a rule. */
	protected meterRequest(request: Request, _limiter: Limiter): Request {
		return request;
	}

	/** Tells of what verifyRequest() or processRequest() failed with, and ends the request. */
	#giveUp(request: Request, clientAddress: ClientAddress, error: unknown): void {
		this.#admission.forget(request);
		try {
			this.reportError(request, clientAddress, error);
		} finally {
			this.shutdownRequest(request);
		}
	}

	/** Whether a client may ask at all, before verifyRequest() is called. True in here. */
	protected admits(_clientAddress: ClientAddress): boolean {
		return true;
	}

	/**
	 * Whether to go on with a request; true in here. A request that is refused is shut down. The next one is
	 * accepted when this is known, so it should not wait for the client.
	 */
	verifyRequest(_request: Request, _clientAddress: ClientAddress): boolean | Promise<boolean> {
		return true;
	}

	/**
	 * Handles a request and shuts it down. When the promise is fulfilled, or at once where there is none, the server
	 * takes the next one; when it rejects, handleError() is called and the request is shut down.
	 */
	processRequest(request: Request, clientAddress: ClientAddress): void | Promise<void> {
		return this.runRequest(request, clientAddress).then(() => this.shutdownRequest(request));
	}

	/** Handles a request by finishRequest(), which the server may end before it is through: `endRequest`. */
	protected async runRequest(request: Request, clientAddress: ClientAddress): Promise<void> {
		const running = new Running();
		this.#requests.set(request, running);
		this.#tooLate?.(request);
		try {
			this.#observer.started(request, clientAddress);
			const delay = this.#admission.forget(request);
			if (delay !== undefined) {
				this.#observer.delayed(request, clientAddress, delay);
				await holdBack(running.signal, delay);
			}
			if (!running.ended) running.follow(this.finishRequest(request, clientAddress));
			await running.over;
			this.#observer.finished(request, clientAddress);
		} catch (error) {
			if (isRefusal(error)) this.#observer.refused(request, clientAddress, "address");
			else this.#observer.failed(request, clientAddress, error, running.ended);
			throw error;
		} finally {
			this.#requests.delete(request);
		}
	}

	/** Makes a handler for a request, and has it set up, handle and finish. */
	async finishRequest(request: Request, clientAddress: ClientAddress): Promise<void> {
		const handler = new this.RequestHandlerClass(request, clientAddress, this as never);
		// What is not asynchronous is not awaited: each would cost a turn of the microtasks.
		const ready = handler.setup();
		if (ready !== undefined) await ready;
		try {
			const handled = handler.handle();
			if (handled !== undefined) await handled;
		} finally {
			const finished = handler.finish();
			if (finished !== undefined) await finished;
		}
	}

	/**
	 * Ends a request that is being handled: closes it, and aborts its signal. Its handler is not waited for any
	 * more, and handleError() is called with the reason.
	 * @returns false when the request is not being handled
	 */
	endRequest(request: Request, reason: Error): boolean {
		const running = this.#requests.get(request);
		if (running === undefined) return false;
		running.end(reason);
		this.closeRequest(request);
		return true;
	}

	/**
	 * The signal of a request that is being handled, which aborts when the server ends it. Of one that is over it
	 * is aborted.
	 */
	signalOf(request: Request): AbortSignal {
		return this.#requests.get(request)?.signal ?? AbortSignal.abort();
	}

	/** Ends what was made for a request. Calls closeRequest() in here. */
	shutdownRequest(request: Request): void {
		this.closeRequest(request);
	}

	/** Releases what was made for a request. Nothing in here. */
	closeRequest(_request: Request): void {}

	/** Called when no request came to handleRequest() in time. Nothing in here. */
	handleTimeout(): void | Promise<void> {}

	/** Called by serveForever() after each request, and when `pollInterval` has passed without one. Nothing in here. */
	serviceActions(): void | Promise<void> {}

	/** Called with what a handler, verifyRequest() or processRequest() failed with. Writes it to standard error. */
	handleError(_request: Request, clientAddress: ClientAddress, error: unknown): void {
		const client = describeAddress(clientAddress as Address | undefined);
		console.error(`Exception while handling a request from ${client}:`, error);
	}

	/**
	 * Called when descriptors or memory are used up, once until something was accepted again. Writes it to standard
	 * error.
	 */
	handleAcceptError(error: SocketError): void {
		console.error(`The server cannot accept for now: ${error.message}`);
	}

	/** handleError(), but for requests that shutdown() has ended, which it counts, and for clients that are refused. */
	protected reportError(request: Request, clientAddress: ClientAddress, error: unknown): void {
		if (error instanceof ShutdownError || isRefusal(error)) return;
		this.handleError(request, clientAddress, error);
	}

	/** Makes serveForever() reject, for what happened beside it. */
	protected raise(error: unknown): void {
		if (this.#stop === undefined) throw error;
		this.#failure ??= { error };
		this.#stop.abort();
	}

	/**
	 * Stops serveForever(), and waits until the requests under way are finished, as long as the grace time lasts;
	 * then it ends them: their connections are closed, and their signals abort. The server stays open, and
	 * connections wait in the kernel, until serverClose(). A handler may call it, but must not wait for it.
	 * @returns how many requests it ended
	 * @throws what serveForever() rejects with
	 */
	async shutdown(options: ShutdownOptions = {}): Promise<number> {
		const grace = checkTimeout("grace", options.grace === undefined ? this.gracePeriod : options.grace);
		let count = 0;
		const end = (request: Request): void => {
			if (this.endRequest(request, new ShutdownError())) count++;
		};
		const timer =
			grace === null
				? undefined
				: setTimeout(
						() => {
							this.#tooLate = end;
							for (const request of this.#requests.keys()) end(request);
						},
						Math.min(grace, longestTimer),
					);
		// What it rejected with earlier was raised then.
		const loop = this.serving ? this.#loop : undefined;
		const service = this.serving ? this.#service : undefined;
		service?.stopping(this.#requests.size, options.handedOver ?? false);
		this.#stop?.abort();
		try {
			await loop;
			while (this.#requests.size > 0) {
				await Promise.allSettled([...this.#requests.values()].map(({ over }) => over));
			}
		} finally {
			clearTimeout(timer);
			await service?.release();
		}
		return count;
	}

	/**
	 * Fulfilled when requests are handled as they come: at once in here; a mix-in whose workers have to start first
	 * waits for them. Rejects when there will be none. It is asked while the server serves.
	 */
	prepared(): Promise<void> {
		return Promise.resolve();
	}

	/** Closes the server, but nothing that it handles: it takes no requests any more. */
	serverClose(): void {
		this.#state = "closed";
	}

	/** shutdown() and serverClose(). @returns how many requests were ended */
	async close(options?: ShutdownOptions): Promise<number> {
		try {
			return await this.shutdown(options);
		} finally {
			this.serverClose();
		}
	}

	/** close(): `await using server = new TCPServer(…)`. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
	}

	/** serverClose(): `using server = …`. Python's `with`. */
	[Symbol.dispose](): void {
		this.serverClose();
	}
}
