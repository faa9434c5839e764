// @ts-check
/** The benchmark runs: each peer that is here answers, and the figures have their shape. Never what they are. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { allBenches } from "../../benchmarks/lib/bench.mjs";
import { compiler } from "../../benchmarks/lib/compile.mjs";
import { judge } from "../../benchmarks/lib/goals.mjs";
import { sampleOf } from "../../benchmarks/lib/load.mjs";
import { startMeter } from "../../benchmarks/lib/meter.mjs";
import { startServer } from "../../benchmarks/lib/programs.mjs";
import { median } from "../../benchmarks/lib/statistics.mjs";

const script = fileURLToPath(new URL("../../benchmarks/run.mjs", import.meta.url));
const benches = await allBenches();
const runFile = promisify(execFile);

/** Runs benchmarks quickly on this Node, and returns what they wrote.
 * @param {string} name */
async function runQuickly(name) {
	const folder = mkdtempSync(join(tmpdir(), "berkeley-bench-"));
	try {
		const json = join(folder, "figures.json");
		const args = [script, name, "--quick", "--no-install", "--node", process.execPath, "--json", json];
		const { stdout } = await runFile(process.execPath, args).catch((error) => {
			throw new Error(`${error.message}\n${error.stdout}`);
		});
		return { stdout, figures: JSON.parse(readFileSync(json, "utf8")) };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

describe("the benchmarks", { concurrency: 2, skip: compiler === undefined && "needs cc" }, () => {
	for (const { name, columns, cases } of benches) {
		test(`${name} measures each peer that is here and names the others`, async () => {
			const { stdout, figures } = await runQuickly(name);
			assert.ok(figures.machine.cores >= 1);
			const bench = figures.benchmarks.find((/** @type {{ name: string }} */ each) => each.name === name);
			const seen = new Set();
			for (const { case: case_, peer, missing, error, rounds, medians } of bench.results) {
				seen.add(case_);
				assert.equal(error, undefined, `${peer.name}, ${case_}`);
				if (missing !== undefined) {
					assert.ok(stdout.includes(`${peer.name}: missing: ${missing}`));
					continue;
				}
				assert.equal(rounds.length, 1);
				for (const value of Object.values(medians)) assert.equal(typeof value, "number");
				assert.ok(
					columns.some(({ metric }) => medians[metric] > 0),
					`${peer.name}, ${case_}: ${JSON.stringify(medians)}`,
				);
				assert.ok(stdout.includes(peer.name));
			}
			assert.deepEqual(
				[...seen],
				cases.filter(({ quick }) => quick !== false).map((each) => each.name),
			);
			for (const { goal, reached, reason } of bench.goals) {
				assert.ok(goal.length > 0 && (typeof reached === "boolean" || reason.length > 0));
			}
		});
	}
});

test("--list names the benchmarks, and a name that none has is refused", async () => {
	const { stdout } = await runFile(process.execPath, [script, "--list"]);
	for (const { name } of benches) assert.match(stdout, new RegExp(`^${name} `, "m"));
	await assert.rejects(runFile(process.execPath, [script, "nosuch"]), {
		code: 1,
		stderr: /no benchmark has nosuch in its name: /,
	});
});

test("the cost of a message is instructions where both kinds are counted, else CPU time", () => {
	const report = { messages: 10, seconds: 2, p50: 1, p99: 2, cpu: { total: 40, user: 10, kernel: 30 } };
	const { cost, cpu, user, kernel, rate, busy } = sampleOf(report);
	assert.deepEqual([cost, cpu, user, kernel, rate, busy], [4, 4, 1, 3, 5, 40 / 2e6]);
	const userOnly = sampleOf({ ...report, cpu: { ...report.cpu, userInstructions: 500 } });
	assert.deepEqual([userOnly.cost, userOnly.userInstructions], [4, 50]);
	const both = sampleOf({
		...report,
		cpu: { ...report.cpu, userInstructions: 500, kernelInstructions: 900 },
	});
	assert.deepEqual([both.cost, both.cpu], [140, 4]);
	assert.throws(() => sampleOf({ ...report, messages: 0 }), /not one message was answered/);
});

test("the meter reads the CPU time that a process spent", {
	skip: compiler === undefined && "needs cc",
}, async () => {
	const burn = `
		require("readline").createInterface({ input: process.stdin }).on("line", () => {
			const begun = process.cpuUsage();
			let spent = { user: 0, system: 0 };
			while (spent.user + spent.system < 300_000) spent = process.cpuUsage(begun);
			console.log(JSON.stringify({ spent: spent.user + spent.system }));
		});
		console.log("{}");`;
	const program = await startServer([process.execPath, "-e", burn], undefined);
	const meter = await startMeter([program.pid], undefined);
	try {
		program.tell("");
		const { spent } = await program.line();
		const { cpu, seconds } = await meter.read();
		assert.ok(Math.abs(cpu.total - spent) < 50_000, `${cpu.total} µs measured, ${spent} spent`);
		assert.ok(Math.abs(cpu.user + cpu.kernel - cpu.total) < 1);
		// Threads may spend more than the time that passes.
		assert.ok(seconds > 0);
	} finally {
		await meter.stop();
		await program.stop();
	}
});

test("median() is the middle value, or the mean of the two in the middle", () => {
	assert.equal(median([5, 1, 3]), 3);
	assert.equal(median([4, 1, 3, 2]), 2.5);
	assert.equal(median([]), Number.NaN);
});

/** A result of a peer, as runRounds() gives it.
 * @param {string} id @param {boolean} ours @param {number[]} costs @param {number} [node] */
function result(id, ours, costs, node) {
	const place = node === undefined ? {} : { node };
	const rounds = costs.map((cost) => ({ cost }));
	const peer = { id, name: `${id}${node ?? ""}`, ours, command: [], ...place };
	return { case: "one", peer, rounds, medians: { cost: median(costs) }, spreads: {} };
}

/** @param {import("../../benchmarks/lib/bench.mjs").Goal[]} goals */
const benchOf = (goals) => ({
	name: "test",
	title: "",
	cases: [{ name: "one" }],
	peers: [],
	columns: [{ metric: "cost", title: "cost", digits: 0 }],
	goals,
	run: async () => ({}),
});

test("a goal compares ours with the peer round by round, on the same Node", () => {
	const results = [
		result("ours", true, [10, 40, 22], 0),
		result("ours", true, [1, 1, 1], 1),
		result("net", false, [20, 40, 40], 0),
		result("net", false, [1, 1, 1], 1),
	];
	const bench = benchOf([
		{ metric: "cost", against: "net", atMost: 0.55 },
		{ metric: "cost", over: "net", atLeast: 0 },
		{ metric: "cost", atMost: 22 },
		{ metric: "cost", against: "c", atMost: 1 },
		{ metric: "cost", against: "net", atMost: 1, cores: 8 },
	]);
	assert.deepEqual(
		judge(bench, results, 2).map(({ peer, goal, value, reached, reason }) => [
			peer,
			goal,
			value,
			reached ?? reason,
		]),
		[
			["ours0", "cost ≤ 0.55 × net0", 0.55, true],
			["ours0", "cost ≥ 0 over net0", -10, false],
			["ours0", "cost ≤ 22", 22, true],
			["ours0", "cost ≤ 1 × c", undefined, "it was not measured"],
			["ours0", "cost ≤ 1 × net0 (where there are 8 cores)", 0.55, "this machine has 2"],
		],
	);
});

test("a goal is not judged when ours or the peer is missing, and says why", () => {
	const missing = { case: "one", peer: { id: "c", name: "C", missing: "no cc" }, missing: "no cc" };
	const results = [result("ours", true, [1], 0), { ...missing, rounds: [], medians: {}, spreads: {} }];
	const [verdict] = judge(benchOf([{ metric: "cost", against: "c", atMost: 1 }]), results, 2);
	assert.deepEqual(verdict, { case: "one", peer: "ours0", goal: "cost ≤ 1 × C", reason: "C is missing" });
});
