/**
 * Binding, listening, connecting and shutting down: what the kernel says to what is out of order, and names.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import {
	AF_INET,
	AF_INET6,
	AF_UNIX,
	IPPROTO_UDP,
	SHUT_RD,
	SHUT_RDWR,
	SHUT_WR,
	SO_ACCEPTCONN,
	SO_REUSEADDR,
	SOCK_DGRAM,
	SOCK_STREAM,
	SOL_SOCKET,
	SOMAXCONN,
	Socket,
} from "../src/index.js";
import {
	bound,
	connect,
	connectedKinds,
	datagramKinds,
	freshAbstract,
	freshPath,
	type Kind,
	listen,
	noIpv6,
	tcpPair,
	unnamedPair,
} from "./support/kinds.js";
import { rejectsWith } from "./support/rejects.js";
import { twins } from "./support/twins.js";

const tcp = connectedKinds[0] as Kind;

describe("out of order", () => {
	for (const twin of twins) {
		test(`${twin.name} accept() on what does not listen is EINVAL, on a datagram socket EOPNOTSUPP`, async () => {
			using stream = new Socket(AF_INET, SOCK_STREAM) as unknown as Socket;
			await rejectsWith(twin.accept(stream), { code: "EINVAL", syscall: "accept" });
			using datagram = bound(datagramKinds[0] as Kind);
			await rejectsWith(twin.accept(datagram), { code: "EOPNOTSUPP", syscall: "accept" });
		});

		test(`${twin.name} operations on what is not connected are ENOTCONN or EPIPE`, async () => {
			using stream = new Socket(AF_INET, SOCK_STREAM) as unknown as Socket;
			await rejectsWith(twin.recv(stream, 1), { code: "ENOTCONN", syscall: "recv" });
			await rejectsWith(twin.send(stream, "x"), { code: "EPIPE", syscall: "send" });
			using listener = listen(tcp);
			await rejectsWith(twin.recv(listener, 1), { code: "ENOTCONN" });
			using unix = new Socket(AF_UNIX, SOCK_STREAM) as unknown as Socket;
			await rejectsWith(twin.sendall(unix, "x"), { code: "ENOTCONN", syscall: "sendall" });
		});

		test(`${twin.name} connect() a second time is EISCONN on a stream, and a new peer for datagrams`, async () => {
			using pair = tcpPair();
			const peer = pair.client.getpeername();
			await rejectsWith(twin.connect(pair.client, peer), { code: "EISCONN", syscall: "connect" });
			assert.equal(await twin.connectEx(pair.client, peer), 106);
			using a = bound(datagramKinds[0] as Kind);
			using b = bound(datagramKinds[0] as Kind);
			using c = bound(datagramKinds[0] as Kind);
			await twin.connect(a, b.getsockname());
			await twin.connect(a, c.getsockname());
			assert.deepEqual(a.getpeername(), c.getsockname());
			await twin.send(a, "to c");
			assert.equal((await twin.recv(c, 9)).toString(), "to c");
			// From others a connected socket hears nothing.
			await twin.sendto(b, "stray", a.getsockname());
			await rejectsWith(twin.recv(a, 9, 0, { timeout: 0 }), { code: "EAGAIN" });
		});

		test(`${twin.name} connect() fails with what stands in the way`, async () => {
			const path = freshPath();
			using unix = new Socket(AF_UNIX, SOCK_STREAM) as unknown as Socket;
			const missing = await rejectsWith(twin.connect(unix, path), { code: "ENOENT" });
			assert.ok(missing.message.includes(path));
			using datagram = new Socket(AF_UNIX, SOCK_DGRAM);
			datagram.bind(path);
			await rejectsWith(twin.connect(unix, path), { code: "EPROTOTYPE" });
			datagram.close();
			await rejectsWith(twin.connect(unix, path), { code: "ECONNREFUSED" });
			await rejectsWith(twin.connect(unix, freshAbstract()), { code: "ECONNREFUSED" });
		});
	}

	test("a stream whose connect() was refused can try again", async () => {
		using gone = listen(tcp);
		const address = gone.getsockname();
		gone.close();
		using client = new Socket(AF_INET, SOCK_STREAM) as unknown as Socket;
		await rejectsWith(client.connect(address), { code: "ECONNREFUSED" });
		using listener = new Socket(AF_INET, SOCK_STREAM) as unknown as Socket;
		listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1);
		listener.bind(address);
		listener.listen();
		await client.connect(address);
		assert.deepEqual(client.getpeername(), address);
	});
});

describe("names", () => {
	test("binding twice is EINVAL, to a taken address EADDRINUSE, to a foreign one EADDRNOTAVAIL", () => {
		using socket = bound(tcp);
		assert.throws(() => socket.bind({ host: "127.0.0.1", port: 0 }), { code: "EINVAL", syscall: "bind" });
		socket.listen();
		using other = new Socket(AF_INET, SOCK_STREAM) as unknown as Socket;
		const taken = socket.getsockname();
		assert.throws(() => other.bind(taken), { code: "EADDRINUSE", message: /SO_REUSEADDR helps/ });
		assert.throws(() => other.bind({ host: "192.0.2.1", port: 0 }), { code: "EADDRNOTAVAIL" });
		const path = freshPath();
		using unix = new Socket(AF_UNIX, SOCK_STREAM);
		unix.bind(path);
		using second = new Socket(AF_UNIX, SOCK_STREAM);
		assert.throws(() => second.bind(path), { code: "EADDRINUSE", address: path });
		assert.throws(() => second.bind(`${path}/x`), { code: "ENOTDIR" });
	});

	test("port 0 lets the kernel choose, and the name tells it", () => {
		using socket = new Socket(AF_INET, SOCK_STREAM);
		assert.deepEqual(socket.getsockname(), { host: "0.0.0.0", port: 0 });
		socket.bind({ host: "", port: 0 });
		const { host, port } = socket.getsockname();
		assert.equal(host, "0.0.0.0");
		assert.ok(port > 0);
		using named = new Socket(AF_INET, SOCK_STREAM);
		named.bind({ host: "localhost", port: 0 });
		assert.match(named.getsockname().host, /^127\./);
	});

	test("an IPv6 name has flow label and scope, and can be given back", { skip: noIpv6 }, () => {
		using socket = new Socket(AF_INET6, SOCK_STREAM);
		socket.bind({ host: "::1", port: 0 });
		const name = socket.getsockname();
		assert.deepEqual({ ...name, port: 0 }, { host: "::1", port: 0, flowinfo: 0, scopeId: 0 });
		socket.listen();
		using client = new Socket(AF_INET6, SOCK_STREAM);
		client.connectSync(name);
		assert.deepEqual(client.getpeername(), name);
	});

	test("a Unix name comes back as it was given, whatever is in it", () => {
		const names = [
			freshPath(),
			`${freshPath()} ä\n💧`,
			`${freshPath()}\udcff`,
			freshAbstract(),
			"\0\0a\0b\0",
		];
		for (const name of names) {
			using socket = new Socket(AF_UNIX, SOCK_STREAM);
			assert.equal(socket.getsockname(), "");
			socket.bind(name);
			assert.equal(socket.getsockname(), name);
			socket.listen();
			using client = new Socket(AF_UNIX, SOCK_STREAM);
			client.connectSync(name);
			assert.equal(client.getpeername(), name);
			using server = socket.acceptSync()[0];
			assert.equal(server.getsockname(), name);
			assert.equal(server.getpeername(), "");
		}
		assert.ok(existsSync(names[1] as string));
	});

	test('binding to "" takes a free abstract name', () => {
		using socket = new Socket(AF_UNIX, SOCK_DGRAM);
		socket.bind("");
		assert.match(socket.getsockname(), /^\0[0-9a-f]{5}$/);
	});

	test("without a peer getpeername() is ENOTCONN", () => {
		for (const [family, type] of [
			[AF_INET, SOCK_STREAM],
			[AF_INET, SOCK_DGRAM],
			[AF_UNIX, SOCK_STREAM],
			[AF_UNIX, SOCK_DGRAM],
		] as const) {
			using socket = new Socket<number>(family, type);
			assert.throws(() => socket.getpeername(), { code: "ENOTCONN", syscall: "getpeername" });
		}
	});
});

describe("listen()", () => {
	test("takes any backlog, and may be called again", () => {
		using socket = bound(tcp);
		assert.equal(socket.getsockopt(SOL_SOCKET, SO_ACCEPTCONN), 0);
		for (const backlog of [undefined, 0, 1, 128, SOMAXCONN, 0x7fffffff, -1]) {
			socket.listen(backlog);
			assert.equal(socket.getsockopt(SOL_SOCKET, SO_ACCEPTCONN), 1);
		}
	});

	test("binds an unbound TCP socket, and refuses datagrams and the connected", () => {
		using socket = new Socket(AF_INET, SOCK_STREAM);
		socket.listen();
		assert.ok(socket.getsockname().port > 0);
		using datagram = bound(datagramKinds[0] as Kind);
		assert.throws(() => datagram.listen(), { code: "EOPNOTSUPP", syscall: "listen" });
		using pair = tcpPair();
		assert.throws(() => pair.client.listen(), { code: "EINVAL" });
		using unix = new Socket(AF_UNIX, SOCK_STREAM);
		assert.throws(() => unix.listen(), { code: "EINVAL" });
	});
});

describe("shutdown()", () => {
	for (const kind of connectedKinds) {
		test(`for writing ends the peer's reading, over ${kind.name}`, { skip: kind.skip }, async () => {
			using pair = connect(kind);
			const { client, server } = pair;
			await client.sendall("last words");
			client.shutdown(SHUT_WR);
			await rejectsWith(client.send("x"), { code: "EPIPE", name: "ConnectionError" });
			assert.equal((await server.recv(20)).toString(), "last words");
			assert.equal((await server.recv(20)).length, 0);
			await server.sendall("heard");
			assert.equal((await client.recv(20)).toString(), "heard");
		});

		test(`for reading wakes a reader with nothing, over ${kind.name}`, { skip: kind.skip }, async () => {
			using pair = connect(kind);
			const reading = pair.client.recv(9);
			pair.client.shutdown(SHUT_RD);
			assert.equal((await reading).length, 0);
			assert.equal(pair.client.recvSync(9).length, 0);
			await pair.client.sendall("out");
			assert.equal((await pair.server.recv(9)).toString(), "out");
		});

		test(`for both ends both, over ${kind.name}`, { skip: kind.skip }, async () => {
			using pair = connect(kind);
			pair.client.shutdown(SHUT_RDWR);
			assert.equal((await pair.client.recv(9)).length, 0);
			await rejectsWith(pair.client.send("x"), { code: "EPIPE" });
			assert.equal((await pair.server.recv(9)).length, 0);
		});
	}

	test("of what is not connected is ENOTCONN", () => {
		using socket = new Socket(AF_INET, SOCK_STREAM);
		assert.throws(() => socket.shutdown(SHUT_WR), { code: "ENOTCONN", syscall: "shutdown" });
	});

	test("of a listener wakes who accepts with EINVAL", async () => {
		using listener = listen(tcp);
		const accepting = rejectsWith(listener.accept(), { code: "EINVAL" });
		listener.shutdown(SHUT_RD);
		await accepting;
	});

	test("for writing of one of a pair leaves the other direction", async () => {
		using pair = unnamedPair();
		pair.server.shutdown(SHUT_WR);
		pair.client.sendallSync("there");
		assert.equal(pair.server.recvSync(9).toString(), "there");
		assert.equal(pair.client.recvSync(9).length, 0);
	});
});

test("a socket that cannot be made says why", () => {
	assert.throws(() => new Socket(99), { code: "EAFNOSUPPORT", message: /^socket af_99, SOCK_STREAM/ });
	assert.throws(() => new Socket(AF_INET, 77), { code: "EINVAL" });
	assert.throws(() => new Socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), { code: "EPROTONOSUPPORT" });
});
