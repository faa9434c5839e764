/**
 * A link between eth0 and eth1 until a file exists: node link.js PLAN END [TRACE]. The plan is JSON, a log for
 * `replay()` if it is an array; TRACE gets the packets, as NDJSON with bytes in hex. At the end it prints statistics
 * and log as JSON.
 */
import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { CapturedPacket } from "../../src/capture/captured.js";
import { link, replay, type Verdict } from "../../src/impair/index.js";

const [text = "{}", end = "", file] = process.argv.slice(2);
const given = JSON.parse(text);
const log: Verdict[] = [];
const write = ({ bytes, ...others }: CapturedPacket): void =>
	appendFileSync(file ?? "", `${JSON.stringify({ ...others, hex: Buffer.from(bytes).toString("hex") })}\n`);
using cable = link("eth0", "eth1", Array.isArray(given) ? replay(given) : given, {
	seed: 1,
	log,
	...(file === undefined ? {} : { trace: { write } }),
});
console.log("linked");
while (!existsSync(end)) await delay(20);
console.log(JSON.stringify({ statistics: cable.statistics, log }));
