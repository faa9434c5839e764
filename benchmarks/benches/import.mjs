// @ts-check
/** What it costs to begin: whole processes, from their start until they end or say their first byte. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { peersFolder } from "../lib/paths.mjs";
import { nodeItself, ours } from "../lib/peers.mjs";

export const name = "import";
export const title = "import of the package, and the first byte of `sock --version`; CPU time of all threads";
export const cases = [{ name: "a whole process" }];
/** Unpinned: Node begins with several threads. */
export const serverCores = 0;
export const rounds = 30;
export const peers = [
	/** @type {import("../lib/bench.mjs").PeerMaker} */ (
		({ nodes }) =>
			nodes.map(({ path, version }, node) => ({
				id: "bare",
				name: `node -e 0, Node ${version}`,
				ours: false,
				node,
				command: [path, "-e", "0"],
			}))
	),
	nodeItself("import-koffi.mjs", { id: "koffi", name: "import koffi" }),
	ours("import-berkeley.mjs", { id: "import", name: "import berkeley" }),
	ours("import-stream.mjs", { id: "stream", name: "import berkeley/stream" }),
	ours("../../packages/tools/dist/src/sock.js", { id: "sock", name: "sock --version", args: ["--version"] }),
];
/** @type {import("../lib/bench.mjs").Column[]} */
export const columns = [
	{ metric: "time", title: "ms", digits: 1, over: "bare" },
	{ metric: "cpu", title: "CPU ms", digits: 1, over: "bare" },
];
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	{ metric: "time", of: "import", over: "bare", atMost: 25 },
	{ metric: "time", of: "sock", over: "bare", atMost: 60 },
];

const reporter = pathToFileURL(join(peersFolder, "report-cpu.mjs")).href;

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export async function run({ id, command: [node = "", ...args] }) {
	const begun = performance.now();
	const child = spawn(node, ["--import", reporter, ...args], {
		stdio: ["ignore", "pipe", "inherit", "pipe"],
	});
	const exited = once(child, "exit").then(([code]) => {
		if (code !== 0) throw new Error(`${args.at(-1)} ended with ${code}`);
		return performance.now();
	});
	const output = /** @type {import("node:stream").Readable} */ (child.stdout);
	const spoken = once(output, "data").then(() => performance.now());
	const cpu = text(/** @type {import("node:stream").Readable} */ (child.stdio[3]));
	if (id === "sock") output.resume();
	const [ended] = await Promise.all([id === "sock" ? spoken : exited, exited]);
	return { time: ended - begun, cpu: Number(await cpu) };
}
