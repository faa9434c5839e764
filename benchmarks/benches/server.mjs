// @ts-check
/** What a server costs over the bare socket that does the same. */
import { messageColumns, underLoad } from "../lib/load.mjs";
import { ours } from "../lib/peers.mjs";

export const name = "server";
export const title =
	"requests of 64 bytes, sent back by AsyncTCPServer, by serve(), and by a loop around accept()";
export const cases = [
	{ name: "a connection each, 32 at a time", manner: "once", connections: 32 },
	{ name: "kept alive, 1 connection", manner: "kept", connections: 1, quick: false },
	{ name: "kept alive, 64 connections", manner: "kept", connections: 64 },
];
export const peers = [
	ours("server.mjs", { id: "ours", name: "AsyncTCPServer", args: ["class"] }),
	ours("server.mjs", { id: "serve", name: "serve()", args: ["function"] }),
	ours("server.mjs", { id: "bare", name: "accept()", args: ["bare"] }),
];
export const columns = messageColumns.map((column) => ({
	...column,
	title: column.title.replace("/msg", "/request").replace("msg/", "requests/"),
}));
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	{ metric: "rate", of: "ours", against: "bare", atLeast: 0.9 },
	{ metric: "rate", of: "serve", against: "bare", atLeast: 0.9 },
];

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export const run = ({ command }, { manner, connections }, context) => {
	const count = context.quick ? Math.min(connections, 3) : connections;
	const generator = manner === "once" ? "connect.c" : "load.c";
	return underLoad([...command, manner], ["--size", "64", "--connections", String(count)], context, {
		generator,
	});
};
