/**
 * A short read says that a TCP socket's queue is empty, and the next recv() waits without asking the kernel. Here
 * everything happens that could make that wrong: whatever is read in whatever way, nothing hangs and nothing is lost.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	MSG_DONTWAIT,
	MSG_OOB,
	MSG_PEEK,
	MSG_WAITALL,
	SHUT_RD,
	SHUT_WR,
	SO_OOBINLINE,
	SO_RCVLOWAT,
	SOL_SOCKET,
	Socket,
	so,
} from "../src/index.js";
import { connect, connectedKinds, type Pair, tcpPair } from "./support/kinds.js";
import { rejectsWith } from "./support/rejects.js";
import { pattern } from "./support/streams.js";
import { soon, turns, until } from "./support/until.js";

/** A connection whose server has read all there was, and knows that. */
async function emptied(): Promise<Pair> {
	const pair = tcpPair();
	// It is registered by waiting once, and told by the short read after that.
	for (const word of ["one", "two"]) {
		const waiting = pair.server.recv(100);
		await turns(2);
		pair.client.sendSync(word);
		assert.equal(`${await soon(waiting)}`, word);
	}
	return pair;
}

const receivers: Record<string, (socket: Socket, size: number) => Promise<Buffer> | Buffer> = {
	recv: (socket, size) => socket.recv(size),
	"recv, larger": (socket, size) => socket.recv(size + 1000),
	recvInto: async (socket, size) => {
		const buffer = Buffer.alloc(size);
		return buffer.subarray(0, await socket.recvInto(buffer));
	},
	recvfrom: async (socket, size) => (await socket.recvfrom(size))[0],
	recvmsg: async (socket, size) => (await socket.recvmsg(size)).data,
	"recv with a timeout": (socket, size) => socket.recv(size, 0, { timeout: 60_000 }),
	"at once": (socket, size) => socket.recv(size, 0, { timeout: 0 }),
	MSG_DONTWAIT: (socket, size) => socket.recv(size, MSG_DONTWAIT),
	recvSync: (socket, size) => socket.recvSync(size, 0, { timeout: 0 }),
	"one byte": (socket) => socket.recv(1),
};

/** What a receiver gives; empty where it would have had to wait. */
async function received(how: string, socket: Socket, size: number): Promise<Buffer | undefined> {
	try {
		return await (receivers[how] as (typeof receivers)[string])(socket, size);
	} catch (error) {
		assert.equal((error as NodeJS.ErrnoException).code, "EAGAIN");
		return undefined;
	}
}

describe("after a short read", () => {
	test("the next recv() waits for what comes, and the one after it too", async () => {
		using pair = await emptied();
		for (const word of ["three", "four"]) {
			const waiting = pair.server.recv(100);
			await turns();
			pair.client.sendSync(word);
			assert.equal(`${await soon(waiting)}`, word);
		}
	});

	test("what has come since, before the loop has had a turn, is received", async () => {
		using pair = await emptied();
		for (let count = 0; count < 100; count++) {
			pair.client.sendSync(`${count}`);
			assert.equal(`${await soon(pair.server.recv(100))}`, `${count}`);
		}
	});

	for (const [what, end] of [
		["an end", (pair: Pair) => pair.client.shutdown(SHUT_WR)],
		["a close", (pair: Pair) => pair.client.close()],
		["the reading side's own end", (pair: Pair) => pair.server.shutdown(SHUT_RD)],
	] as const) {
		test(`${what} is heard: alone, with the last data, and just before the call`, async () => {
			for (const data of ["", "last"]) {
				for (const early of [true, false]) {
					using pair = await emptied();
					const waiting = early ? undefined : pair.server.recv(100);
					if (!early) await turns();
					if (data !== "") pair.client.sendSync(data);
					end(pair);
					if (data !== "") assert.equal(`${await soon(waiting ?? pair.server.recv(100))}`, data);
					assert.equal((await soon((data === "" && waiting) || pair.server.recv(100))).length, 0);
					assert.equal((await soon(pair.server.recv(100))).length, 0);
				}
			}
		});
	}

	test("a reset is heard", async () => {
		for (const early of [true, false]) {
			using pair = await emptied();
			const waiting = early ? undefined : rejectsWith(pair.server.recv(1), { code: "ECONNRESET" });
			await turns();
			pair.client.set(so.linger, { seconds: 0 });
			pair.client.close();
			await soon(waiting ?? rejectsWith(pair.server.recv(1), { code: "ECONNRESET" }));
		}
	});

	test("what would wait says so at once on a non-blocking socket, and gives what has come", async () => {
		using pair = await emptied();
		await rejectsWith(pair.server.recv(1, MSG_DONTWAIT), { code: "EAGAIN" });
		pair.server.settimeout(0);
		await rejectsWith(pair.server.recv(1), { code: "EAGAIN" });
		pair.client.sendSync("x");
		assert.equal(`${await pair.server.recv(1)}`, "x");
	});

	test("what was only looked at is there", async () => {
		using pair = await emptied();
		pair.client.sendSync("abc");
		assert.equal(`${await soon(pair.server.recv(100, MSG_PEEK))}`, "abc");
		assert.equal(`${await soon(pair.server.recv(2, MSG_PEEK))}`, "ab");
		assert.equal(`${await soon(pair.server.recv(100))}`, "abc");
	});

	test("MSG_WAITALL gathers", async () => {
		using pair = await emptied();
		const whole = pair.server.recv(6, MSG_WAITALL);
		for (const part of ["ab", "cd", "efg"]) {
			pair.client.sendSync(part);
			await turns(2);
		}
		assert.equal(`${await soon(whole)}`, "abcdef");
		assert.equal(`${await soon(pair.server.recv(10))}`, "g");
	});

	test("urgent data stand between others: nothing behind them is overlooked", async () => {
		for (const inline of [0, 1]) {
			for (const order of ["urgent first", "urgent last", "not at all"]) {
				for (const turned of [true, false]) {
					using pair = await emptied();
					const { client, server } = pair;
					server.setsockopt(SOL_SOCKET, SO_OOBINLINE, inline);
					client.sendSync("abc");
					client.sendSync("!", MSG_OOB);
					client.sendSync("def");
					if (turned) await turns();
					const urgent = async (): Promise<void> => {
						if (inline === 0) assert.equal(`${await soon(server.recv(1, MSG_OOB))}`, "!");
					};
					if (order === "urgent first") await urgent();
					if (turned) await turns();
					let text = `${await soon(server.recv(100))}`;
					if (order === "urgent last") await urgent();
					const expected = inline === 0 ? "abcdef" : "abc!def";
					while (text.length < expected.length) {
						text += await soon(server.recv(100), `${inline} ${order} ${turned} behind ${text}: it`);
					}
					assert.equal(text, expected);
				}
			}
		}
	});

	test("urgent data that another object for the same connection takes do not hide what is behind them", async () => {
		using pair = await emptied();
		const { client, server } = pair;
		using twin = server.dup();
		client.sendSync("abc");
		client.sendSync("!", MSG_OOB);
		client.sendSync("def");
		assert.equal(`${twin.recvSync(1, MSG_OOB)}`, "!");
		await turns();
		assert.equal(`${await soon(server.recv(100))}`, "abc");
		assert.equal(`${await soon(server.recv(100))}`, "def");
	});

	test("another object for the same connection may read what this one would", async () => {
		for (const again of [
			(socket: Socket) => socket.dup(),
			// For the same number: who waits last is told.
			(socket: Socket) => new Socket(undefined, undefined, undefined, { fileno: socket.fileno() }),
		]) {
			using pair = await emptied();
			const { client, server } = pair;
			const twin = again(server);
			for (let count = 0; count < 5; count++) {
				for (const reader of [twin, server, server, twin]) {
					const waiting = reader.recv(100);
					await turns(1);
					client.sendSync(`${count}`);
					assert.equal(`${await soon(waiting)}`, `${count}`);
					client.sendSync(`${count} again`);
					await turns(1);
					assert.equal(`${await soon(reader.recv(100))}`, `${count} again`);
				}
			}
			if (twin.fileno() === server.fileno()) twin.detach();
			else twin.close();
			const waiting = server.recv(100);
			await turns();
			client.sendSync("last");
			assert.equal(`${await soon(waiting)}`, "last");
		}
	});

	test("SO_RCVLOWAT may change: what is there already is received", async () => {
		using pair = await emptied();
		const { client, server } = pair;
		server.setsockopt(SOL_SOCKET, SO_RCVLOWAT, 100);
		client.sendSync("few");
		await turns();
		assert.equal(`${await soon(server.recv(10))}`, "few");
		const waiting = server.recv(10);
		client.sendSync("some");
		await turns();
		server.set(so.rcvlowat, 1);
		assert.equal(`${await soon(waiting)}`, "some");
	});

	test("iteration and files go on", async () => {
		using pair = await emptied();
		const { client, server } = pair;
		const file = server.makefile("rb");
		const line = file.readline();
		client.sendSync("a li");
		await turns();
		client.sendSync("ne\nan");
		assert.equal(`${await soon(line)}`, "a line\n");
		client.sendSync("other\n");
		assert.equal(`${await soon(file.readline())}`, "another\n");
		let text = "";
		const loop = (async () => {
			for await (const chunk of server) text += `${chunk}`;
		})();
		for (const word of ["x", "y", "z"]) {
			client.sendSync(word);
			await until(() => text.endsWith(word));
		}
		client.close();
		await soon(loop);
		assert.equal(text, "xyz");
	});
});

const step = fc.oneof(
	fc.record({
		do: fc.constant("send" as const),
		size: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.nat(3000)),
	}),
	fc.record({ do: fc.constant("turn" as const), size: fc.constant(0) }),
	fc.record({ do: fc.constantFrom(...Object.keys(receivers)), size: fc.integer({ min: 1, max: 2000 }) }),
	fc.record({
		do: fc.constantFrom("peek" as const, "all" as const, "flow" as const),
		size: fc.integer({ min: 1, max: 50 }),
	}),
	fc.record({ do: fc.constant("urgent" as const), size: fc.constant(1) }),
	fc.record({ do: fc.constantFrom("dup" as const, "waiting" as const), size: fc.constant(10) }),
);

describe("random mixes of everything that receives", () => {
	for (const kind of connectedKinds.slice(0, 3)) {
		test(`over ${kind.name}: nothing hangs and nothing is lost`, { skip: kind.skip }, async () => {
			const steps = fc.array(step, { minLength: 5, maxLength: 60 });
			await fc.assert(
				fc.asyncProperty(steps, fc.boolean(), async (list, closes) => {
					using pair = connect(kind);
					const { client, server } = pair;
					let sent = 0;
					let got = 0;
					let urged = false;
					let waiting: Promise<void> | undefined;
					const take = (data: Buffer | undefined): void => {
						if (data === undefined) return;
						assert.ok(data.length > 0, "an end before the end");
						assert.deepEqual(data, pattern(data.length, got));
						got += data.length;
					};
					const send = (size: number): void => {
						client.sendallSync(pattern(size, sent));
						sent += size;
					};
					for (const { do: action, size } of list) {
						if (action === "send") send(size + 1);
						else if (action === "turn") await turns(1);
						// An urgent byte is no part of the stream; but it is one when a second one comes.
						else if (action === "urgent" && !urged) {
							urged = true;
							urgently(client, server);
						}
						if (action === "send" || action === "turn" || action === "urgent") continue;
						if (waiting !== undefined) {
							if (sent === got) send(1);
							await soon(waiting, "what waits");
							waiting = undefined;
						}
						if (action === "waiting") {
							waiting = server.recv(size).then(take);
							continue;
						}
						if (sent === got) send(size);
						if (action === "peek") {
							assert.deepEqual((await soon(server.recv(1, MSG_PEEK), "a look"))[0], pattern(1, got)[0]);
						} else if (action === "all") {
							const whole = Math.min(size, sent - got);
							take(await soon(server.recv(whole, MSG_WAITALL), "all"));
						} else if (action === "dup") {
							using twin = server.dup();
							take(await soon(twin.recv(size), "a twin"));
						} else if (action === "flow") {
							const flow = server.recvEach(
								(data) => {
									take(Buffer.from(data));
									if (got === sent) flow.stop();
								},
								{ size },
							);
							await soon(flow.ended, "a flow");
						} else {
							take(await soon(received(action, server, size), action));
						}
					}
					if (waiting !== undefined) {
						if (sent === got) send(1);
						await soon(waiting, "what waits");
					}
					if (closes) client.close();
					else client.shutdown(SHUT_WR);
					while (got < sent) take(await soon(server.recv(10_000), "the rest"));
					assert.equal((await soon(server.recv(1), "the end")).length, 0);
				}),
				{ numRuns: 150, endOnFailure: true },
			);
		});
	}
});

/** Sends an urgent byte where there is such a thing, and receives it at once. */
function urgently(client: Socket, server: Socket): void {
	if (client.family === 1) return;
	client.sendSync("!", MSG_OOB);
	assert.equal(`${server.recvSync(1, MSG_OOB)}`, "!");
}
