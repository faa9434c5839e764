// @ts-check
/** Datagrams out. */
import { bun, c, nodeItself, ours } from "../lib/peers.mjs";
import { datagramColumns, measureSender } from "../lib/udp.mjs";

export const name = "udp-send";
export const title =
	"UDP datagrams sent over the loopback device, 64 with one call where there is such a call";
export const cases = [
	{ name: "64 B", size: 64 },
	{ name: "1200 B", size: 1200 },
];
export const peers = [
	ours("udp-send.mjs", { id: "ours", name: "berkeley batch", args: ["batch"] }),
	ours("udp-send.mjs", { id: "ours-gso", name: "berkeley batch, gso", args: ["gso"] }),
	ours("udp-send.mjs", { id: "ours-list", name: "berkeley list", args: ["list"] }),
	c("udp-send.c", { name: "C, sendmmsg", args: ["batch"] }),
	nodeItself("udp-send-dgram.mjs", { id: "dgram", name: "node:dgram" }),
	bun("udp-send-bun.mjs", { name: "Bun.udpSocket" }),
];
export const columns = datagramColumns;
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	...["ours", "ours-gso"].flatMap((of) => [
		{ metric: "rate", of, against: "c", atLeast: 0.85 },
		{ metric: "rate", of, against: "dgram", atLeast: 2.5 },
	]),
];

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export const run = ({ command }, { size }, context) => measureSender(command, { size }, context);
