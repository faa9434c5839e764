/**
 * Captures in files and streams, and what tcpdump, Wireshark's tools and scapy make of them.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
	closeSync,
	createReadStream,
	createWriteStream,
	existsSync,
	mkdtempSync,
	openSync,
	readFileSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createGunzip, gzipSync } from "node:zlib";
import {
	CaptureFileError,
	type CaptureSource,
	compileFilter,
	createCapture,
	createCaptureSync,
	type FilePacket,
	FilterError,
	openCapture,
	openCaptureSync,
} from "../src/capture/index.js";
import { build, dissect, ethernet, ipv4, tcp, udp } from "../src/packet/index.js";
import { blocksOf, encoded, joined, richFile } from "./support/captures.js";
import { Choice, frame } from "./support/frames.js";
import { askPython } from "./support/oracles.js";

const folder = mkdtempSync(join(tmpdir(), "berkeley-captures-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const fresh = (ending: string): string => join(folder, `${files++}.${ending}`);

function lacks(command: string, argument = "--version"): string | false {
	return spawnSync(command, [argument]).status === 0 ? false : `there is no ${command}`;
}

const noTcpdump = lacks("tcpdump");
const noTshark = lacks("tshark");
const noCapinfos = lacks("capinfos");
const noEditcap = lacks("editcap");
const noMergecap = lacks("mergecap");
const python = "/usr/bin/python3";
const noScapy =
	spawnSync(python, ["-c", "import scapy"]).status === 0 ? false : "Debian's python3 has no scapy";

function run(command: string, ...args: string[]): string {
	const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
	assert.equal(status, 0, `${command} ${args.join(" ")}: ${stderr}`);
	return stdout;
}

/** Packets as a network may have them, a millisecond and a few nanoseconds apart. */
function packets(count: number): FilePacket[] {
	const choice = new Choice(5);
	return Array.from({ length: count }, (_, number) => {
		const bytes = frame(choice);
		const time = { seconds: 1763726400 + Math.floor(number / 1000), nanoseconds: (number % 1000) * 1000007 };
		return { bytes, length: bytes.length, link: "ethernet", ...time };
	});
}

async function write(path: string, some: Iterable<FilePacket>, options = {}): Promise<string> {
	await using writer = await createCapture(path, options);
	await writer.writeAll(some);
	return path;
}

async function collected(source: CaptureSource, options = {}): Promise<FilePacket[]> {
	const found: FilePacket[] = [];
	for await (const packet of await openCapture(source, options)) found.push(packet);
	return found;
}

/** Bytes, length and time: what all formats hold. */
const plain = (some: Iterable<FilePacket>) =>
	Array.from(some, ({ bytes, length, seconds, nanoseconds, link }) => ({
		...{ bytes: Buffer.from(bytes).toString("hex"), length, link },
		time: `${seconds}.${String(nanoseconds).padStart(9, "0")}`,
	}));

describe("captures are read", () => {
	const file = fresh("pcapng");
	const some = packets(300);
	const expected = plain(some);

	test("from a path, a URL, a descriptor, bytes and chunks, awaited and blocking", async () => {
		await write(file, some);
		assert.deepEqual(plain(await collected(file)), expected);
		assert.deepEqual(plain(await collected(pathToFileURL(file))), expected);
		assert.deepEqual(plain(await collected(file, { chunkSize: 512 })), expected);
		assert.deepEqual(plain(openCaptureSync(file, { chunkSize: 777 })), expected);
		const bytes = readFileSync(file);
		assert.deepEqual(plain(await collected(bytes)), expected);
		assert.deepEqual(plain(openCaptureSync([bytes.subarray(0, 100), bytes.subarray(100)])), expected);
		assert.deepEqual(plain(await collected(createReadStream(file, { highWaterMark: 1000 }))), expected);
		assert.deepEqual(plain(await collected(new Blob([bytes]).stream())), expected);
		const fd = openSync(file, "r");
		try {
			assert.deepEqual(plain(await collected(fd)), expected);
			// It is still ours.
			assert.ok(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8").includes(`pos:\t${bytes.length}`));
		} finally {
			closeSync(fd);
		}
		const compressed = Readable.from([gzipSync(bytes)]).pipe(createGunzip());
		assert.deepEqual(plain(await collected(compressed)), expected);
	});

	test("in batches", async () => {
		const reader = await openCapture(file);
		assert.equal(reader.format, "pcapng");
		const found: FilePacket[] = [];
		for (;;) {
			const batch = await reader.batch();
			if (batch === undefined) break;
			found.push(...batch);
		}
		assert.deepEqual(plain(found), expected);
		assert.equal(reader.offset, statSync(file).size);
		const again = openCaptureSync(file);
		assert.equal(again.batchSync()?.length, 300);
		assert.equal(again.batchSync(), undefined);
	});

	test("by several at once, each packet by one of them", async () => {
		const reader = await openCapture(file, { chunkSize: 512 });
		const batches = await Promise.all(Array.from({ length: 200 }, () => reader.batch()));
		assert.deepEqual(plain(batches.flatMap((batch) => batch ?? [])), expected);
		const iterator = (await openCapture(file, { chunkSize: 512 }))[Symbol.asyncIterator]();
		const results = await Promise.all(Array.from({ length: 310 }, () => iterator.next()));
		assert.deepEqual(plain(results.flatMap(({ value }) => (value === undefined ? [] : [value]))), expected);
	});

	test("until the loop is left, which closes the file", async () => {
		const reader = await openCapture(file);
		for await (const packet of reader) {
			assert.equal(packet.length, some[0]?.length);
			break;
		}
		assert.equal(await reader.batch(), undefined);
		const blocking = openCaptureSync(file);
		for (const _ of blocking) break;
		assert.equal(blocking.batchSync(), undefined);
		for (const _ of openCaptureSync(file).blocksSync()) break;
		for await (const _ of (await openCapture(file)).blocks()) break;
		using unread = openCaptureSync(file);
		assert.equal(unread.interfaces.length, 0);
		await using other = await openCapture(file);
		// Closed while a read is under way.
		const pending = other.batch();
		await other.close();
		await pending;
	});

	test("from a stream, until it is closed while the next chunk is waited for", async () => {
		const stream = new PassThrough();
		stream.write(readFileSync(file));
		const reader = await openCapture(stream);
		assert.equal((await reader.batch())?.length, 300);
		const pending = reader.batch();
		await reader.close();
		stream.end();
		assert.equal(await pending, undefined);
	});

	test("as far as they are whole, when they are truncated", async () => {
		const cut = fresh("pcapng");
		const size = statSync(await write(cut, some)).size;
		truncateSync(cut, size - 10);
		const found: FilePacket[] = [];
		await assert.rejects(
			async () => {
				for await (const packet of await openCapture(cut)) found.push(packet);
			},
			(error) => error instanceof CaptureFileError && error.code === "TRUNCATED" && error.offset < size,
		);
		assert.deepEqual(plain(found), expected.slice(0, -1));
		assert.throws(() => [...openCaptureSync(cut)], {
			code: "TRUNCATED",
			reading: "an enhanced packet block",
		});
	});

	test("block by block, so that a copy is the same file", async () => {
		const [from, to] = [fresh("pcapng"), fresh("pcapng")];
		writeFileSync(from, richFile());
		const kinds = new Set<string>();
		await using writer = await createCapture(to);
		for await (const block of (await openCapture(from)).blocks()) {
			kinds.add(block.kind);
			writer.writeBlock(block);
		}
		await writer.close();
		assert.deepEqual(readFileSync(to), readFileSync(from));
		assert.deepEqual([...kinds].sort(), [
			"custom",
			"interface",
			"names",
			"packet",
			"secrets",
			"section",
			"statistics",
			"unknown",
		]);
	});

	test("by a filter", async () => {
		const filter = "udp port 53 or tcp[tcpflags] & tcp-syn != 0";
		const program = compileFilter(filter);
		const wanted = plain(await collected(file, { filter }));
		assert.ok(wanted.length > 0 && wanted.length < 300);
		assert.deepEqual(plain(await collected(file, { filter: program })), wanted);
		assert.deepEqual(plain(openCaptureSync(file, { filter })), wanted);
		const blocks = [...openCaptureSync(file, { filter }).blocksSync()];
		assert.deepEqual(plain(blocks.flatMap(({ packet }) => (packet === undefined ? [] : [packet]))), wanted);
		assert.deepEqual(
			blocks.slice(0, 3).map(({ kind }) => kind),
			["section", "interface", "packet"],
		);
		await assert.rejects(openCapture(file, { filter: "udp prt 53" }), FilterError);
		await assert.rejects(openCapture(file, { filter: [] }), RangeError);
		const odd = encoded({}, (encoder) => {
			encoder.packet({
				...(some[0] as FilePacket),
				link: 228,
				bytes: Uint8Array.of(0x45, ...new Uint8Array(19)),
			});
			encoder.packet({ ...(some[0] as FilePacket), link: 127 });
		});
		const found: FilePacket[] = [];
		await assert.rejects(
			async () => {
				for await (const packet of await openCapture(odd, { filter: "ip" })) found.push(packet);
			},
			{ code: "UNKNOWN_LINK", message: /no filter can be made for link type 127/ },
		);
		assert.deepEqual(
			found.map(({ link }) => link),
			[228],
		);
	});

	test("not at all, when there is nothing to read", async () => {
		await assert.rejects(openCapture(join(folder, "nothing")), { code: "ENOENT" });
		assert.throws(() => openCaptureSync(join(folder, "nothing")), { code: "ENOENT" });
		await assert.rejects(openCapture(gzipSync("x")), { code: "UNKNOWN_FORMAT", message: /createGunzip/ });
		await assert.rejects(openCapture({} as never), /read from a path, a descriptor, bytes, or chunks/);
		await assert.rejects(openCapture(["x"] as never), /a chunk of a capture must be a Uint8Array/);
		await assert.rejects(openCapture(file, { chunkSize: 1 }), RangeError);
		await assert.rejects(openCapture(file, { maxBlockSize: 1 }), RangeError);
		assert.throws(() => openCaptureSync(Readable.from([])), /must be waited for: use openCapture/);
	});

	test("and dissected by their links", () => {
		const inner = build(ipv4({ source: "192.0.2.1", destination: "192.0.2.2" }), udp({ sourcePort: 1 }));
		for (const link of ["raw", 101, 12, 228] as const) {
			assert.equal(dissect(inner, { link }).get(udp)?.sourcePort, 1);
		}
		assert.equal(
			dissect(build(ethernet({ destination: "02:00:00:00:00:01", source: "02:00:00:00:00:02" })), {
				link: "ethernet",
			}).layers[0]?.layer,
			"ethernet",
		);
		assert.deepEqual(
			dissect(inner, { link: 127 }).layers.map(({ layer }) => layer),
			["raw"],
		);
		assert.deepEqual(dissect(new Uint8Array(0), { link: "raw" }).error, undefined);
		assert.throws(() => dissect(inner, { link: "wifi" as never }), RangeError);
	});
});

describe("captures are written", () => {
	const some = packets(50);
	const expected = plain(some);

	test("to a path, a descriptor, streams and functions", async () => {
		const made = readFileSync(await write(fresh("pcapng"), some));
		assert.deepEqual(plain(openCaptureSync(made)), expected);
		const path = fresh("pcapng");
		const fd = openSync(path, "w");
		const byDescriptor = createCaptureSync(fd);
		for (const packet of some) byDescriptor.write(packet);
		byDescriptor.closeSync();
		closeSync(fd);
		assert.deepEqual(readFileSync(path), made);
		const blocking: Uint8Array[] = [];
		{
			using writer = createCaptureSync((bytes) => blocking.push(bytes));
			for (let round = 0; round < 500; round++) for (const packet of some) assert.ok(writer.write(packet));
			assert.ok(blocking.length > 5, "it goes out while it is written");
		}
		assert.equal([...openCaptureSync(blocking)].length, 25_000);
		const throughNode = fresh("pcapng");
		const stream = createWriteStream(throughNode);
		const byStream = await createCapture(stream);
		await byStream.writeAll(some);
		await byStream.close();
		assert.ok(stream.writableFinished);
		assert.deepEqual(readFileSync(throughNode), made);
		const chunks: Uint8Array[] = [];
		const web = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
		const byWeb = await createCapture(web);
		await byWeb.writeAll(some);
		await byWeb.close();
		assert.deepEqual(Buffer.concat(chunks), made);
		const pieces: Uint8Array[] = [];
		const byFunction = await createCapture((bytes) => void pieces.push(bytes));
		await byFunction.writeAll(some);
		assert.equal(byFunction.packets, 50);
		assert.equal(byFunction.bytes, made.length);
		await byFunction.close();
		await byFunction.close();
		assert.deepEqual(Buffer.concat(pieces), made);
		assert.throws(() => byFunction.write(some[0] as FilePacket), /the capture is closed/);
	});

	test("as pcap or pcapng, by the path's ending or the format", async () => {
		for (const [path, options, format] of [
			["a.pcap", {}, "pcap"],
			["a.CAP", {}, "pcap"],
			["a.dmp", {}, "pcap"],
			["a.pcapng", {}, "pcapng"],
			["a", {}, "pcapng"],
			["b", { format: "pcap" }, "pcap"],
			["b.pcap", { format: "pcapng" }, "pcapng"],
		] as const) {
			const file = await write(join(folder, path), some, options);
			const reader = openCaptureSync(file);
			assert.equal(reader.format, format, path);
			assert.deepEqual(plain(reader), expected, path);
		}
	});

	test("with a header, when there are no packets", async () => {
		for (const ending of ["pcap", "pcapng"]) {
			assert.deepEqual(await collected(await write(fresh(ending), [])), []);
		}
	});

	test("with back-pressure", async () => {
		const waiting: (() => void)[] = [];
		let size = 0;
		const writer = await createCapture((bytes) => {
			size += bytes.length;
			return new Promise<void>((resolve) => void waiting.push(resolve));
		});
		const packet = { ...(some[0] as FilePacket), bytes: new Uint8Array(60_000), length: 60_000 };
		let count = 1;
		while (writer.write(packet)) count++;
		assert.equal(count, 5, "256 KiB are there");
		assert.equal(waiting.length, 1);
		assert.equal(writer.write(packet), true, "the piece is on its way, and there is room for the next");
		let drained = false;
		const draining = writer.drain().then(() => {
			drained = true;
		});
		await new Promise((resolve) => setImmediate(resolve));
		assert.equal(drained, false);
		while (!drained) {
			waiting.shift()?.();
			await new Promise((resolve) => setImmediate(resolve));
		}
		await draining;
		assert.equal(size, writer.bytes);
		const closing = writer.close();
		waiting.shift()?.();
		await closing;
	});

	test("until the sink fails, which the next call tells", async () => {
		const failing = new Writable({
			write: (_chunk, _encoding, callback) => callback(new Error("no room")),
		});
		const sinks = [
			failing,
			new WritableStream<Uint8Array>({ write: () => Promise.reject(new Error("no room")) }),
			() => Promise.reject(new Error("no room")),
		];
		for (const sink of sinks) {
			const writer = await createCapture(sink);
			writer.write(some[0] as FilePacket);
			await assert.rejects(writer.drain(), /no room/);
			assert.throws(() => writer.write(some[0] as FilePacket), /no room/);
			await assert.rejects(writer.close(), /no room/);
		}
		const full = await createCapture("/dev/full");
		full.write(some[0] as FilePacket);
		await assert.rejects(full.close(), { code: "ENOSPC" });
		const blocking = createCaptureSync("/dev/full");
		assert.throws(
			() => {
				for (;;) for (const packet of some) blocking.write(packet);
			},
			{ code: "ENOSPC" },
		);
		assert.throws(() => blocking.write(some[0] as FilePacket), { code: "ENOSPC" });
		assert.throws(() => blocking.closeSync(), { code: "ENOSPC" });
		await assert.rejects(createCapture(join(folder, "no", "where")), { code: "ENOENT" });
	});

	test("on, at the end of a file", async () => {
		for (const [ending, options] of [
			["pcapng", {}],
			["pcap", {}],
			["pcap", { precision: "micro", littleEndian: false }],
		] as const) {
			const file = fresh(ending);
			await write(file, some.slice(0, 20), { ...options, append: true });
			await write(file, some.slice(20, 40), { append: true });
			const writer = createCaptureSync(file, { append: true });
			for (const packet of some.slice(40)) writer.write(packet);
			writer.closeSync();
			const cut = "precision" in options;
			const found = plain(openCaptureSync(file)).map(({ time, ...rest }) => ({
				...rest,
				time: cut ? `${time.slice(0, -3)}000` : time,
			}));
			const all = expected.map(({ time, ...rest }) => ({
				...rest,
				time: cut ? `${time.slice(0, -3)}000` : time,
			}));
			assert.deepEqual(found, all);
			assert.equal(
				blocksOf(readFileSync(file)).filter(({ kind }) => kind === "section").length,
				ending === "pcap" ? 0 : 3,
			);
			const size = statSync(file).size;
			truncateSync(file, size - 3);
			await assert.rejects(createCapture(file, { append: true }), { code: "TRUNCATED" });
			assert.throws(() => createCaptureSync(file, { append: true }), { code: "TRUNCATED" });
			assert.equal(statSync(file).size, size - 3, "nothing is written then");
			const other = ending === "pcap" ? "pcapng" : "pcap";
			truncateSync(
				file,
				blocksOf(readFileSync(file).subarray(0, 28 - (ending === "pcap" ? 4 : 0)))[0]?.bytes.length,
			);
			await assert.rejects(createCapture(file, { append: true, format: other }), /cannot be written on as/);
		}
	});

	test("not at all with options that mean nothing, and then there is no file", async () => {
		const path = fresh("pcapng");
		for (const [options, message] of [
			[{ format: "erf" }, /format must be "pcap" or "pcapng", not erf/],
			[{ precision: "pico" }, /precision must be/],
			[{ snapLength: 0 }, /snapLength must be/],
			[{ link: "ethernet" }, /link is for pcap/],
			[{ format: "pcap", section: {} }, /section is for pcapng/],
			[{ section: { os: 7 } }, /section\.os must be a string/],
			[{ littleEndian: 1 }, /littleEndian must be a boolean/],
		] as const) {
			await assert.rejects(createCapture(path, options as object), message);
			assert.throws(() => createCaptureSync(path, options as object), message);
		}
		assert.equal(existsSync(path), false);
		await assert.rejects(createCapture(new PassThrough(), { append: true }), /append is for a file/);
		await assert.rejects(
			createCapture({} as never),
			/written to a path, a descriptor, a stream or a function/,
		);
	});
});

describe("tcpdump", { skip: noTcpdump }, () => {
	const some = packets(200);

	test("reads what is written", async () => {
		for (const [ending, options, digits] of [
			["pcapng", {}, 9],
			["pcap", {}, 9],
			["pcap", { precision: "micro" }, 6],
			["pcap", { littleEndian: false }, 9],
			["pcapng", { littleEndian: false }, 9],
		] as const) {
			const file = await write(fresh(ending), some, options);
			const precision = digits === 9 ? "--nano" : "--micro";
			const lines = run("tcpdump", "-r", file, "-tt", precision, "-nn", "-xx").split("\n");
			const times = lines.filter((line) => /^\d/.test(line)).map((line) => line.split(" ")[0]);
			assert.deepEqual(
				times,
				plain(some).map(({ time }) => time.slice(0, time.length - 9 + digits)),
			);
			const [first = ""] = lines.filter((line) => line.startsWith("\t0x0000"));
			assert.equal(
				first.replace(/^.*: +|\s/g, ""),
				Buffer.from(some[0]?.bytes.subarray(0, 16) ?? "").toString("hex"),
			);
		}
	});

	test("writes what is read, and lets the same packets pass by a filter", async () => {
		const [from, to] = [await write(fresh("pcap"), some), fresh("pcap")];
		run("tcpdump", "-r", from, "-w", to, "--nano");
		assert.deepEqual(plain(openCaptureSync(to)), plain(some));
		for (const filter of ["tcp", "udp or arp", "ip6 and not port 80", "vlan", "host 10.0.0.1"]) {
			run("tcpdump", "-r", from, "-w", to, "--nano", filter);
			assert.deepEqual(plain(openCaptureSync(to)), plain(openCaptureSync(from, { filter })), filter);
		}
	});
});

describe("Wireshark's tools", () => {
	const some = packets(100);

	test("tshark reads packets, interfaces and comments as they were written", { skip: noTshark }, async () => {
		const file = fresh("pcapng");
		await using writer = await createCapture(file, {
			section: { application: "test", comment: "of a section" },
		});
		const eth = { index: 4, name: "eth0", link: "ethernet", description: "uplink", os: "Linux" } as const;
		for (const [number, packet] of some.entries()) {
			writer.write({
				...packet,
				interface: number % 2 === 0 ? eth : { index: 9, name: "eth1" },
				...(number % 3 === 0 ? { comment: `the ${number}th ✓` } : {}),
				...(number % 5 === 0 ? { direction: "out" } : {}),
				...(number % 7 === 0 ? { packetId: BigInt(number) } : {}),
			});
		}
		await writer.close();
		const names = ["time_epoch", "len", "interface_name", "interface_description", "comment", "packet_flags"];
		const fields = names.flatMap((name) => ["-e", `frame.${name}`]);
		const lines = run("tshark", "-r", file, "-T", "fields", ...fields)
			.trimEnd()
			.split("\n");
		assert.deepEqual(
			lines.map((line) => [...line.split("\t"), "", ""].slice(0, 6)),
			some.map(({ length }, number) => [
				plain(some)[number]?.time,
				String(length),
				number % 2 === 0 ? "eth0" : "eth1",
				number % 2 === 0 ? "uplink" : "",
				number % 3 === 0 ? `the ${number}th ✓` : "",
				number % 5 === 0 ? "0x00000002" : "",
			]),
		);
	});

	test("capinfos says the same of a file", { skip: noCapinfos }, async () => {
		for (const [ending, littleEndian] of [
			["pcap", true],
			["pcap", false],
			["pcapng", true],
			["pcapng", false],
		] as const) {
			const file = await write(fresh(ending), some, { littleEndian, snapLength: 70 });
			const told = run("capinfos", "-M", "-c", "-l", "-d", "-u", "-E", file);
			assert.match(told, /Number of packets:\s+100\n/);
			assert.match(told, /Packet size limit:\s+(file hdr|inferred): 70 bytes/);
			assert.match(told, /File encapsulation:\s+ether/);
		}
		const rich = fresh("pcapng");
		writeFileSync(rich, blocksOfFirstSection());
		const told = run("capinfos", "-M", rich);
		assert.match(told, /Capture oper-sys:\s+Linux/);
		assert.match(told, /Name = eth0/);
	});

	test("editcap writes what is read, in every format that both know", { skip: noEditcap }, async () => {
		const from = await write(fresh("pcapng"), some);
		for (const [format, expected] of [
			["pcapng", plain(some)],
			["nsecpcap", plain(some)],
			["pcap", plain(some).map(({ time, ...rest }) => ({ ...rest, time: `${time.slice(0, -3)}000` }))],
			["modpcap", plain(some).map(({ time, ...rest }) => ({ ...rest, time: `${time.slice(0, -3)}000` }))],
		] as const) {
			const to = fresh("out");
			run("editcap", "-F", format, from, to);
			assert.deepEqual(plain(openCaptureSync(to)), expected, format);
		}
		const commented = fresh("pcapng");
		run("editcap", "-a", "3:a comment", "-s", "40", from, commented);
		const third = [...openCaptureSync(commented)][2] as FilePacket;
		assert.equal(third.comment, "a comment");
		assert.ok(third.bytes.length <= 40);
		const secrets = fresh("keys");
		writeFileSync(secrets, `CLIENT_RANDOM ${"00".repeat(32)} ${"11".repeat(48)}\n`);
		const withKeys = fresh("pcapng");
		run("editcap", "--inject-secrets", `tls,${secrets}`, from, withKeys);
		const found = blocksOf(readFileSync(withKeys)).find(({ kind }) => kind === "secrets")?.value;
		assert.ok(found?.kind === "secrets");
		assert.equal(found.value.secretsType, 0x544c534b);
		assert.equal(Buffer.from(found.value.secrets).toString(), readFileSync(secrets, "utf8"));
	});

	test("mergecap's files of several interfaces are read", { skip: noMergecap }, async () => {
		const one = await write(fresh("pcapng"), some.slice(0, 50));
		const two = await write(fresh("pcap"), some.slice(50));
		const merged = fresh("pcapng");
		run("mergecap", "-w", merged, one, two);
		const read = [...openCaptureSync(merged)];
		assert.deepEqual(plain(read), plain(some));
		assert.ok(new Set(read.map((packet) => packet.interface?.index)).size >= 1);
	});
});

/** The first section of the rich file, in which there is nothing that Wireshark does not expect. */
function blocksOfFirstSection(): Uint8Array {
	const blocks = blocksOf(richFile());
	const second = blocks.findIndex(({ kind }, index) => kind === "section" && index > 0);
	return joined(...blocks.slice(second, -2).map(({ bytes }) => bytes));
}

describe("scapy", { skip: noScapy }, () => {
	const some = packets(60);

	test("reads what is written", async () => {
		const script = `
from scapy.utils import rdpcap, RawPcapNgReader, RawPcapReader
def answer(path):
    return [[bytes(p).hex(), p.wirelen, str(p.time)] for p in rdpcap(path)]
`;
		const paths: string[] = [];
		for (const ending of ["pcap", "pcapng"]) {
			for (const littleEndian of [true, false])
				paths.push(await write(fresh(ending), some, { littleEndian }));
		}
		for (const found of askPython(script, paths, python)) {
			const read = found as [string, number, string][];
			assert.deepEqual(
				read.map(([hex, length, time]) => [hex, length, Number(time).toFixed(6)]),
				plain(some).map(({ bytes, length, time }) => [bytes, length, Number(time).toFixed(6)]),
			);
		}
	});

	test("writes what is read", () => {
		const script = `
from scapy.utils import wrpcap, PcapWriter, PcapNgWriter
from scapy.layers.l2 import Ether
def answer(request):
    packets = []
    for hex, time in request["packets"]:
        p = Ether(bytes.fromhex(hex)); p.time = time
        packets.append(p)
    if request["path"].endswith("ng"):
        writer = PcapNgWriter(request["path"])
    else:
        writer = PcapWriter(request["path"], endianness=request["endianness"], nano=request["nano"])
    writer.write(packets)
    writer.close()
    return len(packets)
`;
		const list = plain(some).map(({ bytes, time }) => [bytes, Math.floor(Number(time))]);
		const requests = [
			{ path: fresh("pcap"), endianness: "<", nano: false, packets: list },
			{ path: fresh("pcap"), endianness: ">", nano: true, packets: list },
			{ path: fresh("pcapng"), packets: list },
		];
		askPython(script, requests, python);
		for (const { path } of requests) {
			const read = plain(openCaptureSync(path));
			assert.deepEqual(
				read.map(({ bytes, time }) => [bytes, Number(time)]),
				list,
			);
		}
	});
});

test("a program copies what it wants, and may change it", async () => {
	const [from, to] = [await write(fresh("pcap"), packets(100)), fresh("pcapng")];
	await using writer = await createCapture(to);
	for (const packet of openCaptureSync(from, { filter: "tcp" })) {
		const port = dissect(packet.bytes, { link: packet.link }).get(tcp)?.destinationPort;
		writer.write({ ...packet, comment: `to port ${port}` });
	}
	await writer.close();
	for (const packet of openCaptureSync(to)) assert.match(packet.comment ?? "", /^to port (\d+|undefined)$/);
});
