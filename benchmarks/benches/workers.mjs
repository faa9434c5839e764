// @ts-check
/** Two threads against one. */
import { messageColumns, underLoad } from "../lib/load.mjs";
import { nodeItself, ours } from "../lib/peers.mjs";

export const name = "workers";
export const title =
	"TCP echo of 64 bytes in worker threads that share a port by SO_REUSEPORT, and in node:cluster";
export const cases = [{ name: "256 connections" }];
/** Where the machine has two cores for the server and one for the load. */
export const serverCores = 2;
export const peers = ["callback", "await"]
	.flatMap((style) => [
		ours("workers.mjs", { id: `${style}-1`, name: `berkeley ${style}, 1 thread`, args: ["1", style] }),
		ours("workers.mjs", { id: `${style}-2`, name: `berkeley ${style}, 2 threads`, args: ["2", style] }),
	])
	.concat(
		nodeItself("cluster-net.mjs", { id: "cluster-1", name: "node:cluster, 1 process", args: ["1"] }),
		nodeItself("cluster-net.mjs", { id: "cluster-2", name: "node:cluster, 2 processes", args: ["2"] }),
	);
export const columns = messageColumns;
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	{ metric: "rate", of: "callback-2", against: "callback-1", atLeast: 1.8, cores: 3 },
	{ metric: "rate", of: "await-2", against: "await-1", atLeast: 1.8, cores: 3 },
];

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export const run = ({ command }, _, context) =>
	underLoad(command, ["--connections", context.quick ? "8" : "256"], context);
