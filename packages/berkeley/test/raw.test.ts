/**
 * Packets sent and answered in real networks: send(), sr() and their relatives, at both layers.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
	arp,
	build,
	ethernet,
	fragment,
	ICMP_DEST_UNREACH,
	ICMP_ECHO,
	ICMP_ECHOREPLY,
	ICMP_TIME_EXCEEDED,
	ICMP6_TIME_EXCEEDED,
	icmpv4,
	icmpv6,
	ipv4,
	ND_NEIGHBOR_SOLICIT,
	TH_ACK,
	TH_RST,
	TH_SYN,
	tcp,
	udp,
	vlan,
} from "../src/packet/index.js";
import { send, sendp, sr, srIter, srp, srpIter } from "../src/raw/index.js";
import { makeNetwork, type Network, noNetwork } from "./support/network.js";
import { attempt, call, echo, layerOf, patient, to } from "./support/rawcalls.js";

describe("sr() between two hosts", { skip: noNetwork }, () => {
	let net: Network;
	before(async () => {
		net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
	});
	after(() => net.close());

	test("has a SYN answered by a real listener, and by none", async () => {
		const listener = net.start("b", [
			"python3",
			"-c",
			`import socket
s = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
print(s.getsockname()[1], flush=True)
s.accept()`,
		]);
		const [, port = ""] = await listener.printed(/(\d+)\n/);
		for (const host of [net.ipv4("b"), net.ipv6("b")]) {
			const syn = (destinationPort: number): object =>
				tcp({
					sourcePort: 40000,
					destinationPort,
					sequence: 1000,
					flags: TH_SYN,
					options: [{ kind: "mss", value: 1460 }],
				});
			const { answered, unanswered } = await call(
				net,
				"a",
				"sr",
				[
					[to(host), syn(Number(port))],
					[to(host), syn(1)],
				],
				patient,
			);
			assert.deepEqual(unanswered, []);
			const [open, closed] = answered?.toSorted((one, other) => one.index - other.index) ?? [];
			assert.equal(layerOf(open?.reply, "tcp").flags, TH_SYN | TH_ACK);
			assert.equal(layerOf(open?.reply, "tcp").acknowledgment, 1001);
			assert.equal(layerOf(closed?.reply, "tcp").flags, TH_RST | TH_ACK);
			// The source was filled in, before the checksum was computed: or nobody would have answered.
			const header = layerOf(open?.request, host.includes(":") ? "ipv6" : "ipv4");
			assert.equal(header.source, host.includes(":") ? net.ipv6("a") : net.ipv4("a"));
		}
		await listener.stop();
	});

	test("tells when and where an answer came, by the kernel's clock", async () => {
		const { answered } = await call(net, "a", "sr", [[to(net.ipv4("b")), echo(1), "data"]], patient);
		const [{ reply, rtt, captured, attempts, index } = assert.fail()] = answered ?? [];
		assert.equal(layerOf(reply, "icmpv4").type, ICMP_ECHOREPLY);
		assert.equal(layerOf(reply, "raw").layer, "raw");
		assert.ok(rtt !== undefined && rtt > 0 && rtt < 20_000, `${rtt} ms`);
		assert.equal(captured?.interface?.name, "eth0");
		assert.equal(captured.direction, "in");
		assert.equal(captured.link, "raw");
		assert.equal(captured.length, 32);
		assert.deepEqual([attempts, index], [1, 0]);
	});

	test("matches what is unreachable to the request", async () => {
		const probe = (destinationPort: number): object => udp({ sourcePort: 40000, destinationPort });
		const { answered } = await call(
			net,
			"a",
			"sr",
			[
				[to(net.ipv4("b")), probe(1001)],
				[to(net.ipv4("b")), probe(1002)],
				[to(net.ipv6("b")), probe(1003)],
			],
			patient,
		);
		assert.equal(answered?.length, 3);
		for (const { request, reply } of answered) {
			const isV4 = request[0]?.layer === "ipv4";
			const error = layerOf(reply, isV4 ? "icmpv4" : "icmpv6");
			assert.deepEqual([error.type, error.code], isV4 ? [ICMP_DEST_UNREACH, 3] : [1, 4]);
			assert.equal(layerOf(reply, "udp").destinationPort, layerOf(request, "udp").destinationPort);
		}
	});

	test("cuts a packet into fragments by `mtu`, and puts those of the answer together", async () => {
		const payload = new Uint8Array(4000).map((_, index) => index);
		const { answered } = await call(
			net,
			"a",
			"sr",
			[
				[to(net.ipv4("b")), echo(1), payload],
				[to(net.ipv6("b")), echo(2, 6), payload],
			],
			{ ...patient, mtu: 1280 },
		);
		assert.equal(answered?.length, 2);
		for (const { reply } of answered) assert.deepEqual(bytesOf(layerOf(reply, "raw").data), payload);
	});

	test("has a neighbour solicitation answered by an advertisement, at both layers", async () => {
		const { mac } = net.end("a");
		const target = net.ipv6("b");
		const group = `ff02::1:ff00:${Number.parseInt(target.split(":").at(-1) ?? "", 16).toString(16)}`;
		const solicitation = icmpv6({
			type: ND_NEIGHBOR_SOLICIT,
			targetAddress: target,
			options: [{ kind: "sourceLinkLayerAddress", address: mac }],
		});
		const interfaced = { ...patient, interface: "eth0" };
		const header = to(group, { source: net.ipv6("a"), hopLimit: 255 });
		const { answered: routed } = await call(net, "a", "sr", [[header, solicitation]], interfaced);
		const frame = { layer: "ethernet", destination: `33:33:ff:00:00:0${target.at(-1)}` };
		const { answered: framed } = await call(net, "a", "srp", [[frame, header, solicitation]], interfaced);
		for (const answered of [routed, framed]) {
			const advertisement = layerOf(answered?.[0]?.reply, "icmpv6");
			assert.equal(advertisement.type, 136);
			assert.equal(advertisement.targetAddress, target);
			assert.equal(JSON.stringify(advertisement.options).includes(net.end("b").mac), true);
		}
	});

	test("sends again what nobody answers, and gives it up", async () => {
		const { exchanges } = await call(
			net,
			"a",
			"srIter",
			[
				[to("10.0.1.200", { source: net.ipv4("a") }), echo(1)],
				[to(net.ipv4("b")), echo(2)],
			],
			{ timeout: 50, retries: 2 },
		);
		const silent = exchanges?.find(({ index }) => index === 0);
		assert.equal(silent?.reply, undefined);
		assert.equal(silent?.attempts, 3);
		assert.notEqual(exchanges?.find(({ index }) => index === 1)?.reply, undefined);
		assert.equal(exchanges?.length, 2);
	});

	test("keeps to the rate and the interval, and to how many may wait", async () => {
		const nobody = (count: number): object[][] =>
			Array.from({ length: count }, (_, sequence) => [
				to(net.ipv4("a"), { source: net.ipv4("a") }),
				icmpv4({ type: ICMP_ECHOREPLY, sequence }),
			]);
		const least = async (count: number, options: object): Promise<number> =>
			(await call(net, "a", "sr", nobody(count), { timeout: 1, ...options })).elapsed ?? 0;
		assert.ok((await least(11, { rate: 100 })) >= 99);
		assert.ok((await least(6, { interval: 20 })) >= 99);
		assert.ok((await least(5, { outstanding: 1, timeout: 20 })) >= 99);
		const { count, elapsed = 0 } = await call(net, "a", "send", nobody(6), { interval: 20 });
		assert.equal(count, 6);
		assert.ok(elapsed >= 99);
	});

	test("takes a packet that comes back for no answer to itself", async () => {
		const self = [to("127.0.0.1", { source: "127.0.0.1" }), udp({ sourcePort: 9, destinationPort: 9 }), "x"];
		const { answered } = await call(net, "a", "sr", [self], patient);
		assert.equal(layerOf(answered?.[0]?.reply, "icmpv4").type, ICMP_DEST_UNREACH);
	});

	test("sees what the user's filter lets pass alone", async () => {
		const filter = "icmp and not host 127.0.0.1";
		const { unanswered } = await call(net, "a", "sr", [[to("127.0.0.1"), echo(1)]], { filter, timeout: 100 });
		assert.equal(unanswered?.length, 1);
		const { answered } = await call(net, "a", "sr", [[to(net.ipv4("b")), echo(2)]], { filter, ...patient });
		assert.equal(answered?.length, 1);
		const { error } = await attempt(net, "a", "sr", [[to("127.0.0.1"), echo(1)]], { filter: "tcp prot 80" });
		assert.equal(error?.name, "FilterError");
	});

	test("says how to send what is too long", async () => {
		const long = [to(net.ipv4("b")), echo(1), new Uint8Array(2000)];
		const { error } = await attempt(net, "a", "send", [long]);
		assert.equal(error?.code, "EMSGSIZE");
		assert.match(error.message, /a packet of 2028 bytes is longer .* `mtu`, or by fragment\(\)$/);
		const frame = [
			{ layer: "ethernet", destination: net.end("b").mac },
			...[to(net.ipv4("b"), { source: net.ipv4("a") }), ...long.slice(1)],
		];
		const { error: other } = await attempt(net, "a", "sendp", [frame], { interface: "eth0" });
		assert.match(other?.message ?? "", /EMSGSIZE.*: a frame of 2042 bytes is longer than the MTU of eth0/);
	});

	test("fails where there is no such interface, and no route", async () => {
		for (const name of ["send", "sr", "sendp", "srp"] as const) {
			const { error } = await attempt(net, "a", name, [[to(net.ipv4("b")), echo(1)]], { interface: "eth9" });
			assert.equal(error?.code, "ENODEV", name);
		}
		const { error } = await attempt(net, "a", "send", [[to("192.0.2.1"), echo(1)]]);
		assert.equal(error?.code, "ENETUNREACH");
	});

	test("sends fragments that are made by the user, with an identification", async () => {
		const whole = (identification: number): Uint8Array =>
			build(
				ipv4({ source: net.ipv4("a"), destination: net.ipv4("b"), identification }),
				icmpv4({ type: ICMP_ECHO, identifier: 3, sequence: 4 }),
				new Uint8Array(3000),
			);
		const { error } = await attempt(net, "a", "send", fragment(whole(0), 1500));
		assert.equal(error?.name, "RangeError");
		assert.match(error.message, /a fragment needs an identification/);
		const { answered } = await call(net, "a", "sr", fragment(whole(99), 1500), { timeout: 500 });
		assert.equal(layerOf(answered?.[0]?.reply, "icmpv4").type, ICMP_ECHOREPLY);
	});
});

describe("srp() between two hosts", { skip: noNetwork }, () => {
	let net: Network;
	before(async () => {
		net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
	});
	after(() => net.close());

	const question = (): object[] => [
		{ layer: "ethernet", destination: "ff:ff:ff:ff:ff:ff" },
		arp({
			operation: 1,
			senderHardwareAddress: net.end("a").mac,
			senderProtocolAddress: net.ipv4("a"),
			targetProtocolAddress: net.ipv4("b"),
		}),
	];

	test("asks by ARP, and fills in the interface's address", async () => {
		const { answered } = await call(net, "a", "srp", [question()], { ...patient, interface: "eth0" });
		const [{ request, reply, captured } = assert.fail()] = answered ?? [];
		assert.equal(layerOf(request, "ethernet").source, net.end("a").mac);
		assert.equal(layerOf(reply, "arp").senderHardwareAddress, net.end("b").mac);
		assert.equal(captured?.link, "ethernet");
	});

	test("keeps a frame's source as it is given", async () => {
		const [header, ...others] = question();
		const source = "02:00:00:00:00:99";
		const frame = [{ ...header, source }, ...others];
		// The answer goes to the hardware address in the ARP header, as a rule.
		const { unanswered, answered } = await call(net, "a", "srp", [frame], {
			timeout: 50,
			retries: 3,
			interface: "eth0",
		});
		const request = unanswered?.[0] ?? answered?.[0]?.request;
		assert.equal(layerOf(request, "ethernet").source, source);
	});

	test("sends and receives VLAN tags", async () => {
		const answering = net.start("b", new URL("./programs/vlananswers.js", import.meta.url), {
			args: ["eth0", net.end("b").mac, net.ipv4("b"), "5"],
		});
		await answering.printed(/ready/);
		const [header = {}, asking = {}] = question();
		const tagged = [header, vlan({ vid: 5, pcp: 3 }), asking];
		const { exchanges } = await call(net, "a", "srpIter", [tagged], {
			...patient,
			interface: "eth0",
		}).finally(() => answering.stop());
		const [five] = exchanges ?? [];
		assert.equal(layerOf(five?.reply, "vlan").vid, 5);
		assert.equal(layerOf(five?.reply, "vlan").pcp, 1);
		assert.equal(layerOf(five?.reply, "arp").senderHardwareAddress, net.end("b").mac);
		assert.deepEqual(five?.captured?.vlan, { tci: (1 << 13) | 5, tpid: 0x8100 });
	});

	test("puts fragments of answers together", async () => {
		const payload = new Uint8Array(4000).map((_, index) => index);
		const packet = build(
			ipv4({ source: net.ipv4("a"), destination: net.ipv4("b"), identification: 9 }),
			icmpv4({ type: ICMP_ECHO, identifier: 3, sequence: 4 }),
			payload,
		);
		const frames = fragment(packet, 1500).map((piece) => [
			ethernet({ destination: net.end("b").mac, source: net.end("a").mac, type: 0x0800 }),
			piece,
		]);
		const { answered } = await call(net, "a", "srp", frames, { timeout: 500, interface: "eth0" });
		assert.equal(layerOf(answered?.[0]?.reply, "ethernet").source, net.end("b").mac);
		assert.deepEqual(bytesOf(layerOf(answered?.[0]?.reply, "raw").data), payload);
	});

	test("waits where an interface's queue is full, and loses nothing", async () => {
		const received = async (): Promise<number> => {
			const [{ stats64 } = assert.fail()] = JSON.parse(
				await net.output("b", ["ip", "-j", "-s", "link", "show", "eth0"]),
			) as { stats64: { rx: { packets: number } } }[];
			return stats64.rx.packets;
		};
		const header = ethernet({ destination: net.end("b").mac, source: net.end("a").mac, type: 0x88b5 });
		const frames = Array.from({ length: 40 }, () => [header, new Uint8Array(1000)]);
		const earlier = await received();
		await net.shell("a", "tc qdisc add dev eth0 root tbf rate 2mbit burst 3000 limit 4000");
		const { count } = await call(net, "a", "sendp", frames, { interface: "eth0" });
		assert.equal(count, frames.length);
		// The last ones may still be in the queue.
		while ((await received()) - earlier < frames.length) await delay(5);
		await net.shell("a", "tc qdisc del dev eth0 root");
	});

	test("has the interface receive what is for others when that is asked for", async () => {
		const promiscuity = async (): Promise<number> => {
			const found = JSON.parse(await net.output("a", ["ip", "-d", "-j", "link", "show", "eth0"])) as {
				promiscuity: number;
			}[];
			return found[0]?.promiscuity ?? 0;
		};
		assert.equal(await promiscuity(), 0);
		const silent = [to("10.0.1.200", { source: net.ipv4("a") }), echo(1)];
		const frame = [{ layer: "ethernet", destination: "02:00:00:00:00:77" }, ...silent];
		const running = net.start("a", new URL("./programs/rawio.js", import.meta.url), {
			input: JSON.stringify([
				{ call: "srp", packets: [frame], options: { timeout: 60_000, interface: "eth0", promiscuous: true } },
			]),
		});
		while ((await promiscuity()) === 0) assert.equal(running.child.exitCode, null);
		await running.stop("SIGKILL");
		while ((await promiscuity()) > 0) await delay(5);
	});
});

describe("sr() over a router", { skip: noNetwork }, () => {
	let net: Network;
	before(async () => {
		net = await makeNetwork({
			hosts: ["a", "r", "b"],
			links: [
				["a", "r"],
				["r", "b"],
			],
		});
	});
	after(() => net.close());

	test("matches the router's report that the time to live is over", async () => {
		const { answered } = await call(
			net,
			"a",
			"sr",
			[
				[to(net.ipv4("b"), { ttl: 1 }), echo(1), "data"],
				[to(net.ipv4("b"), { ttl: 1 }), udp({ sourcePort: 1, destinationPort: 2 }), "data"],
				[to(net.ipv4("b"), { ttl: 1 }), tcp({ sourcePort: 1, destinationPort: 2, flags: TH_SYN })],
				[to(net.ipv6("b"), { hopLimit: 1 }), echo(4, 6), "data"],
				[to(net.ipv4("b"), { ttl: 2 }), echo(5), "data"],
			],
			patient,
		);
		const replies = answered?.toSorted((one, other) => one.index - other.index).map(({ reply }) => reply);
		assert.equal(replies?.length, 5);
		for (const reply of replies.slice(0, 3)) {
			assert.equal(layerOf(reply, "icmpv4").type, ICMP_TIME_EXCEEDED);
			assert.equal(layerOf(reply, "ipv4").source, net.ipv4("r", "a"));
		}
		assert.equal(layerOf(replies[3], "icmpv6").type, ICMP6_TIME_EXCEEDED);
		assert.equal(layerOf(replies[4], "icmpv4").type, ICMP_ECHOREPLY);
	});
});

describe("sr() in a network of several", { skip: noNetwork }, () => {
	test("takes all answers to a group when `multi` is true", async () => {
		await using net = await makeNetwork({
			hosts: ["a", "b", "c", "s"],
			links: [
				["a", "s"],
				["b", "s"],
				["c", "s"],
			],
			bridges: ["s"],
		});
		const packet = [to("ff02::1", { source: net.ipv6("a") }), echo(1, 6)];
		const { answered, unanswered } = await call(net, "a", "sr", [packet], {
			multi: true,
			interface: "eth0",
			timeout: 1000,
		});
		const sources = answered?.map(({ reply }) => layerOf(reply, "ipv6").source).sort();
		assert.deepEqual(sources, [net.ipv6("b"), net.ipv6("c")].sort());
		assert.deepEqual(unanswered, []);
	});

	test("takes the answers of all to a request to everybody that the kernel routes", async () => {
		await using net = await makeNetwork({
			hosts: ["a", "b", "c", "s"],
			links: [
				["a", "s"],
				["b", "s"],
				["c", "s"],
			],
			bridges: ["s"],
		});
		for (const host of ["b", "c"]) await net.sysctl(host, "net.ipv4.icmp_echo_ignore_broadcasts", 0);
		const all = [net.ipv4("b"), net.ipv4("c")].sort();
		const groups = ["255.255.255.255", "224.0.0.1"];
		const options = { multi: true, interface: "eth0", timeout: 3000 };
		const requests = groups.flatMap((destination, index) => [
			[to(destination, { source: net.ipv4("a") }), echo(2 * index)],
			[to(destination), echo(2 * index + 1)],
		]);
		for (const name of ["sr", "srIter"] as const) {
			const { answered, exchanges = answered } = await call(net, "a", name, requests, options);
			const sources = requests.map(() => [] as unknown[]);
			for (const { index, reply } of exchanges ?? []) {
				sources[index]?.push(layerOf(reply, "ipv4").source);
			}
			for (const found of sources) assert.deepEqual(found.sort(), all, name);
		}
		const { reply } = await call(net, "a", "sr1", requests, { ...patient, interface: "eth0" });
		assert.ok(all.includes(String(layerOf(reply, "ipv4").source)));
		// Nothing in the packet says that this is everybody's address, but for its frame.
		const directed = [to("10.0.1.255", { source: net.ipv4("a") }), echo(3)];
		const { unanswered } = await call(net, "a", "sr", [directed], { timeout: 300 });
		assert.equal(unanswered?.length, 1);
		const frame = [{ layer: "ethernet", destination: "ff:ff:ff:ff:ff:ff" }, ...directed];
		const { answered } = await call(net, "a", "srp", [frame], {
			multi: true,
			interface: "eth0",
			timeout: 3000,
		});
		assert.deepEqual(answered?.map(({ reply }) => layerOf(reply, "ipv4").source).sort(), all);
	});
});

describe("sendp() and srp() at an interface without Ethernet", { skip: noNetwork }, () => {
	test("send and receive bare IP packets", async () => {
		await using net = await makeNetwork({ hosts: ["a"] });
		// Answers echoes of whoever is behind it.
		const script = `
import fcntl, os, struct, subprocess
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH", b"tun0", 0x1001))
subprocess.run("ip addr add 10.9.0.1/24 dev tun0 && ip link set tun0 up", shell=True, check=True)
print("ready", flush=True)
while True:
    packet = bytearray(os.read(tun, 2048))
    if packet[0] >> 4 != 4 or packet[9] != 1 or packet[20] != 8: continue
    packet[12:16], packet[16:20] = packet[16:20], packet[12:16]
    packet[20] = 0
    checksum = int.from_bytes(packet[22:24], "big") + 0x0800
    packet[22:24] = ((checksum & 0xffff) + (checksum >> 16)).to_bytes(2, "big")
    os.write(tun, packet)
`;
		const answering = net.start("a", ["python3", "-c", script]);
		await answering.printed(/ready/);
		const packet = [ipv4({ source: "10.9.0.1", destination: "10.9.0.2" }), echo(1), "data"];
		const options = { ...patient, interface: "tun0" };
		const { answered } = await call(net, "a", "srp", [packet], options);
		assert.equal(layerOf(answered?.[0]?.reply, "icmpv4").type, ICMP_ECHOREPLY);
		assert.equal(answered?.[0]?.captured?.link, "raw");
		const { answered: routed } = await call(net, "a", "sr", [packet], patient);
		assert.equal(layerOf(routed?.[0]?.reply, "icmpv4").type, ICMP_ECHOREPLY);
		const frame = [ethernet({ destination: "02:00:00:00:00:01", source: "02:00:00:00:00:02", type: 0x0800 })];
		const { error } = await attempt(net, "a", "sendp", [frame], options);
		assert.match(error?.message ?? "", /frames of tun0 have no header of a link, and begin with that of IP/);
		await answering.stop();
	});
});

describe("requests from iterators, signals and other protocols", { skip: noNetwork }, () => {
	test("work in one process", async (context) => {
		await using net = await makeNetwork({ hosts: ["a"] });
		const output = await net.output("a", new URL("./programs/rawloops.js", import.meta.url));
		const lines = output.trim().split("\n");
		for (const line of lines) {
			const [name = "", failure] = JSON.parse(line) as [string, string?];
			await context.test(name, () => assert.equal(failure, undefined));
		}
		assert.equal(lines.length, 11);
	});
});

describe("the options", () => {
	const packet = build(
		ipv4({ source: "127.0.0.1", destination: "127.0.0.1" }),
		udp({ sourcePort: 1, destinationPort: 1 }),
	);
	const cases: [name: string, act: () => unknown, error: RegExp][] = [
		["rate", () => send(packet, { rate: 0.5 }), /send: rate must be an integer from 1 to 10000000, not 0\.5/],
		["interval", () => send(packet, { interval: -1 }), /send: interval must be from 0 to .* not -1/],
		["mtu", () => send(packet, { mtu: 20 }), /send: mtu must be an integer from 68/],
		["interface", () => sendp(packet, {} as never), /sendp: interface must be a string, not undefined/],
		["interface", () => srp(packet, { interface: "" }), /srp: interface must be a name/],
		["timeout", () => sr(packet, { timeout: Number.NaN }), /sr: timeout must be from 0 to/],
		["retries", () => sr(packet, { retries: -1 }), /sr: retries must be an integer from 0/],
		["outstanding", () => sr(packet, { outstanding: 0 }), /sr: outstanding must be an integer from 1/],
		["multi", () => sr(packet, { multi: 1 as never }), /sr: multi must be a boolean, not a number/],
		["matches", () => sr(packet, { matches: true as never }), /sr: matches must be a function/],
		["filter", () => sr(packet, { filter: 7 as never }), /sr: filter must be a string/],
		["signal", () => sr(packet, { signal: 7 as never }), /signal must be an AbortSignal/],
		[
			"packets",
			() => send(7 as never),
			/send takes packets, each of them bytes or an array of layers, not a number/,
		],
		["a layer", () => send(ipv4({ source: "", destination: "" }) as never), /put the layer into an array/],
	];
	for (const [name, act, message] of cases) {
		test(`${name} is refused by name when it is wrong: ${message.source}`, async () => {
			await assert.rejects(async () => act(), { message });
		});
	}

	test("of srIter() are refused at once, and not when it is iterated", () => {
		assert.throws(() => srIter(packet, { retries: -1 }), RangeError);
		assert.throws(() => srpIter(packet, {} as never), TypeError);
	});
});

function bytesOf(value: unknown): Uint8Array {
	return new Uint8Array(Buffer.from((value as { hex: string }).hex, "hex"));
}
