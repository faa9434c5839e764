/**
 * `BaseRequestHandler`: what a program derives its own handlers from. Python's socketserver.BaseRequestHandler.
 */
import type { BaseServer, RequestHandler } from "./base.js";
import { proxyHeaderOf } from "./connection.js";
import type { ProxyHeader } from "./proxy/types.js";

/**
 * Handles one request: an object is made for each. Derive a class and give it handle(); setup() and finish() are
 * there for what is the same in several. Each may be asynchronous.
 *
 * Python handles the request in the constructor; here the server calls the three methods, so that fields of a
 * subclass are there when they run.
 */
export abstract class BaseRequestHandler<
	Request = unknown,
	ClientAddress = unknown,
	Server extends BaseServer<Request, ClientAddress> = BaseServer<Request, ClientAddress>,
> implements RequestHandler
{
	/** What is to be handled: a connection, or a datagram and the socket to answer with. */
	readonly request: Request;
	/** Who asks. */
	readonly clientAddress: ClientAddress;
	/** The server that got the request. */
	readonly server: Server;

	/** Made by the server. */
	constructor(request: Request, clientAddress: ClientAddress, server: Server) {
		this.request = request;
		this.clientAddress = clientAddress;
		this.server = server;
	}

	/** Aborts when the server ends the request before it is finished. Hand it to what waits for something else. */
	get signal(): AbortSignal {
		return this.server.signalOf(this.request);
	}

	/**
	 * The header of the PROXY protocol that the connection came with: what the proxy says beside the client's address.
	 * Undefined when the peer is not a trusted proxy.
	 */
	get proxyHeader(): ProxyHeader | undefined {
		return proxyHeaderOf(this.request);
	}

	/** Called before handle(). Nothing in here. */
	setup(): void | Promise<void> {}

	/** Handles the request. */
	abstract handle(): void | Promise<void>;

	/** Called after handle(), also when it failed; not when setup() did. Nothing in here. */
	finish(): void | Promise<void> {}
}
