/**
 * The forms of what moves datagrams, over every kind of them.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AF_INET, AF_UNIX, MSG_TRUNC, SHUT_RD, SOCK_DGRAM, Socket } from "../src/index.js";
import {
	bound,
	datagramKinds,
	freshPath,
	type Kind,
	type Pair,
	pairOf,
	unnamedPair,
} from "./support/kinds.js";
import { whileWaiting } from "./support/peer.js";
import { rejectsWith } from "./support/rejects.js";
import { forms, type Twin } from "./support/twins.js";

function suite(twin: Twin, kind: Kind): void {
	const { name, skip } = kind;

	test(`sendto() reaches recvfrom(), which names the sender, over ${name}`, { skip }, async () => {
		using a = bound(kind);
		using b = bound(kind);
		assert.equal(await twin.sendto(a, "one", b.getsockname()), 3);
		assert.equal(await twin.sendtoWith(a, Buffer.from("three"), 0, b.getsockname()), 5);
		assert.deepEqual(await twin.recvfrom(b, 100), [Buffer.from("one"), a.getsockname()]);
		const buffer = Buffer.alloc(4);
		assert.deepEqual(await twin.recvfromInto(b, buffer), [4, a.getsockname()]);
		assert.equal(buffer.toString(), "thre", "a longer datagram is cut");
	});

	test(`the sender's address can be answered as it is, over ${name}`, { skip }, async () => {
		using a = bound(kind);
		using b = bound(kind);
		await twin.sendto(a, "question", b.getsockname());
		const [, from] = await twin.recvfrom(b, 100);
		await twin.sendto(b, "answer", from);
		assert.equal((await twin.recv(a, 100)).toString(), "answer");
	});

	test(`every receiving operation waits for a datagram, over ${name}`, { skip }, async () => {
		using a = bound(kind);
		using b = bound(kind);
		a.connectSync(b.getsockname());
		const whoever = a.getsockname();
		const arrives = (data: string) => whileWaiting({ do: "send", fd: a.fileno(), data });
		const buffer = Buffer.alloc(8, "-");

		let acted = arrives("recv");
		assert.equal((await twin.recv(b, 100)).toString(), "recv");
		await acted;
		acted = arrives("recvfrom");
		assert.deepEqual(await twin.recvfrom(b, 100), [Buffer.from("recvfrom"), whoever]);
		await acted;
		acted = arrives("Into");
		assert.equal(await twin.recvInto(b, buffer), 4);
		await acted;
		acted = arrives("from");
		assert.deepEqual(await twin.recvfromInto(b, buffer.subarray(4)), [4, whoever]);
		await acted;
		assert.equal(buffer.toString(), "Intofrom");
		acted = arrives("msg");
		const message = await twin.recvmsg(b, 100);
		await acted;
		assert.deepEqual([message.data.toString(), message.address, message.flags], ["msg", whoever, 0]);
		acted = arrives("abcdefghij");
		const into = await twin.recvmsgInto(b, [buffer.subarray(0, 2), buffer.subarray(4, 6)]);
		await acted;
		assert.deepEqual([into.size, into.address, into.flags], [4, whoever, MSG_TRUNC]);
		assert.equal(buffer.toString(), "abtocdom");
	});

	test(`sendmsg() gathers one datagram, to an address or the peer, over ${name}`, { skip }, async () => {
		using a = bound(kind);
		using b = bound(kind);
		assert.equal(await twin.sendmsg(a, ["a", "bc", "def"], [], 0, b.getsockname()), 6);
		assert.deepEqual(await twin.recvfrom(b, 100), [Buffer.from("abcdef"), a.getsockname()]);
		await twin.connect(a, b.getsockname());
		assert.equal(await twin.sendmsg(a, ["x", "y"]), 2);
		assert.equal((await twin.recv(b, 100)).toString(), "xy");
		assert.equal(await twin.send(a, "z"), 1);
		assert.equal((await twin.recv(b, 100)).toString(), "z");
	});

	test(`an empty datagram arrives as one, over ${name}`, { skip }, async () => {
		using a = bound(kind);
		using b = bound(kind);
		assert.equal(await twin.sendto(a, "", b.getsockname()), 0);
		assert.equal(await twin.sendmsg(a, [], [], 0, b.getsockname()), 0);
		await twin.sendto(a, "last", b.getsockname());
		assert.deepEqual(await twin.recvfrom(b, 10), [Buffer.alloc(0), a.getsockname()]);
		assert.equal((await twin.recvmsg(b, 10)).data.length, 0);
		assert.equal((await twin.recv(b, 10)).toString(), "last");
	});

	test(`without a peer send() is refused, over ${name}`, { skip }, async () => {
		using a = bound(kind);
		const code = kind.family === AF_UNIX ? "ENOTCONN" : "EDESTADDRREQ";
		await rejectsWith(twin.send(a, "x"), { code, name: "SocketError", syscall: "send" });
	});

	test(`a datagram over the limit is refused whole, over ${name}`, { skip }, async () => {
		using a = bound(kind);
		using b = bound(kind);
		const big = Buffer.alloc(8 * 1024 * 1024);
		await rejectsWith(twin.sendto(a, big, b.getsockname()), { code: "EMSGSIZE", syscall: "sendto" });
		await rejectsWith(twin.sendmsg(a, [big], [], 0, b.getsockname()), { code: "EMSGSIZE" });
		b.settimeout(0);
		await rejectsWith(twin.recv(b, 1), { code: "EAGAIN" });
	});
}

for (const twin of forms) {
	describe(`${twin.name} operations on datagrams`, () => {
		for (const kind of datagramKinds) suite(twin, kind);

		test("the largest UDP datagram goes through, one byte more does not", async () => {
			using a = bound(datagramKinds[0] as Kind);
			using b = bound(datagramKinds[0] as Kind);
			const largest = Buffer.alloc(65507, "u");
			assert.equal(await twin.sendto(a, largest, b.getsockname()), 65507);
			assert.deepEqual(await twin.recv(b, 70000), largest);
			const over = Buffer.alloc(65508);
			await rejectsWith(twin.sendto(a, over, b.getsockname()), { code: "EMSGSIZE" });
		});

		test("an unbound Unix socket sends from nowhere, and a pair has no names", async () => {
			using a = new Socket(AF_UNIX, SOCK_DGRAM);
			using b = new Socket(AF_UNIX, SOCK_DGRAM);
			const path = freshPath();
			b.bind(path);
			await twin.sendto(a, "x", path);
			const [data, address] = await twin.recvfrom(b, 10);
			assert.equal(data.toString(), "x");
			assert.ok(address === undefined || address === "", String(address));
			using pair = unnamedPair(SOCK_DGRAM);
			assert.equal(pair.client.getsockname(), "");
			assert.equal(pair.client.getpeername(), "");
			await twin.send(pair.client, "y");
			assert.equal((await twin.recvfrom(pair.server, 10))[0].toString(), "y");
		});

		test("sendto() by host name resolves it", async () => {
			using a = bound(datagramKinds[0] as Kind);
			using b = new Socket(AF_INET, SOCK_DGRAM);
			b.bind({ host: "localhost", port: 0 });
			const { port } = b.getsockname();
			assert.equal(await twin.sendto(a, "x", { host: "localhost", port }), 1);
			assert.equal(await twin.sendmsg(a, ["yz"], [], 0, { host: "localhost", port }), 2);
			assert.equal((await twin.recv(b, 10)).toString(), "x");
			assert.equal((await twin.recv(b, 10)).toString(), "yz");
		});

		test("a sender waits while the receiver's queue is full, and goes on when it is not", async () => {
			using pair = unnamedPair(SOCK_DGRAM);
			pair.client.settimeout(0);
			let count = 0;
			for (;;) {
				if ((await twin.send(pair.client, "x").catch(() => 0)) === 0) break;
				count++;
			}
			pair.client.settimeout(null);
			const taken = whileWaiting({ do: "receive", fd: pair.server.fileno(), count });
			assert.equal(await twin.send(pair.client, "last"), 4);
			assert.deepEqual(await taken, [count]);
			assert.equal((await twin.recv(pair.server, 10)).toString(), "last");
		});

		test("shut down for reading, a datagram socket gives empty data instead of waiting", async () => {
			for (const pair of [unnamedPair(SOCK_DGRAM), udpPair()]) {
				using _ = pair;
				const socket = pair.server;
				if (twin.name !== "blocking") {
					const waiting = socket.recv(10);
					socket.shutdown(SHUT_RD);
					assert.equal((await waiting).length, 0);
				}
				socket.shutdown(SHUT_RD);
				assert.equal((await twin.recv(socket, 10)).length, 0);
				assert.equal(await twin.recvInto(socket, Buffer.alloc(10)), 0);
				assert.deepEqual(await twin.recvfrom(socket, 10), [Buffer.alloc(0), undefined]);
				assert.deepEqual(await twin.recvfromInto(socket, Buffer.alloc(10)), [0, undefined]);
				const nothing = { ancillary: [], flags: 0, address: undefined };
				assert.deepEqual(await twin.recvmsg(socket, 10), { data: Buffer.alloc(0), ...nothing });
				assert.deepEqual(await twin.recvmsgInto(socket, [Buffer.alloc(10)]), { size: 0, ...nothing });
			}
		});
	});
}

function udpPair(): Pair {
	const [a, b] = [bound(datagramKinds[0] as Kind), bound(datagramKinds[0] as Kind)];
	a.connectSync(b.getsockname());
	b.connectSync(a.getsockname());
	return pairOf(a, b);
}
