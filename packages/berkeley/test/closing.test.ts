/**
 * Closing: what waits is told, what comes later is told, and nobody else's descriptor is ever touched.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { readlinkSync } from "node:fs";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import {
	AF_INET,
	AF_UNIX,
	close,
	MSG_ERRQUEUE,
	SO_LINGER,
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
	tcpPair,
	unnamedPair,
} from "./support/kinds.js";
import { rejectsWith } from "./support/rejects.js";
import { type Twin, twins } from "./support/twins.js";

const tcp = connectedKinds[0] as Kind;
const badDescriptor = { code: "EBADF", name: "SocketError" };

/** Every operation, with arguments that are in order. */
function operations(twin: Twin): [name: string, (socket: Socket) => Promise<unknown>][] {
	const path = freshPath();
	return [
		["recv", (s) => twin.recv(s, 10)],
		["recv", (s) => twin.recvInto(s, Buffer.alloc(10))],
		["recvfrom", (s) => twin.recvfrom(s, 10)],
		["recvfrom", (s) => twin.recvfromInto(s, Buffer.alloc(10))],
		["recvmsg", (s) => twin.recvmsg(s, 10)],
		["recvmsg", (s) => twin.recvmsgInto(s, [Buffer.alloc(10)])],
		["send", (s) => twin.send(s, "stray")],
		["sendall", (s) => twin.sendall(s, "stray")],
		["sendmsg", (s) => twin.sendmsg(s, ["stray"])],
		["sendto", (s) => twin.sendto(s, "stray", path)],
		["connect", (s) => twin.connect(s, path)],
		["accept", (s) => twin.accept(s)],
		["sendmsg", (s) => twin.sendFds(s, ["stray"], [0])],
		["recvmsg", (s) => twin.recvFds(s, 10, 1)],
	];
}

for (const twin of twins) {
	describe(`${twin.name} operations on a closed socket`, () => {
		test("fail with EBADF, and touch no socket that has the number now", async () => {
			const [old, oldPeer] = socketpair(AF_UNIX, SOCK_STREAM);
			using _ = oldPeer;
			const number = old.fileno();
			old.close();
			using pair = unnamedPair();
			assert.ok(
				[pair.client, pair.server].some((socket) => socket.fileno() === number),
				"reused",
			);
			const [reused, other] =
				pair.client.fileno() === number ? [pair.client, pair.server] : [pair.server, pair.client];
			other.sendallSync("unread");
			for (const [syscall, operation] of operations(twin)) {
				await rejectsWith(operation(old as Socket), { ...badDescriptor, syscall });
			}
			assert.equal(await twin.connectEx(old as Socket, freshPath()), 9);
			other.settimeout(0);
			await rejectsWith(twin.recv(other, 100), { code: "EAGAIN" });
			assert.equal((await twin.recv(reused, 100)).toString(), "unread");
		});

		test("fail the same way after detach()", async () => {
			using pair = unnamedPair();
			const number = pair.client.detach();
			for (const [syscall, operation] of operations(twin)) {
				await rejectsWith(operation(pair.client), { ...badDescriptor, syscall });
			}
			assert.match(readlinkSync(`/proc/self/fd/${number}`), /^socket:/, "detach() leaves it open");
			using again = new Socket(undefined, undefined, undefined, { fileno: number });
			await twin.sendall(again, "alive");
			assert.equal((await twin.recv(pair.server, 10)).toString(), "alive");
		});
	});
}

describe("closing", () => {
	test("rejects every operation that waits, each with its own name", async () => {
		const pair = unnamedPair();
		const { client } = pair;
		client.settimeout(60_000);
		while ((await client.send(Buffer.alloc(0x10000), 0, { timeout: 0 }).catch(() => 0)) > 0);
		const waiting: [string, Promise<unknown>][] = [
			["recv", client.recv(1)],
			["recv", client.recvInto(Buffer.alloc(1))],
			["recvmsg", client.recvmsg(1)],
			["recvfrom", client.recvfrom(1)],
			["send", client.send(Buffer.alloc(0x10000))],
			["sendall", client.sendall(Buffer.alloc(0x10000))],
			["recvmsg", client.recvmsg(1, 0, MSG_ERRQUEUE)],
		];
		const rejections = waiting.map(([syscall, promise]) =>
			rejectsWith(promise, { ...badDescriptor, syscall }),
		);
		client.close();
		await Promise.all(rejections);
		pair[Symbol.dispose]();
	});

	test("rejects accept() and a connect() that has not come to an end", async () => {
		const listener = listen(tcp);
		const accepting = rejectsWith(listener.accept(), { ...badDescriptor, syscall: "accept" });
		listener.close();
		await accepting;

		using full = new Socket(AF_UNIX, SOCK_STREAM);
		const path = freshPath();
		full.bind(path);
		full.listen(0);
		using first = new Socket(AF_UNIX, SOCK_STREAM);
		first.connectSync(path);
		const client = new Socket(AF_UNIX, SOCK_STREAM);
		const connecting = rejectsWith(client.connect(path), { ...badDescriptor, syscall: "connect" });
		client.close();
		await connecting;
	});

	test("may be done twice, by `using`, and after detach()", () => {
		const socket = new Socket();
		assert.equal(socket.closed, false);
		socket.close();
		socket.close();
		assert.equal(socket.closed, true);
		assert.equal(socket.fileno(), -1);
		assert.equal(socket.detach(), -1);
		let outside: Socket<typeof AF_INET>;
		{
			using inside = new Socket(AF_INET);
			outside = inside;
			assert.equal(outside.closed, false);
		}
		assert.equal(outside.closed, true);
		const detached = new Socket();
		const number = detached.detach();
		detached.close();
		assert.match(readlinkSync(`/proc/self/fd/${number}`), /^socket:/);
		close(number);
		assert.throws(() => close(number), badDescriptor);
	});

	test("makes what never waits fail with EBADF too, and toString() say it", () => {
		const socket = new Socket();
		assert.match(String(socket), /^Socket\(descriptor \d+, AF_INET, SOCK_STREAM\)$/);
		assert.equal(inspect(socket), String(socket), "console.log() shows the same");
		socket.close();
		assert.equal(String(socket), "Socket(closed, AF_INET, SOCK_STREAM)");
		const calls: (() => unknown)[] = [
			() => socket.bind({ host: "", port: 0 }),
			() => socket.listen(),
			() => socket.shutdown(2),
			() => socket.getsockname(),
			() => socket.getpeername(),
			() => socket.getsockopt(SOL_SOCKET, SO_LINGER),
			() => socket.setsockopt(SOL_SOCKET, SO_LINGER, Buffer.alloc(8)),
			() => socket.dup(),
			() => socket.getInheritable(),
			() => socket.setInheritable(true),
			() => socket.transfer(),
		];
		for (const call of calls) assert.throws(call, badDescriptor, String(call));
		// These are the object's own.
		socket.settimeout(5);
		assert.equal(socket.gettimeout(), 5);
	});

	test("tells the peer: the end after a proper close, a reset after an abrupt one", async () => {
		using pair = tcpPair();
		pair.client.close();
		assert.equal((await pair.server.recv(10)).length, 0);

		for (const twin of twins) {
			using other = tcpPair();
			const reading = twin.name === "awaited" ? other.server.recv(10) : undefined;
			other.client.setsockopt(SOL_SOCKET, SO_LINGER, Buffer.from(new Int32Array([1, 0]).buffer));
			other.client.close();
			const expected = { code: "ECONNRESET", name: "ConnectionError", syscall: "recv" };
			await rejectsWith(reading ?? twin.recv(other.server, 10), expected);
			await rejectsWith(twin.sendall(other.server, "x"), { code: "EPIPE", name: "ConnectionError" });
		}
	});

	test("of one object leaves its copy alone, and what waits on that", async () => {
		using pair = unnamedPair();
		using copy = pair.server.dup();
		const lost = rejectsWith(pair.server.recv(10), badDescriptor);
		const kept = copy.recv(10);
		pair.server.close();
		await lost;
		await pair.client.sendall("for a copy");
		assert.equal((await kept).toString(), "for a copy");
	});

	test("in a chain of reuse each object stays its own", async () => {
		using sink = bound(datagramKinds[0] as Kind);
		const dead: Socket[] = [];
		const numbers = new Set<number>();
		for (let i = 0; i < 20; i++) {
			const socket = bound(datagramKinds[0] as Kind);
			numbers.add(socket.fileno());
			const waiting = rejectsWith(socket.recv(10), badDescriptor);
			socket.close();
			await waiting;
			dead.push(socket);
		}
		assert.equal(numbers.size, 1, "the number is used again and again");
		using last = bound(datagramKinds[0] as Kind);
		assert.ok(numbers.has(last.fileno()));
		const receiving = last.recv(10);
		for (const socket of dead) {
			socket.close();
			await rejectsWith(socket.sendto("stray", sink.getsockname()), badDescriptor);
		}
		await sink.sendto("mine", last.getsockname());
		assert.equal((await receiving).toString(), "mine");
		sink.settimeout(0);
		await rejectsWith(sink.recv(10), { code: "EAGAIN" });
	});
});
