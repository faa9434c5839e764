/**
 * What sr() and its relatives do with requests that the kernel refuses to send: routes that lead nowhere, firewalls,
 * packets that are too long, queues that stay full.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { arp } from "../src/packet/index.js";
import { makeNetwork, type Network, noNetwork } from "./support/network.js";
import { attempt, call, echo, layerOf, patient, type RawOutcome, to } from "./support/rawcalls.js";

const noFirewall =
	spawnSync("nft", ["--version"]).error === undefined ? false : "there is no nft, which sets up a firewall";

/** Which requests were refused, and why. */
function refusalsOf({
	refused = assert.fail("no list"),
}: RawOutcome): [number, string | undefined, number][] {
	return refused.map(({ index, error, attempts }) => [index, error?.code, attempts]);
}

describe("sr() where the kernel refuses some of the requests", { skip: noNetwork }, () => {
	let net: Network;
	before(async () => {
		net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
		await net.shell(
			"a",
			`ip route add unreachable 192.0.2.1
ip route add prohibit 192.0.2.2
ip route add blackhole 192.0.2.3
ip -6 route add unreachable 2001:db8::1
ip -6 route add prohibit 2001:db8::2
ip -6 route add blackhole 2001:db8::3`,
		);
	});
	after(() => net.close());

	// What routes say, whether the kernel is asked for the source before or not.
	const codes = ["EHOSTUNREACH", "EACCES", "EINVAL", "ENETUNREACH"];
	for (const version of [4, 6] as const) {
		for (const source of [false, true]) {
			test(`of IPv${version} ${source ? "with" : "without"} a source: the others are answered`, async () => {
				const own = version === 4 ? net.ipv4("a") : net.ipv6("a");
				const peer = version === 4 ? net.ipv4("b") : net.ipv6("b");
				const block = version === 4 ? "192.0.2." : "2001:db8::";
				const more = source ? { source: own } : {};
				const requests = [0, 1, 2, 3, 4, 5].map((index) => [
					to(index === 0 || index === 5 ? peer : `${block}${index}`, more),
					echo(index, version),
				]);
				const outcome = await call(net, "a", "sr", requests, patient);
				assert.deepEqual(
					refusalsOf(outcome),
					codes.map((code, index) => [index + 1, code, 0]),
				);
				const { refused = [], answered, unanswered } = outcome;
				assert.deepEqual(answered?.map(({ index }) => index).sort(), [0, 5]);
				assert.deepEqual(unanswered, []);
				for (const { request, error, index } of refused) {
					assert.equal(error?.syscall, "sendto");
					assert.equal(error.address, `${block}${index}`);
					assert.ok(error.message.startsWith(`sendto ${block}${index}: `), error.message);
					assert.doesNotMatch(error.message, /SO_BROADCAST/);
					assert.equal(layerOf(request, `ipv${version}`).destination, `${block}${index}`);
					assert.equal(layerOf(request, `icmpv${version}`).sequence, index);
				}
			});
		}
	}

	test("by a firewall, or because a packet is too long", { skip: noFirewall }, async () => {
		await net.output("a", ["nft", "-f", "-"], {
			input: `table inet refused {
	chain output {
		type filter hook output priority 0
		ip daddr 10.0.1.99 drop
	}
}`,
		});
		const outcome = await call(
			net,
			"a",
			"sr",
			[
				[to("10.0.1.99"), echo(0)],
				[to(net.ipv4("b")), echo(1), new Uint8Array(3000)],
				[to(net.ipv4("b")), echo(2)],
			],
			patient,
		).finally(() => net.output("a", ["nft", "delete", "table", "inet", "refused"]));
		assert.deepEqual(refusalsOf(outcome), [
			[0, "EPERM", 0],
			[1, "EMSGSIZE", 0],
		]);
		assert.match(outcome.refused?.[0]?.error?.message ?? "", /a firewall forbids it$/);
		assert.match(outcome.refused?.[1]?.error?.message ?? "", /`mtu`, or by fragment\(\)$/);
		assert.deepEqual(
			outcome.answered?.map(({ index }) => index),
			[2],
		);
	});

	test("as an item of the iterator, at once", async () => {
		const requests = [
			[to(net.ipv4("b")), echo(0)],
			[to("192.0.2.1"), echo(1)],
			[to("10.0.1.200", { source: net.ipv4("a") }), echo(2)],
		];
		const { exchanges = [] } = await call(net, "a", "srIter", requests, { timeout: 1000 });
		const [answered, refused, silent] = exchanges.toSorted((one, other) => one.index - other.index);
		assert.deepEqual(
			[answered?.error, refused?.error?.code, silent?.error],
			[undefined, "EHOSTUNREACH", undefined],
		);
		assert.notEqual(answered?.reply, undefined);
		assert.deepEqual([silent?.reply, silent?.attempts], [undefined, 1]);
		assert.equal(exchanges.at(-1)?.index, 2);
	});

	test("at a second attempt, when the route is gone", async () => {
		const running = net.start("a", new URL("./programs/rawio.js", import.meta.url), {
			input: JSON.stringify([
				{
					call: "sr",
					packets: [[to("10.0.1.201", { source: net.ipv4("a") }), echo(0)]],
					options: { timeout: 30, retries: 1000 },
				},
			]),
		});
		while (!(await net.output("a", ["ip", "neigh"])).includes("10.0.1.201")) {
			assert.equal(running.child.exitCode, null);
		}
		await net.shell("a", "ip route add unreachable 10.0.1.201");
		const { stdout } = await running.ended;
		const [outcome = assert.fail()] = JSON.parse(stdout) as RawOutcome[];
		const [[index, code, attempts] = assert.fail()] = refusalsOf(outcome);
		assert.deepEqual([index, code], [0, "EHOSTUNREACH"]);
		assert.ok(attempts > 0, `${attempts}`);
		assert.deepEqual(outcome.unanswered, []);
	});

	test("hundreds of them without any other", async () => {
		const requests = Array.from({ length: 600 }, (_, index) => [to("192.0.2.4"), echo(index)]);
		const { refused, answered, unanswered } = await call(net, "a", "sr", requests, patient);
		assert.deepEqual([refused?.length, answered, unanswered], [600, [], []]);
		assert.deepEqual(
			refused?.map(({ index }) => index),
			requests.map((_, index) => index),
		);
	});

	test("sr1() throws what refused its only packet, and all of its packets", async () => {
		const [one, two, fine] = [
			[to("192.0.2.1"), echo(1)],
			[to("192.0.2.4"), echo(2)],
			[to(net.ipv4("b")), echo(3)],
		];
		for (const requests of [[one], [one, two]]) {
			const { error } = await attempt(net, "a", "sr1", requests, patient);
			assert.equal(error?.code, "EHOSTUNREACH");
		}
		const { reply } = await call(net, "a", "sr1", [one, fine], patient);
		assert.equal(layerOf(reply, "icmpv4").sequence, 3);
		const silent = [to("10.0.1.202", { source: net.ipv4("a") }), echo(4)];
		const nothing = await call(net, "a", "sr1", [one, silent], { timeout: 50 });
		assert.equal(nothing.reply, undefined);
	});

	test("send() throws the first one", async () => {
		const requests = [
			[to(net.ipv4("b")), echo(1)],
			[to("192.0.2.2"), echo(2)],
		];
		const { error } = await attempt(net, "a", "send", requests);
		assert.equal(error?.code, "EACCES");
	});

	test("what concerns all of them ends it still", async () => {
		const gone = await attempt(net, "a", "sr", [[to(net.ipv4("b")), echo(1)]], { interface: "eth9" });
		assert.equal(gone.error?.code, "ENODEV");
		const wrong = await attempt(net, "a", "sr", [[to("192.0.2.1"), echo(1)], [echo(2)]]);
		assert.equal(wrong.error?.name, "TypeError");
	});
});

describe("srp() where an interface refuses some of the frames", { skip: noNetwork }, () => {
	test("tells them beside the answers, when it has tried for as long as the timeout", async () => {
		await using net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
		// Of this length, its queue takes none: ENOBUFS, as when it is full.
		await net.shell("a", "tc qdisc add dev eth0 root tbf rate 1mbit burst 1000 limit 10000");
		const question = (more: readonly unknown[]): unknown[] => [
			{ layer: "ethernet", destination: "ff:ff:ff:ff:ff:ff" },
			arp({
				operation: 1,
				senderHardwareAddress: net.end("a").mac,
				senderProtocolAddress: net.ipv4("a"),
				targetProtocolAddress: net.ipv4("b"),
			}),
			...more,
		];
		const requests = [question([new Uint8Array(1400)]), question([])];
		const outcome = await call(net, "a", "srp", requests, { timeout: 1500, interface: "eth0" });
		assert.deepEqual(refusalsOf(outcome), [[0, "ENOBUFS", 0]]);
		assert.ok((outcome.elapsed ?? 0) >= 1499);
		assert.deepEqual(
			outcome.answered?.map(({ index }) => index),
			[1],
		);
		const { error } = await attempt(net, "a", "srp1", requests.slice(0, 1), {
			timeout: 50,
			interface: "eth0",
		});
		assert.equal(error?.code, "ENOBUFS");
	});
});
