// @ts-check
/**
 * Packets captured into a pcap file, at the highest rate that tcpdump holds without drops. The rate is looked for once
 * for each case; then all are measured at it.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Cable } from "../lib/cable.mjs";
import { compiled } from "../lib/compile.mjs";
import { peersFolder } from "../lib/paths.mjs";
import { ours, python } from "../lib/peers.mjs";
import { runForLine, startServer } from "../lib/programs.mjs";

export const name = "capture";
export const title =
	"frames captured into a pcap file, from a cable between network namespaces' ends, at the highest rate that `tcpdump -w` holds without drops";
export const cases = [
	{ name: "128 B", size: 128 },
	{ name: "1024 B", size: 1024, quick: false },
];
export const peers = [
	ours("capture.mjs", { name: "berkeley/capture" }),
	python("capture_tcpdump.py", { id: "tcpdump", name: "tcpdump, started by Python" }),
	python("capture_scapy.py", { id: "scapy", name: "scapy, Python" }),
];
/** @type {import("../lib/bench.mjs").Column[]} */
export const columns = [
	{ metric: "rate", title: "sent/s", digits: 0 },
	{ metric: "lost", title: "lost %", digits: 3 },
	{ metric: "cost", title: "CPU µs/packet", digits: 2, ratio: true },
	{ metric: "perSecond", title: "packet/CPU s", digits: 0, ratio: true },
];
/** @type {import("../lib/bench.mjs").Goal[]} */
export const goals = [
	{ metric: "lost", atMost: 0 },
	{ metric: "cost", against: "tcpdump", atMost: 1.5 },
	{ metric: "perSecond", against: "scapy", atLeast: 20 },
];

// Where there is memory for files, what is measured is no disk.
const folder = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const tcpdump = ["python3", join(peersFolder, "capture_tcpdump.py")];

/** Sends to who captures, and says what became of it.
 * @param {readonly string[]} command
 * @param {number} size
 * @param {number} rate frames a second; 0 is as many as there can be
 * @param {{ seconds: number, warmup: number, cores: import("../lib/cores.mjs").Cores }} context */
async function capture(command, size, rate, { seconds, warmup, cores }) {
	const cable = await Cable.make();
	const place = mkdtempSync(join(folder, "bench-capture-"));
	try {
		const taker = await startServer(cable.within([...command, "v0", join(place, "file.pcap")]), cores.server);
		try {
			const send = async (/** @type {number} */ time) => {
				const program = [compiled("capture-send.c"), "v1", String(size), String(rate), String(time)];
				const sent = await runForLine(cable.within(program), cores.load, time * 1000 + 30_000);
				// So that what was taken last is handed over: tcpdump waits for a second.
				await delay(1200);
				return sent;
			};
			const early = warmup > 0 ? await send(warmup) : { sent: 0 };
			taker.tell(String(early.sent));
			await taker.line();
			const { sent, seconds: took } = await send(seconds);
			taker.tell("end");
			const { captured, cpu } = await taker.line();
			return { sent, took, captured, cpu };
		} finally {
			await taker.stop();
		}
	} finally {
		rmSync(place, { recursive: true });
		await cable.close();
	}
}

/** @type {Map<number, Promise<number>>} */
const rates = new Map();

/** The highest rate that tcpdump holds without drops, for as long as it is measured; 0 is as fast as it can be sent here.
 * @param {number} size
 * @param {{ seconds: number, warmup: number, cores: import("../lib/cores.mjs").Cores }} context */
async function highestRate(size, { seconds, warmup, cores }) {
	const time = seconds + warmup;
	const holds = async (/** @type {number} */ rate) => {
		const { sent, took, captured } = await capture(tcpdump, size, rate, { seconds: time, warmup: 0, cores });
		return { held: captured === sent, reached: sent / took };
	};
	const most = await holds(0);
	if (most.held) return 0;
	let low = 0;
	let high = most.reached;
	for (let step = 0; step < 5; step++) {
		const middle = (low + high) / 2;
		if ((await holds(middle)).held) low = middle;
		else high = middle;
	}
	return low === 0 ? high : low;
}

/** @type {import("../lib/bench.mjs").Bench["run"]} */
export async function run({ command }, { size }, context) {
	const { quick } = context;
	if (!rates.has(size)) rates.set(size, quick ? Promise.resolve(5000) : highestRate(size, context));
	const rate = await /** @type {Promise<number>} */ (rates.get(size));
	const { sent, took, captured, cpu } = await capture(
		command,
		size,
		rate,
		quick ? { ...context, warmup: 0 } : context,
	);
	if (captured === 0) throw new Error("nothing was captured");
	return {
		rate: sent / took,
		lost: ((sent - captured) / sent) * 100,
		cost: (cpu / captured) * 1e6,
		perSecond: captured / cpu,
	};
}
