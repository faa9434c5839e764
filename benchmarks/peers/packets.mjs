// @ts-check
/**
 * Reads or builds packets for some time, and prints how many in a second of its CPU time.
 *
 *   packets.mjs view|value|build SECONDS WARMUP
 */
import { build, dissect, ethernet, ipv4, tcp } from "berkeley/packet";

const [what = "view", seconds = "1", warmup = "1"] = process.argv.slice(2);
const data = new Uint8Array(64).fill(0x61);

const make = () =>
	build(
		ethernet({ destination: "02:00:00:00:00:01", source: "02:00:00:00:00:02" }),
		ipv4({ source: "192.0.2.1", destination: "192.0.2.2" }),
		tcp({ sourcePort: 40000, destinationPort: 80, sequence: 1, acknowledgment: 2, flags: 0x10 }),
		data,
	);
const packet = make();

/** @type {Record<string, () => number>} */
const ways = {
	view() {
		const read = dissect(packet);
		const segment = read.get(tcp);
		return (segment?.destinationPort ?? 0) + (segment?.sequence ?? 0) + (read.get(ipv4)?.ttl ?? 0);
	},
	value: () => dissect(packet).toValues().length,
	build: () => make().length,
};
const once = ways[what];
if (once === undefined) throw new Error(`not one of ${Object.keys(ways).join(", ")}: ${what}`);

let sum = 0;

/** @param {number} wanted microseconds of CPU time
 * @param {() => number} work */
function runFor(wanted, work) {
	const begun = process.cpuUsage();
	let count = 0;
	for (;;) {
		for (let index = 0; index < 1000; index++) sum += work();
		count += 1000;
		const { user, system } = process.cpuUsage(begun);
		if (user + system >= wanted) return (count / (user + system)) * 1e6;
	}
}

runFor(Number(warmup) * 1e6, once);
const rate = runFor(Number(seconds) * 1e6, once);
// What is counted cannot be left out.
if (sum <= 0) throw new Error("nothing was read");
console.log(JSON.stringify({ rate }));
