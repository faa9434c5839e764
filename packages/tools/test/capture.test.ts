/**
 * `sock capture`: files side by side with tcpdump, and live in networks of its own.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createCaptureSync, type FilePacket, openCaptureSync } from "berkeley/capture";
import {
	arp,
	build,
	dns,
	ethernet,
	fromJson,
	icmpv4,
	icmpv6,
	ipv4,
	ipv6,
	tcp,
	udp,
	vlan,
} from "berkeley/packet";
import { lacks, ran, shell, sock, temporaryDirectory } from "./support/command.js";
import { jsonLines } from "./support/json.js";
import { makeNetwork, type Network, noNetwork, sockIn } from "./support/network.js";

const folder = temporaryDirectory();
const link = ethernet({ destination: "02:00:00:00:00:02", source: "02:00:00:00:00:01" });
const ip = ipv4({ source: "192.0.2.1", destination: "192.0.2.2" });
const ip6 = ipv6({ source: "2001:db8::1", destination: "2001:db8::2" });
const ports = { sourcePort: 40000, destinationPort: 4000 };
const segment = { ...ports, sequence: 4294967290, acknowledgment: 8, window: 1000 };
const addresses = {
	senderHardwareAddress: "02:00:00:00:00:01",
	senderProtocolAddress: "192.0.2.1",
	targetHardwareAddress: "00:00:00:00:00:00",
	targetProtocolAddress: "192.0.2.2",
};

/** Of each kind of line one, whose words are tcpdump's own. */
const frames = [
	build(
		link,
		ip,
		tcp({ ...segment, flags: 2, options: [{ kind: "mss", value: 1460 }, { kind: "sackPermitted" }] }),
	),
	build(link, ip, tcp({ ...segment, flags: 0x12, options: [{ kind: "timestamps", value: 5, echo: 6 }] })),
	build(link, ip, tcp({ ...segment, flags: 0x18 }), "hello there"),
	build(link, ip, tcp({ ...segment, flags: 0x10, options: [{ kind: "sack", blocks: [[1, 5]] }] })),
	build(link, ip, tcp({ ...segment, flags: 0xe9, urgentPointer: 3 })),
	build(link, ip, tcp({ ...segment, flags: 0 })),
	build(link, ip6, tcp({ ...segment, flags: 0x11 })),
	build(link, ip, udp(ports), "hello"),
	build(link, ip6, udp(ports)),
	build(link, vlan({ vid: 7, pcp: 3 }), ip, udp(ports), "hello"),
	build(link, ip, icmpv4({ type: 8, identifier: 5, sequence: 6 }), "abc"),
	build(link, ip, icmpv4({ type: 0, identifier: 5, sequence: 6 }), "abc"),
	build(link, ip6, icmpv6({ type: 128, identifier: 5, sequence: 6 }), "abc"),
	build(link, ip6, icmpv6({ type: 129, identifier: 5, sequence: 6 }), "abc"),
	build(link, ip6, icmpv6({ type: 135, targetAddress: "2001:db8::9" })),
	build(link, arp({ operation: 1, ...addresses })),
	build(link, arp({ operation: 2, ...addresses })),
];

const packets: FilePacket[] = frames.map((bytes, number) => ({
	bytes,
	length: bytes.length,
	seconds: 1763726400 + number,
	nanoseconds: number * 1000,
	link: "ethernet",
}));

function fileOf(name: string, some: readonly FilePacket[]): string {
	const path = join(folder, name);
	const writer = createCaptureSync(path);
	for (const packet of some) writer.write(packet);
	writer.closeSync();
	return path;
}

const file = fileOf("some.pcap", packets);
const read = (path: string): FilePacket[] => [...openCaptureSync(path)];
const shown = (path: string): string[] => read(path).map(({ bytes }) => Buffer.from(bytes).toString("hex"));
const hex = frames.map((bytes) => Buffer.from(bytes).toString("hex"));

describe("sock capture reads files", { concurrency: 2 }, () => {
	test("and shows them in tcpdump's lines", { skip: lacks("tcpdump") }, async () => {
		for (const options of [[], ["-e"], ["-t"], ["-tt"], ["-ttt"], ["-tttt", "-e"], ["-ttttt"]]) {
			const { stdout } = spawnSync("tcpdump", ["-nnS", ...options, "-r", file], { encoding: "utf8" });
			const { ending, output, errors } = await ran("capture", "-r", file, ...options);
			assert.equal(output, stdout, options.join(" "));
			assert.equal(ending, 0);
			assert.match(errors, /^reading from \S+, pcap, link-type ethernet \(1\)\n$/);
		}
	});

	test("and shows what tcpdump shows otherwise in its own words", async () => {
		const question = dns({ id: 7, recursionDesired: true, questions: [{ name: "example.com", type: "A" }] });
		const some = [
			build(link, ip, udp({ sourcePort: 40000 }), question),
			build(ethernet({ ...link, type: 0x88b5 }), "abc"),
			build(link, ip, tcp(segment)).subarray(0, 40),
		].map((bytes, number) => ({
			...(packets[number] as FilePacket),
			bytes,
			length: bytes.length,
			comment: "esc\u001b[31m",
		}));
		const path = fileOf("odd.pcapng", some);
		const { output } = await ran("capture", "-r", path, "-t");
		assert.deepEqual(output.trimEnd().split("\n"), [
			"IP 192.0.2.1.40000 > 192.0.2.2.53: dns query 7 A example.com # esc.[31m",
			"02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype Unknown (0x88b5), length 17: raw 3 bytes # esc.[31m",
			"IP 192.0.2.1 > 192.0.2.2: ip-proto-6 6 [ipv4.totalLength at byte 16: it says 40 bytes, and 26 are there] # esc.[31m",
		]);
	});

	test("and shows bytes and fields", async () => {
		const { output } = await ran("capture", "-r", file, "-t", "-c", "1", "-x", "-X");
		assert.match(output, /^IP 192.*\n00000000: 0200 0000 0002 0200 .*\n/);
		assert.match(output, /\nethernet 02:.*\n00000000: 0200 0000 0002 +\.* +destination 02:00:00:00:00:02\n/);
	});

	test("with a filter, and as many as are wanted", async () => {
		assert.match(
			(await ran("capture", "-r", file, "-t", "icmp", "or", "arp")).output,
			/^IP .*ICMP.*\nIP .*\nARP.*\nARP.*\n$/,
		);
		assert.equal((await ran("capture", "-r", file, "-c", "3")).output.split("\n").length, 4);
		const wrong = await ran("capture", "-r", file, "--json", "udp prt 53");
		assert.equal(wrong.ending, 1);
		assert.match(wrong.errors, /^sock: filter: "prt" .* at column 5/);
		assert.deepEqual(
			jsonLines(wrong.output).map(({ event, data }) => [event, data.code]),
			[["error", "FAILURE"]],
		);
	});

	test("from standard input, and writes to standard output", async () => {
		const to = join(folder, "piped.pcapng");
		const program = shell(`$SOCK capture -r - -w - --pcapng udp <${file} | $SOCK capture -r - -w ${to}`);
		assert.equal(await program.ended, 0);
		assert.deepEqual(shown(to), hex.slice(7, 9));
		const headed = shell(`$SOCK capture -r ${file} | head -n 1`);
		assert.equal(await headed.ended, 0);
		assert.match(headed.output.toString(), /^[^\n]+\n$/);
	});

	test("from standard input until a signal, when there comes no more", async () => {
		const program = sock("capture", "-r", "-", "-t").write(readFileSync(file));
		await program.printed(/Reply/);
		program.kill("SIGINT");
		assert.equal(await program.ended, 0);
		const silent = sock("capture", "-r", "-", "-t").write(readFileSync(file).subarray(0, 4));
		// Until it catches the signal.
		const caught = (): boolean => {
			const [, mask = "0"] =
				/SigCgt:\s+([0-9a-f]+)/.exec(readFileSync(`/proc/${silent.child.pid}/status`, "utf8")) ?? [];
			return ((BigInt(`0x${mask}`) >> 14n) & 1n) === 1n;
		};
		while (!caught()) await new Promise((resolve) => setTimeout(resolve, 10));
		silent.kill("SIGTERM");
		assert.equal(await silent.ended, "SIGTERM");
	});

	test("and prints JSON as the schema says, of which packets are built again", async () => {
		const { ending, output, errors } = await ran("capture", "-r", file, "--json", "-x");
		assert.deepEqual([ending, errors], [0, ""]);
		const lines = jsonLines(output);
		assert.deepEqual(
			[lines[0]?.event, lines[0]?.data.format, lines.at(-1)?.event, lines.at(-1)?.data.captured],
			["start", "pcap", "summary", frames.length],
		);
		const events = lines.slice(1, -1);
		assert.deepEqual(
			events.map(({ data }) => data.bytes),
			hex,
		);
		assert.equal(events[3]?.time, "2025-11-21T12:00:03.000003000Z");
		for (const [index, { data }] of events.entries()) {
			const bytes = build(...fromJson(JSON.stringify(data.layers)));
			assert.equal(Buffer.from(bytes).toString("hex"), hex[index]);
		}
		const late = {
			...(packets[0] as FilePacket),
			seconds: 2 ** 33 * 2,
			interface: { index: 1, name: "eth0" },
		};
		const described = { ...late, direction: "out", comment: "late" } as const;
		const other = jsonLines(
			(await ran("capture", "-r", fileOf("late.pcapng", [described]), "--json")).output,
		)[1];
		assert.deepEqual(
			[other?.data.seconds, other?.data.interface, other?.data.direction, other?.data.comment],
			[2 ** 34, { index: 0, name: "eth0" }, "out", "late"],
		);
	});

	test("that are broken as far as they go, and says where they end", async () => {
		const cut = join(folder, "cut.pcap");
		writeFileSync(cut, readFileSync(file));
		truncateSync(cut, statSync(cut).size - 5);
		const { ending, output, errors } = await ran("capture", "-r", cut, "--json");
		assert.equal(ending, 1);
		assert.match(
			errors,
			/^sock: \S+cut\.pcap: a packet record at byte \d+: the file ends within it: of \d+ bytes \d+ are there\n$/,
		);
		const events = jsonLines(output).map(({ event }) => event);
		assert.equal(events.filter((event) => event === "packet").length, frames.length - 1);
		assert.deepEqual(events.slice(-2), ["summary", "error"]);
		assert.equal(jsonLines(output).at(-1)?.data.code, "TRUNCATED");
		assert.match((await ran("capture", "-r", join(folder, "none"))).errors, /^sock: ENOENT/);
	});
});

describe("sock capture writes files", { concurrency: 2 }, () => {
	test("in the format of the name, or that which is said", async () => {
		for (const [name, options, format] of [
			["w.pcap", [], "pcap"],
			["w.pcapng", [], "pcapng"],
			["w2.pcapng", ["--pcap"], "pcap"],
			["w2.pcap", ["--pcapng"], "pcapng"],
		] as const) {
			const to = join(folder, name);
			const { ending, output } = await ran("capture", "-r", file, "-w", to, ...options);
			assert.deepEqual([ending, output], [0, ""]);
			using reader = openCaptureSync(to);
			assert.equal(reader.format, format);
			assert.deepEqual(shown(to), hex);
		}
	});

	test("that lose nothing of what is in a file of the same format", async () => {
		const from = join(folder, "all.pcapng");
		const writer = createCaptureSync(from, {
			section: { os: "Plan 9", comment: "kept" },
			littleEndian: false,
		});
		writer.writeNames({ records: [{ address: "192.0.2.1", names: ["a.example"] }] });
		for (const packet of packets) writer.write({ ...packet, interface: { index: 2, name: "eth2" } });
		writer.writeStatistics({ interface: 0, seconds: 1, nanoseconds: 2, dropped: 3 });
		writer.closeSync();
		const to = join(folder, "copy.pcapng");
		await ran("capture", "-r", from, "-w", to);
		assert.deepEqual(readFileSync(to), readFileSync(from));
		await ran("capture", "-r", from, "-w", to, "-c", "2", "udp");
		const reader = openCaptureSync(to);
		assert.deepEqual(
			[...reader.blocksSync()].map(({ kind }) => kind),
			["section", "names", "interface", "packet", "packet"],
		);
		assert.equal(reader.section.os, "Plan 9");
	});

	test("of a snap length, of a size, and in turn", async () => {
		const to = join(folder, "cut.pcapng");
		await ran("capture", "-r", file, "-w", to, "-s", "20");
		assert.ok(read(to).every(({ bytes, length }) => bytes.length === 20 && length > 20));
		const big = fileOf(
			"big.pcap",
			Array.from({ length: 40 }, (_, n) => packets[n % packets.length] as FilePacket),
		);
		const parts = join(folder, "part.pcap");
		const { output } = await ran("capture", "-r", big, "-w", parts, "-C", "1k", "--json");
		const { files } = jsonLines(output).at(-1)?.data ?? {};
		assert.ok(files.length > 2);
		assert.deepEqual(
			files.map(({ path }: { path: string }) => path),
			files.map((_: unknown, index: number) => (index === 0 ? parts : `${parts}${index}`)),
		);
		assert.deepEqual(
			files.flatMap(({ path }: { path: string }) => shown(path)),
			shown(big),
		);
		for (const { path, bytes } of files) assert.equal(statSync(path).size, bytes);
		const ring = join(folder, "ring.pcap");
		const second = await ran("capture", "-r", big, "-w", ring, "-C", "1k", "-W", "2", "--json");
		const summary = jsonLines(second.output).at(-1)?.data;
		assert.equal(summary.captured, 40);
		assert.deepEqual(summary.files.map(({ path }: { path: string }) => path).sort(), [
			`${ring}0`,
			`${ring}1`,
		]);
		assert.equal(existsSync(`${ring}2`), false);
	});

	test("and shows packets beside, when it is told to", async () => {
		const to = join(folder, "beside.pcapng");
		const { output } = await ran("capture", "-r", file, "-w", to, "--print", "-t", "-c", "2");
		assert.equal(output.split("\n").length, 3);
		assert.deepEqual(shown(to), hex.slice(0, 2));
	});

	test("of one link only where the format has no other", async () => {
		const mixed = fileOf("mixed.pcapng", [
			packets[0] as FilePacket,
			{ ...(packets[0] as FilePacket), link: "sll" },
		]);
		const { ending, errors } = await ran("capture", "-r", mixed, "-w", join(folder, "mixed.pcap"));
		assert.equal(ending, 1);
		assert.match(errors, /sock: a pcap file has packets of one link: .*pcapng takes both\n$/);
	});
});

describe("sock capture refuses", { concurrency: 2 }, () => {
	for (const [line, sentence] of [
		["", /-i with an interface or -r with a file must be given/],
		["-i lo -r x", /'-i, --interface <name>' cannot be used with option '-r, --read <file>'/],
		["-i lo --print", /--print is for files that are written, with -w/],
		["-i lo --pcap", /--pcap is for files that are written/],
		["-i lo -C 1", /-C is for files that are written/],
		["-i lo -U", /-U is for files that are written/],
		["-i lo -w x -W 3", /-W is for files of a size, with -C/],
		["-r x -p", /-p is for capturing from an interface/],
		["-r x -Q in", /-Q is for capturing/],
		["-r x -B 4096", /-B is for capturing/],
		["-r x -s 60", /-s is for capturing with -i, and for files that are written/],
		["-r x -w y -e", /-e is for packets that are shown: give --print/],
		["-r x -w y -x", /-x is for packets that are shown/],
		["-r x --json -tt", /-t is for lines of text, not for --json/],
		["-r x -tttttt", /-t may be given five times at most/],
		["-r x -w - --json", /it cannot have packets as text, too/],
		["-r x -w - -C 1", /-C needs a name/],
		["-r x -w x", /a file cannot be written over itself/],
		["-r x -c 0", /'0' is invalid/],
		["-i lo -w x -C 1t", /'1t' is invalid\. It is a number of millions of bytes/],
		["-i lo -w x --pcap --pcapng", /'--pcap' cannot be used with option '--pcapng'/],
	] as const) {
		test(`sock capture ${line}`, async () => {
			const { ending, errors } = await ran("capture", ...line.split(" ").filter((word) => word !== ""));
			assert.equal(ending, 2);
			assert.match(errors, sentence);
		});
	}
});

describe("sock capture captures", { skip: noNetwork, concurrency: 2 }, () => {
	let net: Network;
	before(async () => {
		net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
	});
	after(() => net?.close());

	/** Sends datagrams to the other host until what is waited for has come. */
	async function sending<T>(port: number, until: Promise<T>): Promise<T> {
		const address = net.ipv4("b");
		const script = `import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    s.sendto(b"hello", ("${address}", ${port})); time.sleep(0.01)`;
		const sender = net.start("a", ["python3", "-c", script]);
		try {
			return await until;
		} finally {
			await sender.stop("SIGKILL");
		}
	}

	test("as many packets as are wanted, in lines, and tells the counts", {
		skip: lacks("python3"),
	}, async () => {
		const program = net.start("b", sockIn("capture", "-i", "eth0", "-c", "3", "udp port 4001"));
		await program.printed(/listening on eth0, link-type ethernet \(1\), snapshot length 262144 bytes/);
		const { code, stdout, stderr } = await sending(4001, program.ended);
		assert.equal(code, 0);
		const lines = stdout.trimEnd().split("\n");
		assert.equal(lines.length, 3);
		for (const line of lines) {
			assert.match(line, /^\d\d:\d\d:\d\d\.\d{6} IP \S+\.\d+ > \S+\.4001: UDP, length 5$/);
		}
		assert.match(
			stderr,
			/\n3 packets captured\n\d+ packets received by filter\n0 packets dropped by kernel\n$/,
		);
	});

	test("into a file until Ctrl-C, which tcpdump and it itself read", { skip: lacks("python3") }, async () => {
		for (const [name, options] of [
			["live.pcapng", ["-U"]],
			["live.pcap", ["-U", "-s", "50"]],
		] as const) {
			const to = join(folder, name);
			const program = net.start(
				"b",
				sockIn("capture", "-i", "eth0", "-w", to, ...options, "udp", "port", "4002"),
			);
			await program.printed(/listening on eth0/);
			// Packets are in the file while it goes on.
			const enough = (async () => {
				while (!existsSync(to) || statSync(to).size < 1000)
					await new Promise((resolve) => setTimeout(resolve, 10));
			})();
			await sending(4002, enough);
			const { code, stdout, stderr } = await program.stop("SIGINT");
			assert.deepEqual([code, stdout], [0, ""]);
			const [, count = ""] = /\n(\d+) packets captured\n/.exec(stderr) ?? [];
			const packets = read(to);
			assert.equal(packets.length, Number(count));
			assert.ok(packets.length >= 5);
			if (name === "live.pcapng") {
				const place = packets[0]?.interface;
				assert.deepEqual([place?.name, packets[0]?.direction], ["eth0", "in"]);
			} else assert.ok(packets.every(({ bytes }) => bytes.length <= 50));
		}
	});

	test("as many packets as are wanted into a file", { skip: lacks("python3") }, async () => {
		const to = join(folder, "counted.pcapng");
		const program = net.start("b", sockIn("capture", "-i", "eth0", "-w", to, "-c", "3", "udp port 4005"));
		await program.printed(/listening on eth0/);
		const { code, stderr } = await sending(4005, program.ended);
		assert.equal(code, 0);
		assert.match(stderr, /\n3 packets captured\n/);
		assert.equal(read(to).length, 3);
	});

	test("in JSON, from all interfaces", { skip: lacks("python3") }, async () => {
		const program = net.start("b", sockIn("capture", "-i", "any", "--json", "-c", "2", "udp port 4003"));
		await program.printed(/"start"/);
		const { code, stdout } = await sending(4003, program.ended);
		assert.equal(code, 0);
		const [start, one, , summary] = jsonLines(stdout);
		assert.deepEqual([start?.data.interface, start?.data.link, start?.data.ring], ["any", "sll2", true]);
		assert.deepEqual(
			[one?.data.interface.name, one?.data.direction, one?.data.layers[0].layer],
			["eth0", "in", "sll2"],
		);
		assert.equal(summary?.data.captured, 2);
		assert.equal(summary?.data.dropped, 0);
	});

	test("nothing, and ends by a signal", async () => {
		for (const signal of ["SIGINT", "SIGTERM"] as const) {
			const program = net.start("b", sockIn("capture", "-i", "eth0", "tcp port 4004"));
			await program.printed(/listening on eth0/);
			const { code, stderr } = await program.stop(signal);
			assert.equal(code, 0);
			assert.match(stderr, /\n0 packets captured\n0 packets received by filter\n/);
		}
	});

	test("not without the privilege, and not from what is no interface", async () => {
		const refused = await net.run("b", sockIn("capture", "-i", "eth0", "--json"), { unprivileged: true });
		assert.equal(refused.code, 1);
		assert.match(refused.stderr, /CAP_NET_RAW/);
		assert.equal(jsonLines(refused.stdout)[0]?.data.code, "EPERM");
		const none = await net.run("b", sockIn("capture", "-i", "eth7"));
		assert.equal(none.code, 1);
		assert.match(none.stderr, /^sock: .*ENODEV/);
	});
});

test("sock capture --help fits a terminal, and says its exit codes", async () => {
	const program = sock("capture", "--help").end();
	assert.equal(await program.ended, 0);
	const text = program.output.toString();
	for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
	assert.match(text, /Exit codes: 0 success, 1 the operation failed, 2 wrong usage/);
});
