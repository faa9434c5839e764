/**
 * Signals that come while something waits: it goes on waiting, for what is left of its time. What Python promises
 * since PEP 475.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import {
	AF_INET,
	createServer,
	SO_SNDBUF,
	SOCK_DGRAM,
	SOL_SOCKET,
	Socket,
	socketpair,
} from "../src/index.js";
import {
	EPOLLIN,
	EpollSelector,
	EVENT_READ,
	epoll,
	POLLIN,
	PollSelector,
	poll,
	SelectSelector,
	select,
	selectSync,
} from "../src/select/index.js";
import { rejectsWith } from "./support/rejects.js";

// Its default action is none: one that is still on its way when the handler is gone does no harm.
const signal = "SIGWINCH";
const wait = 150;

describe("what waits while signals come", () => {
	let handled = 0;
	const handler = (): void => {
		handled++;
	};
	const sender = { stop: async (): Promise<void> => {} };

	before(async () => {
		process.on(signal, handler);
		const command = `while kill -s WINCH ${process.pid}; do sleep 0.01; done`;
		const child = spawn("sh", ["-c", command], { stdio: "ignore" });
		const ended = once(child, "close");
		sender.stop = async () => {
			child.kill();
			await ended;
			process.off(signal, handler);
		};
		while (handled === 0) await new Promise(setImmediate);
	});
	after(() => sender.stop());

	/** Runs what waits; it must have taken its time, and signals have come meanwhile. */
	async function takesItsTime(run: () => unknown): Promise<void> {
		await new Promise(setImmediate);
		const earlier = handled;
		const begun = performance.now();
		await run();
		assert.ok(performance.now() - begun >= wait, `only ${performance.now() - begun} ms`);
		// The handlers of what came while the thread was blocked run now.
		while (handled === earlier) await new Promise(setImmediate);
	}

	for (const Selector of [SelectSelector, PollSelector, EpollSelector]) {
		test(`${Selector.name} takes its time, in both forms`, async () => {
			using selector = new Selector();
			const [a, b] = socketpair();
			selector.register(a, EVENT_READ);
			await takesItsTime(() => assert.deepEqual(selector.selectSync(wait), []));
			await takesItsTime(async () => assert.deepEqual(await selector.select(wait), []));
			a.close();
			b.close();
		});
	}

	test("select(), poll() and epoll() take their time, in both forms", async () => {
		const [a, b] = socketpair();
		const polling = poll();
		polling.register(a, POLLIN);
		using watching = epoll();
		watching.register(a, EPOLLIN);
		await takesItsTime(() => assert.deepEqual(selectSync([a], [], [], wait), [[], [], []]));
		await takesItsTime(async () => assert.deepEqual(await select([a], [], [], wait), [[], [], []]));
		await takesItsTime(() => assert.deepEqual(polling.pollSync(wait), []));
		await takesItsTime(async () => assert.deepEqual(await polling.poll(wait), []));
		await takesItsTime(() => assert.deepEqual(watching.pollSync(wait), []));
		await takesItsTime(async () => assert.deepEqual(await watching.poll(wait), []));
		a.close();
		b.close();
	});

	test("the operations of a socket time out when their time is over, and not before", async () => {
		using listener = createServer({ host: "127.0.0.1", port: 0 });
		using datagrams = new Socket(AF_INET, SOCK_DGRAM);
		datagrams.bind({ host: "127.0.0.1", port: 0 });
		const [a, b] = socketpair();
		const operations = [
			[() => a.recvSync(1, 0, { timeout: wait }), () => a.recv(1, 0, { timeout: wait })],
			[() => listener.acceptSync({ timeout: wait }), () => listener.accept({ timeout: wait })],
			[
				() => datagrams.recvfromSync(1, 0, { timeout: wait }),
				() => datagrams.recvfrom(1, 0, { timeout: wait }),
			],
		] as const;
		for (const [blocking, awaited] of operations) {
			await takesItsTime(() => assert.throws(blocking, { code: "ETIMEDOUT" }));
			await takesItsTime(() => rejectsWith(awaited(), { code: "ETIMEDOUT" }));
		}
		a.close();
		b.close();
	});

	test("sendall() sends everything, in both forms", async () => {
		for (const blocking of [true, false]) {
			const [a, b] = socketpair();
			a.setsockopt(SOL_SOCKET, SO_SNDBUF, 16 * 1024);
			// A reader of its own, who begins late: the sender waits many times.
			const reader = spawn("sh", ["-c", "sleep 0.1; wc -c"], { stdio: [b.fileno(), "pipe", "inherit"] });
			b.close();
			let counted = "";
			reader.stdout?.setEncoding("utf8").on("data", (text: string) => {
				counted += text;
			});
			const closed = once(reader, "close");
			const data = Buffer.alloc(4 << 20, "x");
			if (blocking) a.sendallSync(data);
			else await a.sendall(data);
			a.close();
			await closed;
			assert.equal(Number(counted), data.length);
		}
	});
});
