/**
 * recvEach() of what keeps its bounds: datagrams, records, packets.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	type Address,
	AF_INET,
	AF_PACKET,
	AF_UNIX,
	DatagramBatch,
	ETH_P_ALL,
	htons,
	IPPROTO_UDP,
	SHUT_RD,
	SHUT_WR,
	SOCK_DGRAM,
	SOCK_RAW,
	SOCK_SEQPACKET,
	Socket,
} from "../src/index.js";
import { bound, connect, connectedKinds, datagramKinds, type Kind, unnamedPair } from "./support/kinds.js";
import { rejectsWith } from "./support/rejects.js";
import { soon, turns, until } from "./support/until.js";

const [udp] = datagramKinds as [Kind];

function suite(kind: Kind): void {
	describe(`over ${kind.name}`, { skip: kind.skip }, () => {
		test("each datagram is handed out with its sender, the empty ones too, cut at the size", async () => {
			using a = bound(kind);
			using b = bound(kind);
			const got: [string, Address][] = [];
			const sender = a.getsockname() as Address;
			a.sendtoSync("there", b.getsockname());
			const flow = b.recvEach((data, address) => got.push([`${data}`, address as Address]), { size: 5 });
			for (const data of ["one", "", "sixteen", "last"]) a.sendtoSync(data, b.getsockname());
			await until(() => got.length === 5);
			assert.deepEqual(
				got,
				["there", "one", "", "sixte", "last"].map((text) => [text, sender]),
			);
			flow.stop();
			a.sendtoSync("after", b.getsockname());
			assert.equal(`${b.recvSync(10)}`, "after");
		});

		test("the address can be answered as it is, within the handler", async () => {
			using a = bound(kind);
			using b = bound(kind);
			const flow = b.recvEach((data, address) => b.sendtoSync(data, address));
			for (const data of ["ping", "pong"]) {
				a.sendtoSync(data, b.getsockname());
				assert.deepEqual(await soon(a.recvfrom(10)), [Buffer.from(data), b.getsockname()]);
			}
			flow.stop();
		});

		test("paused nothing is handed out, and nothing is lost that the kernel keeps", async () => {
			using a = bound(kind);
			using b = bound(kind);
			const got: string[] = [];
			const flow = b.recvEach((data) => {
				got.push(`${data}`);
				if (got.length === 2) flow.pause();
			});
			for (const data of ["1", "2", "3", "4"]) a.sendtoSync(data, b.getsockname());
			await turns(6);
			assert.deepEqual(got, ["1", "2"]);
			flow.resume();
			await until(() => got.length === 4);
			b.close();
			await soon(flow.ended);
		});

		test("others are refused with EBUSY", async () => {
			using b = bound(kind);
			const flow = b.recvEach(() => {});
			await rejectsWith(b.recvfrom(1), { code: "EBUSY", syscall: "recvfrom" });
			assert.throws(() => b.recvfromSync(1), { code: "EBUSY" });
			const batch = new DatagramBatch(kind.family, 4, 100);
			await rejectsWith(b.recvMany(batch), { code: "EBUSY" });
			assert.throws(() => b.recvManySync(batch), { code: "EBUSY" });
			assert.throws(() => b.transfer(), { code: "EBUSY" });
			flow.stop();
		});
	});
}

for (const kind of datagramKinds) suite(kind);

describe("shut down for reading", () => {
	const pairs = [
		["unnamed Unix datagrams", () => unnamedPair(SOCK_DGRAM)],
		["UDP", () => udpPair()],
	] as const;
	for (const [name, make] of pairs) {
		test(`it ends after what was there: ${name}`, async () => {
			for (const paused of [false, true]) {
				using pair = make();
				const got: string[] = [];
				const flow = pair.server.recvEach((data) => got.push(`${data}`));
				if (paused) flow.pause();
				await turns();
				pair.client.sendSync("last");
				pair.server.shutdown(SHUT_RD);
				await turns();
				if (paused) {
					assert.deepEqual(got, []);
					flow.resume();
				}
				await soon(flow.ended);
				assert.deepEqual(got, ["last"]);
			}
		});
	}
});

test("a UDP flow that hears of a port unreachable ends with ECONNREFUSED, and can be begun again", async () => {
	using pair = udpPair();
	const { client, server } = pair;
	const flow = server.recvEach(() => {});
	const ended = rejectsWith(flow.ended, { code: "ECONNREFUSED", syscall: "recvfrom" });
	const address = client.getsockname();
	client.close();
	server.sendSync("x");
	await soon(ended);
	using again = new Socket(AF_INET, SOCK_DGRAM);
	again.bind(address as { host: string; port: number });
	let text = "";
	const second = server.recvEach((data) => {
		text += `${data}`;
	});
	again.sendtoSync("back", server.getsockname() as { host: string; port: number });
	await until(() => text === "back");
	second.stop();
});

for (const kind of connectedKinds.filter(({ type }) => type === SOCK_SEQPACKET)) {
	test(`records keep their bounds and end with the peer, over ${kind.name}`, async () => {
		for (const how of ["shutdown", "close"] as const) {
			for (const paused of [false, true]) {
				using pair = connect(kind);
				const got: string[] = [];
				const flow = pair.server.recvEach((data) => got.push(`${data}`), { size: 3 });
				if (paused) flow.pause();
				await turns();
				for (const data of ["a", "bcdef", "g"]) pair.client.sendSync(data);
				if (how === "close") pair.client.close();
				else pair.client.shutdown(SHUT_WR);
				await turns();
				flow.resume();
				await soon(flow.ended);
				assert.deepEqual(got, ["a", "bcd", "g"]);
			}
		}
	});
}

test("a flood of datagrams keeps its order, and others get their turn", async () => {
	using pair = unnamedPair(SOCK_SEQPACKET);
	let next = 0;
	const flow = pair.server.recvEach((data) => assert.equal(Number(`${data}`), next++));
	let beats = 0;
	const timer = setInterval(() => beats++, 1);
	for (let count = 0; count < 30_000; count++) await pair.client.sendall(`${count}`);
	await until(() => next === 30_000);
	clearInterval(timer);
	assert.ok(beats > 0);
	flow.stop();
});

const noPackets = ((): string | false => {
	try {
		new Socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)).close();
		return false;
	} catch {
		return "packet and raw sockets need CAP_NET_RAW";
	}
})();

test("packets are handed out with their interface", { skip: noPackets }, async () => {
	using packets = new Socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	packets.bind({ interface: "lo", protocol: ETH_P_ALL });
	using raw = new Socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
	using pair = udpPair();
	const text = `needle ${process.pid} ${performance.now()}`;
	const seen = new Set<string>();
	const flows = [
		packets.recvEach((data, address) => {
			if (data.includes(text)) seen.add(`packet ${(address as { interface: string }).interface}`);
		}),
		raw.recvEach((data, address) => {
			if (data.includes(text)) seen.add(`raw ${(address as { host: string }).host}`);
		}),
	];
	await turns();
	// More than once: what others send through lo may leave no room for it.
	const sending = setInterval(() => pair.client.sendSync(text), 10);
	try {
		await until(() => seen.size === 2);
	} finally {
		clearInterval(sending);
	}
	assert.deepEqual([...seen].sort(), ["packet lo", "raw 127.0.0.1"]);
	for (const flow of flows) flow.stop();
});

test("what no socket can do is said at the beginning or the end, not in between", async () => {
	using a = new Socket(AF_UNIX, SOCK_SEQPACKET);
	const flow = a.recvEach(() => {});
	await rejectsWith(soon(flow.ended), { code: "ENOTCONN", syscall: "recvfrom" });
});

function udpPair() {
	const [client, server] = [bound(udp), bound(udp)];
	client.connectSync(server.getsockname());
	server.connectSync(client.getsockname());
	return {
		client,
		server,
		[Symbol.dispose]() {
			client.close();
			server.close();
		},
	};
}
