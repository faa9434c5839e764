/**
 * recvEach(): everything that comes is handed out, in order and whole, until it ends.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	AF_INET,
	type EachOptions,
	type Flow,
	MSG_DONTWAIT,
	SHUT_RD,
	SHUT_WR,
	SO_LINGER,
	SOCK_STREAM,
	SOL_SOCKET,
	Socket,
	splice,
	spliceSync,
	TimeoutError,
} from "../src/index.js";
import { type Pair, tcpPair, unnamedPair } from "./support/kinds.js";
import { collectIfPossible } from "./support/measures.js";
import { aside } from "./support/peer.js";
import { rejectsWith } from "./support/rejects.js";
import { fill, pattern, type Stream, streams, take } from "./support/streams.js";
import { soon, turns, until } from "./support/until.js";

/** Begins a flow, and copies what it hands out. */
function gather(socket: Socket, options?: EachOptions) {
	const chunks: Buffer[] = [];
	const flow = socket.recvEach((data) => chunks.push(Buffer.from(data)), options);
	const text = (): string => `${Buffer.concat(chunks)}`;
	return {
		flow,
		chunks,
		text,
		size: (): number => chunks.reduce((sum, { length }) => sum + length, 0),
		whole: (): Buffer => Buffer.concat(chunks),
		has: (expected: string): Promise<void> => until(() => text() === expected),
	};
}

function suite({ name, skip, make }: Stream): void {
	describe(`over ${name}`, { skip }, () => {
		test("what is there and what comes is handed out, not within the call, until the peer ends", async () => {
			using pair = make();
			pair.client.sendSync("there ");
			const got = gather(pair.server);
			assert.equal(got.text(), "");
			await got.has("there ");
			for (const word of ["one ", "two ", "three"]) {
				pair.client.sendSync(word);
				await until(() => got.text().endsWith(word));
			}
			pair.client.shutdown(SHUT_WR);
			await soon(got.flow.ended);
			assert.equal(got.text(), "there one two three");
			// Half-closed: the other direction still works.
			await pair.server.sendall("answer");
			assert.equal(`${await pair.client.recv(10)}`, "answer");
		});

		test("data and end that come together are both heard", async () => {
			for (const early of [true, false]) {
				using pair = make();
				if (early) {
					pair.client.sendSync("last");
					pair.client.close();
				}
				const got = gather(pair.server);
				if (!early) {
					await turns();
					pair.client.sendSync("last");
					pair.client.close();
				}
				await soon(got.flow.ended);
				assert.equal(got.text(), "last");
			}
		});

		test("a flood of many MiB in pieces of all sizes arrives whole, while timers and others get their turn", async () => {
			using pair = make();
			using other = unnamedPair();
			const data = pattern(20_000_003);
			const got = gather(pair.server);
			const echo = other.server.recvEach((chunk) => other.server.write(chunk));
			const sent = aside({ do: "send", fd: pair.client.fileno(), data });
			let beats = 0;
			const timer = setInterval(() => beats++, 1);
			let rounds = 0;
			while (got.size() < data.length) {
				await other.client.sendall("ping");
				assert.equal(`${await soon(other.client.recv(10))}`, "ping");
				rounds++;
				await turns(1);
			}
			clearInterval(timer);
			assert.ok(got.whole().equals(data));
			assert.ok(beats > 1 && rounds > 1, `${beats} beats, ${rounds} rounds`);
			await sent;
			echo.stop();
			got.flow.stop();
		});

		for (const size of [1, 7, 1000, 1_048_576]) {
			test(`at most ${size} bytes are handed out at once, when so asked`, async () => {
				using pair = make();
				const data = pattern(Math.min(size * 100, 3_000_000));
				const got = gather(pair.server, { size });
				const sent = aside(
					{ do: "send", fd: pair.client.fileno(), data },
					{ do: "end", fd: pair.client.fileno() },
				);
				await soon(got.flow.ended);
				await sent;
				assert.ok(got.whole().equals(data));
				assert.ok(got.chunks.every(({ length }) => length > 0 && length <= size));
			});
		}

		test("paused nothing is handed out, and what came meanwhile is not lost", async () => {
			using pair = make();
			const got = gather(pair.server);
			got.flow.pause();
			pair.client.sendSync("before the first ");
			await turns(6);
			assert.equal(got.text(), "");
			assert.equal(got.flow.paused, true);
			got.flow.resume();
			assert.equal(got.flow.paused, false);
			await got.has("before the first ");
			got.flow.pause();
			got.flow.resume();
			got.flow.pause();
			got.flow.resume();
			pair.client.sendSync("x");
			await got.has("before the first x");
			got.flow.pause();
			pair.client.sendSync("y");
			pair.client.shutdown(SHUT_WR);
			await turns(6);
			assert.equal(got.text(), "before the first x");
			got.flow.resume();
			await soon(got.flow.ended);
			assert.equal(got.text(), "before the first xy");
		});

		test("an end that comes while it is paused is heard after resume()", async () => {
			using pair = make();
			const got = gather(pair.server);
			got.flow.pause();
			pair.client.close();
			let ended = false;
			void got.flow.ended.then(() => {
				ended = true;
			});
			await turns(6);
			assert.equal(ended, false);
			got.flow.resume();
			await soon(got.flow.ended);
			assert.equal(got.text(), "");
		});

		test("the handler may pause, and resume at once or later; the peer is held back meanwhile", async () => {
			using pair = make();
			const parts: Buffer[] = [];
			let running = false;
			const flow = pair.server.recvEach(
				(data) => {
					assert.equal(flow.paused, false);
					assert.equal(running, false);
					running = true;
					parts.push(Buffer.from(data));
					flow.pause();
					if (parts.length % 2 === 0) flow.resume();
					else setImmediate(() => flow.resume());
					running = false;
				},
				{ size: 1000 },
			);
			const data = pattern(300_000);
			const sent = aside(
				{ do: "send", fd: pair.client.fileno(), data },
				{ do: "end", fd: pair.client.fileno() },
			);
			await soon(flow.ended);
			await sent;
			assert.ok(Buffer.concat(parts).equals(data));
			using held = make();
			let count = 0;
			const stopped = held.server.recvEach(
				() => {
					count++;
					stopped.pause();
				},
				{ size: 10 },
			);
			fill(held.client);
			await turns(10);
			assert.equal(count, 1);
			stopped.stop();
		});

		test("after stop(), by whomever, everything else is there for recv() and the next flow", async () => {
			using pair = make();
			const data = pattern(50_000);
			await pair.client.sendall(data);
			const parts: Buffer[] = [];
			const first = pair.server.recvEach(
				(chunk) => {
					parts.push(Buffer.from(chunk));
					if (parts.length === 3) first.stop();
				},
				{ size: 100 },
			);
			await soon(first.ended);
			first.stop();
			assert.equal(parts.length, 3);
			parts.push(await pair.server.recv(100));
			const second = gather(pair.server, { size: 10_000 });
			await until(() => second.size() === data.length - 400);
			second.flow.stop();
			await second.flow.ended;
			assert.ok(Buffer.concat([...parts, ...second.chunks]).equals(data));
			pair.client.sendSync("more");
			assert.equal(`${await soon(pair.server.recv(10))}`, "more");
		});

		test("the handler may stop it and begin another, or receive itself", async () => {
			using pair = make();
			pair.client.sendSync("abcdef");
			let text = "";
			const ends: Promise<void>[] = [];
			let rest: Promise<Buffer> | undefined;
			const flow = pair.server.recvEach(
				(one) => {
					text += one;
					flow.stop();
					const next = pair.server.recvEach(
						(two) => {
							text += `/${two}`;
							next.stop();
							rest = pair.server.recv(10);
						},
						{ size: 3 },
					);
					ends.push(next.ended);
				},
				{ size: 2 },
			);
			await soon(flow.ended);
			await soon(Promise.all(ends));
			assert.equal(text, "ab/cde");
			assert.equal(`${await soon(rest as Promise<Buffer>)}`, "f");
		});

		test("while it holds the others are refused with EBUSY, paused or not, and before its turn has come", async () => {
			using pair = make();
			using other = make();
			const { server } = pair;
			const earlier = [server.recv(1), server.recv(2)];
			const got = gather(server);
			const refused = async (): Promise<void> => {
				for (const receive of [
					() => server.recv(1),
					() => server.recvInto(Buffer.alloc(1)),
					() => server.recvfrom(1),
					() => server.recvmsg(1),
					() => server.recv(1, MSG_DONTWAIT),
					() => server.recv(1, 0, { timeout: 0 }),
					() => server.recv(1, 0, { timeout: 10 }),
					async () => server.recvSync(1),
					async () => server.recvSync(1, 0, { timeout: 0 }),
					async () => server.recvmsgSync(1),
					() => splice(server, other.client),
					async () => spliceSync(server, other.client),
				]) {
					const error = await rejectsWith(receive(), { code: "EBUSY" });
					assert.match(error.message, /recvEach\(\)/);
				}
				assert.throws(() => server.recvEach(() => {}), { code: "EBUSY", syscall: "recvEach" });
				assert.throws(() => server.transfer(), { code: "EBUSY" });
			};
			await refused();
			pair.client.sendSync("abcdef");
			assert.deepEqual((await soon(Promise.all(earlier))).map(String), ["a", "bc"]);
			await got.has("def");
			await refused();
			got.flow.pause();
			await refused();
			got.flow.stop();
			pair.client.sendSync("now");
			assert.equal(`${await server.recv(10)}`, "now");
		});

		test("closing ends it, from without and within the handler, which is not called any more", async () => {
			using pair = make();
			const got = gather(pair.server);
			pair.client.sendSync("x");
			await got.has("x");
			pair.client.sendSync("y");
			pair.server.close();
			await soon(got.flow.ended);
			got.flow.stop();
			got.flow.pause();
			got.flow.resume();
			assert.equal(got.text(), "x");
			assert.throws(() => pair.server.recvEach(() => {}), { code: "EBADF", syscall: "recvEach" });

			using second = make();
			let calls = 0;
			second.client.sendSync("abc");
			const flow = second.server.recvEach(
				() => {
					calls++;
					second.server.close();
				},
				{ size: 1 },
			);
			await soon(flow.ended);
			assert.equal(calls, 1);
		});

		test("a closed socket's flow never reads from the descriptor that has its number now", async () => {
			using pair = make();
			let stranger: Pair | undefined;
			let calls = 0;
			pair.client.sendSync("abc");
			const number = pair.server.fileno();
			const flow = pair.server.recvEach(
				() => {
					calls++;
					pair.server.close();
					stranger = unnamedPair();
					stranger.client.sendSync("private");
					stranger.server.sendSync("private");
				},
				{ size: 1 },
			);
			await soon(flow.ended);
			await turns();
			assert.equal(calls, 1);
			assert.ok(stranger);
			using _ = stranger;
			assert.ok([stranger.client.fileno(), stranger.server.fileno()].includes(number));
			assert.equal(`${stranger.client.recvSync(10)}${stranger.server.recvSync(10)}`, "privateprivate");
		});

		test("shut down for reading it ends, when what was there is handed out", async () => {
			using pair = make();
			const got = gather(pair.server);
			await turns();
			pair.client.sendSync("there");
			pair.server.shutdown(SHUT_RD);
			await soon(got.flow.ended);
			assert.equal(got.text(), "there");
		});

		test("a handler that throws ends its own flow with that, and the others go on", async () => {
			using pair = make();
			using other = make();
			const got = gather(other.server);
			const flow = pair.server.recvEach(() => {
				throw new Error("thrown by the handler");
			});
			pair.client.sendSync("x");
			other.client.sendSync("y");
			await assert.rejects(soon(flow.ended), /thrown by the handler/);
			await got.has("y");
			pair.client.sendSync("z");
			assert.equal(`${await soon(pair.server.recv(10))}`, "z");
			got.flow.stop();
		});

		test("a signal ends it with its reason, before or while it flows, and loses nothing", async () => {
			using pair = make();
			const early = pair.server.recvEach(() => assert.fail("it was aborted"), {
				signal: AbortSignal.abort(new Error("early")),
			});
			await assert.rejects(early.ended, /early/);
			const controller = new AbortController();
			const got = gather(pair.server, { signal: controller.signal });
			pair.client.sendSync("x");
			await got.has("x");
			controller.abort(new Error("later"));
			await assert.rejects(got.flow.ended, /later/);
			pair.client.sendSync("y");
			assert.equal(`${await soon(pair.server.recv(10))}`, "y");
			controller.abort();
		});

		test("with nothing for the timeout it ends, and what comes puts that off; paused it does not count", async () => {
			using pair = make();
			// Far apart, so that a busy machine does not bring the beats as late as the timeout.
			const got = gather(pair.server, { timeout: 500 });
			const start = performance.now();
			for (let beat = 0; beat < 6; beat++) {
				await new Promise((resolve) => setTimeout(resolve, 100));
				pair.client.sendSync(".");
			}
			const error = await got.flow.ended.then(
				() => assert.fail("no timeout"),
				(reason) => reason,
			);
			// Six beats, and then the timeout.
			assert.ok(performance.now() - start >= 6 * 100 + 495);
			assert.ok(error instanceof TimeoutError);
			assert.equal(error.syscall, "recvEach");
			assert.equal(got.text(), "......");

			const paused = gather(pair.server, { timeout: 20 });
			paused.flow.pause();
			await new Promise((resolve) => setTimeout(resolve, 70));
			pair.client.sendSync("late");
			paused.flow.resume();
			await paused.has("late");
			await assert.rejects(soon(paused.flow.ended), TimeoutError);
			pair.client.sendSync("after");
			assert.equal(`${await soon(pair.server.recv(10))}`, "after");
		});

		test("the data are in one memory that is used again", async () => {
			using pair = make();
			const kept: Buffer[] = [];
			const flow = pair.server.recvEach((data) => kept.push(data), { size: 4 });
			pair.client.sendSync("aaaabbbbcccc");
			await until(() => kept.length === 3);
			assert.equal(new Set(kept.map(({ buffer, byteOffset }) => [buffer, byteOffset].join())).size, 1);
			assert.ok(kept.every((data) => `${data}` === "cccc"));
			flow.stop();
		});

		test("what else the handler receives does not disturb its data", async () => {
			using pair = make();
			using other = make();
			using third = make();
			const words = "first second third".split(" ");
			const seen: string[] = [];
			const flow = pair.server.recvEach((data) => {
				const before = `${data}`;
				other.client.sendSync("XXXXXXXXXXXXXXXXXX");
				assert.equal(other.server.recvSync(100).length, 18);
				other.client.sendSync("YYYYYYYYYYYYYYYYYY");
				assert.equal(other.server.recvmsgSync(100).data.length, 18);
				other.client.sendSync("ZZZZZZZZZZZZZZZZZZ");
				void other.server.recv(100).then((chunk) => seen.push(`${chunk}`));
				third.client.sendSync("WWWWWWWWWWWWWWWWWW");
				const inner = third.server.recvEach(() => inner.stop());
				assert.equal(`${data}`, before);
				seen.push(before);
				void inner.ended.then(() => seen.push("inner"));
			});
			for (const [index, word] of words.entries()) {
				pair.client.sendSync(word);
				await until(() => seen.length === 3 * (index + 1));
			}
			assert.deepEqual(
				seen.filter((item) => words.includes(item)),
				words,
			);
			flow.stop();
		});

		test("the handler's data can go out by every way of sending", async () => {
			using pair = make();
			const { client, server } = pair;
			let round = 0;
			const flow = server.recvEach((data) => {
				if (round === 0) server.write(data);
				else if (round === 1) server.sendallSync(data);
				else if (round === 2) server.sendSync(data.subarray(1));
				else server.sendmsgSync([data, data]);
				round++;
			});
			for (const expected of ["ab", "ab", "b", "abab"]) {
				client.sendSync("ab");
				assert.equal(`${await soon(client.recv(10))}`, expected);
			}
			flow.stop();
		});

		test("a handler may transfer the memory away, for good, and the next data are right", async () => {
			using pair = make();
			const got: string[] = [];
			const taken: [text: string, buffer: ArrayBuffer][] = [];
			type Movable = ArrayBuffer & { transfer?: () => ArrayBuffer };
			const ways: ((buffer: Movable) => ArrayBuffer | undefined)[] = [
				(buffer) => structuredClone(buffer, { transfer: [buffer] }),
				() => undefined,
				(buffer) => buffer.transfer?.(),
			];
			const flow = pair.server.recvEach((data) => {
				const text = `${data}`;
				const buffer = ways[got.length % ways.length]?.(data.buffer as Movable);
				if (buffer !== undefined) {
					assert.equal(data.length, 0);
					taken.push([text, buffer]);
				}
				got.push(text);
				pair.server.write(data);
				pair.server.write("!");
			});
			for (let count = 0; count < 12; count++) {
				const text = `message ${count}`;
				pair.client.sendSync(text);
				const answer = await take(pair.client, 1);
				if (`${answer}` !== "!") assert.equal(`${answer}${await take(pair.client, text.length)}`, `${text}!`);
				assert.equal(got.at(-1), text);
				await collectIfPossible(1);
			}
			assert.ok(taken.length >= 4);
			for (const [text, buffer] of taken) assert.equal(`${Buffer.from(buffer, 0, text.length)}`, text);
			flow.stop();
		});
	});
}

for (const stream of streams) suite(stream);

test("a reset ends it with ECONNRESET, after what had come", async () => {
	for (const paused of [false, true]) {
		using pair = tcpPair();
		const got = gather(pair.server);
		const ended = rejectsWith(got.flow.ended, { code: "ECONNRESET", syscall: "recv" });
		if (paused) got.flow.pause();
		await turns();
		pair.client.setsockopt(SOL_SOCKET, SO_LINGER, new Int32Array([1, 0]));
		pair.client.close();
		await turns();
		got.flow.resume();
		await soon(ended);
	}
});

test("a socket without a connection says so", async () => {
	using socket = new Socket(AF_INET, SOCK_STREAM);
	await rejectsWith(soon(gather(socket).flow.ended), { code: "ENOTCONN", syscall: "recv" });
});

test("what is no function, no size and no timeout is refused in the call", () => {
	using pair = unnamedPair();
	const { server } = pair;
	const nothing = (): void => {};
	assert.throws(() => server.recvEach(undefined as unknown as () => void), TypeError);
	for (const size of [0, -1, 1.5, 1_048_577, Number.NaN]) {
		assert.throws(() => server.recvEach(nothing, { size }), /size/);
	}
	assert.throws(() => server.recvEach(nothing, { timeout: -1 }), RangeError);
	assert.throws(() => server.recvEach(nothing, { signal: {} as AbortSignal }), TypeError);
	assert.throws(() => server.acceptEach(5 as unknown as () => void), TypeError);
	server.settimeout(0);
	server.recvEach(nothing).stop();
});

test("what a handler throws after stop() is uncaught, and readers and writers hear of the event all the same", async (t) => {
	using pair = tcpPair();
	using other = tcpPair();
	const uncaught: unknown[] = [];
	const listeners = process.listeners("uncaughtException");
	process.removeAllListeners("uncaughtException");
	process.on("uncaughtException", (error) => uncaught.push(error));
	t.after(() => {
		process.removeAllListeners("uncaughtException");
		for (const listener of listeners) process.on("uncaughtException", listener);
	});
	const got = gather(other.server);
	const flow = pair.server.recvEach(() => {
		flow.stop();
		throw new Error("after the end");
	});
	const filled = fill(pair.server);
	const sent = pair.server.sendall("last");
	await turns();
	// Room and data come in one event.
	for (let left = filled; left > 0; ) left -= pair.client.recvSync(left).length;
	pair.client.sendSync("x");
	other.client.sendSync("y");
	await got.has("y");
	await soon(sent, "the writer");
	assert.equal(`${await soon(take(pair.client, 4))}`, "last");
	await until(() => uncaught.length > 0);
	assert.match(`${uncaught}`, /after the end/);
	await flow.ended;
	got.flow.stop();
});

test("a flood does not make itself more turns than others have", async () => {
	using flooded = unnamedPair();
	using quiet = unnamedPair();
	let bytes = 0;
	const flow = flooded.server.recvEach((data) => {
		bytes += data.length;
		// As fast as it is read: the socket is never empty.
		flooded.client.sendSync(data);
	});
	fill(flooded.client);
	await until(() => bytes > 10_000_000);
	// Each turn of the loop serves it a bounded number of times, however long it has gone on.
	const perTurn: number[] = [];
	for (let turn = 0; turn < 300; turn++) {
		const before = bytes;
		await turns(1);
		perTurn.push(bytes - before);
	}
	const mean = (list: number[]): number => list.reduce((sum, count) => sum + count, 0) / list.length;
	assert.ok(mean(perTurn.slice(200)) < 3 * mean(perTurn.slice(0, 100)), perTurn.join());
	quiet.client.sendSync("ping");
	assert.equal(`${await soon(quiet.server.recv(10))}`, "ping");
	flow.stop();
});

test("two thousand flow at once, each with its own", async () => {
	const pairs = Array.from({ length: 2000 }, () => unnamedPair(SOCK_STREAM));
	const texts = pairs.map(() => "");
	const flows = pairs.map(({ server }, index) =>
		server.recvEach((data) => {
			texts[index] += `${data}`;
			server.write(data);
		}),
	);
	for (let round = 0; round < 3; round++) {
		for (const [index, { client }] of pairs.entries()) client.sendSync(`${index},`);
		await until(() => texts.every((text, index) => text === `${index},`.repeat(round + 1)));
	}
	for (const [index, { client }] of pairs.entries()) {
		assert.equal(`${client.recvSync(100)}`, `${index},`.repeat(3));
		if (index % 2 === 0) client.close();
	}
	for (const [index, flow] of flows.entries()) if (index % 2 !== 0) flow.stop();
	await soon(Promise.all(flows.map(({ ended }) => ended)));
	for (const pair of pairs) pair[Symbol.dispose]();
});

test("its end is told to a function, once, with what went wrong, and after what was handed out", async () => {
	const told: unknown[][] = [];
	const end = (...reason: unknown[]): void => void told.push(reason);
	const thrown = new Error("thrown by the handler");
	const ways: [how: (pair: Pair, flow: Flow) => void, failure: unknown][] = [
		[({ client }) => client.close(), undefined],
		[(_, flow) => flow.stop(), undefined],
		[({ server }) => server.close(), undefined],
		[({ client }) => void client.sendSync("throw"), thrown],
	];
	for (const [how, failure] of ways) {
		using pair = tcpPair();
		let text = "";
		const flow = pair.server.recvEach(
			(data) => {
				text += `${data}`;
				if (`${data}` === "throw") throw thrown;
			},
			{ end },
		);
		pair.client.sendSync("data");
		await until(() => text === "data");
		how(pair, flow);
		await until(() => told.length === 1);
		// Who asks later hears it too; who does not is not bothered.
		if (failure !== undefined) await assert.rejects(flow.ended, thrown);
		else await flow.ended;
		flow.stop();
		await turns();
		assert.deepEqual(told.splice(0), [failure === undefined ? [] : [failure]]);
	}
	using pair = tcpPair();
	pair.server.recvEach(() => {}, { end, signal: AbortSignal.abort(thrown) });
	assert.equal(told.length, 0);
	await until(() => told.length === 1);
	assert.deepEqual(told, [[thrown]]);
	assert.throws(() => pair.server.recvEach(() => {}, { end: 5 as unknown as () => void }), TypeError);
	const holder = pair.server.recvEach(() => {});
	assert.throws(() => pair.server.recvEach(() => {}, { end }), { code: "EBUSY" });
	holder.stop();
	await turns();
	assert.equal(told.length, 1);
});

test("`using` stops it", async () => {
	using pair = unnamedPair();
	let ended: Promise<void>;
	{
		using flow = pair.server.recvEach(() => {});
		ended = flow.ended;
	}
	await ended;
});
