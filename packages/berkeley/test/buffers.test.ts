/**
 * Buffers that are not what they were, or not what they say: memory that others hold is never read or sent.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	AF_UNIX,
	close,
	SO_PASSCRED,
	SOCK_DGRAM,
	SOCK_STREAM,
	SOL_SOCKET,
	type Socket,
	socketpair,
} from "../src/index.js";
import { unnamedPair } from "./support/kinds.js";

const changed = { name: "TypeError", message: /the buffer had \d+ bytes and has \d+ now/ };

function transferred(bytes: Uint8Array): void {
	structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] });
}

/** Bytes of an ArrayBuffer that can shrink. */
function resizable(size: number): { bytes: Uint8Array; shrink(): void } {
	type Resizable = ArrayBuffer & { resize(size: number): void };
	const make = ArrayBuffer as unknown as new (size: number, options: { maxByteLength: number }) => Resizable;
	const buffer = new make(size, { maxByteLength: size });
	return { bytes: new Uint8Array(buffer), shrink: () => buffer.resize(1) };
}

function fill(socket: Socket): void {
	try {
		for (;;) socket.sendSync(Buffer.alloc(1000, "."), 0, { timeout: 0 });
	} catch {}
}

function drain(socket: Socket): void {
	try {
		for (;;) socket.recvSync(3000, 0, { timeout: 0 });
	} catch {}
}

describe("a buffer that is transferred while its operation waits", () => {
	const waits: Record<string, (socket: Socket, bytes: Uint8Array) => Promise<unknown>> = {
		recvInto: (socket, bytes) => socket.recvInto(bytes),
		recvfromInto: (socket, bytes) => socket.recvfromInto(bytes),
		recvmsgInto: (socket, bytes) => socket.recvmsgInto([bytes]),
	};
	for (const [name, wait] of Object.entries(waits)) {
		test(`${name}() rejects, and the data are there for the next`, async () => {
			const [one, other] = socketpair(AF_UNIX, SOCK_DGRAM);
			using _one = one;
			using _other = other;
			const bytes = new Uint8Array(100);
			const waiting = wait(one, bytes);
			transferred(bytes);
			await Promise.all([assert.rejects(waiting, changed), other.send("kept")]);
			assert.equal(String(await one.recv(100)), "kept");
		});
	}

	test("sendall() rejects instead of counting the rest as sent", async () => {
		using pair = unnamedPair();
		const bytes = new Uint8Array(4_000_000);
		const waiting = pair.client.sendall(bytes);
		transferred(bytes);
		const rejected = assert.rejects(waiting, changed);
		while ((await Promise.race([rejected.then(() => undefined), pair.server.recv(0x10000)])) !== undefined);
	});

	for (const [name, send] of [
		["send", (socket: Socket, bytes: Uint8Array) => socket.send(bytes)],
		["sendmsg", (socket: Socket, bytes: Uint8Array) => socket.sendmsg([bytes])],
	] as const) {
		test(`${name}() of a shrunk buffer rejects, and sends nothing in its place`, async () => {
			const [one, other] = socketpair(AF_UNIX, SOCK_DGRAM);
			using _one = one;
			using _other = other;
			fill(one);
			const { bytes, shrink } = resizable(2000);
			const waiting = send(one, bytes);
			shrink();
			const rejected = assert.rejects(waiting, changed);
			drain(other);
			await rejected;
		});
	}

	test("ancillary data are taken when sendmsg() is called", async () => {
		const [one, other] = socketpair(AF_UNIX, SOCK_DGRAM);
		using _one = one;
		using _other = other;
		fill(one);
		other.setsockopt(SOL_SOCKET, SO_PASSCRED, 1);
		const rights = Buffer.alloc(4);
		rights.writeInt32LE(one.fileno());
		const waiting = one.sendmsg(["last"], [{ level: SOL_SOCKET, type: 1, data: rights }]);
		rights.fill(0xff);
		let message = await other.recvmsg(3000, 200);
		while (String(message.data) !== "last") message = await other.recvmsg(3000, 200);
		await waiting;
		for (const item of message.ancillary) if (item.name === "SCM_RIGHTS") item.value?.forEach(close);
		assert.ok(message.ancillary.some(({ name }) => name === "SCM_RIGHTS"));
	});
});

test("a buffer's own byteLength is not believed", async () => {
	const [one, other] = socketpair(AF_UNIX, SOCK_STREAM);
	using _one = one;
	using _other = other;
	const lying = Object.defineProperty(new Uint8Array([1, 2, 3, 4]), "byteLength", { value: 5000 });
	assert.equal(await one.send(lying), 4);
	await one.sendall(lying);
	assert.equal(await one.sendmsg([lying]), 4);
	assert.equal((await other.recv(6000)).byteLength, 12);
	await one.sendall(Buffer.alloc(5000, 7));
	assert.equal(await other.recvInto(lying), 4);
	assert.equal((await other.recvmsgInto([lying])).size, 4);
});
