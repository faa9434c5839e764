// @ts-check
/** Datagrams that the kernel cuts (UDP_SEGMENT). */
import { c, nodeItself, ours } from "../lib/peers.mjs";
import { joinedColumns, joinedGoals, measureSender } from "../lib/udp.mjs";

export const name = "udp-send-gso";
export const title = "UDP datagrams sent over the loopback device, 54 together, which the kernel cuts (GSO)";
export const cases = [{ name: "1200 B", size: 1200, sink: ["gro"] }];
export const peers = [
	ours("udp-send.mjs", { args: ["joined"] }),
	c("udp-send.c", { args: ["joined"] }),
	nodeItself("udp-send-dgram.mjs", { id: "dgram", name: "node:dgram, one by one" }),
];
export const columns = joinedColumns;
export const goals = joinedGoals;

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export const run = ({ command }, { size, sink }, context) => measureSender(command, { size, sink }, context);
