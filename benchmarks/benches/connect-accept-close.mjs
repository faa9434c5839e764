// @ts-check
/** Short connections: accepted, and closed at once. */
import { messageColumns, underLoad } from "../lib/load.mjs";
import { c, nodeItself, ours } from "../lib/peers.mjs";

export const name = "connect-accept-close";
export const title = "TCP connections that the server closes as soon as it has accepted them, 32 at a time";
export const cases = [{ name: "32 at a time" }];
export const peers = [
	ours("accept-each.mjs", { id: "ours", name: "berkeley acceptEach" }),
	ours("accept-await.mjs", { id: "ours-await", name: "berkeley await accept" }),
	c("accept.c"),
	nodeItself("accept-net.mjs"),
];
export const columns = messageColumns.map((column) => ({
	...column,
	title: column.title.replace("/msg", "/conn").replace("msg/", "conn/"),
}));
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [{ metric: "rate", against: "net", atLeast: 1.5 }];

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export const run = ({ command }, _, context) => underLoad(command, [], context, { generator: "connect.c" });
