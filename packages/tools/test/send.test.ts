/**
 * `sock send` between two hosts, and what it says of what it is given.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build, dissect, ethernet, hexdump, ipv4, udp } from "berkeley/packet";
import { parseLayer } from "../src/send/layers.js";
import { ran, shell } from "./support/command.js";
import { jsonLines } from "./support/json.js";
import { type Ended, makeNetwork, type Network, noNetwork, sockIn } from "./support/network.js";

describe("a layer on the command line", () => {
	const cases: [text: string, layer: object][] = [
		["ipv6", { layer: "ipv6" }],
		["ipv4:dst=192.0.2.7,ttl=0x10", { layer: "ipv4", destination: "192.0.2.7", ttl: 16 }],
		["ipv6:dst=2001:db8::7", { layer: "ipv6", destination: "2001:db8::7" }],
		[
			"tcp:sport=1,dport=80,seq=2,ack=3,flags=SYN+ACK",
			{ layer: "tcp", sourcePort: 1, destinationPort: 80, sequence: 2, acknowledgment: 3, flags: 18 },
		],
		["tcp:flags=psh+TH_FIN+0x20", { layer: "tcp", flags: 0x29 }],
		["icmpv4:type=echo", { layer: "icmpv4", type: 8 }],
		["icmpv6:type=ECHO_REQUEST", { layer: "icmpv6", type: 128 }],
		["icmpv6:type=NEIGHBOR_SOLICIT", { layer: "icmpv6", type: 135 }],
		["arp:operation=REPLY", { layer: "arp", operation: 2 }],
		[
			"ethernet:dst=ff:ff:ff:ff:ff:ff,type=ETHERTYPE_VLAN",
			{ layer: "ethernet", destination: "ff:ff:ff:ff:ff:ff", type: 0x8100 },
		],
		["ipv4:dontFragment=true", { layer: "ipv4", dontFragment: true }],
		["raw:data=hex:00ff", { layer: "raw", data: { hex: "00ff" } }],
		[
			'tcp:options=[{"kind":"mss","value":1460},{"kind":"nop"}],window=5',
			{ layer: "tcp", options: [{ kind: "mss", value: 1460 }, { kind: "nop" }], window: 5 },
		],
		[
			'dns:id=7,questions=[{"name":"a,b","type":"A"}]',
			{ layer: "dns", id: 7, questions: [{ name: "a,b", type: "A" }] },
		],
		['udp:{"destinationPort":53}', { layer: "udp", destinationPort: 53 }],
	];
	for (const [text, layer] of cases) {
		test(`${text} is read`, () => assert.deepEqual(parseLayer(text), layer));
	}

	const refused: [text: string, message: RegExp][] = [
		["", /a layer is NAME:FIELD=VALUE/],
		["tcp:dport", /tcp: a field is FIELD=VALUE, not "dport"/],
		["tcp:dport=1,destinationPort=2", /tcp\.destinationPort is given twice/],
		["tcp:layer=udp", /tcp\.layer is given twice/],
		["tcp:{oops", /^tcp: /],
		["tcp:options=[1", /^tcp\.options: /],
	];
	for (const [text, message] of refused) {
		test(`${JSON.stringify(text)} is refused`, () => assert.throws(() => parseLayer(text), { message }));
	}
});

describe("sock send refuses", () => {
	const ip = "ipv4:src=192.0.2.1,dst=192.0.2.7";
	const cases: [args: string[], message: RegExp][] = [
		[[], /the packet is given by its layers, or by -f/],
		[[ip, "-f", "x.json"], /the packet is given by its layers, or by -f/],
		[["-f", "x.json", "-p", "x"], /a payload goes with layers/],
		[[ip, "-p", "x", "--payload-hex", "00"], /exclude each other/],
		[[ip, "-W", "1"], /they go with -a/],
		[[ip, "-n", "-a"], /--dry-run sends nothing/],
		[[ip, "tcp:dport=80,odd=1"], /sock: \[1\]\.odd is no field here/],
		[[ip, "tcp:dpor=80"], /\[1\]: tcp\.destinationPort must be/],
		[[ip, "tcp"], /\[1\]: tcp\.destinationPort must be/],
		[[ip, "ipx:a=1"], /\[1\]\.layer must be .*not "ipx"/],
		[[ip, "--payload-hex", "0g"], /must be pairs of hexadecimal digits/],
		[["ethernet:src=02:00:00:00:00:01,dst=02:00:00:00:00:02"], /is a frame, and needs -i/],
		[[ip, "-c", "0"], /whole number from 1/],
	];
	for (const [args, message] of cases) {
		test(args.join(" ") || "nothing", async () => {
			const { ending, output, errors } = await ran("send", ...args);
			assert.match(errors, message);
			assert.deepEqual([ending, output], [2, ""]);
		});
	}

	test("a file that there is not, by exit code 1, and in JSON too", async () => {
		const { ending, output, errors } = await ran("send", "--json", "-f", "/nowhere/packet.json");
		assert.equal(ending, 1);
		assert.match(errors, /^sock: ENOENT/);
		const [{ event, data } = assert.fail()] = jsonLines(output);
		assert.deepEqual([event, data.code], ["error", "ENOENT"]);
	});
});

describe("sock send --dry-run", () => {
	const packet = build(
		ipv4({ source: "192.0.2.1", destination: "192.0.2.7" }),
		udp({ sourcePort: 5000, destinationPort: 53 }),
		"hello",
	);
	const args = ["ipv4:src=192.0.2.1,dst=192.0.2.7", "udp:sport=5000,dport=53", "-p", "hello"];

	test("shows the bytes with their fields, and needs no privilege", async () => {
		const { ending, output } = await ran("send", "-n", ...args);
		assert.equal(output, `0: 33 bytes\n${hexdump(dissect(packet, { first: ipv4 }))}\n`);
		assert.equal(ending, 0);
	});

	test("gives the packet in JSON, which can be sent again", async () => {
		const { output } = await ran("send", "-n", "--json", ...args);
		const [{ event, data } = assert.fail()] = jsonLines(output);
		assert.equal(event, "packet");
		assert.deepEqual([data.index, data.layer, data.length], [0, "network", 33]);
		assert.equal(data.hex, Buffer.from(packet).toString("hex"));
		const folder = mkdtempSync(join(tmpdir(), "berkeley-send-"));
		try {
			const file = join(folder, "packets.json");
			for (const text of [
				JSON.stringify(data.layers),
				JSON.stringify([data.layers, data.layers]),
				`${JSON.stringify(data.layers)}\n${JSON.stringify(data.layers)}\n`,
			]) {
				writeFileSync(file, text);
				const { output: again } = await ran("send", "-n", "--json", "-f", file);
				for (const line of jsonLines(again)) assert.equal(line.data.hex, data.hex);
				assert.equal(jsonLines(again).length, text.includes("\n") || text.startsWith("[[") ? 2 : 1);
			}
			writeFileSync(file, '[{"layer":"udp","sourcePort":1,"destinationPort":2,"odd":3}]');
			const { ending, errors } = await ran("send", "-n", "-i", "lo", "-f", file);
			assert.match(errors, /\[0\]\.odd is no field here/);
			assert.equal(ending, 2);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	test("reads packets from standard input, and a payload from a file", async () => {
		const program = shell(
			`printf hello | $SOCK send -n --json ${args.slice(0, 2).join(" ")} --payload-file -`,
		);
		assert.equal(await program.ended, 0);
		assert.equal(jsonLines(program.output)[0]?.data.hex, Buffer.from(packet).toString("hex"));
		const other = shell(
			`echo '[{"layer":"ipv4","source":"192.0.2.1","destination":"192.0.2.7"}]' | $SOCK send -n -f -`,
		);
		assert.equal(await other.ended, 0);
		assert.match(other.output.toString(), /^0: 20 bytes\nipv4 192\.0\.2\.1 > 192\.0\.2\.7/);
	});
});

describe("sock send between two hosts", { skip: noNetwork }, () => {
	let net: Network;
	before(async () => {
		net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
	});
	after(() => net?.close());

	const sock = (...args: string[]): Promise<Ended> => net.run("a", sockIn("send", ...args));
	const json = async (...args: string[]) => {
		const { code, stdout, stderr } = await sock("--json", ...args);
		return { code, stderr, lines: jsonLines(stdout) };
	};
	const echo = (): string[] => [`ipv4:dst=${net.ipv4("b")}`, "icmpv4:type=ECHO,identifier=7"];

	test("fills in who sends, and shows the answers", async () => {
		const { code, stdout } = await sock(...echo(), "-p", "hello", "-a", "-W", "20", "-c", "2");
		const [a, b] = [net.ipv4("a"), net.ipv4("b")];
		const line = (index: number): string =>
			`${index}: 33 bytes time=T ms: ipv4 ${b} > ${a} ttl 64 | icmpv4 echo reply id 7 seq 0 | raw 5 bytes\n`;
		assert.equal(
			stdout.replace(/time=[\d.]+/g, "time=T"),
			`${line(0)}${line(1)}2 packets sent, 2 answered, 0 not\n`,
		);
		assert.equal(code, 0);
	});

	test("gives answers as JSON, with the kernel's time", async () => {
		const { code, lines } = await json(...echo(), "-a", "-W", "20");
		assert.deepEqual(
			lines.map(({ event }) => event),
			["answer", "summary"],
		);
		const [{ time, data } = assert.fail(), summary] = lines;
		assert.match(time, /\.\d{9}Z$/);
		assert.deepEqual([data.index, data.attempts, data.interface, data.direction], [0, 1, "eth0", "in"]);
		assert.equal(data.layers[1].type, 0);
		assert.deepEqual(summary?.data, { sent: 1, answered: 1, unanswered: 0, refused: 0 });
		assert.equal(code, 0);
	});

	test("ends with 1 when nothing answers, after all attempts", async () => {
		const unanswered = [`ipv4:dst=${net.ipv4("b")}`, "icmpv4:type=ECHOREPLY"];
		const { code, lines } = await json(...unanswered, "-a", "-W", "0.05", "--retries", "2");
		assert.deepEqual(lines[0]?.data, { index: 0, attempts: 3 });
		assert.deepEqual(lines[1]?.data, { sent: 1, answered: 0, unanswered: 1, refused: 0 });
		assert.equal(code, 1);
		const { stdout } = await sock(...unanswered, "-a", "-W", "0.05");
		assert.match(stdout, /^0: no answer to ipv4 .*\n1 packet sent, 0 answered, 1 not\n$/);
	});

	test("sends frames, and fills in their source and the sender of ARP", async () => {
		const frame = [
			"ethernet:dst=ff:ff:ff:ff:ff:ff",
			`arp:operation=REQUEST,targetProtocolAddress=${net.ipv4("b")}`,
		];
		const { code, lines } = await json("-i", "eth0", ...frame, "-a", "-W", "20", "-x");
		const [sent, answer] = lines;
		assert.equal(sent?.event, "packet");
		assert.equal(sent.data.layers[0].source, net.end("a").mac);
		assert.equal(sent.data.layers[1].senderProtocolAddress, net.ipv4("a"));
		assert.equal(answer?.data.layers[1].senderHardwareAddress, net.end("b").mac);
		assert.equal(code, 0);
	});

	test("sends what arrives just so, with -c, --interval and -m", async () => {
		const receiver = net.start("b", [
			"python3",
			"-u",
			"-c",
			`import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 0))
print(s.getsockname()[1])
for _ in range(3):
    data, sender = s.recvfrom(65535)
    print(len(data), data[:5].decode(), sender[0])
print("over")`,
		]);
		const [, port = ""] = await receiver.printed(/(\d+)\n/);
		const layers = [`ipv4:dst=${net.ipv4("b")},identification=5`, `udp:sport=5000,dport=${port}`];
		const started = performance.now();
		const { code, stdout } = await sock(...layers, "-p", "hello", "-c", "2", "--interval", "0.05");
		assert.ok(performance.now() - started >= 50);
		assert.equal(stdout, "2 packets sent\n");
		assert.equal(code, 0);
		const { code: other } = await sock(...layers, "-p", "hello".repeat(600), "-m", "600");
		assert.equal(other, 0);
		await receiver.printed(/over/);
		const sender = net.ipv4("a");
		assert.match(
			receiver.output,
			new RegExp(`5 hello ${sender}\\n5 hello ${sender}\\n3000 hello ${sender}\\n`),
		);
	});

	test("tells how far it came when it is interrupted", async () => {
		const program = net.start(
			"a",
			sockIn("send", "--json", ...echo(), "-c", "100", "--interval", "0.2", "-a"),
		);
		await program.printed(/"answer"/);
		const { code, stdout } = await program.stop("SIGINT");
		const summary = jsonLines(stdout).at(-1);
		assert.equal(summary?.event, "summary");
		assert.ok(summary.data.sent >= 1 && summary.data.sent < 100);
		assert.ok(summary.data.answered >= 1);
		assert.equal(code, 0);
	});

	test("says what is missing: a privilege, an interface, a route", async () => {
		const bare = await net.run("a", sockIn("send", "--json", ...echo()), { unprivileged: true });
		assert.equal(bare.code, 1);
		assert.match(bare.stderr, /^sock: socket AF_INET, SOCK_RAW, protocol 255: .*setcap cap_net_raw\+ep/);
		assert.equal(jsonLines(bare.stdout)[0]?.data.code, "EPERM");
		const { code, lines } = await json(...echo(), "-i", "eth9");
		assert.deepEqual([code, lines[0]?.data.code], [1, "ENODEV"]);
		const { lines: others } = await json("ipv4:dst=192.0.2.1", "icmpv4:type=ECHO");
		assert.equal(others[0]?.data.code, "ENETUNREACH");
	});

	test("tells what the kernel refuses to send, and goes on, when answers are waited for", async () => {
		const layers = (destination: string): object[] => [
			{ layer: "ipv4", source: net.ipv4("a"), destination },
			{ layer: "icmpv4", type: 8, identifier: 9 },
		];
		const input = JSON.stringify([layers("192.0.2.1"), layers(net.ipv4("b")), layers("192.0.2.2")]);
		const args = ["-f", "-", "-a", "-W", "20"];
		const { code, stdout } = await net.run("a", sockIn("send", "--json", ...args), { input });
		const lines = jsonLines(stdout);
		const refused = lines.filter(({ event }) => event === "refused").map(({ data }) => data);
		assert.deepEqual(
			refused.map(({ index, attempts, code, address }) => [index, attempts, code, address]),
			[
				[0, 0, "ENETUNREACH", "192.0.2.1"],
				[2, 0, "ENETUNREACH", "192.0.2.2"],
			],
		);
		assert.equal(lines.find(({ event }) => event === "answer")?.data.index, 1);
		assert.deepEqual(lines.at(-1)?.data, { sent: 1, answered: 1, unanswered: 0, refused: 2 });
		assert.equal(code, 0);
		const text = await net.run("a", sockIn("send", ...args), { input });
		assert.match(
			text.stdout,
			/^0: not sent: sendto 192\.0\.2\.1: .* \(ENETUNREACH\): no route leads there: ipv4 /m,
		);
		assert.match(text.stdout, /\n1 packet sent, 1 answered, 0 not, 2 refused\n$/);
	});

	test("sends a frame as it is given, wrong or not", async () => {
		const hex = Buffer.from(
			build(ethernet({ destination: net.end("b").mac, source: "02:00:00:00:00:99", type: 0x88b5 }), "odd"),
		).toString("hex");
		const frame = `ethernet:src=02:00:00:00:00:99,dst=${net.end("b").mac},type=0x88b5`;
		const { lines } = await json("-i", "eth0", frame, "-p", "odd", "-x");
		assert.equal(lines[0]?.data.hex, hex);
		assert.deepEqual(lines[1]?.data, { sent: 1 });
	});
});
