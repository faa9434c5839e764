/**
 * A link between eth0 and eth1 until SIGTERM: node link.js PLAN [FILE]. The plan is JSON, a log for
 * `replay()` if it is an array; the file gets the trace, as NDJSON of bytes in hex. At the end it prints statistics
 * and log as JSON.
 */
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import type { CapturedPacket } from "../../src/capture/captured.js";
import { link, replay, type Verdict } from "../../src/impair/index.js";

const [text = "{}", file] = process.argv.slice(2);
const given = JSON.parse(text);
const log: Verdict[] = [];
const write = ({ bytes, ...others }: CapturedPacket): void =>
	appendFileSync(file ?? "", `${JSON.stringify({ ...others, hex: Buffer.from(bytes).toString("hex") })}\n`);
using cable = link("eth0", "eth1", Array.isArray(given) ? replay(given) : given, {
	seed: 1,
	log,
	...(file === undefined ? {} : { trace: { write } }),
});
const over = once(process, "SIGTERM");
console.log("linked");
await over;
console.log(JSON.stringify({ statistics: cable.statistics, log }));
