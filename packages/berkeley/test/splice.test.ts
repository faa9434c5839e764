/**
 * splice(): all bytes and no more, in order, to their end; and what becomes of them when the way is cut off.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { afterEach, beforeEach, describe, test } from "node:test";
import {
	type FileTarget,
	SHUT_WR,
	SO_LINGER,
	SO_SNDBUF,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	SOL_SOCKET,
	type Socket,
	type SpliceOptions,
	splice,
	spliceSync,
} from "../src/index.js";
import { freshPath, type Pair, tcpPair, unnamedPair } from "./support/kinds.js";
import { descriptors } from "./support/measures.js";
import { aside, whileWaiting } from "./support/peer.js";
import { untilQuiet } from "./support/quiet.js";
import { rejectsWith } from "./support/rejects.js";

type Splice = (source: Socket, target: Socket | FileTarget, options?: SpliceOptions) => Promise<number>;

const forms: [name: string, splice: Splice][] = [
	["awaited", splice],
	["blocking", async (...given) => spliceSync(...given)],
];
const ways: [name: string, make: () => Pair][] = [
	["TCP", tcpPair],
	["Unix sockets", unnamedPair],
];

function pattern(size: number): Buffer {
	const data = Buffer.alloc(size);
	for (let i = 0; i < size; i++) data[i] = (i * 7 + (i >> 8)) % 256;
	return data;
}

async function takeAll(socket: Socket): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of socket) parts.push(part);
	return Buffer.concat(parts);
}

/** Sends until the kernel takes no more, and goes on taking no more; how much it took. */
async function fill(socket: Socket): Promise<number> {
	const chunk = pattern(0x10000);
	// Left to itself the kernel may find later that there could be more room.
	socket.setsockopt(SOL_SOCKET, SO_SNDBUF, 0x10000);
	let sent = 0;
	for (let before = -1; before !== sent; ) {
		before = sent;
		try {
			for (;;) sent += socket.sendSync(chunk, 0, { timeout: 0 });
		} catch (error) {
			assert.equal((error as NodeJS.ErrnoException).code, "EAGAIN");
		}
		// What is on its way to the other end may still make room.
		await untilQuiet(socket);
	}
	return sent;
}

function pipes(): number {
	return [...descriptors().values()].filter((target) => target.startsWith("pipe:")).length;
}

// Every call has closed its pipe by the time it settles, however it went.
let pipesBefore = 0;
beforeEach(() => {
	pipesBefore = pipes();
});
afterEach(() => assert.equal(pipes(), pipesBefore, "a pipe stayed open"));

for (const [form, move] of forms) {
	for (const [way, make] of ways) {
		describe(`${form} splice() over ${way}`, () => {
			test("moves what is there and what comes, to the end, and leaves the target open", async () => {
				using left = make();
				using right = make();
				await left.client.sendall("first ");
				const fed = whileWaiting(
					{ do: "send", fd: left.client.fileno(), data: "second" },
					{ do: "await sleep" },
					{ do: "end", fd: left.client.fileno() },
				);
				assert.equal(await move(left.server, right.client), 12);
				await fed;
				await right.client.sendall(" third");
				assert.equal((await right.server.recv(100)).toString(), "first second third");
				await right.server.sendall("back"); // The other direction was not touched.
				assert.equal((await right.client.recv(100)).toString(), "back");
			});

			test("moves several MiB to a peer that takes them slowly", async () => {
				using left = make();
				using right = make();
				const data = pattern(3_000_001);
				const path = freshPath();
				writeFileSync(path, data);
				const file = openSync(path, "r");
				try {
					const fed = left.client.sendfile(file).then(() => left.client.shutdown(SHUT_WR));
					if (form === "blocking") {
						const taken = aside({ do: "receive", fd: right.server.fileno(), count: data.length });
						let moved = 0;
						const rescue = (size: number, rest: Buffer): void => {
							right.client.sendallSync(rest);
							moved += size + rest.length;
						};
						// The event loop feeds the source between the calls; the last one comes to its end.
						for (let ended = false; !ended; ) {
							await new Promise((resolve) => setImmediate(resolve));
							try {
								moved += await move(left.server, right.client, { timeout: 20, rescue });
								ended = true;
							} catch (error) {
								assert.equal((error as NodeJS.ErrnoException).code, "ETIMEDOUT");
							}
						}
						assert.equal(moved, data.length);
						assert.deepEqual(await taken, [data.length]);
					} else {
						const taken = takeAll(right.server);
						assert.equal(await move(left.server, right.client), data.length);
						right.client.shutdown(SHUT_WR);
						assert.ok((await taken).equals(data));
					}
					await fed;
				} finally {
					closeSync(file);
				}
			});

			test("takes no more than `count` bytes from the source", async () => {
				using left = make();
				using right = make();
				await left.client.sendall("0123456789");
				assert.equal(await move(left.server, right.client, { count: 4 }), 4);
				assert.equal((await left.server.recv(100)).toString(), "456789");
				assert.equal((await right.server.recv(100)).toString(), "0123");
			});

			test("writes into a file at its position, which moves, or at an offset", async () => {
				using pair = make();
				const path = freshPath();
				writeFileSync(path, "----------");
				const handle = await open(path, "r+");
				try {
					await pair.client.sendall("abcdefgh");
					assert.equal(await move(pair.server, handle, { count: 3 }), 3);
					assert.equal(await move(pair.server, handle.fd, { count: 2, offset: 8 }), 2);
					pair.client.shutdown(SHUT_WR);
					assert.equal(await move(pair.server, handle), 3);
					assert.equal(readFileSync(path, "latin1"), "abcfgh--de");
					assert.equal(readSync(handle.fd, Buffer.alloc(10)), 4, "the position is behind what was written");
				} finally {
					await handle.close();
				}
			});

			test("gives 0 at the end of a source that had nothing", async () => {
				using left = make();
				using right = make();
				left.client.close();
				assert.equal(await move(left.server, right.client), 0);
			});

			test("fails with TimeoutError or BlockingIOError where it would wait for the source", async () => {
				using left = make();
				using right = make();
				const late = { code: "ETIMEDOUT", name: "TimeoutError", syscall: "splice" };
				const error = await rejectsWith(move(left.server, right.client, { timeout: 20 }), late);
				assert.match(error.message, /^splice: timed out after 20 ms$/);
				left.server.settimeout(0);
				const would = { code: "EAGAIN", name: "BlockingIOError", syscall: "splice" };
				await rejectsWith(move(left.server, right.client), would);
				await left.client.sendall("still alive");
				assert.equal(await move(left.server, right.client, { count: 11 }), 11);
				assert.equal((await right.server.recv(100)).toString(), "still alive");
			});

			test("gives rescue() what has not reached a target that takes no more", async () => {
				for (const timeout of [0, 20]) {
					using left = make();
					using right = make();
					const before = await fill(right.client);
					// More than may find room yet behind what is queued.
					const data = pattern(150_000);
					await left.client.sendall(data);
					const rescued: [moved: number, unsent: Buffer][] = [];
					const rescue = (...given: [number, Buffer]): void => void rescued.push(given);
					const code = timeout === 0 ? "EAGAIN" : "ETIMEDOUT";
					await rejectsWith(move(left.server, right.client, { timeout, rescue }), { code });
					for (const end of [left.client, right.client]) end.shutdown(SHUT_WR);
					const [[moved, unsent] = [0, Buffer.alloc(0)]] = rescued;
					assert.equal(rescued.length, 1);
					assert.ok(unsent.length > 0);
					const reached = (await takeAll(right.server)).subarray(before);
					assert.equal(moved, reached.length);
					assert.ok(Buffer.concat([reached, unsent, await takeAll(left.server)]).equals(data));
				}
			});

			if (way === "TCP")
				test("fails when the source's peer resets the connection", async () => {
					using left = make();
					using right = make();
					await left.client.sendall("lost");
					left.client.setsockopt(SOL_SOCKET, SO_LINGER, new Uint32Array([1, 0]));
					left.client.close();
					const reset = { code: "ECONNRESET", name: "ConnectionError", syscall: "splice" };
					const error = await rejectsWith(move(left.server, right.client), reset);
					assert.match(error.message, /^splice from the source: /);
				});

			test("fails when the target's peer is gone, and hands the rest to rescue()", async () => {
				using left = make();
				using right = make();
				right.server.close();
				// A TCP target learns of it by the first answer.
				if (way === "TCP") await right.client.sendall("x");
				await left.client.sendall("nowhere to go");
				let rest = "";
				const gone = { name: "ConnectionError", syscall: "splice" };
				const rescue = (_: number, data: Buffer): void => {
					rest += data;
				};
				let failure: unknown;
				await move(left.server, right.client, { rescue, count: 13 }).catch((error) => {
					failure = error;
				});
				const { code, name, syscall, message } = failure as NodeJS.ErrnoException;
				assert.deepEqual({ name, syscall }, gone);
				assert.ok(code === "EPIPE" || code === "ECONNRESET", code);
				assert.match(message, /^splice to the target: /);
				assert.equal(rest, "nowhere to go");
			});

			test("fails with EBADF on a closed socket", async () => {
				using left = make();
				using right = make();
				const closed = { code: "EBADF", name: "SocketError", syscall: "splice" };
				right.client.close();
				await rejectsWith(move(left.server, right.client), closed);
				await rejectsWith(move(right.client, left.server), closed);
			});

			test("rejects with the reason of a signal that has aborted, and moves nothing", async () => {
				using left = make();
				using right = make();
				await left.client.sendall("kept");
				const signal = AbortSignal.abort(new Error("no more"));
				await assert.rejects(move(left.server, right.client, { signal }), /no more/);
				assert.equal((await left.server.recv(10)).toString(), "kept");
			});
		});
	}

	test(`${form} splice() refuses what cannot be spliced, before any call`, async () => {
		using pair = tcpPair();
		using packets = unnamedPair(SOCK_SEQPACKET);
		using datagrams = unnamedPair(SOCK_DGRAM);
		const { client: a, server: b } = pair;
		const strange = (value: unknown): Socket => value as Socket;
		await assert.rejects(move(packets.client, a), /stream/);
		await assert.rejects(move(a, datagrams.client), /stream/);
		await assert.rejects(move(strange(3), a), /takes a Socket as its source, not a number/);
		await assert.rejects(move(a, strange("x")), /takes a Socket or a file's descriptor.* not a string/);
		await assert.rejects(move(a, b, { offset: 0 }), /an offset is for a file/);
		await assert.rejects(move(a, b, { count: 0 }), RangeError);
		await assert.rejects(move(a, b, { count: 1.5 }), RangeError);
		await assert.rejects(move(a, b, { timeout: -1 }), RangeError);
		await assert.rejects(move(a, b, { rescue: 1 as unknown as () => void }), /must be a function/);
		const device = openSync("/dev/null", "w");
		try {
			await assert.rejects(move(a, device), /regular file/);
			await assert.rejects(move(a, device, { offset: -1 }), RangeError);
		} finally {
			closeSync(device);
		}
	});

	test(`${form} splice() says why a file that was opened to append is not spliced to`, async () => {
		using pair = tcpPair();
		const handle = await open(freshPath(), "a");
		try {
			await pair.client.sendall("more");
			let rest = "";
			const rescue = (_: number, data: Buffer): void => {
				rest += data;
			};
			const error = await rejectsWith(move(pair.server, handle, { rescue }), { code: "EINVAL" });
			assert.match(error.message, /opened to append/);
			assert.equal(rest, "more");
		} finally {
			await handle.close();
		}
	});
}

describe("awaited splice()", () => {
	test("is a proxy in both directions, with half-close", async () => {
		using left = tcpPair();
		using right = tcpPair();
		const to = splice(left.server, right.client).then(() => right.client.shutdown(SHUT_WR));
		const fro = splice(right.client, left.server).then(() => left.server.shutdown(SHUT_WR));
		const answered = takeAll(right.server).then(async (request) => {
			await right.server.sendall(`you said ${request}`);
			right.server.shutdown(SHUT_WR);
		});
		await left.client.sendall("hello");
		left.client.shutdown(SHUT_WR);
		assert.equal((await takeAll(left.client)).toString(), "you said hello");
		await Promise.all([to, fro, answered]);
	});

	test("moves MiBs in both directions at once, unharmed", async () => {
		using left = tcpPair();
		using right = tcpPair();
		const data = pattern(8_000_003);
		const ends = [left.client, right.server].map(async (end) => {
			const taken = takeAll(end);
			await end.sendall(data);
			end.shutdown(SHUT_WR);
			return taken;
		});
		const moved = [
			splice(left.server, right.client).then(() => right.client.shutdown(SHUT_WR)),
			splice(right.client, left.server).then(() => left.server.shutdown(SHUT_WR)),
		];
		for (const end of ends) assert.ok((await end).equals(data));
		await Promise.all(moved);
	});

	test("sends back what came, when source and target are one socket", async () => {
		using pair = tcpPair();
		const echoed = splice(pair.server, pair.server);
		for (const word of ["one", "two", "three"]) {
			await pair.client.sendall(word);
			assert.equal((await pair.client.recv(100)).toString(), word);
		}
		pair.client.shutdown(SHUT_WR);
		assert.equal(await echoed, 11);
	});

	test("holds its place in line: what is received and sent after it was called comes after it", async () => {
		using left = tcpPair();
		using right = tcpPair();
		const moved = splice(left.server, right.client, { count: 6 });
		const received = left.server.recv(100);
		const sent = right.client.sendall("|sent after");
		await left.client.sendall("abc");
		assert.equal((await right.server.recv(100)).toString(), "abc");
		await left.client.sendall("defghi");
		assert.equal(await moved, 6);
		assert.equal((await received).toString(), "ghi");
		await sent;
		let text = "";
		while (text.length < 14) text += await right.server.recv(100);
		assert.equal(text, "def|sent after");
	});

	test("begins when what came before it is through", async () => {
		using left = tcpPair();
		using right = tcpPair();
		const received = left.server.recv(3);
		const before = await fill(right.client);
		const sent = right.client.sendall("|before|");
		const moved = splice(left.server, right.client, { count: 3 });
		await left.client.sendall("abcdef");
		assert.equal((await received).toString(), "abc");
		let taken = Buffer.alloc(0);
		while (taken.length < before + 11) taken = Buffer.concat([taken, await right.server.recv(0x100000)]);
		assert.equal(taken.subarray(before).toString(), "|before|def");
		await sent;
		assert.equal(await moved, 3);
	});

	test("rejects when either end is closed meanwhile, and lets go of the other", async () => {
		for (const side of ["source", "target"] as const) {
			using left = tcpPair();
			using right = tcpPair();
			const moved = splice(left.server, right.client);
			const received = left.server.recv(100).catch(() => "closed");
			(side === "source" ? left.server : right.client).close();
			await rejectsWith(moved, { code: "EBADF", syscall: "splice" });
			if (side === "source") {
				assert.equal(await received, "closed");
				await right.client.sendall("free");
				assert.equal((await right.server.recv(10)).toString(), "free");
			} else {
				await left.client.sendall("free");
				assert.equal((await received).toString(), "free");
			}
		}
	});

	test("stops when the signal aborts, with nothing lost while it waited for the source", async () => {
		using left = tcpPair();
		using right = tcpPair();
		const controller = new AbortController();
		const { signal } = controller;
		let rescued: unknown[] = [];
		const rescue = (...given: unknown[]): void => {
			rescued = given;
		};
		const moved = splice(left.server, right.client, { signal, rescue });
		await left.client.sendall("first");
		assert.equal((await right.server.recv(100)).toString(), "first");
		controller.abort(new Error("enough"));
		await assert.rejects(moved, /enough/);
		assert.deepEqual(rescued, [5, Buffer.alloc(0)]);
		await left.client.sendall("second");
		assert.equal((await left.server.recv(100)).toString(), "second");
		await right.client.sendall("third");
		assert.equal((await right.server.recv(100)).toString(), "third");
	});

	test("loses no byte when it is aborted while the target is full", async () => {
		using left = tcpPair();
		using right = tcpPair();
		const controller = new AbortController();
		const rescued: [moved: number, rest: Buffer][] = [];
		const rescue = (...given: [number, Buffer]): void => void rescued.push(given);
		const moved = splice(left.server, right.client, { signal: controller.signal, rescue });
		const data = pattern(64 * 1024 * 1024);
		const sent = left.client.sendall(data).then(() => left.client.shutdown(SHUT_WR));
		// The way is full to its beginning when nothing moves any more: then all of it is read, in order.
		await untilQuiet(right.client);
		controller.abort();
		await assert.rejects(moved, { name: "AbortError" });
		right.client.shutdown(SHUT_WR);
		const [reached, left_] = await Promise.all([takeAll(right.server), takeAll(left.server)]);
		await sent;
		const [[count, rest] = [0, Buffer.alloc(0)]] = rescued;
		assert.equal(count, reached.length);
		assert.ok(rest.length > 0);
		assert.ok(Buffer.concat([reached, rest, left_]).equals(data));
	});

	test("lets those behind it know of what arrived while it stood at the head", async () => {
		using left = tcpPair();
		using right = tcpPair();
		await fill(right.client);
		const controller = new AbortController();
		await left.client.sendall(pattern(150_000));
		const moved = splice(left.server, right.client, { signal: controller.signal });
		const behind = left.server.recv(200_000);
		await left.client.sendall("more"); // Told while the splice waits for its target.
		await untilQuiet(left.client); // The event loop has turned many times.
		controller.abort();
		await assert.rejects(moved, { name: "AbortError" });
		assert.ok((await behind).toString("latin1").endsWith("more"));
	});

	test("gives way to others between two ends that are always ready", async () => {
		using left = tcpPair();
		using right = tcpPair();
		let turns = 0;
		const ticking = setInterval(() => turns++, 1);
		const data = pattern(32 * 1024 * 1024);
		const sent = left.client.sendall(data).then(() => left.client.shutdown(SHUT_WR));
		const taken = takeAll(right.server);
		assert.equal(await splice(left.server, right.client), data.length);
		right.client.shutdown(SHUT_WR);
		assert.equal((await taken).length, data.length);
		await sent;
		clearInterval(ticking);
		assert.ok(turns > 0);
	});
});
