/**
 * Ten thousand of everything: what is opened, used and closed leaves nothing behind.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { Worker } from "node:worker_threads";
import {
	AF_INET,
	AF_INET6,
	AF_NETLINK,
	AF_PACKET,
	AF_UNIX,
	AF_VSOCK,
	createServer,
	hasIpv6,
	SOCK_DGRAM,
	SOCK_RAW,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	Socket,
	SocketError,
	so,
	socketpair,
	TimeoutError,
	VMADDR_CID_ANY,
	VMADDR_PORT_ANY,
} from "../src/index.js";
import { reactor } from "../src/reactor/reactor.js";
import { collectIfPossible, descriptors } from "./support/measures.js";

const cycles = 10_000;
// A socket with its descriptor object is about 1,000 bytes, and so 10 MB; memory of its own for each is far more.
// The resident set is loose: the allocator keeps what the garbage collector had let pile up.
const mostHeapGrowth = 4_000_000;
const mostGrowth = 80_000_000;

/** Why a kind of socket cannot be tried here; false when it can. */
function missing(family: number, type: number): string | false {
	try {
		new Socket(family, type).close();
		return false;
	} catch (error) {
		if (!(error instanceof SocketError)) throw error;
		return error.message;
	}
}

/** Runs a cycle so often, and looks at what the process has before and after. */
async function repeat(cycle: () => void | Promise<void>, times = cycles): Promise<void> {
	for (let each = 0; each < times / 10; each++) await cycle();
	await collectIfPossible();
	const before = {
		descriptors: [...descriptors().values()].length,
		resources: process.getActiveResourcesInfo().length,
		heap: process.memoryUsage().heapUsed,
		rss: process.memoryUsage.rss(),
	};
	for (let each = 0; each < times; each++) await cycle();
	// In the meantime the reactor lets go of the loop, too, which it does a turn later.
	const canCollect = await collectIfPossible();
	assert.equal([...descriptors().values()].length, before.descriptors);
	assert.ok(process.getActiveResourcesInfo().length <= before.resources);
	assert.equal(reactor().deadlines.size, 0);
	const growth = process.memoryUsage.rss() - before.rss;
	assert.ok(growth < mostGrowth, `the process grew by ${growth} bytes`);
	if (!canCollect) return;
	const heapGrowth = process.memoryUsage().heapUsed - before.heap;
	assert.ok(heapGrowth < mostHeapGrowth, `the heap grew by ${heapGrowth} bytes`);
}

/** The descriptors of this process that are packet sockets: those whose inode the kernel lists as one. */
function packetSockets(): number[] {
	const rows = readFileSync("/proc/net/packet", "utf8").trim().split("\n").slice(1);
	const inodes = new Set(rows.map((row) => `socket:[${row.trim().split(/\s+/).at(-1)}]`));
	return [...descriptors()].filter(([, kind]) => inodes.has(kind)).map(([fd]) => fd);
}

/** Has the receiver wait before anything is sent, so that a cycle goes through the reactor. */
async function exchange(one: Socket, other: Socket): Promise<void> {
	const receiving = other.recv(100, 0, { timeout: 10_000 });
	await one.sendall("from one to the other");
	assert.equal((await receiving).length, 21);
}

async function connection(listener: Socket, family: number, type: number): Promise<void> {
	const client = new Socket(family, type);
	const accepting = listener.accept({ timeout: 10_000 });
	await client.connect(listener.getsockname());
	const [server] = await accepting;
	await exchange(client, server);
	await exchange(server, client);
	// A reset, so that ten thousand connections do not use up the ports by waiting in TIME_WAIT.
	if (family !== AF_UNIX) client.set(so.linger, { seconds: 0 });
	client.close();
	server.close();
}

async function datagrams(family: number, address: { host: string; port: number } | string): Promise<void> {
	const server = new Socket(family, SOCK_DGRAM);
	server.bind(address);
	const client = new Socket(family, SOCK_DGRAM);
	const receiving = server.recvfrom(100, 0, { timeout: 10_000 });
	await client.sendto("datagram", server.getsockname());
	assert.equal((await receiving)[0].length, 8);
	client.close();
	server.close();
}

describe("10,000 times open, use and close", () => {
	const listeners: Socket[] = [];
	after(() => {
		for (const listener of listeners) listener.close();
	});
	const noIpv6 = hasIpv6() ? false : "this machine has no IPv6";

	test("TCP", async () => {
		const listener = createServer({ host: "127.0.0.1", port: 0 });
		listeners.push(listener);
		await repeat(() => connection(listener, AF_INET, SOCK_STREAM));
	});

	test("TCP over IPv6", { skip: noIpv6 }, async () => {
		const listener = createServer({ host: "::1", port: 0 }, { family: AF_INET6 });
		listeners.push(listener);
		await repeat(() => connection(listener, AF_INET6, SOCK_STREAM));
	});

	for (const [name, type] of [
		["stream", SOCK_STREAM],
		["seqpacket", SOCK_SEQPACKET],
	] as const) {
		test(`Unix ${name} sockets`, async () => {
			const listener = new Socket(AF_UNIX, type);
			listener.bind(`\0berkeley-cycles-${process.pid}-${name}`);
			listener.listen();
			listeners.push(listener);
			await repeat(() => connection(listener, AF_UNIX, type));
		});
	}

	test("UDP", () => repeat(() => datagrams(AF_INET, { host: "127.0.0.1", port: 0 })));
	test("UDP over IPv6", { skip: noIpv6 }, () => repeat(() => datagrams(AF_INET6, { host: "::1", port: 0 })));
	test("Unix datagram sockets", () => repeat(() => datagrams(AF_UNIX, `\0berkeley-cycles-${process.pid}`)));

	test("pairs", () =>
		repeat(async () => {
			const [one, other] = socketpair();
			await exchange(one, other);
			other.close();
			one.close();
		}));

	test("pairs whose waiting operation ends by close()", () =>
		repeat(async () => {
			const [one, other] = socketpair();
			const receiving = one.recv(1, 0, { timeout: 10_000 });
			one.close();
			await assert.rejects(receiving, { code: "EBADF" });
			other.close();
		}));

	// Closing one waits until no processor looks at it any more, which takes the kernel about 13 ms: threads wait
	// for the same moment.
	test("packet sockets, in twenty threads", { skip: missing(AF_PACKET, SOCK_RAW) }, async () => {
		const threads = 20;
		const run = async (workerData: number): Promise<void> => {
			const thread = new Worker(new URL("./programs/packetthread.js", import.meta.url), { workerData });
			assert.deepEqual(await once(thread, "exit"), [0]);
		};
		using open = new Socket(AF_PACKET, SOCK_RAW);
		assert.deepEqual(packetSockets(), [open.fileno()]);
		open.close();
		await Promise.all(Array.from({ length: threads }, () => run(cycles / threads)));
		assert.deepEqual(packetSockets(), []);
	});

	test("netlink sockets", () => {
		// struct nlmsghdr, of type NLMSG_NOOP with NLM_F_REQUEST and NLM_F_ACK: it is acknowledged.
		const request = Buffer.alloc(16);
		request.writeUInt32LE(16, 0);
		request.writeUInt16LE(1, 4);
		request.writeUInt16LE(5, 6);
		return repeat(async () => {
			using socket = new Socket(AF_NETLINK, SOCK_RAW);
			socket.bind({ pid: 0, groups: 0 });
			const receiving = socket.recv(1000, 0, { timeout: 10_000 });
			await socket.sendto(request, { pid: 0, groups: 0 });
			assert.ok((await receiving).length >= 36);
		});
	});

	test("vsock sockets, which are bound only", { skip: missing(AF_VSOCK, SOCK_STREAM) }, () =>
		repeat(() => {
			using socket = new Socket(AF_VSOCK, SOCK_STREAM);
			socket.bind({ cid: VMADDR_CID_ANY, port: VMADDR_PORT_ANY });
		}),
	);
});

describe("10,000 awaited operations", () => {
	const [one, other] = socketpair();
	after(() => {
		one.close();
		other.close();
	});

	test("with a timeout and a signal leave no deadline and no listener", async () => {
		const { signal } = new AbortController();
		await repeat(async () => {
			const receiving = one.recv(1, 0, { timeout: 10_000, signal });
			assert.equal(getEventListeners(signal, "abort").length, 1);
			other.sendSync("x");
			await receiving;
		});
		assert.equal(getEventListeners(signal, "abort").length, 0);
	});

	test("that are aborted leave no deadline and no listener", async () => {
		await repeat(async () => {
			const abort = new AbortController();
			const receiving = one.recv(1, 0, { timeout: 10_000, signal: abort.signal });
			abort.abort("enough");
			assert.equal(await receiving.catch((reason) => reason), "enough");
			assert.equal(getEventListeners(abort.signal, "abort").length, 0);
		});
		other.sendSync("y");
		assert.equal((await one.recv(10)).toString(), "y");
	});

	test("side by side, that time out, leave no deadline, no listener and no timer", async () => {
		const { signal } = new AbortController();
		const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
		const before = timers();
		// The runtime warns of many listeners of one signal; here they are wanted.
		const { emitWarning } = process;
		process.emitWarning = () => {};
		const waiting = Array.from({ length: cycles }, (_, each) =>
			one.recv(1, 0, { timeout: 1 + (each % 7), signal }),
		);
		process.emitWarning = emitWarning;
		assert.equal(reactor().deadlines.size, cycles);
		assert.equal(getEventListeners(signal, "abort").length, cycles);
		for (const result of await Promise.allSettled(waiting)) {
			assert.ok(result.status === "rejected" && result.reason instanceof TimeoutError);
		}
		assert.equal(reactor().deadlines.size, 0);
		assert.equal(getEventListeners(signal, "abort").length, 0);
		assert.ok(timers() <= before);
	});
});
