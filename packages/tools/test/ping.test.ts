/**
 * `sock ping` in networks of its own, side by side with iputils' ping.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { build, dissect, icmpv4, ipv4 } from "berkeley/packet";
import { lacks, Program, ran, sockCommand } from "./support/command.js";
import { jsonLines } from "./support/json.js";
import { type Ended, makeNetwork, type Network, noNetwork, sockIn } from "./support/network.js";

const echoer = new URL("./support/echoer.js", import.meta.url);

/** What differs from run to run is made alike. */
function normal(text: string): string {
	return text
		.replace(/time=[\d.]+ ms/g, "time=T ms")
		.replace(/time \d+ms/g, "time Tms")
		.replace(/= [\d.]+\/[\d.]+\/[\d.]+\/[\d.]+ ms/g, "= T ms")
		.replace(/, pipe \d+/g, "");
}

describe("sock ping over two routers", { skip: noNetwork || lacks("iptables"), concurrency: 2 }, () => {
	let net: Network;

	before(async () => {
		net = await makeNetwork({
			hosts: ["a", "r1", "r2", "b"],
			links: [
				["a", "r1"],
				["r1", "r2"],
				["r2", "b"],
			],
		});
		const via = `via ${net.ipv4("r1", "a")}`;
		const via6 = `via ${net.ipv6("r1", "a")}`;
		await net.shell(
			"a",
			["10.9.1.0/24", "10.9.2.0/24", "10.9.3.0/24"].map((to) => `ip route add ${to} ${via}`).join("\n") +
				`\nip route add fd99::/64 ${via6}\nip route add fd98::/64 ${via6}`,
		);
		// By the firewall: the kernel's own unreachable routes answer only so often.
		await net.shell(
			"r1",
			`iptables -A FORWARD -d 10.9.1.0/24 -j REJECT --reject-with icmp-host-unreachable
			iptables -A FORWARD -d 10.9.2.0/24 -j REJECT --reject-with icmp-admin-prohibited
			ip6tables -A FORWARD -d fd99::/64 -j REJECT --reject-with icmp6-no-route
			ip route add 10.9.1.0/24 via ${net.ipv4("r2", "r1")}
			ip route add 10.9.2.0/24 via ${net.ipv4("r2", "r1")}
			ip route add fd99::/64 via ${net.ipv6("r2", "r1")}
			ip route add blackhole 10.9.3.0/24
			ip route add blackhole fd98::/64`,
		);
		// Half of the tests are about sockets that need no privilege.
		await net.sysctl("a", "net.ipv4.ping_group_range", "1 0");
	});

	after(() => net?.close());

	const sock = (...args: string[]): Promise<Ended> => net.run("a", sockIn("ping", ...args));
	const json = async (...args: string[]) => {
		const { code, stdout, stderr } = await sock("--json", ...args);
		return { code, stderr, lines: jsonLines(stdout) };
	};

	/** The lines for each kind of outcome are those of ping itself, as are the exit codes. */
	const alike: [what: string, args: (net: Network) => string[], code: number][] = [
		["answers", (net) => ["-c", "3", "-i", "0.1", net.ipv4("b")], 0],
		["answers of IPv6", (net) => ["-c", "3", "-i", "0.1", net.ipv6("b")], 0],
		["answers, quietly", (net) => ["-q", "-c", "2", "-i", "0.1", net.ipv4("b")], 0],
		["data of no bytes to speak of", (net) => ["-s", "16", "-c", "1", net.ipv4("b")], 0],
		["answers in fragments", (net) => ["-s", "5000", "-c", "1", net.ipv4("b")], 0],
		["answers in fragments of IPv6", (net) => ["-s", "5000", "-c", "1", net.ipv6("b")], 0],
		["a time to live of 1", (net) => ["-t", "1", "-c", "1", net.ipv4("b")], 1],
		["a time to live of 2", (net) => ["-t", "2", "-c", "1", net.ipv4("b")], 1],
		["a hop limit of 1", (net) => ["-t", "1", "-c", "1", net.ipv6("b")], 1],
		["an unreachable host", () => ["-c", "1", "10.9.1.7"], 1],
		["a prohibited host", () => ["-c", "2", "-i", "0.1", "10.9.2.7"], 1],
		["silence", () => ["-c", "2", "-i", "0.1", "-W", "0.2", "10.9.3.7"], 1],
		["an unreachable host of IPv6", () => ["-c", "1", "fd99::7"], 1],
		["silence of IPv6", () => ["-c", "2", "-i", "0.1", "-W", "0.2", "fd98::7"], 1],
		["no answer within the deadline", () => ["-w", "1", "-i", "9", "10.9.3.7"], 1],
		["an error before the deadline", () => ["-w", "5", "10.9.1.7"], 1],
		["a source address", (net) => ["-c", "1", "-I", net.ipv4("a"), net.ipv4("b")], 0],
		["an interface", (net) => ["-c", "1", "-I", "eth0", net.ipv6("r1", "a")], 0],
		["what is too long", (net) => ["-M", "do", "-s", "3000", "-c", "1", net.ipv4("b")], 1],
		["what is not answered yet", () => ["-O", "-c", "2", "-i", "0.1", "-W", "0.1", "10.9.3.7"], 1],
		["a pattern", (net) => ["-p", "c0ffee", "-c", "1", net.ipv4("b")], 0],
	];
	for (const [what, argsFor, code] of alike) {
		test(`says what ping says: ${what}`, { skip: lacks("ping") }, async () => {
			const args = argsFor(net);
			const [ours, theirs] = await Promise.all([sock(...args), net.run("a", ["ping", ...args])]);
			const expected = normal(theirs.stdout)
				.replace(/^PATTERN: .*\n/, "")
				// A space that ping leaves where the interface's name would be.
				.replace(/ from (\S+) :/, " from $1:");
			assert.equal(normal(ours.stdout), expected);
			assert.deepEqual([ours.code, theirs.code], [code, code]);
		});
	}

	test("tells each answer in JSON, with the times of the kernel's stamps", async () => {
		for (const [address, version] of [
			[net.ipv4("b"), 4],
			[net.ipv6("b"), 6],
		] as const) {
			const { code, stderr, lines } = await json("-c", "2", "-i", "0.1", address);
			assert.deepEqual([code, stderr], [0, ""]);
			assert.deepEqual(
				lines.map(({ event }) => event),
				["start", "reply", "reply", "summary"],
			);
			assert.equal(lines[0]?.data.version, version);
			for (const [index, { data }] of lines.slice(1, 3).entries()) {
				assert.equal(data.sequence, index + 1);
				assert.equal(data.ttl, 62);
				assert.equal(data.from, address);
				assert.equal(data.bytes, 64);
				assert.equal(data.stamps, "kernel");
				assert.ok(data.rtt > 0);
			}
			const { data } = lines[3] ?? {};
			assert.deepEqual([data.transmitted, data.received, data.loss], [2, 2, 0]);
			assert.ok(data.rtt.min <= data.rtt.avg && data.rtt.avg <= data.rtt.max);
		}
	});

	test("tells ICMP errors in JSON, by whom and why", async () => {
		const cases: [args: string[], from: string, type: number, code: number][] = [
			[["-t", "1", net.ipv4("b")], net.ipv4("r1", "a"), 11, 0],
			[["-t", "2", net.ipv6("b")], net.ipv6("r2", "r1"), 3, 0],
			[["10.9.1.7"], net.ipv4("r1", "a"), 3, 1],
			[["10.9.2.7"], net.ipv4("r1", "a"), 3, 13],
			[["fd99::7"], net.ipv6("r1", "a"), 1, 0],
		];
		for (const [args, from, type, icmpCode] of cases) {
			const { code, lines } = await json("-c", "1", ...args);
			assert.equal(code, 1);
			const { data } = lines.find(({ event }) => event === "icmp-error") ?? {};
			assert.deepEqual([data?.sequence, data?.from, data?.type, data?.code], [1, from, type, icmpCode]);
			assert.equal(lines.at(-1)?.data.errors, 1);
		}
	});

	test("finds the path's MTU, and says so", async () => {
		await net.shell("r1", `ip link set ${net.end("r1", "r2").name} mtu 1300`);
		try {
			const { lines } = await json("-M", "do", "-s", "1400", "-c", "1", net.ipv4("b"));
			const { data } = lines.find(({ event }) => event === "icmp-error") ?? {};
			assert.deepEqual([data?.type, data?.code, data?.mtu], [3, 4, 1300]);
			// The kernel knows it now: the next one does not even leave.
			const second = await json("-M", "do", "-s", "1400", "-c", "1", net.ipv4("b"));
			const local = second.lines.find(({ event }) => event === "local-error")?.data;
			assert.deepEqual([local?.code, local?.mtu, second.code], ["EMSGSIZE", 1300, 1]);
		} finally {
			await net.shell("r1", `ip link set ${net.end("r1", "r2").name} mtu 1500`);
			await net.shell("a", "ip route flush cache");
		}
	});

	test("prints the statistics on Ctrl-C, and short ones on SIGQUIT", async () => {
		const program = net.start("a", sockIn("ping", "-i", "0.05", net.ipv4("b")));
		await program.printed(/icmp_seq=3 /);
		program.kill("SIGQUIT");
		await program.printed(/^\r?\d+\/\d+ packets, \d+% loss, min\/avg\/ewma\/max = [\d./]+ ms$/m);
		const { code, stdout } = await program.stop("SIGINT");
		assert.equal(code, 0);
		assert.match(stdout, /\n\n--- \S+ ping statistics ---\n\d+ packets transmitted, \d+ received, /);
		assert.match(stdout, /rtt min\/avg\/max\/mdev = [\d./]+ ms(, pipe \d+)?\n$/);

		const silent = net.start("a", sockIn("ping", "--json", "-i", "0.05", "10.9.3.7"));
		await silent.printed(/"start"/);
		silent.kill("SIGQUIT");
		await silent.printed(/"statistics"/);
		const end = await silent.stop("SIGINT");
		assert.equal(end.code, 1);
		assert.equal(jsonLines(end.stdout).at(-1)?.event, "summary");
	});

	test("needs no privilege where ping sockets are allowed, and says what to do where nothing is", async () => {
		const address = net.ipv4("b");
		const run = (...args: string[]) =>
			net.run("a", sockIn("ping", "-c", "1", "--json", ...args), { unprivileged: true });
		await net.sysctl("a", "net.ipv4.ping_group_range", "1 0");
		const refused = await run(address);
		assert.equal(refused.code, 2);
		assert.match(
			refused.stderr,
			/^sock: .*ping_group_range='0 2147483647'.*; else .*CAP_NET_RAW.*setcap cap_net_raw\+ep/,
		);
		assert.deepEqual(
			jsonLines(refused.stdout).map(({ event, data }) => [event, data.code]),
			[["error", "EPERM"]],
		);
		await net.sysctl("a", "net.ipv4.ping_group_range", "0 2147483647");
		try {
			for (const to of [address, net.ipv6("b")]) {
				const { code, stdout } = await run(to);
				assert.equal(code, 0);
				const [start, reply] = jsonLines(stdout);
				assert.equal(start?.data.socket, "ping");
				assert.deepEqual([reply?.data.ttl, reply?.data.stamps], [62, "kernel"]);
			}
			const errors = [
				await run("-t", "1", address),
				await run("-t", "2", net.ipv6("b")),
				await run("10.9.1.7"),
			].map(({ stdout }) => jsonLines(stdout).find(({ event }) => event === "icmp-error")?.data);
			assert.deepEqual(
				errors.map((data) => [data?.from, data?.type]),
				[
					[net.ipv4("r1", "a"), 11],
					[net.ipv6("r2", "r1"), 3],
					[net.ipv4("r1", "a"), 3],
				],
			);
		} finally {
			await net.sysctl("a", "net.ipv4.ping_group_range", "1 0");
		}
	});

	test("prints the time of each line when it is to, and reaches whole links when it may", async () => {
		const dated = await sock("-D", "-c", "1", net.ipv4("b"));
		assert.match(dated.stdout, /\n\[\d{10}\.\d{6}\] 64 bytes from /);
		await net.sysctl("r1", "net.ipv4.icmp_echo_ignore_broadcasts", 0);
		const { code, lines } = await json("-b", "-c", "1", "10.0.1.255");
		assert.equal(code, 0);
		assert.equal(lines[1]?.data.from, net.ipv4("r1", "a"));
	});

	test("reaches addresses of one link, as sock trace does", async () => {
		const found = JSON.parse(await net.output("r1", ["ip", "-j", "-6", "addr", "show", "scope", "link"])) as {
			ifname?: string;
			addr_info?: { local?: string }[];
		}[];
		const { addr_info: addresses = [] } =
			found.find(({ ifname }) => ifname === net.end("r1", "a").name) ?? {};
		const near = addresses.find(({ local }) => local !== undefined)?.local ?? "";
		const { name } = net.end("a", "r1");
		for (const args of [[`${near}%${name}`], ["-I", name, near]]) {
			const { code, lines, stderr } = await json("-c", "1", ...args);
			assert.equal(code, 0, stderr);
			assert.equal(lines[1]?.data.from, `${near}%${name}`);
		}
		for (const method of ["-U", "-I", "-T"]) {
			const { stdout } = await net.run("a", sockIn("trace", "--json", method, `${near}%${name}`));
			const { data } = jsonLines(stdout).at(-1) ?? {};
			assert.deepEqual([data.reached, data.address], [true, `${near}%${name}`], method);
		}
	});

	test("floods within bounds, with a dot for each request that is taken back by its answer", async () => {
		const { code, stdout } = await sock("-f", "-c", "200", net.ipv4("b"));
		assert.equal(code, 0);
		assert.match(stdout, /^PING [^\n]+\n[.\b ]+\n--- /);
		assert.match(stdout, /\n200 packets transmitted, 200 received, 0% packet loss/);
		assert.match(stdout, /, ipg\/ewma [\d.]+\/[\d.]+ ms\n$/);
	});

	test("fails with exit code 2, for which --json has an event", async () => {
		for (const [args, code, sentence] of [
			[["-I", "nothing0", net.ipv4("b")], "ENODEV", /-I nothing0: it is no interface of this machine/],
			[["-I", net.ipv6("a"), net.ipv4("b")], "ENODEV", /it is an address of IPv6/],
			[["-I", "192.0.2.1", net.ipv4("b")], "EADDRNOTAVAIL", /^sock: bind 192\.0\.2\.1/],
			[["192.0.2.1"], "ENETUNREACH", /^sock: sendmsg 192\.0\.2\.1.*\(ENETUNREACH\)/],
			[["-s", "65510", net.ipv4("b")], "FAILURE", /-s is at most 65507 over IPv4/],
			[["10.0.1.255"], "EACCES", /a broadcast address needs -b/],
			[["-6", net.ipv4("b")], "EAI_ADDRFAMILY", /EAI_ADDRFAMILY/],
		] as [string[], string, RegExp][]) {
			const { code: ending, stderr, lines } = await json("-c", "1", ...args);
			assert.equal(ending, 2, stderr);
			assert.match(stderr, sentence);
			assert.deepEqual([lines.at(-1)?.event, lines.at(-1)?.data.code], ["error", code]);
			assert.equal(`sock: ${lines.at(-1)?.data.message}\n`, stderr);
		}
	});
});

describe("sock ping and a host whose answers are wrong", { skip: noNetwork, concurrency: 1 }, () => {
	let net: Network;

	before(async () => {
		net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
		await net.sysctl("b", "net.ipv4.icmp_echo_ignore_all", 1);
		await net.sysctl("a", "net.ipv4.ping_group_range", "1 0");
	});

	after(() => net?.close());

	const against = async (how: string, ...args: string[]): Promise<{ ended: Ended; requests: Buffer[] }> => {
		const host = net.start("b", echoer, { args: [how] });
		await host.printed(/^ready$/m);
		const ended = await net.run("a", sockIn("ping", ...args, net.ipv4("b")));
		const { stdout } = await host.stop();
		const requests = stdout.match(/^[\da-f]{8,}$/gm) ?? [];
		return { ended, requests: requests.map((text) => Buffer.from(text, "hex")) };
	};

	test("marks what comes twice", async () => {
		const { ended } = await against("twice", "-c", "2", "-i", "0.2");
		assert.equal(ended.code, 0);
		assert.match(ended.stdout, /icmp_seq=1 ttl=64 time=[\d.]+ ms\n.*icmp_seq=1 .* \(DUP!\)\n/);
		assert.match(ended.stdout, /2 packets transmitted, 2 received, \+[12] duplicates, 0% packet loss/);
		const { ended: other } = await against("twice", "-c", "2", "-i", "0.2", "--json");
		const marks = jsonLines(other.stdout).flatMap(({ event, data }) =>
			event === "reply" ? [[data.sequence, data.duplicate]] : [],
		);
		assert.deepEqual(marks.slice(0, 3), [
			[1, false],
			[1, true],
			[2, false],
		]);
	});

	test("shows data that are not those that were sent", async () => {
		const { ended } = await against("corrupt", "-c", "1");
		assert.equal(ended.code, 0);
		assert.match(ended.stdout, /\nwrong data byte #20 should be 0x14 but was 0xff\n#0\t0 1 2 /);
		assert.match(ended.stdout, /1 received, \+1 corrupted, 0% packet loss/);
		const { ended: other } = await against("corrupt", "-c", "1", "--json");
		const reply = jsonLines(other.stdout).find(({ event }) => event === "reply");
		assert.deepEqual(reply?.data.wrong, { offset: 20, expected: 20, actual: 255 });
	});

	test("does not take an answer with a wrong checksum for one", async () => {
		const host = net.start("b", echoer, { args: ["badsum"] });
		await host.printed(/^ready$/m);
		const program = net.start("a", sockIn("ping", "-c", "1", net.ipv4("b")));
		await program.printed(/BAD CHECKSUM/);
		const ended = await program.stop("SIGINT");
		await host.stop();
		assert.equal(ended.code, 1);
		assert.match(ended.stdout, / ms \(BAD CHECKSUM!\)\n/);
		assert.match(ended.stdout, /1 packets transmitted, 0 received, \+1 corrupted, 100% packet loss/);
	});

	test("says that an answer is longer than there is room for", async () => {
		const { ended } = await against("long", "-c", "1");
		assert.match(ended.stdout, /icmp_seq=1 ttl=64 \(truncated\) time=/);
	});

	test("sends what was asked for", async () => {
		const { requests } = await against(
			"right",
			...["-c", "1", "-s", "5", "-p", "abc", "-Q", "0x48", "-t", "33", "-M", "do"],
		);
		const packet = dissect(requests[0] ?? Buffer.alloc(0), { first: ipv4 });
		const header = packet.get(ipv4)?.toValue();
		assert.deepEqual([header?.ttl, header?.dscp, header?.dontFragment], [33, 0x48 >> 2, true]);
		assert.deepEqual([...packet.payload], [0xab, 0x0c, 0xab, 0x0c, 0xab]);
		// The checksum that is computed is the one that was sent.
		const { identifier = 0, sequence = 0 } = packet.get(icmpv4) ?? {};
		assert.deepEqual(
			build(icmpv4({ type: 8, identifier, sequence }), packet.payload),
			new Uint8Array(packet.bytes.subarray(20)),
		);
	});
});

test("what is for root is refused to others as wrong usage, which --json has an event for", {
	skip: lacks("unshare"),
}, async () => {
	const run = async (...args: string[]) => {
		// In a user namespace without a mapping nobody is root.
		const program = new Program("unshare", ["-U", ...sockCommand, "ping", ...args, "127.0.0.1"]).end();
		return { ending: await program.ended, output: program.output, errors: program.errors };
	};
	for (const [args, sentence] of [
		[["-i", "0.001"], /^sock: an interval under 0\.002 seconds is for root\n$/],
		[["-f"], /^sock: -f without -i is for root/],
	] as [string[], RegExp][]) {
		const { ending, output, errors } = await run(...args, "--json");
		assert.equal(ending, 2);
		assert.match(errors, sentence);
		assert.deepEqual(
			jsonLines(output).map(({ event, data }) => [event, data.code, `sock: ${data.message}\n`]),
			[["error", "USAGE", errors]],
		);
	}
});

test("sock ping refuses what it cannot do before it does anything", async () => {
	for (const [line, sentence] of [
		["", /missing required argument 'host'/],
		["-c 0 127.0.0.1", /'0' is invalid.* a whole number from 1/],
		["-4 -6 127.0.0.1", /cannot be used with option '-6, --ipv6'/],
		["-n -H 127.0.0.1", /cannot be used with option '-H, --names'/],
		["-t 256 127.0.0.1", /It is a whole number from 1 to 255/],
		["-s 65528 127.0.0.1", /It is a whole number from 0 to 65527/],
		["-i x 127.0.0.1", /'x' is invalid/],
		["-M perhaps 127.0.0.1", /Allowed choices are dont, want, do, probe/],
		["-p xyz 127.0.0.1", /It is 1 to 32 hexadecimal digits/],
	] as const) {
		const args = line.split(" ").filter((word) => word !== "");
		const { ending, output, errors } = await ran("ping", ...args, "--json");
		assert.equal(ending, 2, line);
		assert.match(errors, sentence);
		assert.equal(jsonLines(output)[0]?.data.code, "USAGE");
		assert.equal((await ran("ping", ...args)).output, "");
	}
});
