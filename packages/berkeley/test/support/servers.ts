/**
 * The servers that the tests go through, each with a client that asks it: every family, with every mix-in.
 */
import {
	type Address,
	AF_INET,
	AF_INET6,
	AF_UNIX,
	hasIpv6,
	SHUT_WR,
	SOCK_DGRAM,
	SOCK_STREAM,
	Socket,
} from "../../src/index.js";
import {
	AsyncTCPServer,
	AsyncUDPServer,
	AsyncUnixDatagramServer,
	AsyncUnixStreamServer,
	type BaseServer,
	DatagramRequestHandler,
	type RequestHandlerClass,
	StreamRequestHandler,
	TCPServer,
	UDPServer,
	UnixDatagramServer,
	UnixStreamServer,
} from "../../src/server/index.js";

/** A server as the tests know it, whatever its family. */
export type AnyServer = BaseServer<unknown, unknown>;

/** What handles a request in a test, over a connection as over a datagram. */
export interface Files {
	rfile: { readline(): Promise<Buffer> };
	wfile: { write(data: string): Promise<number> };
	signal: AbortSignal;
}

/** One kind of server. */
export interface Kind {
	name: string;
	family: number;
	stream: boolean;
	sideBySide: boolean;
	skip: string | false;
	/** Makes one whose handlers do this; `log` gets the names of the methods of each handler. */
	make(handle: (files: Files) => Promise<void>, log?: string[]): AnyServer;
}

let names = 0;

/** A name that nobody else has, in the abstract namespace. */
export function freshName(): string {
	return `\0berkeley-test-${process.pid}-${names++}`;
}

const loopback = { host: "127.0.0.1", port: 0 };
const loopback6 = { host: "::1", port: 0 };

function handlers(handle: (files: Files) => Promise<void>, log: string[]) {
	class OfStream extends StreamRequestHandler<number> {
		override setup() {
			log.push("setup");
			return super.setup();
		}
		override async handle() {
			log.push("handle");
			await handle(this);
		}
		override async finish() {
			log.push("finish");
			await super.finish();
		}
	}
	class OfDatagram extends DatagramRequestHandler<number> {
		override setup() {
			log.push("setup");
			return super.setup();
		}
		override async handle() {
			log.push("handle");
			await handle(this);
		}
		override async finish() {
			log.push("finish");
			await super.finish();
		}
	}
	return [OfStream, OfDatagram] as const;
}

type Make = (handler: RequestHandlerClass<unknown, unknown>) => AnyServer;

function kind(name: string, family: number, stream: boolean, sideBySide: boolean, make: Make): Kind {
	return {
		name,
		family,
		stream,
		sideBySide,
		skip: family === AF_INET6 && !hasIpv6() ? "this machine has no IPv6" : false,
		make(handle, log = []) {
			const [OfStream, OfDatagram] = handlers(handle, log);
			return make((stream ? OfStream : OfDatagram) as unknown as RequestHandlerClass<unknown, unknown>);
		},
	};
}

class TCP6Server extends TCPServer {
	override readonly addressFamily = AF_INET6;
}

class AsyncUDP6Server extends AsyncUDPServer {
	override readonly addressFamily = AF_INET6;
}

/** Every kind. */
export const kinds: Kind[] = [
	kind("TCPServer", AF_INET, true, false, (H) => new TCPServer(loopback, H) as AnyServer),
	kind("TCPServer over IPv6", AF_INET6, true, false, (H) => new TCP6Server(loopback6, H) as AnyServer),
	kind("UDPServer", AF_INET, false, false, (H) => new UDPServer(loopback, H) as AnyServer),
	kind("UnixStreamServer", AF_UNIX, true, false, (H) => new UnixStreamServer(freshName(), H) as AnyServer),
	kind(
		"UnixDatagramServer",
		AF_UNIX,
		false,
		false,
		(H) => new UnixDatagramServer(freshName(), H) as AnyServer,
	),
	kind("AsyncTCPServer", AF_INET, true, true, (H) => new AsyncTCPServer(loopback, H) as AnyServer),
	kind("AsyncUDPServer", AF_INET, false, true, (H) => new AsyncUDPServer(loopback, H) as AnyServer),
	kind(
		"AsyncUDPServer over IPv6",
		AF_INET6,
		false,
		true,
		(H) => new AsyncUDP6Server(loopback6, H) as AnyServer,
	),
	kind(
		"AsyncUnixStreamServer",
		AF_UNIX,
		true,
		true,
		(H) => new AsyncUnixStreamServer(freshName(), H) as AnyServer,
	),
	kind(
		"AsyncUnixDatagramServer",
		AF_UNIX,
		false,
		true,
		(H) => new AsyncUnixDatagramServer(freshName(), H) as AnyServer,
	),
];

/** Upper case of the first line, which is what most tests serve. */
export async function upper({ rfile, wfile }: Files): Promise<void> {
	await wfile.write(`${await rfile.readline()}`.toUpperCase());
}

/** A client of a server: it is connected, and has asked for nothing. */
export async function clientOf({ family, stream }: Kind, server: AnyServer): Promise<Socket> {
	const client = new Socket(family, stream ? SOCK_STREAM : SOCK_DGRAM);
	try {
		// What has no name gets no answer.
		if (!stream && family === AF_UNIX) client.bind(freshName());
		await client.connect(server.serverAddress as Address);
		return client;
	} catch (error) {
		client.close();
		throw error;
	}
}

/** Everything that comes until the end; of a datagram socket one datagram. */
export async function answerOf({ stream }: Kind, client: Socket): Promise<string> {
	let text = `${await client.recv(65536)}`;
	while (stream) {
		const piece = await client.recv(65536);
		if (piece.length === 0) break;
		text += piece;
	}
	return text;
}

/** Asks a server one thing. */
export async function ask(kind: Kind, server: AnyServer, text: string): Promise<string> {
	using client = await clientOf(kind, server);
	await client.sendall(text);
	if (kind.stream) client.shutdown(SHUT_WR);
	return await answerOf(kind, client);
}

/** A promise that somebody else settles. */
export function gate(): { opened: Promise<void>; open(): void } {
	let open = (): void => {};
	const opened = new Promise<void>((resolve) => {
		open = resolve;
	});
	return { opened, open };
}
