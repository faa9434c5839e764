// @ts-check
/** What the benchmarks of much data have in common: they count bytes, not messages. */
import { sampleOf, underLoad } from "./load.mjs";

/**
 * @typedef {import("./bench.mjs").Context} Context
 * @typedef {import("./bench.mjs").Sample} Sample
 * @typedef {import("./bench.mjs").Column} Column
 */

/** @type {Column[]} */
export const bulkColumns = [
	{ metric: "cost", title: "cost/MB", digits: 0, ratio: true },
	{ metric: "cpu", title: "CPU µs/MB", digits: 0, beside: "userInstructions" },
	{ metric: "user", title: "user", digits: 0 },
	{ metric: "kernel", title: "kernel", digits: 0 },
	{ metric: "userInstructions", title: "user instr", digits: 0 },
	{ metric: "kernelInstructions", title: "kernel instr", digits: 0 },
	{ metric: "rate", title: "GB/s", digits: 2, ratio: true },
	{ metric: "busy", title: "server busy", digits: 2 },
	{ metric: "loadBusy", title: "load busy", digits: 2 },
];

const perMegabyte = ["cost", "cpu", "user", "kernel", "userInstructions", "kernelInstructions"];

/** The metrics of a report whose messages are bytes: costs for 10⁶ bytes.
 * @param {Parameters<typeof sampleOf>[0]} report
 * @returns {Sample} */
export function bulkSample(report) {
	return perBytes(sampleOf(report));
}

/** @param {Sample} sample for a byte @returns {Sample} */
function perBytes({ p50: _, p99: __, ...sample }) {
	return Object.fromEntries(
		Object.entries(sample).map(([metric, value]) => {
			if (metric === "rate") return [metric, value / 1e9];
			return [metric, perMegabyte.includes(metric) ? value * 1e6 : value];
		}),
	);
}

/** One round of a server with `bulk.c` as its load.
 * @param {readonly string[]} command
 * @param {string[]} args for the load
 * @param {Context} context
 * @returns {Promise<Sample>} */
export async function underBulk(command, args, context) {
	return perBytes(await underLoad(command, args, context, { generator: "bulk.c" }));
}
