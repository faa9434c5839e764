/**
 * What goes out: sizes, and everything that is taken for bytes; files, and descriptors.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { closeSync, openSync, readSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { describe, test } from "node:test";
import {
	AF_UNIX,
	type Bytes,
	close,
	dup,
	MSG_CTRUNC,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	Socket,
} from "../src/index.js";
import { freshPath, type Pair, tcpPair, unnamedPair } from "./support/kinds.js";
import { aside, whileWaiting } from "./support/peer.js";
import { rejectsWith } from "./support/rejects.js";
import { type Twin, twins } from "./support/twins.js";

function pattern(size: number): Buffer {
	const data = Buffer.alloc(size);
	for (let i = 0; i < size; i++) data[i] = (i * 7 + (i >> 8)) % 256;
	return data;
}

const ten = pattern(10);
const forms: [name: string, data: Bytes, bytes: Uint8Array][] = [
	["a string", "grüß 💧", Buffer.from("grüß 💧")],
	["an empty string", "", Buffer.alloc(0)],
	["a Buffer", ten, ten],
	["a part of a Buffer", ten.subarray(3, 7), ten.subarray(3, 7)],
	["a Uint8Array", new Uint8Array([0, 255, 128]), Buffer.from([0, 255, 128])],
	["a part of a Uint16Array", new Uint16Array([0x101, 0x202, 0x303]).subarray(1), Buffer.from([2, 2, 3, 3])],
	["a Float64Array", new Float64Array(3), Buffer.alloc(24)],
	["a BigInt64Array", new BigInt64Array([-1n]), Buffer.alloc(8, 255)],
	["a DataView", new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2), Buffer.from([2, 3])],
	["an ArrayBuffer", new Uint8Array([9, 8, 7]).buffer, Buffer.from([9, 8, 7])],
	["a view of shared memory", new Uint8Array(new SharedArrayBuffer(4)).fill(5), Buffer.alloc(4, 5)],
];

async function takeAll(twin: Twin, socket: Socket, size: number): Promise<Buffer> {
	const parts: Buffer[] = [];
	for (let left = size; left > 0; ) {
		const part = await twin.recv(socket, left);
		assert.ok(part.length > 0, "the stream ended early");
		parts.push(part);
		left -= part.length;
	}
	return Buffer.concat(parts);
}

function bytes(twin: Twin): void {
	for (const [name, data, expected] of forms) {
		test(`${name} goes out as its bytes`, async () => {
			using stream = unnamedPair();
			using packets = unnamedPair(SOCK_DGRAM);
			assert.equal(await twin.send(stream.client, data), expected.length);
			await twin.sendall(stream.client, data);
			assert.equal(await twin.sendmsg(stream.client, [data, data]), expected.length * 2);
			const whole = Buffer.concat([expected, expected, expected, expected]);
			assert.deepEqual(await takeAll(twin, stream.server, whole.length), whole);
			assert.equal(await twin.send(packets.client, data), expected.length);
			assert.deepEqual(await twin.recv(packets.server, 100), Buffer.from(expected));
		});
	}

	const fillable: [string, () => ArrayBufferView | ArrayBuffer][] = [
		["a Buffer", () => Buffer.alloc(4)],
		["an ArrayBuffer", () => new ArrayBuffer(4)],
		["a DataView", () => new DataView(new ArrayBuffer(8), 2, 4)],
		["an Int32Array", () => new Int32Array(1)],
		["a view of shared memory", () => new Uint8Array(new SharedArrayBuffer(4))],
	];
	for (const [name, make] of fillable) {
		test(`${name} is filled in place`, async () => {
			using pair = unnamedPair();
			for (const fill of [
				(buffer: ArrayBufferView | ArrayBuffer) => twin.recvInto(pair.server, buffer),
				async (buffer: ArrayBufferView | ArrayBuffer) => (await twin.recvfromInto(pair.server, buffer))[0],
				async (buffer: ArrayBufferView | ArrayBuffer) => (await twin.recvmsgInto(pair.server, [buffer])).size,
			]) {
				const target = make();
				await twin.sendall(pair.client, "abcd");
				assert.equal(await fill(target), 4);
				const [memory, offset] = ArrayBuffer.isView(target)
					? [target.buffer, target.byteOffset]
					: [target, 0];
				assert.equal(Buffer.from(memory, offset, 4).toString(), "abcd");
			}
		});
	}

	test("a result is the caller's own: what arrives later does not change it", async () => {
		using pair = unnamedPair();
		await twin.sendall(pair.client, "first");
		const first = await twin.recv(pair.server, 100);
		await twin.sendall(pair.client, "SECOND");
		const second = await twin.recvmsg(pair.server, 100);
		await twin.sendall(pair.client, "third!");
		await twin.recv(pair.server, 100);
		assert.deepEqual([first.toString(), second.data.toString()], ["first", "SECOND"]);
	});
}

function sizes(twin: Twin): void {
	const pairs: [string, () => Pair][] = [
		["TCP", tcpPair],
		["a Unix stream", () => unnamedPair()],
	];
	for (const [name, make] of pairs) {
		for (const size of [0, 1, 0x10000 - 1, 0x10000, 0x10001, 0x100000 + 1, 3_000_000]) {
			test(`${size} bytes come through ${name} unchanged`, async () => {
				using pair = make();
				const data = pattern(size);
				pair.server.settimeout(20_000);
				const sent = aside({ do: "send", fd: pair.client.fileno(), data });
				assert.deepEqual(await takeAll(twin, pair.server, size), data);
				await sent;
			});
		}
	}

	test("room for more than there is gives what there is", async () => {
		using pair = unnamedPair();
		for (const room of [1, 0x10000, 0x100000, 0x100001, 16 * 1024 * 1024]) {
			await twin.sendall(pair.client, "x");
			assert.deepEqual(await twin.recv(pair.server, room), Buffer.from("x"));
			await twin.sendall(pair.client, "y");
			assert.deepEqual((await twin.recvmsg(pair.server, room)).data, Buffer.from("y"));
		}
	});

	test("recv() of 0 bytes takes nothing from a stream", async () => {
		using pair = tcpPair();
		await twin.sendall(pair.client, "x");
		assert.equal((await twin.recv(pair.server, 0)).length, 0);
		assert.equal(await twin.recvInto(pair.server, new Uint8Array(0)), 0);
		assert.equal((await twin.recv(pair.server, 5)).toString(), "x");
	});

	test("sendmsg() of several MiB sends a part on a stream, and all of it on seqpacket", async () => {
		using stream = unnamedPair();
		const sent = await twin.sendmsg(stream.client, [pattern(3_000_000), pattern(3_000_000)]);
		assert.ok(sent > 0 && sent < 6_000_000);
		assert.deepEqual(await takeAll(twin, stream.server, Math.min(sent, 1000)), pattern(Math.min(sent, 1000)));
		using packets = unnamedPair(SOCK_SEQPACKET);
		assert.equal(await twin.sendmsg(packets.client, [pattern(50_000), pattern(50_000)]), 100_000);
		const { data } = await twin.recvmsg(packets.server, 200_000);
		assert.deepEqual(data, Buffer.concat([pattern(50_000), pattern(50_000)]));
	});
}

function files(twin: Twin): void {
	test("sendfile() sends a file, or a part of it, and leaves its position", async () => {
		const path = freshPath();
		writeFileSync(path, "0123456789");
		const file = openSync(path, "r");
		try {
			using pair = tcpPair();
			assert.equal(await twin.sendfile(pair.client, file), 10);
			assert.equal(await twin.sendfile(pair.client, file, 7), 3);
			assert.equal(await twin.sendfile(pair.client, file, 2, 4), 4);
			assert.equal(await twin.sendfile(pair.client, file, 8, 100), 2);
			assert.equal(await twin.sendfile(pair.client, file, 50), 0);
			assert.equal((await takeAll(twin, pair.server, 19)).toString(), "0123456789789234589");
			const buffer = Buffer.alloc(3);
			readSync(file, buffer);
			assert.equal(buffer.toString(), "012");
		} finally {
			closeSync(file);
		}
	});

	test("sendfile() sends several MiB to a peer that takes them meanwhile", async () => {
		const path = freshPath();
		const size = 6_000_001;
		writeFileSync(path, pattern(size));
		const handle = await open(path);
		try {
			using pair = tcpPair();
			const received = whileWaiting({ do: "receive", fd: pair.server.fileno(), count: size });
			assert.equal(await twin.sendfile(pair.client, handle), size);
			assert.deepEqual(await received, [size]);
		} finally {
			await handle.close();
		}
	});

	test("sendfile() refuses what is no regular file, and a socket that is no stream", async () => {
		using pair = tcpPair();
		const device = openSync("/dev/null", "r");
		try {
			await assert.rejects(twin.sendfile(pair.client, device), /regular file/);
			using packets = unnamedPair(SOCK_DGRAM);
			await assert.rejects(twin.sendfile(packets.client, device), TypeError);
			await assert.rejects(twin.sendfile(pair.client, "x" as unknown as number), TypeError);
			await assert.rejects(twin.sendfile(pair.client, device, -1), RangeError);
			await assert.rejects(twin.sendfile(pair.client, device, 0, 0.5), RangeError);
		} finally {
			closeSync(device);
		}
	});
}

function descriptors(twin: Twin): void {
	test("sendFds() hands descriptors over, which recvFds() gives as new ones", async () => {
		for (const type of [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET]) {
			using carrier = unnamedPair(type);
			using cargo = unnamedPair();
			const { client, server } = cargo;
			assert.equal(await twin.sendFds(carrier.client, ["with", "data"], [client.fileno(), server]), 8);
			assert.ok(!client.closed && !server.closed);
			const { data, fds, flags } = await twin.recvFds(carrier.server, 100, 5);
			assert.equal(data.toString(), "withdata");
			assert.equal(flags & MSG_CTRUNC, 0);
			assert.equal(fds.length, 2);
			const [one, two] = fds.map((fileno) => new Socket(undefined, undefined, undefined, { fileno }));
			assert.ok(one && two);
			using first = one;
			using second = two;
			assert.ok(!first.getInheritable() && !second.getInheritable());
			assert.deepEqual([first.family, first.type], [AF_UNIX, SOCK_STREAM]);
			await twin.sendall(first, "through the copy");
			assert.equal((await twin.recv(server, 100)).toString(), "through the copy");
		}
	});

	test("recvFds() closes what is over its number, and says so", async () => {
		using carrier = unnamedPair();
		await twin.sendFds(carrier.client, ["x"], [0, 0, 0]);
		const { fds, flags } = await twin.recvFds(carrier.server, 10, 1);
		assert.equal(fds.length, 1);
		for (const fd of fds) close(fd);
		assert.ok(flags & MSG_CTRUNC);
		// The leak check sees to the others.
	});

	test("recvFds() waits, takes data without descriptors, and tells the end", async () => {
		using carrier = unnamedPair();
		const acted = whileWaiting({ do: "send", fd: carrier.client.fileno(), data: "plain" });
		const { data, fds } = await twin.recvFds(carrier.server, 10, 4);
		assert.deepEqual([data.toString(), fds], ["plain", []]);
		await acted;
		carrier.client.close();
		assert.equal((await twin.recvFds(carrier.server, 10, 4)).data.length, 0);
	});

	test("a recv() that meets descriptors lets the kernel close them", async () => {
		using carrier = unnamedPair();
		using cargo = unnamedPair();
		const copy = dup(cargo.client.fileno());
		await twin.sendFds(carrier.client, ["x"], [copy]);
		close(copy);
		cargo.client.close();
		assert.equal((await twin.recv(carrier.server, 10)).toString(), "x");
		assert.equal((await twin.recv(cargo.server, 10)).length, 0, "the last copy is closed");
	});

	test("sendFds() and recvFds() refuse what is none before anything is sent", async () => {
		using carrier = unnamedPair();
		await assert.rejects(twin.sendFds(carrier.client, ["x"], ["0" as unknown as number]), TypeError);
		await assert.rejects(twin.sendFds(carrier.client, ["x"], 5 as unknown as number[]), TypeError);
		await rejectsWith(twin.sendFds(carrier.client, ["x"], [0x7ffffff]), { code: "EBADF" });
		await assert.rejects(twin.recvFds(carrier.server, 10, 254), RangeError);
		await rejectsWith(twin.recv(carrier.server, 1, 0, { timeout: 0 }), { code: "EAGAIN" });
	});
}

for (const twin of twins) {
	describe(`${twin.name} operations`, () => {
		bytes(twin);
		sizes(twin);
		files(twin);
		descriptors(twin);
	});
}
