/**
 * The kinds of sockets over which one suite runs: where a listener binds, and connected pairs.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import {
	type Address,
	AF_INET,
	AF_INET6,
	AF_UNIX,
	hasIpv6,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	Socket,
	socketpair,
} from "../../src/index.js";

const directory = mkdtempSync(join(tmpdir(), "berkeley-"));
after(() => rmSync(directory, { recursive: true }));
let names = 0;

/** A path that nothing has yet, in a directory that goes when the file's tests are over. */
export function freshPath(): string {
	return join(directory, `s${names++}`);
}

/** An abstract Unix name that nothing has. */
export function freshAbstract(): string {
	return `\0berkeley ${process.pid} ${names++} ä`;
}

function ipv6Missing(): string | false {
	if (!hasIpv6()) return "this machine has no IPv6";
	using socket = new Socket(AF_INET6, SOCK_STREAM);
	try {
		socket.bind({ host: "::1", port: 0 });
		return false;
	} catch {
		return "this machine has no ::1";
	}
}

/** Why a test over IPv6 skips; false when it need not. */
export const noIpv6: string | false = ipv6Missing();

/** A kind of socket: its numbers, and an address to bind to. */
export interface Kind {
	name: string;
	family: number;
	type: number;
	skip: string | false;
	/** An address for a socket that others reach; the kernel chooses the port. */
	freshAddress(): Address;
}

const loopback4 = (): Address => ({ host: "127.0.0.1", port: 0 });
const loopback6 = (): Address => ({ host: "::1", port: 0 });

/** The kinds that connect and accept. */
export const connectedKinds: readonly Kind[] = [
	{ name: "TCP over IPv4", family: AF_INET, type: SOCK_STREAM, skip: false, freshAddress: loopback4 },
	{ name: "TCP over IPv6", family: AF_INET6, type: SOCK_STREAM, skip: noIpv6, freshAddress: loopback6 },
	{ name: "a Unix stream", family: AF_UNIX, type: SOCK_STREAM, skip: false, freshAddress: freshPath },
	{
		name: "an abstract Unix stream",
		family: AF_UNIX,
		type: SOCK_STREAM,
		skip: false,
		freshAddress: freshAbstract,
	},
	{ name: "Unix seqpacket", family: AF_UNIX, type: SOCK_SEQPACKET, skip: false, freshAddress: freshPath },
];

/** The kinds that carry datagrams. */
export const datagramKinds: readonly Kind[] = [
	{ name: "UDP over IPv4", family: AF_INET, type: SOCK_DGRAM, skip: false, freshAddress: loopback4 },
	{ name: "UDP over IPv6", family: AF_INET6, type: SOCK_DGRAM, skip: noIpv6, freshAddress: loopback6 },
	{ name: "Unix datagrams", family: AF_UNIX, type: SOCK_DGRAM, skip: false, freshAddress: freshPath },
	{
		name: "abstract Unix datagrams",
		family: AF_UNIX,
		type: SOCK_DGRAM,
		skip: false,
		freshAddress: freshAbstract,
	},
];

/** Two ends of one connection. */
export interface Pair extends Disposable {
	/** The one that connected. */
	client: Socket;
	/** The one that was accepted. */
	server: Socket;
}

/** A listening socket of a kind. */
export function listen(kind: Kind, backlog?: number): Socket {
	const listener = new Socket(kind.family, kind.type);
	listener.bind(kind.freshAddress());
	listener.listen(backlog);
	return listener;
}

/** A connection of a kind, made in this thread: the kernel completes it before it is accepted. */
export function connect(kind: Kind): Pair {
	using listener = listen(kind);
	const client = new Socket(kind.family, kind.type);
	client.connectSync(listener.getsockname());
	return pairOf(client, listener.acceptSync()[0]);
}

/** A connection over TCP and IPv4. */
export function tcpPair(): Pair {
	return connect(connectedKinds[0] as Kind);
}

/** Two unnamed Unix sockets, as socketpair() gives them. */
export function unnamedPair(type: number = SOCK_STREAM): Pair {
	const [client, server] = socketpair(AF_UNIX, type);
	return pairOf(client, server);
}

/** Two sockets that are closed together. */
export function pairOf(client: Socket, server: Socket): Pair {
	return {
		client,
		server,
		[Symbol.dispose]() {
			client.close();
			server.close();
		},
	};
}

/** A bound datagram socket of a kind. */
export function bound(kind: Kind): Socket {
	const socket = new Socket(kind.family, kind.type);
	socket.bind(kind.freshAddress());
	return socket;
}
