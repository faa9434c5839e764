// @ts-check
/** What it costs that a connection is handled in another thread. */
import { ours } from "../lib/peers.mjs";
import { runForLine } from "../lib/programs.mjs";

export const name = "handover";
export const title =
	"from the moment at which a connection was accepted until its handler is entered, in a worker thread and in the event loop";
export const cases = [
	{ name: "one at a time", clients: 1 },
	{ name: "32 at a time", clients: 32 },
];
/** Unpinned: two threads and the client take turns. */
export const serverCores = 0;
export const peers = [
	ours("handover.mjs", { id: "thread", name: "ThreadingTCPServer", args: ["thread"] }),
	ours("handover.mjs", { id: "loop", name: "AsyncTCPServer", args: ["loop"] }),
];
/** @type {import("../lib/bench.mjs").Column[]} */
export const columns = [
	{ metric: "p50", title: "p50 µs", digits: 1 },
	{ metric: "p99", title: "p99 µs", digits: 1 },
	{ metric: "cpu", title: "CPU µs/connection", digits: 1, over: "loop" },
];
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	{ metric: "p50", of: "thread", atMost: 100, cases: ["one at a time"] },
	{ metric: "cpu", of: "thread", over: "loop", atMost: 100 },
];

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export const run = ({ command }, { clients }, { cores, seconds, quick }) =>
	runForLine(
		[...command, String(quick ? Math.min(clients, 3) : clients), String(seconds)],
		cores.server,
		seconds * 1500 + 30_000,
	);
