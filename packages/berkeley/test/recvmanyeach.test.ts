/**
 * recvManyEach(): batches handed to a function, as they come.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	type Address,
	AF_UNIX,
	DatagramBatch,
	SHUT_RD,
	SHUT_WR,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	type Socket,
} from "../src/index.js";
import { bound, datagramKinds, type Kind, unnamedPair } from "./support/kinds.js";
import { rejectsWith } from "./support/rejects.js";

const udp = datagramKinds[0] as Kind;

/** A promise, and what fulfils it. */
function signal(): { promise: Promise<void>; give: () => void } {
	let give = (): void => {};
	const promise = new Promise<void>((resolve) => {
		give = resolve;
	});
	return { promise, give };
}

/** Sends the words, each as one datagram. */
function send(from: Socket, to: Address, words: string[]): Promise<number> {
	return from.sendMany(words.map((data) => ({ data, address: to })));
}

for (const kind of datagramKinds) {
	test(`hands out what is there and what comes, with its senders, over ${kind.name}`, {
		skip: kind.skip,
	}, async () => {
		using a = bound(kind);
		using b = bound(kind);
		const to = b.getsockname();
		await send(a, to, ["1", "2", "3", "4", "5"]);
		const got: string[][] = [];
		let next = signal();
		using flow = b.recvManyEach(new DatagramBatch(kind.family, 3, 10), (batch) => {
			assert.deepEqual(batch.at(-1)?.address, a.getsockname());
			got.push(Array.from(batch, ({ data }) => `${data}`));
			if (got.flat().length >= 5) next.give();
		});
		assert.deepEqual(got, [], "not within the call");
		await next.promise;
		assert.deepEqual(got, [
			["1", "2", "3"],
			["4", "5"],
		]);
		for (const word of ["later", "last"]) {
			next = signal();
			await send(a, to, [word]);
			await next.promise;
			assert.deepEqual(got.at(-1), [word]);
		}
		await rejectsWith(b.recv(1), { code: "EBUSY" });
		flow.stop();
		await flow.ended;
		await send(a, to, ["after"]);
		assert.equal(`${await b.recv(10)}`, "after");
	});
}

describe("recvManyEach()", () => {
	test("hands out nothing while it is paused, and loses nothing by that", async () => {
		using pair = unnamedPair(SOCK_DGRAM);
		const got: string[] = [];
		let next = signal();
		const flow = pair.server.recvManyEach(new DatagramBatch(AF_UNIX, 2, 10), (batch) => {
			for (const { data } of batch) got.push(`${data}`);
			flow.pause();
			next.give();
		});
		await pair.client.sendMany(["1", "2", "3", "4", "5"]);
		for (const expected of ["12", "1234", "12345"]) {
			await next.promise;
			next = signal();
			await new Promise(setImmediate);
			assert.equal(got.join(""), expected);
			flow.resume();
		}
		flow.stop();
		await flow.ended;
	});

	test("goes on through a flood, gives the others their turn, and waits again after it", async () => {
		using a = bound(udp);
		using b = bound(udp);
		const to = b.getsockname();
		let count = 0;
		let wanted = 0;
		let turns = 0;
		let all = signal();
		using flow = b.recvManyEach(new DatagramBatch(b.family, 2, 10), (batch) => {
			count += batch.length;
			if (count >= wanted) all.give();
		});
		const turn = (): void => {
			turns++;
			if (count < wanted) setImmediate(turn);
		};
		for (const size of [200, 1, 150, 3]) {
			all = signal();
			wanted = count + size;
			setImmediate(turn);
			await send(a, to, Array(size).fill("x"));
			await all.promise;
			assert.equal(count, wanted);
		}
		assert.ok(turns >= 4);
		assert.equal(flow.paused, false);
	});

	test("waits while the batch is being sent, and goes on when it is through", async () => {
		using from = unnamedPair(SOCK_DGRAM);
		using to = unnamedPair(SOCK_DGRAM);
		const sent: Promise<number>[] = [];
		using flow = from.server.recvManyEach(new DatagramBatch(AF_UNIX, 4, 10), (batch) => {
			sent.push(to.client.sendMany(batch));
		});
		// The receiver takes nothing for a while, so that a batch waits to be sent while others come.
		const words = Array.from({ length: 60 }, (_, index) => `${index}`);
		const sending = from.client.sendMany(words);
		const got: string[] = [];
		const into = new DatagramBatch(AF_UNIX, 3, 10);
		while (got.length < words.length) {
			await to.server.recvMany(into);
			for (const { data } of into) got.push(`${data}`);
		}
		assert.deepEqual(got, words);
		assert.equal(await sending, words.length);
		assert.equal(
			(await Promise.all(sent)).reduce((sum, count) => sum + count, 0),
			words.length,
		);
		flow.stop();
	});

	test("ends with the connection, and with SHUT_RD when all is handed out", async () => {
		const got: string[] = [];
		const collect = (batch: DatagramBatch<typeof AF_UNIX>): void => {
			for (const { data } of batch) got.push(`${data}`);
		};
		using records = unnamedPair(SOCK_SEQPACKET);
		await records.client.sendMany(["a", "", "b"]);
		records.client.shutdown(SHUT_WR);
		const batch = new DatagramBatch(AF_UNIX, 4, 10);
		await (records.server as Socket<typeof AF_UNIX>).recvManyEach(batch, collect).ended;
		assert.deepEqual(got.splice(0), ["a", "", "b"]);
		using pair = unnamedPair(SOCK_DGRAM);
		const flow = (pair.server as Socket<typeof AF_UNIX>).recvManyEach(batch, collect);
		await pair.client.sendMany(["c", "d"]);
		pair.server.shutdown(SHUT_RD);
		await flow.ended;
		assert.deepEqual(got, ["c", "d"]);
	});

	test("ends with what the function throws, a timeout, a signal, the kernel's error and close()", async () => {
		const batch = new DatagramBatch(udp.family, 4, 10);
		using a = bound(udp);
		const failure = new Error("from the function");
		let socket = bound(udp);
		const thrown = socket.recvManyEach(batch, () => {
			throw failure;
		}).ended;
		await send(a, socket.getsockname(), ["x"]);
		await assert.rejects(thrown, failure);

		await rejectsWith(socket.recvManyEach(batch, () => {}, { timeout: 5 }).ended, { code: "ETIMEDOUT" });
		const controller = new AbortController();
		const aborted = socket.recvManyEach(batch, () => {}, { signal: controller.signal }).ended;
		controller.abort(failure);
		await assert.rejects(aborted, failure);

		const dead = bound(udp);
		const nowhere = dead.getsockname();
		dead.close();
		await socket.connect(nowhere);
		const refused = rejectsWith(socket.recvManyEach(batch, () => {}).ended, { code: "ECONNREFUSED" });
		await socket.send("anybody?");
		await refused;
		socket.close();

		socket = bound(udp);
		const closed = socket.recvManyEach(batch, () => {}).ended;
		socket.close();
		await closed;
		assert.throws(() => socket.recvManyEach(batch, () => {}), { code: "EBADF" });
	});

	test("refuses what is no batch, no function, and a stream", () => {
		using socket = bound(udp);
		const batch = new DatagramBatch(socket.family, 4, 10);
		assert.throws(() => socket.recvManyEach(batch, 5 as never), TypeError);
		assert.throws(() => socket.recvManyEach([] as never, () => {}), TypeError);
		assert.throws(() => socket.recvManyEach(batch, () => {}, { timeout: -1 }), RangeError);
		assert.throws(() => socket.recvManyEach(new DatagramBatch(AF_UNIX, 1, 1), () => {}), TypeError);
		using pair = unnamedPair();
		assert.throws(() => pair.server.recvManyEach(new DatagramBatch(AF_UNIX, 1, 1), () => {}), TypeError);
	});
});
