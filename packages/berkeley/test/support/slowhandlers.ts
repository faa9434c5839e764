/**
 * Handlers whose module takes as long to load as the file "go" is missing in the folder of its URL's query. It says
 * by files there that it loads, and that its thread has ended by itself.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Socket } from "../../src/index.js";

const folder = new URL(import.meta.url).searchParams.get("folder") ?? "";

process.on("exit", () => writeFileSync(join(folder, "left"), ""));
writeFileSync(join(folder, "loads"), "");
while (!existsSync(join(folder, "go"))) await setTimeout(5);

/** Answers by its own. */
export default async function answer(connection: Socket): Promise<void> {
	await connection.sendall("loaded");
}
