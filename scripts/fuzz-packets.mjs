#!/usr/bin/env node
// @ts-check
/**
 * Reads mutated packets of all protocols: node scripts/fuzz-packets.mjs [--count N] [--seed N]
 *
 * Nothing may throw, take long, or read out of bounds, and every byte must be given back: by the views, by build(), by
 * JSON and by hexdump(). A packet is made of one number alone; the first is printed, and so is that of a packet which
 * fails: `--seed` begins there again. Ten million packets are read when no count is given. The tests read 200,000.
 * It needs what `npm run build` compiles.
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";

const seeds = 2 ** 32;
const reportMs = 10_000;
/** How long a packet may take; a busy machine takes longer than the packet. */
const longestMs = 2_000;
/** All that is told of a packet is asked of one in so many. */
const thorough = 64;

const { values } = parseArgs({
	options: { count: { type: "string", default: "10000000" }, seed: { type: "string" } },
});
const count = number("count", values.count, Number.MAX_SAFE_INTEGER);
const first =
	values.seed === undefined ? Math.floor(Math.random() * seeds) : number("seed", values.seed, seeds - 1);

const compiled = new URL("../packages/berkeley/dist/", import.meta.url);
if (!existsSync(new URL("test/support/mutations.js", compiled))) {
	fail("there is no packages/berkeley/dist/test/support/mutations.js: run `npm run build`");
}
const { hexOf, mutated, readAndRebuild } = await import(new URL("test/support/mutations.js", compiled).href);
const { answers, build, fromJson, hexdump, toJson } = await import(
	new URL("src/packet/index.js", compiled).href
);

console.log(`seed ${first}, ${count} packets`);
const begun = performance.now();
let reported = begun;
let faults = 0;
for (let done = 0; done < count; done++) {
	const seed = (first + done) % seeds;
	const { bytes, sample } = mutated(seed);
	const before = performance.now();
	try {
		const packet = readAndRebuild(bytes, sample.first);
		if (packet.error !== undefined) faults++;
		if (seed % thorough === 0) {
			if (hexOf(build(...fromJson(toJson(packet.toValues())))) !== hexOf(bytes)) {
				throw new Error("JSON has lost something");
			}
			hexdump(packet);
			answers(packet, packet);
		}
	} catch (error) {
		fail(`seed ${seed}, of ${sample.name}: ${hexOf(bytes)}\n${error instanceof Error ? error.stack : error}`);
	}
	const now = performance.now();
	if (now - before > longestMs) {
		const cpu = process.cpuUsage();
		readAndRebuild(bytes, sample.first);
		const { user } = process.cpuUsage(cpu);
		if (user > longestMs * 1000)
			fail(`seed ${seed} took ${user / 1000} ms, of ${sample.name}: ${hexOf(bytes)}`);
	}
	if (now - reported > reportMs) {
		reported = now;
		console.log(
			`${done + 1} packets, ${Math.round((done + 1) / ((now - begun) / 1000))} a second; next seed ${seed + 1}`,
		);
	}
}
console.log(`${count} packets, ${faults} of them broken, all given back`);

/**
 * @param {string} name
 * @param {string} text
 * @param {number} most
 */
function number(name, text, most) {
	const value = Number(text);
	if (!Number.isInteger(value) || value < 0 || value > most)
		fail(`--${name} takes a number from 0 to ${most}, not ${text}`);
	return value;
}

/** @param {string} message
 * @returns {never} */
function fail(message) {
	console.error(message);
	process.exit(1);
}
