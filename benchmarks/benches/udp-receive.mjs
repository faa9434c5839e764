// @ts-check
/** Datagrams in. */
import { bun, c, nodeItself, ours } from "../lib/peers.mjs";
import { datagramColumns, measureReceiver } from "../lib/udp.mjs";

export const name = "udp-receive";
export const title = "UDP datagrams received, more than can be: the sender, in C, never waits";
export const cases = [
	// As from a network card: 64 are there at once.
	{ name: "64 B, in bursts of 64", size: 64, flood: "bursts" },
	// As fast as one sendmmsg(64) after another brings them, which is slower than they can be received.
	{ name: "64 B, one after another", size: 64, flood: "batch" },
];
export const peers = [
	ours("udp-receive.mjs", { name: "berkeley callback", args: ["callback"] }),
	ours("udp-receive.mjs", { id: "ours-await", name: "berkeley await", args: ["await"] }),
	c("udp-receive.c", { name: "C, recvmmsg" }),
	nodeItself("udp-receive-dgram.mjs", { id: "dgram", name: "node:dgram" }),
	bun("udp-receive-bun.mjs", { name: "Bun.udpSocket" }),
];
export const columns = datagramColumns;
const inBursts = ["64 B, in bursts of 64"];
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	{ metric: "rate", against: "c", atLeast: 0.85, cases: inBursts },
	{ metric: "cpu", against: "c", atMost: 1.5, cases: inBursts },
	{ metric: "cpu", against: "dgram", atMost: 0.7, cases: inBursts },
];

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export function run({ command }, { size, flood }, context) {
	return measureReceiver(command, { size, flood }, context);
}
