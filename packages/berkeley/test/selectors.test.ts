/**
 * One suite over every selector, awaited and blocking.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { closeSync, openSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import {
	AF_INET,
	close,
	createServer,
	dup,
	MSG_OOB,
	SHUT_WR,
	SOCK_DGRAM,
	SOCK_STREAM,
	Socket,
	SocketError,
	socketpair,
} from "../src/index.js";
import {
	BaseSelector,
	DefaultSelector,
	EpollSelector,
	EVENT_READ,
	EVENT_WRITE,
	PollSelector,
	type SelectOptions,
	type SelectorEvent,
	SelectSelector,
	type Waitable,
} from "../src/select/index.js";
import { dup3 } from "../src/sys/descriptors.js";
import { pipe } from "./support/pipes.js";
import { rejectsWith } from "./support/rejects.js";

const selectors = { SelectSelector, PollSelector, EpollSelector, DefaultSelector };
const both = EVENT_READ | EVENT_WRITE;

type Wait = (
	selector: BaseSelector,
	timeout?: number | null,
	options?: SelectOptions,
) => Promise<SelectorEvent[]>;

const forms: Record<string, Wait> = {
	"select()": (selector, timeout, options) => selector.select(timeout, options),
	"selectSync()": async (selector, timeout, options) => selector.selectSync(timeout, options),
};

function descriptors(): number {
	return readdirSync("/proc/self/fd").length;
}

/** What is ready, as numbers and events, sorted. */
function told(events: readonly SelectorEvent[]): [number, number][] {
	return events.map(([{ fd }, mask]): [number, number] => [fd, mask]).sort(([a], [b]) => a - b);
}

for (const [name, Selector] of Object.entries(selectors)) {
	describe(`${name}: what is registered`, () => {
		test("register() gives a key with what it was given, and getKey() and getMap() find it", () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			const key = selector.register(a, EVENT_READ, "some data");
			assert.deepEqual(key, { fileobj: a, fd: a.fileno(), events: EVENT_READ, data: "some data" });
			assert.equal(selector.getKey(a), key);
			assert.equal(selector.getKey(a.fileno()), key, "by its number too");
			assert.equal(selector.getMap()?.get(a), key);
			assert.throws(() => selector.getKey(b), { code: "ENOENT", syscall: "getKey" });
			assert.equal(selector.getMap()?.get(b), undefined);
			a.close();
			b.close();
		});

		test("register() takes a number, and objects with a number", () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			assert.equal(selector.register(a.fileno(), EVENT_READ).fileobj, a.fileno());
			const object = { fileno: () => b.fileno() };
			assert.equal(selector.register(object, EVENT_WRITE).fd, b.fileno());
			assert.equal(selector.getKey(object).fileobj, object);
			a.close();
			b.close();
		});

		test("register() refuses what has no number, other events, and what is registered or closed", () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			for (const events of [0, 4, -1, 7, 1.5]) {
				assert.throws(() => selector.register(a, events), RangeError, String(events));
			}
			for (const nothing of [null, undefined, "a", {}, { fileno: 5 }, { fileno: () => "5" }]) {
				assert.throws(() => selector.register(nothing as unknown as Waitable, EVENT_READ), TypeError);
			}
			for (const number of [-1, 2 ** 31, 1.5, Number.NaN]) {
				assert.throws(() => selector.register(number, EVENT_READ), RangeError, String(number));
			}
			selector.register(a, EVENT_READ);
			assert.throws(() => selector.register(a, EVENT_READ), { code: "EEXIST", syscall: "register" });
			assert.throws(() => selector.register(a.fileno(), EVENT_WRITE), { code: "EEXIST" });
			b.close();
			assert.throws(() => selector.register(b, EVENT_READ), { code: "EBADF", syscall: "register" });
			assert.equal(selector.getMap()?.size, 1);
			a.close();
		});

		test("unregister() gives the key, once", () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			const key = selector.register(a, EVENT_READ);
			assert.throws(() => selector.unregister(b), { code: "ENOENT", syscall: "unregister" });
			assert.equal(selector.unregister(a), key);
			assert.throws(() => selector.unregister(a), { code: "ENOENT" });
			assert.throws(() => selector.unregister({} as Waitable), TypeError);
			selector.register(a, EVENT_READ);
			a.close();
			b.close();
		});

		test("unregister() takes the object that was registered and is closed by now, and its number", () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			const number = b.fileno();
			const keys = [selector.register(a, EVENT_READ), selector.register(b, EVENT_READ)];
			a.close();
			b.close();
			assert.equal(selector.unregister(a), keys[0]);
			assert.equal(selector.unregister(number), keys[1]);
			assert.equal(selector.getMap()?.size, 0);
		});

		test("unregister() takes what was closed and whose number is another's now", () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			const [c, d] = socketpair();
			selector.register(a, EVENT_READ);
			const number = a.fileno();
			a.close();
			assert.equal(dup3(c.fileno(), number, 0), number);
			assert.equal(selector.unregister(a).fd, number);
			const key = selector.register(number, EVENT_WRITE);
			assert.deepEqual(told(selector.selectSync(0)), [[number, EVENT_WRITE]]);
			assert.equal(selector.unregister(number), key);
			close(number);
			for (const socket of [b, c, d]) socket.close();
		});

		test("modify() gives a new key with new events and data", () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			const first = selector.register(a, EVENT_READ, "first");
			const second = selector.modify(a, EVENT_WRITE, "second");
			assert.deepEqual(second, { ...first, events: EVENT_WRITE, data: "second" });
			assert.equal(selector.getKey(a), second);
			assert.deepEqual(told(selector.selectSync(0)), [[a.fileno(), EVENT_WRITE]]);
			assert.equal(selector.modify(a, EVENT_WRITE, "third").data, "third");
			assert.equal(selector.modify(a, EVENT_READ).data, undefined, "data are given each time");
			assert.deepEqual(selector.selectSync(0), []);
			assert.throws(() => selector.modify(b, EVENT_READ), { code: "ENOENT", syscall: "modify" });
			for (const events of [0, 4, -1]) assert.throws(() => selector.modify(a, events), RangeError);
			assert.equal(selector.getKey(a).events, EVENT_READ);
			a.close();
			b.close();
		});

		test("getMap() is a map that follows the selector", () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			const map = selector.getMap();
			assert.ok(map !== null);
			assert.equal(map.size, 0);
			const keys = [selector.register(a, EVENT_READ, 1), selector.register(b.fileno(), EVENT_READ, 2)];
			assert.equal(map.size, 2);
			assert.deepEqual([...map.keys()], [a, b.fileno()]);
			assert.deepEqual([...map.values()], keys);
			assert.deepEqual(
				[...map],
				keys.map((key) => [key.fileobj, key]),
			);
			assert.deepEqual([...map.entries()], [...map]);
			const visited: unknown[] = [];
			map.forEach((key, fileobj, same) => {
				visited.push([fileobj, key]);
				assert.equal(same, map);
			});
			assert.deepEqual(visited, [...map]);
			assert.ok(map.has(b) && map.has(a.fileno()) && !map.has(2 ** 30));
			selector.unregister(a);
			assert.deepEqual([...map.keys()], [b.fileno()]);
			assert.equal(selector.getMap(), map);
			a.close();
			b.close();
		});

		test("a selector that is closed has nothing and does nothing", async () => {
			const before = descriptors();
			const selector = new Selector();
			const [a, b] = socketpair();
			selector.register(a, EVENT_WRITE);
			const map = selector.getMap();
			assert.equal(selector.closed, false);
			selector.close();
			selector.close();
			assert.equal(selector.closed, true);
			assert.equal(selector.getMap(), null);
			assert.equal(map?.size, 0);
			const closed = { code: "EBADF", message: /closed/ };
			assert.throws(() => selector.register(b, EVENT_READ), closed);
			assert.throws(() => selector.unregister(a), closed);
			assert.throws(() => selector.modify(a, EVENT_READ), closed);
			assert.throws(() => selector.getKey(a), closed);
			assert.throws(() => selector.selectSync(0), closed);
			await assert.rejects(selector.select(0), closed);
			await assert.rejects(selector.select(), closed);
			assert.equal(b.sendSync("open"), 4, "what was registered stays open");
			a.close();
			b.close();
			assert.equal(descriptors(), before);
		});
	});

	for (const [form, wait] of Object.entries(forms)) {
		describe(`${name}.${form}`, () => {
			test("tells what can be read and what can be written, with its key", async () => {
				using selector = new Selector();
				const [a, b] = socketpair();
				const reading = selector.register(a, EVENT_READ, "reading");
				const writing = selector.register(b, EVENT_WRITE, "writing");
				assert.deepEqual(await wait(selector), [[writing, EVENT_WRITE]]);
				b.sendSync("data");
				const ready = await wait(selector);
				assert.deepEqual(told(ready), [
					[a.fileno(), EVENT_READ],
					[b.fileno(), EVENT_WRITE],
				]);
				assert.ok(ready.some(([key]) => key === reading));
				a.recvSync(100);
				selector.unregister(b);
				assert.deepEqual(await wait(selector, 0), []);
				a.close();
				b.close();
			});

			test("tells both at once in one entry", async () => {
				using selector = new Selector();
				const [a, b] = socketpair();
				const key = selector.register(a, both);
				assert.deepEqual(await wait(selector), [[key, EVENT_WRITE]]);
				b.sendSync("data");
				assert.deepEqual(await wait(selector), [[key, both]]);
				a.close();
				b.close();
			});

			test("tells a state, as long as it lasts", async () => {
				using selector = new Selector();
				const [a, b] = socketpair();
				const key = selector.register(a, EVENT_READ);
				b.sendSync("data");
				for (let at = 0; at < 3; at++) {
					assert.deepEqual(await wait(selector), [[key, EVENT_READ]]);
					a.recvSync(1);
				}
				a.recvSync(1);
				assert.deepEqual(await wait(selector, 0), []);
				b.sendSync("more");
				assert.deepEqual(await wait(selector), [[key, EVENT_READ]]);
				a.close();
				b.close();
			});

			test("writes what fits, and waits until there is room again", async () => {
				using selector = new Selector();
				const [a, b] = socketpair();
				const key = selector.register(a, EVENT_WRITE);
				a.settimeout(0);
				assert.throws(() => {
					for (;;) a.sendSync(Buffer.alloc(65536));
				}, SocketError);
				assert.deepEqual(await wait(selector, 0), []);
				b.settimeout(0);
				assert.throws(() => {
					for (;;) b.recvSync(65536);
				}, SocketError);
				assert.deepEqual(await wait(selector), [[key, EVENT_WRITE]]);
				a.close();
				b.close();
			});

			test("waits no longer than it is told, and no shorter", async () => {
				using selector = new Selector();
				const [a, b] = socketpair();
				selector.register(a, EVENT_READ);
				for (const timeout of [0, -1, Number.NEGATIVE_INFINITY, -0.001]) {
					assert.deepEqual(await wait(selector, timeout), [], `${timeout} does not wait`);
				}
				for (const timeout of [30, 0.5, 20.7]) {
					const begun = performance.now();
					assert.deepEqual(await wait(selector, timeout), []);
					assert.ok(performance.now() - begun >= timeout, String(timeout));
				}
				for (const wrong of [Number.NaN, "5", {}]) {
					await assert.rejects(async () => wait(selector, wrong as number), TypeError);
				}
				a.close();
				b.close();
			});

			test("waits without end for undefined, null and Infinity", async () => {
				using selector = new Selector();
				const [a, b] = socketpair();
				const key = selector.register(a, EVENT_READ);
				b.sendSync("data");
				for (const timeout of [undefined, null, Number.POSITIVE_INFINITY, 2 ** 40]) {
					assert.deepEqual(await wait(selector, timeout), [[key, EVENT_READ]]);
				}
				a.close();
				b.close();
			});

			test("waits with nothing registered until the time is over", async () => {
				using selector = new Selector();
				assert.deepEqual(await wait(selector, 0), []);
				const begun = performance.now();
				assert.deepEqual(await wait(selector, 20), []);
				assert.ok(performance.now() - begun >= 20);
			});

			test("refuses a signal that has aborted, and what is none", async () => {
				using selector = new Selector();
				const [a, b] = socketpair();
				selector.register(a, EVENT_WRITE);
				const reason = new Error("enough");
				await assert.rejects(async () => wait(selector, null, { signal: AbortSignal.abort(reason) }), reason);
				const wrong = { signal: "no signal" } as unknown as SelectOptions;
				await assert.rejects(async () => wait(selector, null, wrong), TypeError);
				await assert.rejects(async () => wait(selector, null, 5 as SelectOptions), TypeError);
				a.close();
				b.close();
			});

			test("tells a connection to be accepted, and the listener's data", async () => {
				using selector = new Selector();
				using listener = createServer({ host: "127.0.0.1", port: 0 });
				const key = selector.register(listener, EVENT_READ, "accept");
				assert.deepEqual(await wait(selector, 0), []);
				using client = new Socket(AF_INET, SOCK_STREAM);
				client.connectSync(listener.getsockname());
				assert.deepEqual(await wait(selector), [[key, EVENT_READ]]);
				listener.acceptSync()[0].close();
				assert.deepEqual(await wait(selector, 0), []);
			});

			test("tells that a connection is there by writability, and that there is none", async () => {
				using selector = new Selector();
				using listener = createServer({ host: "127.0.0.1", port: 0 });
				using client = new Socket(AF_INET, SOCK_STREAM);
				client.setblocking(false);
				assert.equal(client.connectExSync(listener.getsockname()), 115, "EINPROGRESS");
				const key = selector.register(client, both);
				assert.deepEqual(await wait(selector), [[key, EVENT_WRITE]]);
				const { port } = listener.getsockname();
				listener.close();
				using refused = new Socket(AF_INET, SOCK_STREAM);
				refused.setblocking(false);
				refused.connectExSync({ host: "127.0.0.1", port });
				selector.unregister(client);
				const failed = selector.register(refused, both);
				assert.deepEqual(await wait(selector), [[failed, both]], "an error is both");
			});

			test("tells the end of the peer, half and whole, as readable", async () => {
				using selector = new Selector();
				const [a, b] = socketpair();
				const key = selector.register(a, EVENT_READ);
				b.shutdown(SHUT_WR);
				assert.deepEqual(await wait(selector), [[key, EVENT_READ]]);
				b.close();
				assert.deepEqual(await wait(selector), [[key, EVENT_READ]]);
				const written = selector.modify(a, EVENT_WRITE);
				assert.deepEqual(await wait(selector), [[written, EVENT_WRITE]]);
				a.close();
			});

			test("tells a datagram, also an empty one", async () => {
				using selector = new Selector();
				using receiver = new Socket(AF_INET, SOCK_DGRAM);
				receiver.bind({ host: "127.0.0.1", port: 0 });
				using sender = new Socket(AF_INET, SOCK_DGRAM);
				const key = selector.register(receiver, EVENT_READ);
				assert.deepEqual(await wait(selector, 0), []);
				sender.sendtoSync("", receiver.getsockname());
				assert.deepEqual(await wait(selector), [[key, EVENT_READ]]);
			});

			test("watches pipes, and the ends of a pipe whose other end is gone", async () => {
				using selector = new Selector();
				const [reading, writing] = pipe();
				const [read, write] = [
					selector.register(reading, EVENT_READ),
					selector.register(writing, EVENT_WRITE),
				];
				assert.deepEqual(await wait(selector), [[write, EVENT_WRITE]]);
				writing.write("data");
				assert.equal((await wait(selector)).length, 2);
				selector.unregister(writing);
				reading.read();
				writing.close();
				assert.deepEqual(await wait(selector), [[read, EVENT_READ]]);
				selector.unregister(reading);
				reading.close();
				const [other, broken] = pipe();
				other.close();
				const key = selector.register(broken, EVENT_WRITE);
				assert.deepEqual(await wait(selector), [[key, EVENT_WRITE]]);
				broken.close();
			});

			test("does not take urgent data for readable", async () => {
				using selector = new Selector();
				using listener = createServer({ host: "127.0.0.1", port: 0 });
				using client = new Socket(AF_INET, SOCK_STREAM);
				client.connectSync(listener.getsockname());
				using conn = listener.acceptSync()[0];
				selector.register(conn, EVENT_READ);
				client.sendSync("!", MSG_OOB);
				assert.deepEqual(await wait(selector, 50), []);
			});

			test("watches many at once, each with its own data", async () => {
				using selector = new Selector();
				const pairs = Array.from({ length: 150 }, () => socketpair());
				for (const [at, [a]] of pairs.entries()) selector.register(a, EVENT_READ, at);
				for (let at = 0; at < pairs.length; at += 2) pairs[at]?.[1].sendSync("data");
				const found = new Set((await wait(selector)).map(([{ data }]) => data));
				assert.equal(found.size, 75);
				assert.ok([...found].every((at) => (at as number) % 2 === 0));
				for (const socket of pairs.flat()) socket.close();
			});

			test("brings a message through each of many pairs, in whatever order they are served", async () => {
				using selector = new Selector();
				const readers = new Map<Waitable, Socket>();
				for (let count = 0; count < 10; count++) {
					const [reader, writer] = socketpair();
					readers.set(writer, reader);
					selector.register(reader, EVENT_READ);
					selector.register(writer, EVENT_WRITE);
				}
				const waiting = new Set([...readers].map(([writer]) => writer as Socket));
				const received: string[] = [];
				while (waiting.size > 0) {
					const ready = (await wait(selector)).filter(([, mask]) => mask & EVENT_WRITE);
					assert.deepEqual(new Set(ready.map(([{ fileobj }]) => fileobj)), waiting);
					const [{ fileobj }] = ready[(received.length * 7) % ready.length] as SelectorEvent;
					const writer = fileobj as Socket;
					const reader = readers.get(writer) as Socket;
					writer.sendSync(`from ${writer.fileno()}`);
					const arrived = (await wait(selector)).filter(([, mask]) => mask & EVENT_READ);
					assert.deepEqual(arrived, [[selector.getKey(reader), EVENT_READ]]);
					received.push(`${reader.recvSync(100)}`);
					assert.equal(received.at(-1), `from ${writer.fileno()}`);
					for (const socket of [reader, writer]) {
						selector.unregister(socket);
						socket.close();
					}
					waiting.delete(writer);
				}
				assert.equal(received.length, 10);
				assert.deepEqual(await wait(selector, 0), []);
			});

			test("leaves out what was unregistered, and goes on with the rest", async () => {
				using selector = new Selector();
				const pairs = [socketpair(), socketpair()] as const;
				for (const [a, b] of pairs) {
					selector.register(a, EVENT_READ);
					b.sendSync("data");
				}
				assert.equal((await wait(selector)).length, 2);
				selector.unregister(pairs[0][0]);
				pairs[0][0].close();
				assert.deepEqual(told(await wait(selector)), [[pairs[1][0].fileno(), EVENT_READ]]);
				for (const socket of pairs.flat()) socket.close();
			});

			test("a thousand waits leave no descriptor", async () => {
				using selector = new Selector();
				const [a, b] = socketpair();
				selector.register(a, EVENT_READ);
				await wait(selector, 1);
				const before = descriptors();
				for (let at = 0; at < 1000; at++) await wait(selector, at % 100 === 0 ? 0.2 : 0);
				b.sendSync("data");
				for (let at = 0; at < 1000; at++) await wait(selector);
				assert.equal(descriptors(), before);
				a.close();
				b.close();
			});
		});
	}

	describe(`${name}, awaited`, () => {
		test("waits while the event loop goes on", async () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			const key = selector.register(a, EVENT_READ);
			const waiting = selector.select();
			await turn();
			b.sendSync("data");
			assert.deepEqual(await waiting, [[key, EVENT_READ]]);
			a.close();
			b.close();
		});

		test("counts what is registered, modified and unregistered meanwhile", async () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			const [c, d] = socketpair();
			selector.register(a, EVENT_READ);
			let waiting = selector.select();
			await turn();
			const key = selector.register(c, EVENT_READ);
			await turn();
			d.sendSync("data");
			assert.deepEqual(await waiting, [[key, EVENT_READ]]);
			c.recvSync(100);

			waiting = selector.select();
			await turn();
			const both = selector.modify(a, EVENT_READ | EVENT_WRITE);
			assert.deepEqual(await waiting, [[both, EVENT_WRITE]]);

			selector.modify(a, EVENT_READ);
			waiting = selector.select(100);
			await turn();
			selector.unregister(c);
			d.sendSync("data");
			assert.deepEqual(await waiting, []);
			for (const socket of [a, b, c, d]) socket.close();
		});

		test("has nothing more to wait for, and ends with its time, when all is unregistered", async () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			selector.register(a, EVENT_READ);
			const begun = performance.now();
			const waiting = selector.select(40);
			await turn();
			selector.unregister(a);
			assert.deepEqual(await waiting, []);
			assert.ok(performance.now() - begun >= 40);
			a.close();
			b.close();
		});

		test("rejects with EBADF when the selector is closed meanwhile", async () => {
			const selector = new Selector();
			const [a, b] = socketpair();
			selector.register(a, EVENT_READ);
			const waits = [selector.select(), selector.select(10_000)];
			await turn();
			selector.close();
			for (const waiting of waits) await rejectsWith(waiting, { code: "EBADF" });
			a.close();
			b.close();
		});

		test("rejects with the signal's reason, and can be waited for again", async () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			const key = selector.register(a, EVENT_READ);
			const controller = new AbortController();
			const waiting = selector.select(null, { signal: controller.signal });
			await turn();
			const reason = new Error("enough");
			controller.abort(reason);
			await assert.rejects(waiting, reason);
			b.sendSync("data");
			assert.deepEqual(await selector.select(), [[key, EVENT_READ]]);
			a.close();
			b.close();
		});

		test("tells all that wait at once", async () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			const key = selector.register(a, EVENT_READ);
			const waits = [selector.select(), selector.select(), selector.select(10_000), selector.select(5)];
			assert.deepEqual(await waits.pop(), []);
			b.sendSync("data");
			for (const found of await Promise.all(waits)) assert.deepEqual(found, [[key, EVENT_READ]]);
			a.close();
			b.close();
		});

		test("gives the event loop its turn though something is always ready", async () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			selector.register(a, EVENT_WRITE);
			let over = false;
			setImmediate(() => {
				over = true;
			});
			while (!over) assert.equal((await selector.select()).length, 1);
			over = false;
			setImmediate(() => {
				over = true;
			});
			selector.modify(a, EVENT_READ);
			while (!over) assert.equal((await selector.select(0)).length, 0);
			a.close();
			b.close();
		});

		test("is told of a socket that is awaited too", async () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			selector.register(a, EVENT_READ);
			const received = a.recv(100);
			const ready = selector.select();
			await turn();
			b.sendSync("data");
			assert.equal(`${await received}`, "data");
			// Either the selector looked before the data were taken, or there is nothing until more comes.
			b.sendSync("more");
			assert.deepEqual(told(await ready), [[a.fileno(), EVENT_READ]]);
			assert.equal(`${await a.recv(100)}`, "more");
			a.close();
			b.close();
		});
	});
}

describe("SelectSelector and PollSelector", () => {
	test("tell what was closed without being unregistered as select(2) and poll(2) do", async () => {
		for (const form of Object.values(forms)) {
			using selecting = new SelectSelector();
			using polling = new PollSelector();
			const [a, b] = socketpair();
			selecting.register(a, EVENT_READ);
			const key = polling.register(a, EVENT_READ);
			a.close();
			await assert.rejects(async () => form(selecting, 0), { code: "EBADF", syscall: "select" });
			assert.deepEqual(await form(polling, 0), [[key, EVENT_READ]]);
			selecting.unregister(a);
			assert.deepEqual(await form(selecting, 0), []);
			b.close();
		}
	});

	test("take regular files, which are always ready", async () => {
		const file = openSync("/etc/passwd", "r");
		for (const form of Object.values(forms)) {
			for (const Selector of [SelectSelector, PollSelector]) {
				using selector = new Selector();
				const key = selector.register(file, EVENT_READ);
				assert.deepEqual(await form(selector), [[key, EVENT_READ]]);
			}
		}
		closeSync(file);
	});
});

describe("EpollSelector", () => {
	test("refuses a regular file with EPERM, and has not registered it", () => {
		using selector = new EpollSelector();
		const file = openSync("/etc/passwd", "r");
		assert.throws(() => selector.register(file, EVENT_READ), { code: "EPERM", syscall: "register" });
		assert.equal(selector.getMap()?.size, 0);
		closeSync(file);
	});

	test("does not register what is not open", () => {
		using selector = new EpollSelector();
		assert.throws(() => selector.register(2 ** 30, EVENT_READ), { code: "EBADF" });
		assert.equal(selector.getMap()?.size, 0);
	});

	test("hears nothing of what was closed, and forgets it when that is modified", async () => {
		using selector = new EpollSelector();
		const [a, b] = socketpair();
		const fd = a.fileno();
		selector.register(a, EVENT_READ);
		b.sendSync("data");
		a.close();
		assert.deepEqual(await selector.select(0), []);
		assert.throws(() => selector.modify(fd, EVENT_WRITE), { code: "EBADF" });
		assert.equal(selector.getMap()?.size, 0);
		b.close();
	});

	test("has a number, and is ready in another selector when something in it is", async () => {
		for (const Outer of Object.values(selectors)) {
			using outer = new Outer();
			using inner = new EpollSelector();
			const [a, b] = socketpair();
			const key = inner.register(a, EVENT_READ);
			const nested = outer.register(inner, EVENT_READ);
			assert.equal(nested.fd, inner.fileno());
			assert.deepEqual(await outer.select(0), []);
			const waiting = outer.select();
			await turn();
			b.sendSync("data");
			assert.deepEqual(await waiting, [[nested, EVENT_READ]]);
			assert.deepEqual(outer.selectSync(), [[nested, EVENT_READ]]);
			assert.deepEqual(await inner.select(), [[key, EVENT_READ]]);
			a.recvSync(100);
			assert.deepEqual(await outer.select(0), []);
			outer.unregister(inner);
			inner.close();
			assert.equal(inner.fileno(), -1);
			a.close();
			b.close();
		}
	});

	test("closes its descriptor, and no other", () => {
		const before = descriptors();
		const selector = new DefaultSelector();
		const number = selector.fileno();
		assert.equal(descriptors(), before + 1);
		selector.close();
		assert.equal(descriptors(), before);
		const other = dup(2);
		assert.equal(other, number, "the number is free");
		selector.close();
		close(other);
	});
});

test("a class of one's own is a selector", async () => {
	class Always<Data> extends BaseSelector<Data> {
		readonly log: string[] = [];
		override async select(): Promise<SelectorEvent<Data>[]> {
			return this.selectSync();
		}
		override selectSync(): SelectorEvent<Data>[] {
			this.checkOpen();
			return [...this.keys.values()].map((key): SelectorEvent<Data> => [key, key.events]);
		}
		protected override added({ fd }: { fd: number }): void {
			this.log.push(`added ${fd}`);
		}
		protected override changed({ fd }: { fd: number }): void {
			this.log.push(`changed ${fd}`);
		}
		protected override removed({ fd }: { fd: number }): void {
			this.log.push(`removed ${fd}`);
		}
	}
	const selector = new Always<string>();
	selector.register(0, EVENT_READ, "a");
	selector.modify(0, EVENT_READ, "b");
	const key = selector.modify(0, EVENT_WRITE, "c");
	assert.deepEqual(await selector.select(), [[key, EVENT_WRITE]]);
	selector.unregister(0);
	assert.deepEqual(selector.log, ["added 0", "changed 0", "removed 0"]);
	selector.close();
	assert.throws(() => selector.selectSync(), { code: "EBADF" });
	await sleep(0);
});
