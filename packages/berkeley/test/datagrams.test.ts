/**
 * Batches of datagrams: what they hold, who may use them when, and what goes with a datagram besides its data.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, fstatSync, openSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import {
	AF_INET,
	AF_INET6,
	AF_NETLINK,
	AF_PACKET,
	AF_UNIX,
	CMSG_SPACE,
	close,
	DatagramBatch,
	IP_RECVERR,
	IP_RECVTTL,
	IPPROTO_IP,
	IPPROTO_UDP,
	IPPROTO_UDPLITE,
	ip,
	MSG_ERRQUEUE,
	SCM_RIGHTS,
	SO_PASSCRED,
	SOCK_DGRAM,
	SOCK_RAW,
	SOL_SOCKET,
	Socket,
	so,
	UDP_SEGMENT,
	udp,
} from "../src/index.js";
import { bound, datagramKinds, type Kind, noIpv6, unnamedPair } from "./support/kinds.js";
import { askPython, noPython } from "./support/oracles.js";
import { rejectsWith } from "./support/rejects.js";
import { isDeno } from "./support/runtime.js";

const inet = datagramKinds[0] as Kind;
const inUse = { name: "TypeError", message: /in use/ };

function udpSocket(): Socket<typeof AF_INET> {
	const socket = new Socket(AF_INET, SOCK_DGRAM);
	socket.bind({ host: "127.0.0.1", port: 0 });
	return socket;
}

function privileged(family: number, type: number, proto: number): string | false {
	try {
		new Socket(family, type, proto).close();
		return false;
	} catch {
		return "it needs CAP_NET_RAW";
	}
}

describe("a batch", () => {
	test("has its datagrams by index, from either end, and in order", () => {
		const batch = new DatagramBatch(AF_UNIX, 3, 10);
		assert.deepEqual(
			[batch.length, batch.at(0), batch.at(-1), [...batch].length],
			[0, undefined, undefined, 0],
		);
		assert.equal(batch.push("a", "/x"), 1);
		assert.equal(batch.push(Buffer.from("bb"), "\0y"), 2);
		assert.equal(batch.push(new Uint8Array([99]).buffer), 3);
		assert.deepEqual(
			Array.from(batch, ({ data, size, address, flags }) => [data.toString(), size, address, flags]),
			[
				["a", 1, "/x", 0],
				["bb", 2, "\0y", 0],
				["c", 1, undefined, 0],
			],
		);
		assert.equal(batch.at(-1), batch.at(2));
		assert.equal(batch.at(-3), batch.at(0));
		for (const index of [3, -4, 0.5, Number.NaN]) assert.equal(batch.at(index), undefined);
		batch.set(0, "other", "/z");
		assert.deepEqual([batch.at(0)?.data.toString(), batch.at(0)?.address], ["other", "/z"]);
		batch.clear();
		assert.equal(batch.length, 0);
		batch.set(0, "first");
		assert.equal(batch.length, 1);
	});

	test("gives views in place, the same ones for the same size", async () => {
		using a = udpSocket();
		using b = udpSocket();
		const batch = new DatagramBatch(AF_INET, 2, 10);
		await a.sendto("first", b.getsockname());
		await b.recvMany(batch);
		const datagram = batch.at(0);
		const view = datagram?.data;
		const kept = Buffer.from(view ?? "");
		await a.sendto("other", b.getsockname());
		await b.recvMany(batch);
		assert.equal(batch.at(0), datagram);
		assert.equal(batch.at(0)?.data, view);
		assert.deepEqual([`${view}`, `${kept}`], ["other", "first"]);
		await a.sendto("longer", b.getsockname());
		await b.recvMany(batch);
		assert.equal(`${datagram?.data}`, "longer");
	});

	test("is filled in place by reserve()", async () => {
		using a = udpSocket();
		using b = udpSocket();
		const batch = new DatagramBatch(AF_INET, 2, 10);
		batch.reserve(4, b.getsockname()).writeUInt32BE(0x61626364);
		batch.reserve(0, b.getsockname());
		assert.equal(await a.sendMany(batch), 2);
		assert.equal((await b.recv(10)).toString(), "abcd");
		assert.equal((await b.recv(10)).length, 0);
	});

	test("remembers no address that was changed", () => {
		const batch = new DatagramBatch(AF_INET, 9, 10);
		const address = { host: "127.0.0.1", port: 1 };
		const seen = () => batch.at(-1)?.address;
		batch.push("", address);
		address.port = 2;
		batch.push("", address);
		assert.deepEqual(seen(), { host: "127.0.0.1", port: 2 });
		address.host = "127.0.0.2";
		batch.push("", address);
		assert.deepEqual(seen(), { host: "127.0.0.2", port: 2 });
		batch.push("", { ...address });
		assert.deepEqual(seen(), { host: "127.0.0.2", port: 2 });
		batch.push("");
		assert.equal(seen(), undefined);
		const six = new DatagramBatch(AF_INET6, 9, 10);
		const base = { host: "fe80::1", port: 1, flowinfo: 0 };
		for (const each of [
			{ ...base, scopeId: 1 },
			{ ...base, scopeId: 2 },
			{ ...base, flowinfo: 5, scopeId: 2 },
		]) {
			six.push("", each);
			assert.deepEqual(six.at(-1)?.address, each);
		}
	});

	test("takes what it has room for, and says what is wrong with the rest", () => {
		const batch = new DatagramBatch(AF_INET, 2, 4, { controlSize: CMSG_SPACE(4) });
		const to = { host: "127.0.0.1", port: 9 };
		assert.throws(() => batch.push("12345"), { name: "RangeError", message: /at most 4 bytes, not 5/ });
		assert.throws(() => batch.push("äöü"), { name: "RangeError", message: /not 6/ });
		assert.throws(() => batch.reserve(5), RangeError);
		assert.throws(() => batch.reserve(-1), RangeError);
		assert.throws(() => batch.set(1, "x"), RangeError);
		assert.throws(() => batch.push("x", { host: "localhost", port: 1 }), {
			name: "TypeError",
			message: /resolve the name/,
		});
		assert.throws(() => batch.push("x", { host: "127.0.0.1", port: 70_000 }), RangeError);
		// @ts-expect-error a path
		assert.throws(() => batch.push("x", "/path"), TypeError);
		// @ts-expect-error a number
		assert.throws(() => batch.push(5), TypeError);
		// @ts-expect-error no object
		assert.throws(() => batch.push("x", to, 5), TypeError);
		assert.throws(() => batch.push("x", to, { segmentSize: 65_536 }), RangeError);
		assert.throws(() => batch.push("x", to, { segmentSize: -1 }), RangeError);
		const ttl = { level: IPPROTO_IP, type: 2, value: 5 } as const;
		assert.throws(() => batch.push("x", to, { ancillary: [ttl, ttl] }), {
			name: "RangeError",
			message: /controlSize/,
		});
		assert.equal(batch.length, 0, "nothing was added");
		batch.push("1234", to, { ancillary: [ttl], segmentSize: 2 });
		batch.push("");
		assert.throws(() => batch.push(""), { name: "RangeError", message: /full/ });
		for (const [capacity, size] of [
			[0, 1],
			[1025, 1],
			[1, 0],
			[1.5, 1],
			[1024, 0x1000000],
		] as const) {
			assert.throws(() => new DatagramBatch(AF_INET, capacity, size), RangeError, `${capacity} ${size}`);
		}
		assert.throws(() => new DatagramBatch(AF_INET, 1, 1, { controlSize: -1 }), RangeError);
		// @ts-expect-error the arguments of a batch without a family
		assert.throws(() => new DatagramBatch(64), TypeError);
		assert.throws(() => new DatagramBatch(AF_UNIX, 1, 9).push("x", "/x", { segmentSize: 5 }), TypeError);
	});

	test("of another family, and what is no batch and no list, are refused", async () => {
		using socket = bound(inet);
		const wrong = new DatagramBatch(AF_UNIX, 1, 1);
		const refused = async (promise: Promise<unknown>) => assert.rejects(promise, TypeError);
		await refused(socket.recvMany(wrong));
		await refused(socket.sendMany(wrong));
		assert.throws(() => socket.recvManySync(wrong), TypeError);
		assert.throws(() => socket.sendManySync(wrong), TypeError);
		for (const value of [
			"text",
			Buffer.from("x"),
			5,
			null,
			undefined,
			{},
			[5],
			[null],
			[{}],
			[{ data: 5 }],
		]) {
			await refused(socket.sendMany(value as never));
			assert.throws(() => socket.sendManySync(value as never), TypeError);
			await refused(socket.recvMany(value as never));
			assert.throws(() => socket.recvManySync(value as never), TypeError);
		}
		await refused(socket.sendMany([{ data: "x", address: "/path" }]));
		await refused(socket.sendMany([], "flags" as never));
		await assert.rejects(socket.sendMany([], 0, { from: 1 }), RangeError);
		await assert.rejects(socket.sendMany(["x"], 0, { from: -1 }), RangeError);
		await assert.rejects(socket.sendMany(["x"], 0, { segmentSize: 70_000 }), RangeError);
		await assert.rejects(socket.recvMany(new DatagramBatch(AF_INET, 1, 1), 0, { timeout: -1 }), RangeError);
	});
});

describe("a batch that an operation works on", () => {
	test("cannot be used by another, until it is through", async () => {
		using a = udpSocket();
		using b = udpSocket();
		const batch = new DatagramBatch(AF_INET, 2, 10);
		const pending = b.recvMany(batch);
		await assert.rejects(b.recvMany(batch), inUse);
		await assert.rejects(a.sendMany(batch), inUse);
		assert.throws(() => b.recvManySync(batch), inUse);
		for (const change of [
			() => batch.push("x"),
			() => batch.set(0, "x"),
			() => batch.reserve(1),
			() => batch.clear(),
		]) {
			assert.throws(change, inUse);
		}
		await a.sendto("x", b.getsockname());
		assert.equal(await pending, 1);
		batch.push("y", b.getsockname());
		assert.equal(await a.sendMany(batch, 0, { from: 1 }), 1);
	});

	test("is free again after a timeout, an abort and a closed socket", async () => {
		const socket = udpSocket();
		const batch = new DatagramBatch(AF_INET, 2, 10);
		await rejectsWith(socket.recvMany(batch, 0, { timeout: 1 }), { code: "ETIMEDOUT" });
		batch.clear();
		const controller = new AbortController();
		const aborted = socket.recvMany(batch, 0, { signal: controller.signal });
		const reason = new Error("enough");
		controller.abort(reason);
		await assert.rejects(aborted, reason);
		batch.clear();
		await assert.rejects(socket.recvMany(batch, 0, { signal: controller.signal }), reason);
		batch.clear();
		const closed = rejectsWith(socket.recvMany(batch), { code: "EBADF" });
		socket.close();
		await closed;
		batch.clear();
		assert.throws(() => socket.recvManySync(batch), { code: "EBADF" });
		batch.clear();
	});

	test("waits in line with whoever else receives", async () => {
		using a = udpSocket();
		using b = udpSocket();
		const batches = [1, 2, 1].map((capacity) => new DatagramBatch(AF_INET, capacity, 10));
		const [first, second, third] = batches as [(typeof batches)[0], (typeof batches)[0], (typeof batches)[0]];
		const waiting = [b.recvMany(first), b.recv(10), b.recvMany(second), b.recvMany(third)] as const;
		a.sendManySync(["1", "2", "3", "4", "5"].map((data) => ({ data, address: b.getsockname() })));
		assert.equal(`${await waiting[1]}`, "2");
		assert.deepEqual(await Promise.all([waiting[0], waiting[2], waiting[3]]), [1, 2, 1]);
		const got = batches.map((batch) => Array.from(batch, ({ data }) => `${data}`).join(""));
		assert.deepEqual(got, ["1", "34", "5"]);
	});

	test("waits again after a flood, in which it was full each time", async () => {
		using a = udpSocket();
		using b = udpSocket();
		const address = b.getsockname();
		const batch = new DatagramBatch(AF_INET, 1, 10);
		const first = b.recvMany(batch); // So that the event loop knows of the socket.
		for (let round = 0; round < 3; round++) {
			await a.sendMany(Array.from({ length: 100 }, (_, index) => ({ data: `${index}`, address })));
			if (round === 0) await first;
			for (let index = round === 0 ? 1 : 0; index < 100; index++) {
				assert.equal(await b.recvMany(batch), 1);
				assert.equal(`${batch.at(0)?.data}`, `${index}`);
			}
			const last = b.recvMany(batch);
			await rejectsWith(b.recv(1, 0, { timeout: 1 }), { code: "ETIMEDOUT" });
			await a.sendto("last", address);
			assert.equal(await last, 1);
			assert.equal(`${batch.at(0)?.data}`, "last");
		}
	});

	test("may be changed, and a list's addresses too, once sendMany() has settled", async () => {
		using pair = unnamedPair(SOCK_DGRAM);
		const batch = new DatagramBatch(AF_UNIX, 1000, 10);
		for (let index = 0; index < 1000; index++) batch.push("x");
		const sending = pair.client.sendMany(batch);
		assert.throws(() => batch.push("y"), inUse);
		const into = new DatagramBatch(AF_UNIX, 1000, 10);
		for (let left = 1000; left > 0; ) left -= await pair.server.recvMany(into);
		assert.equal(await sending, 1000);
		batch.clear();
	});

	test("gives the others their turn", async () => {
		using socket = udpSocket();
		const address = socket.getsockname();
		const batch = new DatagramBatch(AF_INET, 1024, 1);
		while (batch.length < 1024) batch.push("x", address);
		let turns = 0;
		const count = (): void => {
			if (++turns < 3) setImmediate(count);
		};
		setImmediate(count);
		let calls = 0;
		while (turns < 3) {
			await socket.sendMany(batch);
			calls++;
		}
		assert.ok(calls < 50, `${calls} calls of 1024 datagrams for 3 turns`);
	});
});

describe("what goes with a datagram", () => {
	test("control messages arrive with each, and are decoded", async () => {
		using a = udpSocket();
		using b = udpSocket();
		b.setsockopt(IPPROTO_IP, IP_RECVTTL, 1);
		const address = b.getsockname();
		const ttl = (value: number) => [{ level: IPPROTO_IP, type: 2, value }] as const;
		const list = [5, 6].map((value) => ({ data: "x", address, ancillary: ttl(value) }));
		const out = new DatagramBatch(AF_INET, 2, 10, { controlSize: CMSG_SPACE(4) });
		for (const { data, ancillary } of list) out.push(data, address, { ancillary });
		for (const parcel of [list, out]) {
			await a.sendMany(parcel);
			const batch = new DatagramBatch(AF_INET, 4, 10, { controlSize: CMSG_SPACE(4) });
			await b.recvMany(batch);
			const values = Array.from(batch, ({ ancillary }) => ancillary.map(({ name, value }) => [name, value]));
			assert.deepEqual(values, [[["IP_TTL", 5]], [["IP_TTL", 6]]]);
			assert.equal(batch.at(0)?.ancillary, batch.at(0)?.ancillary, "decoded once");
			assert.equal(batch.at(0)?.segmentSize, 0);
		}
		await a.sendMany(list);
		const bare = new DatagramBatch(AF_INET, 4, 10);
		await b.recvMany(bare);
		assert.equal(bare.length, 2);
	});

	test("the error queue comes in batches too", async () => {
		const dead = udpSocket();
		const address = dead.getsockname();
		dead.close();
		using socket = udpSocket();
		socket.setsockopt(IPPROTO_IP, IP_RECVERR, 1);
		await socket.sendto("one", address);
		await rejectsWith(socket.recv(1), { code: "ECONNREFUSED" });
		await socket.sendto("two", address);
		await rejectsWith(socket.recv(1), { code: "ECONNREFUSED" });
		const batch = new DatagramBatch(AF_INET, 4, 100, { controlSize: 256 });
		assert.equal(await socket.recvMany(batch, MSG_ERRQUEUE), 2);
		for (const datagram of batch) {
			assert.deepEqual(datagram.address, address);
			assert.equal(datagram.ancillary[0]?.name, "IP_RECVERR");
		}
	});

	const unixBatch = () => new DatagramBatch(AF_UNIX, 4, 10, { controlSize: CMSG_SPACE(8) });
	const descriptors = () => readdirSync("/proc/self/fd").length;

	test("descriptors that are asked for are the receiver's, the others are closed", {
		skip: isDeno && "Deno has descriptors of its own",
	}, async () => {
		using pair = unnamedPair(SOCK_DGRAM);
		const file = openSync("/dev/null", "r");
		const rights = [{ level: SOL_SOCKET, type: SCM_RIGHTS, value: [file, file] }] as const;
		const batch = unixBatch();
		for (const finish of [
			() => batch.clear(),
			() => pair.server.recvMany(batch, 0, { timeout: 0 }).catch(() => 0),
			() => pair.server.sendMany(batch),
			() => [0, 1, 2].map((index) => batch.set(index, "built")),
		]) {
			await pair.client.sendMany(Array(3).fill({ data: "x", ancillary: rights }));
			const before = descriptors();
			assert.equal(await pair.server.recvMany(batch), 3);
			assert.equal(descriptors(), before + 6);
			const [message] = batch.at(1)?.ancillary ?? [];
			assert.ok(message?.name === "SCM_RIGHTS" && message.value?.length === 2);
			await finish();
			assert.equal(descriptors(), before + 2, "the two that were taken");
			for (const fd of message.value) {
				assert.ok(fstatSync(fd).isCharacterDevice());
				close(fd);
			}
			pair.client.settimeout(0);
			while ((await pair.client.recv(10).catch(() => "")).length > 0) {}
			pair.client.settimeout(null);
		}
		// Those that are to be sent stay open here.
		const out = unixBatch();
		out.push("y", undefined, { ancillary: rights });
		await pair.client.sendMany(out);
		out.clear();
		out.push("z");
		assert.ok(fstatSync(file).isCharacterDevice());
		await pair.server.recvMany(batch);
		batch.clear();
		closeSync(file);
	});

	test("credentials and descriptors fit where there is room, and MSG_CTRUNC tells where not", async () => {
		using pair = unnamedPair(SOCK_DGRAM);
		pair.server.setsockopt(SOL_SOCKET, SO_PASSCRED, 1);
		await pair.client.sendMany(["x"]);
		const batch = new DatagramBatch(AF_UNIX, 4, 10, { controlSize: CMSG_SPACE(12) });
		await pair.server.recvMany(batch);
		const [message] = batch.at(0)?.ancillary ?? [];
		assert.ok(message?.name === "SCM_CREDENTIALS");
		assert.equal(message.value?.pid, process.pid);
	});
});

/** Whether this kernel cuts and joins datagrams. */
function noSegments(): string | false {
	using socket = udpSocket();
	try {
		socket.set(udp.segment, 100);
		socket.set(udp.gro, true);
		return false;
	} catch {
		return "this kernel has no UDP_SEGMENT or UDP_GRO";
	}
}

describe("segments of UDP", { skip: noSegments() }, () => {
	const data = Buffer.from(Array.from({ length: 2500 }, (_, index) => index % 251));
	const pieces = [data.subarray(0, 1000), data.subarray(1000, 2000), data.subarray(2000)];
	const kinds: [
		name: string,
		family: typeof AF_INET | typeof AF_INET6,
		host: string,
		skip: string | false,
	][] = [
		["IPv4", AF_INET, "127.0.0.1", false],
		["IPv6", AF_INET6, "::1", noIpv6],
	];

	for (const [name, family, host, skip] of kinds) {
		test(`are cut by the kernel, and joined where GRO is on, over ${name}`, { skip }, async () => {
			using a = new Socket(family, SOCK_DGRAM);
			using b = new Socket(family, SOCK_DGRAM);
			for (const socket of [a, b]) socket.bind({ host, port: 0 });
			const address = b.getsockname();
			const out = new DatagramBatch(family, 2, 3000);
			out.push(data, address, { segmentSize: 1000 });
			assert.equal(out.at(0)?.segmentSize, 1000);
			const plain = new DatagramBatch(family, 2, 3000);
			plain.push(data, address);
			const ways: (() => Promise<number>)[] = [
				() => a.sendMany(out),
				() => a.sendMany(plain, 0, { segmentSize: 1000 }),
				() => a.sendMany([{ data, address, segmentSize: 1000 }]),
				() => a.sendMany([{ data, address }], 0, { segmentSize: 1000 }),
				() => a.sendmsg([data], [{ level: IPPROTO_UDP, type: UDP_SEGMENT, value: 1000 }], 0, address),
			];
			const batch = new DatagramBatch(family, 8, 65_535);
			for (const send of ways) {
				b.set(udp.gro, false);
				await send();
				assert.equal(await b.recvMany(batch), 3);
				assert.deepEqual(
					Array.from(batch, (datagram) => Buffer.from(datagram.data)),
					pieces,
				);
				b.set(udp.gro, true);
				await send();
				assert.equal(await b.recvMany(batch), 1);
				const [joined] = batch;
				assert.deepEqual([joined?.segmentSize, joined?.data], [1000, data]);
				assert.deepEqual([...(joined?.segments() ?? [])], pieces);
				assert.deepEqual(
					joined?.ancillary.map((each) => each.value),
					[1000],
				);
			}
			// As the socket's option, and of one message otherwise.
			a.set(udp.segment, 500);
			await a.sendMany([{ data, address }]);
			assert.equal(await b.recvMany(batch), 1);
			assert.equal([...(batch.at(0)?.segments() ?? [])].length, 5);
			await a.sendMany([{ data: "small", address }]);
			assert.equal(await b.recvMany(batch), 1);
			assert.deepEqual(
				[batch.at(0)?.segmentSize, [...(batch.at(0)?.segments() ?? [])].map(String)],
				[0, ["small"]],
			);
		});
	}

	test("keep their size when what was joined is sent back", async () => {
		using a = udpSocket();
		using b = udpSocket();
		b.set(udp.gro, true);
		await a.sendMany([{ data, address: b.getsockname(), segmentSize: 1000 }]);
		const batch = new DatagramBatch(AF_INET, 8, 65_535);
		for (const back of [() => b.sendMany(batch), () => b.sendMany([...batch])]) {
			await b.recvMany(batch);
			assert.equal(await back(), 1);
			const into = new DatagramBatch(AF_INET, 8, 65_535);
			assert.equal(await a.recvMany(into), 3);
			assert.deepEqual(
				Array.from(into, (datagram) => Buffer.from(datagram.data)),
				pieces,
			);
			await a.sendMany([{ data, address: b.getsockname(), segmentSize: 1000 }]);
		}
	});

	test("have room of their own beside other control messages", async () => {
		using a = udpSocket();
		using b = udpSocket();
		b.set(udp.gro, true);
		b.set(ip.recvttl, true);
		await a.sendMany([{ data, address: b.getsockname(), segmentSize: 1000 }]);
		const batch = new DatagramBatch(AF_INET, 8, 65_535, { controlSize: CMSG_SPACE(4) });
		await b.recvMany(batch);
		const names = batch.at(0)?.ancillary.map(({ name }) => name);
		assert.deepEqual(names?.sort(), ["IP_TTL", "UDP_GRO"]);
		assert.equal(batch.at(0)?.segmentSize, 1000);
	});

	test("of a run are told apart by nobody: gso sends what was given, whatever it is", async () => {
		using a = udpSocket();
		using b = udpSocket();
		using c = udpSocket();
		const into = new DatagramBatch(AF_INET, 64, 2000);
		const out = new DatagramBatch(AF_INET, 12, 2000);
		const receivers = [b, c];
		const sizes = fc.oneof(fc.constant(700), fc.constant(0), fc.integer({ min: 0, max: 1500 }));
		const datagrams = fc.array(fc.tuple(sizes, fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 12 });
		const ttl = [{ level: IPPROTO_IP, type: 2, value: 5 }] as const;
		const controlled = new DatagramBatch(AF_INET, 12, 2000, { controlSize: CMSG_SPACE(4) });
		let byte = 0;
		fc.assert(
			fc.property(datagrams, fc.constantFrom("list", "batch", "controlled"), (list, form) => {
				const made = list.map(([size, first, special]) => ({
					data: Buffer.alloc(size, byte++),
					address: (first ? b : c).getsockname(),
					...(special && form !== "batch" ? { ancillary: ttl } : {}),
				}));
				const batch = form === "controlled" ? controlled : out;
				batch.clear();
				if (form !== "list") for (const { data, address, ...rest } of made) batch.push(data, address, rest);
				assert.equal(a.sendManySync(form === "list" ? made : batch, 0, { gso: true }), made.length);
				for (const receiver of receivers) {
					const { port } = receiver.getsockname();
					const expected = made.filter(({ address }) => address.port === port).map((each) => each.data);
					if (expected.length > 0) receiver.recvManySync(into);
					else into.clear();
					assert.deepEqual(
						Array.from(into, (each) => Buffer.from(each.data)),
						expected,
					);
				}
			}),
			{ numRuns: 200 },
		);
	});

	test("that the kernel does not cut go out one by one with gso", async () => {
		using a = udpSocket();
		using b = udpSocket();
		const address = b.getsockname();
		a.set(so.noCheck, true); // The kernel cuts only what has checksums.
		const list = Array.from({ length: 200 }, (_, index) => ({ data: Buffer.alloc(100, index), address }));
		const batch = new DatagramBatch(AF_INET, 200, 100);
		for (const each of list) batch.push(each.data, address);
		const into = new DatagramBatch(AF_INET, 256, 100);
		for (const parcel of [list, batch]) {
			assert.equal(await a.sendMany(parcel, 0, { gso: true }), 200);
			assert.equal(await b.recvMany(into), 200);
			assert.deepEqual(
				Array.from(into, ({ data: [byte] }) => byte),
				list.map((_, index) => index),
			);
		}
		using pair = unnamedPair(SOCK_DGRAM);
		await assert.rejects(pair.client.sendMany([], 0, { gso: true }), { name: "TypeError", message: /UDP/ });
	});

	test("that the kernel refuses are told, with the reason", async () => {
		using a = udpSocket();
		using b = udpSocket();
		const address = b.getsockname();
		const refused = async (bytes: number, segmentSize: number, code: string, told: RegExp) => {
			const list = [{ data: Buffer.alloc(bytes), address, segmentSize }];
			const batch = new DatagramBatch(AF_INET, 1, 70_000);
			batch.push(Buffer.alloc(bytes), address, { segmentSize });
			for (const parcel of [list, batch]) {
				const error = await rejectsWith(a.sendMany(parcel), { code });
				assert.match(error.message, told);
			}
		};
		await refused(129 * 100, 100, "EINVAL", /at most 64 of them/);
		await refused(65_508, 1000, "EMSGSIZE", /65507/);
	});
});

describe("other sockets", () => {
	test("UDP-Lite", async (context) => {
		let a: Socket<typeof AF_INET>;
		try {
			a = new Socket(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
		} catch {
			return context.skip("this kernel has no UDP-Lite");
		}
		using sender = a;
		using b = new Socket(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
		b.bind({ host: "127.0.0.1", port: 0 });
		await sender.sendMany(["x", "y"].map((data) => ({ data, address: b.getsockname() })));
		const batch = new DatagramBatch(AF_INET, 4, 4);
		assert.equal(await b.recvMany(batch), 2);
		const cut = [{ data: "abcd", address: b.getsockname(), segmentSize: 2 }];
		const error = await rejectsWith(sender.sendMany(cut), { code: "EIO" });
		assert.match(error.message, /UDP-Lite/);
	});

	test("raw sockets", { skip: privileged(AF_INET, SOCK_RAW, 253) }, async () => {
		using a = new Socket(AF_INET, SOCK_RAW, 253);
		a.bind({ host: "127.0.0.1", port: 0 });
		const address = { host: "127.0.0.1", port: 0 };
		assert.equal(await a.sendMany(["x", "yy"].map((data) => ({ data, address }))), 2);
		const batch = new DatagramBatch(AF_INET, 4, 100);
		assert.equal(await a.recvMany(batch), 2);
		// With the IP header, as raw sockets give it.
		assert.deepEqual(
			Array.from(batch, ({ data }) => data.toString("latin1", 20)),
			["x", "yy"],
		);
		assert.equal(batch.at(0)?.address.host, "127.0.0.1");
	});

	test("packet sockets", { skip: privileged(AF_PACKET, SOCK_RAW, 0) }, async () => {
		const protocol = 0x88b5; // For local experiments.
		using a = new Socket(AF_PACKET, SOCK_RAW, 0);
		using b = new Socket(AF_PACKET, SOCK_RAW, 0);
		a.bind({ interface: "lo", protocol: 0 });
		b.bind({ interface: "lo", protocol });
		const frame = Buffer.alloc(60);
		frame.writeUInt16BE(protocol, 12);
		frame.write("frame", 14);
		assert.equal(await a.sendMany([frame, frame]), 2);
		const batch = new DatagramBatch(AF_PACKET, 8, 2000);
		// Each is seen going out, and coming in.
		for (let left = 2; left > 0; left -= batch.length) {
			await b.recvMany(batch);
			for (const { data, address } of batch) {
				assert.deepEqual(data, frame);
				assert.deepEqual([address.interface, address.protocol], ["lo", protocol]);
			}
		}
	});

	test("netlink", async () => {
		using socket = new Socket(AF_NETLINK, SOCK_RAW, 0);
		const request = Buffer.alloc(32);
		request.writeUInt32LE(32, 0);
		request.writeUInt16LE(18, 4); // RTM_GETLINK
		request.writeUInt16LE(0x301, 6); // NLM_F_REQUEST | NLM_F_DUMP
		assert.equal(await socket.sendMany([{ data: request, address: { pid: 0, groups: 0 } }]), 1);
		const batch = new DatagramBatch(AF_NETLINK, 4, 0x8000);
		for (let done = false; !done; ) {
			assert.ok((await socket.recvMany(batch)) > 0);
			for (const { data, address } of batch) {
				assert.deepEqual(address, { pid: 0, groups: 0 });
				done ||= data.readUInt16LE(4) === 3; // NLMSG_DONE
			}
		}
	});
});

describe("against others", () => {
	test("what Python sends one by one, cut by the kernel or not, comes in one call", {
		skip: noPython,
	}, async () => {
		using b = udpSocket();
		const { port } = b.getsockname();
		const [sent] = askPython(
			`
import socket, struct
def answer(port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", port))
    sent = []
    for n in range(20):
        data = bytes((n + i) % 256 for i in range(n * 37))
        s.send(data)
        sent.append(data.hex())
    data = bytes(i % 256 for i in range(500))
    s.sendmsg([data], [(17, 103, struct.pack("=H", 200))])
    sent += [data[at:at + 200].hex() for at in (0, 200, 400)]
    return [sent, s.getsockname()[1]]
`,
			[port],
		) as [[string[], number]];
		const batch = new DatagramBatch(AF_INET, 64, 1000);
		assert.equal(await b.recvMany(batch), 23);
		assert.deepEqual(
			Array.from(batch, ({ data }) => data.toString("hex")),
			sent[0],
		);
		for (const { address } of batch) assert.deepEqual(address, { host: "127.0.0.1", port: sent[1] });
	});

	const noStrace = spawnSync("strace", ["-V"]).status === 0 ? false : "there is no strace";

	test("a hundred datagrams are one system call, a thousand one from a batch and eight from a list", {
		skip: isDeno ? "it is strace's process, not Deno's" : noStrace,
	}, () => {
		const program = fileURLToPath(new URL("programs/manycalls.js", import.meta.url));
		const traced = spawnSync("strace", ["-f", "-e", "trace=sendmmsg,recvmmsg", process.execPath, program], {
			encoding: "utf8",
		});
		if (traced.status !== 0) throw new Error(traced.stderr);
		const counts = (name: string) =>
			[...traced.stderr.matchAll(new RegExp(`\\b${name}\\(.* = (\\d+)`, "g"))].map(([, count]) =>
				Number(count),
			);
		assert.deepEqual(counts("sendmmsg"), [100, 1000, ...Array(7).fill(128), 104]);
		assert.equal(counts("recvmmsg")[0], 100);
	});
});

test("whatever is sent arrives as it was, in order", () => {
	using pair = unnamedPair(SOCK_DGRAM);
	const into = new DatagramBatch(AF_UNIX, 16, 64);
	const out = new DatagramBatch(AF_UNIX, 10, 64);
	fc.assert(
		fc.property(
			fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }),
			fc.boolean(),
			(list, batched) => {
				out.clear();
				for (const each of list) out.push(each);
				assert.equal(pair.client.sendManySync(batched ? out : list), list.length);
				if (list.length > 0) assert.equal(pair.server.recvManySync(into), list.length);
				else into.clear();
				assert.deepEqual(
					Array.from(into, ({ data }) => new Uint8Array(data)),
					list.map((each) => new Uint8Array(each)),
				);
			},
		),
	);
});
