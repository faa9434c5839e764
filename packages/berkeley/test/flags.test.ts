/**
 * What the MSG_ flags do, in both forms.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	AF_INET,
	close,
	IP_RECVERR,
	IPPROTO_IP,
	MSG_DONTWAIT,
	MSG_ERRQUEUE,
	MSG_OOB,
	MSG_PEEK,
	MSG_TRUNC,
	MSG_WAITALL,
	SO_OOBINLINE,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	SOL_SOCKET,
	Socket,
} from "../src/index.js";
import { bound, datagramKinds, type Kind, tcpPair, unnamedPair } from "./support/kinds.js";
import { aside, whileWaiting } from "./support/peer.js";
import { rejectsWith } from "./support/rejects.js";
import { blocking, type Twin, twins } from "./support/twins.js";

const udp = datagramKinds[0] as Kind;

function peeking(twin: Twin): void {
	test("MSG_PEEK leaves the data where they are", async () => {
		using pair = tcpPair();
		await twin.sendall(pair.client, "abc");
		assert.equal((await twin.recv(pair.server, 2, MSG_PEEK)).toString(), "ab");
		assert.equal((await twin.recvfrom(pair.server, 9, MSG_PEEK))[0].toString(), "abc");
		assert.equal((await twin.recvmsg(pair.server, 9, 0, MSG_PEEK)).data.toString(), "abc");
		assert.equal(await twin.recvInto(pair.server, Buffer.alloc(9), MSG_PEEK), 3);
		assert.equal((await twin.recv(pair.server, 9)).toString(), "abc");
	});

	test("MSG_PEEK waits, and may be repeated", async () => {
		using pair = tcpPair();
		const acted = whileWaiting({ do: "send", fd: pair.client.fileno(), data: "late" });
		assert.equal((await twin.recv(pair.server, 9, MSG_PEEK)).toString(), "late");
		await acted;
		assert.equal((await twin.recv(pair.server, 9, MSG_PEEK)).toString(), "late");
	});
}

function truncating(twin: Twin): void {
	test("MSG_TRUNC tells a datagram's whole length and gives what fits", async () => {
		using a = bound(udp);
		using b = bound(udp);
		const send = () => twin.sendto(a, "0123456789", b.getsockname());
		const buffer = Buffer.alloc(4, "-");
		await send();
		assert.equal(await twin.recvInto(b, buffer, MSG_TRUNC), 10);
		assert.equal(buffer.toString(), "0123");
		await send();
		assert.deepEqual(await twin.recvfromInto(b, buffer, MSG_TRUNC), [10, a.getsockname()]);
		await send();
		assert.equal((await twin.recv(b, 4, MSG_TRUNC)).toString(), "0123");
		await send();
		const message = await twin.recvmsg(b, 4, 0, MSG_TRUNC);
		assert.deepEqual([message.data.toString(), message.flags & MSG_TRUNC], ["0123", MSG_TRUNC]);
		await send();
		assert.equal((await twin.recvmsgInto(b, [buffer], 0, MSG_TRUNC)).size, 10);
	});

	test("without it a cut datagram is flagged by recvmsg()", async () => {
		using pair = unnamedPair(SOCK_SEQPACKET);
		await twin.send(pair.client, "0123456789");
		const message = await twin.recvmsg(pair.server, 4);
		assert.equal(message.data.toString(), "0123");
		assert.ok(message.flags & MSG_TRUNC);
	});

	test("MSG_TRUNC on TCP throws the data away, and shows nobody else's memory", async () => {
		using pair = tcpPair();
		await twin.sendall(pair.client, "secret");
		assert.equal((await twin.recv(pair.server, 100)).toString(), "secret");
		for (const receive of [
			() => twin.recv(pair.server, 6, MSG_TRUNC),
			async () => (await twin.recvfrom(pair.server, 6, MSG_TRUNC))[0],
			async () => (await twin.recvmsg(pair.server, 6, 0, MSG_TRUNC)).data,
		]) {
			await twin.sendall(pair.client, "binned");
			assert.deepEqual(await receive(), Buffer.alloc(6));
		}
		await twin.sendall(pair.client, "binned+kept");
		const buffer = Buffer.alloc(7, "-");
		assert.equal(await twin.recvInto(pair.server, buffer, MSG_TRUNC), 7);
		assert.equal(buffer.toString(), "-------");
		assert.equal((await twin.recv(pair.server, 100)).toString(), "kept");
	});
}

function notWaiting(twin: Twin): void {
	const expected = { code: "EAGAIN", name: "BlockingIOError" };

	test("MSG_DONTWAIT fails where a receiver would wait, whatever the timeout", async () => {
		using pair = tcpPair();
		for (const timeout of [null, 60_000, 0]) {
			pair.server.settimeout(timeout);
			await rejectsWith(twin.recv(pair.server, 1, MSG_DONTWAIT), { ...expected, syscall: "recv" });
			await rejectsWith(twin.recvInto(pair.server, Buffer.alloc(1), MSG_DONTWAIT), expected);
			await rejectsWith(twin.recvfrom(pair.server, 1, MSG_DONTWAIT), expected);
			await rejectsWith(twin.recvfromInto(pair.server, Buffer.alloc(1), MSG_DONTWAIT), expected);
			await rejectsWith(twin.recvmsg(pair.server, 1, 0, MSG_DONTWAIT), expected);
			await rejectsWith(twin.recvmsgInto(pair.server, [Buffer.alloc(1)], 0, MSG_DONTWAIT), expected);
		}
		await twin.sendall(pair.client, "x");
		assert.equal((await twin.recv(pair.server, 9, MSG_DONTWAIT)).toString(), "x");
	});

	test("MSG_DONTWAIT fails where a sender would wait", async () => {
		using pair = unnamedPair();
		const data = Buffer.alloc(0x10000);
		let failure: unknown;
		while (failure === undefined) {
			failure = await twin.send(pair.client, data, MSG_DONTWAIT).then(
				() => undefined,
				(error) => error,
			);
		}
		assert.equal((failure as NodeJS.ErrnoException).code, "EAGAIN");
		await rejectsWith(twin.sendall(pair.client, data, MSG_DONTWAIT), expected);
		await rejectsWith(twin.sendmsg(pair.client, [data], [], MSG_DONTWAIT), expected);
	});
}

function waitingForAll(twin: Twin): void {
	test("MSG_WAITALL waits until the whole size is there", async () => {
		using pair = tcpPair();
		const part = (data: string) => ({ do: "send" as const, fd: pair.client.fileno(), data });
		const sleep = { do: "await sleep" as const };
		await twin.sendall(pair.client, "ab");
		let acted = whileWaiting(part("cd"), sleep, part("efgh"));
		assert.equal((await twin.recv(pair.server, 6, MSG_WAITALL)).toString(), "abcdef");
		await acted;
		acted = whileWaiting(part("i"), sleep, part("jk"));
		const buffer = Buffer.alloc(4, "-");
		assert.equal(await twin.recvInto(pair.server, buffer, MSG_WAITALL), 4);
		assert.equal(buffer.toString(), "ghij");
		await acted;
		acted = whileWaiting(part("l"), sleep, part("m"));
		assert.equal((await twin.recvfrom(pair.server, 3, MSG_WAITALL))[0].toString(), "klm");
		await acted;
		acted = whileWaiting(part("n"), sleep, part("o"));
		assert.equal((await twin.recvfromInto(pair.server, buffer.subarray(0, 2), MSG_WAITALL))[0], 2);
		assert.equal(buffer.toString(), "noij");
		await acted;
	});

	test("MSG_WAITALL gives less at the end, and when time is over; nothing is lost", async () => {
		using pair = tcpPair();
		await twin.sendall(pair.client, "abc");
		const options = { timeout: 20 };
		assert.equal((await twin.recv(pair.server, 6, MSG_WAITALL, options)).toString(), "abc");
		await rejectsWith(twin.recv(pair.server, 6, MSG_WAITALL, options), { code: "ETIMEDOUT" });
		const acted = whileWaiting(
			{ do: "send", fd: pair.client.fileno(), data: "def" },
			{ do: "await sleep" },
			{ do: "end", fd: pair.client.fileno() },
		);
		assert.equal((await twin.recv(pair.server, 6, MSG_WAITALL)).toString(), "def");
		assert.equal((await twin.recv(pair.server, 6, MSG_WAITALL)).length, 0);
		await acted;
	});

	test("recvmsg() with MSG_WAITALL waits until the whole size is there", async () => {
		for (const make of [tcpPair, unnamedPair]) {
			using pair = make();
			const part = (data: string) => ({ do: "send" as const, fd: pair.client.fileno(), data });
			const sleep = { do: "await sleep" as const };
			await twin.sendall(pair.client, "ab");
			let acted = whileWaiting(part("cd"), sleep, part("efgh"));
			assert.equal((await twin.recvmsg(pair.server, 6, 0, MSG_WAITALL)).data.toString(), "abcdef");
			await acted;
			acted = whileWaiting(part("i"), sleep, part("jklm"));
			const buffers = [Buffer.alloc(1, "-"), Buffer.alloc(3, "-"), Buffer.alloc(2, "-")];
			assert.equal((await twin.recvmsgInto(pair.server, buffers, 0, MSG_WAITALL)).size, 6);
			assert.deepEqual(buffers.map(String), ["g", "hij", "kl"]);
			await acted;
			assert.equal((await twin.recv(pair.server, 9)).toString(), "m");
		}
	});

	test("recvmsg() with MSG_WAITALL gives less when time is over; nothing is lost", async () => {
		for (const make of [tcpPair, unnamedPair]) {
			using pair = make();
			await twin.sendall(pair.client, "abc");
			const options = { timeout: 20 };
			assert.equal((await twin.recvmsg(pair.server, 6, 9, MSG_WAITALL, options)).data.toString(), "abc");
			await rejectsWith(twin.recvmsg(pair.server, 6, 9, MSG_WAITALL, options), { code: "ETIMEDOUT" });
			await twin.sendall(pair.client, "def");
			const buffers = [Buffer.alloc(2, "-"), Buffer.alloc(4, "-")];
			assert.equal((await twin.recvmsgInto(pair.server, buffers, 0, MSG_WAITALL, options)).size, 3);
			assert.deepEqual(buffers.map(String), ["de", "f---"]);
		}
	});

	test("recvmsg() with MSG_WAITALL gathers more than the thread's memory holds", async () => {
		using pair = unnamedPair();
		const size = 3 * 1024 * 1024 + 5;
		const sent = Buffer.alloc(size, "0123456789abc");
		const acted = aside({ do: "send", fd: pair.client.fileno(), data: sent });
		const { data } = await twin.recvmsg(pair.server, size, 0, MSG_WAITALL);
		assert.ok(data.equals(sent));
		await acted;
	});

	test("recvFds() with MSG_WAITALL gives what came with descriptors by itself", async () => {
		using pair = unnamedPair();
		await twin.sendall(pair.client, "ab");
		await twin.sendFds(pair.client, ["cd"], [pair.client]);
		await twin.sendall(pair.client, "ef");
		const { data, fds } = await twin.recvFds(pair.server, 6, 1, MSG_WAITALL);
		assert.equal(data.toString(), "abcd");
		assert.equal(fds.length, 1);
		for (const fd of fds) close(fd);
		assert.equal((await twin.recv(pair.server, 6)).toString(), "ef");
	});

	test("MSG_WAITALL gives one datagram, as recv(2) says", async () => {
		using a = bound(udp);
		using b = bound(udp);
		await twin.sendto(a, "short", b.getsockname());
		assert.equal((await twin.recv(b, 100, MSG_WAITALL)).toString(), "short");
	});
}

function special(twin: Twin): void {
	test("MSG_OOB sends and receives urgent data, beside the rest", async () => {
		using pair = tcpPair();
		await twin.sendall(pair.client, "ab");
		assert.equal(await twin.send(pair.client, "!", MSG_OOB), 1);
		assert.equal((await twin.recv(pair.server, 1, MSG_OOB)).toString(), "!");
		assert.equal((await twin.recv(pair.server, 9)).toString(), "ab");
		using inline = tcpPair();
		inline.server.setsockopt(SOL_SOCKET, SO_OOBINLINE, 1);
		await twin.send(inline.client, "?", MSG_OOB);
		assert.equal((await twin.recv(inline.server, 9)).toString(), "?");
	});

	test("MSG_ERRQUEUE gives what the network answered, and waits for it", async () => {
		using closed = bound(udp);
		const dead = closed.getsockname();
		closed.close();
		using socket: Socket = new Socket(AF_INET, SOCK_DGRAM);
		socket.setsockopt(IPPROTO_IP, IP_RECVERR, 1);
		await socket.connect(dead);
		await rejectsWith(twin.recvmsg(socket, 100, 512, MSG_ERRQUEUE | MSG_DONTWAIT), { code: "EAGAIN" });
		await twin.send(socket, "anybody?");
		const message = await twin.recvmsg(socket, 100, 512, MSG_ERRQUEUE);
		assert.equal(message.data.toString(), "anybody?");
		assert.ok(message.flags & MSG_ERRQUEUE);
		assert.deepEqual(message.address, dead);
		const [item] = message.ancillary;
		assert.ok(item?.name === "IP_RECVERR" && item.value !== undefined);
		assert.equal(item.value.errno, 111);
		const acted = whileWaiting({ do: "send", fd: socket.fileno(), data: "again" });
		assert.equal((await twin.recvmsg(socket, 100, 512, MSG_ERRQUEUE)).data.toString(), "again");
		await acted;
	});
}

for (const twin of twins) {
	describe(`flags of ${twin.name} operations`, () => {
		peeking(twin);
		truncating(twin);
		notWaiting(twin);
		waitingForAll(twin);
		special(twin);
	});
}

describe("a blocking receiver that waits", () => {
	/** Waits in vain, and gives the part of the time in which the thread was busy. */
	async function busy(socket: Socket): Promise<number> {
		const timeout = 200;
		const before = process.cpuUsage();
		await rejectsWith(blocking.recv(socket, 1, 0, { timeout }), { code: "ETIMEDOUT" });
		const { user, system } = process.cpuUsage(before);
		return (user + system) / 1000 / timeout;
	}

	test("sleeps though urgent data are there", async () => {
		using pair = tcpPair();
		pair.client.sendSync("!", MSG_OOB);
		assert.equal((await pair.server.recv(1, MSG_OOB | MSG_PEEK)).toString(), "!");
		assert.ok((await busy(pair.server)) < 0.5);
	});

	test("sleeps though the error queue has something", async () => {
		using closed: Socket = bound(udp);
		const dead = closed.getsockname();
		closed.close();
		using socket = bound(udp);
		socket.setsockopt(IPPROTO_IP, IP_RECVERR, 1);
		await socket.sendto("anybody?", dead);
		await rejectsWith(socket.recv(1), { code: "ECONNREFUSED" });
		assert.ok((await busy(socket)) < 0.5);
		assert.equal((await socket.recvmsg(9, 512, MSG_ERRQUEUE)).data.toString(), "anybody?");
	});
});

test("a socket's type is not disturbed by flags given with it", () => {
	using socket = new Socket(AF_INET, SOCK_STREAM | 0o4000 | 0o2000000);
	assert.equal(socket.type, SOCK_STREAM);
});
