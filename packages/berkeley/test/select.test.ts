/**
 * select(): three lists, awaited and blocking.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { closeSync, openSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import {
	AF_INET,
	createServer,
	MSG_OOB,
	SHUT_WR,
	SO_OOBINLINE,
	SOCK_STREAM,
	SOL_SOCKET,
	Socket,
	socketpair,
} from "../src/index.js";
import { type SelectOptions, select, selectSync, type Waitable } from "../src/select/index.js";
import { pipe } from "./support/pipes.js";
import { runProgram } from "./support/programs.js";
import { rejectsWith } from "./support/rejects.js";
import { isDeno } from "./support/runtime.js";

type Lists = [Waitable[], Waitable[], Waitable[]];
type Form = (
	read: Iterable<Waitable>,
	write: Iterable<Waitable>,
	except: Iterable<Waitable>,
	timeout?: number | null,
	options?: SelectOptions,
) => Promise<Lists>;

const forms: Record<string, Form> = {
	"select()": select,
	"selectSync()": async (...given) => selectSync(...given),
};

/** A connected pair of TCP sockets. */
function connected(): [client: Socket, conn: Socket] {
	using listener = createServer({ host: "127.0.0.1", port: 0 });
	const client = new Socket(AF_INET, SOCK_STREAM);
	client.connectSync(listener.getsockname());
	return [client, listener.acceptSync()[0]];
}

for (const [name, ask] of Object.entries(forms)) {
	describe(name, () => {
		test("gives what was given, in its order: sockets, numbers, other objects", async () => {
			const [a, b] = socketpair();
			const [c, d] = socketpair();
			const object = { fileno: () => a.fileno() };
			assert.deepEqual(await ask([a, b], [a, c.fileno()], [], 0), [[], [a, c.fileno()], []]);
			b.sendSync("data");
			d.sendSync("data");
			const [read, write] = await ask(new Set<Waitable>([c, b, object]), [], []);
			assert.deepEqual([read, write], [[c, object], []]);
			assert.equal(read[1], object);
			for (const socket of [a, b, c, d]) socket.close();
		});

		test("takes one descriptor in several lists, and several times in one", async () => {
			const [a, b] = socketpair();
			b.sendSync("data");
			assert.deepEqual(await ask([a, a.fileno(), a], [a], [a]), [[a, a.fileno(), a], [a], []]);
			a.recvSync(100);
			assert.deepEqual(await ask([a, a], [a], [a]), [[], [a], []]);
			a.close();
			b.close();
		});

		test("tells urgent data in the third list, until they are read", async () => {
			const [client, conn] = connected();
			assert.deepEqual(await ask([conn], [], [conn], 0), [[], [], []]);
			client.sendSync("!", MSG_OOB);
			assert.deepEqual(await ask([conn], [], [conn]), [[], [], [conn]]);
			assert.equal(`${conn.recvSync(1, MSG_OOB)}`, "!");
			assert.deepEqual(await ask([conn], [], [conn], 0), [[], [], []]);
			conn.setsockopt(SOL_SOCKET, SO_OOBINLINE, 1);
			client.sendSync("?", MSG_OOB);
			assert.deepEqual(await ask([conn], [], [conn]), [[conn], [], [conn]]);
			client.close();
			conn.close();
		});

		test("is over with its time, and gives three empty lists", async () => {
			const [a, b] = socketpair();
			const begun = performance.now();
			assert.deepEqual(await ask([a, b], [], [a], 30), [[], [], []]);
			assert.ok(performance.now() - begun >= 30);
			assert.deepEqual(await ask([], [], [], 0), [[], [], []]);
			assert.deepEqual(await ask([], [], [], 1), [[], [], []]);
			for (const endless of [undefined, null, Number.POSITIVE_INFINITY]) {
				assert.deepEqual(await ask([], [a], [], endless), [[], [a], []]);
			}
			a.close();
			b.close();
		});

		test("refuses what is no list, no descriptor and no time", async () => {
			for (const wrong of [5, "0", null, undefined, {}]) {
				const list = wrong as unknown as Waitable[];
				await assert.rejects(async () => ask(list, [], [], 0), { name: "TypeError", message: /read/ });
				await assert.rejects(async () => ask([], list, [], 0), { name: "TypeError", message: /write/ });
				await assert.rejects(async () => ask([], [], list, 0), { name: "TypeError", message: /except/ });
			}
			for (const wrong of [null, undefined, "0", {}, { fileno: 1 }]) {
				await assert.rejects(async () => ask([wrong as Waitable], [], [], 0), TypeError);
			}
			await assert.rejects(async () => ask([], [-1], [], 0), RangeError);
			await assert.rejects(async () => ask([], [], [], -1), RangeError);
			await assert.rejects(async () => ask([], [], [], Number.NaN), TypeError);
			await assert.rejects(async () => ask([], [], [], "1" as unknown as number), TypeError);
		});

		test("rejects with EBADF when one is closed, as a socket and as a number", async () => {
			const [a, b] = socketpair();
			const number = a.fileno();
			a.close();
			const closed = { code: "EBADF", syscall: "select" };
			await rejectsWith((async () => ask([b], [a], []))(), closed);
			const error = await rejectsWith((async () => ask([b, number], [b], []))(), closed);
			assert.match(error.message, new RegExp(`^select ${number}: `));
			b.close();
		});

		test("takes an error for readable and writable, and a hang-up for readable", async () => {
			const [reading, writing] = pipe();
			writing.close();
			assert.deepEqual(await ask([reading], [reading], [reading], 0), [[reading], [], []]);
			reading.close();
			const [other, broken] = pipe();
			other.close();
			assert.deepEqual(await ask([broken], [broken], [broken], 0), [[broken], [broken], []]);
			broken.close();
		});

		test("waits on when there is only a hang-up or an error, and nobody asked for that", async () => {
			const [reading, writing] = pipe();
			const [other, broken] = pipe();
			writing.close();
			other.close();
			const [a, b] = socketpair();
			const lists = [[a], [reading], [reading, broken]] as const;
			const begun = performance.now();
			const { user, system } = process.cpuUsage();
			assert.deepEqual(await ask(...lists, 150), [[], [], []]);
			assert.ok(performance.now() - begun >= 150);
			const used = process.cpuUsage({ user, system });
			assert.ok(used.user + used.system < 100_000, `it spins: ${JSON.stringify(used)}`);
			b.sendSync("data");
			assert.deepEqual(await ask(...lists), [[a], [], []]);
			for (const each of [reading, broken, a, b]) each.close();
		});

		test("takes regular files, which can always be read and written and have nothing urgent", async () => {
			const file = openSync("/etc/passwd", "r");
			assert.deepEqual(await ask([file], [file], [file]), [[file], [file], []]);
			assert.deepEqual(await ask([], [], [file], 5), [[], [], []]);
			closeSync(file);
		});

		test("tells a half-close, and a listener's connection", async () => {
			const [client, conn] = connected();
			client.shutdown(SHUT_WR);
			assert.deepEqual(await ask([conn], [conn], [conn]), [[conn], [conn], []]);
			client.close();
			conn.close();
			using listener = createServer({ host: "127.0.0.1", port: 0 });
			using guest = new Socket(AF_INET, SOCK_STREAM);
			guest.connectSync(listener.getsockname());
			assert.deepEqual(await ask([listener], [listener], [listener]), [[listener], [], []]);
		});

		test("takes more than 1024 descriptors, and numbers beyond", async () => {
			const pairs = Array.from({ length: 700 }, () => socketpair());
			const all = pairs.flat();
			assert.ok(all.some((socket) => socket.fileno() > 1024));
			const last = all.at(-1) as Socket;
			const peer = all.at(-2) as Socket;
			assert.deepEqual(await ask(all, [], all, 0), [[], [], []]);
			assert.deepEqual(await ask(all, [], all, 1), [[], [], []]);
			const [, write] = await ask(all, all, all);
			assert.equal(write.length, all.length);
			peer.sendSync("data");
			assert.deepEqual(await ask(all, [], all), [[last], [], []]);
			for (const socket of all) socket.close();
		});

		test("thousands of calls leave no descriptor", async () => {
			const [a, b] = socketpair();
			await ask([a], [], [], 0.1);
			const before = readdirSync("/proc/self/fd").length;
			for (let at = 0; at < 3000; at++) await ask([a], at % 2 ? [b] : [], [a], at % 50 === 0 ? 0.1 : 0);
			assert.equal(readdirSync("/proc/self/fd").length, before);
			a.close();
			b.close();
		});

		test("can be aborted before it begins", async () => {
			const [a, b] = socketpair();
			const reason = new Error("enough");
			const signal = AbortSignal.abort(reason);
			await assert.rejects(async () => ask([], [a], [], null, { signal }), reason);
			await assert.rejects(
				async () => ask([], [a], [], null, { signal: 5 as unknown as AbortSignal }),
				TypeError,
			);
			a.close();
			b.close();
		});
	});
}

describe("select(), awaited", () => {
	test("keeps the order and the identity of what it was given, and waits in the event loop", async () => {
		const [a, b] = socketpair();
		const list = [a];
		const waiting = select(list, [], []);
		list.length = 0; // The list was read when the call was made.
		await turn();
		b.sendSync("data");
		const [[first]] = await waiting;
		assert.equal(first, a);
		a.close();
		b.close();
	});

	test("waits with the same descriptor in several lists", async () => {
		const [client, conn] = connected();
		const waiting = select([conn, conn], [], [conn], 5000);
		await turn();
		client.sendSync("!", MSG_OOB);
		assert.deepEqual(await waiting, [[], [], [conn]]);
		client.close();
		conn.close();
	});

	test("many wait for the same at once", async () => {
		const [a, b] = socketpair();
		const controller = new AbortController();
		// More than the kernel lets be told of one socket.
		const waits = Array.from({ length: 200 }, () => select([a], [], []));
		const aborted = Array.from({ length: 10 }, () => select([a], [], [], null, controller));
		const limited = Array.from({ length: 20 }, () => select([a], [], [], 1));
		for (const nothing of await Promise.all(limited)) assert.deepEqual(nothing, [[], [], []]);
		const reason = new Error("enough");
		controller.abort(reason);
		for (const waiting of aborted) await assert.rejects(waiting, reason);
		b.sendSync("data");
		for (const [read] of await Promise.all(waits)) assert.deepEqual(read, [a]);
		a.close();
		b.close();
	});

	test("rejects with the signal's reason when that aborts, and leaves no listener", async () => {
		const [a, b] = socketpair();
		const controller = new AbortController();
		const waits = [select([a], [], [], null, controller), select([a], [], [], 10_000, controller)];
		await turn();
		const reason = new Error("enough");
		controller.abort(reason);
		for (const waiting of waits) await assert.rejects(waiting, reason);
		a.close();
		b.close();
	});

	test("gives the event loop its turn though something is always ready", async () => {
		const [a, b] = socketpair();
		let over = false;
		setImmediate(() => {
			over = true;
		});
		while (!over) await select([], [a], []);
		a.close();
		b.close();
	});

	test("a closed descriptor is told when something else is", async () => {
		const [a, b] = socketpair();
		const [c, d] = socketpair();
		const waiting = select([a, c], [], []);
		await turn();
		a.close();
		d.sendSync("data");
		await rejectsWith(waiting, { code: "EBADF", syscall: "select" });
		for (const socket of [b, c, d]) socket.close();
	});
});

describe("a process that selects", () => {
	for (const how of ["select", "poll", "epoll", "SelectSelector", "PollSelector", "EpollSelector"]) {
		test(`by ${how} stays alive while it waits, and ends afterwards`, async () => {
			const outcome = await runProgram("selecting", [how]);
			assert.deepEqual(
				{ ...outcome, stderr: "" },
				{ code: 0, signal: null, stdout: "1 ready\n", stderr: "" },
			);
			assert.equal(outcome.stderr, "");
		});
	}
	for (const first of ["select", "epoll"]) {
		test(`many times at once, first by ${first}(), is the first that a process may do`, async () => {
			const outcome = await runProgram("crowd", [first]);
			assert.equal(outcome.stderr, "");
			assert.deepEqual([outcome.code, outcome.stdout], [0, "300 told\n"]);
		});
	}
	test("in a thread is told as in the main one", async () => {
		const outcome = await runProgram("selecting", ["threads"]);
		assert.equal(outcome.stderr, "");
		assert.deepEqual([outcome.code, outcome.stdout], [0, "6 ready in a thread\n"]);
	});
	const opensItsOwn = isDeno && "Deno opens descriptors of its own for threads";
	test("in a thread that is terminated leaves no descriptor", { skip: opensItsOwn }, async () => {
		const outcome = await runProgram("selecting", ["terminated"]);
		assert.equal(outcome.stderr, "");
		assert.deepEqual([outcome.code, outcome.stdout], [0, "0 descriptors left\n"]);
	});
});
