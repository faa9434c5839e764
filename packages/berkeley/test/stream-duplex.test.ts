/**
 * Connections as Duplex streams, and what runs over them: node:http, node:tls and ws.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { once } from "node:events";
import * as http from "node:http";
import type { Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { after, describe, test } from "node:test";
import { connect, TLSSocket } from "node:tls";
import { WebSocket, WebSocketServer } from "ws";
import {
	IPPROTO_TCP,
	SHUT_WR,
	SO_KEEPALIVE,
	SO_LINGER,
	SOL_SOCKET,
	socketpair,
	TCP_KEEPIDLE,
	TCP_NODELAY,
} from "../src/index.js";
import { type ChannelStream, toStream } from "../src/stream/index.js";
import { Authority, noOpenssl } from "./support/certificates.js";
import { kinds, tcpPair } from "./support/connections.js";
import { isDeno } from "./support/runtime.js";

/** Bytes that show where they come from. */
function pattern(size: number): Buffer {
	const bytes = Buffer.alloc(size);
	for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(Math.imul(at, 2654435761) >>> 0, at);
	return bytes;
}

/** What a stream gives, to its end. (Iterating a Duplex would destroy it at the end.) */
function readAll(stream: Readable): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		const pieces: Buffer[] = [];
		stream.on("data", (piece: Buffer) => pieces.push(piece));
		stream.once("end", () => resolve(Buffer.concat(pieces)));
		stream.once("error", reject);
	});
}

/** What 'close' tells or has told: whether there was an error. */
function closing(stream: Duplex): Promise<boolean> {
	if (stream.closed) return Promise.resolve(stream.errored !== null);
	return new Promise((resolve) => stream.once("close", resolve));
}

/** Waits until a count stays the same over several turns of the event loop. */
async function settled(count: () => number): Promise<number> {
	let last = count();
	for (let turns = 0; turns < 20; turns++) {
		await new Promise((resolve) => setTimeout(resolve, 1));
		if (count() !== last) turns = 0;
		last = count();
	}
	return last;
}

/** An agent whose connections come from a function. */
class OwnAgent extends http.Agent {
	readonly #make: () => Duplex;
	made = 0;

	constructor(make: () => Duplex, options: http.AgentOptions) {
		super(options);
		this.#make = make;
	}

	override createConnection(): Duplex {
		this.made++;
		return this.#make();
	}
}

function request(
	agent: http.Agent,
	options: http.RequestOptions,
	body?: Buffer,
): Promise<{ status: number | undefined; body: Buffer }> {
	return new Promise((resolve, reject) => {
		const asked = http.request({ agent, host: "test", ...options }, (response) => {
			readAll(response).then((body) => resolve({ status: response.statusCode, body }), reject);
		});
		asked.on("error", reject);
		asked.end(body);
	});
}

for (const [kind, makePair] of kinds) {
	describe(`toStream() over ${kind}`, () => {
		test("carries much data both ways at once", async () => {
			const [a, b] = await makePair();
			const [one, other] = [toStream(a), toStream(b)];
			const data = pattern(3 << 20);
			const [atOne, atOther] = await Promise.all([
				readAll(one),
				readAll(other),
				pipeline([data.subarray(0, 2 << 20), data.subarray(2 << 20)], one),
				pipeline([data], other),
			]);
			assert.ok(atOne.equals(data));
			assert.ok(atOther.equals(data));
			assert.deepEqual([one.bytesRead, one.bytesWritten], [data.length, data.length]);
			await closing(one);
			assert.ok(a.closed);
			await closing(other);
			assert.ok(b.closed);
		});

		test("keeps the order of pieces of every size that are written at once", async () => {
			const [a, b] = await makePair();
			const [one, other] = [toStream(a), toStream(b)];
			const pieces = [1, 70_000, 3, 0, 4000, 65_536, 65_535, 1, 1, 300_000, 2].map(pattern);
			const reading = readAll(other);
			for (const piece of pieces) one.write(piece);
			one.write("text é");
			one.end();
			assert.ok((await reading).equals(Buffer.concat([...pieces, Buffer.from("text é")])));
			one.destroy();
			other.destroy();
		});

		test("a slow reader bounds what the writer and the reader keep", async () => {
			const [a, b] = await makePair();
			const [writer, reader] = [toStream(a), toStream(b)];
			const data = pattern(24 << 20);
			let handed = 0;
			function* pieces(): Generator<Buffer> {
				for (; handed < data.length; handed += 0x4000) yield data.subarray(handed, handed + 0x4000);
			}
			const writing = pipeline(pieces(), writer);
			reader.once("readable", () => {}); // Begins to read ahead, and takes nothing.
			const stalled = await settled(() => handed);
			assert.ok(stalled < 20 << 20, `${stalled} bytes were handed over`);
			assert.ok(writer.writableLength <= writer.writableHighWaterMark + 0x4000, `${writer.writableLength}`);
			assert.ok(reader.readableLength <= reader.readableHighWaterMark + 0x10000, `${reader.readableLength}`);
			const received = await readAll(reader);
			await writing;
			assert.ok(received.equals(data));
			reader.destroy();
			writer.destroy();
		});

		test("keeps the other direction open when one ends", async () => {
			const [a, b] = await makePair();
			const stream = toStream(a);
			b.sendallSync("question");
			b.shutdown(SHUT_WR);
			assert.equal(String(await readAll(stream)), "question");
			assert.equal(stream.readyState, "writeOnly");
			assert.equal(a.closed, false);
			stream.write("answer");
			assert.equal(String(await b.recv(100)), "answer");
			stream.end();
			assert.equal((await b.recv(100)).length, 0);
			await closing(stream);
			assert.ok(a.closed);
			b.close();
		});

		test("ends with the peer when half-open connections are not allowed", async () => {
			const [a, b] = await makePair();
			const stream = toStream(a, { allowHalfOpen: false });
			b.shutdown(SHUT_WR);
			stream.resume();
			assert.equal(await closing(stream), false);
			assert.equal((await b.recv(1)).length, 0);
			b.close();
		});

		test("destroyed in mid-transfer, closes the channel and tells whether there was an error", async () => {
			for (const error of [undefined, new Error("enough")]) {
				const [a, b] = await makePair();
				const stream = toStream(a);
				const errors: unknown[] = [];
				stream.on("error", (reason) => errors.push(reason));
				stream.resume();
				const written = new Promise((resolve) => stream.write(pattern(8 << 20), resolve));
				assert.ok((await b.recv(10)).length > 0);
				const closed = closing(stream);
				stream.destroy(error);
				assert.ok(a.closed);
				assert.equal(await closed, error !== undefined);
				assert.ok((await written) instanceof Error);
				assert.deepEqual(errors, error === undefined ? [] : [error]);
				b.close();
			}
		});

		test("emits 'timeout' when nothing moves, and closes nothing", async () => {
			const [a, b] = await makePair();
			const stream = toStream(a);
			let calls = 0;
			assert.equal(
				stream.setTimeout(20, () => calls++),
				stream,
			);
			const alive = setTimeout(() => {}, 60_000); // An idle timer does not keep the process alive.
			await once(stream, "timeout");
			assert.deepEqual([calls, stream.timeout, a.closed], [1, 20, false]);
			clearTimeout(alive);
			stream.setTimeout(0);
			assert.throws(() => stream.setTimeout(-1), RangeError);
			stream.destroy();
			b.close();
		});

		test("runs node:http at both ends: keep-alive and large bodies both ways", async () => {
			const server = http.createServer((asked, answer) => {
				if (asked.url === "/echo") asked.pipe(answer);
				else answer.end(`${asked.method} ${asked.url}`);
			});
			const streams: ChannelStream[] = [];
			// Deno's http server closes each connection after its answer, those of node:net too.
			const pairs = await Promise.all(Array.from({ length: isDeno ? 3 : 1 }, makePair));
			const fresh = [...pairs];
			const agent = new OwnAgent(
				() => {
					const [a, b] = fresh.shift() ?? assert.fail("no connection is left");
					const streamsOfPair = [toStream(a), toStream(b, { allowHalfOpen: false })] as const;
					streams.push(...streamsOfPair);
					server.emit("connection", streamsOfPair[0]);
					return streamsOfPair[1];
				},
				{ keepAlive: !isDeno, maxSockets: 1 },
			);
			const body = pattern(2 << 20);
			assert.equal(String((await request(agent, { path: "/one" })).body), "GET /one");
			const echoed = await request(agent, { path: "/echo", method: "POST" }, body);
			assert.ok(echoed.body.equals(body));
			assert.equal((await request(agent, { path: "/two" })).status, 200);
			assert.equal(agent.made, pairs.length);
			agent.destroy();
			await Promise.all(streams.map(closing));
			assert.ok(pairs.flat().every((socket) => socket.closed));
		});

		test("runs ws at both ends", async () => {
			const [a, b] = await makePair();
			const server = http.createServer();
			const sockets = new WebSocketServer({ server });
			sockets.on("connection", (socket) =>
				socket.on("message", (data, binary) => socket.send(data, { binary })),
			);
			server.emit("connection", toStream(a));
			const client = new WebSocket("ws://test/", {
				createConnection: () => toStream(b) as never,
				perMessageDeflate: false,
			});
			await once(client, "open");
			const data = pattern(1 << 20);
			client.send("text");
			client.send(data);
			assert.equal(String((await once(client, "message"))[0]), "text");
			assert.ok(data.equals((await once(client, "message"))[0] as Buffer));
			client.close(1000, "done");
			const [code] = await once(client, "close");
			assert.equal(code, 1000);
			sockets.close();
			await settled(() => Number(a.closed) + Number(b.closed));
			assert.deepEqual([a.closed, b.closed], [true, true]);
		});
	});
}

describe("toStream() and net.Socket", () => {
	test("has the names of both ends", async () => {
		const [a, b] = await tcpPair();
		const [one, other] = [toStream(a), toStream(b)];
		const port = a.getsockname().port;
		assert.deepEqual(one.address(), { address: "127.0.0.1", family: "IPv4", port });
		assert.deepEqual([one.localAddress, one.localPort, one.localFamily], ["127.0.0.1", port, "IPv4"]);
		assert.deepEqual(
			[other.remoteAddress, other.remotePort, other.remoteFamily],
			["127.0.0.1", port, "IPv4"],
		);
		assert.deepEqual([one.connecting, one.pending, one.readyState], [false, false, "open"]);
		assert.equal(one.ref(), one);
		assert.equal(one.unref(), one);
		one.destroy();
		other.destroy();
		assert.equal(other.remotePort, port); // Known once, it stays.
		const [c, d] = socketpair();
		const unnamed = toStream(c);
		assert.deepEqual(
			[unnamed.address(), unnamed.remoteAddress, unnamed.remotePort, unnamed.remoteFamily],
			[{}, undefined, undefined, undefined],
		);
		unnamed.destroy();
		d.close();
	});

	test("sets TCP's options, and none where there are none", async () => {
		const [a, b] = await tcpPair();
		const stream = toStream(a).setNoDelay().setKeepAlive(true, 7000);
		const options = (): number[] => [
			a.getsockopt(IPPROTO_TCP, TCP_NODELAY),
			a.getsockopt(SOL_SOCKET, SO_KEEPALIVE),
			a.getsockopt(IPPROTO_TCP, TCP_KEEPIDLE),
		];
		assert.deepEqual(options(), [1, 1, 7]);
		stream.setNoDelay(false).setKeepAlive();
		assert.deepEqual(options(), [0, 0, 7]);
		stream.destroy();
		stream.setNoDelay();
		b.close();
		const [c, d] = socketpair();
		toStream(c).setNoDelay().setKeepAlive(true).destroy();
		d.close();
	});

	test("a reset is an error and closes the channel", async () => {
		const [a, b] = await tcpPair();
		const stream = toStream(a).resume();
		b.setsockopt(SOL_SOCKET, SO_LINGER, Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]));
		b.close();
		const closed = closing(stream);
		const [error] = await once(stream, "error");
		assert.equal((error as NodeJS.ErrnoException).code, "ECONNRESET");
		assert.ok(a.closed);
		assert.equal(await closed, true);
	});

	test("destroySoon() sends what was written first", async () => {
		const [a, b] = await tcpPair();
		const stream = toStream(a);
		const data = pattern(1 << 20);
		stream.write(data);
		stream.destroySoon();
		assert.ok((await readAll(toStream(b, { allowHalfOpen: false }))).equals(data));
		assert.ok(stream.destroyed && a.closed);
	});

	test("a signal destroys it", async () => {
		const [a, b] = await tcpPair();
		const controller = new AbortController();
		const stream = toStream(a, { signal: controller.signal });
		stream.resume();
		controller.abort();
		const [error] = await once(stream, "error");
		assert.equal((error as Error).name, "AbortError");
		assert.ok(a.closed);
		b.close();
	});
});

describe("toStream() below node:tls", { skip: noOpenssl }, () => {
	const authority = noOpenssl ? undefined : new Authority();
	after(() => authority?.remove());

	test("carries TLS at both ends", async () => {
		const identity = authority?.issue("localhost", "DNS:localhost");
		const [a, b] = await tcpPair();
		const server = new TLSSocket(toStream(a), { isServer: true, ...identity });
		const client = connect({ socket: toStream(b), servername: "localhost", ca: authority?.ca ?? "" });
		await once(client, "secureConnect");
		const data = pattern(1 << 20);
		server.pipe(server);
		client.end(data);
		assert.ok((await readAll(client)).equals(data));
		await settled(() => Number(a.closed) + Number(b.closed));
		assert.deepEqual([a.closed, b.closed], [true, true]);
	});
});

test("a signal that has fired already destroys the stream and closes the socket", async () => {
	const [a, b] = socketpair();
	const reason = new Error("enough");
	const stream = toStream(a, { signal: AbortSignal.abort(reason) });
	const [error] = await once(stream, "error");
	assert.deepEqual([error.name, error.cause], ["AbortError", reason]);
	assert.ok(a.closed);
	b.close();
});
