/**
 * The servers that handlers see in a thread or a process that serves another one: they accept nothing themselves.
 */
import { setMaxListeners } from "node:events";
import type { Address } from "../../address/types.js";
import type { Socket } from "../../socket/socket.js";
import type { RequestHandlerClass } from "../base.js";
import { type DatagramRequest, DatagramServer } from "../datagramserver.js";
import { meterConnection } from "../limits.js";
import type { ServerStatistics } from "../observer.js";
import { StreamServer } from "../streamserver.js";
import type { RemoteSetup } from "./messages.js";

/** What a place does with its server, whatever its kind. */
export interface RemoteServer {
	/** The request as its handler sees it: with its bytes limited, where they are. */
	limited(request: unknown): unknown;
	/** Handles a request and closes it. Rejects with what the handler failed with. */
	perform(request: unknown, clientAddress: unknown): Promise<void>;
	/** Ends a request that is being handled. */
	endRequest(request: unknown, reason: Error): boolean;
	/** Has `stopping` abort. */
	windDown(): void;
	/** What ran in here. */
	statistics(): ServerStatistics;
}

/** The server of connections that handlers see. */
class RemoteStreamServer extends StreamServer<number> implements RemoteServer {
	override addressFamily: number;
	readonly #stopping = new AbortController();

	constructor(setup: RemoteSetup, Handlers: RequestHandlerClass<Socket, Address>) {
		super(setup.serverAddress as never, Handlers, false);
		this.addressFamily = setup.family;
		this.socketType = setup.type;
		Object.assign(this, setup.attributes);
	}

	/** The listening socket is where connections are accepted. */
	override get socket(): Socket {
		throw new TypeError("the listening socket is in the thread or process that accepts, and not in this one");
	}

	override fileno(): number {
		return -1;
	}

	override get stopping(): AbortSignal {
		// Every connection may listen to it.
		setMaxListeners(0, this.#stopping.signal);
		return this.#stopping.signal;
	}

	windDown(): void {
		this.#stopping.abort();
	}

	override statistics(): ServerStatistics {
		return withAccepted(super.statistics());
	}

	limited(request: Socket): Socket {
		return this.limits === null ? request : meterConnection(request, this.limits);
	}

	async perform(request: Socket, clientAddress: Address): Promise<void> {
		try {
			await this.runRequest(request, clientAddress as never);
		} finally {
			this.shutdownRequest(request);
		}
	}
}

/** The server of datagrams that handlers see. Its socket is another descriptor of the server's own. */
class RemoteDatagramServer extends DatagramServer<number> implements RemoteServer {
	override addressFamily: number;
	readonly #stopping = new AbortController();

	constructor(
		setup: RemoteSetup,
		Handlers: RequestHandlerClass<DatagramRequest<number>, Address>,
		socket: Socket | undefined,
	) {
		super(setup.serverAddress as never, Handlers, false);
		this.addressFamily = setup.family;
		this.socketType = setup.type;
		if (socket !== undefined) this.socket = socket;
		Object.assign(this, setup.attributes);
	}

	override get stopping(): AbortSignal {
		// Every connection may listen to it.
		setMaxListeners(0, this.#stopping.signal);
		return this.#stopping.signal;
	}

	windDown(): void {
		this.#stopping.abort();
	}

	override statistics(): ServerStatistics {
		return withAccepted(super.statistics());
	}

	limited(request: unknown): unknown {
		return request;
	}

	async perform(request: DatagramRequest<number>, clientAddress: Address): Promise<void> {
		try {
			await this.runRequest(request, clientAddress as never);
		} finally {
			this.shutdownRequest(request);
		}
	}
}

/** Everything that comes here was accepted elsewhere. */
function withAccepted(counts: ServerStatistics): ServerStatistics {
	const { finished, failed, ended, active, refused } = counts;
	return { ...counts, accepted: finished + failed + ended + active + refused };
}

/**
 * The server for the handlers of a place.
 * @param socket for datagrams: the socket to answer with
 */
export function remoteServer(
	setup: RemoteSetup,
	Handlers: RequestHandlerClass<unknown, unknown>,
	socket: Socket | undefined,
): RemoteServer {
	if (setup.stream) return new RemoteStreamServer(setup, Handlers as RequestHandlerClass<Socket, Address>);
	const Handling = Handlers as RequestHandlerClass<DatagramRequest<number>, Address>;
	return new RemoteDatagramServer(setup, Handling, socket);
}
