/**
 * offload() and setOffload() against ethtool, and what they do to the checksums of packets, against tcpdump.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { SocketError } from "../src/index.js";
import { type OffloadChange, offload, setOffload } from "../src/interfaces/index.js";
import { makeNetwork, type Network, noNetwork } from "./support/network.js";

const program = new URL("./programs/offloads.js", import.meta.url);
const lacks = ["ethtool", "tcpdump"].find((name) => spawnSync(name, ["--version"]).status !== 0);
const skip = noNetwork || (lacks !== undefined && `there is no ${lacks}`);

/** What the program tells. */
type Told = OffloadChange & { right: boolean | null; code?: string; message?: string };

/** What `ethtool --json -k` tells of a feature, or of a group of features. */
interface EthtoolFeature {
	active: boolean;
	requested: boolean | null;
	fixed: boolean | null;
}

/** The names of our groups in ethtool. */
const groups = {
	rx: "rx-checksumming",
	tx: "tx-checksumming",
	sg: "scatter-gather",
	tso: "tcp-segmentation-offload",
	gso: "generic-segmentation-offload",
	gro: "generic-receive-offload",
	lro: "large-receive-offload",
	rxvlan: "rx-vlan-offload",
	txvlan: "tx-vlan-offload",
	ntuple: "ntuple-filters",
	rxhash: "receive-hashing",
} as const;

describe("on a cable between two hosts", { skip }, () => {
	let net: Network;
	before(async () => {
		net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
		// So that no packet but ours has to be sent, nor an error.
		await net.shell(
			"a",
			`ip neigh replace ${net.ipv4("b")} lladdr ${net.end("b").mac} dev eth0 nud permanent`,
		);
	});
	after(() => net?.close());

	async function tell(wishes: readonly unknown[], options?: { unprivileged: boolean }): Promise<Told[]> {
		const args = [JSON.stringify(wishes), net.ipv4("b"), "4711"];
		const lines = await net.output("a", program, { args, ...options });
		return lines
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line) as Told);
	}

	const ethtool = async (): Promise<Record<string, EthtoolFeature>> => {
		const text = await net.output("a", ["ethtool", "--json", "-k", "eth0"]);
		return (JSON.parse(text) as Record<string, EthtoolFeature>[])[0] ?? {};
	};

	test("offload() tells what ethtool tells, before a change and after", async () => {
		for (const wish of [
			null,
			{ gro: true, tso: false },
			{ "tx-checksum-sctp": false },
			{ gro: false, tso: true },
		]) {
			const [told] = await tell([wish]);
			const theirs = await ethtool();
			assert.ok(told?.offload);
			for (const [name, group] of Object.entries(groups)) {
				assert.equal(told.offload[name as keyof typeof groups], theirs[group]?.active, name);
			}
			const { features } = told.offload;
			let compared = 0;
			for (const [name, { active, fixed, requested }] of Object.entries(features)) {
				const feature = theirs[name];
				// ethtool tells of groups of one feature by the group's name alone.
				if (feature === undefined) continue;
				assert.deepEqual({ active, fixed, requested }, feature, name);
				compared++;
			}
			assert.ok(compared > 20, String(compared));
		}
	});

	test("without tx the checksum is right where the packet leaves, and with it, it is unfinished", async () => {
		const told = await tell([{ tx: true }, { tx: false }, { tx: true }]);
		assert.deepEqual(
			told.map(({ right, offload }) => [right, offload.tx]),
			[
				[false, true],
				[true, false],
				[false, true],
			],
		);
		assert.equal(told[1]?.changed["tx-checksum-ip-generic"], false);
		assert.equal(told[1]?.changed["tx-tcp-segmentation"], false);
		assert.deepEqual(told[1]?.ungranted, []);
	});

	// It gives up root when it is that, which it is by name alone in the namespace of another user.
	const noDump = process.getuid?.() !== 0 && "tcpdump fails to change its user where root is another";
	test("tcpdump at the other end sees it too", { skip: noDump }, async () => {
		for (const [tx, verdict] of [
			[false, /\[udp sum ok\]/],
			[true, /\[bad udp cksum/],
		] as const) {
			const dump = net.start("b", ["tcpdump", "-i", "eth0", "-c", "1", "-nvv", "udp port 4711"]);
			await dump.printed(/listening on/);
			await tell([{ tx }]);
			assert.match((await dump.ended).stdout, verdict);
		}
	});

	test("what ethtool set, offload() tells", async () => {
		await net.output("a", ["ethtool", "-K", "eth0", "tx", "off"]);
		const [told] = await tell([null]);
		assert.equal(told?.offload.tx, false);
		assert.equal(told?.right, true);
		await net.output("a", ["ethtool", "-K", "eth0", "tx", "on"]);
		assert.equal((await tell([null]))[0]?.offload.tx, true);
	});

	test("a wish that needs what is off is noted and told as not granted", async () => {
		const [told, again] = await tell([{ tx: false, tso: true }, { tx: true }]);
		assert.ok(told?.ungranted.includes("tx-tcp-segmentation"));
		const feature = told?.offload.features["tx-tcp-segmentation"];
		assert.deepEqual(feature, { active: false, requested: true, fixed: false });
		assert.equal(again?.changed["tx-tcp-segmentation"], true);
	});

	test("a fixed offload is refused with the reason, and nothing is changed", async () => {
		const [told, nothing, now] = await tell([{ lro: true, tx: false }, { lro: false }, null]);
		assert.equal(told?.code, "EOPNOTSUPP");
		assert.match(
			told?.message ?? "",
			/turning lro on at "eth0": .*: rx-lro is fixed: the device cannot change it/,
		);
		assert.equal(told?.right, false);
		assert.deepEqual(nothing?.changed, {});
		assert.equal(now?.offload.tx, true);
	});

	test("without CAP_NET_ADMIN a change is refused by name, and reading works", async () => {
		const [read, refused] = await tell([null, { tx: false }], { unprivileged: true });
		assert.equal(read?.offload.tx, true);
		assert.equal(refused?.code, "EPERM");
		assert.match(refused?.message ?? "", /changing offloads needs CAP_NET_ADMIN/);
		assert.equal(refused?.right, null);
	});
});

describe("misuse and absence", () => {
	const cases: [what: string, error: RegExp, run: () => unknown][] = [
		["no interface", /given by its name or its index/, () => offload(null as never)],
		["no wishes", /nothing is wished for; write \{ tx: false \}/, () => setOffload("lo", {})],
		[
			"wishes that are none",
			/the wishes must be an object such as \{ tx: false \}/,
			() => setOffload("lo", "tx" as never),
		],
		[
			"a wish that is no boolean",
			/tx must be true or false, not a string/,
			() => setOffload("lo", { tx: "off" as never }),
		],
		[
			"an unknown feature",
			/the kernel has no feature "txx"; there are rx, tx, /,
			() => setOffload("lo", { txx: false }),
		],
	];
	for (const [what, message, run] of cases) {
		test(`${what} is refused`, () => {
			assert.throws(run, (error: Error) => !(error instanceof SocketError) && message.test(error.message));
		});
	}

	test("an interface that is not there is told", () => {
		assert.throws(() => offload("nothere7"), {
			code: "ENODEV",
			message: /no interface has the name "nothere7"/,
		});
		assert.throws(() => setOffload(123_456_789, { tx: true }), { code: "ENXIO" });
	});

	test("the loopback interface has offloads like any other", () => {
		const { features, tx } = offload("lo");
		assert.equal(tx, true);
		assert.equal(features["tx-checksum-ip-generic"]?.fixed, true);
	});
});
