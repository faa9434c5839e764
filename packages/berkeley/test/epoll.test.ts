/**
 * epoll() objects, awaited and blocking.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { closeSync, openSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { AF_INET, createServer, MSG_OOB, SHUT_WR, SOCK_STREAM, Socket, socketpair } from "../src/index.js";
import {
	EPOLLERR,
	EPOLLET,
	EPOLLEXCLUSIVE,
	EPOLLHUP,
	EPOLLIN,
	EPOLLONESHOT,
	EPOLLOUT,
	EPOLLPRI,
	EPOLLRDHUP,
	Epoll,
	epoll,
	type PollResult,
	type SelectOptions,
	type Waitable,
} from "../src/select/index.js";
import { dup3 } from "../src/sys/descriptors.js";
import { pipe } from "./support/pipes.js";
import { runProgram } from "./support/programs.js";
import { rejectsWith } from "./support/rejects.js";

type Form = (
	waiting: Epoll,
	timeout?: number | null,
	maxevents?: number,
	options?: SelectOptions,
) => Promise<PollResult[]>;

const forms: Record<string, Form> = {
	"poll()": (waiting, ...given) => waiting.poll(...given),
	"pollSync()": async (waiting, ...given) => waiting.pollSync(...given),
};

const descriptors = (): number => readdirSync("/proc/self/fd").length;

describe("an epoll object", () => {
	test("has a descriptor of its own until it is closed", () => {
		const before = descriptors();
		const waiting = epoll();
		assert.ok(waiting instanceof Epoll);
		assert.ok(waiting.fileno() >= 0 && !waiting.closed);
		assert.equal(descriptors(), before + 1);
		waiting.close();
		waiting.close();
		assert.deepEqual([waiting.fileno(), waiting.closed], [-1, true]);
		assert.equal(descriptors(), before);
		{
			using another = epoll();
			assert.equal(another.closed, false);
		}
		assert.equal(descriptors(), before);
	});

	test("does nothing when it is closed", async () => {
		const waiting = epoll();
		waiting.close();
		for (const change of ["register", "modify", "unregister"] as const) {
			assert.throws(() => waiting[change](0, EPOLLIN), { code: "EBADF", syscall: change });
		}
		assert.throws(() => waiting.pollSync(0), { code: "EBADF" });
		await rejectsWith(waiting.poll(0), { code: "EBADF" });
		await rejectsWith(waiting.poll(), { code: "EBADF" });
	});

	test("is registered by register() alone, and changed by modify() and unregister() afterwards", () => {
		using waiting = epoll();
		const [a, b] = socketpair();
		assert.throws(() => waiting.modify(a, EPOLLIN), { code: "ENOENT", syscall: "modify" });
		assert.throws(() => waiting.unregister(a), { code: "ENOENT", syscall: "unregister" });
		waiting.register(a);
		assert.throws(() => waiting.register(a.fileno()), { code: "EEXIST", syscall: "register" });
		b.sendSync("data");
		assert.deepEqual(waiting.pollSync(), [[a.fileno(), EPOLLIN | EPOLLOUT]]);
		waiting.modify(a, EPOLLOUT);
		assert.deepEqual(waiting.pollSync(), [[a.fileno(), EPOLLOUT]]);
		waiting.unregister(a);
		assert.deepEqual(waiting.pollSync(0), []);
		const number = a.fileno();
		a.close();
		b.close();
		assert.throws(() => waiting.register(a), { code: "EBADF" });
		assert.throws(() => waiting.register(number), {
			code: "EBADF",
			message: new RegExp(`^register ${number}: `),
		});
		assert.throws(() => waiting.unregister(number), { code: "EBADF" });
	});

	test("takes descriptors, and masks of 32 bits", () => {
		using waiting = epoll();
		for (const wrong of [null, undefined, "0", {}, { fileno: 0 }]) {
			assert.throws(() => waiting.register(wrong as unknown as Waitable), TypeError);
		}
		for (const wrong of [-1, 2 ** 31, 0.5]) assert.throws(() => waiting.register(wrong), RangeError);
		for (const wrong of [2 ** 32, -(2 ** 31) - 1, 0.5]) {
			assert.throws(() => waiting.register(0, wrong), RangeError);
		}
		const [a, b] = socketpair();
		waiting.register(a, EPOLLIN | EPOLLET); // A negative number in JavaScript.
		waiting.modify(a, (EPOLLIN | EPOLLET) >>> 0);
		a.close();
		b.close();
	});

	test("refuses regular files with EPERM, and itself with EINVAL", () => {
		using waiting = epoll();
		const file = openSync("/etc/passwd", "r");
		assert.throws(() => waiting.register(file, EPOLLIN), { code: "EPERM" });
		assert.throws(() => waiting.register(waiting, EPOLLIN), { code: "EINVAL" });
		closeSync(file);
	});

	test("of fromfd() owns what was open", () => {
		const before = descriptors();
		const first = epoll();
		const [a, b] = socketpair();
		first.register(a, EPOLLOUT);
		const copy = Epoll.fromfd(dup3(first.fileno(), b.fileno() + 10, 0o2000000));
		assert.ok(copy instanceof Epoll);
		assert.deepEqual(copy.pollSync(), [[a.fileno(), EPOLLOUT]]);
		first.close();
		copy.modify(a, EPOLLIN);
		assert.deepEqual(copy.pollSync(0), []);
		copy.close();
		a.close();
		b.close();
		assert.equal(descriptors(), before);
		for (const wrong of [-1, 2 ** 31, 0.5]) assert.throws(() => Epoll.fromfd(wrong), RangeError);
		assert.throws(() => Epoll.fromfd("1" as unknown as number), TypeError);
	});

	test("that is forgotten is closed", async () => {
		const outcome = await runProgram("forgottenepoll");
		assert.deepEqual([outcome.stderr, outcome.stdout], ["", "0 left\n"]);
	});
});

for (const [name, ask] of Object.entries(forms)) {
	describe(name, () => {
		test("tells a state as long as it lasts, and with EPOLLET a change once", async () => {
			using states = epoll();
			using changes = epoll();
			const [a, b] = socketpair();
			states.register(a, EPOLLIN);
			changes.register(a, EPOLLIN | EPOLLET);
			const found = [[a.fileno(), EPOLLIN]];
			b.sendSync("data");
			assert.deepEqual(await ask(states), found);
			assert.deepEqual(await ask(states), found);
			assert.deepEqual(await ask(changes), found);
			assert.deepEqual(await ask(changes, 0), []);
			b.sendSync("more");
			assert.deepEqual(await ask(changes), found);
			assert.deepEqual(await ask(changes, 5), []);
			changes.modify(a, EPOLLIN | EPOLLET); // Looks at the state anew.
			assert.deepEqual(await ask(changes), found);
			a.close();
			b.close();
		});

		test("tells once with EPOLLONESHOT, until modify() arms it again", async () => {
			using waiting = epoll();
			const [a, b] = socketpair();
			waiting.register(a, EPOLLIN | EPOLLONESHOT);
			b.sendSync("data");
			assert.deepEqual(await ask(waiting), [[a.fileno(), EPOLLIN]]);
			b.sendSync("more");
			assert.deepEqual(await ask(waiting, 5), []);
			waiting.modify(a, EPOLLIN | EPOLLONESHOT);
			assert.deepEqual(await ask(waiting), [[a.fileno(), EPOLLIN]]);
			assert.deepEqual(await ask(waiting, 0), []);
			a.close();
			b.close();
		});

		test("tells with EPOLLEXCLUSIVE, which can be registered but not modified", async () => {
			using one = epoll();
			using other = epoll();
			const [a, b] = socketpair();
			one.register(a, EPOLLIN | EPOLLEXCLUSIVE);
			other.register(a, EPOLLIN | EPOLLEXCLUSIVE);
			assert.throws(() => one.modify(a, EPOLLIN | EPOLLEXCLUSIVE), { code: "EINVAL" });
			assert.throws(() => one.modify(a, EPOLLIN), { code: "EINVAL" });
			b.sendSync("data");
			const found = [...(await ask(one, 0)), ...(await ask(other, 0))];
			assert.ok(found.length >= 1 && found.every(([fd, mask]) => fd === a.fileno() && mask === EPOLLIN));
			a.close();
			b.close();
		});

		test("tells EPOLLRDHUP, EPOLLHUP and EPOLLERR", async () => {
			using waiting = epoll();
			const [a, b] = socketpair();
			waiting.register(a, EPOLLRDHUP);
			b.shutdown(SHUT_WR);
			assert.deepEqual(await ask(waiting), [[a.fileno(), EPOLLRDHUP]]);
			waiting.modify(a, EPOLLIN);
			assert.deepEqual(await ask(waiting), [[a.fileno(), EPOLLIN]]);
			b.close();
			waiting.modify(a, 0);
			assert.deepEqual(await ask(waiting), [[a.fileno(), EPOLLHUP]]);
			a.close();
			const [other, broken] = pipe();
			other.close();
			waiting.register(broken, 0);
			assert.deepEqual(await ask(waiting), [[broken.fileno(), EPOLLERR]]);
			broken.close();
		});

		test("tells urgent data as EPOLLPRI", async () => {
			using listener = createServer({ host: "127.0.0.1", port: 0 });
			using client = new Socket(AF_INET, SOCK_STREAM);
			client.connectSync(listener.getsockname());
			using conn = listener.acceptSync()[0];
			using waiting = epoll();
			waiting.register(conn, EPOLLIN | EPOLLPRI);
			client.sendSync("!", MSG_OOB);
			assert.deepEqual(await ask(waiting), [[conn.fileno(), EPOLLPRI]]);
		});

		test("tells at most so many, and the others the next time", async () => {
			using waiting = epoll();
			const pairs = Array.from({ length: 10 }, () => socketpair());
			for (const [a] of pairs) waiting.register(a, EPOLLOUT);
			const found = new Set<number>();
			for (const count of [1, 4, 5]) {
				const some = await ask(waiting, 0, count);
				assert.equal(some.length, count);
				for (const [fd] of some) found.add(fd);
			}
			assert.equal(found.size, 10);
			assert.equal((await ask(waiting, 0, -1)).length, 10);
			assert.equal((await ask(waiting, 0, 5000)).length, 10);
			for (const wrong of [0, -2, 1.5, 2 ** 31]) {
				await assert.rejects(async () => ask(waiting, 0, wrong), RangeError, String(wrong));
			}
			for (const socket of pairs.flat()) socket.close();
		});

		test("tells more than 1024 descriptors, in several answers when nothing is said", async () => {
			using waiting = epoll();
			const pairs = Array.from({ length: 1200 }, () => socketpair());
			for (const [a] of pairs) waiting.register(a, EPOLLOUT);
			const first = await ask(waiting);
			assert.equal(first.length, 1023);
			const rest = await ask(waiting);
			assert.equal(new Set([...first, ...rest].map(([fd]) => fd)).size, 1200);
			for (const socket of pairs.flat()) socket.close();
		});

		test("waits so many milliseconds, without end for what is negative, null or left out", async () => {
			using waiting = epoll();
			const [a, b] = socketpair();
			waiting.register(a, EPOLLIN);
			const begun = performance.now();
			assert.deepEqual(await ask(waiting, 30), []);
			assert.ok(performance.now() - begun >= 30);
			assert.deepEqual(await ask(waiting, 0), []);
			b.sendSync("data");
			for (const endless of [undefined, null, -1, -1000, Number.POSITIVE_INFINITY]) {
				assert.deepEqual(await ask(waiting, endless), [[a.fileno(), EPOLLIN]]);
			}
			await assert.rejects(async () => ask(waiting, Number.NaN), TypeError);
			const wrong = { signal: {} as AbortSignal };
			await assert.rejects(async () => ask(waiting, 0, -1, wrong), TypeError);
			await assert.rejects(async () => ask(waiting, null, -1, wrong), TypeError);
			a.close();
			b.close();
		});

		test("hears nothing of what was closed", async () => {
			using waiting = epoll();
			const [a, b] = socketpair();
			waiting.register(a, EPOLLIN);
			b.sendSync("data");
			a.close();
			assert.deepEqual(await ask(waiting, 5), []);
			b.close();
		});

		test("tells of an epoll object in an epoll object", async () => {
			using outer = epoll();
			using middle = epoll();
			using inner = epoll();
			const [a, b] = socketpair();
			inner.register(a, EPOLLIN);
			middle.register(inner, EPOLLIN);
			outer.register(middle, EPOLLIN);
			assert.deepEqual(await ask(outer, 5), []);
			assert.throws(() => inner.register(outer, EPOLLIN), { code: "ELOOP" });
			b.sendSync("data");
			assert.deepEqual(await ask(outer), [[middle.fileno(), EPOLLIN]]);
			assert.deepEqual(await ask(middle), [[inner.fileno(), EPOLLIN]]);
			assert.deepEqual(await ask(inner), [[a.fileno(), EPOLLIN]]);
			a.close();
			b.close();
		});
	});
}

describe("poll(), awaited", () => {
	test("hears of what comes, and of what is registered meanwhile", async () => {
		using waiting = epoll();
		const [a, b] = socketpair();
		let found = waiting.poll();
		await turn();
		waiting.register(a, EPOLLIN | EPOLLET);
		await turn();
		b.sendSync("data");
		assert.deepEqual(await found, [[a.fileno(), EPOLLIN]]);
		found = waiting.poll();
		await turn();
		b.sendSync("more");
		assert.deepEqual(await found, [[a.fileno(), EPOLLIN]]);
		found = waiting.poll();
		await turn();
		waiting.modify(a, EPOLLOUT);
		assert.deepEqual(await found, [[a.fileno(), EPOLLOUT]]);
		a.close();
		b.close();
	});

	test("gives each change with EPOLLET to one of those who wait, in their order", async () => {
		using waiting = epoll();
		const [a, b] = socketpair();
		waiting.register(a, EPOLLIN | EPOLLET);
		const [first, second] = [waiting.poll(), waiting.poll()];
		let served = 0;
		void second.then(() => {
			served++;
		});
		await turn();
		b.sendSync("data");
		assert.deepEqual(await first, [[a.fileno(), EPOLLIN]]);
		await turn();
		assert.equal(served, 0);
		b.sendSync("more");
		assert.deepEqual(await second, [[a.fileno(), EPOLLIN]]);
		a.close();
		b.close();
	});

	test("rejects when it is closed meanwhile, or its signal aborts", async () => {
		const waiting = epoll();
		const controller = new AbortController();
		const aborted = waiting.poll(null, -1, controller);
		const closed = waiting.poll();
		await turn();
		controller.abort();
		await assert.rejects(aborted, { name: "AbortError" });
		waiting.close();
		await rejectsWith(closed, { code: "EBADF", syscall: "epoll_wait" });
	});

	test("keeps an object that nobody else keeps", async () => {
		const outcome = await runProgram("forgottenepoll", ["awaited"]);
		assert.deepEqual([outcome.stderr, outcome.stdout], ["", "1 ready\n"]);
	});
});
