/**
 * Servers of connections: TCP and Unix streams, and any other family by `StreamServer`.
 */
import { kindOf } from "../address/bytes.js";
import { Cidr } from "../address/cidr.js";
import type { AddressOf } from "../address/types.js";
import type { WaitOptions } from "../arguments.js";
import { SocketError } from "../errors.js";
import type { Flow } from "../socket/flow.js";
import { Socket } from "../socket/socket.js";
import { AF_INET, AF_UNIX } from "../sys/linux/constants/families.js";
import { SHUT_WR } from "../sys/linux/constants/shutdown.js";
import { SOCK_STREAM } from "../sys/linux/constants/types.js";
import type { RequestHandlerClass } from "./base.js";
import { acceptedSocket, type ProxiedAddress, type TlsConnection } from "./connection.js";
import type { Limiter } from "./limits.js";
import {
	type ConnectionSettings,
	Preparation,
	type ProxyProtocolOptions,
	proxySettings,
} from "./preparation.js";
import { type Inet, SocketServer } from "./socketserver.js";
import { TlsContexts } from "./tls/contexts.js";
import type { SniChoice, TlsServerOptions } from "./tls/options.js";
import { Reloading } from "./tls/reloading.js";
import { tlsSettings } from "./tls/settings.js";

/** What can be done with the connections of a server before a handler has them, given to its constructor. */
export interface StreamServerOptions {
	/** False when the program calls serverBind() and serverActivate() itself, or sets `socket`. */
	readonly bindAndActivate?: boolean | undefined;
	/** See StreamServer.proxyProtocol. */
	readonly proxyProtocol?: ProxyProtocolOptions | null | undefined;
	/** See StreamServer.tls. */
	readonly tls?: TlsServerOptions | null | undefined;
}

/** What handles the connections of a server with TLS: with that, or with what plain connections have, too. */
export type TlsHandlerClass<Family extends number> =
	| RequestHandlerClass<TlsConnection<Family>, ProxiedAddress<Family>>
	| RequestHandlerClass<Socket<Family>, ProxiedAddress<Family>>;

/** A server of connections; a request is the connection's socket. A subclass names the family. */
export abstract class StreamServer<Family extends number> extends SocketServer<Family, Socket<Family>> {
	/** SOCK_STREAM at first; SOCK_SEQPACKET does as well. */
	override socketType: number = SOCK_STREAM;
	/**
	 * How many connections may stand in line to be accepted; 5 at first, as in Python, which is little for a busy server:
	 * who finds the line full is kept waiting for a second. listen(2).
	 */
	requestQueueSize = 5;
	/**
	 * Whether, and from whom, the server takes headers of the PROXY protocol (versions 1 and 2); null, at first, from
	 * nobody. The client's address is then the one in the header, and the rest of it is `proxyHeader` of the handler.
	 * `allow` and `deny` hold for the proxy and for its client; verifyRequest() sees the proxy. It is read when the server
	 * opens. Where threads or processes handle the connections, they know the lists as they were when they started.
	 */
	proxyProtocol: ProxyProtocolOptions | null = null;
	/**
	 * How the server speaks TLS; null, at first, not at all. The request of a handler is then a TlsSocket; the hooks of
	 * the server have the socket below it. It is read when the server opens: see reloadTls() for later.
	 */
	tls: TlsServerOptions | null = null;
	#preparation: Preparation | undefined = undefined;
	#settings: ConnectionSettings | undefined = undefined;
	#reloading: Reloading | undefined = undefined;

	/**
	 * @param serverAddress where to serve: `{ host, port }`, or the path of a Unix socket; port 0 lets the kernel
	 *   choose, and `serverAddress` tells which
	 * @param RequestHandlerClass what handles the connections
	 * @param options false when the program calls serverBind() and serverActivate() itself, or sets `socket`
	 */
	constructor(
		serverAddress: AddressOf<Family>,
		RequestHandlerClass: RequestHandlerClass<Socket<Family>, AddressOf<Family>>,
		options?: boolean | (StreamServerOptions & { proxyProtocol?: null | undefined; tls?: null | undefined }),
	);
	/** A server behind proxies: `new TCPServer(address, Handler, { proxyProtocol: { trusted } })`. */
	constructor(
		serverAddress: AddressOf<Family>,
		RequestHandlerClass: RequestHandlerClass<Socket<Family>, ProxiedAddress<Family>>,
		options: StreamServerOptions & { proxyProtocol: ProxyProtocolOptions; tls?: null | undefined },
	);
	/** A server with TLS: `new TCPServer(address, Handler, { tls: { key, cert } })`. */
	constructor(
		serverAddress: AddressOf<Family>,
		RequestHandlerClass: TlsHandlerClass<Family>,
		options: StreamServerOptions & { tls: TlsServerOptions },
	);
	constructor(
		serverAddress: AddressOf<Family>,
		RequestHandlerClass: unknown,
		options: boolean | StreamServerOptions = true,
	) {
		const given = typeof options === "boolean" ? { bindAndActivate: options } : options;
		if (typeof given !== "object" || given === null) {
			throw new TypeError(`a server takes true, false or an object of options, not ${kindOf(options)}`);
		}
		const Handling = RequestHandlerClass as RequestHandlerClass<Socket<Family>, AddressOf<Family>>;
		super(serverAddress, Handling, given.bindAndActivate);
		this.proxyProtocol = given.proxyProtocol ?? null;
		this.tls = given.tls ?? null;
	}

	/**
	 * What is done with connections before a handler has them, as data that can be cloned; undefined when nothing is.
	 * See preparation.ts. Internal.
	 */
	get connectionSettings(): ConnectionSettings | undefined {
		if (typeof this.tls?.sni === "function") {
			throw new TypeError("tls.sni cannot be a function where connections go to threads or processes");
		}
		this.#prepare();
		const { allow, deny } = this;
		return this.#settings && { ...this.#settings, allow: allow?.map(String) ?? null, deny: deny.map(String) };
	}

	set connectionSettings(settings: ConnectionSettings | undefined) {
		this.#preparation = settings && new Preparation(settings);
		this.#settings = settings;
		if (settings === undefined) return;
		this.allow = settings.allow?.map((block) => new Cidr(block)) ?? null;
		this.deny = settings.deny.map((block) => new Cidr(block));
	}

	/** Makes what the options ask for, once. */
	#prepare(): void {
		const { proxyProtocol, tls } = this;
		if (this.#preparation !== undefined || (proxyProtocol === null && tls === null)) return;
		if (this.socketType !== SOCK_STREAM) {
			throw new TypeError("proxyProtocol and tls need a stream of bytes: socketType must be SOCK_STREAM");
		}
		const proxy = proxyProtocol && proxySettings(proxyProtocol);
		const reloading = tls === null ? undefined : this.#watch(tls);
		try {
			const settings = { proxyProtocol: proxy, tls: tls && tlsSettings(tls), allow: null, deny: [] };
			this.#preparation = new Preparation(settings, choiceOf(tls));
			this.#settings = settings;
			this.#reloading = reloading;
		} catch (error) {
			reloading?.close();
			throw error;
		}
	}

	#watch(options: TlsServerOptions): Reloading {
		return new Reloading(options, () => {
			try {
				this.reloadTls();
			} catch (error) {
				this.handleReloadError(error);
			}
		});
	}

	protected override serverOpen(): void {
		this.#prepare();
		super.serverOpen();
	}

	/** Closes the socket, and reads no certificates again. */
	override serverClose(): void {
		this.#reloading?.close();
		super.serverClose();
	}

	/**
	 * Takes other keys and certificates, without missing a connection: those that come from now on have them, those
	 * under way keep theirs.
	 * @param options the new ones; the same again when left out, whose files are read again
	 * @throws TlsError, TypeError or a file's error; then everything stays as it was
	 */
	reloadTls(options?: TlsServerOptions): void {
		this.#prepare();
		const next = options ?? this.tls;
		const preparation = this.#preparation;
		const settings = this.#settings;
		if (next === null || preparation?.tls === undefined || settings === undefined) {
			throw new TypeError("the server speaks no TLS: set `tls` before it opens");
		}
		const reloading = options && this.#watch(options);
		try {
			const tls = tlsSettings(next);
			preparation.tls = new TlsContexts(tls, choiceOf(next));
			this.#settings = { ...settings, tls };
		} catch (error) {
			reloading?.close();
			throw error;
		}
		this.tls = next;
		if (reloading !== undefined) {
			this.#reloading?.close();
			this.#reloading = reloading;
		}
		this.settingsChanged();
		this.tlsReloaded();
	}

	/** Called when `connectionSettings` are others, for those who have handed them on. Nothing in here. */
	protected settingsChanged(): void {}

	/** Called when the server has taken other keys and certificates. Nothing in here. */
	tlsReloaded(): void {}

	/**
	 * Called when files have changed, or the signal came, and what is in them cannot be used: the server keeps what it
	 * has. Writes it to standard error.
	 */
	handleReloadError(error: unknown): void {
		console.error("The server keeps its certificates, for the new ones cannot be used:", error);
	}

	/** Handles a connection, which is made ready first: the header of the PROXY protocol, and TLS. */
	override finishRequest(request: Socket<Family>, clientAddress: AddressOf<Family>): Promise<void> {
		if (this.#preparation === undefined && this.proxyProtocol === null && this.tls === null) {
			return super.finishRequest(request, clientAddress);
		}
		return this.#finishPrepared(request, clientAddress);
	}

	async #finishPrepared(request: Socket<Family>, clientAddress: AddressOf<Family>): Promise<void> {
		this.#prepare();
		await this.#preparation?.serve(request as Socket, clientAddress, {
			admits: (client) => this.admits(client as AddressOf<Family>),
			handle: (ready, client) => super.finishRequest(ready as Socket<Family>, client as AddressOf<Family>),
		});
	}

	/** Ends a connection that is being handled, given as its handler has it or as it was accepted. */
	override endRequest(request: Socket<Family>, reason: Error): boolean {
		return super.endRequest(acceptedSocket(request as Socket) as Socket<Family>, reason);
	}

	/** The signal of a connection that is being handled, given in either form. */
	override signalOf(request: Socket<Family>): AbortSignal {
		return super.signalOf(acceptedSocket(request as Socket) as Socket<Family>);
	}

	/** Lets the socket listen. */
	override serverActivate(): void {
		this.socket.listen(this.requestQueueSize);
	}

	/** The next connection. */
	getRequest(options?: WaitOptions): Promise<[request: Socket<Family>, clientAddress: AddressOf<Family>]> {
		return this.socket.accept(options);
	}

	protected override requestFlow(
		take: (request: Socket<Family>, clientAddress: AddressOf<Family>) => void,
		signal: AbortSignal,
	): Flow | undefined {
		// Who has a getRequest() of his own expects it to be called.
		if (this.getRequest !== StreamServer.prototype.getRequest) return undefined;
		return this.socket.acceptEach(take, { signal });
	}

	protected override checkLimits(limiter: Limiter): void {
		if (this.socketType !== SOCK_STREAM) super.checkLimits(limiter);
	}

	protected override meterRequest(request: Socket<Family>, limiter: Limiter): Socket<Family> {
		if (limiter.limitsBytes && !(request instanceof Socket)) {
			throw new TypeError(`bytes are limited where getRequest() gives a Socket, and not ${kindOf(request)}`);
		}
		return limiter.meter(request);
	}

	/** Ends the sending side, so that the client sees an end, and closes the connection. */
	override shutdownRequest(request: Socket<Family>): void {
		try {
			request.shutdown(SHUT_WR);
		} catch (error) {
			// The client, or the handler, may have ended it before.
			if (!(error instanceof SocketError)) throw error;
		}
		this.closeRequest(request);
	}

	/** Closes the connection. */
	override closeRequest(request: Socket<Family>): void {
		request.close();
	}
}

/** A server of TCP connections; over IPv6 in a class with `override readonly addressFamily = AF_INET6`. Python's TCPServer. */
export class TCPServer extends StreamServer<Inet> {
	/** AF_INET at first. */
	override addressFamily: Inet = AF_INET;
}

/** A server of connections on a Unix socket. Python's UnixStreamServer. */
export class UnixStreamServer extends StreamServer<typeof AF_UNIX> {
	/** AF_UNIX. */
	override addressFamily: typeof AF_UNIX = AF_UNIX;
}

function choiceOf(options: TlsServerOptions | null): SniChoice | undefined {
	return typeof options?.sni === "function" ? options.sni : undefined;
}
