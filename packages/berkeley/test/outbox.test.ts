/**
 * write() and drain(): what goes out at once, what is kept, and in which order.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	AF_INET,
	AF_UNIX,
	type Bytes,
	MSG_DONTWAIT,
	SHUT_WR,
	SO_LINGER,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	SOL_SOCKET,
	Socket,
	splice,
	TimeoutError,
} from "../src/index.js";
import { freshPath, type Pair, tcpPair, unnamedPair } from "./support/kinds.js";
import { aside } from "./support/peer.js";
import { rejectsWith } from "./support/rejects.js";
import { fill, narrow, pattern, type Stream, streams, take } from "./support/streams.js";
import { soon, turns, until } from "./support/until.js";

const mark = 64 * 1024;

function suite({ name, skip, make }: Stream): void {
	describe(`over ${name}`, { skip }, () => {
		test("what there is room for goes out within the call", () => {
			using pair = make();
			assert.equal(pair.client.write("now"), true);
			assert.equal(pair.client.writableLength, 0);
			assert.equal(`${pair.server.recvSync(10)}`, "now");
		});

		test("what there is no room for is kept, and goes out in order", async () => {
			using pair = make();
			const filled = fill(pair.client);
			let size = filled;
			for (let round = 0; round < 300; round++) {
				pair.client.write(pattern(1 + round * 17, size));
				size += 1 + round * 17;
			}
			assert.ok(pair.client.writableLength > 0);
			const drained = pair.client.drain();
			assert.deepEqual(await soon(take(pair.server, size)), pattern(size));
			await soon(drained);
			assert.equal(pair.client.writableLength, 0);
			assert.equal(pair.client.write("after"), true);
			assert.equal(`${await pair.server.recv(10)}`, "after");
		});

		test("many MiB in one call arrive whole, at a peer that is slow at first", async () => {
			using pair = make();
			const data = pattern(9_000_001);
			assert.equal(pair.client.write(data), false);
			assert.ok(pair.client.writableLength > mark);
			const received = take(pair.server, data.length, 50_000);
			await soon(pair.client.drain());
			assert.ok((await soon(received)).equals(data));
		});

		test("it says false from 64 KiB on", () => {
			using pair = make();
			fill(pair.client);
			const before = pair.client.writableLength;
			assert.equal(before, 0);
			assert.equal(pair.client.write(Buffer.alloc(mark - 1)), true);
			assert.equal(pair.client.writableLength, mark - 1);
			assert.equal(pair.client.write("x"), false);
			assert.equal(pair.client.writableLength, mark);
		});

		test("the caller's memory is its own again when write() returns", async () => {
			using pair = make();
			const filled = fill(pair.client);
			const memory = Buffer.from("first");
			pair.client.write(memory);
			memory.write("SECON");
			pair.client.write(memory);
			memory.fill(0);
			const all = await soon(take(pair.server, filled + 10));
			assert.equal(`${all.subarray(filled)}`, "firstSECON");
		});

		test("everything that is taken for bytes is written, and empty data are nothing", async () => {
			using pair = make();
			for (const full of [false, true]) {
				const before = full ? fill(pair.client) : 0;
				const words = new Uint16Array([0x6161, 0x6262, 0x6363]);
				const all: Bytes[] = [
					"ü",
					"",
					Buffer.from("bc"),
					new Uint8Array(0),
					words.subarray(1, 2),
					new DataView(words.buffer, 4),
					new ArrayBuffer(0),
					Uint8Array.of(100, 101).buffer,
					new Uint8Array(new SharedArrayBuffer(2)).fill(102),
				];
				for (const data of all) assert.equal(pair.client.write(data), true);
				const text = "übcbbccdeff";
				const received = await soon(take(pair.server, before + Buffer.byteLength(text)));
				assert.equal(`${received.subarray(before)}`, text);
				await soon(pair.client.drain());
			}
		});

		test("sendall(), send() and sendmsg() that come later go out later, write() after them too", async () => {
			using pair = make();
			const filled = fill(pair.client);
			const { client, server } = pair;
			client.write("1");
			const sent = [client.sendall("2")];
			client.write("3");
			sent.push(client.send("4").then(() => {}));
			client.write("5");
			client.write("6");
			sent.push(client.sendmsg(["7"]).then(() => {}));
			client.write("8");
			sent.push(client.drain());
			client.write("9");
			const all = await soon(take(server, filled + 9));
			assert.equal(`${all.subarray(filled)}`, "123456789");
			await soon(Promise.all(sent));
			await soon(client.drain());
		});

		test("what is spliced into it goes out in its place", async () => {
			using pair = make();
			using source = make();
			source.client.sendSync("2");
			source.client.close();
			const filled = fill(pair.client);
			pair.client.write("1");
			const spliced = splice(source.server, pair.client);
			pair.client.write("3");
			const all = await soon(take(pair.server, filled + 3));
			assert.equal(`${all.subarray(filled)}`, "123");
			assert.equal(await soon(spliced), 1);
		});

		test("a blocking operation goes out behind what was written", async () => {
			using pair = make();
			const filled = fill(pair.client);
			pair.client.write("1");
			const later = pair.client.sendall("2");
			const taking = aside({ do: "receive", fd: pair.server.fileno(), count: filled });
			pair.client.sendallSync("3");
			pair.client.write("4");
			await taking;
			await later;
			assert.equal(`${await soon(take(pair.server, 4))}`, "1234");
		});

		test("what must not wait does not overtake what was written", async () => {
			using pair = make();
			const filled = fill(pair.client);
			pair.client.write("1");
			// There is room, and nobody has heard of it yet.
			for (let left = filled; left > 0; ) left -= pair.server.recvSync(left).length;
			let expected = "1";
			for (const [data, send] of [
				["2", () => pair.client.send("2", MSG_DONTWAIT)],
				["3", () => pair.client.send("3", 0, { timeout: 0 })],
				["4", async () => pair.client.sendSync("4", MSG_DONTWAIT)],
			] as const) {
				const sent = await send().catch((error) => {
					assert.equal(error.code, "EAGAIN");
					return 0;
				});
				if (sent === 1) expected += data;
			}
			assert.equal(`${await soon(take(pair.server, expected.length))}`, expected);
		});

		test("drain() is through when all that was written before it is in the kernel", async () => {
			using pair = make();
			await soon(pair.client.drain());
			const filled = fill(pair.client);
			await soon(pair.client.sendall("").catch(() => {}));
			pair.client.write(Buffer.alloc(1000));
			let drained = false;
			const drain = pair.client.drain().then(() => {
				drained = true;
			});
			await turns();
			assert.equal(drained, false);
			assert.equal(pair.client.writableLength, 1000);
			await soon(take(pair.server, filled + 1000));
			await soon(drain);
		});

		test("drain() has a timeout and a signal, and what was written still goes out", async () => {
			using pair = make();
			const filled = fill(pair.client);
			// More than the kernel finds room for after all, which it may for a few bytes.
			const kept = pattern(8 << 20);
			pair.client.write(kept);
			await assert.rejects(pair.client.drain({ timeout: 5 }), TimeoutError);
			await rejectsWith(pair.client.drain({ timeout: 0 }), { code: "EAGAIN" });
			const controller = new AbortController();
			const drain = pair.client.drain({ signal: controller.signal });
			controller.abort(new Error("enough"));
			await assert.rejects(drain, /enough/);
			const all = await soon(take(pair.server, filled + kept.byteLength));
			assert.ok(all.subarray(filled).equals(kept));
		});

		test("on a non-blocking socket write() keeps, and drain() says that it would wait", async () => {
			using pair = make();
			const filled = fill(pair.client);
			pair.client.settimeout(0);
			const kept = pattern(8 << 20);
			assert.equal(pair.client.write(kept), false);
			await rejectsWith(pair.client.drain(), { code: "EAGAIN", name: "BlockingIOError" });
			const all = await soon(take(pair.server, filled + kept.byteLength));
			assert.ok(all.subarray(filled).equals(kept));
			await until(() => pair.client.writableLength === 0);
			await pair.client.drain();
		});

		test("when the peer is gone, drain() and the next write() say so, and nothing else does", async () => {
			using pair = make();
			fill(pair.client);
			pair.client.write("lost");
			const drain = pair.client.drain();
			const second = pair.client.drain({ timeout: 10_000 });
			const later = pair.client.sendall("too");
			pair.server.close();
			const failure = await drain.then(
				() => assert.fail("drain() did not fail"),
				(error) => error,
			);
			assert.match(failure.code, /EPIPE|ECONNRESET/);
			await assert.rejects(second, { code: failure.code });
			await assert.rejects(later, (error: NodeJS.ErrnoException) => /EPIPE|ECONNRESET/.test(`${error.code}`));
			assert.throws(() => pair.client.write("x"), { code: failure.code });
			await assert.rejects(pair.client.drain(), { code: failure.code });
			assert.equal(pair.client.writableLength, 0);
			await turns();
		});

		test("when nobody asks, a failure is heard of at the next write()", async () => {
			using pair = make();
			fill(pair.client);
			pair.client.write("lost");
			pair.server.close();
			await until(() => pair.client.writableLength === 0);
			assert.throws(() => pair.client.write("x"), { syscall: "send" });
		});

		test("a failure in the call itself is thrown", async () => {
			using pair = make();
			pair.client.shutdown(SHUT_WR);
			assert.throws(() => pair.client.write("x"), { code: "EPIPE", syscall: "send" });
			await pair.client.drain();
		});

		test("closing drops what waits, and drain() fails with EBADF", async () => {
			using pair = make();
			fill(pair.client);
			pair.client.write("dropped");
			const drain = pair.client.drain();
			pair.client.close();
			await rejectsWith(drain, { code: "EBADF", syscall: "drain" });
			assert.throws(() => pair.client.write("x"), { code: "EBADF" });
			assert.equal(pair.client.writableLength, 0);
			await rejectsWith(pair.client.drain(), { code: "EBADF" });
		});

		test("while something waits the socket cannot be transferred", async () => {
			using pair = make();
			const filled = fill(pair.client);
			pair.client.write("x");
			assert.throws(() => pair.client.transfer(), { code: "EBUSY" });
			await soon(take(pair.server, filled + 1));
			await soon(pair.client.drain());
			Socket.receive(pair.client.transfer()).close();
		});

		test("an echo of what recvEach() hands out comes back whole, from memory that is used again", async () => {
			using pair = make();
			narrow(pair);
			const { client, server } = pair;
			const data = pattern(3_000_000);
			let waited = 0;
			const flow = server.recvEach((chunk) => {
				if (server.write(chunk)) return;
				waited++;
				flow.pause();
				void server.drain().then(() => flow.resume());
			});
			const received: Buffer[] = [];
			let count = 0;
			// What comes back is not read until the server must wait.
			const back = client.recvEach((chunk) => {
				received.push(Buffer.from(chunk));
				count += chunk.length;
			});
			back.pause();
			const sent = client.sendall(data);
			await until(() => waited > 0);
			back.resume();
			await soon(sent);
			await until(() => count === data.length);
			assert.ok(Buffer.concat(received).equals(data));
			client.shutdown(SHUT_WR);
			await soon(flow.ended);
			back.stop();
		});

		test("random calls with random sizes to a slow reader: the bytes are those of the calls, in order", async () => {
			const call = fc.record({
				how: fc.constantFrom(
					"write",
					"write",
					"write",
					"sendall",
					"send",
					"sendmsg",
					"drain",
					"take",
					"turn",
				),
				size: fc.oneof(fc.nat(20), fc.nat(3000), fc.nat(100_000)),
			});
			await fc.assert(
				fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 40 }), async (calls) => {
					using pair = make();
					narrow(pair);
					const { client, server } = pair;
					let size = 0;
					const received: Buffer[] = [];
					const pending: Promise<unknown>[] = [];
					for (const { how, size: length } of calls) {
						// send() and sendmsg() may take a part, so they are given what goes out whole or not at all.
						const data = pattern(how === "send" || how === "sendmsg" ? length % 2 : length, size);
						if (how === "take") received.push(await takeNow(server, length));
						else if (how === "turn") await turns(1);
						else if (how === "drain") pending.push(client.drain());
						else size += data.length;
						if (how === "write") client.write(data);
						else if (how === "sendall" || how === "send") pending.push(client[how](data));
						else if (how === "sendmsg") pending.push(client.sendmsg([data]));
					}
					const had = received.reduce((sum, { length }) => sum + length, 0);
					received.push(await soon(take(server, size - had, 5000), "a byte"));
					await soon(Promise.all(pending), "a call");
					await soon(client.drain(), "drain()");
					assert.ok(Buffer.concat(received).equals(pattern(size)));
				}),
				{ numRuns: 60 },
			);
		});
	});
}

/** What is there, at most so much. */
async function takeNow(socket: Socket, size: number): Promise<Buffer> {
	return socket.recv(size + 1, 0, { timeout: 0 }).catch((error) => {
		assert.equal(error.code, "EAGAIN");
		return Buffer.alloc(0);
	});
}

for (const stream of streams) suite(stream);

test("little that waits holds little memory, however it came to wait", async () => {
	using pair = unnamedPair();
	fill(pair.client);
	const before = process.memoryUsage().arrayBuffers;
	const drains: Promise<void>[] = [];
	for (let count = 0; count < 2000; count++) {
		pair.client.write("a");
		pair.client.write("b");
		drains.push(pair.client.drain());
	}
	assert.ok(process.memoryUsage().arrayBuffers - before < 4_000_000);
	pair.client.close();
	for (const result of await Promise.allSettled(drains)) assert.equal(result.status, "rejected");
});

test("write() takes bytes and nothing else", () => {
	using pair = unnamedPair();
	for (const wrong of [5, null, undefined, {}, [1]]) {
		assert.throws(() => pair.client.write(wrong as unknown as Bytes), TypeError);
	}
});

describe("on a socket of messages", () => {
	for (const type of [SOCK_DGRAM, SOCK_SEQPACKET]) {
		const kind = type === SOCK_DGRAM ? "datagrams" : "seqpacket";
		test(`each write() is one, those that are kept and the empty ones too: ${kind}`, async () => {
			using pair = unnamedPair(type);
			const { client, server } = pair;
			const sent = ["now"];
			client.write("now");
			while (client.writableLength === 0) {
				sent.push("x".repeat(1000));
				client.write(sent.at(-1) as string);
			}
			const memory = Buffer.from("one");
			client.write(memory);
			memory.write("two");
			client.write(memory);
			// An empty record would be taken for the end of a connection.
			const empty = type === SOCK_DGRAM ? [""] : [];
			for (const data of empty) client.write(data);
			const later = client.sendall("three");
			client.write("four");
			sent.push("one", "two", ...empty, "three", "four");
			for (const expected of sent) assert.equal(`${await soon(server.recv(2000))}`, expected);
			await soon(later);
			await soon(client.drain());
		});
	}

	test("one that is lost is told of once, and the others arrive", async () => {
		using pair = unnamedPair(SOCK_DGRAM);
		using server = new Socket(AF_UNIX, SOCK_DGRAM);
		const path = freshPath();
		server.bind(path);
		const { client } = pair;
		while (client.writableLength === 0) client.write("x");
		client.write("lost");
		pair.server.close();
		await until(() => client.writableLength === 0);
		assert.throws(() => client.write("not sent"), { code: "ECONNREFUSED", syscall: "send" });
		await client.connect(path);
		client.write("arrives");
		assert.equal(`${server.recvSync(10)}`, "arrives");
		await client.drain();
	});

	test("without a peer it says so", () => {
		using udp = new Socket(AF_INET, SOCK_DGRAM);
		assert.throws(() => udp.write("x"), { code: "EDESTADDRREQ" });
	});
});

test("what is written while the socket connects goes out when it is connected", async () => {
	using listener = new Socket(AF_INET, SOCK_STREAM);
	listener.bind({ host: "127.0.0.1", port: 0 });
	listener.listen();
	using client = new Socket(AF_INET, SOCK_STREAM);
	const connected = client.connect(listener.getsockname());
	client.write("early");
	await connected;
	const [server] = listener.acceptSync();
	using end = server;
	assert.equal(`${await soon(end.recv(10))}`, "early");
});

test("a reset while data wait is ECONNRESET, for write() and drain()", async () => {
	using pair: Pair = tcpPair();
	fill(pair.client);
	pair.client.write("lost");
	const drain = pair.client.drain();
	pair.server.setsockopt(SOL_SOCKET, SO_LINGER, new Int32Array([1, 0]));
	pair.server.close();
	await rejectsWith(drain, { code: "ECONNRESET" });
	assert.throws(() => pair.client.write("x"), { code: "ECONNRESET" });
});
