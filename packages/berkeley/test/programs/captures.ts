/**
 * Live captures, each case in a process of its own in a network namespace with a cable from v1 to v0:
 * `captures.js CASE ring|queue`. It ends with 0 when all was as it should be.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	type Capture,
	type CapturedPacket,
	type CaptureOptions,
	capture,
	FilterError,
} from "../../src/capture/index.js";
import { ifNametoindex, PermissionError, SocketError } from "../../src/index.js";
import { dissect, sll, sll2 } from "../../src/packet/index.js";
import { flowFrame, frameOf, frameSender, numberOf } from "../support/capturing.js";
import { Choice, frame } from "../support/frames.js";
import { collectGarbage, descriptors } from "../support/measures.js";
import { startWorker } from "../support/programs.js";
import { isDeno } from "../support/runtime.js";
import { soon, until } from "../support/until.js";

const [name = "", kind = "ring"] = process.argv.slice(2);
const ring = kind === "ring";

/** A capture by what is tested; small blocks, so that a test needs few packets to go from one to the next. */
function begin(options: Partial<CaptureOptions> = {}): Capture {
	const blocks = { blockSize: 4096, bufferSize: 262144, blockTimeout: 1 };
	return capture({ interface: "v0", ring, ...(ring ? blocks : {}), ...options });
}

function run(command: string, ...args: string[]): string {
	const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
	assert.equal(status, 0, `${command} ${args.join(" ")}: ${stderr}`);
	return stdout;
}

/** So many packets, or an error when they do not come. */
async function take(packets: Capture, count: number): Promise<CapturedPacket[]> {
	const taken: CapturedPacket[] = [];
	while (taken.length < count) taken.push(await packets.recv({ timeout: 10_000 }));
	return taken;
}

const numbers = (packets: readonly CapturedPacket[]): number[] => packets.map(({ bytes }) => numberOf(bytes));
const upTo = (count: number, first = 0): number[] =>
	Array.from({ length: count }, (_, index) => first + index);
const now = (): number => Date.now() / 1000;
const timeOf = ({ seconds, nanoseconds }: CapturedPacket): number => seconds + nanoseconds / 1e9;

/** All packets of a pcap file with microseconds, as tcpdump writes it. */
function fileOf(path: string): { bytes: Buffer; length: number; time: number }[] {
	const file = readFileSync(path);
	const found = [];
	for (let at = 24; at + 16 <= file.length; ) {
		const size = file.readUInt32LE(at + 8);
		found.push({
			bytes: file.subarray(at + 16, at + 16 + size),
			length: file.readUInt32LE(at + 12),
			time: file.readUInt32LE(at) + file.readUInt32LE(at + 4) / 1e6,
		});
		at += 16 + size;
	}
	return found;
}

/** What tcpdump writes of what happens meanwhile, and `count` packets of the capture. */
async function besideTcpdump(
	packets: Capture,
	args: readonly string[],
	count: number,
	happen: () => void,
): Promise<[theirs: ReturnType<typeof fileOf>, ours: CapturedPacket[]]> {
	const folder = mkdtempSync(join(tmpdir(), "capture-"));
	try {
		const path = join(folder, "file.pcap");
		const child = spawn("tcpdump", ["-w", path, "-U", "-c", String(count), ...args]);
		let said = "";
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			said += text;
		});
		const ended = once(child, "close");
		await until(() => said.includes("listening on"));
		happen();
		const ours = await take(packets, count);
		assert.deepEqual(await soon(ended, said), [0, null], said);
		return [fileOf(path), ours];
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function assertSame(ours: readonly CapturedPacket[], theirs: ReturnType<typeof fileOf>): void {
	assert.equal(ours.length, theirs.length);
	for (const [index, packet] of ours.entries()) {
		const other = theirs[index] as (typeof theirs)[number];
		assert.equal(Buffer.from(packet.bytes).toString("hex"), other.bytes.toString("hex"));
		assert.equal(packet.length, other.length);
		assert.ok(Math.abs(timeOf(packet) - other.time) < 0.5, `${timeOf(packet)} and ${other.time}`);
	}
}

const cases: Record<string, () => Promise<void> | void> = {
	async packets() {
		using packets = begin();
		using sender = frameSender();
		assert.equal(packets.ring, ring);
		assert.equal(packets.link, "ethernet");
		const index = ifNametoindex("v0");
		const immediate = capture({ interface: index, immediate: true });
		assert.deepEqual(
			{ ring: immediate.ring, interface: immediate.interface },
			{ ring: false, interface: index },
		);
		immediate.close();
		const sizes = [18, 60, 64, 99, 100, 101, 1000, 1514];
		const before = now();
		for (const [number, size] of sizes.entries()) sender.sendSync(frameOf(number, size));
		const taken = await take(packets, sizes.length);
		const after = now();
		for (const [number, packet] of taken.entries()) {
			const frame = frameOf(number, sizes[number]);
			assert.deepEqual(Buffer.from(packet.bytes), frame);
			const { length, link, direction, vlan, nanoseconds } = packet;
			assert.deepEqual(
				{ length, link, direction, vlan },
				{
					length: frame.length,
					link: "ethernet",
					direction: "in",
					vlan: undefined,
				},
			);
			assert.deepEqual(packet.interface, { index, name: "v0" });
			assert.ok(Number.isInteger(nanoseconds) && nanoseconds >= 0 && nanoseconds < 1e9);
			assert.ok(timeOf(packet) > before - 0.1 && timeOf(packet) < after + 0.1);
		}
		const times = taken.map(timeOf);
		assert.deepEqual(times, times.toSorted?.() ?? [...times].sort());
		// Not all of them end with three zeros, as microseconds would.
		assert.ok(taken.some(({ nanoseconds }) => nanoseconds % 1000 !== 0));
		const { captured, received, dropped, freezes } = packets.statistics();
		assert.deepEqual(
			{ captured, received, dropped, freezes },
			{
				captured: sizes.length,
				received: sizes.length,
				dropped: 0,
				freezes: 0,
			},
		);
	},

	async tcpdump() {
		using packets = begin({ bufferSize: 4 * 2 ** 20 });
		using sender = frameSender();
		const [theirs, ours] = await besideTcpdump(packets, ["-i", "v0", "-nn"], 500, () => {
			for (let number = 0; number < 500; number++)
				sender.sendSync(frameOf(number, 18 + ((number * 7) % 1400)));
		});
		assert.deepEqual(numbers(ours), upTo(500));
		assertSame(ours, theirs);
	},

	async snaplen() {
		using packets = begin({ snaplen: 68 });
		using sender = frameSender();
		const sizes = [60, 68, 69, 1000];
		for (const [number, size] of sizes.entries()) sender.sendSync(frameOf(number, size));
		const taken = await take(packets, sizes.length);
		assert.deepEqual(
			taken.map(({ length }) => length),
			sizes,
		);
		assert.deepEqual(
			taken.map(({ bytes }) => bytes.length),
			[60, 68, 68, 68],
		);
		for (const [number, { bytes }] of taken.entries()) {
			assert.deepEqual(Buffer.from(bytes), frameOf(number, sizes[number]).subarray(0, 68));
		}
	},

	/** A flood of other packets is under way each time that a capture begins. */
	async stray() {
		const flood = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? "", "flood"], {
			stdio: ["pipe", "pipe", "inherit"],
		});
		const ended = once(flood, "close");
		await once(flood.stdout, "data");
		try {
			for (let round = 0; round < 12; round++) {
				using packets = begin({ filter: "ether proto 0x88b6" });
				for (const { bytes } of await take(packets, 3)) {
					assert.equal(Buffer.from(bytes).readUInt16BE(12), 0x88b6);
				}
				assert.ok(packets.statistics().received >= 3);
			}
		} finally {
			flood.stdin.end();
			await ended;
		}
	},

	/** Sends frames of two types until its standard input ends. */
	async flood() {
		let over = false;
		process.stdin.resume().once("end", () => {
			over = true;
		});
		using sender = frameSender();
		console.log("flooding");
		for (let number = 0; !over; ) {
			for (let turn = 0; turn < 64; turn++, number++) {
				sender.sendSync(frameOf(number, 60, number % 16 === 0 ? 0x88b6 : 0x88b5));
			}
			await new Promise((resolve) => setImmediate(resolve));
		}
	},

	/** The programs that tcpdump makes for an interface judge those of the compiler. */
	async filters() {
		using sender = frameSender();
		const vlan = frameOf(7, 60);
		vlan.set([0x81, 0x00, 0x60, 0x05, 0x08, 0x00, 0x45], 12);
		const double = frameOf(9, 60);
		double.set([0x88, 0xa8, 0x00, 0x06, 0x81, 0x00, 0x60, 0x05, 0x08, 0x00, 0x45], 12);
		const plain = frameOf(8, 60, 0x0800);
		plain[14] = 0x45;
		const choice = new Choice(5);
		const frames = [vlan, double, plain, ...Array.from({ length: 200 }, () => frame(choice))];
		const tested = [
			"vlan",
			"vlan 5",
			"not vlan",
			"vlan 6 and vlan 5",
			"vlan 5 and ip",
			"vlan and udp",
			"vlan and tcp port 80",
			"vlan 6 or ip",
			"ip or vlan 5",
			"vlan and host 10.0.0.1",
			"not vlan 5 and arp",
			"vlan and ip6",
			"ip",
			"tcp and vlan 6",
			"len > 59",
			"ether[12:2] = 0x8100",
			"vlan and ip[8] > 5",
		];
		for (const side of ["v0", "v1"]) {
			for (const filter of tested) {
				const theirs = run("tcpdump", "-i", side, "-ddd", filter)
					.trim()
					.split("\n")
					.slice(1)
					.map((line) => {
						const [code = 0, jt = 0, jf = 0, k = 0] = line.split(" ").map(Number);
						return { code, jt, jf, k };
					});
				const room = ring ? { bufferSize: 2 ** 20 } : {};
				using expected = begin({ filter: theirs, interface: side, ...room });
				using packets = begin({ filter, interface: side, ...room });
				for (const bytes of frames) sender.sendSync(bytes);
				const { received } = expected.statistics();
				const what = `${filter} at ${side}`;
				assert.equal(packets.statistics().received, received, what);
				const bytesOf = (taken: readonly CapturedPacket[]): string[] =>
					taken.map(({ bytes }) => Buffer.from(bytes).toString("hex"));
				assert.deepEqual(
					bytesOf(await take(packets, received)),
					bytesOf(await take(expected, received)),
					what,
				);
			}
		}
		// The kernel's filter sees no cooked header.
		assert.throws(() => begin({ interface: "any", filter: "ether[0] = 1" }), FilterError);
	},

	async vlans() {
		// What arrives with a tag in its bytes has it beside them when it is captured.
		using sender = frameSender();
		const tagged = (number: number, size: number): Buffer => {
			const frame = frameOf(number, size);
			return Buffer.concat([frame.subarray(0, 12), Buffer.from([0x81, 0, 0x60, 5]), frame.subarray(12)]);
		};
		{
			using packets = begin({ snaplen: 200 });
			const [theirs, ours] = await besideTcpdump(
				packets,
				["--immediate-mode", "-i", "v0", "-s", "200"],
				4,
				() => {
					for (const number of upTo(4)) sender.sendSync(tagged(number, 60 + number * 100));
				},
			);
			assertSame(ours, theirs);
			for (const [number, { bytes, length, vlan }] of ours.entries()) {
				const frame = tagged(number, 60 + number * 100);
				assert.deepEqual(Buffer.from(bytes), frame.subarray(0, 200));
				assert.equal(length, frame.length);
				assert.deepEqual(vlan, { tci: 0x6005, tpid: 0x8100 });
			}
		}
		using packets = begin({ vlanInBytes: false, filter: "vlan 5" });
		sender.sendSync(tagged(9, 60));
		const [packet] = await take(packets, 1);
		assert.deepEqual(Buffer.from(packet?.bytes ?? []), frameOf(9));
		assert.deepEqual(packet?.vlan, { tci: 0x6005, tpid: 0x8100 });
	},

	async directions() {
		using sender = frameSender("v0");
		using other = frameSender("v1");
		const peers = Uint8Array.of(2, 0, 0, 0, 0, 2);
		for (const [direction, expected] of [
			[undefined, [1, 2]],
			["in", [2]],
			["out", [1]],
		] as const) {
			using packets = begin(direction === undefined ? {} : { direction });
			sender.sendSync(frameOf(1, 60, 0x88b5, peers));
			other.sendSync(frameOf(2));
			const taken = await take(packets, expected.length);
			assert.deepEqual(numbers(taken), expected);
			for (const packet of taken) assert.equal(packet.direction, numberOf(packet.bytes) === 1 ? "out" : "in");
			assert.equal(packets.statistics().received, expected.length);
		}
		// To all, to some, and to another machine.
		using packets = begin();
		for (const [number, to] of [
			[3, [255, 255, 255, 255, 255, 255]],
			[4, [1, 0, 0x5e, 0, 0, 1]],
			[5, [2, 0, 0, 0, 0, 9]],
		] as const) {
			other.sendSync(frameOf(number, 60, 0x88b5, Uint8Array.from(to)));
		}
		const taken = await take(packets, 3);
		assert.deepEqual(
			taken.map(({ direction }) => direction),
			["broadcast", "multicast", "otherhost"],
		);
	},

	async loopback() {
		using packets = begin({ interface: "lo", filter: "icmp" });
		const [theirs, ours] = await besideTcpdump(packets, ["--immediate-mode", "-i", "lo", "icmp"], 6, () => {
			run("ping", "-c3", "-i0.01", "127.0.0.1");
		});
		assertSame(ours, theirs);
		assert.ok(ours.every(({ direction, link }) => direction === "in" && link === "ethernet"));
		assert.equal(packets.statistics().received, 6);
	},

	async any() {
		for (const cooked of ["sll", "sll2"] as const) {
			using packets = begin({ interface: "any", cooked, filter: "icmp or ether proto 0x88b5" });
			using sender = frameSender();
			assert.equal(packets.link, cooked);
			const type = cooked === "sll" ? "LINUX_SLL" : "LINUX_SLL2";
			const args = ["--immediate-mode", "-i", "any", "-y", type, "icmp or ether proto 0x88b5"];
			const [theirs, ours] = await besideTcpdump(packets, args, 5, () => {
				run("ping", "-c1", "127.0.0.1");
				sender.sendSync(frameOf(1, 60, 0x88b5, Uint8Array.of(255, 255, 255, 255, 255, 255)));
				run("ping", "-c1", "-s", "1000", "127.0.0.1");
			});
			assertSame(ours, theirs.slice(0, ours.length));
			const { layers, error } = dissect(ours[0]?.bytes ?? new Uint8Array(), {
				first: cooked === "sll" ? sll : sll2,
			});
			assert.equal(error, undefined);
			assert.deepEqual(
				layers.slice(0, 3).map(({ layer }) => layer),
				[cooked, "ipv4", "icmpv4"],
			);
			assert.ok(ours.some((packet) => packet.interface?.name === "lo"));
			assert.ok(ours.some((packet) => packet.interface?.name === "v0" && packet.direction === "broadcast"));
		}
		using packets = begin({ interface: "any", filter: "len > 500", direction: "in" });
		run("ping", "-c1", "-s", "478", "127.0.0.1");
		run("ping", "-c1", "-s", "600", "127.0.0.1");
		// 478 bytes, ICMP 8, IP 20: 506 without the cooked header's 20.
		for (const size of [526, 526, 648, 648])
			assert.equal((await packets.recv({ timeout: 5000 })).length, size);
	},

	async tunnel() {
		run("ip", "tuntap", "add", "t0", "mode", "tun");
		run("ip", "link", "set", "t0", "up");
		const packets = begin({ interface: "t0" });
		assert.equal(packets.link, "raw");
		packets.close();
		run("ip", "link", "del", "t0");
	},

	async promiscuous() {
		const count = (): number => {
			const [link] = JSON.parse(run("ip", "-j", "-d", "link", "show", "v0"));
			return link.promiscuity;
		};
		const before = count();
		const packets = begin({ promiscuous: true });
		assert.equal(count(), before + 1);
		packets.close();
		assert.equal(count(), before);
		begin().close();
		assert.equal(count(), before);
	},

	/** Nobody reads while there is more than there is room for. */
	async drops() {
		using packets = begin({ bufferSize: 65536 });
		using sender = frameSender();
		const total = 5000;
		for (let number = 0; number < total; number++) sender.sendSync(frameOf(number, 200));
		const before = packets.statistics();
		assert.equal(before.received, total);
		assert.ok(before.dropped > 0);
		assert.equal(before.captured, 0);
		if (ring) assert.ok(before.freezes > 0);
		const there = total - before.dropped;
		const taken = await take(packets, there);
		// What was kept came first, and in order.
		assert.deepEqual(numbers(taken), upTo(there));
		await assert.rejects(packets.recv({ timeout: 20 }), { code: "ETIMEDOUT" });
		assert.deepEqual(
			{ ...packets.statistics(), freezes: 0 },
			{
				captured: there,
				received: total,
				dropped: before.dropped,
				freezes: 0,
			},
		);
		// And it goes on.
		sender.sendSync(frameOf(7));
		assert.deepEqual(numbers(await take(packets, 1)), [7]);
		packets.close();
		assert.equal(packets.statistics().received, total + 1);
	},

	async flows() {
		using packets = begin();
		using sender = frameSender();
		const send = (first: number, count: number): void => {
			for (const number of upTo(count, first)) sender.sendSync(frameOf(number, 200));
		};
		const seen: number[] = [];
		const kept: CapturedPacket[] = [];
		const flow = packets.recvEach((packet) => {
			seen.push(numberOf(packet.bytes));
			kept.push(packet.copy());
			if (seen.length === 100) flow.pause();
		});
		await assert.rejects(packets.recv(), { code: "EBUSY" });
		send(0, 300);
		await until(() => flow.paused);
		for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
		assert.equal(seen.length, 100);
		flow.resume();
		await until(() => seen.length === 300);
		assert.deepEqual(seen, upTo(300));
		for (const [number, { bytes }] of kept.entries())
			assert.deepEqual(Buffer.from(bytes), frameOf(number, 200));
		flow.stop();
		await flow.ended;
		// What comes after can be had otherwise.
		send(300, 10);
		assert.deepEqual(numbers(await take(packets, 10)), upTo(10, 300));

		const thrown = packets.recvEach(() => {
			throw new Error("enough");
		});
		send(310, 3);
		await assert.rejects(thrown.ended, /enough/);
		assert.deepEqual(numbers(await take(packets, 2)), [311, 312]);

		const stopped = packets.recvEach((packet) => {
			if (numberOf(packet.bytes) === 322) stopped.stop();
		});
		send(320, 10);
		await stopped.ended;
		assert.deepEqual(numbers(await take(packets, 7)), upTo(7, 323));

		const quiet = packets.recvEach(() => {}, { timeout: 20 });
		await assert.rejects(quiet.ended, { code: "ETIMEDOUT" });
		const aborter = new AbortController();
		const aborted = packets.recvEach(() => {}, { signal: aborter.signal });
		aborter.abort(new Error("no more"));
		await assert.rejects(aborted.ended, /no more/);

		let last = 0;
		const closing = packets.recvEach((packet) => {
			last = numberOf(packet.bytes);
			packets.close();
		});
		send(400, 10);
		await closing.ended;
		assert.equal(last, 400);
		assert.equal(packets.closed, true);
	},

	async waiting() {
		const packets = begin();
		using sender = frameSender();
		assert.throws(() => packets.recvSync({ timeout: 10 }), { code: "ETIMEDOUT" });
		assert.throws(() => packets.recvSync({ timeout: 0 }), { code: "EAGAIN" });
		await assert.rejects(packets.recv({ timeout: 10 }), { code: "ETIMEDOUT" });
		await assert.rejects(packets.recv({ signal: AbortSignal.abort(new Error("not now")) }), /not now/);
		sender.sendSync(frameOf(1));
		assert.equal(numberOf(packets.recvSync({ timeout: 5000 }).bytes), 1);
		const pending = [packets.recv(), packets.recv()];
		for (const number of [2, 3]) sender.sendSync(frameOf(number));
		assert.deepEqual(numbers(await Promise.all(pending)), [2, 3]);

		const seen: number[] = [];
		const reading = (async () => {
			for await (const { bytes } of packets) seen.push(numberOf(bytes));
		})();
		for (const number of upTo(1000, 10)) {
			sender.sendSync(frameOf(number, 100));
			// As much as the smallest queue holds.
			if (number % 50 === 0) await until(() => seen.length > number - 12);
		}
		await until(() => seen.length === 1000);
		assert.deepEqual(seen, upTo(1000, 10));
		const rejected = assert.rejects(packets.recv(), { code: "EBADF" });
		packets.close();
		await Promise.all([reading, rejected]);
		packets.close();
		assert.equal(packets.fileno(), -1);
		await assert.rejects(packets.recv(), { code: "EBADF" });
		assert.throws(() => packets.recvSync(), { code: "EBADF" });
		assert.throws(() => packets.recvEach(() => {}), { code: "EBADF" });
		for await (const packet of packets) assert.fail(`${packet.length}`);

		const aborter = new AbortController();
		const aborted = begin({ signal: aborter.signal });
		const iterating = assert.rejects(async () => {
			for await (const packet of aborted) assert.fail(`${packet.length}`);
		}, /over/);
		const receiving = assert.rejects(aborted.recv({ signal: new AbortController().signal }), /over/);
		aborter.abort(new Error("over"));
		await Promise.all([iterating, receiving]);
		await until(() => aborted.closed);
		assert.throws(() => begin({ signal: AbortSignal.abort(new Error("before")) }), /before/);
	},

	/** Views that were kept against all advice. */
	async views() {
		using sender = frameSender();
		const kept: Uint8Array[] = [];
		for (let round = 0; round < 50; round++) {
			const packets = begin();
			const flow = packets.recvEach((packet) => {
				kept.push(packet.bytes);
				if (kept.length % 10 === 0) packets.close();
			});
			for (const number of upTo(10)) sender.sendSync(frameOf(number, 100));
			await flow.ended;
			if (round % 25 === 0) await collectGarbage();
		}
		assert.equal(kept.length, 500);
		let sum = 0;
		for (const view of kept) {
			assert.equal(view.length, 100);
			for (const byte of view) sum += byte;
			view.fill(1);
			assert.equal(new Uint8Array(view.buffer).length, view.buffer.byteLength);
		}
		if (ring) assert.equal(sum, 0);
		// What was written over the ring's own words does no harm either.
		const packets = begin();
		const flow = packets.recvEach((packet) => new Uint8Array(packet.bytes.buffer).fill(255));
		for (const number of upTo(200)) sender.sendSync(frameOf(number, 100));
		for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
		flow.stop();
		packets.close();
		// Clones are of a block, and last; a transfer, which takes a block away within the call, does no harm.
		const again = begin();
		sender.sendSync(frameOf(5, 100));
		let clone: Uint8Array | undefined;
		let moved: ArrayBuffer | undefined;
		const cloning = again.recvEach((packet) => {
			clone = structuredClone(packet.bytes);
			const { buffer } = packet.bytes;
			try {
				moved = structuredClone(buffer as ArrayBuffer, { transfer: [buffer as ArrayBuffer] });
			} catch {
				// So it is with Node.
			}
			cloning.stop();
		});
		await cloning.ended;
		again.close();
		assert.deepEqual(Buffer.from(clone ?? []), frameOf(5, 100));
		if (moved !== undefined) new Uint8Array(moved).fill(1);
		const third = begin();
		type Movable = ArrayBuffer & { transfer?(): ArrayBuffer };
		const taken: ArrayBuffer[] = [];
		let count = 0;
		const taking = third.recvEach(({ bytes: { buffer } }) => {
			const block = (buffer as Movable).transfer?.();
			if (block !== undefined) taken.push(block);
			count++;
		});
		for (let number = 0; count < 50; number++) {
			sender.sendSync(frameOf(number, 100));
			await new Promise((resolve) => setTimeout(resolve, 1));
		}
		taking.stop();
		third.close();
		await collectGarbage();
		for (const block of taken) new Uint8Array(block).fill(1);
	},

	/** Ring after ring: the addresses of those that were collected serve again. */
	async addresses() {
		const mapped = (): number => {
			const size = /VmSize:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
			return Number(size);
		};
		const round = async (): Promise<void> => {
			for (let count = 0; count < 20; count++) begin({ bufferSize: 4 * 2 ** 20 }).close();
			await collectGarbage();
		};
		await round();
		const before = mapped();
		for (let turn = 0; turn < 5; turn++) await round();
		// 100 rings of 4 MiB would be more than this.
		assert.ok(mapped() - before < 200_000, `${mapped() - before} kB more`);
		assert.doesNotMatch(readFileSync("/proc/self/maps", "utf8"), /socket:/);
	},

	async collected() {
		const warned = once(process, "warning");
		(() => void begin().statistics())();
		const collecting = setInterval(() => void collectGarbage(1), 10);
		const [warning] = await soon(warned, "the warning");
		assert.match(warning.message, /unclosed socket/);
		const gone = (): boolean => !readFileSync("/proc/self/maps", "utf8").includes("socket:");
		await until(gone);
		clearInterval(collecting);
	},

	async interfaces() {
		assert.throws(() => begin({ interface: "nosuch" }), { code: "ENODEV" });
		run("ip", "link", "add", "w0", "type", "veth", "peer", "name", "w1");
		assert.throws(
			() => begin({ interface: "w0" }),
			(error: Error) => error instanceof SocketError && /ENETDOWN.*ip link set w0 up/.test(error.message),
		);
		for (const side of ["w0", "w1"]) {
			run("sh", "-c", `echo 1 >/proc/sys/net/ipv6/conf/${side}/disable_ipv6`);
			run("ip", "link", "set", side, "arp", "off", "up");
		}
		// Down and up again, it goes on.
		using packets = begin({ interface: "w0", filter: "ether proto 0x88b5" });
		using sender = frameSender("w1");
		const received = packets.recv({ timeout: 10_000 });
		await new Promise((resolve) => setImmediate(resolve));
		run("ip", "link", "set", "w0", "down");
		for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
		run("ip", "link", "set", "w0", "up");
		const up = (): boolean => JSON.parse(run("ip", "-j", "link", "show", "w0"))[0].operstate === "UP";
		await until(up);
		sender.sendSync(frameOf(3));
		assert.equal(numberOf((await received).bytes), 3);
		// Gone, it is over.
		const failed = assert.rejects(packets.recv({ timeout: 10_000 }), /the interface is gone/);
		await new Promise((resolve) => setImmediate(resolve));
		run("ip", "link", "del", "w0");
		await failed;
		await assert.rejects(packets.recv({ timeout: 100 }), SocketError);
	},

	async fanout() {
		using sender = frameSender();
		const flows = 64;
		const each = 20;
		for (const mode of ["hash", "lb"] as const) {
			// The first finds a free number for the group.
			const room = ring ? {} : { ring };
			const first = begin({ fanout: { mode } });
			const { fanout } = first;
			assert.equal(fanout?.mode, mode);
			const options = { interface: "v0", ...room, fanout };
			const workers = [
				await startWorker("capturethread", options),
				await startWorker("capturethread", options),
			];
			const third = await startWorker("capturethread", options);
			workers.push(third);
			first.close();
			for (let number = 0; number < each; number++) {
				for (let flow = 0; flow < flows; flow++) sender.sendSync(flowFrame(flow, number, number % 2 === 1));
			}
			type Report = {
				seen: [number, number][];
				statistics: { received: number; dropped: number };
				ring: boolean;
			};
			const ask = async (): Promise<Report[]> =>
				Promise.all(
					workers.map(async (worker) => {
						worker.postMessage("report");
						const [report] = await once(worker, "message");
						return report as Report;
					}),
				);
			let reports = await ask();
			const count = (): number => reports.reduce((sum, { seen }) => sum + seen.length, 0);
			for (let tries = 0; count() < flows * each && tries < 500; tries++) {
				await new Promise((resolve) => setTimeout(resolve, 10));
				reports = await ask();
			}
			const all = reports.flatMap(({ seen }) => seen).map(([flow, number]) => flow * 1000 + number);
			assert.equal(all.length, flows * each);
			assert.equal(new Set(all).size, all.length);
			assert.ok(
				reports.every((report) => report.ring === (ring && !isDeno) && report.statistics.dropped === 0),
			);
			const places = reports.map(({ seen }) => new Set(seen.map(([flow]) => flow)));
			const shared = upTo(flows).filter((flow) => places.filter((place) => place.has(flow)).length > 1);
			if (mode === "hash") {
				assert.deepEqual(shared, [], "both ways of a flow are seen in one place");
				assert.ok(places.every((place) => place.size > 0));
				for (const { seen } of reports) {
					for (const flow of new Set(seen.map(([number]) => number))) {
						const order = seen.filter(([number]) => number === flow).map(([, number]) => number);
						assert.deepEqual(order, upTo(each));
					}
				}
			} else {
				const sizes = reports.map(({ seen }) => seen.length);
				assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`);
			}
			for (const worker of workers) {
				const closed = once(worker, "message");
				worker.postMessage("close");
				await closed;
				await worker.terminate();
			}
		}
		// A group has one mode.
		using one = begin({ fanout: { id: 77, mode: "hash" } });
		assert.throws(
			() => begin({ fanout: { id: 77, mode: "lb" } }),
			(error: Error) => error instanceof SocketError && /EINVAL.*one mode/.test(error.message),
		);
		assert.equal(one.fanout?.id, 77);
	},

	/** Threads are terminated while packets come; what they had mapped goes with them. */
	async terminations() {
		using sender = frameSender();
		let number = 0;
		const traffic = setInterval(() => {
			for (let count = 0; count < 50; count++) sender.sendSync(flowFrame(count, number));
			number++;
		}, 1);
		const options = { interface: "v0", ...(ring ? {} : { ring }), fanout: { id: 9, mode: "hash" } };
		await (await startWorker("capturethread", options)).terminate();
		const before = descriptors();
		const sequence = async (): Promise<void> => {
			for (let round = 0; round < 8; round++) {
				const worker = await startWorker("capturethread", options);
				for (let turn = 0; turn < round % 4; turn++) await new Promise((resolve) => setTimeout(resolve, 3));
				await worker.terminate();
			}
		};
		await Promise.all([sequence(), sequence()]);
		clearInterval(traffic);
		await until(() => !readFileSync("/proc/self/maps", "utf8").includes("socket:"));
		const left = (): number => [...descriptors()].filter(([fd, target]) => before.get(fd) !== target).length;
		await until(() => left() <= (isDeno ? 4 : 0));
		// The group is gone, or this would not be taken.
		begin({ fanout: { id: 9, mode: "lb" } }).close();
	},

	/** The process ends in a handler, with a thread that captures. */
	async exit() {
		const sender = frameSender();
		await startWorker("capturethread", { interface: "v0", ...(ring ? {} : { ring }) });
		let seen = 0;
		begin().recvEach(() => {
			if (++seen === 1000) process.exit(0);
		});
		setInterval(() => {
			for (let count = 0; count < 50; count++) sender.sendSync(flowFrame(count, seen));
		}, 1);
		await new Promise(() => {});
	},

	privilege() {
		assert.throws(
			() => begin({ interface: "lo" }),
			(error) => error instanceof PermissionError && error.message.includes("CAP_NET_RAW"),
		);
	},

	/** The kernel refuses rings. */
	refused() {
		assert.throws(() => capture({ interface: "v0", ring: true }), { code: "ENOMEM" });
		using packets = capture({ interface: "v0" });
		assert.equal(packets.ring, false);
		using sender = frameSender();
		sender.sendSync(frameOf(1));
		assert.equal(numberOf(packets.recvSync({ timeout: 5000 }).bytes), 1);
		assert.equal(packets.statistics().freezes, 0);
	},
};

const scenario = cases[name];
if (scenario === undefined) throw new RangeError(`there is no case ${name}`);
await scenario();
