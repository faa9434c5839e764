/**
 * `sock trace` in networks of its own, side by side with traceroute.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
	build,
	dissect,
	icmpv4,
	icmpv6,
	ipv4,
	ipv6,
	type Packet,
	recomputed,
	tcp,
	udp,
} from "berkeley/packet";
import { describeIcmp, meaningOf } from "../src/probing/icmptext.js";
import { describeExtensions, readExtensions } from "../src/trace/extensions.js";
import { lacks, ran, sockCommand } from "./support/command.js";
import { jsonLines, type Line } from "./support/json.js";
import { type Ended, makeNetwork, type Network, noNetwork, sockIn } from "./support/network.js";

const sniffer = new URL("./support/sniffer.js", import.meta.url);
const router = new URL("./support/router.js", import.meta.url);

/** What differs from run to run is made alike. */
function normal(text: string): string {
	return text.replace(/ {2}[\d.]+ ms/g, "  T ms").replace(/\d+ byte packets/, "N byte packets");
}

/** Who answered at each hop, each once. */
function path(lines: readonly Line[]): string[][] {
	return lines
		.filter(({ event }) => event === "hop")
		.map(({ data }) => [...new Set<string>(data.probes.map(({ from = "*" }) => from))]);
}

/** How the probes of the last hop were answered. */
function ending(lines: readonly Line[]): { answer: string; word?: string; mark?: string; mtu?: number } {
	return lines.filter(({ event }) => event === "hop").at(-1)?.data.probes[0];
}

describe("sock trace over two routers", { skip: noNetwork || lacks("iptables"), concurrency: 2 }, () => {
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
		const rejected: [to: string, how: string][] = [
			["10.9.1.0/24", "icmp-host-unreachable"],
			["10.9.2.0/24", "icmp-admin-prohibited"],
			["10.9.3.0/24", "icmp-net-unreachable"],
			["10.9.4.0/24", "icmp-proto-unreachable"],
			["fd91::/64", "icmp6-addr-unreachable"],
			["fd92::/64", "icmp6-adm-prohibited"],
			["fd93::/64", "icmp6-no-route"],
		];
		const silent = ["10.9.8.0/24", "fd98::/64"];
		for (const [from, to] of [
			["a", "r1"],
			["r1", "r2"],
		] as const) {
			const routes = [...rejected.map(([network]) => network), ...silent].map(
				(network) =>
					`ip route add ${network} via ${network.includes(":") ? net.ipv6(to, from) : net.ipv4(to, from)}`,
			);
			await net.shell(from, routes.join("\n"));
		}
		await net.shell(
			"r2",
			[
				...rejected.map(([to]) =>
					to.includes(":")
						? `ip route add ${to} via ${net.ipv6("b")}`
						: `ip route add ${to} via ${net.ipv4("b")}`,
				),
				...rejected.map(
					([to, how]) =>
						`${to.includes(":") ? "ip6tables" : "iptables"} -A FORWARD -d ${to} -j REJECT --reject-with ${how}`,
				),
				...silent.map((to) => `ip route add blackhole ${to}`),
			].join("\n"),
		);
		await net.sysctl("a", "net.ipv4.ping_group_range", "1 0");
	});

	after(() => net?.close());

	const sock = (...args: string[]): Promise<Ended> => net.run("a", sockIn("trace", ...args));
	const json = async (...args: string[]) => {
		const { code, stdout, stderr } = await sock("--json", ...args);
		return { code, stderr, lines: jsonLines(stdout) };
	};
	const hops = (to: "ipv4" | "ipv6"): string[][] => [
		[net[to]("r1", "a")],
		[net[to]("r2", "r1")],
		[net[to]("b")],
	];

	/** The lines for each kind of outcome are those of traceroute. */
	const alike: [what: string, args: (net: Network) => string[], theirs?: string[]][] = [
		["UDP", (net) => [net.ipv4("b")]],
		["UDP over IPv6", (net) => [net.ipv6("b")]],
		["ICMP", (net) => ["-I", net.ipv4("b")]],
		["ICMP over IPv6", (net) => ["-I", net.ipv6("b")]],
		["TCP", (net) => ["-T", net.ipv4("b")]],
		["TCP over IPv6", (net) => ["-T", net.ipv6("b")]],
		["one probe for each hop, from the second on", (net) => ["-q", "1", "-f", "2", net.ipv4("b")]],
		["the first two hops only", (net) => ["-m", "2", net.ipv4("b")]],
		["one at a time", (net) => ["-N", "1", net.ipv4("b")]],
		["an unreachable host", () => ["10.9.1.7"]],
		["an unreachable host, by ICMP", () => ["-I", "10.9.1.7"]],
		["an unreachable host, by TCP", () => ["-T", "10.9.1.7"]],
		["a prohibited host", () => ["10.9.2.7"]],
		["an unreachable network", () => ["10.9.3.7"]],
		["an unreachable protocol", () => ["10.9.4.7"]],
		["an unreachable host of IPv6", () => ["fd91::7"]],
		["a prohibited host of IPv6", () => ["-I", "fd92::7"]],
		["no route of IPv6", () => ["fd93::7"]],
		["silence", () => ["-m", "4", "-w", "2", "10.9.8.7"]],
		["silence of IPv6", () => ["-m", "4", "-w", "2", "fd98::7"]],
	];
	for (const [what, argsFor] of alike) {
		test(`says what traceroute says: ${what}`, { skip: lacks("traceroute") }, async () => {
			const args = argsFor(net);
			// With -w it waits as long as it says, else ten times as long as another probe took, which may be nothing.
			const patient = ["traceroute", "-n", "-w", "5", ...args];
			const [ours, theirs] = await Promise.all([sock(...args), net.run("a", patient)]);
			assert.equal(normal(ours.stdout), normal(theirs.stdout));
			assert.deepEqual([ours.code, ours.stderr, theirs.code], [0, "", 0]);
		});
	}

	test("tells each hop in JSON, by every kind of probe", async () => {
		for (const [method, words] of [
			["udp", [undefined, undefined]],
			["icmp", ["echo reply", "echo reply"]],
			["tcp", ["RST", "RST"]],
		] as const) {
			for (const [index, to] of (["ipv4", "ipv6"] as const).entries()) {
				const { code, stderr, lines } = await json(`--${method}`, net[to]("b"));
				assert.deepEqual([code, stderr], [0, ""]);
				assert.deepEqual([lines[0]?.event, lines[0]?.data.method], ["start", method]);
				assert.deepEqual(path(lines), hops(to));
				assert.equal(lines[1]?.data.probes[0].answer, "expired");
				assert.equal(lines[1]?.data.probes[0].stamps, "kernel");
				assert.equal(ending(lines).answer, method === "udp" ? "port-unreachable" : "target");
				assert.equal(ending(lines).word, words[index]);
				const { reached, hops: count, answered, sent } = lines.at(-1)?.data ?? {};
				assert.deepEqual([reached, count, sent >= 9, answered >= 9], [true, 3, true, true]);
			}
		}
	});

	test("ends where a packet is too long, and says what is not", async () => {
		const { name } = net.end("r2", "b");
		await net.shell("r2", `ip link set ${name} mtu 1300`);
		try {
			for (const [to, mark] of [
				[net.ipv4("b"), "!F-1300"],
				[net.ipv6("b"), "!F-1300"],
			] as const) {
				const { lines } = await json("-F", "-l", "1400", "-q", "1", to);
				const { answer, mark: found, mtu } = ending(lines);
				assert.deepEqual([answer, found, mtu], ["unreachable", mark, 1300]);
				assert.equal(lines.at(-1)?.data.reached, false);
			}
		} finally {
			await net.shell("r2", `ip link set ${name} mtu 1500`);
		}
		const tooLong = await json("-F", "-l", "1600", net.ipv4("b"));
		assert.equal(tooLong.code, 1);
		assert.match(tooLong.stderr, /^sock: local error: message too long, mtu=1500 \(EMSGSIZE\)\n$/);
	});

	test("needs no privilege for UDP, none for ICMP where ping sockets are allowed, and says what TCP needs", async () => {
		const run = async (...args: string[]) => {
			const { code, stdout, stderr } = await net.run("a", sockIn("trace", "--json", ...args), {
				unprivileged: true,
			});
			return { code, stderr, lines: jsonLines(stdout) };
		};
		for (const to of ["ipv4", "ipv6"] as const) {
			const { code, lines } = await run(net[to]("b"));
			assert.equal(code, 0);
			assert.deepEqual(path(lines), hops(to));
			const refused = await run("-T", net[to]("b"));
			assert.equal(refused.code, 1);
			assert.match(
				refused.stderr,
				/^sock: TCP probes: .*need CAP_NET_RAW.*; UDP probes need no privilege\n$/,
			);
			assert.equal(refused.lines[0]?.data.code, "EPERM");
		}
		assert.match(
			(await run("-I", net.ipv4("b"))).stderr,
			/^sock: .*ping_group_range='0 2147483647'.*; else .*CAP_NET_RAW/,
		);
		await net.sysctl("a", "net.ipv4.ping_group_range", "0 2147483647");
		try {
			for (const to of ["ipv4", "ipv6"] as const) {
				const { lines } = await run("-I", "--flow", "5", net[to]("b"));
				assert.deepEqual(path(lines), hops(to));
				assert.equal(lines[0]?.data.flow.identifier, 33461);
			}
		} finally {
			await net.sysctl("a", "net.ipv4.ping_group_range", "1 0");
		}
	});

	test("takes what listens at the target for its end, which never sees a connection", async () => {
		const command = (...args: string[]) => net.start("b", [...sockCommand, "listen", "-k", "-v", ...args]);
		const listener = command(net.ipv4("b"), "8080");
		await listener.printed(/^listening on/m);
		const { lines } = await json("-T", "-p", "8080", net.ipv4("b"));
		assert.deepEqual(path(lines), hops("ipv4"));
		assert.equal(ending(lines).word, "SYN/ACK");
		assert.doesNotMatch((await listener.stop()).stderr, /connection from/);
	});

	test("sends no faster than it is told", async () => {
		const begun = performance.now();
		const { lines } = await json("-q", "2", "-m", "2", "-z", "0.1", net.ipv4("b"));
		assert.deepEqual(path(lines), hops("ipv4").slice(0, 2));
		assert.ok(performance.now() - begun >= 300);
		assert.deepEqual([lines.at(-1)?.data.sent, lines.at(-1)?.data.reached], [4, false]);
	});

	test("Ctrl-C ends it, with what is known so far", async () => {
		const program = net.start("a", sockIn("trace", "--json", "-w", "60", "10.9.8.7"));
		await program.printed(/"hop":1,/);
		const { code, stdout } = await program.stop("SIGINT");
		assert.equal(code, 0);
		const lines = jsonLines(stdout);
		assert.deepEqual([lines.at(-1)?.event, lines.at(-1)?.data.hops], ["summary", 1]);
	});

	test("fails with exit code 1, for which --json has an event", async () => {
		for (const [args, code, sentence] of [
			[["-i", "nothing0", net.ipv4("b")], "ENODEV", /-i nothing0: it is no interface of this machine/],
			[["-s", net.ipv6("a"), net.ipv4("b")], "FAILURE", /it is no address of IPv4, as the target's is/],
			[["-s", "192.0.2.1", net.ipv4("b")], "EADDRNOTAVAIL", /^sock: bind 192\.0\.2\.1/],
			[["192.0.2.1"], "ENETUNREACH", /\(ENETUNREACH\)/],
			[["-I", "192.0.2.1"], "ENETUNREACH", /\(ENETUNREACH\)/],
			[["-T", "192.0.2.1"], "ENETUNREACH", /\(ENETUNREACH\)/],
		] as [string[], string, RegExp][]) {
			const { code: ended, stderr, lines } = await json(...args);
			assert.equal(ended, 1, stderr);
			assert.match(stderr, sentence);
			assert.deepEqual([lines.at(-1)?.event, lines.at(-1)?.data.code], ["error", code]);
		}
	});
});

describe("sock trace where there are two ways", { skip: noNetwork }, () => {
	let net: Network;

	before(async () => {
		net = await makeNetwork({
			hosts: ["a", "r1", "p", "q", "r2", "b"],
			links: [
				["a", "r1"],
				["r1", "p"],
				["r1", "q"],
				["p", "r2"],
				["q", "r2"],
				["r2", "b"],
			],
		});
		const [network] = net.ipv4("b").match(/^\d+\.\d+\.\d+/) ?? [];
		await net.sysctl("r1", "net.ipv4.fib_multipath_hash_policy", 1);
		await net.shell(
			"r1",
			`ip route replace ${network}.0/24 nexthop via ${net.ipv4("p", "r1")} nexthop via ${net.ipv4("q", "r1")}`,
		);
	});

	after(() => net?.close());

	test("finds the longest packets that get through", { skip: lacks("traceroute") }, async () => {
		await net.shell("r2", `ip link set ${net.end("r2", "b").name} mtu 1400`);
		const cuts = (text: string): string[] => text.match(/F=\d+/g) ?? [];
		for (const args of [[net.ipv4("b")], [net.ipv6("b")], ["-I", net.ipv4("b")], ["-I", net.ipv6("b")]]) {
			const run = (...more: string[]): Promise<Ended> =>
				net.run("a", sockIn("trace", "--mtu", "-q", "1", ...more, ...args));
			const { code, stdout } = await run();
			assert.deepEqual([code, cuts(stdout)], [0, ["F=1500", "F=1400"]]);
			const theirs = await net.run("a", ["traceroute", "-n", "--mtu", "-q", "1", "-w", "5", ...args]);
			// Either way will do.
			const alike = (text: string): string => normal(text).replace(net.ipv4("q", "r1"), net.ipv4("p", "r1"));
			assert.equal(alike(stdout), alike(theirs.stdout));
			const lines = jsonLines((await run("--json")).stdout);
			assert.deepEqual([lines.at(-1)?.data.mtu, lines.at(-1)?.data.reached], [1400, true]);
			const found = lines.flatMap(({ event, data }) => (event === "hop" ? [data.probes[0].pathMtu] : []));
			assert.deepEqual(found, [1500, undefined, undefined, 1400]);
		}
	});

	test("stays in one flow, in which every probe differs from every other", async () => {
		const watched = async (...args: string[]): Promise<Buffer[]> => {
			const program = net.start("r1", sniffer, { args: [net.end("r1", "a").name] });
			await program.printed(/^ready$/m);
			const { stdout: told } = await net.run("a", sockIn("trace", "--json", "-z", "0.001", ...args));
			const lines = jsonLines(told);
			const heard = (): Buffer[] =>
				(program.output.match(/^[\da-f]{8,}$/gm) ?? [])
					.map((text) => Buffer.from(text, "hex"))
					.filter((bytes) => isProbe(dissect(bytes, { first: (bytes[0] ?? 0) >> 4 === 6 ? ipv6 : ipv4 })));
			// Those that were sent before the end was known have come through here too.
			const sent: number = lines.at(-1)?.data.sent;
			assert.ok(sent >= 12);
			while (heard().length < sent) await delay(10);
			await program.stop();
			assert.equal(heard().length, sent);
			return heard();
		};
		const isProbe = (packet: Packet): boolean => {
			const { flags } = packet.get(tcp) ?? {};
			const { type } = packet.get(icmpv4) ?? packet.get(icmpv6) ?? {};
			return packet.has(udp) || flags === 2 || type === 8 || type === 128;
		};
		const distinct = (values: readonly unknown[]): number => new Set(values).size;
		const flows: unknown[] = [];
		for (const to of ["ipv4", "ipv6"] as const) {
			const first = to === "ipv4" ? ipv4 : ipv6;
			const address = net[to]("b");
			const packets = (await watched(address)).map((bytes) => dissect(bytes, { first }));
			const ports = packets.flatMap((packet) => packet.get(udp) ?? []);
			assert.ok(ports.length >= 12);
			assert.equal(distinct(ports.map((one) => `${one.sourcePort} ${one.destinationPort}`)), 1);
			// The cable's end leaves the checksum to be computed by hardware that there is not.
			const whole = packets.map((packet) => dissect(build(...packet.toValues().map(recomputed)), { first }));
			assert.equal(distinct(whole.map((packet) => packet.get(udp)?.checksum)), whole.length);
			assert.equal(ports[0]?.destinationPort, 33434);

			const pings = (await watched("-I", address))
				.map((bytes) => dissect(bytes, { first }))
				.flatMap((packet) => packet.get(icmpv4) ?? packet.get(icmpv6) ?? []);
			assert.ok(pings.length >= 12);
			assert.equal(distinct(pings.map(({ type, code, checksum }) => `${type} ${code} ${checksum}`)), 1);
			assert.equal(distinct(pings.map(({ identifier }) => identifier)), 1);
			assert.equal(distinct(pings.map(({ sequence }) => sequence)), pings.length);

			const probes = (await watched("-T", "-p", "443", address))
				.map((bytes) => dissect(bytes, { first }))
				.flatMap((packet) => packet.get(tcp) ?? []);
			assert.ok(probes.length >= 12);
			assert.equal(distinct(probes.map((one) => `${one.sourcePort} ${one.destinationPort}`)), 1);
			assert.equal(distinct(probes.map(({ sequence }) => sequence)), probes.length);
			assert.equal(probes[0]?.destinationPort, 443);

			if (to === "ipv6") flows.push(...packets.map((packet) => packet.get(ipv6)?.flowLabel));
		}
		assert.deepEqual([...new Set(flows)], [0]);
	});

	for (const method of ["--udp", "--tcp"]) {
		test(`each flow stays on one of them: ${method}`, async () => {
			const second = async (flow: number): Promise<string> => {
				const { stdout } = await net.run(
					"a",
					sockIn("trace", "--json", method, "--flow", String(flow), net.ipv4("b")),
				);
				const lines = jsonLines(stdout);
				assert.equal(lines[0]?.data.flow.sourcePort, 33456 + flow);
				const found = path(lines)[1] ?? [];
				assert.equal(found.length, 1, `flow ${flow} went by ${found}`);
				return found[0] ?? "";
			};
			const ways: string[] = [];
			// Each flow goes either way like a coin that falls; forty that fall alike there are not.
			for (let flow = 0; flow < 40 && new Set(ways).size < 2; flow++) ways.push(await second(flow));
			assert.deepEqual(new Set(ways), new Set([net.ipv4("p", "r1"), net.ipv4("q", "r1")]));
			// A router of this very machine sees the hash that the kernel gave the UDP socket, and not the ports.
			if (method === "--udp") return;
			assert.equal(await second(0), ways[0]);
			assert.equal(await second(ways.length - 1), ways.at(-1));
		});
	}
});

describe("sock trace and odd routers", { skip: noNetwork, concurrency: 1 }, () => {
	let net: Network;

	before(async () => {
		net = await makeNetwork({ hosts: ["a", "x"], links: [["a", "x"]] });
		await net.shell("a", `ip route add 10.9.9.0/24 via ${net.ipv4("x")}`);
	});

	after(() => net?.close());

	const through = async (how: string, ...args: string[]): Promise<Ended> => {
		const program = net.start("x", router, { args: [net.end("x").name, net.ipv4("x"), how] });
		await program.printed(/^ready$/m);
		const ended = await net.run("a", sockIn("trace", "-w", "20", ...args, "10.9.9.9"));
		await program.stop();
		return ended;
	};

	test("sends one probe at a time when a router quotes too little to tell them apart", async () => {
		const { code, stdout } = await through("short", "--json");
		assert.equal(code, 0);
		const lines = jsonLines(stdout);
		assert.deepEqual(path(lines), [[net.ipv4("x")], [net.ipv4("x")], ["10.9.9.9"]]);
		assert.equal(lines.at(-1)?.data.reached, true);
	});

	test("shows the labels of MPLS", async () => {
		const { stdout } = await through("mpls", "-e", "-q", "1");
		const shown = "<MPLS:L=16,E=1,S=0,T=1/L=524287,E=7,S=1,T=64;2/5:01020304>";
		assert.ok(stdout.includes(` 1  ${net.ipv4("x")} ${shown}  `), stdout);
		const plain = await through("mpls", "-q", "1");
		assert.doesNotMatch(plain.stdout, /MPLS/);
		const { stdout: json } = await through("mpls", "-q", "1", "--json");
		const [probe] = jsonLines(json)[1]?.data.probes ?? [];
		assert.deepEqual(probe.extensions, [
			{
				class: 1,
				type: 1,
				mpls: [
					{ label: 16, trafficClass: 1, bottom: false, ttl: 1 },
					{ label: 0x7ffff, trafficClass: 7, bottom: true, ttl: 64 },
				],
			},
			{ class: 2, type: 5, hex: "01020304" },
		]);
	});
});

test("an ICMP error has the words of ping, with its number where it has one, whichever command tells of it", () => {
	for (const [version, type, subcode, words, number] of [
		[4, 3, 1, "Destination Host Unreachable", ""],
		[4, 3, 4, "Frag needed and DF set", " (mtu = 1300)"],
		[4, 3, 99, "Dest Unreachable, Bad Code: 99", ""],
		[4, 4, 0, "Source Quench", ""],
		[4, 11, 0, "Time to live exceeded", ""],
		[4, 12, 0, "Parameter problem", ": pointer = 1300"],
		[4, 99, 4, "Bad ICMP type: 99", ""],
		[6, 1, 4, "Destination unreachable: Port unreachable", ""],
		[6, 1, 7, "Destination unreachable: Error in source routing header", ""],
		[6, 1, 99, "Destination unreachable: Unknown code 99", ""],
		[6, 2, 0, "Packet too big", ": mtu=1300"],
		[6, 3, 1, "Time exceeded: Defragmentation failure", ""],
		[6, 4, 1, "Parameter problem: Unknown header", " at 1300"],
		[6, 99, 0, "Unknown ICMP type: 99", ""],
	] as const) {
		assert.equal(meaningOf(version, type, subcode), words);
		assert.equal(describeIcmp(version, { type, subcode, info: 1300 }), words + number);
	}
});

test("readExtensions() gives the objects that are whole, whatever the bytes are", () => {
	const good = Buffer.from("0000" + "20000000" + "00080101" + "00010201" + "00060203abcd", "hex");
	const objects = readExtensions(good, 2);
	assert.equal(describeExtensions(objects), "MPLS:L=16,E=1,S=0,T=1;2/3:abcd");
	for (let length = 0; length < good.length; length++) {
		assert.ok(readExtensions(good.subarray(0, length), 2).length < 2);
	}
	for (const bytes of [
		"",
		"20000000",
		"20000000" + "0003",
		"2000000000030101",
		"10000000" + "00080101" + "00010201",
	]) {
		assert.deepEqual(readExtensions(Buffer.from(bytes, "hex"), 0), []);
		assert.deepEqual(readExtensions(Buffer.from(`00${bytes}`, "hex"), 1), []);
	}
});

test("sock trace refuses what it cannot do before it does anything", async () => {
	for (const [line, sentence] of [
		["", /missing required argument 'host'/],
		["-I -T 127.0.0.1", /cannot be used with option '-T, --tcp'/],
		["-U -T 127.0.0.1", /cannot be used with option '-T, --tcp'/],
		["-I -p 80 127.0.0.1", /cannot be used with option '-p, --port <port>'/],
		["-T -l 60 127.0.0.1", /cannot be used with option '-l, --size <bytes>'/],
		["-f 5 -m 4 127.0.0.1", /-f 5 is behind the last hop, which -m says is 4/],
		["--mtu -l 1000 127.0.0.1", /cannot be used with option '-l, --size <bytes>'/],
		["-q 11 127.0.0.1", /It is a whole number from 1 to 10/],
		["-N 0 127.0.0.1", /It is a whole number from 1 to 256/],
		["-l 20 127.0.0.1", /It is a whole number from 28 to 65535/],
		["--flow 10000 127.0.0.1", /It is a whole number from 0 to 9999/],
	] as const) {
		const args = line.split(" ").filter((word) => word !== "");
		const { ending: code, output, errors } = await ran("trace", ...args, "--json");
		assert.equal(code, 2, line);
		assert.match(errors, sentence);
		assert.equal(jsonLines(output)[0]?.data.code, "USAGE");
	}
});
