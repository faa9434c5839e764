/**
 * Sockets that are made ready or from what exists: createServer(), pairs, copies, descriptors, and what a child
 * process inherits. And iteration over what arrives.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { describe, test } from "node:test";
import {
	AF_INET,
	AF_INET6,
	AF_UNIX,
	close,
	createServer,
	dup,
	fromfd,
	hasDualstackIpv6,
	hasIpv6,
	IPPROTO_TCP,
	SHUT_WR,
	SO_REUSEADDR,
	SO_REUSEPORT,
	SO_TYPE,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	SOL_SOCKET,
	Socket,
	socketpair,
} from "../src/index.js";
import {
	bound,
	connectedKinds,
	datagramKinds,
	freshPath,
	type Kind,
	listen,
	noIpv6,
	unnamedPair,
} from "./support/kinds.js";
import { askPython, noPython } from "./support/oracles.js";
import { rejectsWith } from "./support/rejects.js";

describe("createServer()", () => {
	test("listens, with an address that can be used again at once", async () => {
		using server = createServer({ host: "127.0.0.1", port: 0 });
		const address = server.getsockname();
		assert.equal(server.getsockopt(SOL_SOCKET, SO_REUSEADDR), 1);
		const client = new Socket(AF_INET, SOCK_STREAM);
		await client.connect(address);
		const [accepted] = await server.accept();
		// The side that closes first keeps the address in TIME_WAIT.
		accepted.close();
		assert.equal((await client.recv(1)).length, 0);
		client.close();
		server.close();
		using again = createServer(address, { backlog: 5 });
		assert.deepEqual(again.getsockname(), address);
	});

	test("with reusePort lets several share a port, and without it does not", () => {
		using one = createServer({ host: "127.0.0.1", port: 0 }, { reusePort: true });
		using two = createServer(one.getsockname(), { reusePort: true });
		assert.equal(two.getsockopt(SOL_SOCKET, SO_REUSEPORT), 1);
		assert.throws(() => createServer(one.getsockname()), { code: "EADDRINUSE" });
	});

	test("does not advise SO_REUSEADDR, which it has set, where the port is taken", () => {
		using one = createServer({ host: "127.0.0.1", port: 0 });
		assert.throws(() => createServer(one.getsockname()), {
			code: "EADDRINUSE",
			message: /: another socket is bound to it: close that one, or choose another port$/,
		});
	});

	test("over IPv6 takes IPv6 alone, or with dualstackIpv6 both", { skip: noIpv6 }, async () => {
		assert.ok(hasIpv6());
		assert.ok(hasDualstackIpv6());
		using six = createServer({ host: "", port: 0 }, { family: AF_INET6 });
		using client = new Socket(AF_INET, SOCK_STREAM);
		const { port } = six.getsockname();
		await rejectsWith(client.connect({ host: "127.0.0.1", port }), { code: "ECONNREFUSED" });
		using both = createServer({ host: "", port: 0 }, { family: AF_INET6, dualstackIpv6: true });
		using four = new Socket(AF_INET, SOCK_STREAM);
		await four.connect({ host: "127.0.0.1", port: both.getsockname().port });
		const [accepted, address] = await both.accept();
		accepted.close();
		assert.equal(address.host, "::ffff:127.0.0.1");
	});

	test("takes Unix paths", async () => {
		using server = createServer(freshPath(), { family: AF_UNIX });
		using client = new Socket(AF_UNIX, SOCK_STREAM);
		await client.connect(server.getsockname());
		(await server.accept())[0].close();
	});

	test("leaves nothing open when it fails", () => {
		assert.throws(() => createServer({ host: "192.0.2.1", port: 0 }), { code: "EADDRNOTAVAIL" });
		assert.throws(() => createServer(`${freshPath()}/missing`, { family: AF_UNIX }), { code: "ENOENT" });
	});

	test("says of this machine what Python says", { skip: noPython }, () => {
		const script = "import socket\ndef answer(_): return socket.has_dualstack_ipv6()";
		assert.deepEqual([hasDualstackIpv6()], askPython(script, [0]));
	});
});

describe("socketpair()", () => {
	for (const type of [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET]) {
		test(`gives two connected sockets of type ${type}, neither inheritable`, async () => {
			const [one, other] = socketpair(AF_UNIX, type);
			using left = one;
			using right = other;
			assert.deepEqual([left.family, left.type, left.proto], [AF_UNIX, type, 0]);
			assert.deepEqual([left.getInheritable(), right.getInheritable()], [false, false]);
			await left.sendall("ping");
			assert.equal((await right.recv(9)).toString(), "ping");
			await right.sendall("pong");
			assert.equal((await left.recv(9)).toString(), "pong");
		});
	}

	test("of a family without pairs is EOPNOTSUPP", () => {
		assert.throws(() => socketpair(AF_INET), { code: "EOPNOTSUPP", syscall: "socketpair" });
	});
});

describe("descriptors", () => {
	test("a socket made from one knows its kind, takes it over, and leaves what is no socket", async () => {
		using pair = unnamedPair(SOCK_SEQPACKET);
		const number = pair.client.detach();
		using again = new Socket(undefined, undefined, undefined, { fileno: number });
		assert.deepEqual([again.family, again.type, again.proto], [AF_UNIX, SOCK_SEQPACKET, 0]);
		assert.equal(again.fileno(), number);
		await again.send("x");
		assert.equal((await pair.server.recv(9)).toString(), "x");

		const device = openSync("/dev/null", "r");
		const make = () => new Socket(undefined, undefined, undefined, { fileno: device });
		assert.throws(make, { code: "ENOTSOCK" });
		closeSync(device);
		assert.throws(make, { code: "EBADF" });
	});

	test("the protocol of one is read from it", () => {
		using listener = listen(connectedKinds[0] as Kind);
		using copy = new Socket(undefined, undefined, undefined, { fileno: dup(listener.fileno()) });
		assert.deepEqual([copy.family, copy.type, copy.proto], [AF_INET, SOCK_STREAM, IPPROTO_TCP]);
	});

	test("fromfd() copies, dup() copies, and each copy is closed on its own", async () => {
		using pair = unnamedPair();
		const copies = [
			fromfd(pair.client.fileno(), AF_UNIX, SOCK_STREAM) as unknown as Socket,
			pair.client.dup(),
			new Socket(AF_UNIX, SOCK_STREAM, 0, { fileno: dup(pair.client.fileno()) }) as unknown as Socket,
		];
		const numbers = new Set([pair.client, ...copies].map((socket) => socket.fileno()));
		assert.equal(numbers.size, 4);
		pair.client.close();
		for (const [i, copy] of copies.entries()) {
			assert.equal(copy.getInheritable(), false);
			await copy.sendall(String(i));
			assert.equal((await pair.server.recv(9)).toString(), String(i));
			copy.close();
		}
		assert.equal((await pair.server.recv(9)).length, 0, "the last copy is closed");
		assert.throws(() => fromfd(0x7ffffff, AF_UNIX, SOCK_STREAM), { code: "EBADF" });
		assert.throws(() => dup(0x7ffffff), { code: "EBADF" });
		assert.throws(() => close(0x7ffffff), { code: "EBADF" });
	});

	test("a child process sees an inheritable descriptor, and no other", { skip: noPython }, () => {
		using pair = unnamedPair();
		const look = (socket: Socket) => {
			const code = `import socket; print(socket.socket(fileno=${socket.fileno()}).send(b"from the child"))`;
			return spawnSync("python3", ["-c", code], { encoding: "utf8" }).stdout.trim();
		};
		assert.equal(look(pair.client), "");
		pair.client.setInheritable(true);
		assert.equal(pair.client.getInheritable(), true);
		assert.equal(look(pair.client), "14");
		assert.equal(pair.server.recvSync(99).toString(), "from the child");
		pair.client.setInheritable(false);
		assert.equal(pair.client.getInheritable(), false);
		assert.equal(look(pair.client), "");
	});
});

describe("iteration", () => {
	test("over a listener gives connections with addresses, until it is closed", async () => {
		using listener = listen(connectedKinds[0] as Kind);
		const seen: unknown[] = [];
		const clients: Socket[] = [];
		const join = () => {
			const client = new Socket(listener.family, listener.type);
			client.connectSync(listener.getsockname());
			clients.push(client);
		};
		join();
		for await (const [socket, address] of listener) {
			assert.deepEqual(address, socket.getpeername());
			seen.push(address);
			socket.close();
			if (clients.length < 3) join();
			else setImmediate(() => listener.close());
		}
		assert.deepEqual(
			seen,
			clients.map((client) => client.getsockname()),
		);
		for (const client of clients) client.close();
	});

	test("over a connection gives chunks until the peer ends", async () => {
		using pair = unnamedPair();
		const sending = (async () => {
			await pair.client.sendall(Buffer.alloc(200_000, "x"));
			await pair.client.sendall("end");
			pair.client.shutdown(SHUT_WR);
		})();
		const chunks: Buffer[] = [];
		for await (const chunk of pair.server) {
			assert.ok(chunk.length > 0 && chunk.length <= 0x10000);
			chunks.push(chunk);
		}
		await sending;
		assert.equal(Buffer.concat(chunks).length, 200_003);
		assert.equal(Buffer.concat(chunks).toString("latin1", 200_000), "end");
	});

	test("over datagrams gives each, the empty ones too, until the socket is closed", async () => {
		using a = bound(datagramKinds[0] as Kind);
		using b = bound(datagramKinds[0] as Kind);
		for (const data of ["one", "", "three"]) await a.sendto(data, b.getsockname());
		const seen: string[] = [];
		for await (const data of b) {
			if (seen.push(data.toString()) === 3) setImmediate(() => b.close());
		}
		assert.deepEqual(seen, ["one", "", "three"]);
	});

	test("may be left, and the socket stays open for more", async () => {
		using pair = unnamedPair();
		await pair.client.sendall("first");
		for await (const chunk of pair.server) {
			assert.equal(chunk.toString(), "first");
			break;
		}
		assert.equal(pair.server.closed, false);
		await pair.client.sendall("second");
		assert.equal((await pair.server.recv(9)).toString(), "second");
	});

	test("throws what stands in the way: an error, a timeout, or that the socket was closed before", async () => {
		using pair = unnamedPair();
		pair.server.settimeout(5);
		const iterate = async (socket: Socket) => {
			for await (const _ of socket);
		};
		await rejectsWith(iterate(pair.server), { code: "ETIMEDOUT" });
		using unconnected = new Socket(AF_INET, SOCK_STREAM) as unknown as Socket;
		await rejectsWith(iterate(unconnected), { code: "ENOTCONN" });
		pair.server.close();
		await rejectsWith(iterate(pair.server), { code: "EBADF" });
		assert.equal(pair.client.getsockopt(SOL_SOCKET, SO_TYPE), SOCK_STREAM);
	});
});
