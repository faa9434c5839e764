/**
 * Timeouts and modes: what settimeout(), setblocking() and a call's own timeout mean, as in Python.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	AF_INET,
	AF_UNIX,
	BlockingIOError,
	getdefaulttimeout,
	SOCK_STREAM,
	Socket,
	SocketError,
	setdefaulttimeout,
	socketpair,
	TimeoutError,
} from "../src/index.js";
import {
	connect,
	connectedKinds,
	freshPath,
	type Kind,
	listen,
	tcpPair,
	unnamedPair,
} from "./support/kinds.js";
import { askPython, noPython } from "./support/oracles.js";
import { aside, whileWaiting } from "./support/peer.js";
import { rejectsWith } from "./support/rejects.js";
import { type Twin, twins } from "./support/twins.js";

const tcp = connectedKinds[0] as Kind;
const wouldBlock = { code: "EAGAIN", name: "BlockingIOError" };
const timedOut = { code: "ETIMEDOUT", name: "TimeoutError" };

/** Every operation that waits when nothing happens, on a socket whose queues are in the right state. */
function waitingOperations(
	twin: Twin,
): [string, (idle: Socket, full: Socket, listener: Socket) => Promise<unknown>][] {
	const data = Buffer.alloc(0x10000);
	return [
		["recv", (idle) => twin.recv(idle, 1)],
		["recv", (idle) => twin.recvInto(idle, Buffer.alloc(1))],
		["recvfrom", (idle) => twin.recvfrom(idle, 1)],
		["recvfrom", (idle) => twin.recvfromInto(idle, Buffer.alloc(1))],
		["recvmsg", (idle) => twin.recvmsg(idle, 1)],
		["recvmsg", (idle) => twin.recvmsgInto(idle, [Buffer.alloc(1)])],
		["accept", (_idle, _full, listener) => twin.accept(listener)],
		["send", (_idle, full) => twin.send(full, data)],
		["sendall", (_idle, full) => twin.sendall(full, data)],
		["sendmsg", (_idle, full) => twin.sendmsg(full, [data])],
	];
}

/** Sends until the kernel takes no more. */
async function fill(twin: Twin, socket: Socket): Promise<void> {
	const data = Buffer.alloc(0x10000);
	for (;;) {
		try {
			await twin.send(socket, data, 0, { timeout: 0 });
		} catch (error) {
			assert.ok(error instanceof BlockingIOError);
			return;
		}
	}
}

function suite(twin: Twin): void {
	test("a timeout of 0 makes every operation fail where it would wait", async () => {
		using pair = unnamedPair();
		using listener = listen(tcp);
		await fill(twin, pair.client);
		for (const socket of [pair.client, listener]) socket.settimeout(0);
		for (const [syscall, operation] of waitingOperations(twin)) {
			const error = await rejectsWith(operation(pair.client, pair.client, listener), {
				...wouldBlock,
				syscall,
			});
			assert.ok(error instanceof BlockingIOError && error instanceof SocketError);
			assert.equal(error.errno, -11);
		}
	});

	test("a timeout ends every operation that waits, with TimeoutError", async () => {
		using pair = unnamedPair();
		using listener = listen(tcp);
		await fill(twin, pair.client);
		for (const socket of [pair.client, listener]) socket.settimeout(10);
		for (const [syscall, operation] of waitingOperations(twin)) {
			const begun = performance.now();
			const error = await rejectsWith(operation(pair.client, pair.client, listener), {
				...timedOut,
				syscall,
			});
			assert.ok(performance.now() - begun >= 9.5, "not before its time");
			assert.ok(error instanceof TimeoutError && error.timeout === 10);
			assert.equal(error.errno, -110);
		}
	});

	test("after a timeout the socket works as before", async () => {
		using pair = tcpPair();
		await rejectsWith(twin.recv(pair.server, 9, 0, { timeout: 5 }), timedOut);
		await twin.sendall(pair.client, "later");
		assert.equal((await twin.recv(pair.server, 9)).toString(), "later");
	});

	test("a call's own timeout goes before the socket's, in either direction", async () => {
		using pair = tcpPair();
		pair.server.settimeout(0);
		await rejectsWith(twin.recv(pair.server, 1, 0, { timeout: 5 }), timedOut);
		const acted = whileWaiting({ do: "send", fd: pair.client.fileno(), data: "x" });
		assert.equal((await twin.recv(pair.server, 1, 0, { timeout: null })).toString(), "x");
		await acted;
		pair.server.settimeout(null);
		await rejectsWith(twin.recv(pair.server, 1, 0, { timeout: 0 }), wouldBlock);
		await rejectsWith(twin.recvmsg(pair.server, 1, 0, 0, { timeout: 0.5 }), timedOut);
		assert.equal(pair.server.gettimeout(), null, "and is for that call alone");
	});

	test("a longer timeout than timers take, and infinity, wait", async () => {
		using pair = tcpPair();
		for (const timeout of [2 ** 31 - 1, 2 ** 40, Number.MAX_VALUE, Number.POSITIVE_INFINITY]) {
			const acted = whileWaiting({ do: "send", fd: pair.client.fileno(), data: "x" });
			assert.equal((await twin.recv(pair.server, 1, 0, { timeout })).toString(), "x");
			await acted;
		}
	});

	test("sendall() keeps one deadline over a trickle of progress", async () => {
		using pair = unnamedPair();
		const timeout = 150;
		// More than the trickle takes in that time, and each step makes a little room.
		const steps = aside({ do: "trickle", fd: pair.server.fileno(), count: 1 << 30, chunk: 4096 });
		const begun = performance.now();
		await rejectsWith(twin.sendall(pair.client, Buffer.alloc(64 << 20), 0, { timeout }), timedOut);
		const took = performance.now() - begun;
		pair.client.close();
		assert.ok(((await steps)[0] ?? 0) > 4096, "there was progress");
		assert.ok(took >= timeout - 0.5, `not before its time: ${took}`);
	});

	test("a non-blocking connect() says EINPROGRESS, and the connection comes", async () => {
		using listener = listen(tcp);
		using client = new Socket(tcp.family, tcp.type);
		client.setblocking(false);
		const expected = { code: "EINPROGRESS", name: "BlockingIOError", syscall: "connect" };
		await rejectsWith(twin.connect(client, listener.getsockname()), expected);
		(await twin.accept(listener))[0].close();
		client.settimeout(null);
		assert.equal((await twin.recv(client, 1)).length, 0);
		using other = new Socket(tcp.family, tcp.type);
		other.setblocking(false);
		assert.equal(await twin.connectEx(other, listener.getsockname()), 115);
	});

	test("a connect() over a Unix socket does not need to wait", async () => {
		using listener = listen(connectedKinds[2] as Kind);
		using client = new Socket(AF_UNIX, SOCK_STREAM);
		client.setblocking(false);
		assert.equal(await twin.connectEx(client, listener.getsockname() as string), 0);
	});

	test("a full Unix backlog: non-blocking EAGAIN, a timeout, or waiting until there is room", async () => {
		const path = freshPath();
		using listener = new Socket(AF_UNIX, SOCK_STREAM);
		listener.bind(path);
		listener.listen(0);
		using first = new Socket(AF_UNIX, SOCK_STREAM);
		await twin.connect(first, path);
		using client = new Socket(AF_UNIX, SOCK_STREAM);
		await rejectsWith(twin.connect(client, path, { timeout: 0 }), { ...wouldBlock, syscall: "connect" });
		await rejectsWith(twin.connect(client, path, { timeout: 20 }), { ...timedOut, syscall: "connect" });
		assert.equal(await twin.connectEx(client, path, { timeout: 20 }), 11, "as in Python");
		const acted = whileWaiting({ do: "accept", fd: listener.fileno() });
		await twin.connect(client, path);
		await acted;
		const [server] = await twin.accept(listener);
		using end = server;
		await twin.sendall(end, "through");
		assert.equal((await twin.recv(client, 10)).toString(), "through");
	});

	test("connectEx() gives the errno of a refusal, and connect() an error that names the address", async () => {
		using closed = listen(tcp);
		const address = closed.getsockname() as { host: string; port: number };
		closed.close();
		using client = new Socket(tcp.family, tcp.type);
		assert.equal(await twin.connectEx(client, address), 111);
		using other = new Socket(tcp.family, tcp.type);
		const expected = { code: "ECONNREFUSED", name: "ConnectionError", syscall: "connect" };
		const error = await rejectsWith(twin.connect(other, address), expected);
		assert.ok(error instanceof SocketError);
		assert.deepEqual([error.address, error.port], [address.host, address.port]);
		assert.match(error.message, /127\.0\.0\.1:\d+.*nothing listens there/);
		using unix: Socket = new Socket(AF_UNIX);
		assert.equal(await twin.connectEx(unix, freshPath()), 2);
	});
}

for (const twin of twins) describe(`${twin.name} operations`, () => suite(twin));

describe("modes", () => {
	test("settimeout(), setblocking() and getblocking() are faces of one thing, as in Python", {
		skip: noPython,
	}, () => {
		const script = `
import socket
def answer(calls):
    s = socket.socket()
    seen = []
    for name, argument in calls:
        if name == "settimeout" and argument: argument /= 1000
        getattr(s, name)(argument)
        t = s.gettimeout()
        seen.append([None if t is None else round(t * 1000), s.getblocking()])
    s.close()
    return seen
`;
		const calls: ["settimeout" | "setblocking", number | null | boolean][] = [
			["settimeout", null],
			["settimeout", 0],
			["settimeout", 1500],
			["setblocking", true],
			["setblocking", false],
			["settimeout", 1],
			["setblocking", true],
		];
		using socket = new Socket();
		assert.deepEqual([socket.gettimeout(), socket.getblocking()], [null, true]);
		const seen = calls.map(([name, argument]) => {
			if (name === "setblocking") socket.setblocking(argument as boolean);
			else socket.settimeout(argument as number | null);
			return [socket.gettimeout(), socket.getblocking()];
		});
		assert.deepEqual([seen], askPython(script, [calls]));
	});

	test("new and accepted sockets begin with the default timeout, others keep theirs", () => {
		assert.equal(getdefaulttimeout(), null);
		using older = new Socket();
		using listener = listen(tcp);
		setdefaulttimeout(2500);
		try {
			assert.equal(getdefaulttimeout(), 2500);
			using socket = new Socket(AF_INET, SOCK_STREAM);
			assert.deepEqual([socket.gettimeout(), older.gettimeout()], [2500, null]);
			socket.connectSync(listener.getsockname() as { host: string; port: number });
			using accepted = listener.acceptSync()[0];
			assert.equal(accepted.gettimeout(), 2500);
			const [one, other] = socketpair();
			using left = one;
			using right = other;
			assert.deepEqual([left.gettimeout(), right.gettimeout()], [2500, 2500]);
			older.settimeout(7);
			using twin = older.dup();
			assert.equal(twin.gettimeout(), 7, "a copy has that of its original");
			setdefaulttimeout(0);
			using nonblocking = new Socket();
			assert.equal(nonblocking.getblocking(), false);
		} finally {
			setdefaulttimeout(null);
		}
		using latest = new Socket();
		assert.equal(latest.gettimeout(), null);
	});

	test("a timeout that is none is refused, and changes nothing", () => {
		using socket = new Socket();
		socket.settimeout(5);
		for (const set of [(t: number) => socket.settimeout(t), setdefaulttimeout]) {
			assert.throws(() => set(-1), { name: "RangeError", message: /-1/ });
			assert.throws(() => set(Number.NaN), TypeError);
			assert.throws(() => set("1" as unknown as number), { name: "TypeError", message: /"1"|string/ });
			assert.throws(() => set(undefined as unknown as number), TypeError);
		}
		assert.equal(socket.gettimeout(), 5);
		assert.equal(getdefaulttimeout(), null);
	});

	test("what waits keeps the timeout that it began with", async () => {
		using pair = connect(tcp);
		const waiting = pair.server.recv(5);
		pair.server.settimeout(1);
		pair.client.sendallSync("late");
		assert.equal((await waiting).toString(), "late");
		await rejectsWith(pair.server.recv(1), timedOut);
	});
});
