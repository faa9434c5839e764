/**
 * `serve()`: a server as a function, for programs that need no classes.
 */
import { kindOf } from "../address/bytes.js";
import type { Cidr } from "../address/cidr.js";
import type { Address, AddressOf, UnixAddress } from "../address/types.js";
import type { SocketError } from "../errors.js";
import type { Socket } from "../socket/socket.js";
import { AF_INET6, type AF_UNIX } from "../sys/linux/constants/families.js";
import { SOCK_DGRAM, SOCK_STREAM } from "../sys/linux/constants/types.js";
import { checkLimits } from "./asyncmixin.js";
import {
	AsyncTCPServer,
	AsyncUDPServer,
	AsyncUnixDatagramServer,
	AsyncUnixStreamServer,
} from "./asyncservers.js";
import { checkServing, type RequestHandlerClass, type ServeForeverOptions } from "./base.js";
import type { ProxiedAddress, TlsConnection } from "./connection.js";
import { type DatagramRequest, UDPServer } from "./datagramserver.js";
import { checkChildren } from "./forkingmixin.js";
import {
	ForkingTCPServer,
	ForkingUDPServer,
	ForkingUnixDatagramServer,
	ForkingUnixStreamServer,
} from "./forkingservers.js";
import { type Handler, handlerClass } from "./functionhandler.js";
import type { ServerLimits } from "./limits.js";
import type { ProxyProtocolOptions } from "./preparation.js";
import type { Inet } from "./socketserver.js";
import { StreamServer, TCPServer } from "./streamserver.js";
import { checkWorkers } from "./threadingmixin.js";
import {
	ThreadingTCPServer,
	ThreadingUDPServer,
	ThreadingUnixDatagramServer,
	ThreadingUnixStreamServer,
} from "./threadingservers.js";
import type { TlsServerOptions } from "./tls/options.js";

/** How serve() serves connections. What is left out is as in AsyncTCPServer, but where it is said. */
export interface ServeOptions<Request = Socket, ClientAddress = Address> extends ServeForeverOptions {
	/** SOCK_STREAM, when left out, or SOCK_DGRAM. */
	type?: typeof SOCK_STREAM | typeof SOCK_DGRAM | undefined;
	/** AF_INET6 for a name that is to be served over IPv6; a numeric host and a path tell it themselves. */
	family?: Inet | undefined;
	/** Whether SO_REUSEADDR is set; true for TCP when left out, so that a restarted server gets its port back. */
	allowReuseAddress?: boolean | undefined;
	/** Whether SO_REUSEPORT is set. */
	allowReusePort?: boolean | undefined;
	/** How many connections may stand in line, capped by net.core.somaxconn; 1024 when left out. */
	requestQueueSize?: number | undefined;
	/** The largest datagram that is taken. */
	maxPacketSize?: number | undefined;
	/** How many requests are handled at the same time. */
	maxConnections?: number | undefined;
	/** Milliseconds that a silent client may keep an operation waiting. */
	idleTimeout?: number | null | undefined;
	/** Milliseconds that a request may take in all. */
	totalTimeout?: number | null | undefined;
	/** Milliseconds that shutdown() gives to running requests. */
	gracePeriod?: number | null | undefined;
	/** How many connections may come, and how many bytes may be moved. */
	limits?: ServerLimits | null | undefined;
	/** Whom to serve: clients in these blocks; all of them when left out. */
	allow?: readonly Cidr[] | null | undefined;
	/** Whom not to serve, though `allow` has them. */
	deny?: readonly Cidr[] | undefined;
	/** Whether to handle a request at all. */
	verify?: ((request: Request, clientAddress: ClientAddress) => boolean | Promise<boolean>) | undefined;
	/**
	 * A socket that is bound already, which another process passed: it is served from, and the address says only what
	 * kind of server it is. Its line is as long as it was, unless requestQueueSize is given.
	 */
	socket?: Socket | undefined;
	/** Whether systemd is told that the server is ready, that it is alive, and that it stops. */
	systemd?: boolean | undefined;
	/** Called with what a handler fails with, which is written to standard error when left out. */
	onError?: ((error: unknown, clientAddress: ClientAddress) => void) | undefined;
	/** Called when descriptors or memory are used up, once until something was accepted again. */
	onAcceptError?: ((error: SocketError) => void) | undefined;
}

/** The options of a server of connections. */
export interface StreamServeOptions<Family extends number>
	extends ServeOptions<Socket<Family>, AddressOf<Family>> {
	/** SOCK_STREAM, or nothing. */
	type?: typeof SOCK_STREAM | undefined;
	/** Whether, and from whom, headers of the PROXY protocol are taken. */
	proxyProtocol?: ProxyProtocolOptions | null | undefined;
	/** How TLS is spoken; not at all when left out. */
	tls?: TlsServerOptions | null | undefined;
	/** Called when keys and certificates could not be read again, which is written to standard error when left out. */
	onReloadError?: ((error: unknown) => void) | undefined;
}

/** The options of a server of connections without TLS. */
export interface PlainServeOptions<Family extends number> extends StreamServeOptions<Family> {
	/** Null, or nothing. */
	tls?: null | undefined;
}

/** The options of a server of connections that come through proxies, without TLS. */
export interface ProxiedServeOptions<Family extends number> extends PlainServeOptions<Family> {
	/** From whom headers of the PROXY protocol are taken. */
	proxyProtocol: ProxyProtocolOptions;
}

/** The options of a server of connections with TLS. */
export interface TlsServeOptions<Family extends number> extends StreamServeOptions<Family> {
	/** How TLS is spoken. */
	tls: TlsServerOptions;
}

/** The options of a server of connections that come from the clients themselves, without TLS. */
export interface DirectServeOptions<Family extends number> extends PlainServeOptions<Family> {
	/** Null, or nothing. */
	proxyProtocol?: null | undefined;
}

/** The options of a server of datagrams. */
export interface DatagramServeOptions<Family extends number>
	extends ServeOptions<DatagramRequest<Family>, AddressOf<Family>> {
	/** SOCK_DGRAM. */
	type: typeof SOCK_DGRAM;
}

/** What serve() takes beside the other options when the handler is the URL of a module: see ThreadingServing. */
export interface WorkerOptions {
	/** How many worker threads there are. */
	workers?: number | undefined;
	/** How many requests a thread handles at the same time; 1 for handlers that block. */
	requestsPerWorker?: number | undefined;
	/** Whether each thread has a listening socket of its own on the port. */
	listenInWorkers?: boolean | undefined;
	/** What a class of handlers finds as `this.server.workerData`. */
	workerData?: unknown;
	/** Called when a thread ended that handled no request, which is written to standard error when left out. */
	onWorkerError?: ((error: Error) => void) | undefined;
}

/** What serve() takes beside the other options when the handler is to run in child processes: see ForkingServing. */
export interface ChildrenOptions extends Pick<WorkerOptions, "workerData" | "onWorkerError"> {
	/** How many child processes there are at most. That it is given makes them processes, and not threads. */
	children: number;
	/** How many idle children are kept ready. */
	spareChildren?: number | undefined;
	/** How many requests a child handles in its life. */
	maxRequestsPerChild?: number | null | undefined;
}

/**
 * Serves connections on a path of a Unix socket, all in this event loop:
 * `await using server = serve("/run/echo", async (connection) => { … })`.
 * @returns the server, which serves already; `server.ended` rejects when it cannot go on
 * @throws SocketError as bind() and listen() do
 */
export function serve(
	address: UnixAddress,
	handler: Handler<Socket<typeof AF_UNIX>, UnixAddress>,
	options?: DirectServeOptions<typeof AF_UNIX>,
): AsyncUnixStreamServer;
/** Serves connections over TCP. */
export function serve(
	address: AddressOf<Inet>,
	handler: Handler<Socket<Inet>, AddressOf<Inet>>,
	options?: PlainServeOptions<Inet>,
): AsyncTCPServer;
/** Serves connections with TLS over TCP. */
export function serve(
	address: AddressOf<Inet>,
	handler: Handler<TlsConnection, AddressOf<Inet>> | RequestHandlerClass<Socket<Inet>, AddressOf<Inet>>,
	options: TlsServeOptions<Inet>,
): AsyncTCPServer;
/** Serves connections of proxies on a path of a Unix socket: their clients may have any address. */
export function serve(
	address: UnixAddress,
	handler: Handler<Socket<typeof AF_UNIX>, ProxiedAddress<typeof AF_UNIX>>,
	options: ProxiedServeOptions<typeof AF_UNIX>,
): AsyncUnixStreamServer;
/** Serves connections with TLS on a path of a Unix socket. */
export function serve(
	address: UnixAddress,
	handler: Handler<TlsConnection<typeof AF_UNIX>, ProxiedAddress<typeof AF_UNIX>>,
	options: TlsServeOptions<typeof AF_UNIX>,
): AsyncUnixStreamServer;
/** Serves datagrams on a path of a Unix socket. A request is the pair of the data and the server's socket. */
export function serve(
	address: UnixAddress,
	handler: Handler<DatagramRequest<typeof AF_UNIX>, UnixAddress>,
	options: DatagramServeOptions<typeof AF_UNIX>,
): AsyncUnixDatagramServer;
/** Serves UDP datagrams. */
export function serve(
	address: AddressOf<Inet>,
	handler: Handler<DatagramRequest<Inet>, AddressOf<Inet>>,
	options: DatagramServeOptions<Inet>,
): AsyncUDPServer;
/**
 * Serves connections on a path of a Unix socket, in child processes: a function or a class that the URL names, as
 * below, with `{ children: 4 }`.
 */
export function serve(
	address: UnixAddress,
	handlerModule: URL,
	options: StreamServeOptions<typeof AF_UNIX> & ChildrenOptions,
): ForkingUnixStreamServer;
/** Serves connections over TCP, in child processes. */
export function serve(
	address: AddressOf<Inet>,
	handlerModule: URL,
	options: StreamServeOptions<Inet> & ChildrenOptions,
): ForkingTCPServer;
/** Serves datagrams on a path of a Unix socket, in child processes. */
export function serve(
	address: UnixAddress,
	handlerModule: URL,
	options: DatagramServeOptions<typeof AF_UNIX> & ChildrenOptions,
): ForkingUnixDatagramServer;
/** Serves UDP datagrams, in child processes. */
export function serve(
	address: AddressOf<Inet>,
	handlerModule: URL,
	options: DatagramServeOptions<Inet> & ChildrenOptions,
): ForkingUDPServer;
/**
 * Serves connections on a path of a Unix socket, in worker threads. The handler, a function or a class, is what the
 * URL names: `serve("/run/echo", new URL("./handlers.js#echo", import.meta.url), { workers: 4 })`; without a fragment
 * it is the default export of the module.
 */
export function serve(
	address: UnixAddress,
	handlerModule: URL,
	options?: StreamServeOptions<typeof AF_UNIX> & WorkerOptions,
): ThreadingUnixStreamServer;
/** Serves connections over TCP, in worker threads. */
export function serve(
	address: AddressOf<Inet>,
	handlerModule: URL,
	options?: StreamServeOptions<Inet> & WorkerOptions,
): ThreadingTCPServer;
/** Serves datagrams on a path of a Unix socket, in worker threads. */
export function serve(
	address: UnixAddress,
	handlerModule: URL,
	options: DatagramServeOptions<typeof AF_UNIX> & WorkerOptions,
): ThreadingUnixDatagramServer;
/** Serves UDP datagrams, in worker threads. */
export function serve(
	address: AddressOf<Inet>,
	handlerModule: URL,
	options: DatagramServeOptions<Inet> & WorkerOptions,
): ThreadingUDPServer;
export function serve(
	address: UnixAddress | AddressOf<Inet>,
	handler: unknown,
	options: ServeOptions<never, never> & WorkerOptions & Partial<ChildrenOptions> = {},
): AnyServer {
	if (typeof handler !== "function" && !(handler instanceof URL)) {
		throw new TypeError(
			`serve takes a handler, not ${kindOf(handler)}: a function, a class, or the URL of a module that has it`,
		);
	}
	if (typeof options !== "object" || options === null) {
		throw new TypeError(`serve takes an object of options, not ${kindOf(options)}`);
	}
	const { type = SOCK_STREAM } = options;
	if (type !== SOCK_STREAM && type !== SOCK_DGRAM) {
		throw new RangeError(`type must be SOCK_STREAM or SOCK_DGRAM, not ${String(type)}`);
	}
	const isUnix = typeof address === "string";
	const inChildren = options.children !== undefined;
	const server: AnyServer =
		handler instanceof URL
			? new (inChildren ? (isUnix ? forkingUnix : forking) : isUnix ? threadingUnix : threading)[type](
					address as never,
					handler,
				)
			: new ((isUnix ? asyncUnix : async)[type] as new (address: unknown, handlers: unknown) => AnyServer)(
					address,
					handlerClass(handler as Handler<unknown, unknown>),
				);
	if (server instanceof StreamServer) {
		server.allowReuseAddress = options.allowReuseAddress ?? !isUnix;
		server.requestQueueSize = options.requestQueueSize ?? 1024;
		applyStreamOptions(server, options as StreamServeOptions<never>);
	} else {
		const { tls = null, proxyProtocol = null } = options as StreamServeOptions<never>;
		if (tls !== null || proxyProtocol !== null) {
			throw new TypeError("tls and proxyProtocol are for connections, and not for datagrams");
		}
		server.allowReuseAddress = options.allowReuseAddress ?? false;
		server.maxPacketSize = options.maxPacketSize ?? server.maxPacketSize;
	}
	if (server instanceof TCPServer || server instanceof UDPServer) {
		const isInet6 = !isUnix && address.host.includes(":");
		server.addressFamily = options.family ?? (isInet6 ? AF_INET6 : server.addressFamily);
	}
	applyOptions(server, options);
	if (handler instanceof URL && inChildren) applyChildrenOptions(server as ForkingServer, options);
	else if (handler instanceof URL) applyWorkerOptions(server as ThreadingServer, options);
	else checkNoWorkers(options);
	checkLimits(server);
	checkServing(options);
	if (options.socket !== undefined) server.adopt(options.socket);
	server.open();
	if (options.socket !== undefined && type === SOCK_STREAM && options.requestQueueSize !== undefined) {
		server.socket.listen(options.requestQueueSize);
	}
	// Who cares takes it from `ended`; what nobody takes is an unhandled rejection.
	void server.serveForever(options);
	return server;
}

const async = { [SOCK_STREAM]: AsyncTCPServer, [SOCK_DGRAM]: AsyncUDPServer };
const asyncUnix = { [SOCK_STREAM]: AsyncUnixStreamServer, [SOCK_DGRAM]: AsyncUnixDatagramServer };
const threading = { [SOCK_STREAM]: ThreadingTCPServer, [SOCK_DGRAM]: ThreadingUDPServer };
const threadingUnix = { [SOCK_STREAM]: ThreadingUnixStreamServer, [SOCK_DGRAM]: ThreadingUnixDatagramServer };
const forking = { [SOCK_STREAM]: ForkingTCPServer, [SOCK_DGRAM]: ForkingUDPServer };
const forkingUnix = { [SOCK_STREAM]: ForkingUnixStreamServer, [SOCK_DGRAM]: ForkingUnixDatagramServer };

type ForkingServer =
	| ForkingTCPServer
	| ForkingUnixStreamServer
	| ForkingUDPServer
	| ForkingUnixDatagramServer;
type ThreadingServer =
	| ThreadingTCPServer
	| ThreadingUnixStreamServer
	| ThreadingUDPServer
	| ThreadingUnixDatagramServer;
type AnyServer =
	| AsyncTCPServer
	| AsyncUnixStreamServer
	| AsyncUDPServer
	| AsyncUnixDatagramServer
	| ForkingServer
	| ThreadingServer;

/** A function cannot cross to a thread, so it would run in here all the same. */
function checkNoWorkers(options: WorkerOptions & Partial<ChildrenOptions>): void {
	for (const name of [...forThreads, ...forChildren, "children", "workerData", "onWorkerError"] as const) {
		if (options[name] === undefined) continue;
		throw new TypeError(
			`${name} is for handlers in worker threads or child processes: give the URL of their module instead of a function`,
		);
	}
}

const forThreads = ["workers", "requestsPerWorker", "listenInWorkers"] as const;
const forChildren = ["spareChildren", "maxRequestsPerChild"] as const;

function checkAbsent(
	options: WorkerOptions & Partial<ChildrenOptions>,
	names: typeof forThreads | typeof forChildren,
	advice: string,
): void {
	for (const name of names) if (options[name] !== undefined) throw new TypeError(`${name} ${advice}`);
}

function applyChildrenOptions(
	server: ForkingServer,
	options: WorkerOptions & Partial<ChildrenOptions>,
): void {
	checkAbsent(options, forThreads, "is for worker threads, and `children` makes them child processes");
	const { children, spareChildren, maxRequestsPerChild, workerData, onWorkerError } = options;
	server.maxChildren = children ?? server.maxChildren;
	server.spareChildren = spareChildren ?? server.spareChildren;
	server.maxRequestsPerChild = maxRequestsPerChild ?? server.maxRequestsPerChild;
	server.workerData = workerData;
	if (onWorkerError !== undefined) server.handleWorkerError = onWorkerError;
	checkChildren(server);
}

function applyWorkerOptions(server: ThreadingServer, options: WorkerOptions): void {
	checkAbsent(options, forChildren, "is for child processes: say by `children` how many there are");
	const { workers, requestsPerWorker, listenInWorkers, workerData, onWorkerError } = options;
	server.workers = workers ?? server.workers;
	server.listenInWorkers = listenInWorkers ?? server.listenInWorkers;
	server.requestsPerWorker = requestsPerWorker ?? server.requestsPerWorker;
	server.workerData = workerData;
	if (onWorkerError !== undefined) server.handleWorkerError = onWorkerError;
	checkWorkers(server);
}

function applyStreamOptions(
	server: Pick<StreamServer<Inet>, "proxyProtocol" | "tls" | "handleReloadError">,
	{ proxyProtocol = null, tls = null, onReloadError }: StreamServeOptions<never>,
): void {
	server.proxyProtocol = proxyProtocol;
	server.tls = tls;
	if (onReloadError !== undefined) server.handleReloadError = onReloadError;
}

function applyOptions(server: AnyServer, options: ServeOptions<never, never>): void {
	const { verify, onError, onAcceptError, idleTimeout, totalTimeout, gracePeriod } = options;
	server.allowReusePort = options.allowReusePort ?? server.allowReusePort;
	server.allow = options.allow ?? server.allow;
	server.deny = options.deny ?? server.deny;
	server.systemd = options.systemd ?? server.systemd;
	server.limits = options.limits ?? server.limits;
	server.maxConnections = options.maxConnections ?? server.maxConnections;
	if (idleTimeout !== undefined) server.idleTimeout = idleTimeout;
	if (totalTimeout !== undefined) server.totalTimeout = totalTimeout;
	if (gracePeriod !== undefined) server.gracePeriod = gracePeriod;
	if (verify !== undefined) server.verifyRequest = verify as () => boolean | Promise<boolean>;
	if (onAcceptError !== undefined) server.handleAcceptError = onAcceptError;
	if (onError !== undefined) {
		server.handleError = (_request: unknown, clientAddress: unknown, error: unknown) =>
			onError(error, clientAddress as never);
	}
}
