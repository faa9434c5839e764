/**
 * Sockets of datagrams behind lines with faults: what arrives, when, and what is recorded of it.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CapturedPacket } from "../src/capture/captured.js";
import {
	type ImpairOptions,
	impaired,
	type Plan,
	replay,
	type SocketDirection,
	traced,
	type Verdict,
} from "../src/impair/index.js";
import {
	AF_INET,
	AF_PACKET,
	AF_UNIX,
	IPPROTO_ICMP,
	MSG_DONTWAIT,
	MSG_PEEK,
	MSG_TRUNC,
	SCM_RIGHTS,
	SHUT_WR,
	SOCK_DGRAM,
	SOCK_RAW,
	SOCK_SEQPACKET,
	SOCK_STREAM,
	SOL_SOCKET,
	Socket,
	socketpair,
} from "../src/index.js";
import {
	build,
	dissect,
	ethernet,
	ICMP_ECHO,
	ICMP_ECHOREPLY,
	icmpv4,
	ipv4,
	raw,
	udp,
} from "../src/packet/index.js";
import { soon, until } from "./support/until.js";

/** Two UDP sockets that are connected to each other, the first of which is impaired. */
function udpPair(plan: Plan<SocketDirection>, options: ImpairOptions = { seed: 1 }) {
	const own = new Socket(AF_INET, SOCK_DGRAM);
	const peer = new Socket(AF_INET, SOCK_DGRAM);
	own.bind({ host: "127.0.0.1", port: 0 });
	peer.bind({ host: "127.0.0.1", port: 0 });
	own.connectSync(peer.getsockname());
	peer.connectSync(own.getsockname());
	const lossy = impaired(own, plan, options);
	return {
		lossy,
		peer,
		[Symbol.dispose]() {
			lossy.close();
			peer.close();
		},
	};
}

/** Sends the numbers from 1 on, and gives those that the other end has, in its order. */
async function passed(plan: Plan<SocketDirection>, count: number, options?: ImpairOptions) {
	using pair = udpPair(plan, options);
	for (let number = 1; number <= count; number++) await pair.lossy.send(`${number}`);
	await pair.lossy.drained();
	const arrived: number[] = [];
	for (const text of waitingAt(pair.peer)) arrived.push(Number(text));
	return arrived;
}

/** What is in a socket's queue. Loopback has delivered when sending returns. */
function* waitingAt(socket: Socket): Generator<string, void> {
	for (;;) {
		let data: Buffer;
		try {
			data = socket.recvSync(65536, MSG_DONTWAIT);
		} catch {
			return;
		}
		yield data.toString();
	}
}

/** Why no raw sockets may be made; false if they may. */
function rawRefused(): string | false {
	try {
		new Socket(AF_INET, SOCK_RAW, IPPROTO_ICMP).close();
		return false;
	} catch {
		return "raw sockets need CAP_NET_RAW";
	}
}

describe("an impaired socket that sends", () => {
	test("loses exactly those that the plan names, and calls them sent", async () => {
		assert.deepEqual(await passed({ send: { loss: { packets: [3, 7] } } }, 9), [1, 2, 4, 5, 6, 8, 9]);
		using pair = udpPair({ send: { loss: 1 } });
		assert.equal(await pair.lossy.send("lost"), 4);
		assert.equal(pair.lossy.statistics.send.lost, 1);
	});

	test("reorders by distance, and sends what nothing overtakes when its patience ends", async () => {
		assert.deepEqual(
			await passed({ send: { reorder: { chance: { packets: [2] }, distance: 2 } } }, 5),
			[1, 3, 4, 2, 5],
		);
		assert.deepEqual(await passed({ send: { reorder: { chance: { packets: [1, 2] } } } }, 4), [3, 1, 2, 4]);
		assert.deepEqual(
			await passed({ send: { reorder: { chance: { packets: [2] }, patience: 20 } } }, 2),
			[1, 2],
		);
	});

	test("duplicates, and cuts, and flips bits", async () => {
		assert.deepEqual(
			await passed({ send: { duplicate: { chance: { packets: [2] }, copies: 2 } } }, 3),
			[1, 2, 2, 2, 3],
		);
		using pair = udpPair({
			send: { truncate: { chance: { packets: [1] }, length: 3 }, corrupt: { packets: [2] } },
		});
		const data = Buffer.alloc(100);
		assert.equal(await pair.lossy.send(data), 100);
		assert.equal(await pair.lossy.send(data), 100);
		assert.deepEqual(data, Buffer.alloc(100));
		assert.equal(pair.peer.recvSync(200).length, 3);
		const bits = [...pair.peer.recvSync(200)].map((byte) => byte.toString(2).replaceAll("0", "")).join("");
		assert.equal(bits, "1");
	});

	test("delays for as long as it is told, in order, and with overtaking out of order", async () => {
		using pair = udpPair({ send: { delay: { time: 60, chance: { packets: [1] } } } });
		const start = performance.now();
		await pair.lossy.send("first");
		await pair.lossy.send("second");
		assert.equal((await soon(pair.peer.recv(10))).toString(), "first");
		const took = performance.now() - start;
		assert.ok(took >= 60, `${took}`);
		assert.equal((await soon(pair.peer.recv(10))).toString(), "second");
		const delay = { time: 300, chance: { packets: [1] }, overtake: true };
		assert.deepEqual(await passed({ send: { delay } }, 3), [2, 3, 1]);
	});

	test("copies what waits, so that the sender's memory is free", async () => {
		using pair = udpPair({ send: { delay: 20 } });
		const data = Buffer.from("before");
		await pair.lossy.send(data);
		data.fill("x");
		assert.equal((await soon(pair.peer.recv(10))).toString(), "before");
	});

	test("lets through no more bytes than the rate allows, and loses what the limit has no room for", async () => {
		const log: Verdict[] = [];
		using pair = udpPair({ send: { rate: 4000, limit: 3 } }, { log });
		const start = performance.now();
		// All at once, so that none is through before the last comes.
		await Promise.all(Array.from({ length: 5 }, () => pair.lossy.send(Buffer.alloc(500))));
		assert.equal(pair.lossy.statistics.send.waiting, 3);
		assert.equal(pair.lossy.statistics.send.overLimit, 2);
		await pair.lossy.drained();
		// Three packets of 500 bytes, 4000 bytes a second.
		const took = performance.now() - start;
		assert.ok(took >= 375, `${took}`);
		assert.equal([...waitingAt(pair.peer)].length, 3);
		assert.deepEqual(
			log.filter(({ lost }) => lost === "limit").map(({ packet }) => packet),
			[4, 5],
		);
		// The fate of all of them is in the log, so that it has no need of time.
		assert.deepEqual(await passed(replay(log), 7), [1, 2, 3, 6, 7]);
	});

	test("sends to addresses, names among them, and messages of several buffers", async () => {
		using own = impaired(new Socket(AF_INET, SOCK_DGRAM), { send: { duplicate: 1 } });
		using peer = new Socket(AF_INET, SOCK_DGRAM);
		peer.bind({ host: "127.0.0.1", port: 0 });
		const { port } = peer.getsockname();
		assert.equal(await own.sendto("to", { host: "localhost", port }), 2);
		assert.equal(await own.sendto("flags", 0, { host: "127.0.0.1", port }), 5);
		assert.equal(await own.sendmsg(["mes", "sage"], [], 0, { host: "127.0.0.1", port }), 7);
		const texts = [...waitingAt(peer)];
		assert.deepEqual(texts, ["to", "to", "flags", "flags", "message", "message"]);
	});

	test("tells what goes wrong at once, or with the next call when it was late", async () => {
		const [own, gone] = socketpair(AF_UNIX, SOCK_DGRAM);
		using late = impaired(own, { send: { delay: { time: 10, chance: { packets: [2] } } } });
		gone.close();
		await assert.rejects(late.send("now"), { code: "ECONNREFUSED" });
		assert.equal(await late.send("late"), 4);
		await late.drained();
		// The kernel has disconnected it since.
		await assert.rejects(late.send("next"), { code: "ENOTCONN" });
	});

	test("sends nothing after it was closed, and loses what waited", async () => {
		using pair = udpPair({ send: { delay: 10_000 } });
		await pair.lossy.send("never");
		const drained = pair.lossy.drained();
		pair.lossy.close();
		await soon(drained);
		await assert.rejects(pair.lossy.send("more"), { code: "EBADF" });
		await assert.rejects(pair.lossy.recv(1), { code: "EBADF" });
		assert.deepEqual([...waitingAt(pair.peer)], []);
	});
});

describe("an impaired socket that receives", () => {
	test("loses, duplicates and reorders as the plan says", async () => {
		using pair = udpPair({
			receive: {
				loss: { packets: [1, 5] },
				duplicate: { packets: [2] },
				reorder: { chance: { packets: [3] }, distance: 1 },
			},
		});
		for (const number of [1, 2, 3, 4, 5, 6]) await pair.peer.send(`${number}`);
		const texts: string[] = [];
		while (texts.length < 5) texts.push((await soon(pair.lossy.recv(10))).toString());
		assert.deepEqual(texts, ["2", "2", "4", "3", "6"]);
		assert.equal(pair.lossy.statistics.receive.packets, 6);
	});

	test("delays, and keeps to timeouts and signals meanwhile", async () => {
		using pair = udpPair({ receive: { delay: 400 } });
		const start = performance.now();
		await pair.peer.send("late");
		await assert.rejects(pair.lossy.recv(10, 0, { timeout: 10 }), { code: "ETIMEDOUT", timeout: 10 });
		await assert.rejects(pair.lossy.recv(10, 0, { timeout: 0 }), { code: "EAGAIN" });
		await assert.rejects(pair.lossy.recv(10, MSG_DONTWAIT), { code: "EAGAIN" });
		const stop = new AbortController();
		const aborted = pair.lossy.recv(10, 0, { signal: stop.signal });
		stop.abort(new Error("enough"));
		await assert.rejects(aborted, /enough/);
		assert.equal((await soon(pair.lossy.recv(10))).toString(), "late");
		assert.ok(performance.now() - start >= 400);
	});

	test("hands out addresses, fills buffers, and cuts what is too long", async () => {
		using pair = udpPair({});
		const address = pair.peer.getsockname();
		const room = Buffer.alloc(4);
		for (const text of ["one", "two", "three", "four", "five"]) await pair.peer.send(text);
		assert.deepEqual(await pair.lossy.recvfrom(10), [Buffer.from("one"), address]);
		assert.equal(await pair.lossy.recvInto(room), 3);
		assert.deepEqual(await pair.lossy.recvfromInto(room), [4, address]);
		assert.equal(room.toString(), "thre");
		const message = await pair.lossy.recvmsg(2);
		assert.deepEqual([message.data.toString(), message.flags, message.address], ["fo", MSG_TRUNC, address]);
		await assert.rejects(pair.lossy.recv(10, MSG_PEEK), /knows no flags but MSG_DONTWAIT/);
		assert.equal((await pair.lossy.recv(10)).toString(), "five");
	});

	test("serves those who wait in order, and leaves the socket alone when nobody does", async () => {
		using pair = udpPair({ receive: { delay: 5 } });
		const waiting = [pair.lossy.recv(10), pair.lossy.recv(10), pair.lossy.recv(10)];
		for (const text of ["a", "b", "c", "d"]) await pair.peer.send(text);
		assert.deepEqual((await soon(Promise.all(waiting))).join(""), "abc");
		const texts: string[] = [];
		for await (const data of pair.lossy) {
			texts.push(data.toString());
			if (texts.length === 1) pair.lossy.close();
		}
		assert.deepEqual(texts, ["d"]);
	});

	test("comes to the end of a seqpacket connection behind what is delayed", async () => {
		const [own, peer] = socketpair(AF_UNIX, SOCK_SEQPACKET);
		using lossy = impaired(own, { receive: { delay: 30, loss: { packets: [2] } } });
		await peer.send("record");
		await peer.send("lost");
		peer.shutdown(SHUT_WR);
		const texts: string[] = [];
		for await (const data of lossy) texts.push(data.toString());
		assert.deepEqual(texts, ["record"]);
		assert.equal((await soon(lossy.recv(10))).length, 0);
		peer.close();
	});

	test("hands out descriptors once, and closes those of lost messages", async () => {
		const [own, peer] = socketpair(AF_UNIX, SOCK_DGRAM);
		using lossy = impaired(own, { receive: { loss: { packets: [1] }, duplicate: { packets: [2] } } });
		const [passedOn, kept] = socketpair();
		for (const text of ["lost", "twice"]) {
			await peer.sendmsg(
				[text],
				[{ level: SOL_SOCKET, type: SCM_RIGHTS, value: [passedOn.fileno()], name: "SCM_RIGHTS" }],
			);
		}
		passedOn.close();
		const first = await soon(lossy.recvmsg(10, 64));
		const second = await soon(lossy.recvmsg(10, 64));
		assert.deepEqual([first.data.toString(), second.data.toString()], ["twice", "twice"]);
		assert.deepEqual([first.ancillary.length, second.ancillary.length], [1, 0]);
		const [rights] = first.ancillary;
		assert.ok(rights?.name === "SCM_RIGHTS" && rights.value !== undefined);
		const [fileno = -1] = rights.value;
		new Socket(AF_UNIX, SOCK_STREAM, 0, { fileno }).close();
		// With the copy of the lost message open this would not be the end.
		assert.equal((await soon(kept.recv(1))).length, 0);
		kept.close();
		peer.close();
	});
});

describe("a run", () => {
	// What is held back near the end nothing would overtake.
	const inside = (_: Uint8Array, packet: number) => packet < 190;
	const plan: Plan<SocketDirection> = {
		send: {
			loss: 0.2,
			duplicate: 0.1,
			reorder: { chance: { where: inside, chance: 0.1 }, distance: 2, patience: 9000 },
			corrupt: 0.02,
		},
	};

	test("is the same for the same seed, and by its log", async () => {
		const log: Verdict[] = [];
		const first = await passed(plan, 200, { seed: 3, log });
		assert.deepEqual(await passed(plan, 200, { seed: 3 }), first);
		assert.notDeepEqual(await passed(plan, 200, { seed: 4 }), first);
		const again: Verdict[] = [];
		assert.deepEqual(await passed(replay(JSON.parse(JSON.stringify(log))), 200, { log: again }), first);
		assert.deepEqual(again, log);
	});

	test("that had a random seed tells it", async () => {
		using pair = udpPair({ send: { loss: 0.5 } }, {});
		const { seed } = pair.lossy;
		assert.deepEqual(
			await passed({ send: { loss: 0.5 } }, 50, { seed }),
			await passed({ send: { loss: 0.5 } }, 50, { seed }),
		);
	});
});

describe("a trace", () => {
	test("has what was delivered and what was lost, in headers of its own, with the verdicts", async () => {
		const packets: CapturedPacket[] = [];
		using pair = udpPair(
			{ send: { loss: { packets: [2] }, duplicate: { packets: [3] } }, receive: {} },
			{ trace: { write: (packet) => packets.push(packet) } },
		);
		const before = Date.now();
		for (const text of ["one", "two", "three"]) await pair.lossy.send(text);
		await pair.peer.send("answer");
		await soon(pair.lossy.recv(10));
		await until(() => packets.length === 5);
		const own = pair.lossy.socket.getsockname();
		const other = pair.peer.getsockname();
		const read = packets.map(({ bytes, direction, comment, link }) => {
			assert.equal(link, "raw");
			const packet = dissect(bytes, { first: ipv4 });
			assert.equal(packet.error, undefined);
			assert.equal(packet.get(udp)?.checksumIsRight, true);
			const ports = [packet.get(udp)?.sourcePort, packet.get(udp)?.destinationPort];
			assert.deepEqual(ports, direction === "out" ? [own.port, other.port] : [other.port, own.port]);
			return [Buffer.from(packet.get(raw)?.data ?? []).toString(), direction, comment];
		});
		assert.deepEqual(read, [
			["one", "out", undefined],
			["two", "out", "packet 2: lost"],
			["three", "out", "packet 3: copied 1×"],
			["three", "out", "packet 3: copied 1× (copy 1)"],
			["answer", "in", undefined],
		]);
		for (const { seconds, nanoseconds, bytes, length } of packets) {
			assert.equal(bytes.length, length);
			const time = seconds * 1000 + nanoseconds / 1e6;
			assert.ok(time >= before - 1 && time <= Date.now() + 1);
		}
	});

	test("of a Unix socket is made up, and names the ends", async () => {
		const packets: CapturedPacket[] = [];
		const [own, peer] = socketpair(AF_UNIX, SOCK_DGRAM);
		using lossy = impaired(own, {}, { trace: { write: (packet) => packets.push(packet) } });
		await lossy.send(Buffer.alloc(100_000, "a"));
		await until(() => packets.length === 1);
		const [packet] = packets;
		assert.equal(packet?.comment, "(unnamed) > (unnamed)");
		assert.equal(packet?.length, 100_028);
		assert.equal(dissect(packet?.bytes ?? new Uint8Array(), { first: ipv4 }).get(udp)?.sourcePort, 1);
		peer.close();
	});

	const unprivileged = rawRefused();
	test("of raw and packet sockets has what is on the wire", { skip: unprivileged }, async () => {
		const packets: CapturedPacket[] = [];
		const sink = { write: (packet: CapturedPacket) => packets.push(packet) };
		const local = { host: "127.0.0.1", port: 0 };
		{
			using pinger = traced(new Socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), sink);
			const request = build(
				icmpv4({ type: ICMP_ECHO, identifier: process.pid & 0xffff, sequence: 7 }),
				"ping",
			);
			await pinger.sendto(request, local);
			// Its own request comes too, and others' packets may.
			for (;;) {
				const icmp = dissect(await soon(pinger.recv(200)), { first: ipv4 }).get(icmpv4);
				if (icmp?.type === ICMP_ECHOREPLY && icmp.toValue().identifier === (process.pid & 0xffff)) break;
			}
			const [sent] = packets;
			const shown = dissect(sent?.bytes ?? new Uint8Array(), { first: ipv4 });
			assert.deepEqual([sent?.direction, shown.get(ipv4)?.destination], ["out", "127.0.0.1"]);
			assert.equal(shown.get(icmpv4)?.checksumIsRight, true);
			assert.equal(dissect(packets.at(-1)?.bytes ?? new Uint8Array(), { first: ipv4 }).get(icmpv4)?.type, 0);
		}
		packets.length = 0;
		const frame = build(
			ethernet({ destination: "02:00:00:00:00:01", source: "02:00:00:00:00:02", type: 0x88b6 }),
			"x",
		);
		const link = new Socket(AF_PACKET, SOCK_RAW);
		link.bind({ interface: "lo", protocol: 0 });
		using sender = traced(link, sink);
		await sender.send(frame);
		await until(() => packets.length === 1);
		const [{ bytes, link: name, interface: at } = assert.fail()] = packets;
		assert.deepEqual([Buffer.from(bytes), name, at?.name], [Buffer.from(frame), "ethernet", "lo"]);
		using cooked = new Socket(AF_PACKET, SOCK_DGRAM);
		assert.throws(() => traced(cooked, sink), /a packet socket must be SOCK_RAW/);
	});

	test("that cannot be written ends, with a warning, and nothing else does", async () => {
		for (const write of [
			() => {
				throw new Error("the disk is full");
			},
			() => Promise.reject(new Error("the disk is full")),
		]) {
			const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
			using pair = udpPair({}, { trace: { write } });
			await pair.lossy.send("one");
			await pair.lossy.send("two");
			assert.match((await soon(warned)).message, /the trace has ended: the disk is full/);
			assert.deepEqual([...waitingAt(pair.peer)], ["one", "two"]);
		}
	});
});

test("what cannot be impaired is refused", () => {
	using stream = new Socket(AF_INET, SOCK_STREAM);
	using datagrams = new Socket(AF_INET, SOCK_DGRAM);
	assert.throws(() => impaired(stream, {}), /impaired is for datagrams; a stream loses and reorders nothing/);
	assert.throws(() => impaired({} as never, {}), /impaired takes a Socket/);
	assert.throws(
		() => impaired(datagrams, { out: {} } as never),
		/a plan has no "out": it may have send, receive/,
	);
	assert.throws(() => impaired(datagrams, {}, { trace: 3 } as never), /trace must be something with write/);
	assert.throws(() => impaired(datagrams, {}, { log: {} } as never), /log must be an array/);
	assert.throws(() => impaired(datagrams, {}, { sed: 1 } as never), /the options has no "sed"/);
});
