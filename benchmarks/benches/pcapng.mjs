// @ts-check
/** Files of pcapng, read: every packet's bytes, length and time. */
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MissingError } from "../lib/compile.mjs";
import { ours, python } from "../lib/peers.mjs";
import { runForLine } from "../lib/programs.mjs";

export const name = "pcapng";
export const title =
	"a pcapng file in the page cache, read packet by packet; a second is one of CPU time, so that of one core";
export const cases = [
	{ name: "packets of 64 bytes", size: 64 },
	{ name: "packets of 800 bytes", size: 800 },
];
export const peers = [
	ours("pcapng.mjs", { name: "berkeley/capture, batches", args: ["batches"] }),
	ours("pcapng.mjs", { id: "await", name: "berkeley/capture, for await", args: ["await"] }),
	python("pcapng_tool.py", { id: "tcpdump", name: "tcpdump -r -w /dev/null, by Python", args: ["tcpdump"] }),
	python("pcapng_tool.py", { id: "capinfos", name: "capinfos, by Python", args: ["capinfos"] }),
	python("pcapng_tool.py", { id: "scapy", name: "scapy's RawPcapNgReader, Python", args: ["scapy"] }),
];
/** @type {import("../lib/bench.mjs").Column[]} */
export const columns = [
	{ metric: "rate", title: "MB/s", digits: 0, ratio: true },
	{ metric: "packets", title: "packet/s", digits: 0 },
];
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [{ metric: "rate", atLeast: 500, of: "ours" }];

/** @type {Map<string, Promise<string>>} */
const files = new Map();

/** The file of a case, made once.
 * @param {string} node
 * @param {number} size of its packets
 * @param {number} megabytes */
function fileOf(node, size, megabytes) {
	const path = join(tmpdir(), `berkeley-bench-${process.pid}-${size}-${megabytes}.pcapng`);
	let made = files.get(path);
	if (made === undefined) {
		process.once("exit", () => rmSync(path, { force: true }));
		const program = new URL("../peers/pcapng-file.mjs", import.meta.url).pathname;
		made = runForLine([node, program, path, String(size), String(megabytes)], undefined, 120_000).then(
			() => path,
		);
		files.set(path, made);
	}
	return made;
}

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export async function run({ command, id }, { size }, { cores, quick }) {
	// scapy takes a second for a megabyte or two.
	const path = await fileOf(process.execPath, size, quick ? 1 : id === "scapy" ? 8 : 256);
	const sample = await runForLine([...command, path], cores.server, 300_000);
	if (sample.missing !== undefined) throw new MissingError(sample.missing);
	return sample;
}
