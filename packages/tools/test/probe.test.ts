/**
 * `sock probe` in networks whose truth is known: services, closed ports, and firewalls that drop or refuse, on the
 * host and on the router before it.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { lacks, Program, ran, sockCommand } from "./support/command.js";
import { jsonLines, type Line } from "./support/json.js";
import { makeNetwork, noNetwork } from "./support/network.js";
import { responders } from "./support/responders.js";

type Network = Awaited<ReturnType<typeof makeNetwork>>;

const skip = noNetwork || lacks("nft") || lacks("python3");

describe("wrong usage is one sentence and exit code 2", { concurrency: 2 }, () => {
	const cases: [args: string, sentence: RegExp][] = [
		["probe", /missing required argument 'transport'/],
		["probe sctp 127.0.0.1 1", /'sctp' is invalid for argument 'transport'\. Allowed choices are tcp, udp/],
		["probe tcp 127.0.0.1", /missing required argument 'ports'/],
		["probe tcp 127.0.0.1 0", /ports are from 1 to 65535, and a range from the lower to the higher: not 0/],
		["probe tcp 127.0.0.1 1-65536", /ports are from 1 to 65535/],
		["probe tcp 127.0.0.1 9-8", /a range from the lower to the higher: not 9-8/],
		["probe tcp 127.0.0.1 1,,2", /ports are numbers, ranges and service names .* not ""/],
		["probe tcp 127.0.0.1 no-such-service", /no tcp service is called no-such-service/],
		["probe tcp 10.0.0.1/24 1", /bits are set after the prefix; 10\.0\.0\.0\/24 is the whole block/],
		["probe -6 tcp 10.0.0.0/24 1", /10\.0\.0\.0\/24 is no block of IPv6 addresses/],
		[
			"probe tcp 10.0.0.0/8 1",
			/16777214 hosts times 1 ports are 16777214 probes, more than 65536: say --limit 16777214/,
		],
		["probe tcp fd00::/64 1", /more than 65536/],
		["probe udp 127.0.0.1 1 --banner", /--banner is for tcp/],
		["probe tcp 127.0.0.1 1 --retries 1", /--retries is for udp and --syn/],
		["probe udp 127.0.0.1 1 --syn", /--syn is for tcp/],
		["probe tcp 127.0.0.1 1 --syn --banner", /--banner needs a connection, which --syn never makes/],
		["probe -4 -6 tcp 127.0.0.1 1", /'-4, --ipv4' cannot be used with option '-6, --ipv6'/],
		["probe tcp 127.0.0.1 1 --rate 0", /'0' is invalid\. It is a whole number from 1 to 100000/],
	];
	for (const [line, sentence] of cases) {
		test(`sock ${line}`, async () => {
			const { ending, output, errors } = await ran(...line.split(" "));
			assert.deepEqual([ending, output], [2, ""]);
			assert.match(errors, sentence);
		});
	}
});

test("wrong usage and failures are events with --json", async () => {
	const wrong = await ran("probe", "tcp", "127.0.0.1", "0", "--json");
	assert.equal(wrong.ending, 2);
	assert.deepEqual(
		jsonLines(wrong.output).map(({ event, data }) => [event, data.code]),
		[["error", "USAGE"]],
	);
	const failed = await ran("probe", "tcp", "no-such-host.invalid", "1", "--json");
	assert.equal(failed.ending, 1);
	const [line] = jsonLines(failed.output);
	assert.deepEqual([line?.event, /^EAI_/.test(line?.data.code)], ["error", true]);
});

test("on loopback it tells an open port from a closed one, without any privilege", async () => {
	const server = createServer((connection) => connection.end("220 example\r\n"));
	const other = createServer();
	for (const one of [server, other]) {
		await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
	}
	const [open, closed] = [server, other].map((one) => (one.address() as { port: number }).port);
	await new Promise((resolve) => other.close(resolve));
	try {
		const { ending, output, errors } = await ran(
			"probe",
			"tcp",
			"127.0.0.1",
			`${open},${closed}`,
			"--banner",
		);
		assert.deepEqual([ending, errors], [0, ""]);
		assert.match(output, new RegExp(`^${open}/tcp +open .*syn-ack in [0-9.]+ ms, says "220 example"$`, "m"));
		assert.match(output, new RegExp(`^${closed}/tcp +closed .*connection refused \\(rst\\) in`, "m"));
		assert.match(output, /^2 ports of 1 host in [0-9.]+ s: 1 open, 1 closed$/m);
		const none = await ran("probe", "tcp", "localhost", "-4", String(closed), "--open");
		assert.deepEqual([none.ending, none.output.split("\n").length], [1, 2]);
	} finally {
		await new Promise((resolve) => server.close(resolve));
	}
});

// They serve all tests, however long these take on a busy machine; the network's end is theirs.
const untilTheEnd = { timeout: 3_600_000 };

// On b, and on the router between: what is dropped and refused, and how.
const onHost = `
table inet filter {
	chain input {
		type filter hook input priority 0
		tcp dport 81 drop
		tcp dport 82 reject
		tcp dport 83 reject with tcp reset
		udp dport 81 drop
		udp dport 82 reject with icmpx admin-prohibited
	}
}
`;
const onRouter = `
table inet filter {
	chain forward {
		type filter hook forward priority 0
		meta l4proto { tcp, udp } th dport 84 reject with icmpx admin-prohibited
		meta l4proto { tcp, udp } th dport 85 reject with icmpx host-unreachable
		udp dport 86 reject
	}
}
`;
const listener = `
import socket
listeners = []
for family, host in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
    s = socket.socket(family)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    s.bind((host, 22))
    s.listen(100)
    listeners.append(s)
print("ready", flush=True)
import select
while True:
    for s in select.select(listeners, [], [])[0]:
        c, _ = s.accept()
        c.send(b"SSH-2.0-Example\\r\\n")
        c.close()
        print("accepted", flush=True)
`;

describe("in a network", { skip }, () => {
	let network: Network;
	let listening: ReturnType<Network["start"]>;

	before(async () => {
		network = await makeNetwork({
			hosts: ["a", "r", "b"],
			links: [
				["a", "r"],
				["r", "b"],
			],
		});
		await network.output("b", ["nft", "-f", "-"], { input: onHost });
		await network.output("r", ["nft", "-f", "-"], { input: onRouter });
		listening = network.start("b", ["python3", "-c", listener], untilTheEnd);
		await listening.printed(/ready/);
		await network
			.start("b", new URL("./programs/udpservers.js", import.meta.url), untilTheEnd)
			.printed(/ready/);
	});
	after(() => network.close());

	/** Runs `sock probe` on a, in JSON, and gives what it said of each port, and its exit code. */
	async function probed(
		...args: string[]
	): Promise<{ code: number | null; ports: Map<number, Line["data"]>; summary: Line["data"] }> {
		const options = { unprivileged: !args.includes("--syn"), timeout: 120_000 };
		const { code, stdout, stderr } = await network.run(
			"a",
			[...sockCommand, "probe", ...args, "--json"],
			options,
		);
		assert.equal(stderr, "");
		const lines = jsonLines(stdout);
		assert.equal(lines.at(-1)?.event, "summary");
		const ports = new Map(
			lines.filter(({ event }) => event === "port").map(({ data }) => [data.port as number, data]),
		);
		return { code, ports, summary: lines.at(-1)?.data };
	}

	test("a host that limits its ICMP errors, as Linux does, is not misjudged", async () => {
		// The first test, for what others have made the host send would count.
		// Linux's default: six at once, then one a second. Without patience, most of these would seem open|filtered.
		await network.sysctl("b", "net.ipv4.icmp_ratelimit", 1000);
		try {
			const { ports } = await probed("udp", network.ipv4("b"), "1001-1009,81", "-w", "0.7");
			const wrong = [...ports.values()].filter(
				({ port, state }) => (port === 81) !== (state === "open|filtered"),
			);
			assert.deepEqual(wrong, []);
			assert.equal(ports.size, 10);
		} finally {
			await network.sysctl("b", "net.ipv4.icmp_ratelimit", 0);
		}
	});

	for (const version of [4, 6] as const) {
		test(`TCP over IPv${version}: each verdict is true, and has its evidence`, async () => {
			const [host, router] = (["b", "r"] as const).map((name) =>
				version === 4 ? network.ipv4(name) : network.ipv6(name),
			) as [string, string];
			const { code, ports, summary } = await probed("tcp", host, "22,23,81-85", "--banner", "-w", "2.5");
			assert.equal(code, 0);
			const [prohibited, unreachable, port] = version === 4 ? [13, 1, 3] : [1, 3, 4];
			const type = version === 4 ? 3 : 1;
			const rows: [number, string, string, object?][] = [
				[22, "open", "syn-ack"],
				[23, "closed", "reset"],
				[81, "filtered", "no-answer"],
				// A refusal by ICMP is no reset, though connect(2) says ECONNREFUSED for both.
				[82, "filtered", "icmp", { type, code: port, from: host }],
				[83, "closed", "reset"],
				[84, "filtered", "icmp", { type, code: prohibited, from: router }],
				[85, "filtered", "icmp", { type, code: unreachable, from: router }],
			];
			for (const [number, state, reason, icmp] of rows) {
				const found = ports.get(number);
				assert.deepEqual([found?.state, found?.reason], [state, reason], `${number}: ${found?.evidence}`);
				if (icmp !== undefined) {
					const { type, code, from } = found?.icmp ?? {};
					assert.deepEqual({ type, code, from }, icmp);
				}
			}
			assert.equal(ports.get(22)?.banner, "SSH-2.0-Example");
			assert.equal(ports.get(22)?.service, "ssh");
			// As measured: a busy machine is later than the time that was given.
			const [, waited] = /^no answer to \d syns in ([\d.]+) s$/.exec(ports.get(81)?.evidence) ?? [];
			assert.ok(Number(waited) >= 2.5, ports.get(81)?.evidence);
			assert.ok(ports.get(81)?.attempts >= 2);
			assert.deepEqual(
				[summary.hosts, summary.ports, summary.open, summary.closed, summary.filtered],
				[1, 7, 1, 2, 4],
			);
		});

		test(`TCP over IPv${version}, half-open: the same verdicts, and the service sees nothing`, async () => {
			const host = version === 4 ? network.ipv4("b") : network.ipv6("b");
			const accepted = (): number => listening.output.match(/accepted/g)?.length ?? 0;
			const before = accepted();
			const { code, ports } = await probed("tcp", host, "22,23,81-85", "--syn", "-w", "1.5");
			assert.equal(code, 0);
			const states = Object.fromEntries(
				[...ports.values()].map(({ port, state, reason }) => [port, [state, reason]]),
			);
			assert.deepEqual(states, {
				22: ["open", "syn-ack"],
				23: ["closed", "reset"],
				81: ["filtered", "no-answer"],
				82: ["filtered", "icmp"],
				83: ["closed", "reset"],
				84: ["filtered", "icmp"],
				85: ["filtered", "icmp"],
			});
			assert.equal(ports.get(84)?.icmp.from, version === 4 ? network.ipv4("r") : network.ipv6("r"));
			assert.match(ports.get(81)?.evidence, /^no answer to 3 syns in 1\.5 s$/);
			// What is connected now comes after whatever the probe had connected.
			await probed("tcp", host, "22");
			await listening.printed(new RegExp(`(accepted\\s+){${before + 1}}`));
			assert.equal(accepted(), before + 1);
		});

		test(`UDP over IPv${version}: each verdict is true, and has its evidence`, async () => {
			const [host, router] = (["b", "r"] as const).map((name) =>
				version === 4 ? network.ipv4(name) : network.ipv6(name),
			) as [string, string];
			const { code, ports } = await probed("udp", host, "80-86", "-w", "1.5");
			assert.equal(code, 1);
			const [prohibited, unreachable, port] = version === 4 ? [13, 1, 3] : [1, 3, 4];
			const rows: [number, string, number?, string?][] = [
				[80, "closed", port, host],
				[81, "open|filtered"],
				[82, "filtered", prohibited, host],
				[83, "closed", port, host],
				[84, "filtered", prohibited, router],
				[85, "filtered", unreachable, router],
				// The router says that the port is closed, of which it cannot know.
				[86, "filtered", port, router],
			];
			for (const [number, state, icmpCode, from] of rows) {
				const found = ports.get(number);
				assert.equal(found?.state, state, `${number}: ${found?.evidence}`);
				assert.deepEqual([found?.icmp?.code, found?.icmp?.from], [icmpCode, from]);
			}
			assert.match(ports.get(81)?.evidence, /^no answer to 3 attempts in [0-9.]+ s$/);
		});

		test(`UDP over IPv${version}: services are asked in their protocols, and understood`, async () => {
			const host = version === 4 ? network.ipv4("b") : network.ipv6("b");
			const { code, ports } = await probed("udp", host, responders.map(({ port }) => port).join());
			assert.equal(code, 0);
			for (const { port, says } of responders) {
				const found = ports.get(port);
				assert.equal(found?.state, "open", `${port}: ${found?.evidence}`);
				assert.match(found?.reply?.says ?? "", says);
				assert.equal(found?.reply.port === port, port !== 69);
			}
			assert.match(ports.get(69)?.evidence, /^TFTP: error 1: File not found from port \d+ in [0-9.]+ ms$/);
		});
	}

	test("OpenSSL answers the DTLS hello with a cookie", { skip: lacks("openssl") }, async () => {
		const server = ["openssl", "s_server", "-dtls", "-listen", "-nocert", "-4", "-accept", "4433"];
		// It ends when its standard input does, and says that it accepts before it can.
		const program = new Program(...network.inside("b", server));
		await program.printed(/ACCEPT/);
		while (!(await network.output("b", ["ss", "-Huln"])).includes(":4433 ")) await delay(20);
		const { ports } = await probed("udp", network.ipv4("b"), "4433");
		assert.equal(ports.get(4433)?.reply?.says, "HelloVerifyRequest", ports.get(4433)?.evidence);
		program.kill("SIGKILL");
		await program.ended;
	});

	test("without the privilege --syn says which one is missing", async () => {
		const command = [...sockCommand, "probe", "tcp", network.ipv4("b"), "22", "--syn"];
		const { code, stderr } = await network.run("a", command, { unprivileged: true });
		assert.equal(code, 1);
		assert.match(stderr, /CAP_NET_RAW/);
	});

	test("a host that is not there, and a network without a route, are told", async () => {
		const missing = await probed("tcp", "10.0.1.77", "80", "-w", "30");
		assert.equal(missing.ports.get(80)?.state, "filtered");
		assert.match(
			missing.ports.get(80)?.evidence,
			/^icmp Destination Host Unreachable from this machine: the host does not/,
		);
		for (const transport of ["tcp", "udp"]) {
			const { code, ports } = await probed(transport, "192.0.2.1", "80");
			assert.equal(code, 1);
			assert.deepEqual([ports.get(80)?.state, ports.get(80)?.reason], ["unknown", "local-error"]);
			assert.match(ports.get(80)?.evidence, /ENETUNREACH/);
		}
	});

	test("what cannot be sent is a verdict of that host, and the others are probed", async () => {
		const refused = [
			[3, "unreachable", "EHOSTUNREACH"],
			[4, "prohibit", "EACCES"],
			[5, "blackhole", "EINVAL"],
		] as const;
		for (const [host, route] of refused) await network.shell("a", `ip route add ${route} 10.0.2.${host}`);
		const firewall =
			"table inet refused { chain output { type filter hook output priority 0; ip daddr 10.0.2.6 drop; }; }";
		await network.output("a", ["nft", "-f", "-"], { input: firewall });
		const block = "10.0.2.0/29";
		try {
			for (const args of [
				["tcp", block, "22,23"],
				["tcp", block, "22,23", "--syn"],
				["udp", block, "53,1001"],
			]) {
				const { code, stdout, stderr } = await network.run("a", [
					...sockCommand,
					"probe",
					...args,
					"--json",
					"-w",
					"2",
				]);
				assert.deepEqual([code, stderr], [0, ""]);
				const lines = jsonLines(stdout);
				const of = (host: string): Line["data"][] =>
					lines.flatMap(({ event, data }) => (event === "port" && data.address === host ? [data] : []));
				for (const [host, , error] of refused) {
					const found = of(`10.0.2.${host}`);
					assert.equal(found.length, 2, args.join(" "));
					for (const { state, reason, evidence } of found) {
						assert.deepEqual([state, reason], ["unknown", "local-error"], evidence);
						assert.match(evidence, new RegExp(`10\\.0\\.2\\.${host}\\b.*\\(${error}\\)`));
					}
				}
				assert.deepEqual(
					of(network.ipv4("b"))
						.map(({ state }) => state)
						.sort(),
					["closed", "open"],
				);
				// A connection's first segment is sent again, and nobody is told that a firewall drops it.
				const isConnected = args.length === 3 && args[0] === "tcp";
				for (const { state, evidence } of of("10.0.2.6")) {
					assert.equal(state, isConnected ? "filtered" : "unknown", evidence);
					if (!isConnected) assert.match(evidence, /\(EPERM\): a firewall forbids it$/);
				}
				const { data } = lines.at(-1) ?? assert.fail();
				assert.deepEqual([data.hosts, data.ports, data.planned], [6, 12, 12]);
				assert.equal(data.unknown, isConnected ? 6 : 8);
			}
			const { code, stdout } = await network.run("a", [
				...sockCommand,
				...["probe", "tcp", "10.0.2.2/31", "22", "--syn"],
			]);
			assert.equal(code, 0);
			assert.match(stdout, /^10\.0\.2\.2\n.*\n22\/tcp +open +ssh +syn-ack/m);
			assert.match(
				stdout,
				/^10\.0\.2\.3\n.*\n22\/tcp +unknown +ssh +sendto 10\.0\.2\.3: .*\(EHOSTUNREACH\): a route says/m,
			);
			assert.match(stdout, /^2 ports of 2 hosts in .*: 1 open, 1 unknown$/m);
			const none = await network.run("a", [
				...sockCommand,
				...["probe", "tcp", "10.0.2.3", "22", "--syn", "--json"],
			]);
			assert.equal(none.code, 1);
			assert.equal(jsonLines(none.stdout)[0]?.data.state, "unknown");
		} finally {
			await network.output("a", ["nft", "delete", "table", "inet", "refused"]);
			for (const [host] of refused) await network.shell("a", `ip route del 10.0.2.${host}`);
		}
	});

	test("a queue that is full for a moment is waited for", async () => {
		// Every second packet finds no room.
		const filter = `table netdev full {
	chain egress {
		type filter hook egress device eth0 priority 0
		meta l4proto { tcp, udp } numgen inc mod 2 0 drop
	}
}`;
		await network.output("a", ["nft", "-f", "-"], { input: filter });
		try {
			const { ports } = await probed("udp", network.ipv4("b"), "53,123,1001,1002");
			const states = [...ports.values()].map(({ state }) => state);
			assert.deepEqual(states.sort(), ["closed", "closed", "open", "open"]);
		} finally {
			await network.output("a", ["nft", "delete", "table", "netdev", "full"]);
		}
	});

	test("a block is probed host by host, without its own and its broadcast address", async () => {
		const command = [...sockCommand, "probe", "tcp", "10.0.2.0/30", "22", "--open"];
		const { code, stdout } = await network.run("a", command);
		assert.equal(code, 0);
		assert.match(stdout, /^10\.0\.2\.2\nPORT +STATE +SERVICE +EVIDENCE\n22\/tcp +open +ssh +syn-ack/);
		assert.match(stdout, /\n2 ports of 2 hosts in [0-9.]+ s: 1 open, 1 closed\n$/);
	});

	test("many ports that are alike are summed up, unless all are wanted", async () => {
		const command = [...sockCommand, "probe", "tcp", network.ipv4("b"), "22,1000-1029"];
		const { stdout } = await network.run("a", command);
		assert.match(stdout, /^not shown \(--all shows them\): 30 closed \(connection refused\)$/m);
		const all = await network.run("a", [...command, "--all"]);
		assert.equal(all.stdout.match(/^\d+\/tcp +closed/gm)?.length, 30);
	});

	test("Ctrl-C shows what was found, and how much is missing", async () => {
		const command = [...sockCommand, "probe", "udp", network.ipv4("b"), "53,81", "-w", "60", "--json"];
		const program = network.start("a", command);
		await program.printed(/"port":53/);
		const { code, stdout } = await program.stop("SIGINT");
		const { data } = jsonLines(stdout).at(-1) ?? assert.fail();
		assert.deepEqual([code, data.ports, data.planned, data.open], [0, 1, 2, 1]);
	});

	test("the rate is kept", async () => {
		const { summary } = await probed("tcp", network.ipv4("b"), "1000-1010", "--rate", "20");
		assert.ok(summary.seconds >= 0.5, String(summary.seconds));
	});
});
