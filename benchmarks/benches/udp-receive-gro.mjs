// @ts-check
/** Datagrams that the kernel joins (UDP_GRO). */
import { c, nodeItself, ours } from "../lib/peers.mjs";
import { joinedColumns, joinedGoals, measureReceiver } from "../lib/udp.mjs";

export const name = "udp-receive-gro";
export const title =
	"UDP datagrams received 54 together, as the kernel joins them (GRO); the sender never waits";
export const cases = [{ name: "1200 B", size: 1200, flood: "joined" }];
export const peers = [
	ours("udp-receive.mjs", { name: "berkeley callback", args: ["callback", "gro"] }),
	ours("udp-receive.mjs", { id: "ours-await", name: "berkeley await", args: ["await", "gro"] }),
	c("udp-receive.c", { args: ["gro"] }),
	// What a receiver costs that is never asleep, whatever it is written in.
	c("udp-receive.c", { id: "c-awake", name: "C, never asleep", args: ["gro", "awake"] }),
	nodeItself("udp-receive-dgram.mjs", { id: "dgram", name: "node:dgram, one by one" }),
];
export const columns = joinedColumns;
export const goals = joinedGoals;

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export const run = ({ command }, { size, flood }, context) =>
	measureReceiver(command, { size, flood }, context);
