// @ts-check
/** Two threads that compute against one. */
import { ours } from "../lib/peers.mjs";
import { runForLine } from "../lib/programs.mjs";

export const name = "busy-handlers";
export const title =
	"requests whose handlers compute for some milliseconds, in the worker threads of one server";
export const cases = [{ name: "a connection each" }];
/** Unpinned: the threads are to have all cores. */
export const serverCores = 0;
export const peers = ["1", "2"].map((threads) =>
	ours("busy.mjs", {
		id: `threads-${threads}`,
		name: `ThreadingTCPServer, ${threads} thread${threads === "1" ? "" : "s"}`,
		args: [threads],
	}),
);
/** @type {import("../lib/bench.mjs").Column[]} */
export const columns = [{ metric: "rate", title: "requests/s", digits: 0, ratio: true }];
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [{ metric: "rate", of: "threads-2", against: "threads-1", atLeast: 1.8, cores: 2 }];

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export const run = ({ command }, _, { cores, seconds }) =>
	runForLine([...command, String(seconds)], cores.server, seconds * 1500 + 30_000);
