/**
 * What handlers of servers get: plain connections, those of proxies, and those with TLS.
 */
import { type AF_UNIX, Cidr, type Inet4Address, type Inet6Address, type Socket } from "../../src/index.js";
import {
	AsyncTCPServer,
	AsyncUnixStreamServer,
	BaseRequestHandler,
	type Inet,
	type ProxyHeader,
	StreamRequestHandler,
	serve,
	TCPServer,
	type TlsConnection,
	TlsRequestHandler,
} from "../../src/server/index.js";
import type { AsyncBinaryFile, BinaryFile, TlsSocket } from "../../src/stream/index.js";
import { holds, type Same } from "./support.js";

type InetAddress = Inet4Address | Inet6Address;
const anywhere = { host: "", port: 0 };
const tls = { key: "", cert: "" };
const proxyProtocol = { trusted: [new Cidr("10.0.0.0/8")] };

class Plain extends StreamRequestHandler {
	override handle(): void {
		holds<Same<typeof this.connection, Socket<Inet>>>();
		holds<Same<typeof this.rfile, BinaryFile>>();
		this.proxyHeader satisfies ProxyHeader | undefined;
	}
}

class Secure extends TlsRequestHandler {
	override handle(): void {
		holds<Same<typeof this.connection, TlsSocket<Socket<Inet>>>>();
		holds<Same<typeof this.rfile, AsyncBinaryFile>>();
		holds<Same<typeof this.clientAddress, InetAddress>>();
		this.request.servername() satisfies string | null;
		this.signal satisfies AbortSignal;
	}
}

class OfUnix extends BaseRequestHandler<Socket<typeof AF_UNIX>, string> {
	override handle(): void {}
}

class OfAny extends BaseRequestHandler<Socket<typeof AF_UNIX>, string | InetAddress> {
	override handle(): void {}
}

export async function servers(): Promise<void> {
	new TCPServer(anywhere, Plain);
	new AsyncTCPServer(anywhere, Plain, false);
	new AsyncTCPServer(anywhere, Plain, { proxyProtocol });
	new AsyncTCPServer(anywhere, Plain, { tls });
	new AsyncTCPServer(anywhere, Secure, { tls, proxyProtocol }) satisfies AsyncTCPServer;
	// @ts-expect-error Nobody puts TLS over its connections.
	new AsyncTCPServer(anywhere, Secure);
	// @ts-expect-error The same.
	new AsyncTCPServer(anywhere, Secure, { proxyProtocol });
	new AsyncUnixStreamServer("", OfUnix);
	new AsyncUnixStreamServer("", OfAny, { proxyProtocol: { trustUnix: true } });
	// @ts-expect-error The client of a proxy has any address.
	new AsyncUnixStreamServer("", OfUnix, { proxyProtocol: { trustUnix: true } });
}

export async function functions(): Promise<void> {
	serve(anywhere, (connection, { clientAddress, proxyHeader }) => {
		holds<Same<typeof connection, Socket<Inet>>>();
		holds<Same<typeof clientAddress, InetAddress>>();
		proxyHeader satisfies ProxyHeader | undefined;
	});
	serve(
		anywhere,
		async (connection, { clientAddress }) => {
			holds<Same<typeof connection, TlsConnection>>();
			holds<Same<typeof clientAddress, InetAddress>>();
		},
		{ tls, onError: (error) => error },
	);
	serve(
		anywhere,
		(connection) => {
			holds<Same<typeof connection, Socket<Inet>>>();
		},
		{ proxyProtocol, verify: (request) => request.family === 2 },
	);
	serve(anywhere, Plain, { tls });
	serve(anywhere, Secure, { tls: { ...tls, sni: (name) => (name === "a" ? tls : undefined) } });
	serve(
		"/run/x",
		(connection, { clientAddress }) => {
			holds<Same<typeof connection, Socket<typeof AF_UNIX>>>();
			holds<Same<typeof clientAddress, string | InetAddress>>();
		},
		{ proxyProtocol: { trustUnix: true } },
	);
	serve(
		"/run/x",
		(connection) => {
			holds<Same<typeof connection, TlsConnection<typeof AF_UNIX>>>();
		},
		{ tls },
	);
	serve("/run/x", (connection, { clientAddress }) => {
		holds<Same<typeof connection, Socket<typeof AF_UNIX>>>();
		clientAddress satisfies string;
	});
	// @ts-expect-error Nobody puts TLS over its connections.
	serve(anywhere, Secure);
}
