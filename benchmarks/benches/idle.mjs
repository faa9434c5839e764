// @ts-check
/**
 * What a connection costs in memory that does nothing. The first thousand are not counted: with them comes what a
 * server needs once, however many there are.
 */
import { setTimeout } from "node:timers/promises";
import { compiled, MissingError } from "../lib/compile.mjs";
import { descriptorLimit } from "../lib/machine.mjs";
import { memoryOf } from "../lib/memory.mjs";
import { bun, nodeItself, ours } from "../lib/peers.mjs";
import { Program, startServer } from "../lib/programs.mjs";

export const name = "idle";
export const title =
	"19,000 TCP connections held and waited on: user-space memory of each, after garbage collection";
export const cases = [{ name: "19,000 connections" }];
const flags = ["--expose-gc"];
export const peers = [
	ours("idle-ours.mjs", { id: "ours", name: "berkeley recvEach", args: ["callback"], flags }),
	ours("idle-ours.mjs", { id: "ours-await", name: "berkeley await recv", args: ["await"], flags }),
	nodeItself("idle-net.mjs", { flags }),
	bun("idle-bun.mjs", { name: "Bun.listen" }),
];
/** Three are enough: memory repeats better than time. */
export const rounds = 3;
/** @type {import("../lib/bench.mjs").Column[]} */
export const columns = [
	{ metric: "own", title: "KiB each", digits: 2, ratio: true },
	{ metric: "heap", title: "of it JS heap", digits: 2 },
	{ metric: "rss", title: "KiB by RSS", digits: 2 },
];
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	{ metric: "own", atMost: 1.5 },
	{ metric: "own", against: "net", atMost: 1 / 3 },
];

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export async function run({ command }, _, { cores, quick }) {
	const [first, last] = quick ? [10, 60] : [1_000, 19_000];
	// Both sides have some descriptors more than those of the connections.
	if (descriptorLimit() < last + 100) throw new MissingError(`needs ${last + 100} descriptors (ulimit -n)`);
	const server = await startServer(command, cores.server);
	const holder = new Program([compiled("hold.c"), "--port", String(server.ready.port)], cores.load);
	try {
		const readings = quick ? 1 : 4;
		const before = await holding(holder, server, first, readings);
		const after = await holding(holder, server, last, readings);
		const each = (/** @type {"own" | "rss" | "heap"} */ what) =>
			(after[what] - before[what]) / (last - first) / 1024;
		return { own: each("own"), heap: each("heap"), rss: each("rss") };
	} finally {
		await holder.stop();
		await server.stop();
	}
}

/** Makes it so many, waits until the server has them all, and reads its memory: several times, because a runtime
 * gives freed pages back when it likes. The least of them counts.
 * @param {Program} holder @param {Program} server @param {number} count @param {number} readings */
async function holding(holder, server, count, readings) {
	holder.tell(String(count));
	await holder.line(60_000);
	/** @type {{ heap: number, own: number, rss: number }[]} */
	const read = [];
	while (read.length < readings) {
		if (read.length > 0) await setTimeout(700);
		server.tell("");
		const { connections, heap } = await server.line(60_000);
		if (connections >= count) read.push({ heap, ...memoryOf(server.pid) });
	}
	const least = (/** @type {"own" | "rss" | "heap"} */ what) => Math.min(...read.map((each) => each[what]));
	return { own: least("own"), heap: least("heap"), rss: least("rss") };
}
