/**
 * `sock arp` on a switch with several hosts, over IPv4 and IPv6; beside arping, whose answers are to be the same.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { runProgram } from "berkeley/capture";
import fc from "fast-check";
import { arp } from "../src/arp/arp.js";
import type { Link } from "../src/arp/link.js";
import { nd } from "../src/arp/nd.js";
import { lacks, ran, sockCommand } from "./support/command.js";
import { jsonLines, type Line } from "./support/json.js";
import { makeNetwork, noNetwork } from "./support/network.js";

type Network = Awaited<ReturnType<typeof makeNetwork>>;

/** iputils' arping; there is another one of the name. */
function lacksArping(): string | false {
	const { stdout, stderr } = spawnSync("arping", ["-V"], { encoding: "utf8" });
	return `${stdout}${stderr}`.includes("iputils") ? false : "there is no arping of iputils";
}

describe("wrong usage is one sentence and exit code 2", { concurrency: 2 }, () => {
	const cases: [args: string, sentence: RegExp][] = [
		["arp", /missing required argument 'host'/],
		["arp 10.0.0.1/24", /bits are set after the prefix; 10\.0\.0\.0\/24 is the whole block/],
		["arp 10.0.0.0/8", /16777214 addresses are more than 65536: say --limit 16777214/],
		["arp -D 10.0.0.0/24", /-D, -A and -U are about one address, not a block/],
		["arp -D -U 10.0.0.1", /'-D, --detect' cannot be used with option '-U, --unsolicited'/],
		["arp -D -s 10.0.0.2 10.0.0.1", /'-D, --detect' cannot be used with option '-s, --source <address>'/],
		["arp -s fd00::1 10.0.0.1", /-s fd00::1 is no address of the IP version of the target/],
		["arp -i 0 10.0.0.1", /'0' is invalid\. It is a number of seconds/],
	];
	for (const [line, sentence] of cases) {
		test(`sock ${line}`, async () => {
			const { ending, output, errors } = await ran(...line.split(" "));
			assert.deepEqual([ending, output], [2, ""]);
			assert.match(errors, sentence);
		});
	}
});

test("what is no neighbour is refused with a sentence", async () => {
	for (const [host, sentence] of [
		["127.0.0.1", /127\.0\.0\.1 is this machine's own address: -D finds out whether others have it too/],
		["::1", /::1 is this machine's own address/],
	] as const) {
		const { ending, errors } = await ran("arp", "-c", "1", host);
		assert.equal(ending, 2);
		assert.match(errors, sentence);
	}
	const loopback = await ran("arp", "-c", "1", "-I", "lo", "127.0.0.2");
	assert.deepEqual(
		[loopback.ending, loopback.errors],
		[2, "sock: lo is no Ethernet, where neighbours could be asked: it is loopback\n"],
	);
});

describe("what a frame says", () => {
	const link = (source: string): Link => ({
		name: "eth0",
		index: 2,
		mac: "02:00:00:00:00:01",
		source,
		own: new Set(),
	});
	for (const [asker, own, other] of [
		[arp, "192.0.2.1", "192.0.2.2"],
		[nd, "2001:db8::1", "2001:db8::2"],
	] as const) {
		test(`${asker.name}: of questions, detections and announcements, and of nothing else`, () => {
			const mac = "02:00:00:00:00:01";
			const common = { mac, from: mac, unicast: false };
			const mine = link(own);
			assert.deepEqual(asker.claim(asker.request(mine, other)), { ...common, address: own, kind: "use" });
			assert.deepEqual(asker.claim(asker.detection(mine, other)), {
				...common,
				address: other,
				kind: "probe",
			});
			const announced = { ...common, address: own };
			assert.deepEqual(asker.claim(asker.announcement(mine, own, "request")), { ...announced, kind: "use" });
			assert.deepEqual(asker.claim(asker.announcement(mine, own, "answer")), { ...announced, kind: "reply" });
			const frame = asker.announcement(mine, own, "answer");
			// The kernel lets those through, and of what is cut nothing is said.
			assert.notEqual(runProgram(asker.filter, frame), 0);
			for (let length = 0; length < frame.length; length++) {
				const claim = asker.claim(frame.subarray(0, length));
				assert.ok(claim === undefined || claim.address === own);
			}
			fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => void asker.claim(bytes)));
		});
	}

	test("NDPING: what has passed a router is not believed", () => {
		const frame = nd.announcement(link("2001:db8::1"), "2001:db8::1", "answer");
		frame[14 + 7] = 254;
		assert.equal(nd.claim(frame), undefined);
	});
});

describe("on a switch", { skip: noNetwork }, () => {
	let network: Network;

	before(async () => {
		network = await makeNetwork({
			hosts: ["a", "b", "c", "d", "switch"],
			links: [
				["a", "switch"],
				["b", "switch"],
				["c", "switch"],
				["c", "d"],
			],
			bridges: ["switch"],
		});
	});
	after(() => network.close());

	const run = (...args: string[]) => network.run("a", [...sockCommand, "arp", ...args]);

	async function asked(
		...args: string[]
	): Promise<{ code: number | null; replies: Line["data"][]; summary: Line["data"] }> {
		const { code, stdout, stderr } = await run(...args, "--json");
		assert.equal(stderr, "");
		const lines = jsonLines(stdout);
		assert.equal(lines.at(-1)?.event, "summary");
		const replies = lines.filter(({ event }) => event === "reply").map(({ data }) => data);
		return { code, replies, summary: lines.at(-1)?.data };
	}

	test("a question that is refused is told, and the others go on", { skip: lacks("nft") }, async () => {
		const filter = `table netdev refused {
	chain egress {
		type filter hook egress device eth0 priority 0
		arp daddr ip 10.0.1.2 drop
	}
}`;
		await network.output("a", ["nft", "-f", "-"], { input: filter });
		try {
			const { code, stdout, stderr } = await run("10.0.1.0/29", "--json");
			assert.deepEqual([code, stderr], [0, ""]);
			const lines = jsonLines(stdout);
			const unsent = lines.filter(({ event }) => event === "unsent").map(({ data }) => data);
			assert.deepEqual(
				unsent.map(({ address, code }) => [address, code]),
				[["10.0.1.2", "ENOBUFS"]],
			);
			const replies = lines.filter(({ event }) => event === "reply").map(({ data }) => data.address);
			assert.ok(replies.includes("10.0.1.3"), stdout);
			const text = await run("10.0.1.0/29");
			assert.match(text.stdout, /^10\.0\.1\.2 {8} not sent: send: .*\(ENOBUFS\)/m);
			assert.match(text.stdout, /answered, 1 could not be asked for\n$/);
			const single = await run("10.0.1.2", "-c", "1");
			assert.equal(single.code, 2);
			assert.match(single.stderr, /ENOBUFS/);
		} finally {
			await network.output("a", ["nft", "delete", "table", "netdev", "refused"]);
		}
	});

	for (const version of [4, 6] as const) {
		const of = (host: string): string => (version === 4 ? network.ipv4(host) : network.ipv6(host));
		const absent = (): string => of("a").replace(/1$/, "77");

		test(`over IPv${version} a neighbour answers each question`, async () => {
			const { code, replies, summary } = await asked(of("b"), "-c", "3", "-i", "0.05");
			assert.deepEqual([code, summary.sent, summary.received, summary.hosts], [0, 3, 3, 1]);
			assert.deepEqual(
				replies.map(({ address, mac, from, kind, unicast, duplicate }) => [
					address,
					mac,
					from,
					kind,
					unicast,
					duplicate,
				]),
				Array.from({ length: 3 }, () => [
					of("b"),
					network.end("b").mac,
					network.end("b").mac,
					"reply",
					true,
					false,
				]),
			);
			assert.deepEqual([summary.source, summary.mac], [of("a"), network.end("a").mac]);
		});

		test(`over IPv${version} nobody answers for an address that nobody has`, async () => {
			const { code, replies, summary } = await asked(absent(), "-c", "2", "-i", "0.05");
			assert.deepEqual([code, replies, summary.sent], [1, [], 2]);
		});

		test(`over IPv${version} duplicate address detection finds who uses an address`, async () => {
			const used = await asked("-D", of("b"));
			assert.deepEqual([used.code, used.replies[0]?.mac, used.summary.sent], [1, network.end("b").mac, 1]);
			const free = await asked("-D", absent(), "-c", "1");
			assert.deepEqual([free.code, free.replies], [0, []]);
			const own = await asked("-D", of("a"), "-c", "1");
			assert.deepEqual([own.code, own.replies], [0, []]);
		});

		test(`over IPv${version} a detection notices who speaks with the address unasked`, async () => {
			// The host has no such address, so that it answers no question: its announcements are all there is.
			const announcing = ["-U", absent(), "-I", "eth0", "-c", "1000", "-i", "0.05"];
			const other = network.start("b", [...sockCommand, "arp", ...announcing]);
			await other.printed(/ from /);
			const { code, stdout } = await run("-D", absent(), "-c", "30");
			await other.stop();
			assert.equal(code, 1);
			assert.match(stdout, /^Packet from \S+ \[02:00:00:00:02:01\]/m);
			assert.match(stdout, /is in use by 02:00:00:00:02:01\n$/);
		});

		test(`over IPv${version} an announcement makes neighbours believe`, async () => {
			const moved = of("a").replace(/1$/, "66");
			// The neighbour knows it elsewhere, and learns the new place.
			await network.shell("b", `ip neigh replace ${moved} lladdr 02:00:00:00:99:99 nud stale dev eth0`);
			for (const how of version === 4 ? ["-U", "-A"] : ["-A"]) {
				const { code, summary } = await asked(how, moved, "-I", "eth0", "-c", "2", "-i", "0.05");
				assert.deepEqual([code, summary.sent], [0, 2]);
			}
			const known = await network.output("b", ["ip", "neigh", "show", moved]);
			assert.match(known, /lladdr 02:00:00:00:01:01/);
		});

		test(`over IPv${version} several hosts with one address are told`, async () => {
			const shared = of("a").replace(/1$/, "55");
			const bits = version === 4 ? 24 : 64;
			for (const host of ["b", "c"]) {
				await network.shell(host, `ip addr add ${shared}/${bits} dev eth0 ${version === 6 ? "nodad" : ""}`);
			}
			const { code, replies, summary } = await asked(shared, "-c", "1");
			const macs = [network.end("b").mac, network.end("c", "switch").mac];
			assert.equal(code, 0);
			assert.deepEqual(replies.map(({ mac }) => mac).sort(), macs);
			assert.deepEqual(
				replies.map(({ duplicate }) => duplicate),
				[false, true],
			);
			assert.deepEqual(summary.duplicates[0].macs.sort(), macs);
			const { stdout } = await run(shared, "-c", "1");
			assert.match(stdout, /DUPLICATE: several hosts have this address\n/);
			assert.match(stdout, /is at several hosts: /);
		});
	}

	test("a block is asked address by address, and those that answer are listed", async () => {
		const { code, replies, summary } = await asked("10.0.1.0/28", "--rate", "1000");
		assert.equal(code, 0);
		assert.deepEqual(replies.map(({ address }) => address).sort(), [
			network.ipv4("b"),
			network.ipv4("c", "switch"),
		]);
		// 14 without this host, and twice those that do not answer.
		assert.equal(summary.sent, 13 + 11);
		const text = (await run("10.0.1.0/30")).stdout;
		assert.match(text, /^10\.0\.1\.2 +02:00:00:00:02:01 {2}[0-9.]+ ms$/m);
		assert.match(text, /^1 address on eth0 in [0-9.]+ s: 1 answered$/m);
		const six = await asked("fd00:0:0:1::/125");
		assert.ok(six.replies.some(({ address }) => address === network.ipv6("b")));
	});

	test("what is behind a router is refused, unless the link is named", async () => {
		const far = network.ipv4("d");
		const { code, stderr } = await run(far, "-c", "1");
		assert.equal(code, 2);
		assert.match(stderr, /10\.0\.2\.2 is on no link of this machine, but behind 10\.0\.1\.3 \(eth0\)/);
		const asked = await run(far, "-c", "1", "-I", "eth0");
		assert.equal(asked.code, 1);
	});

	test("-w ends it, -f ends it with the first answer, and so does Ctrl-C with the sum", async () => {
		const limited = await asked("10.0.1.77", "-w", "0.3", "-i", "0.1");
		assert.equal(limited.code, 1);
		assert.ok(limited.summary.seconds < 10);
		const first = await asked(network.ipv4("b"), "-f");
		assert.deepEqual([first.code, first.summary.received], [0, 1]);
		const program = network.start("a", [...sockCommand, "arp", network.ipv4("b")]);
		await program.printed(/Unicast reply/);
		const { code, stdout } = await program.stop("SIGINT");
		assert.equal(code, 0);
		assert.match(stdout, /\nSent \d+ packets?, received \d+\n$/);
	});

	test("without the privilege it says which one is missing", async () => {
		const command = [...sockCommand, "arp", network.ipv4("b"), "-c", "1", "--json"];
		const { code, stdout, stderr } = await network.run("a", command, { unprivileged: true });
		assert.equal(code, 2);
		assert.match(stderr, /CAP_NET_RAW/);
		assert.deepEqual(
			jsonLines(stdout).map(({ event, data }) => [event, data.code]),
			[["error", "EPERM"]],
		);
	});

	test("arping finds the same", { skip: lacksArping() || lacks("arping") }, async () => {
		const found = await network.run("a", ["arping", "-c", "1", network.ipv4("b")]);
		const { stdout } = await run(network.ipv4("b"), "-c", "1");
		const answer = /^(ARPING \S+ from \S+ \S+)\n(Unicast reply from \S+ \[\S+\])/;
		assert.deepEqual(
			stdout
				.match(answer)
				?.slice(1)
				.map((text) => text.toLowerCase()),
			found.stdout
				.match(answer)
				?.slice(1)
				.map((text) => text.toLowerCase()),
		);
		// It believes our announcement, and sees our detection.
		assert.equal(
			(await network.run("a", ["arping", "-D", "-I", "eth0", "-c", "1", network.ipv4("b")])).code,
			1,
		);
	});
});
