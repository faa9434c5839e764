/**
 * The family of a socket decides what addresses it takes and gives.
 */
import {
	type Address,
	type AddressOf,
	type AF_ALG,
	AF_CAN,
	AF_INET,
	AF_INET6,
	AF_NETLINK,
	AF_PACKET,
	AF_UNIX,
	AF_VSOCK,
	createConnection,
	createServer,
	DatagramBatch,
	fromfd,
	getaddrinfo,
	type Inet4Address,
	type Inet6Address,
	type NetlinkAddress,
	type PacketAddress,
	type RawAddress,
	SOCK_DGRAM,
	SOCK_RAW,
	SOCK_STREAM,
	Socket,
	socketpair,
	type UnixAddress,
	type VsockAddress,
} from "../../src/index.js";
import { holds, type Same } from "./support.js";

holds<Same<AddressOf<typeof AF_INET>, Inet4Address>>();
holds<Same<AddressOf<typeof AF_INET6>, Inet6Address>>();
holds<Same<AddressOf<typeof AF_UNIX>, UnixAddress>>();
holds<Same<AddressOf<typeof AF_PACKET>, PacketAddress>>();
holds<Same<AddressOf<typeof AF_NETLINK>, NetlinkAddress>>();
holds<Same<AddressOf<typeof AF_VSOCK>, VsockAddress>>();
holds<Same<AddressOf<typeof AF_CAN>, RawAddress>>();
holds<Same<AddressOf<typeof AF_ALG>, RawAddress>>();
holds<Same<AddressOf<typeof AF_INET | typeof AF_INET6>, Inet4Address | Inet6Address>>();
holds<Same<AddressOf<number>, Address>>();

const inet = { host: "127.0.0.1", port: 1 };
const packet = { interface: "lo", protocol: 3 };
const netlink = { pid: 0, groups: 0 };
const vsock = { cid: 1, port: 1 };
const raw = { family: AF_CAN, bytes: new Uint8Array(14) };

export function bind(): void {
	const inet4Socket = new Socket(AF_INET, SOCK_STREAM);
	inet4Socket.bind(inet);
	// @ts-expect-error a Unix path
	inet4Socket.bind("/tmp/socket");
	// @ts-expect-error no port
	inet4Socket.bind({ host: "127.0.0.1" });
	// @ts-expect-error a port is a number
	inet4Socket.bind({ host: "127.0.0.1", port: "80" });
	// @ts-expect-error Python's pair
	inet4Socket.bind(["127.0.0.1", 80]);
	// @ts-expect-error only IPv6 has scopes
	inet4Socket.bind({ host: "127.0.0.1", port: 80, scopeId: 1 });
	// @ts-expect-error another family's
	inet4Socket.bind(packet);

	const inet6Socket = new Socket(AF_INET6, SOCK_STREAM);
	inet6Socket.bind({ host: "::1", port: 1, flowinfo: 0, scopeId: 0 });
	inet6Socket.bind({ host: "::1", port: 1 });
	// @ts-expect-error a Unix path
	inet6Socket.bind("/tmp/socket");

	const unixSocket = new Socket(AF_UNIX, SOCK_DGRAM);
	unixSocket.bind("\0name");
	// @ts-expect-error an IP address
	unixSocket.bind(inet);

	const packetSocket = new Socket(AF_PACKET, SOCK_RAW);
	packetSocket.bind(packet);
	packetSocket.bind({ interface: 1, protocol: 3 });
	// @ts-expect-error no protocol
	packetSocket.bind({ interface: "lo" });

	const netlinkSocket = new Socket(AF_NETLINK, SOCK_RAW);
	netlinkSocket.bind(netlink);
	// @ts-expect-error no groups
	netlinkSocket.bind({ pid: 0 });

	const vsockSocket = new Socket(AF_VSOCK, SOCK_STREAM);
	vsockSocket.bind(vsock);
	// @ts-expect-error an IP address
	vsockSocket.bind(inet);

	const canSocket = new Socket(AF_CAN, SOCK_RAW);
	canSocket.bind(raw);
	// @ts-expect-error a path
	canSocket.bind("can0");
}

export async function connectAndSend(): Promise<void> {
	const socket = new Socket(AF_INET, SOCK_DGRAM);
	await socket.connect(inet, { timeout: 5, signal: AbortSignal.timeout(5) });
	socket.connectSync(inet);
	(await socket.connectEx(inet)) satisfies number;
	(await socket.sendto("data", inet)) satisfies number;
	await socket.sendto(new Uint8Array(3), 0, inet, { timeout: null });
	await socket.sendmsg(["a", new Uint8Array(3)], [], 0, inet);
	// @ts-expect-error a Unix path
	await socket.connect("/tmp/socket");
	// @ts-expect-error a Unix path
	socket.connectSync("/tmp/socket");
	// @ts-expect-error a Unix path
	await socket.connectEx("/tmp/socket");
	// @ts-expect-error a Unix path
	await socket.sendto("data", "/tmp/socket");
	// @ts-expect-error a Unix path
	await socket.sendto("data", 0, "/tmp/socket");
	// @ts-expect-error a Unix path
	socket.sendtoSync("data", "/tmp/socket");
	// @ts-expect-error a Unix path
	await socket.sendmsg(["data"], [], 0, "/tmp/socket");
	// @ts-expect-error a number is no data
	await socket.send(5);
	// @ts-expect-error a timeout is a number
	await socket.recv(1, 0, { timeout: "5" });
}

export function create(): void {
	holds<Same<ReturnType<typeof listener>, Socket<typeof AF_INET>>>();
	function listener() {
		return createServer(inet);
	}
	createServer({ host: "::", port: 0 }, { family: AF_INET6, dualstackIpv6: true }) satisfies Socket<
		typeof AF_INET6
	>;
	createServer("/tmp/socket", { family: AF_UNIX }) satisfies Socket<typeof AF_UNIX>;
	createServer(vsock, { family: AF_VSOCK }) satisfies Socket<typeof AF_VSOCK>;
	// @ts-expect-error a Unix path, without its family
	createServer("/tmp/socket");
	// @ts-expect-error an IP address with the family of Unix
	createServer(inet, { family: AF_UNIX });
	// @ts-expect-error a Unix path with the family of IPv6
	createServer("/tmp/socket", { family: AF_INET6 });

	socketpair() satisfies [Socket<typeof AF_UNIX>, Socket<typeof AF_UNIX>];
	fromfd(3, AF_INET6, SOCK_STREAM) satisfies Socket<typeof AF_INET6>;
}

export async function giveBack(): Promise<void> {
	const sockets = [new Socket(AF_INET, SOCK_DGRAM), new Socket(AF_INET, SOCK_DGRAM)] as const;
	const [socket, other] = sockets;
	other.bind(socket.getsockname());
	await other.connect(socket.getpeername());
	const [data, sender] = await socket.recvfrom(100);
	holds<Same<typeof sender, Inet4Address>>();
	holds<Same<typeof data, Buffer>>();
	await socket.sendto(data, sender);
	const [, from] = await socket.recvfromInto(new Uint8Array(5));
	await socket.sendto("answer", 0, from);
	const message = await socket.recvmsg(100, 100);
	holds<Same<typeof message.address, Inet4Address>>();
	await socket.sendmsg([message.data], message.ancillary, 0, message.address);
	const [conn, peer] = await socket.accept();
	holds<Same<typeof conn, Socket<typeof AF_INET>>>();
	await socket.connect(peer);
	for (const found of await getaddrinfo("localhost", 80, { family: AF_INET6 })) {
		new Socket(found.family, found.type, found.proto).bind(found.address);
		found.address satisfies Inet6Address;
	}
	// @ts-expect-error of another family
	new Socket(AF_UNIX).bind(socket.getsockname());
	// @ts-expect-error of another family
	await new Socket(AF_UNIX, SOCK_DGRAM).sendto(data, sender);

	const unix = new Socket(AF_UNIX, SOCK_DGRAM);
	const [, path] = unix.recvfromSync(100);
	holds<Same<typeof path, string>>();
	unix.sendtoSync("data", path);
	holds<Same<Awaited<ReturnType<typeof unix.accept>>, [socket: Socket<typeof AF_UNIX>, address: string]>>();
}

/** What does not care about the family takes a socket of any. */
export async function anyFamily(family: number): Promise<void> {
	function describe(socket: Socket): string {
		return String(socket);
	}
	describe(new Socket(AF_INET));
	describe(new Socket(AF_UNIX));
	describe(new Socket(family));
	describe(new Socket());
	describe(await createConnection({ host: "localhost", port: 80 }));
	function onlyInternet(socket: Socket<typeof AF_INET | typeof AF_INET6>): Inet4Address | Inet6Address {
		return socket.getsockname();
	}
	onlyInternet(new Socket(AF_INET));
	onlyInternet(new Socket(AF_INET6));
	// @ts-expect-error a Unix socket
	onlyInternet(new Socket(AF_UNIX));
	const one: Socket<typeof AF_INET> = new Socket(AF_INET);
	// @ts-expect-error a socket of any family is not of this one
	const other: typeof one = new Socket(family);
	holds<Same<ReturnType<typeof other.getsockname>, Inet4Address>>();
}

export async function batches(): Promise<void> {
	const inetSocket = new Socket(AF_INET, SOCK_DGRAM);
	const unixSocket = new Socket(AF_UNIX, SOCK_DGRAM);
	const anySocket: Socket = unixSocket;
	const batch = new DatagramBatch(AF_INET, 8, 100);
	(await inetSocket.recvMany(batch)) satisfies number;
	for (const { address, data } of batch) {
		holds<Same<typeof address, Inet4Address>>();
		holds<Same<typeof data, Buffer>>();
	}
	batch.push("data", inet);
	inetSocket.sendManySync(batch) satisfies number;
	await inetSocket.sendMany(["text", new Uint8Array(3), { data: "x", address: inet }], 0, { from: 1 });
	await anySocket.recvMany(new DatagramBatch(anySocket.family, 8, 100));
	// @ts-expect-error a Unix path
	batch.push("data", "/tmp/socket");
	// @ts-expect-error another family's batch
	await unixSocket.recvMany(batch);
	// @ts-expect-error another family's batch
	unixSocket.sendManySync(batch);
	// @ts-expect-error a Unix path
	await inetSocket.sendMany([{ data: "x", address: "/tmp/socket" }]);
	// @ts-expect-error text is no list of datagrams
	await inetSocket.sendMany(5);
}
