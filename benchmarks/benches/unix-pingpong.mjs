// @ts-check
/** One message to and fro over Unix sockets. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageColumns, underLoad } from "../lib/load.mjs";
import { c, nodeItself, ours } from "../lib/peers.mjs";

export const name = "unix-pingpong";
export const title = "64 bytes to and fro over one connection between Unix sockets";
export const cases = [
	{ name: "stream", server: [], load: [] },
	{ name: "seqpacket", server: ["seqpacket"], load: ["--seqpacket"] },
];
export const peers = [
	ours("echo.mjs", { id: "ours", name: "berkeley callback", args: ["callback"] }),
	ours("echo.mjs", { id: "ours-await", name: "berkeley await", args: ["await"] }),
	c("echo.c"),
	nodeItself("echo-net.mjs"),
];
export const columns = messageColumns;
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [{ metric: "rate", against: "c", atLeast: 0.8 }];

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export async function run({ id, command }, { server, load }, context) {
	// node:net knows no seqpacket.
	if (id === "net" && server.length > 0) return undefined;
	const folder = mkdtempSync(join(tmpdir(), "berkeley-bench-"));
	try {
		const path = join(folder, "socket");
		return await underLoad([...command, path, ...server], ["--unix", path, ...load], context);
	} finally {
		rmSync(folder, { recursive: true });
	}
}
