#!/usr/bin/env node
// @ts-check
/**
 * Compares the library with its peers, side by side in one run: see README.md here.
 *
 *   npm run bench [-- NAME…] [--json FILE] [--rounds N] [--seconds S] [--node PATH]… [--list] [--quick] [--no-install]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { allBenches } from "./lib/bench.mjs";
import { compiler } from "./lib/compile.mjs";
import { chooseCores } from "./lib/cores.mjs";
import { judge } from "./lib/goals.mjs";
import { machine } from "./lib/machine.mjs";
import { report } from "./lib/report.mjs";
import { runRounds } from "./lib/rounds.mjs";
import { findRuntimes, installPeers } from "./lib/runtimes.mjs";

const usage = `npm run bench [-- NAME… OPTION…]

  NAME…          the benchmarks with one of these in their name; all when left out
  --list         names them, and measures nothing
  --rounds N     how often each peer is measured (default 5, or what the benchmark says)
  --seconds S    how long each time (default 1)
  --node PATH    a Node to run on, in place of Node 24 and the one that runs this; may come several times
  --json FILE    writes all figures there, those of each round too
  --quick        only shows that everything works: one round, short, few connections
  --no-install   does not install the peers that come from npm`;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		list: { type: "boolean", default: false },
		rounds: { type: "string" },
		seconds: { type: "string" },
		node: { type: "string", multiple: true, default: [] },
		json: { type: "string" },
		quick: { type: "boolean", default: false },
		"no-install": { type: "boolean", default: false },
		help: { type: "boolean", short: "h", default: false },
	},
});

/** @param {string} option @param {string | undefined} text @param {number} least */
function number(option, text, least) {
	if (text === undefined) return undefined;
	const value = Number(text);
	if (value >= least && value <= 3600) return value;
	throw new RangeError(`${option} is ${text}; it must be a number from ${least} to 3600`);
}

const all = await allBenches();
const chosen = all.filter(
	({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
);
for (const part of positionals) {
	if (all.some(({ name }) => name.includes(part))) continue;
	throw new RangeError(`no benchmark has ${part} in its name: ${all.map(({ name }) => name).join(", ")}`);
}

if (values.help) {
	console.log(usage);
} else if (values.list) {
	for (const { name, title } of chosen) console.log(`${name.padEnd(20)} ${title}`);
} else {
	await measure();
}

async function measure() {
	const rounds = number("--rounds", values.rounds, 1) ?? (values.quick ? 1 : undefined);
	if (!Number.isInteger(rounds ?? 1))
		throw new RangeError(`--rounds is ${rounds}; it must be a whole number`);
	const seconds = number("--seconds", values.seconds, 0.01) ?? (values.quick ? 0.1 : 1);
	const failure = values["no-install"] ? undefined : installPeers();
	const runtimes = findRuntimes(values.node, failure);
	const about = machine();

	console.log(`${about.system}, ${about.cpu}, ${about.cores} cores, load average ${about.load.toFixed(2)}`);
	console.log(
		`${runtimes.nodes.map(({ version }) => `Node ${version}`).join(" and ")}; ${compiler ?? "no C compiler"}`,
	);
	if (failure !== undefined) console.log(failure);
	if (values.quick)
		console.log("--quick: what follows shows that everything works; the figures mean nothing");

	const benchmarks = [];
	for (const bench of chosen) {
		const cores = chooseCores(bench.serverCores);
		const context = {
			cores,
			seconds,
			warmup: values.quick ? 0.05 : Math.max(0.5, seconds / 2),
			quick: values.quick,
		};
		const peers = bench.peers.flatMap((make) => make(runtimes));
		const usual = bench.rounds ?? 5;
		const results = await runRounds(bench, peers, rounds ?? usual, context, progress);
		const verdicts = judge(bench, results, about.cores);
		console.log(report(bench, results, verdicts, cores.note));
		if (results.some(({ error }) => error !== undefined)) process.exitCode = 1;
		benchmarks.push({ name: bench.name, title: bench.title, pinning: cores.note, results, goals: verdicts });
	}
	if (values.json !== undefined) {
		const paper = { machine: about, compiler, runtimes, seconds, benchmarks };
		writeFileSync(values.json, `${JSON.stringify(paper, undefined, "\t")}\n`);
	}
}

/** What is being done, on a terminal.
 * @param {string} text */
function progress(text) {
	if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
