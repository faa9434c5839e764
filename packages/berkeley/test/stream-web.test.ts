/**
 * Connections as web streams.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { CompressionStream, DecompressionStream, TextDecoderStream } from "node:stream/web";
import { describe, test } from "node:test";
import { SHUT_WR } from "../src/index.js";
import { readable, writable } from "../src/stream/index.js";
import { kinds } from "./support/connections.js";

for (const [kind, makePair] of kinds) {
	describe(`readable() and writable() over ${kind}`, () => {
		test("carry much data, and both ends", async () => {
			const [a, b] = await makePair();
			const data = Buffer.alloc(3_000_000, "0123456789abc");
			const writing = (async () => {
				const writer = writable(a).getWriter();
				for (let at = 0; at < data.length; at += 70_000) await writer.write(data.subarray(at, at + 70_000));
				await writer.write("text é");
				await writer.close();
			})();
			const pieces: Uint8Array[] = [];
			for await (const piece of readable(b)) pieces.push(piece);
			await writing;
			assert.ok(Buffer.concat(pieces).equals(Buffer.concat([data, Buffer.from("text é")])));
			assert.deepEqual([a.closed, b.closed], [false, false]);
			await b.sendall("still open");
			assert.equal(String(await a.recv(100)), "still open");
			a.close();
			b.close();
		});

		test("go through pipes", async () => {
			const [a, b] = await makePair();
			const text = "line of text\n".repeat(20_000);
			const sending = new Blob([text])
				.stream()
				.pipeThrough(new CompressionStream("gzip"))
				.pipeTo(writable(a));
			let received = "";
			const decoded = readable(b)
				.pipeThrough(new DecompressionStream("gzip"))
				.pipeThrough(new TextDecoderStream());
			for await (const piece of decoded) received += piece;
			await sending;
			assert.equal(received, text);
			a.close();
			b.close();
		});

		test("a stream that nobody reads takes nothing from the connection", async () => {
			const [a, b] = await makePair();
			a.sendallSync("data");
			const stream = readable(b);
			await new Promise((resolve) => setImmediate(resolve));
			assert.equal(String(await b.recv(100)), "data");
			await stream.cancel();
			a.close();
			b.close();
		});

		test("a reader may bring its own buffer", async () => {
			const [a, b] = await makePair();
			a.sendallSync("abcdef");
			a.shutdown(SHUT_WR);
			const reader = readable(b).getReader({ mode: "byob" });
			const first = await reader.read(new Uint8Array(4));
			assert.equal(Buffer.from(first.value ?? []).toString(), "abcd");
			const second = await reader.read(new Uint8Array(4));
			assert.equal(Buffer.from(second.value ?? []).toString(), "ef");
			assert.equal((await reader.read(new Uint8Array(4))).done, true);
			a.close();
			b.close();
		});

		test("cancelling ends a read that waits and leaves the other direction open", async () => {
			const [a, b] = await makePair();
			const reader = readable(b).getReader();
			const waiting = reader.read();
			await reader.cancel("enough");
			assert.equal((await waiting).done, true);
			await b.sendall("still here");
			assert.equal(String(await a.recv(100)), "still here");
			a.close();
			b.close();
		});

		test("aborting closes the connection", async () => {
			const [a, b] = await makePair();
			await writable(a).abort(new Error("enough"));
			assert.ok(a.closed);
			assert.equal((await b.recv(10)).length, 0);
			b.close();
		});

		test("a failure of the connection is the stream's", async () => {
			const [a, b] = await makePair();
			b.close();
			await assert.rejects(async () => {
				const writer = writable(a).getWriter();
				for (;;) await writer.write(Buffer.alloc(100_000));
			}, /EPIPE|ECONNRESET/);
			const reader = readable(a).getReader();
			a.close();
			await assert.rejects(reader.read(), { code: "EBADF" });
		});

		test("a slow reader holds the writer back", async () => {
			const [a, b] = await makePair();
			const writer = writable(a).getWriter();
			let written = 0;
			const writing = (async () => {
				for (; written < 400; written++) await writer.write(Buffer.alloc(100_000));
				await writer.close();
			})();
			for (let last = -1; last !== written; ) {
				last = written;
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
			assert.ok(written < 300, `${written} pieces were written`);
			let size = 0;
			for await (const piece of readable(b)) size += piece.byteLength;
			await writing;
			assert.equal(size, 40_000_000);
			a.close();
			b.close();
		});
	});
}
