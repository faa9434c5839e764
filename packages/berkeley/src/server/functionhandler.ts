/**
 * Functions as handlers: for programs that need no classes.
 */
import type { RequestHandlerClass } from "./base.js";
import { BaseRequestHandler } from "./handler.js";
import type { ProxyHeader } from "./proxy/types.js";

/** What a handler function is given beside the request. */
export interface RequestContext<ClientAddress> {
	/** Who asks. */
	readonly clientAddress: ClientAddress;
	/** The header of the PROXY protocol that the connection came with; undefined when the peer is not a trusted proxy. */
	readonly proxyHeader: ProxyHeader | undefined;
	/** Aborts when the server ends the request before the function is through. */
	readonly signal: AbortSignal;
	/** Aborts when the server begins to shut down, and the request has the grace time. */
	readonly stopping: AbortSignal;
}

/** Handles a request: the function, or a class of handlers. The request is over when the function's promise is. */
export type Handler<Request, ClientAddress> =
	| ((request: Request, context: RequestContext<ClientAddress>) => void | Promise<void>)
	| RequestHandlerClass<Request, ClientAddress>;

/** A function as a class of handlers; a class as it is. Internal. */
export function handlerClass(handler: Handler<unknown, unknown>): RequestHandlerClass<unknown, unknown> {
	if (isClass(handler)) return handler;
	return class extends BaseRequestHandler {
		override handle(): void | Promise<void> {
			const context = new FunctionContext(this);
			return handler(this.request, context);
		}
	};
}

/** The signal is made when it is asked for. */
class FunctionContext implements RequestContext<unknown> {
	readonly #handler: BaseRequestHandler;
	readonly clientAddress: unknown;

	constructor(handler: BaseRequestHandler) {
		this.#handler = handler;
		this.clientAddress = handler.clientAddress;
	}

	get proxyHeader(): ProxyHeader | undefined {
		return this.#handler.proxyHeader;
	}

	get signal(): AbortSignal {
		return this.#handler.signal;
	}

	get stopping(): AbortSignal {
		return this.#handler.server.stopping;
	}
}

function isClass(handler: Handler<unknown, unknown>): handler is RequestHandlerClass<unknown, unknown> {
	return typeof (handler.prototype as { handle?: unknown } | undefined)?.handle === "function";
}
