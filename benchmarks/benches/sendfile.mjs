// @ts-check
/** A large file over TCP, again and again. */
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { bulkColumns, underBulk } from "../lib/bulk.mjs";
import { buildFolder } from "../lib/paths.mjs";
import { c, nodeItself, ours } from "../lib/peers.mjs";

export const name = "sendfile";
export const title = "A file of 1 GiB that is in the page cache, to one connection after another";
export const cases = [{ name: "1 GiB" }];
export const peers = [
	ours("sendfile.mjs", { name: "berkeley sendfile" }),
	c("sendfile-server.c", { name: "C, sendfile" }),
	nodeItself("sendfile-net.mjs", { name: "fs into net" }),
];
export const columns = bulkColumns;
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	{ metric: "rate", against: "net", atLeast: 2 },
	{ metric: "cost", against: "net", atMost: 1 / 3 },
];

/** A file that takes no room on the disk: what is read of it are pages of zeros, in the page cache like others.
 * @param {number} size */
function hollow(size) {
	mkdirSync(buildFolder, { recursive: true });
	const path = join(buildFolder, `hollow-${size}`);
	if (!existsSync(path)) {
		const file = openSync(path, "w");
		ftruncateSync(file, size);
		closeSync(file);
	}
	return path;
}

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export function run({ command }, _, context) {
	const file = hollow(context.quick ? 2 ** 24 : 2 ** 30);
	const load = ["--direction", "receive", "--size", String(2 ** 20), "--low-water", String(2 ** 18)];
	return underBulk([...command, file], load, context);
}
