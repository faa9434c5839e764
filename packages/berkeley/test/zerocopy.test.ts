/**
 * sendZerocopy(): what goes out is what stood in the memory, and its end is the kernel's word.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
	AF_INET,
	allocNative,
	MSG_ERRQUEUE,
	MSG_ZEROCOPY,
	SHUT_WR,
	SO_LINGER,
	SO_RCVBUF,
	SO_SNDBUF,
	SO_ZEROCOPY,
	SOCK_STREAM,
	SOL_SOCKET,
	Socket,
	so,
} from "../src/index.js";
import {
	bound,
	connect,
	connectedKinds,
	datagramKinds,
	type Kind,
	tcpPair,
	unnamedPair,
} from "./support/kinds.js";
import { collectIfPossible } from "./support/measures.js";
import { aside } from "./support/peer.js";
import { runProgram, startWorker } from "./support/programs.js";
import { untilQuiet } from "./support/quiet.js";
import { rejectsWith } from "./support/rejects.js";
import { runtimeArguments } from "./support/runtime.js";
import { type Twin, twins } from "./support/twins.js";

function fixed(data: Uint8Array | string): Buffer {
	const memory = allocNative(data.length);
	memory.set(Buffer.from(data as string));
	return memory;
}

function pattern(size: number, seed = 7): Buffer {
	const memory = allocNative(size);
	for (let i = 0; i < size; i++) memory[i] = (i * seed + (i >> 8)) % 256;
	return memory;
}

async function takeAll(socket: Socket): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of socket) parts.push(part);
	return Buffer.concat(parts);
}

/** A connection whose receiving end takes no more: what is sent stays in the sender's queue, in its memory. */
function stuck(): { client: Socket; server: Socket; before: number } & Disposable {
	using listener = new Socket(AF_INET, SOCK_STREAM);
	listener.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096);
	listener.bind({ host: "127.0.0.1", port: 0 });
	listener.listen();
	const client = new Socket(AF_INET, SOCK_STREAM);
	client.setsockopt(SOL_SOCKET, SO_SNDBUF, 1 << 20);
	client.connectSync(listener.getsockname());
	const [server] = listener.acceptSync();
	const before = client.sendSync(Buffer.alloc(0x10000));
	return {
		client,
		server,
		before,
		[Symbol.dispose]() {
			client.close();
			server.close();
		},
	};
}

function sending(twin: Twin, kind: Kind): void {
	test(`sends several MiB as they are, over ${kind.name}`, { skip: kind.skip }, async () => {
		using pair = connect(kind);
		const data = pattern(5_000_001);
		if (twin.name === "blocking") {
			const received = aside({ do: "receive", fd: pair.server.fileno(), count: data.length });
			assert.deepEqual(await twin.sendZerocopy(pair.client, data), { copied: true });
			assert.deepEqual(await received, [data.length]);
		} else {
			const received = takeAll(pair.server);
			// To a receiver on this machine the kernel copies.
			assert.deepEqual(await twin.sendZerocopy(pair.client, data), { copied: true });
			pair.client.shutdown(SHUT_WR);
			assert.ok((await received).equals(data));
		}
	});

	test(`sends a part, and uses the memory again, over ${kind.name}`, { skip: kind.skip }, async () => {
		using pair = connect(kind);
		const memory = fixed("0123456789");
		await twin.sendZerocopy(pair.client, memory.subarray(2, 5));
		memory.fill("-");
		assert.deepEqual(await twin.sendZerocopy(pair.client, memory.buffer as ArrayBuffer), { copied: true });
		await twin.sendZerocopy(pair.client, new DataView(memory.buffer, 9));
		assert.deepEqual(await twin.sendZerocopy(pair.client, memory.subarray(4, 4)), { copied: false });
		assert.equal((await pair.server.recv(100)).toString(), "234-----------");
	});
}

for (const twin of twins) {
	describe(`${twin.name} sendZerocopy()`, () => {
		for (const kind of connectedKinds.slice(0, 2)) sending(twin, kind);

		for (const kind of datagramKinds.slice(0, 2)) {
			test(`sends one datagram over ${kind.name}`, { skip: kind.skip }, async () => {
				using receiver = bound(kind);
				using sender = bound(kind);
				sender.connectSync(receiver.getsockname());
				assert.deepEqual(await twin.sendZerocopy(sender, fixed("whole")), { copied: true });
				assert.deepEqual(await twin.sendZerocopy(sender, fixed("and another")), { copied: true });
				assert.equal((await receiver.recv(100)).toString(), "whole");
				assert.equal((await receiver.recv(100)).toString(), "and another");
				await rejectsWith(twin.sendZerocopy(sender, allocNative(100_000)), { code: "EMSGSIZE" });
				assert.deepEqual(await twin.sendZerocopy(sender, fixed("on")), { copied: true });
			});
		}

		test("learns the numbers of a socket that has sent so before", async () => {
			using pair = tcpPair();
			const memory = fixed("abc");
			pair.client.set(so.zerocopy, true);
			for (let i = 0; i < 5; i++) {
				assert.equal(pair.client.sendSync(memory, MSG_ZEROCOPY), 3);
				await pair.client.recvmsg(0, 100, MSG_ERRQUEUE);
			}
			assert.deepEqual(await twin.sendZerocopy(pair.client, memory), { copied: true });
			assert.deepEqual(await twin.sendZerocopy(pair.client, memory), { copied: true });
		});

		test("fails with TimeoutError or BlockingIOError while the memory is in use, and works again", async () => {
			using pair = stuck();
			const late = { code: "ETIMEDOUT", name: "TimeoutError", syscall: "sendZerocopy" };
			const error = await rejectsWith(twin.sendZerocopy(pair.client, fixed("one"), 0, { timeout: 20 }), late);
			assert.match(error.message, /timed out after 20 ms/);
			const would = { code: "EAGAIN", name: "BlockingIOError", syscall: "sendZerocopy" };
			await rejectsWith(twin.sendZerocopy(pair.client, fixed("two"), 0, { timeout: 0 }), would);
			const received = aside({ do: "receive", fd: pair.server.fileno(), count: pair.before + 3 });
			assert.deepEqual(await twin.sendZerocopy(pair.client, fixed("three")), { copied: true });
			await received;
			const rest = await pair.server.recv(100);
			// The second was not begun: until the kernel's first report nothing else goes out.
			assert.equal(rest.toString(), "three");
		});

		test("fails when the connection is reset", async () => {
			using pair = stuck();
			pair.server.setsockopt(SOL_SOCKET, SO_LINGER, new Uint32Array([1, 0]));
			pair.server.close();
			await assert.rejects(twin.sendZerocopy(pair.client, fixed("late")), { name: "ConnectionError" });
		});

		test("refuses other memory, other sockets and what is closed", async () => {
			using pair = tcpPair();
			using unix = unnamedPair();
			const own = /memory of allocNative\(\)/;
			await assert.rejects(twin.sendZerocopy(pair.client, Buffer.alloc(10)), own);
			await assert.rejects(twin.sendZerocopy(pair.client, new ArrayBuffer(10)), own);
			await assert.rejects(twin.sendZerocopy(pair.client, "text" as unknown as Buffer), /not a string/);
			await assert.rejects(twin.sendZerocopy(unix.client, allocNative(10)), /TCP or UDP/);
			await assert.rejects(twin.sendZerocopy(pair.client, allocNative(10), 0.5), RangeError);
			pair.client.close();
			const closed = { code: "EBADF", syscall: "sendZerocopy" };
			await rejectsWith(twin.sendZerocopy(pair.client, allocNative(10)), closed);
		});

		test("rejects with the reason of a signal that has aborted, and sends nothing", async () => {
			using pair = tcpPair();
			const signal = AbortSignal.abort(new Error("no more"));
			await assert.rejects(twin.sendZerocopy(pair.client, fixed("lost"), 0, { signal }), /no more/);
			await twin.sendZerocopy(pair.client, fixed("kept"));
			assert.equal((await pair.server.recv(100)).toString(), "kept");
		});
	});
}

describe("awaited sendZerocopy()", () => {
	test("has many pieces on their way at once, in order, each with an end of its own", async () => {
		using pair = tcpPair();
		const pieces = Array.from({ length: 200 }, (_, i) => pattern(1000 + 37 * i, i));
		const received = takeAll(pair.server);
		const results = await Promise.all(pieces.map((piece) => pair.client.sendZerocopy(piece)));
		assert.equal(results.length, pieces.length);
		pair.client.shutdown(SHUT_WR);
		assert.ok((await received).equals(Buffer.concat(pieces)));
	});

	test("does not mix with what sendall() sends", async () => {
		using pair = tcpPair();
		const data = pattern(3_000_000);
		const received = takeAll(pair.server);
		const sent = [
			pair.client.sendZerocopy(data),
			pair.client.sendall("-between-"),
			pair.client.sendZerocopy(data.subarray(0, 1000)),
			pair.client.sendall("-end"),
		];
		await Promise.all(sent);
		pair.client.shutdown(SHUT_WR);
		const expected = [data, Buffer.from("-between-"), data.subarray(0, 1000), Buffer.from("-end")];
		assert.ok((await received).equals(Buffer.concat(expected)));
	});

	test("has thousands of small pieces on their way to a peer that takes none", async () => {
		using pair = stuck();
		const pieces = Array.from({ length: 2000 }, (_, i) => fixed(`<${i}>`));
		// The first goes alone; then the receiver takes no more, and nothing is acknowledged.
		const first = pair.client.sendZerocopy(pieces[0] as Buffer);
		let taken = (await pair.server.recv(pair.before + 3)).length;
		while (taken < pair.before + 3) taken += (await pair.server.recv(pair.before + 3 - taken)).length;
		await first;
		await pair.client.sendall(Buffer.alloc(0x10000));
		const sent = pieces.slice(1).map((piece) => pair.client.sendZerocopy(piece));
		const end = pair.client.sendall("that was all");
		await untilQuiet(pair.client);
		const received = takeAll(pair.server);
		await Promise.all(sent);
		await end;
		pair.client.shutdown(SHUT_WR);
		const expected = `${pieces.slice(1).join("")}that was all`;
		assert.equal((await received).subarray(0x10000).toString(), expected);
	});

	test("hears of its end also when a blocking call has read the report", async () => {
		using pair = stuck();
		const memory = fixed("piece");
		const waiting = pair.client.sendZerocopy(memory);
		await untilQuiet(pair.client); // It waits for the report by now.
		const received = aside({ do: "receive", fd: pair.server.fileno(), count: pair.before + 10 });
		assert.deepEqual(pair.client.sendZerocopySync(memory), { copied: true });
		assert.deepEqual(await waiting, { copied: true });
		assert.deepEqual(await received, [pair.before + 10]);
	});

	test("rejects when the socket is closed meanwhile", async () => {
		using pair = stuck();
		const sent = [1, 2, 3].map(() => pair.client.sendZerocopy(fixed("piece")));
		pair.client.close();
		for (const each of sent) await rejectsWith(each, { code: "EBADF", syscall: "sendZerocopy" });
	});

	test("rejects with the signal's reason, and the others go on", async () => {
		using pair = stuck();
		const controller = new AbortController();
		const aborted = pair.client.sendZerocopy(fixed("first "), 0, { signal: controller.signal });
		const second = pair.client.sendZerocopy(fixed("second "));
		const third = pair.client.sendall("third");
		controller.abort(new Error("enough"));
		await assert.rejects(aborted, /enough/);
		const received = takeAll(pair.server);
		assert.deepEqual(await second, { copied: true });
		await third;
		pair.client.shutdown(SHUT_WR);
		assert.equal((await received).subarray(pair.before).toString(), "first second third");
	});

	test("leaves what was aborted to the kernel: its memory is dropped and collected, and goes out unharmed", async () => {
		using pair = stuck();
		const size = 300_000;
		const wanted = Buffer.from(pattern(size));
		await rejectsWith(pair.client.sendZerocopy(pattern(size), 0, { timeout: 1 }), { code: "ETIMEDOUT" });
		await collectIfPossible();
		// Whatever is allocated in its place is other memory.
		const others = Array.from({ length: 20 }, () => allocNative(size).fill(255));
		pair.client.close();
		const received = await takeAll(pair.server);
		assert.equal(received.length, pair.before + size);
		assert.ok(received.subarray(pair.before).equals(wanted));
		assert.equal(others.length, 20);
	});

	test("leaves the memory of a thread that is terminated to the kernel", async () => {
		using pair = stuck();
		const size = 300_000;
		const worker = await startWorker("zerocopythread", { socket: pair.client.transfer(), size });
		await worker.terminate();
		const others = Array.from({ length: 20 }, () => allocNative(size).fill(255));
		const received = await takeAll(pair.server);
		assert.equal(received.length, pair.before + size);
		assert.ok(received.subarray(pair.before).every((byte) => byte === 1));
		assert.equal(others.length, 20);
	});
});

describe("allocNative()", () => {
	test("gives zeroed memory of the size that was asked for", () => {
		for (const size of [1, 1000, 65_536, 1_000_001]) {
			const memory = allocNative(size);
			assert.ok(Buffer.isBuffer(memory));
			assert.equal(memory.length, size);
			assert.equal(memory.byteOffset, 0);
			assert.ok(memory.every((byte) => byte === 0));
			memory.fill(1);
		}
	});

	test("refuses sizes that are none", () => {
		for (const size of [0, -1, 0.5, 2 ** 40, Number.NaN]) assert.throws(() => allocNative(size), RangeError);
		assert.throws(() => allocNative("1" as unknown as number), TypeError);
	});

	test("refuses to let the memory be transferred", () => {
		const buffer = allocNative(10).buffer as ArrayBuffer & { transfer?(): ArrayBuffer };
		if (buffer.transfer !== undefined) assert.throws(() => buffer.transfer?.(), /not transferred/);
		assert.equal(buffer.byteLength, 10);
	});

	test("is freed when the last view of it is collected", async () => {
		const { code, stdout, stderr } = await runProgram("memory", ["pages", "2000"]);
		assert.equal(code, 0, stderr);
		assert.ok(Number(stdout) < 30 * 1024 * 1024, `grew by ${stdout} bytes`);
	});

	test("is freed when its thread ends", async () => {
		const { code, stdout, stderr } = await runProgram("memory", ["threadpages", "20"]);
		assert.equal(code, 0, stderr);
		assert.ok(Number(stdout) < 60 * 1024 * 1024, `grew by ${stdout} bytes`);
	});
});

// A device that takes packets from where they are: one without a link, which drops them.
const script = `
ip link add v0 type veth peer name v1 && ip link set v0 mtu 65000 && ip addr add 10.9.9.1/24 dev v0 &&
ip link set v0 up && ip neigh add 10.9.9.2 lladdr 02:00:00:00:00:01 dev v0 nud permanent && exec "$@"`;

function inNamespace(command: string[]): string[] {
	return [process.getuid?.() === 0 ? "-n" : "-rn", "sh", "-c", script, "sh", ...command];
}

const probe = spawnSync("unshare", inNamespace(["true"]));
const skip = probe.status === 0 ? false : "network namespaces with devices are not allowed here";

test("sendZerocopy() tells that nothing was copied, where a device takes the memory as it is", {
	skip,
}, () => {
	const program = fileURLToPath(new URL("./support/zerocopynamespace.js", import.meta.url));
	const command = inNamespace([process.execPath, ...runtimeArguments, program]);
	const { stdout, stderr, status } = spawnSync("unshare", command, { encoding: "utf8", timeout: 60_000 });
	assert.equal(status, 0, stderr);
	assert.equal(stdout, '{"awaited":{"copied":false},"blocking":{"copied":false}}\n');
});

// A process that may pin 64 KiB: root may as much as it likes.
function underLimit(command: string[]): [string, string[]] {
	const limited = ["prlimit", "--memlock=65536:65536", ...command];
	if (process.getuid?.() !== 0) return [limited[0] as string, limited.slice(1)];
	return ["setpriv", ["--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock", ...limited]];
}

const limitProbe = spawnSync(...underLimit(["true"]));
const noLimit = limitProbe.status === 0 ? false : "the memory that a process may pin cannot be limited here";

test("sendZerocopy() copies what the process may not pin", { skip: noLimit }, () => {
	const program = fileURLToPath(new URL("./support/zerocopylimit.js", import.meta.url));
	const [file, args] = underLimit([process.execPath, ...runtimeArguments, program]);
	const { stdout, stderr, status } = spawnSync(file, args, { encoding: "utf8", timeout: 60_000 });
	assert.equal(status, 0, stderr);
	assert.equal(stdout, '{"results":[{"copied":true},{"copied":true}],"whole":true}\n');
});

test("SO_ZEROCOPY is refused by the kernel where it is none", () => {
	using unix = unnamedPair();
	assert.throws(() => unix.client.setsockopt(SOL_SOCKET, SO_ZEROCOPY, 1));
});
