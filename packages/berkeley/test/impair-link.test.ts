/**
 * Links with faults between two hosts: what their kernels, and ping, see of them.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Impairments, type LinkStatistics, link, type Verdict } from "../src/impair/index.js";
import { build, dissect, ethernet, icmpv4, ipv4, vlan } from "../src/packet/index.js";
import { makeNetwork, type Network, noNetwork } from "./support/network.js";

const program = new URL("./programs/link.js", import.meta.url);
const traffic = new URL("./programs/linktraffic.js", import.meta.url);
const noPing = spawnSync("ping", ["-V"]).error === undefined ? false : "there is no ping";

interface Result {
	statistics: LinkStatistics;
	log: Verdict[];
}

type LinkPlan = { there?: Impairments; back?: Impairments } | Verdict[];

describe("a link between two hosts", { skip: noNetwork || noPing }, () => {
	let network: Network;
	let folder = "";
	let runs = 0;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), "berkeley-link-"));
		network = await makeNetwork({
			hosts: ["a", "cable", "b"],
			links: [
				["a", "cable"],
				["cable", "b"],
			],
			bridges: ["cable"],
		});
		// Nothing joins the two ends but the program; and nobody asks for addresses meanwhile, or says anything else.
		await network.shell("cable", "ip link del br0");
		for (const [host, other] of [
			["a", "b"],
			["b", "a"],
		] as const) {
			const { ipv4, mac, name } = network.end(other);
			await network.shell(
				host,
				`ip neigh replace ${ipv4} lladdr ${mac} dev ${name} nud permanent
				echo 1 >/proc/sys/net/ipv6/conf/${name}/disable_ipv6`,
			);
		}
	});
	after(async () => {
		await network.close();
		rmSync(folder, { recursive: true });
	});

	/** Runs something while the hosts are linked. */
	async function linked<T>(plan: LinkPlan, run: () => Promise<T>, file?: string): Promise<[T, Result]> {
		const end = join(folder, `end${++runs}`);
		const args = [JSON.stringify(plan), end, ...(file === undefined ? [] : [file])];
		const cable = network.start("cable", program, { args });
		await cable.printed(/^linked$/m);
		const result = await run();
		writeFileSync(end, "");
		const { stdout, stderr, code } = await cable.ended;
		assert.equal(code, 0, stderr);
		return [result, JSON.parse(stdout.split("\n")[1] ?? "")];
	}

	/**
	 * Which echo requests were answered first, so many, and how long each took in milliseconds. ping goes on until it has
	 * them: with a count of requests it would wait for the last answer no longer than for others, which is too short
	 * on a busy machine.
	 */
	async function ping(answers: number): Promise<Map<number, number>> {
		const words = ["ping", "-n", "-c", `${answers}`, "-w", "50", "-i", "0.02", network.ipv4("b")];
		const { stdout } = await network.run("a", words);
		const found = [...stdout.matchAll(/icmp_seq=(\d+).* time=([\d.]+) ms/g)].slice(0, answers);
		return new Map(found.map(([, sequence, time]) => [Number(sequence), Number(time)]));
	}

	/** What a log has of the first packets of a direction. */
	const firstOf = (log: Verdict[], direction: string, last: number): Verdict[] =>
		log.filter((verdict) => verdict.direction === direction && verdict.packet <= last);

	test("loses every third frame, and no other", async () => {
		const [answered, { statistics, log }] = await linked({ there: { loss: { every: 3 } } }, () => ping(6));
		assert.deepEqual([...answered.keys()], [1, 2, 4, 5, 7, 8]);
		assert.equal(statistics.there.lost, Math.floor(statistics.there.packets / 3));
		assert.deepEqual(
			firstOf(log, "there", 8).map(({ packet, lost }) => [packet, lost]),
			[3, 6].map((packet) => [packet, "loss"]),
		);
		assert.deepEqual(firstOf(log, "back", 100), []);
	});

	test("delays, one way and the other", async () => {
		const [answered] = await linked({ there: { delay: 30 }, back: { delay: 20 } }, () => ping(3));
		assert.equal(answered.size, 3);
		for (const time of answered.values()) assert.ok(time >= 50, `${time}`);
	});

	test("does with a log what it did with a seed", async () => {
		const plan: LinkPlan = { there: { loss: 0.3 }, back: { loss: 0.2 } };
		const [first, { log }] = await linked(plan, () => ping(12));
		assert.equal(first.size, 12);
		const [second, again] = await linked(log, () => ping(12));
		assert.deepEqual([...second.keys()], [...first.keys()]);
		const last = [...first.keys()].at(-1) ?? 0;
		assert.ok(last > 12);
		assert.deepEqual(firstOf(again.log, "there", last), firstOf(log, "there", last));
		assert.deepEqual(firstOf(again.log, "back", 12), firstOf(log, "back", 12));
	});

	test("corrupts what the kernel then drops", async () => {
		// Bytes of the data of an echo: its checksum is wrong.
		const plan: LinkPlan = { there: { corrupt: { chance: { packets: [2] }, start: 60, end: 70 } } };
		const [answered, { statistics }] = await linked(plan, () => ping(2));
		assert.deepEqual([...answered.keys()], [1, 3]);
		assert.equal(statistics.there.corrupted, 1);
		assert.equal(statistics.there.lost, 0);
		// Of UDP, whose checksum the sender's kernel leaves to the hardware, and the link fills in.
		const udpPlan: LinkPlan = { there: { corrupt: { chance: { packets: [2] }, start: 43, end: 46 } } };
		const counters = async () => {
			const text = await network.shell("b", "grep ^Udp: /proc/net/snmp");
			const [names = [], values = []] = text
				.trim()
				.split("\n")
				.map((line) => line.split(" "));
			const at = (name: string) => Number(values[names.indexOf(name)]);
			return { wrong: at("InCsumErrors"), unheard: at("NoPorts") };
		};
		const before = await counters();
		await linked(udpPlan, async () => {
			await network.output("a", traffic, { args: ["datagrams", network.ipv4("b")] });
			for (const start = performance.now(); performance.now() - start < 20_000; ) {
				const now = await counters();
				if (now.wrong + now.unheard >= before.wrong + before.unheard + 3) break;
			}
		});
		const after = await counters();
		assert.equal(after.wrong - before.wrong, 1);
		assert.equal(after.unheard - before.unheard, 2);
	});

	test("carries TCP whose segments the hardware is to cut", async () => {
		const [size, { statistics }] = await linked({}, async () => {
			const receiver = network.start("b", traffic, { args: ["sink"] });
			const [, port = ""] = await receiver.printed(/^(\d+)$/m);
			await network.output("a", traffic, { args: ["source", network.ipv4("b"), port] });
			const { stdout: received } = await receiver.ended;
			return Number(received.split("\n")[1]);
		});
		assert.equal(size, 4_000_000);
		assert.equal(statistics.errors, 0);
	});

	test("keeps the tags of VLANs", async () => {
		const frame = build(
			ethernet({ destination: network.end("b").mac, source: network.end("a").mac }),
			vlan({ vid: 7, pcp: 3 }),
			ipv4({ source: network.ipv4("a"), destination: network.ipv4("b"), protocol: 253 }),
			"in a VLAN of its own",
		);
		const text = Buffer.from(frame).toString("hex");
		const file = join(folder, "tagged");
		await linked(
			{},
			async () => {
				await network.output("a", traffic, { args: ["frame", text] });
				assert.equal((await ping(1)).size, 1);
			},
			file,
		);
		assert.ok(readFileSync(file, "utf8").includes(`"hex":"${text}"`));
	});

	test("records frames, with what became of them", async () => {
		const file = join(folder, "trace");
		const [answered] = await linked({ there: { loss: { packets: [2] } } }, () => ping(2), file);
		assert.equal(answered.size, 2);
		const seen = readFileSync(file, "utf8")
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line))
			.map(({ hex, interface: at, comment, link: name }) => {
				assert.equal(name, "ethernet");
				const icmp = dissect(Buffer.from(hex, "hex")).get(icmpv4);
				assert.equal(icmp?.checksumIsRight, true);
				return [at.name, icmp?.type, comment];
			});
		// An answer may be later than the next request.
		const requests = seen.filter(([name]) => name === "eth0").slice(0, 3);
		assert.deepEqual(requests, [
			["eth0", 8, undefined],
			["eth0", 8, "packet 2: lost"],
			["eth0", 8, undefined],
		]);
		const answer = ["eth1", 0, undefined];
		assert.deepEqual(seen.filter(([name]) => name === "eth1").slice(0, 2), [answer, answer]);
	});
});

test("a link that cannot be is refused", () => {
	assert.throws(() => link("lo", "lo", {}), /both ends are "lo"/);
	assert.throws(() => link("lo", 3 as never, {}), /the second interface must be a string/);
	assert.throws(() => link("lo", "none", { their: {} } as never), /a plan has no "their"/);
	assert.throws(() => link("none of this name", "lo", {}), { code: "ENODEV" });
});
