// @ts-check
/** What the two benchmarks of TCP echo have in common. */
import { underLoad } from "./load.mjs";
import { bun, c, deno, nodeItself, python } from "./peers.mjs";

/**
 * @typedef {import("./bench.mjs").Bench} Bench
 * @typedef {import("./bench.mjs").Case} Case
 */

/** The numbers of connections.
 * @type {Case[]} */
export const connectionCases = [
	{ name: "1 connection", connections: 1, quick: false },
	{ name: "64 connections", connections: 64 },
	{ name: "1000 connections", connections: 1000, quick: false },
];

/** The others, with callbacks where they have them, or awaiting where they can.
 * @param {"callback" | "await"} style */
export function echoPeers(style) {
	const asyncio = { id: "asyncio", name: "Python asyncio" };
	return [
		c("echo.c", { name: "C, epoll" }),
		nodeItself("echo-net.mjs"),
		bun("echo-bun.mjs", { name: "Bun.listen" }),
		deno("echo-deno.mjs", { name: "Deno.listen" }),
		python("echo_selectors.py", { id: "selectors", name: "Python selectors" }),
		style === "callback"
			? python("echo_asyncio.py", { ...asyncio, name: "asyncio protocol" })
			: python("echo_asyncio.py", { ...asyncio, name: "asyncio streams", args: ["streams"] }),
	];
}

/** A round: 64-byte messages.
 * @type {Bench["run"]} */
export function runEcho({ command }, { connections }, context) {
	const count = context.quick ? Math.min(connections, 3) : connections;
	return underLoad(command, ["--size", "64", "--connections", String(count)], context);
}
