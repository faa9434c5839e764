// @ts-check
/** Much data over TCP, from the server's view: in and out, on one connection and on eight. */
import { join } from "node:path";
import { bulkColumns, bulkSample, underBulk } from "../lib/bulk.mjs";
import { isInstalled } from "../lib/machine.mjs";
import { startMeter } from "../lib/meter.mjs";
import { peersFolder } from "../lib/paths.mjs";
import { c, nodeItself, ours } from "../lib/peers.mjs";
import { runForLine, startServer } from "../lib/programs.mjs";

const block = 64 * 1024;
const iperf3 = join(peersFolder, "iperf3.mjs");

export const name = "tcp-bulk";
export const title = "Blocks of 64 KiB over TCP, without end";
export const cases = [
	{ name: "received, 1 stream", server: "receive", load: "send", connections: 1 },
	{ name: "received, 8 streams", server: "receive", load: "send", connections: 8, quick: false },
	{ name: "sent, 1 stream", server: "send", load: "receive", connections: 1 },
	{ name: "sent, 8 streams", server: "send", load: "receive", connections: 8, quick: false },
];
export const peers = [
	ours("bulk.mjs", { id: "ours", name: "berkeley recvEach, write", args: ["callback"] }),
	ours("bulk.mjs", { id: "ours-lowat", name: "berkeley recvEach, SO_RCVLOWAT", args: ["lowat"] }),
	ours("bulk.mjs", { id: "ours-await", name: "berkeley await", args: ["await"] }),
	c("bulk-server.c", { name: "C, epoll" }),
	c("bulk-server.c", { id: "c-lowat", name: "C, SO_RCVLOWAT", args: ["--low-water", String(2 * block)] }),
	() => {
		const about = { id: "iperf3", name: "iperf3" };
		if (!isInstalled("iperf3")) return [{ ...about, missing: "iperf3 is missing" }];
		return [{ ...about, ours: false, command: [process.execPath, iperf3] }];
	},
	nodeItself("bulk-net.mjs"),
];
export const columns = bulkColumns;
/** A transfer falls into one of several rhythms, by who wakes whom, so that rounds differ by half and more. */
export const rounds = 9;
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	{ metric: "rate", against: "iperf3", atLeast: 1 },
	{ metric: "cost", against: "net", atMost: 1 },
];

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export function run(peer, case_, context) {
	// The low-water mark is a receiver's.
	if (peer.id.endsWith("-lowat") && case_.server === "send") return Promise.resolve(undefined);
	if (peer.id === "iperf3") return runIperf3(peer.command, case_, context);
	const { server, load, connections } = case_;
	const blocks = ["--size", String(block), "--low-water", String(block)]; // As iperf3 takes them.
	const args = ["--direction", load, "--connections", String(connections), ...blocks];
	return underBulk([...peer.command, server], args, context);
}

/** iperf3 brings its own load, and what it measures begins with the first byte.
 * @param {string[]} command @param {import("../lib/bench.mjs").Case} case_
 * @param {import("../lib/bench.mjs").Context} context */
async function runIperf3(command, { load, connections }, { cores, seconds, warmup }) {
	const server = await startServer(command, cores.server);
	const { port, pids } = server.ready;
	const meter = await startMeter(pids, cores.load);
	try {
		const time = String(Math.max(Math.round(warmup + seconds), 1));
		const args = [String(port), load, String(connections), String(block), time];
		const report = await runForLine([...command, ...args], cores.load, (warmup + seconds) * 1000 + 30_000);
		const { cpu } = await meter.read();
		return bulkSample({ messages: report.bytes, seconds: report.seconds, cpu });
	} finally {
		await meter.stop();
		await server.stop();
	}
}
