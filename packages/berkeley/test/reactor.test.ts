/**
 * The reactor as its users meet it: exceptions, the life of the process, fairness, and what epoll tells when.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { SHUT_WR, SO_LINGER, SOCK_DGRAM, SOL_SOCKET, type Socket } from "../src/index.js";
import { bound, datagramKinds, type Kind, tcpPair, unnamedPair } from "./support/kinds.js";
import { rejectsWith } from "./support/rejects.js";
import { runScript } from "./support/script.js";

function turn(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

// Each runs a process or several; side by side they take no longer than the slowest.
describe("a process", { concurrency: 2 }, () => {
	test("sees an exception in a callback as an uncaught one, and the reactor works on", async () => {
		const { status, stdout, stderr } = await runScript(`
			const caught = [];
			process.on("uncaughtException", (error) => caught.push(error.message));
			process.on("unhandledRejection", (error) => caught.push("unhandled " + error.message));
			const [one, other] = b.socketpair();
			const [three, four] = b.socketpair();
			other.recv(10).then(() => { throw new Error("in then"); });
			four.recv(10).then((data) => queueMicrotask(() => { throw new Error("in a microtask after " + data); }));
			one.sendallSync("x");
			three.sendallSync("y");
			(async () => {
				for await (const chunk of other) throw new Error("in iteration");
			})();
			while (caught.length < 2) await new Promise((resolve) => setImmediate(resolve));
			one.sendallSync("z");
			while (caught.length < 3) await new Promise((resolve) => setImmediate(resolve));
			const waiting = other.recv(10, 0, { timeout: 10000 });
			one.sendallSync("alive");
			console.log(JSON.stringify([caught.sort(), String(await waiting)]));
			for (const socket of [one, other, three, four]) socket.close();
		`);
		assert.equal(status, 0, stderr);
		const [caught, alive] = JSON.parse(stdout) as [string[], string];
		assert.equal(alive, "alive");
		assert.deepEqual(caught, ["in a microtask after y", "unhandled in iteration", "unhandled in then"]);
	});

	test("dies of such an exception when nothing handles it, as of any other", async () => {
		const { status, stderr } = await runScript(`
			const [one, other] = b.socketpair();
			other.recv(10).then(() => { throw new Error("deadly"); });
			one.sendallSync("x");
			await other.recv(10);
		`);
		assert.equal(status, 1);
		assert.match(stderr, /deadly/);
	});

	test("calls handlers outside the asynchronous context of whoever used a socket first", async () => {
		const { status, stdout, stderr } = await runScript(`
			const { AsyncLocalStorage } = await import("node:async_hooks");
			const storage = new AsyncLocalStorage();
			const [one, other] = b.socketpair();
			await storage.run("the first", async () => {
				const waiting = other.recv(10);
				one.sendallSync("x");
				await waiting;
			});
			const flow = other.recvEach((data) => {
				console.log(String(data), storage.getStore());
				flow.stop();
			});
			setImmediate(() => one.sendallSync("y"));
			await flow.ended;
			one.close();
			other.close();
		`);
		assert.equal(status, 0, stderr);
		assert.equal(stdout, "y undefined\n");
	});

	test("in whose tests setImmediate is mocked still hears of its sockets", async () => {
		const { status, stdout, stderr } = await runScript(`
			const [one, other] = b.socketpair();
			const receive = async () => {
				const waiting = other.recv(10);
				one.sendallSync("x");
				return String(await waiting);
			};
			const before = await receive();
			const asked = [];
			globalThis.setImmediate = (callback) => asked.push(callback);
			console.log(before, await receive(), await receive(), asked.length);
			one.close();
			other.close();
		`);
		assert.equal(status, 0, stderr);
		assert.equal(stdout, "x x x 0\n");
	});

	test("ends by itself when nothing waits, with sockets open, iterated, timed out or aborted", async () => {
		const { status, stdout, stderr } = await runScript(`
			const listener = b.createServer({ host: "127.0.0.1", port: 0 });
			const [one, other] = b.socketpair();
			await one.sendall("x");
			await other.recv(1);
			await other.recv(1, 0, { timeout: 5 }).catch((error) => console.log(error.code));
			const controller = new AbortController();
			const aborted = listener.accept({ signal: controller.signal, timeout: 600000 });
			controller.abort();
			await aborted.catch((error) => console.log(error.name));
			const waiting = one.recv(1, 0, { timeout: 600000 });
			other.sendallSync("y");
			await waiting;
			globalThis.kept = [listener, one, other];
			console.log("done");
		`);
		assert.equal(status, 0, stderr);
		assert.equal(stdout, "ETIMEDOUT\nAbortError\ndone\n");
	});

	test("stays alive while something waits, with and without a timeout", async () => {
		const { status, stdout, stderr } = await runScript(`
			const socket = new b.Socket(b.AF_INET, b.SOCK_DGRAM);
			socket.bind({ host: "127.0.0.1", port: 0 });
			// Only this operation keeps the process; its unreferenced timer must end it all the same.
			socket.recv(10, 0, { timeout: 100 }).catch((error) => {
				console.log(error.code);
				const sender = new b.Socket(b.AF_INET, b.SOCK_DGRAM);
				setTimeout(() => sender.sendtoSync("late", socket.getsockname()), 50).unref();
				socket.recv(10).then((data) => console.log(String(data)));
			});
		`);
		assert.equal(status, 0, stderr);
		assert.equal(stdout, "ETIMEDOUT\nlate\n");
	});

	test("warns of a socket that was collected unclosed, and closes it", async () => {
		const { status, stdout, stderr } = await runScript(`
			import { setFlagsFromString } from "node:v8";
			import { runInNewContext } from "node:vm";
			setFlagsFromString("--expose-gc");
			const gc = runInNewContext("gc");
			const [kept, number] = (() => {
				const [kept, lost] = b.socketpair();
				return [kept, lost.fileno()];
			})();
			const warned = new Promise((resolve) => process.once("warning", resolve));
			let warning;
			warned.then((value) => { warning = value; });
			while (warning === undefined) {
				gc();
				await new Promise((resolve) => setImmediate(resolve));
			}
			console.log(warning.name, warning.message.includes("descriptor " + number));
			console.log((await kept.recv(1)).length);
			kept.close();
		`);
		assert.equal(status, 0, stderr);
		assert.equal(stdout, "ResourceWarning true\n0\n");
	});

	test("keeps a socket that somebody awaits, though nothing else refers to it", async () => {
		const { status, stdout, stderr } = await runScript(`
			import { setFlagsFromString } from "node:v8";
			import { runInNewContext } from "node:vm";
			setFlagsFromString("--expose-gc");
			const gc = runInNewContext("gc");
			process.on("warning", (warning) => console.log(warning.message));
			const [one, awaited] = (() => {
				const [one, other] = b.socketpair();
				return [one, other.recv(10).then((data) => { other.close(); return data; })];
			})();
			for (let i = 0; i < 20; i++) {
				gc();
				await new Promise((resolve) => setImmediate(resolve));
			}
			one.sendallSync("there");
			console.log(String(await awaited));
			one.close();
		`);
		assert.equal(status, 0, stderr);
		assert.equal(stdout, "there\n");
	});

	test("may exit in the middle of traffic", async () => {
		const { status, stderr } = await runScript(`
			const [one, other] = b.socketpair();
			let count = 0;
			(async () => { for (;;) await one.sendall(Buffer.alloc(10000)); })();
			for await (const chunk of other) if (++count === 500) process.exit(7);
		`);
		assert.equal(status, 7, stderr);
	});
});

describe("a flood", () => {
	/** Reads one socket for as long as others have not made their progress. */
	async function flooded(
		ends: Socket[],
		read: () => Promise<unknown>,
		write: () => Promise<unknown>,
	): Promise<number> {
		using quiet = unnamedPair();
		let over = false;
		let reads = 0;
		const reading = (async () => {
			while (!over) {
				await read();
				reads++;
			}
		})();
		const writing = (async () => {
			while (!over) await write();
		})();
		// Neither a timer, nor an immediate, nor another socket may have to wait for the end of the flood.
		await sleep(1);
		await turn();
		for (let i = 0; i < 5; i++) {
			const answer = quiet.server.recv(9, 0, { timeout: 60_000 });
			await quiet.client.sendall("ping");
			assert.equal((await answer).toString(), "ping");
		}
		await sleep(1);
		over = true;
		for (const socket of ends) socket.close();
		await Promise.allSettled([reading, writing]);
		return reads;
	}

	test("of stream data starves neither timers nor other sockets", async () => {
		using pair = unnamedPair();
		const chunk = Buffer.alloc(10_000);
		const reads = await flooded(
			[pair.client, pair.server],
			() => pair.server.recv(100),
			() => pair.client.sendall(chunk),
		);
		assert.ok(reads > 10);
	});

	test("of datagrams, and of sends that never wait, starves nobody", async () => {
		using a = bound(datagramKinds[0] as Kind);
		using b = bound(datagramKinds[0] as Kind);
		const address = b.getsockname();
		const reads = await flooded(
			[a, b],
			() => b.recvfrom(100),
			() => a.sendto("flood", address),
		);
		assert.ok(reads > 10);
	});

	test("of reads that may not wait starves nobody", async () => {
		using pair = unnamedPair();
		pair.server.setblocking(false);
		const chunk = Buffer.alloc(10_000);
		const reads = await flooded(
			[pair.client, pair.server],
			() => pair.server.recv(100).catch(() => undefined),
			() => pair.client.sendall(chunk),
		);
		assert.ok(reads > 10);
	});

	test("of one sendall() to a fast reader starves nobody", async () => {
		using pair = tcpPair();
		const chunk = Buffer.alloc(4_000_000);
		const target = Buffer.alloc(0x10000);
		const reads = await flooded(
			[pair.client, pair.server],
			() => pair.server.recvInto(target),
			() => pair.client.sendall(chunk),
		);
		assert.ok(reads > 10);
	});
});

describe("readiness", () => {
	test("data that came before the first wait are received, and those that come after", async () => {
		using pair = unnamedPair();
		pair.client.sendallSync("before");
		assert.equal((await pair.server.recv(3)).toString(), "bef");
		assert.equal((await pair.server.recv(9)).toString(), "ore");
		const waiting = pair.server.recv(9);
		pair.client.sendallSync("after");
		assert.equal((await waiting).toString(), "after");
	});

	test("a part that was left is there for the next, without a new event", async () => {
		using pair = unnamedPair();
		const first = pair.server.recv(1);
		pair.client.sendallSync("abc");
		assert.equal((await first).toString(), "a");
		await turn();
		await turn();
		assert.equal((await pair.server.recv(1)).toString(), "b");
		assert.equal((await pair.server.recv(1)).toString(), "c");
		await rejectsWith(pair.server.recv(1, 0, { timeout: 1 }), { code: "ETIMEDOUT" });
	});

	test("an event while nobody waits is not lost to who comes later", async () => {
		using pair = unnamedPair();
		await rejectsWith(pair.server.recv(1, 0, { timeout: 1 }), { code: "ETIMEDOUT" });
		pair.client.sendallSync("x");
		await sleep(5);
		assert.equal((await pair.server.recv(9)).toString(), "x");
		pair.client.shutdown(SHUT_WR);
		await sleep(5);
		assert.equal((await pair.server.recv(9)).length, 0);
	});

	test("copies of a descriptor wait on their own, and the first to try gets the data", async () => {
		using pair = unnamedPair();
		using copy = pair.server.dup();
		const both = [pair.server.recv(1), copy.recv(1)];
		await pair.client.sendall("x");
		const first = await Promise.race(both);
		assert.equal(first.toString(), "x");
		await pair.client.sendall("y");
		assert.deepEqual((await Promise.all(both)).map(String).sort(), ["x", "y"]);
	});

	test("a copy still waits after its original is closed, while the descriptor number is reused", async () => {
		using pair = unnamedPair();
		const copy = pair.server.dup();
		const waiting = copy.recv(9);
		await rejectsWith(pair.server.recv(1, 0, { timeout: 1 }), { code: "ETIMEDOUT" });
		pair.server.close();
		using other = unnamedPair();
		const elsewhere = other.client.recv(9);
		pair.client.sendallSync("copy");
		assert.equal((await waiting).toString(), "copy");
		other.server.sendallSync("other");
		assert.equal((await elsewhere).toString(), "other");
		copy.close();
	});

	test("the peer's half-close ends reading, not writing", async () => {
		using pair = tcpPair();
		const reading = pair.server.recv(9);
		pair.client.shutdown(SHUT_WR);
		assert.equal((await reading).length, 0);
		await pair.server.sendall("still");
		assert.equal((await pair.client.recv(9)).toString(), "still");
	});

	test("a reset wakes a reader and a writer", async () => {
		using pair = tcpPair();
		const { server, client } = pair;
		while ((await server.send(Buffer.alloc(0x10000), 0, { timeout: 0 }).catch(() => 0)) > 0);
		const outcomes = Promise.allSettled([server.recv(9), server.sendall(Buffer.alloc(0x10000))]);
		client.setsockopt(SOL_SOCKET, SO_LINGER, Buffer.from(new Int32Array([1, 0]).buffer));
		client.close();
		// One is told of the reset; the other finds the connection gone.
		const [reading, writing] = await outcomes;
		assert.equal(writing.status, "rejected");
		assert.equal(codeOf(reading), "ECONNRESET");
		assert.equal(codeOf(writing), "EPIPE");
	});

	test("an unconnected datagram socket is told of nothing but datagrams", async () => {
		using a = bound(datagramKinds[0] as Kind);
		const waiting = a.recv(9, 0, { timeout: 20 });
		using closed: Socket = bound(datagramKinds[0] as Kind);
		const address = closed.getsockname();
		closed.close();
		await a.sendto("nobody", address);
		await rejectsWith(waiting, { code: "ETIMEDOUT" });
	});

	test("a refused datagram is told to a connected socket that waits", async () => {
		using closed: Socket = bound(datagramKinds[0] as Kind);
		using a = bound(datagramKinds[0] as Kind);
		await a.connect(closed.getsockname());
		closed.close();
		const waiting = a.recv(9);
		await a.send("nobody");
		await rejectsWith(waiting, { code: "ECONNREFUSED", name: "ConnectionError" });
		assert.equal(a.type, SOCK_DGRAM);
	});
});

function codeOf(outcome: PromiseSettledResult<unknown>): unknown {
	return outcome.status === "rejected" ? (outcome.reason as { code?: unknown }).code : outcome.value;
}
