/**
 * Connections behind lines with faults, as channels of bytes.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { CapturedPacket } from "../src/capture/captured.js";
import { Cutter } from "../src/impair/cutter.js";
import { impairedStream, type StreamImpairments, tracedStream } from "../src/impair/index.js";
import {
	AF_INET,
	AF_UNIX,
	createConnection,
	createServer,
	MSG_PEEK,
	SHUT_WR,
	SOCK_DGRAM,
	Socket,
	socketpair,
} from "../src/index.js";
import { dissect, ipv4, raw, TH_ACK, TH_FIN, TH_PUSH, TH_SYN, tcp } from "../src/packet/index.js";
import { makefile, toStream } from "../src/stream/index.js";
import { soon, until } from "./support/until.js";

/** Two ends of a TCP connection. */
async function connection(): Promise<[own: Socket, peer: Socket]> {
	using listener = createServer({ host: "127.0.0.1", port: 0 });
	const own = await createConnection(listener.getsockname());
	const [peer] = await listener.accept();
	return [own, peer];
}

/** Everything that comes up to the end. */
async function all(channel: { recv(size: number): Promise<Buffer> }): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for (;;) {
		const chunk = await soon(channel.recv(70_000));
		if (chunk.length === 0) return Buffer.concat(chunks);
		chunks.push(chunk);
	}
}

const content = Buffer.from(Array.from({ length: 50_000 }, (_, index) => index % 251));

describe("what a stream comes to", () => {
	test("depends on the seed and the bytes, and not on the chunks in which they come", () => {
		const impairments: StreamImpairments = {
			pieces: { least: 1, most: 40 },
			corrupt: { chance: 0.3, bits: 2 },
			delay: { time: 10, jitter: 5, chance: 0.5 },
			stall: { at: 77 },
			end: { at: 900 },
		};
		const through = (chunks: Uint8Array[]) => {
			const cutter = new Cutter(impairments, 9, "there");
			const parts = [...cutter.begin(), ...chunks.flatMap((chunk) => cutter.cut(chunk))];
			const delays: number[] = [];
			let stall = 0;
			for (const { bytes, delay } of parts) {
				for (let byte = 0; byte < bytes.length; byte++) delays.push(Math.round((delay % 1000) * 1000));
				if (delay >= 1000) stall += 1;
			}
			return {
				text: Buffer.concat(parts.map(({ bytes }) => bytes)).toString("hex"),
				delays,
				stall,
				act: parts.at(-1)?.act,
			};
		};
		const whole = content.subarray(0, 1000);
		const expected = through([whole]);
		assert.equal(expected.text.length, 1800);
		assert.equal(expected.stall, 1);
		assert.equal(expected.act, "end");
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (sizes) => {
				const chunks: Uint8Array[] = [];
				for (let at = 0, turn = 0; at < whole.length; turn++) {
					const size = sizes[turn % sizes.length] as number;
					chunks.push(whole.subarray(at, at + size));
					at += size;
				}
				assert.deepEqual(through(chunks), expected);
			}),
			{ numRuns: 50 },
		);
	});
});

describe("an impaired stream", () => {
	test("brings all bytes, in pieces that are sent one by one", async () => {
		const [own, peer] = socketpair(AF_UNIX);
		using slow = impairedStream(own, { send: { pieces: 7 }, receive: { pieces: 5 } });
		assert.equal(await slow.send("twelve bytes"), 12);
		await slow.drained();
		// Each recv of a Unix stream takes what there is: two pieces by now.
		assert.equal(String(await soon(peer.recv(100))), "twelve bytes");
		await peer.sendall("eleven more");
		const sizes = [];
		for (let count = 0; count < 11; ) {
			const data = await soon(slow.recv(100));
			sizes.push(data.length);
			count += data.length;
		}
		assert.deepEqual(sizes, [5, 5, 1]);
		peer.close();
	});

	test("delays and throttles, and holds back who sends more than there is room for", async () => {
		const [own, peer] = await connection();
		using slow = impairedStream(own, { send: { rate: 100_000, limit: 10_000 }, receive: { delay: 60 } });
		const start = performance.now();
		assert.equal(await slow.send(content), 10_000);
		await assert.rejects(slow.send("x", 0, { timeout: 1 }), { code: "ETIMEDOUT" });
		const sending = slow.sendall(content).then(() => slow.shutdown(SHUT_WR));
		const received = await all(peer);
		await soon(sending);
		assert.ok(received.equals(Buffer.concat([content.subarray(0, 10_000), content])));
		assert.ok(performance.now() - start >= 580);
		const before = performance.now();
		await peer.sendall("late");
		await assert.rejects(slow.recv(10, 0, { timeout: 0 }), { code: "EAGAIN" });
		assert.equal(String(await soon(slow.recv(10))), "late");
		assert.ok(performance.now() - before >= 60);
		peer.close();
	});

	test("keeps to timeouts and signals, and hands out what is asked for", async () => {
		const [own, peer] = await connection();
		using slow = impairedStream(own, { receive: {} });
		const stop = new AbortController();
		const aborted = slow.recv(10, 0, { signal: stop.signal });
		stop.abort(new Error("enough"));
		await assert.rejects(aborted, /enough/);
		await assert.rejects(slow.recv(10, 0, { timeout: 1 }), { code: "ETIMEDOUT" });
		await assert.rejects(slow.recv(10, MSG_PEEK), /knows no flags/);
		const waiting = [slow.recv(2), slow.recv(3), slow.recv(100)];
		await peer.sendall("abcdefgh");
		assert.deepEqual((await soon(Promise.all(waiting))).map(String), ["ab", "cde", "fgh"]);
		peer.shutdown(SHUT_WR);
		for (let time = 0; time < 2; time++) assert.equal((await soon(slow.recv(10))).length, 0);
		assert.equal(await slow.send(""), 0);
		slow.shutdown(SHUT_WR);
		await assert.rejects(slow.send("x"), { code: "EPIPE" });
		assert.equal((await soon(peer.recv(1))).length, 0);
		peer.close();
	});

	test("is reset where the plan wants it, at both ends", async () => {
		for (const plan of [{ send: { reset: { at: 4 } } }, { receive: { reset: { at: 4 } } }]) {
			const [own, peer] = await connection();
			using broken = impairedStream(own, plan);
			if ("send" in plan) await broken.sendall("12345");
			else await peer.sendall("12345");
			const received = "send" in plan ? peer : broken;
			const failed = (async () => {
				for (;;) await received.recv(10);
			})();
			await assert.rejects(soon(failed), { code: "ECONNRESET" });
			await assert.rejects(soon(broken.recv(1)), { code: "ECONNRESET" });
			await assert.rejects(broken.send("x"), { code: "ECONNRESET" });
			await until(() => broken.socket.closed);
			peer.close();
		}
	});

	test("ends where the plan wants it, and loses the rest", async () => {
		const [own, peer] = await connection();
		using short = impairedStream(own, { send: { end: { at: 3 } }, receive: { end: { at: 2 } } });
		await short.sendall("123456");
		assert.equal(String(await all(peer)), "123");
		await peer.sendall("987");
		assert.equal(String(await all(short)), "98");
		peer.close();
	});

	test("brings what was sent before it was closed", async () => {
		const [own, peer] = await connection();
		const slow = impairedStream(own, { send: { delay: 50 } });
		await slow.sendall("last words");
		slow.close();
		assert.ok(slow.closed && !slow.socket.closed);
		await assert.rejects(slow.send("more"), { code: "EBADF" });
		await assert.rejects(slow.recv(1), { code: "EBADF" });
		assert.equal(String(await all(peer)), "last words");
		await until(() => slow.socket.closed);
		peer.close();
	});

	test("rejects what waits when it is closed", async () => {
		const [own, peer] = await connection();
		const slow = impairedStream(own, {});
		const waiting = slow.recv(1);
		slow.close();
		await assert.rejects(soon(waiting), { code: "EBADF" });
		await until(() => slow.socket.closed);
		peer.close();
	});

	test("carries files and Node's streams", async () => {
		const [own, peer] = await connection();
		using slow = impairedStream(own, { send: { pieces: 3 }, receive: { delay: 1, pieces: 2 } });
		const file = makefile(slow, "rw");
		await peer.sendall("one\ntwo\n");
		assert.equal(await soon(file.readline()), "one\n");
		assert.equal(await soon(file.readline()), "two\n");
		const stream = toStream(slow);
		stream.end("from a stream");
		assert.equal(String(await all(peer)), "from a stream");
		const closed = new Promise((resolve) => stream.once("close", resolve));
		stream.resume();
		peer.close();
		await soon(closed);
	});
});

describe("a traced stream", () => {
	test("is recorded as a conversation", async () => {
		const packets: CapturedPacket[] = [];
		const [own, peer] = await connection();
		const seen = tracedStream(own, { write: (packet) => packets.push(packet) });
		await seen.sendall("question");
		await soon(peer.recv(100));
		await peer.sendall("answer");
		await soon(seen.recv(100));
		peer.close();
		assert.equal((await soon(seen.recv(100))).length, 0);
		seen.close();
		await until(() => seen.socket.closed);
		assert.deepEqual(
			packets.map(({ bytes, direction }) => {
				const packet = dissect(bytes, { first: ipv4 });
				const segment = packet.get(tcp);
				assert.equal(segment?.checksumIsRight, true);
				const text = Buffer.from(packet.get(raw)?.data ?? []).toString();
				return [direction, segment?.flags, segment?.sequence, segment?.acknowledgment, text];
			}),
			[
				["out", TH_SYN, 0, 0, ""],
				["in", TH_SYN | TH_ACK, 0, 1, ""],
				["out", TH_ACK, 1, 1, ""],
				["out", TH_ACK | TH_PUSH, 1, 1, "question"],
				["in", TH_ACK | TH_PUSH, 1, 9, "answer"],
				["in", TH_FIN | TH_ACK, 7, 9, ""],
				["out", TH_FIN | TH_ACK, 9, 8, ""],
			],
		);
	});
});

test("what is no stream is refused", () => {
	using datagrams = new Socket(AF_INET, SOCK_DGRAM);
	assert.throws(() => impairedStream(datagrams, {}), /for datagrams there is impaired\(\)/);
	assert.throws(() => impairedStream({} as never, {}), /impairedStream takes a Socket/);
	const [own, peer] = socketpair();
	assert.throws(() => impairedStream(own, { send: { loss: 0.1 } as never }), /a stream knows no loss/);
	own.close();
	peer.close();
});
