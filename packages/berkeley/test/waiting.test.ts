/**
 * Many who wait: order, directions, and signals that end the wait of one of them.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import {
	AF_INET,
	AF_UNIX,
	createConnection,
	MSG_DONTWAIT,
	MSG_PEEK,
	MSG_WAITALL,
	SOCK_DGRAM,
	SOCK_STREAM,
	Socket,
	type WaitOptions,
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
import { twins } from "./support/twins.js";

async function fill(socket: Socket): Promise<number> {
	let total = 0;
	for (;;) {
		const count = await socket.send(Buffer.alloc(0x10000, "."), 0, { timeout: 0 }).catch(() => 0);
		if (count === 0) return total;
		total += count;
	}
}

/** Reads until as many bytes have come. */
async function take(socket: Socket, size: number): Promise<Buffer> {
	const buffer = Buffer.alloc(size);
	for (let at = 0; at < size; ) at += await socket.recvInto(buffer.subarray(at));
	return buffer;
}

describe("waiting", () => {
	test("readers of one socket are served in the order in which they came", async () => {
		using pair = unnamedPair();
		const order: string[] = [];
		const readers = ["a", "b", "c"].map((name) =>
			pair.server.recv(2).then((data) => order.push(`${name}: ${data}`)),
		);
		await pair.client.sendall("112233");
		await Promise.all(readers);
		assert.deepEqual(order, ["a: 11", "b: 22", "c: 33"]);
	});

	test("a reader that comes while another waits does not overtake it", async () => {
		using pair = unnamedPair();
		const first = pair.server.recv(1);
		pair.client.sendallSync("12"); // It is there, and the reactor has not told yet.
		const second = pair.server.recv(1);
		assert.deepEqual((await Promise.all([first, second])).map(String), ["1", "2"]);
	});

	test("each datagram goes to one reader, and each connection to one who accepts", async () => {
		using a = bound(datagramKinds[0] as Kind);
		using b = bound(datagramKinds[0] as Kind);
		const readers = [b.recv(9), b.recvfrom(9), b.recvmsg(9)] as const;
		for (const data of ["one", "two", "three"]) await a.sendto(data, b.getsockname());
		const [one, two, three] = await Promise.all(readers);
		assert.deepEqual([one, two[0], three.data].map(String), ["one", "two", "three"]);

		using listener = listen(connectedKinds[0] as Kind);
		const accepting = [listener.accept(), listener.accept()];
		using left = tcpClient(listener);
		using right = tcpClient(listener);
		const accepted = await Promise.all(accepting);
		const ports = accepted.map(([, address]) => address);
		for (const [socket] of accepted) socket.close();
		assert.deepEqual(ports, [left.getsockname(), right.getsockname()]);
	});

	test("writers wait in line, and what each sends stays together", async () => {
		using pair = unnamedPair();
		const filled = await fill(pair.client);
		const size = 300_000;
		const order: string[] = [];
		const writers = ["x", "y"].map((name) =>
			pair.client.sendall(Buffer.alloc(size, name)).then(() => order.push(name)),
		);
		const received = await take(pair.server, filled + 2 * size);
		await Promise.all(writers);
		assert.deepEqual(order, ["x", "y"]);
		assert.deepEqual(
			received.subarray(filled),
			Buffer.concat([Buffer.alloc(size, "x"), Buffer.alloc(size, "y")]),
		);
	});

	test("a reader and a writer wait at once, and neither holds up the other", async () => {
		using pair = tcpPair();
		const filled = await fill(pair.client);
		const writing = pair.client.sendall("last");
		const reading = pair.client.recv(9);
		await pair.server.sendall("hello");
		assert.equal((await reading).toString(), "hello");
		const received = await take(pair.server, filled + 4);
		await writing;
		assert.equal(received.subarray(filled).toString(), "last");
	});

	test("one that fails by its arguments or its time does not hold up who stands behind", async () => {
		using pair = unnamedPair();
		const first = rejectsWith(pair.server.recv(1, 0, { timeout: 5 }), { code: "ETIMEDOUT" });
		const second = pair.server.recv(9);
		await first;
		await pair.client.sendall("second");
		assert.equal((await second).toString(), "second");
	});

	test("one that peeks is served, and so is the one behind", async () => {
		using pair = unnamedPair();
		const both = Promise.all([pair.server.recv(9, MSG_PEEK), pair.server.recv(9)]);
		await pair.client.sendall("seen");
		assert.deepEqual((await both).map(String), ["seen", "seen"]);
	});

	test("hundreds of sockets wait, and each gets its own", async () => {
		const pairs = Array.from({ length: 400 }, () => unnamedPair(SOCK_DGRAM));
		try {
			const reading = pairs.map(({ server }) => server.recv(9, 0, { timeout: 60_000 }));
			for (const [i, { client }] of pairs.entries()) client.sendSync(String(i));
			const got = (await Promise.all(reading)).map(Number);
			assert.deepEqual(got, [...pairs.keys()]);
		} finally {
			for (const pair of pairs) pair[Symbol.dispose]();
		}
	});
});

function tcpClient(listener: Socket): Socket {
	const client = new Socket(listener.family, listener.type);
	client.connectSync(listener.getsockname());
	return client;
}

describe("a signal", () => {
	const listenersOf = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

	test("aborts each operation that waits, with its reason, and leaves the socket usable", async () => {
		using pair = unnamedPair();
		using listener = listen(connectedKinds[0] as Kind);
		const filled = await fill(pair.client);
		const { client } = pair;
		const waiting: ((options: WaitOptions) => Promise<unknown>)[] = [
			(options) => client.recv(1, 0, options),
			(options) => client.recvInto(Buffer.alloc(1), 0, options),
			(options) => client.recvfrom(1, 0, options),
			(options) => client.recvfromInto(Buffer.alloc(1), 0, options),
			(options) => client.recvmsg(1, 0, 0, options),
			(options) => client.recvmsgInto([Buffer.alloc(1)], 0, 0, options),
			(options) => client.send(Buffer.alloc(0x10000), 0, options),
			(options) => client.sendall(Buffer.alloc(0x10000), 0, options),
			(options) => client.sendmsg([Buffer.alloc(0x10000)], [], 0, undefined, options),
			(options) => listener.accept(options),
		];
		for (const operation of waiting) {
			const controller = new AbortController();
			const reason = new Error("enough");
			const promise = operation({ signal: controller.signal, timeout: 60_000 });
			assert.equal(listenersOf(controller.signal), 1);
			controller.abort(reason);
			await assert.rejects(promise, (error) => error === reason, String(operation));
			assert.equal(listenersOf(controller.signal), 0);
		}
		await take(pair.server, filled);
		await client.sendall("on we go");
		assert.equal((await pair.server.recv(20)).toString(), "on we go");
	});

	test("aborts a connect() that waits for room in a Unix backlog", async () => {
		using listener = new Socket(AF_UNIX, SOCK_STREAM);
		const path = freshPath();
		listener.bind(path);
		listener.listen(0);
		using first = new Socket(AF_UNIX, SOCK_STREAM);
		first.connectSync(path);
		using second = new Socket(AF_UNIX, SOCK_STREAM);
		const controller = new AbortController();
		const connecting = second.connect(path, { signal: controller.signal });
		controller.abort();
		await assert.rejects(connecting, { name: "AbortError" });
		assert.equal(listenersOf(controller.signal), 0);
		(await listener.accept())[0].close();
		await second.connect(path);
	});

	test("that is aborted already lets nothing begin, in both forms", async () => {
		using pair = unnamedPair();
		const reason = new Error("before");
		const signal = AbortSignal.abort(reason);
		pair.client.sendallSync("kept");
		const is = (error: unknown) => error === reason;
		for (const twin of twins) {
			await assert.rejects(twin.recv(pair.server, 9, 0, { signal }), is);
			await assert.rejects(twin.send(pair.server, "stray", 0, { signal }), is);
			await assert.rejects(twin.createConnection({ host: "127.0.0.1", port: 9 }, { signal }), is);
			await assert.rejects(twin.recvFds(pair.server, 9, 0, 0, { signal }), is);
		}
		assert.equal(listenersOf(signal), 0);
		assert.equal((await pair.server.recv(9)).toString(), "kept");
		await rejectsWith(pair.client.recv(1, 0, { timeout: 0 }), { code: "EAGAIN" });
	});

	test("has no listener left after success, failure or a timeout, and aborting later does nothing", async () => {
		using pair = unnamedPair();
		const controller = new AbortController();
		const { signal } = controller;
		const reading = pair.server.recv(9, 0, { signal });
		assert.equal(listenersOf(signal), 1);
		await pair.client.sendall("x");
		await reading;
		assert.equal(listenersOf(signal), 0);
		await rejectsWith(pair.server.recv(9, 0, { signal, timeout: 1 }), { code: "ETIMEDOUT" });
		assert.equal(listenersOf(signal), 0);
		await pair.client.sendall("at once");
		await pair.server.recv(9, 0, { signal });
		assert.equal(listenersOf(signal), 0);
		const closing = rejectsWith(pair.server.recv(9, 0, { signal }), { code: "EBADF" });
		pair.server.close();
		await closing;
		assert.equal(listenersOf(signal), 0);
		controller.abort();
		assert.ok(signal.aborted);
	});

	test("aborts all that wait with it, and nobody else", async () => {
		using pair = unnamedPair();
		const controller = new AbortController();
		const options = { signal: controller.signal };
		const first = pair.server.recv(9, 0, options);
		const second = pair.server.recv(9);
		const third = pair.server.recv(9, 0, options);
		controller.abort();
		const ended = await Promise.allSettled([first, third]);
		assert.deepEqual(
			ended.map(({ status }) => status),
			["rejected", "rejected"],
		);
		await pair.client.sendall("second");
		assert.equal((await second).toString(), "second");
	});

	test("that aborts after MSG_WAITALL has got a part lets it have the part", async () => {
		type Receive = (socket: Socket, signal: AbortSignal) => Promise<Buffer>;
		const receives: Receive[] = [
			(socket, signal) => socket.recv(9, MSG_WAITALL, { signal }),
			async (socket, signal) => (await socket.recvmsg(9, 0, MSG_WAITALL, { signal })).data,
		];
		for (const receive of receives) {
			using pair = unnamedPair();
			const controller = new AbortController();
			const reading = receive(pair.server, controller.signal);
			await pair.client.sendall("part");
			using other = pair.server.dup();
			const left = () =>
				other.recv(9, MSG_PEEK | MSG_DONTWAIT).then(
					() => true,
					() => false,
				);
			while (await left()) await turn();
			controller.abort();
			assert.equal((await reading).toString(), "part");
		}
	});

	test("of a timeout gives its TimeoutError, which is not ours", async () => {
		using pair = unnamedPair();
		const reading = pair.server.recv(9, 0, { signal: AbortSignal.timeout(5) });
		await assert.rejects(reading, (error) => error instanceof DOMException && error.name === "TimeoutError");
	});

	test("aborts createConnection() and leaves no attempt behind", async () => {
		using listener = new Socket(AF_INET);
		listener.bind({ host: "127.0.0.1", port: 0 });
		listener.listen(0);
		const { port } = listener.getsockname();
		// Two fill the line; the third gets no answer.
		const ahead = await Promise.all([1, 2].map(() => startConnecting(port)));
		const controller = new AbortController();
		const reason = new Error("no longer");
		const racing = createConnection({ host: "127.0.0.1", port }, { signal: controller.signal });
		setImmediate(() => controller.abort(reason));
		await assert.rejects(racing, (error) => error === reason);
		assert.equal(listenersOf(controller.signal), 0);
		for (const socket of ahead) socket.close();
	});
});

/** A socket that connects to a port of this machine, for better or worse. */
async function startConnecting(port: number): Promise<Socket> {
	const socket: Socket = new Socket(AF_INET);
	await socket.connectEx({ host: "127.0.0.1", port }, { timeout: 0 });
	return socket;
}

/** A turn of the event loop. */
function turn(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

describe("datagrams to Unix sockets by name, of which nothing tells that they can take more", () => {
	function full(): { receiver: Socket<typeof AF_UNIX>; count: number } {
		const receiver = new Socket(AF_UNIX, SOCK_DGRAM);
		receiver.bind(freshPath());
		using sender = new Socket(AF_UNIX, SOCK_DGRAM);
		let count = 0;
		try {
			for (; ; count++) sender.sendtoSync(".", receiver.getsockname(), { timeout: 0 });
		} catch {}
		return { receiver, count };
	}

	for (const name of ["sendto", "sendmsg"] as const) {
		test(`${name}() goes on when the receiver has room, in order`, async () => {
			const { receiver, count } = full();
			using _ = receiver;
			using sender = new Socket(AF_UNIX, SOCK_DGRAM);
			const address = receiver.getsockname();
			const options = { timeout: 10_000 };
			const sending = ["1", "2", "3"].map((text) =>
				name === "sendto"
					? sender.sendto(text, address, options)
					: sender.sendmsg([text], [], 0, address, options),
			);
			// The reactor tells at first that the sender is writable, which is of no use.
			for (let turns = 0; turns < 10; turns++) await turn();
			for (let taken = 0; taken < count; taken++) receiver.recvSync(10);
			assert.deepEqual(await Promise.all(sending), [1, 1, 1]);
			const texts = ["1", "2", "3"].map(() => String(receiver.recvSync(10)));
			assert.deepEqual(texts, ["1", "2", "3"]);
		});
	}

	test("a receiver that takes nothing does not hold up the others", async () => {
		const stuck = full();
		using _ = stuck.receiver;
		using other = new Socket(AF_UNIX, SOCK_DGRAM);
		other.bind(freshPath());
		using sender = new Socket(AF_UNIX, SOCK_DGRAM);
		const waiting = sender.sendto("x", stuck.receiver.getsockname());
		const rejected = rejectsWith(waiting, { code: "EBADF" });
		assert.equal(await sender.sendto("y", other.getsockname(), { timeout: 10_000 }), 1);
		sender.close();
		await rejected;
	});
});

test("an address is taken when sendto() is called, however long its name takes to resolve", async () => {
	using receiver = new Socket(AF_INET, SOCK_DGRAM);
	receiver.bind({ host: "127.0.0.1", port: 0 });
	using other = new Socket(AF_INET, SOCK_DGRAM);
	other.bind({ host: "127.0.0.1", port: 0 });
	using sender = new Socket(AF_INET, SOCK_DGRAM);
	const address = { host: "localhost", port: receiver.getsockname().port };
	const sending = sender.sendto("x", address);
	address.port = other.getsockname().port;
	await sending;
	assert.equal(String(await receiver.recv(10, 0, { timeout: 10_000 })), "x");
});

test("a connection that is made in the instant of the abort is closed", async () => {
	const { connect } = Socket.prototype;
	const made: Socket[] = [];
	const controller = new AbortController();
	const reason = new Error("no longer");
	Socket.prototype.connect = function (this: Socket): Promise<void> {
		made.push(this);
		return new Promise((resolve) => {
			queueMicrotask(() => {
				resolve();
				queueMicrotask(() => controller.abort(reason));
			});
		});
	};
	try {
		const racing = createConnection({ host: "127.0.0.1", port: 9 }, { signal: controller.signal });
		await assert.rejects(racing, (error) => error === reason);
	} finally {
		Socket.prototype.connect = connect;
	}
	assert.deepEqual(
		made.map(({ closed }) => closed),
		[true],
	);
});
