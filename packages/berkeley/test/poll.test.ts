/**
 * poll() objects, awaited and blocking.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { AF_INET, createServer, MSG_OOB, SOCK_STREAM, Socket, socketpair } from "../src/index.js";
import {
	POLLERR,
	POLLHUP,
	POLLIN,
	POLLNVAL,
	POLLOUT,
	POLLPRI,
	POLLRDHUP,
	Poll,
	type PollResult,
	poll,
	type SelectOptions,
	type Waitable,
} from "../src/select/index.js";
import { pipe } from "./support/pipes.js";

type Form = (waiting: Poll, timeout?: number | null, options?: SelectOptions) => Promise<PollResult[]>;

const forms: Record<string, Form> = {
	"poll()": (waiting, timeout, options) => waiting.poll(timeout, options),
	"pollSync()": async (waiting, timeout, options) => waiting.pollSync(timeout, options),
};

describe("what a Poll has registered", () => {
	test("is looked at for reading, urgent data and writing, when nothing is said", () => {
		const waiting = poll();
		assert.ok(waiting instanceof Poll);
		const [a, b] = socketpair();
		waiting.register(a);
		b.sendSync("data");
		assert.deepEqual(waiting.pollSync(), [[a.fileno(), POLLIN | POLLOUT]]);
		waiting.register(a, POLLOUT); // Again: that is the new mask.
		assert.deepEqual(waiting.pollSync(), [[a.fileno(), POLLOUT]]);
		waiting.modify(a.fileno(), POLLIN);
		assert.deepEqual(waiting.pollSync(), [[a.fileno(), POLLIN]]);
		waiting.modify({ fileno: () => a.fileno() }, 0);
		assert.deepEqual(waiting.pollSync(0), []);
		waiting.unregister(a);
		b.close();
		assert.deepEqual(waiting.pollSync(0), []);
		a.close();
	});

	test("cannot be modified or unregistered when it is not there", () => {
		const waiting = poll();
		assert.throws(() => waiting.modify(0, POLLIN), {
			code: "ENOENT",
			syscall: "modify",
			message: /^modify 0: /,
		});
		assert.throws(() => waiting.unregister(0), { code: "ENOENT", syscall: "unregister" });
	});

	test("is a descriptor, with a mask of 16 bits", () => {
		const waiting = poll();
		for (const wrong of [null, undefined, "0", {}, { fileno: () => null }]) {
			assert.throws(() => waiting.register(wrong as unknown as Waitable), TypeError);
			assert.throws(() => waiting.modify(wrong as unknown as Waitable, POLLIN), TypeError);
			assert.throws(() => waiting.unregister(wrong as unknown as Waitable), TypeError);
		}
		for (const wrong of [-1, 0x10000, 1.5]) {
			assert.throws(() => waiting.register(0, wrong), RangeError);
			waiting.register(0, 0xffff);
			assert.throws(() => waiting.modify(0, wrong), RangeError);
		}
		assert.throws(() => waiting.register(0, "1" as unknown as number), TypeError);
		assert.throws(() => waiting.register(-1), RangeError);
		const [a, b] = socketpair();
		a.close();
		b.close();
		assert.throws(() => waiting.register(a), { code: "EBADF", syscall: "register" });
	});
});

for (const [name, ask] of Object.entries(forms)) {
	describe(name, () => {
		test("tells what happened, in the order of registration", async () => {
			const waiting = poll();
			const [a, b] = socketpair();
			waiting.register(b, POLLOUT);
			waiting.register(a, POLLIN);
			a.sendSync("data");
			b.sendSync("data");
			assert.deepEqual(await ask(waiting), [
				[b.fileno(), POLLOUT],
				[a.fileno(), POLLIN],
			]);
			a.close();
			b.close();
		});

		test("tells errors and hang-ups that nobody asked for", async () => {
			const waiting = poll();
			const [reading, writing] = pipe();
			const [other, broken] = pipe();
			waiting.register(reading, 0);
			waiting.register(broken, 0);
			assert.deepEqual(await ask(waiting, 0), []);
			writing.close();
			other.close();
			assert.deepEqual(await ask(waiting), [
				[reading.fileno(), POLLHUP],
				[broken.fileno(), POLLERR],
			]);
			reading.close();
			broken.close();
		});

		test("tells the peer's end as POLLRDHUP where that is asked for", async () => {
			const waiting = poll();
			const [a, b] = socketpair();
			waiting.register(a, POLLRDHUP);
			assert.deepEqual(await ask(waiting, 0), []);
			b.shutdown(1);
			assert.deepEqual(await ask(waiting), [[a.fileno(), POLLRDHUP]]);
			a.close();
			b.close();
		});

		test("tells urgent data as POLLPRI", async () => {
			using listener = createServer({ host: "127.0.0.1", port: 0 });
			using client = new Socket(AF_INET, SOCK_STREAM);
			client.connectSync(listener.getsockname());
			using conn = listener.acceptSync()[0];
			const waiting = poll();
			waiting.register(conn, POLLIN | POLLPRI);
			client.sendSync("!", MSG_OOB);
			assert.deepEqual(await ask(waiting), [[conn.fileno(), POLLPRI]]);
		});

		test("tells what is closed as POLLNVAL, until its number is unregistered", async () => {
			const waiting = poll();
			const [a, b] = socketpair();
			const number = a.fileno();
			waiting.register(a);
			a.close();
			assert.deepEqual(await ask(waiting), [[number, POLLNVAL]]);
			assert.throws(() => waiting.unregister(a), { code: "EBADF" });
			waiting.unregister(number);
			assert.deepEqual(await ask(waiting, 0), []);
			b.close();
		});

		test("waits so many milliseconds, without end for what is negative, null or left out", async () => {
			const waiting = poll();
			const [a, b] = socketpair();
			waiting.register(a, POLLIN);
			const begun = performance.now();
			assert.deepEqual(await ask(waiting, 30), []);
			assert.ok(performance.now() - begun >= 30);
			assert.deepEqual(await ask(waiting, 0), []);
			b.sendSync("data");
			for (const endless of [
				undefined,
				null,
				-1,
				-1000,
				Number.POSITIVE_INFINITY,
				Number.NEGATIVE_INFINITY,
			]) {
				assert.deepEqual(await ask(waiting, endless), [[a.fileno(), POLLIN]]);
			}
			await assert.rejects(async () => ask(waiting, Number.NaN), TypeError);
			await assert.rejects(async () => ask(waiting, 0, { signal: {} as AbortSignal }), TypeError);
			a.close();
			b.close();
		});

		test("takes regular files", async () => {
			const waiting = poll();
			const file = openSync("/etc/passwd", "r");
			waiting.register(file);
			assert.deepEqual(await ask(waiting), [[file, POLLIN | POLLOUT]]);
			closeSync(file);
		});
	});
}

describe("poll(), awaited", () => {
	test("is told what comes, each of several waits", async () => {
		const waiting = poll();
		const [a, b] = socketpair();
		waiting.register(a, POLLIN);
		const waits = [waiting.poll(), waiting.poll(10_000), waiting.poll(-1)];
		await turn();
		b.sendSync("data");
		for (const found of await Promise.all(waits)) assert.deepEqual(found, [[a.fileno(), POLLIN]]);
		a.close();
		b.close();
	});

	test("asks for what was registered when it began", async () => {
		const waiting = poll();
		const [a, b] = socketpair();
		waiting.register(a, POLLIN);
		const first = waiting.poll(50);
		waiting.modify(a, POLLOUT);
		assert.deepEqual(await waiting.poll(), [[a.fileno(), POLLOUT]]);
		assert.deepEqual(await first, []);
		a.close();
		b.close();
	});

	test("can be aborted", async () => {
		const waiting = poll();
		const [a, b] = socketpair();
		waiting.register(a, POLLIN);
		const controller = new AbortController();
		const aborted = waiting.poll(null, controller);
		await turn();
		controller.abort();
		await assert.rejects(aborted, { name: "AbortError" });
		a.close();
		b.close();
	});
});
