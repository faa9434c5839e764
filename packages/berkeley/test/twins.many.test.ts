/**
 * Both forms of what moves many datagrams at once, over every kind of them.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	AF_INET,
	AF_UNIX,
	type Bytes,
	DatagramBatch,
	MSG_DONTWAIT,
	MSG_PEEK,
	MSG_TRUNC,
	MSG_WAITFORONE,
	type OutgoingDatagram,
	SHUT_RD,
	SHUT_WR,
	SOCK_DGRAM,
	SOCK_SEQPACKET,
	type Socket,
	SocketError,
} from "../src/index.js";
import { bound, connect, connectedKinds, datagramKinds, type Kind, unnamedPair } from "./support/kinds.js";
import { whileWaiting } from "./support/peer.js";
import { rejectsWith } from "./support/rejects.js";
import { type Twin, twins } from "./support/twins.js";

const udp = datagramKinds[0] as Kind;
const seqpacket = connectedKinds.find(({ type }) => type === SOCK_SEQPACKET) as Kind;

/** The data of a batch as text. */
function texts(batch: DatagramBatch): string[] {
	return Array.from(batch, ({ data }) => data.toString());
}

/** What the tests send: as a list, and in a batch. */
const forms: [name: string, make: (family: number, datagrams: OutgoingDatagram[]) => Parcel][] = [
	["a list", (_family, datagrams) => datagrams],
	[
		"a batch",
		(family, datagrams) => {
			const batch = new DatagramBatch(family, Math.max(datagrams.length, 1), 70_000, { controlSize: 128 });
			for (const { data, address, ...rest } of datagrams) batch.push(data, address, rest);
			return batch;
		},
	],
];
type Parcel = DatagramBatch | (Bytes | OutgoingDatagram)[];

function suite(twin: Twin, kind: Kind): void {
	const { name, skip, family } = kind;

	for (const [form, make] of forms) {
		test(`sendMany() sends ${form} in order and recvMany() tells all of each, over ${name}`, {
			skip,
		}, async () => {
			using a = bound(kind);
			using b = bound(kind);
			const address = b.getsockname();
			const parcel = make(family, [
				{ data: "one", address },
				{ data: Buffer.from("three"), address },
				{ data: "", address },
				{ data: new Uint16Array([0x6161, 0x6262]), address },
			]);
			assert.equal(await twin.sendMany(a, parcel), 4);
			const batch = new DatagramBatch(family, 8, 100);
			assert.equal(await twin.recvMany(b, batch), 4);
			assert.equal(batch.length, 4);
			assert.deepEqual(texts(batch), ["one", "three", "", "aabb"]);
			for (const datagram of batch) {
				assert.deepEqual(datagram.address, a.getsockname());
				assert.deepEqual([datagram.flags, datagram.segmentSize, datagram.ancillary], [0, 0, []]);
				assert.equal(datagram.size, datagram.data.length);
				assert.deepEqual([...datagram.segments()], [datagram.data]);
			}
			assert.equal(await twin.sendMany(a, parcel, 0, { from: 3 }), 1, "it can be sent again, or in part");
			assert.equal(await twin.recvMany(b, batch), 1);
			assert.equal(await twin.sendMany(a, parcel, 0, { from: 4 }), 0);
		});

		test(`sendMany() sends ${form} to the connected peer, over ${name}`, { skip }, async () => {
			using a = bound(kind);
			using b = bound(kind);
			await twin.connect(a, b.getsockname());
			assert.equal(await twin.sendMany(a, make(family, [{ data: "x" }, { data: "yz" }])), 2);
			const batch = new DatagramBatch(family, 2, 10);
			assert.equal(await twin.recvMany(b, batch), 2);
			assert.deepEqual(texts(batch), ["x", "yz"]);
		});

		test(`the one of ${form} that fails is told, and what went before and comes after, over ${name}`, {
			skip,
		}, async () => {
			using a = bound(kind);
			using b = bound(kind);
			const address = b.getsockname();
			if (family === AF_UNIX) {
				// The largest datagram there depends on the send buffer.
				a.setsockopt(1, 7, 4608);
			}
			const parcel = make(
				family,
				["a", "b", Buffer.alloc(65_600), "d", "e"].map((data) => ({ data, address })),
			);
			const error = await rejectsWith(twin.sendMany(a, parcel), { code: "EMSGSIZE", syscall: "sendmmsg" });
			assert.ok(error instanceof SocketError);
			assert.equal(error.sent, 2);
			assert.equal(await twin.sendMany(a, parcel, 0, { from: 3 }), 2);
			const batch = new DatagramBatch(family, 9, 10);
			assert.equal(await twin.recvMany(b, batch), 4);
			assert.deepEqual(texts(batch), ["a", "b", "d", "e"]);
			const first = await rejectsWith(twin.sendMany(a, parcel, 0, { from: 2 }), { code: "EMSGSIZE" });
			assert.equal((first as SocketError).sent, 0);
		});
	}

	test(`a batch goes back to where its datagrams came from, over ${name}`, { skip }, async () => {
		using server = bound(kind);
		using one = bound(kind);
		using two = bound(kind);
		await twin.sendto(one, "from one", server.getsockname());
		await twin.sendto(two, "and from two", server.getsockname());
		await twin.sendto(one, "one again", server.getsockname());
		const batch = new DatagramBatch(family, 16, 64);
		assert.equal(await twin.recvMany(server, batch), 3);
		for (const { data } of batch) data[0] = 0x2a;
		assert.equal(await twin.sendMany(server, batch), 3);
		const back = new DatagramBatch(family, 16, 64);
		assert.equal(await twin.recvMany(one, back), 2);
		assert.deepEqual(texts(back), ["*rom one", "*ne again"]);
		assert.equal(await twin.recvMany(two, back), 1);
		assert.deepEqual(texts(back), ["*nd from two"]);
		assert.deepEqual(back.at(0)?.address, server.getsockname());
		// Some of them, or others beside them.
		await twin.sendto(one, "more", server.getsockname());
		await twin.recvMany(server, batch);
		batch.push("added", two.getsockname());
		assert.equal(await twin.sendMany(server, [...batch]), 2);
		assert.equal((await twin.recv(one, 100)).toString(), "more");
		assert.equal((await twin.recv(two, 100)).toString(), "added");
		assert.equal(await twin.sendMany(server, batch), 2);
		assert.equal((await twin.recv(one, 100)).toString(), "more");
		assert.equal((await twin.recv(two, 100)).toString(), "added");
	});

	test(`recvMany() waits for a datagram, over ${name}`, { skip }, async () => {
		using a = bound(kind);
		using b = bound(kind);
		a.connectSync(b.getsockname());
		const batch = new DatagramBatch(family, 4, 20);
		for (const data of ["first", "second"]) {
			const acted = whileWaiting({ do: "send", fd: a.fileno(), data });
			assert.equal(await twin.recvMany(b, batch, MSG_WAITFORONE), 1);
			await acted;
			assert.deepEqual(texts(batch), [data]);
			assert.deepEqual(batch.at(0)?.address, a.getsockname());
		}
	});

	test(`recvMany() takes no more than there is room for, and leaves the rest, over ${name}`, {
		skip,
	}, async () => {
		using a = bound(kind);
		using b = bound(kind);
		const address = b.getsockname();
		const data = ["1", "22", "333", "4444", "55555"];
		await twin.sendMany(
			a,
			data.map((each) => ({ data: each, address })),
		);
		const batch = new DatagramBatch(family, 2, 3);
		const got: string[][] = [];
		for (let count = 0; count < 5; count += batch.length) {
			await twin.recvMany(b, batch);
			got.push(texts(batch));
		}
		assert.deepEqual(got, [["1", "22"], ["333", "444"], ["555"]]);
		assert.equal(batch.at(0)?.flags, MSG_TRUNC);
		assert.equal(batch.at(1), undefined);
		await twin.sendto(a, "too long", address);
		await twin.recvMany(b, batch, MSG_TRUNC);
		assert.deepEqual([batch.at(0)?.size, batch.at(0)?.data.toString()], [8, "too"]);
	});

	test(`recvMany() peeks at one datagram, over ${name}`, { skip }, async () => {
		using a = bound(kind);
		using b = bound(kind);
		for (const data of ["x", "yy"]) await twin.sendto(a, data, b.getsockname());
		const batch = new DatagramBatch(family, 4, 20);
		assert.equal(await twin.recvMany(b, batch, MSG_PEEK), 1);
		assert.equal(await twin.recvMany(b, batch), 2);
		assert.deepEqual(texts(batch), ["x", "yy"]);
	});

	test(`nothing there is told as the timeout says, and empties the batch, over ${name}`, {
		skip,
	}, async () => {
		using a = bound(kind);
		using b = bound(kind);
		const batch = new DatagramBatch(family, 4, 20);
		await twin.sendto(a, "x", b.getsockname());
		await twin.recvMany(b, batch);
		await rejectsWith(twin.recvMany(b, batch, 0, { timeout: 5 }), { code: "ETIMEDOUT", syscall: "recvmmsg" });
		assert.equal(batch.length, 0);
		await rejectsWith(twin.recvMany(b, batch, MSG_DONTWAIT), { code: "EAGAIN", name: "BlockingIOError" });
		b.settimeout(0);
		await rejectsWith(twin.recvMany(b, batch), { code: "EAGAIN", syscall: "recvmmsg" });
		await twin.sendto(a, "y", b.getsockname());
		assert.equal(await twin.recvMany(b, batch), 1);
	});

	test(`without a peer sendMany() is refused, over ${name}`, { skip }, async () => {
		using a = bound(kind);
		const code = family === AF_UNIX ? "ENOTCONN" : "EDESTADDRREQ";
		await rejectsWith(twin.sendMany(a, ["x"]), { code, name: "SocketError", syscall: "sendmmsg" });
	});

	test(`on a closed socket both fail with EBADF, over ${name}`, { skip }, async () => {
		const a = bound(kind);
		const address = a.getsockname();
		a.close();
		const batch = new DatagramBatch(family, 2, 20);
		batch.push("x", address);
		await rejectsWith(twin.sendMany(a, batch), { code: "EBADF", syscall: "sendmmsg" });
		await rejectsWith(twin.sendMany(a, ["x"]), { code: "EBADF", syscall: "sendmmsg" });
		await rejectsWith(twin.recvMany(a, batch), { code: "EBADF", syscall: "recvmmsg" });
		assert.equal(batch.push("y", address), batch.length, "the batch is free again");
	});
}

/** Sends single letters until the kernel takes no more, and gives how many it took. */
async function fill(twin: Twin, send: (datagrams: string[]) => Promise<number>): Promise<number> {
	let total = 0;
	for (;;) {
		try {
			total += await send(Array(100).fill("x"));
		} catch (error) {
			assert.equal((error as SocketError).code, "EAGAIN", twin.name);
			return total;
		}
	}
}

function waiting(twin: Twin): void {
	test("sendMany() waits for room, and sends all of a list or a batch", async () => {
		using pair = unnamedPair(SOCK_DGRAM);
		const filled = await fill(twin, (data) => twin.sendMany(pair.client, data, 0, { timeout: 0 }));
		assert.ok(filled > 0);
		for (const [, make] of forms) {
			const data = Array.from({ length: 50 }, (_, index) => ({ data: String.fromCharCode(65 + index) }));
			const taken = whileWaiting({ do: "receive", fd: pair.server.fileno(), count: filled + 20 });
			assert.equal(await twin.sendMany(pair.client, make(AF_UNIX, data)), 50);
			assert.deepEqual(await taken, [filled + 20]);
			let rest = "";
			for (let count = 0; count < 30; count++) rest += await twin.recv(pair.server, 10);
			const all = data.map((each) => each.data).join("");
			assert.equal(rest, all.slice(20));
			assert.equal(await fill(twin, (more) => twin.sendMany(pair.client, more, 0, { timeout: 0 })), filled);
		}
	});

	test("sendMany() waits by the clock for a Unix receiver that it is not connected to", async () => {
		const unix = datagramKinds[2] as Kind;
		using a = bound(unix);
		using b = bound(unix);
		const address = b.getsockname();
		const filled = await fill(twin, (data) =>
			twin.sendMany(
				a,
				data.map((each) => ({ data: each, address })),
				0,
				{ timeout: 0 },
			),
		);
		for (const [, make] of forms) {
			const parcel = make(
				AF_UNIX,
				["p", "q", "r"].map((data) => ({ data, address })),
			);
			const error = await rejectsWith(twin.sendMany(a, parcel, 0, { timeout: 5 }), { code: "ETIMEDOUT" });
			assert.equal((error as SocketError).address, address);
			const taken = whileWaiting({ do: "receive", fd: b.fileno(), count: filled });
			assert.equal(await twin.sendMany(a, parcel), 3);
			await taken;
			const batch = new DatagramBatch(AF_UNIX, 4, 4);
			let got = "";
			while (got.length < 3) {
				await twin.recvMany(b, batch);
				got += texts(batch).join("");
			}
			assert.equal(got, "pqr");
			await fill(twin, (more) =>
				twin.sendMany(
					a,
					more.map((each) => ({ data: each, address })),
					0,
					{ timeout: 0 },
				),
			);
		}
	});

	test("when time is over after a part was sent, sendMany() tells how much", async () => {
		for (const options of [{ timeout: 0 }, { timeout: 5 }]) {
			for (const [, make] of forms) {
				using pair = unnamedPair(SOCK_DGRAM);
				const data = Array.from({ length: 1000 }, () => ({ data: "x" }));
				const sent = await twin.sendMany(pair.client, make(AF_UNIX, data), 0, options);
				assert.ok(sent > 0 && sent < 1000, String(sent));
				pair.server.settimeout(0);
				for (let count = 0; count < sent; count++) await twin.recv(pair.server, 1);
				await rejectsWith(twin.recv(pair.server, 1), { code: "EAGAIN" });
			}
		}
	});

	test("shut down for reading, recvMany() gives 0 instead of waiting", async () => {
		const udpSocket = bound(udp);
		using peer = bound(udp);
		await twin.connect(udpSocket, peer.getsockname());
		using pair = unnamedPair(SOCK_DGRAM);
		for (const socket of [udpSocket, pair.server] as Socket[]) {
			const batch = new DatagramBatch(socket.family, 4, 20);
			if (twin.name === "awaited") {
				const pending = socket.recvMany(batch);
				socket.shutdown(SHUT_RD);
				assert.equal(await pending, 0);
			}
			socket.shutdown(SHUT_RD);
			assert.equal(await twin.recvMany(socket, batch), 0);
			assert.equal(batch.length, 0);
			socket.close();
		}
	});
}

function records(twin: Twin): void {
	test("records of a seqpacket connection come in batches, and 0 at its end", async () => {
		for (const make of [() => connect(seqpacket), () => unnamedPair(SOCK_SEQPACKET)]) {
			using pair = make();
			const batch = new DatagramBatch(AF_UNIX, 4, 20);
			assert.equal(await twin.sendMany(pair.client, ["a", "bb", "ccc"]), 3);
			assert.equal(await twin.recvMany(pair.server, batch), 3);
			assert.deepEqual(texts(batch), ["a", "bb", "ccc"]);
			assert.equal(await twin.sendMany(pair.client, ["", "", "", ""]), 4);
			assert.equal(await twin.recvMany(pair.server, batch), 4, "empty records are no end");
			await twin.sendMany(pair.client, ["d", "", "e"]);
			pair.client.shutdown(SHUT_WR);
			assert.equal(await twin.recvMany(pair.server, batch), 3);
			assert.deepEqual(texts(batch), ["d", "", "e"]);
			assert.equal(await twin.recvMany(pair.server, batch), 0);
			assert.equal(await twin.recvMany(pair.server, batch), 0);
			assert.equal(await twin.sendMany(pair.server, ["back"]), 1, "half-closed");
			assert.equal(await twin.recvMany(pair.client, batch), 1);
		}
	});

	test("recvMany() waits for a record, and for the end", async () => {
		using pair = unnamedPair(SOCK_SEQPACKET);
		const batch = new DatagramBatch(AF_UNIX, 4, 20);
		let acted = whileWaiting({ do: "send", fd: pair.client.fileno(), data: "later" });
		assert.equal(await twin.recvMany(pair.server, batch), 1);
		await acted;
		acted = whileWaiting({ do: "end", fd: pair.client.fileno() });
		assert.equal(await twin.recvMany(pair.server, batch), 0);
		await acted;
	});

	test("a stream has no datagrams", async () => {
		using pair = unnamedPair();
		await assert.rejects(twin.recvMany(pair.client, new DatagramBatch(AF_UNIX, 1, 1)), {
			name: "TypeError",
			message: /stream/,
		});
		await assert.rejects(twin.sendMany(pair.client, ["x"]), { name: "TypeError", message: /stream/ });
		await assert.rejects(twin.sendMany(pair.client, new DatagramBatch(AF_UNIX, 1, 1)), TypeError);
	});
}

for (const twin of twins) {
	describe(`${twin.name} operations on many datagrams`, () => {
		for (const kind of datagramKinds) suite(twin, kind);
		waiting(twin);
		records(twin);

		test("sendMany() resolves host names, each once", async () => {
			using a = bound(udp);
			using b = bound(udp);
			const { port } = b.getsockname() as { port: number };
			const address = { host: "localhost", port };
			const datagrams = ["x", "yy", "zzz"].map((data) => ({ data, address }));
			assert.equal(await twin.sendMany(a, [...datagrams, { data: "n", address: b.getsockname() }]), 4);
			const batch = new DatagramBatch(AF_INET, 9, 9);
			assert.equal(await twin.recvMany(b, batch), 4);
			assert.deepEqual(texts(batch), ["x", "yy", "zzz", "n"]);
			await rejectsWith(twin.sendMany(a, [{ data: "x", address: { host: "no.such.invalid", port } }]), {
				code: "EAI_NONAME",
			}).catch((error: unknown) => {
				// A machine without a resolver answers that it cannot tell.
				if (!/EAI_AGAIN/.test(String(error))) throw error;
			});
		});

		test("a long list goes out whole, whatever its sizes", async () => {
			using pair = unnamedPair(SOCK_DGRAM);
			const sizes = Array.from({ length: 300 }, (_, index) => (index * 7919) % 3000);
			sizes.push(150_000, 1, 150_000, 0);
			const received: Buffer[] = [];
			const list = sizes.map((size, index) => Buffer.alloc(size, 65 + (index % 26)));
			const batch = new DatagramBatch(AF_UNIX, 16, 200_000);
			let from = 0;
			while (from < list.length) {
				from += await twin.sendMany(pair.client, list, 0, { from, timeout: 0 });
				while (received.length < from) {
					await twin.recvMany(pair.server, batch);
					for (const { data } of batch) received.push(Buffer.from(data));
				}
			}
			assert.deepEqual(received, list);
		});
	});
}
