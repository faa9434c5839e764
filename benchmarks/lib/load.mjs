// @ts-check
/** Measures a server under load: one round of the benchmarks that count messages. */
import { compiled } from "./compile.mjs";
import { runForLine, startServer } from "./programs.mjs";

/**
 * @typedef {import("./bench.mjs").Context} Context
 * @typedef {import("./bench.mjs").Sample} Sample
 * @typedef {import("./bench.mjs").Column} Column
 */

/** The metrics that sampleOf() gives, as most tables show them.
 * @type {Column[]} */
export const messageColumns = [
	{ metric: "cost", title: "cost/msg", digits: 2, ratio: true },
	{ metric: "cpu", title: "CPU µs/msg", digits: 2, beside: "userInstructions" },
	{ metric: "user", title: "user", digits: 2 },
	{ metric: "kernel", title: "kernel", digits: 2 },
	{ metric: "userInstructions", title: "user instr", digits: 0 },
	{ metric: "kernelInstructions", title: "kernel instr", digits: 0 },
	{ metric: "rate", title: "msg/s", digits: 0, ratio: true },
	{ metric: "p50", title: "p50 µs", digits: 1 },
	{ metric: "p99", title: "p99 µs", digits: 1 },
	{ metric: "busy", title: "server busy", digits: 2 },
	{ metric: "loadBusy", title: "load busy", digits: 2 },
];

/**
 * The metrics of a load generator's line. `cost` is what the goals compare: instructions of the server for each
 * message, user and kernel together, where the machine counts both, and else its CPU time in microseconds.
 * @param {{ messages: number, seconds: number, p50?: number, p99?: number, loadBusy?: number,
 *   cpu: { total: number, user: number, kernel: number, userInstructions?: number, kernelInstructions?: number }
 * }} report
 * @returns {Sample}
 */
export function sampleOf({ messages, seconds, p50, p99, loadBusy, cpu }) {
	if (messages === 0) throw new Error("not one message was answered");
	const { total, user, kernel, userInstructions, kernelInstructions } = cpu;
	const counted = userInstructions !== undefined && kernelInstructions !== undefined;
	/** @type {Record<string, number | undefined>} */
	const metrics = {
		cost: (counted ? userInstructions + kernelInstructions : total) / messages,
		cpu: total / messages,
		user: user / messages,
		kernel: kernel / messages,
		userInstructions: userInstructions && userInstructions / messages,
		kernelInstructions: kernelInstructions && kernelInstructions / messages,
		rate: messages / seconds,
		p50,
		p99,
		busy: total / 1e6 / seconds,
		loadBusy,
	};
	return /** @type {Sample} */ (
		Object.fromEntries(Object.entries(metrics).filter(([, value]) => value !== undefined))
	);
}

/**
 * Starts a server, puts it under load, and ends it.
 * @param {readonly string[]} command the server; what it says when it is ready has its `port` where it has one, and
 *   `pids` where others than itself are measured
 * @param {readonly string[]} args for the load generator, beside the server's port and how long to measure
 * @param {Context} context
 * @param {{ generator?: string }} [options]
 * @returns {Promise<Sample>}
 */
export async function underLoad(command, args, { cores, seconds, warmup }, { generator = "load.c" } = {}) {
	const server = await startServer(command, cores.server);
	try {
		const { pids = [server.pid], port = 0 } = server.ready;
		const at = port === 0 ? [] : ["--port", String(port)];
		const timing = ["--warmup", String(warmup), "--seconds", String(seconds), "--pids", pids.join()];
		const load = [compiled(generator), ...at, ...args, ...timing];
		return sampleOf(await runForLine(load, cores.load, (warmup + seconds) * 1000 + 30_000));
	} finally {
		await server.stop();
	}
}
