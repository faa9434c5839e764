/**
 * Servers: the addresses of their family, handlers by class, function or URL, and what mix-ins add.
 */
import {
	type AF_INET,
	type AF_INET6,
	type AF_UNIX,
	type Inet4Address,
	type Inet6Address,
	SOCK_DGRAM,
	type Socket,
	type UnixAddress,
} from "../../src/index.js";
import {
	AsyncMixIn,
	type AsyncTCPServer,
	BaseRequestHandler,
	serve,
	TCPServer,
	ThreadingMixIn,
	ThreadingTCPServer,
	type ThreadingUDPServer,
	ThreadingUnixDatagramServer,
	type ThreadingUnixStreamServer,
} from "../../src/server/index.js";
import { holds, type Same } from "./support.js";

type Internet = typeof AF_INET | typeof AF_INET6;

const inet = { host: "127.0.0.1", port: 0 };
const handlers = new URL("./handlers.js#Handler", import.meta.url);

class Handler extends BaseRequestHandler<Socket<Internet>, Inet4Address | Inet6Address> {
	override async handle() {
		await this.request.sendall(this.clientAddress.host);
	}
}

export function threads(): void {
	const server = new ThreadingTCPServer(inet, handlers);
	holds<Same<typeof server.serverAddress, Inet4Address | Inet6Address>>();
	holds<Same<typeof server.socket, Socket<Internet>>>();
	holds<Same<typeof server.workers, number>>();
	holds<Same<typeof server.workerData, unknown>>();
	holds<Same<typeof server.handlerModule, URL>>();
	server.handleError = (request, clientAddress, error) => {
		holds<Same<typeof request, Socket<Internet>>>();
		holds<Same<typeof clientAddress, Inet4Address | Inet6Address>>();
		holds<Same<typeof error, unknown>>();
	};
	// @ts-expect-error a class cannot cross to a thread
	new ThreadingTCPServer(inet, Handler);
	// @ts-expect-error a path
	new ThreadingTCPServer("/run/x", handlers);
	// @ts-expect-error an address of the internet
	new ThreadingUnixDatagramServer(inet, handlers);
	// @ts-expect-error a text
	server.workers = "2";
	// @ts-expect-error a URL is for threads and processes
	new TCPServer(inet, handlers);
}

export function mixIns(): void {
	class Own extends TCPServer {
		greeting = "hello";
	}
	class Threading extends ThreadingMixIn(Own) {
		override workers = 2;
	}
	const server = new Threading(inet, handlers);
	holds<Same<typeof server.greeting, string>>();
	holds<Same<typeof server.maxConnections, number>>();
	class Async extends AsyncMixIn(Own) {}
	holds<Same<Async["greeting"], string>>();
	// @ts-expect-error that is no class of servers
	ThreadingMixIn(Handler);
}

export function functions(): void {
	holds<Same<ReturnType<typeof inThreads>, ThreadingTCPServer>>();
	holds<Same<ReturnType<typeof inLoop>, AsyncTCPServer>>();
	const unix: ThreadingUnixStreamServer = serve("/run/x", handlers);
	holds<Same<typeof unix.serverAddress, UnixAddress>>();
	const udp: ThreadingUDPServer = serve(inet, handlers, { type: SOCK_DGRAM, requestsPerWorker: 1 });
	const local: ThreadingUnixDatagramServer = serve("/run/x", handlers, { type: SOCK_DGRAM });
	holds<Same<typeof local.socket, Socket<typeof AF_UNIX>>>();
	void udp;
	// @ts-expect-error threads need a module
	serve(inet, (connection: Socket) => connection.close(), { workers: 2 });
	// @ts-expect-error a number
	serve(inet, handlers, { workers: "2" });
}

function inThreads() {
	return serve(inet, handlers, { workers: 2, workerData: [1], verify: (connection) => !connection.closed });
}

function inLoop() {
	return serve(inet, Handler);
}
