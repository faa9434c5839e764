/**
 * Sockets that move between threads: nothing is lost or said twice on the way, and each has one owner.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { once } from "node:events";
import { afterEach, beforeEach, describe, test } from "node:test";
import { inspect } from "node:util";
import type { Worker } from "node:worker_threads";
import {
	AF_INET,
	AF_INET6,
	AF_UNIX,
	createServer,
	hasIpv6,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	Socket,
	type SocketTransfer,
	socketpair,
} from "../src/index.js";
import type { Reply, Request } from "./programs/guest.js";
import { converse, echo, serve } from "./support/echo.js";
import { startWorker } from "./support/programs.js";
import { isDeno } from "./support/runtime.js";

const noIpv6 = hasIpv6() ? false : "this machine has no IPv6";
const localhost = { host: "127.0.0.1", port: 0 };

/** Asks a thread, and gives its answer. */
async function ask(worker: Worker, request: Request): Promise<Reply> {
	worker.postMessage(request);
	const [reply] = (await once(worker, "message")) as [Reply];
	return reply;
}

/** Asks a thread that hands back what it was handed. */
async function lend(worker: Worker, request: Request): Promise<{ transfer: SocketTransfer; ended: boolean }> {
	const reply = await ask(worker, request);
	assert.ok("transfer" in reply, inspect(reply));
	return reply;
}

function tcpPair(family: number, host: string): [Socket, Socket] {
	using listener = createServer<number>({ host, port: 0 }, { family });
	const client = new Socket(family, SOCK_STREAM);
	client.connectSync(listener.getsockname());
	const [server] = listener.acceptSync();
	return [server, client];
}

function datagramPair(family: number, one: { host: string; port: number } | string): [Socket, Socket] {
	const server = new Socket(family, SOCK_DGRAM);
	server.bind(one);
	const client = new Socket(family, SOCK_DGRAM);
	client.bind(typeof one === "string" ? `${one}-client` : one);
	client.connectSync(server.getsockname());
	return [server, client];
}

/** The sockets that are tried: the one that moves and its peer. */
const kinds: [name: string, make: () => [Socket, Socket], skip?: string | false][] = [
	["a TCP connection", () => tcpPair(AF_INET, "127.0.0.1")],
	["a TCP connection over IPv6", () => tcpPair(AF_INET6, "::1"), noIpv6],
	["a UDP socket", () => datagramPair(AF_INET, localhost)],
	["a UDP socket over IPv6", () => datagramPair(AF_INET6, { host: "::1", port: 0 }), noIpv6],
	["a Unix stream socket", () => socketpair<number>(AF_UNIX, SOCK_STREAM)],
	["a Unix datagram socket", () => datagramPair(AF_UNIX, `\0berkeley-handover-${process.pid}`)],
	["a Unix seqpacket socket", () => socketpair<number>(AF_UNIX, SOCK_SEQPACKET)],
];

describe("a socket that moves in mid-conversation", () => {
	for (const [name, make, skip = false] of kinds) {
		test(`${name} goes through two threads and back again, and nothing is lost or doubled`, {
			skip,
		}, async () => {
			const workers = await Promise.all([startWorker("guest"), startWorker("guest")]);
			const [server, client] = make();
			using peer = client;
			try {
				let moved = false;
				const conversation = converse(peer, () => moved);
				let holder = server;
				for (let round = 0; round < 4; round++) {
					assert.equal(await echo(holder, 25), false);
					let transfer = holder.transfer();
					assert.ok(holder.closed);
					for (const worker of workers) {
						const lent = await lend(worker, { task: "echo", transfer, operations: 25 });
						assert.equal(lent.ended, false);
						transfer = lent.transfer;
					}
					holder = Socket.receive(transfer);
				}
				moved = true;
				// A datagram socket hears of no end: it answers until it is closed.
				const last = echo(holder, Number.POSITIVE_INFINITY);
				if (holder.type === SOCK_DGRAM) {
					const ended = assert.rejects(last, { code: "EBADF" });
					assert.ok((await conversation) >= 4 * 75);
					holder.close();
					await ended;
				} else {
					assert.ok(await last);
					holder.close();
					assert.ok((await conversation) > 0);
				}
			} finally {
				await Promise.all(workers.map((worker) => worker.terminate()));
			}
		});
	}

	test("a listener goes to a thread and back while clients come, and each is served once", async () => {
		const worker = await startWorker("guest");
		let listener: Socket = createServer(localhost);
		const address = listener.getsockname();
		const total = 160;
		let next = 0;
		const client = async (): Promise<void> => {
			while (next < total) {
				const number = String(next++);
				using socket: Socket = new Socket(AF_INET, SOCK_STREAM);
				await socket.connect(address);
				await socket.sendall(number);
				assert.equal((await socket.recv(100)).toString(), number);
				assert.equal((await socket.recv(100)).length, 0);
			}
		};
		try {
			const clients = Promise.all(Array.from({ length: 8 }, client));
			for (let served = 0; served < total; served += 20) {
				await serve(listener, 10);
				const transfer = listener.transfer();
				listener = Socket.receive((await lend(worker, { task: "serve", transfer, operations: 10 })).transfer);
			}
			await clients;
			await assert.rejects(listener.accept({ timeout: 0 }), { code: "EAGAIN" });
		} finally {
			listener.close();
			await worker.terminate();
		}
	});
});

describe("transfer() and Socket.receive()", () => {
	test("keep the timeout, the family, the type and the protocol", async () => {
		const worker = await startWorker("guest");
		try {
			for (const timeout of [null, 0, 1234.5]) {
				const [one, other] = socketpair(AF_UNIX, SOCK_SEQPACKET);
				using peer = other;
				one.settimeout(timeout);
				const { transfer } = await lend(worker, { task: "return", transfer: one.transfer() });
				using back = Socket.receive(transfer);
				assert.equal(back.gettimeout(), timeout);
				assert.deepEqual([back.family, back.type, back.proto], [AF_UNIX, SOCK_SEQPACKET, 0]);
				peer.sendSync("still there");
				assert.equal(back.recvSync(100).toString(), "still there");
			}
		} finally {
			await worker.terminate();
		}
	});

	test("transfer() refuses with EBUSY while operations wait, which go on", async () => {
		const [one, other] = socketpair();
		using socket = one;
		using peer = other;
		const receiving = socket.recv(100);
		assert.throws(() => socket.transfer(), {
			name: "SocketError",
			code: "EBUSY",
			syscall: "transfer",
			message: /an operation waits on the socket/,
		});
		const behind = socket.recv(100);
		assert.throws(() => socket.transfer(), { code: "EBUSY", message: /2 operations wait on the socket/ });
		peer.sendSync("one");
		assert.equal((await receiving).toString(), "one");
		peer.sendSync("two");
		assert.equal((await behind).toString(), "two");
		using moved = Socket.receive(socket.transfer());
		peer.sendSync("three");
		assert.equal((await moved.recv(100)).toString(), "three");
	});

	test("transfer() is possible again when an operation timed out or was aborted", async () => {
		const [one, other] = socketpair();
		using socket = one;
		using peer = other;
		await assert.rejects(socket.recv(1, 0, { timeout: 1 }), { code: "ETIMEDOUT" });
		const abort = new AbortController();
		const receiving = socket.recv(1, 0, { signal: abort.signal });
		abort.abort();
		await assert.rejects(receiving, { name: "AbortError" });
		using moved = Socket.receive(socket.transfer());
		peer.sendSync("x");
		assert.equal((await moved.recv(1)).toString(), "x");
	});

	test("what was transferred is closed for its former owner", async () => {
		const [one, other] = socketpair();
		using peer = other;
		const transfer = one.transfer();
		assert.equal(one.fileno(), -1);
		assert.throws(() => one.transfer(), { code: "EBADF", syscall: "transfer" });
		await assert.rejects(one.recv(1), { code: "EBADF" });
		one.close();
		using moved = Socket.receive(transfer);
		peer.sendSync("x");
		assert.equal(moved.recvSync(1).toString(), "x");
	});

	test("transfer() of a closed socket is EBADF", () => {
		const socket = new Socket();
		socket.close();
		assert.throws(() => socket.transfer(), { name: "SocketError", code: "EBADF", syscall: "transfer" });
	});

	test("receive() takes nothing but such a message", () => {
		using socket = new Socket();
		const fd = socket.fileno();
		const message = socket.dup().transfer();
		const wrong: unknown[] = [
			undefined,
			null,
			fd,
			"socket",
			{},
			[],
			socket,
			{ berkeley: "socket" },
			{ berkeley: "other", fd },
			{ ...message, berkeley: undefined },
			{ ...message, fd: "3" },
			{ ...message, fd: -1 },
			{ ...message, fd: 1.5 },
			{ ...message, family: undefined },
			{ ...message, type: null },
			{ ...message, proto: "tcp" },
			{ ...message, timeout: "long" },
			{ ...message, timeout: -1 },
			{ ...message, cookie: 5 },
		];
		for (const each of wrong) {
			assert.throws(() => Socket.receive(each as SocketTransfer), {
				name: "TypeError",
				message: /Socket\.receive takes what .*transfer\(\) gave/,
			});
		}
		Socket.receive(message).close();
	});

	test("a socket that was closed on its way is EBADF", () => {
		const transfer = new Socket().transfer();
		new Socket(undefined, undefined, undefined, { fileno: transfer.fd }).close();
		assert.throws(() => Socket.receive(transfer), {
			name: "SocketError",
			code: "EBADF",
			syscall: "receive",
			message: /closed on its way/,
		});
	});

	test("a descriptor number that another socket has by now is EBADF, and that socket stays open", () => {
		const transfer = new Socket().transfer();
		new Socket(undefined, undefined, undefined, { fileno: transfer.fd }).close();
		using stranger = new Socket();
		assert.equal(stranger.fileno(), transfer.fd, "the kernel gives the lowest free number");
		assert.throws(() => Socket.receive(transfer), { code: "EBADF", syscall: "receive" });
		assert.equal(stranger.type, SOCK_STREAM);
		assert.ok(!stranger.closed);
		stranger.listen();
	});

	test("a message is received once: the second time is EBADF, and the first owner keeps the socket", async () => {
		const worker = await startWorker("guest");
		const [one, other] = socketpair();
		using peer = other;
		const transfer = one.transfer();
		using moved = Socket.receive(transfer);
		assert.throws(() => Socket.receive(transfer), { code: "EBADF", message: /received already/ });
		assert.deepEqual(await ask(worker, { task: "keep", transfer }), {
			failed: "SocketError",
			code: "EBADF",
		});
		await worker.terminate();
		peer.sendSync("x");
		assert.equal(moved.recvSync(1).toString(), "x");
	});
});

describe("the sockets of a thread that ends", () => {
	let worker: Worker;
	let exited: Promise<number>;
	beforeEach(async () => {
		worker = await startWorker("guest");
		// Not once(), which takes an error for the end.
		exited = new Promise((resolve) => worker.on("exit", resolve));
	});
	afterEach(async () => {
		await worker.terminate();
	});

	const ends: [name: string, end: () => void, code: number][] = [
		["ends by itself", () => worker.postMessage({ task: "end" } satisfies Request), 0],
		["calls process.exit()", () => worker.postMessage({ task: "exit" } satisfies Request), 5],
		["throws", () => worker.postMessage({ task: "throw" } satisfies Request), 1],
		["is terminated", () => void worker.terminate(), 1],
	];

	for (const [name, end, code] of ends) {
		const skip = isDeno && name === "ends by itself" ? "Deno's parentPort has no close()" : false;
		test(`are closed when it ${name}; what it handed away is not`, { skip }, async () => {
			const errors: Error[] = [];
			worker.on("error", (error) => errors.push(error));
			const [keptEnd, keptPeer] = tcpPair(AF_INET, "127.0.0.1");
			const [returnedEnd, returnedPeer] = tcpPair(AF_INET, "127.0.0.1");
			const [unixEnd, unixPeer] = socketpair();
			using peer = keptPeer;
			using other = returnedPeer;
			using unix = unixPeer;
			keptEnd.settimeout(777);
			const kept = await ask(worker, { task: "keep", transfer: keptEnd.transfer() });
			assert.ok("kept" in kept);
			assert.equal(kept.timeout, 777);
			await ask(worker, { task: "keep", transfer: unixEnd.transfer() });
			const { transfer } = await lend(worker, { task: "return", transfer: returnedEnd.transfer() });
			using returned = Socket.receive(transfer);

			const eofs = Promise.all([peer.recv(1), unix.recv(1)]);
			end();
			assert.equal(await exited, code);
			for (const data of await eofs) assert.equal(data.length, 0);
			assert.equal(errors.length, name === "throws" ? 1 : 0);
			other.sendSync("you");
			assert.equal(returned.recvSync(3).toString(), "you");
			returned.sendSync("me");
			assert.equal(other.recvSync(2).toString(), "me");
		});
	}
});
