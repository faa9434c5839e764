// @ts-check
/** Packets read and built: Ethernet, IPv4, TCP and 64 bytes. */
import { MissingError } from "../lib/compile.mjs";
import { ours, python } from "../lib/peers.mjs";
import { runForLine } from "../lib/programs.mjs";

export const name = "packets";
export const title =
	"packets of Ethernet, IPv4, TCP and 64 bytes of data; a second is one of CPU time, so that of one core";
export const cases = [
	{ name: "dissect, a few fields", what: "view" },
	{ name: "dissect, all as values", what: "value" },
	{ name: "build", what: "build" },
];
export const peers = [
	ours("packets.mjs", { name: "berkeley/packet" }),
	python("packets_scapy.py", { id: "scapy", name: "scapy, Python" }),
];
/** @type {import("../lib/bench.mjs").Column[]} */
export const columns = [{ metric: "rate", title: "packet/s", digits: 0, ratio: true }];
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	{ metric: "rate", atLeast: 3e6, cases: ["dissect, a few fields"] },
	{ metric: "rate", against: "scapy", atLeast: 100, cases: ["dissect, all as values"] },
	{ metric: "rate", atLeast: 1e6, cases: ["build"] },
];

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export async function run({ command }, { what }, { cores, seconds, warmup, quick }) {
	const time = quick ? ["0.02", "0.02"] : [String(seconds), String(warmup)];
	const sample = await runForLine(
		[...command, what, ...time],
		cores.server,
		(seconds + warmup) * 20_000 + 30_000,
	);
	if (sample.missing !== undefined) throw new MissingError(sample.missing);
	return sample;
}
