#!/usr/bin/env node
// @ts-check
/**
 * Runs the compiled tests: node scripts/test.mjs [--no-skips] [--concurrency=N] [part of a file name…]
 *
 * Beside failed tests it refuses a file without a test, fewer tests than the floor in scripts/test-floor.json,
 * and, with --no-skips or CI=true, a skipped test that scripts/allowed-skips.json does not name. With file
 * names the floor does not count. `node --test dist/` would report 0 tests as a success.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { parseArgs } from "node:util";
import { Tally } from "./lib/tally.mjs";
import { testFiles } from "./lib/testfiles.mjs";

/** How long one file may take before it is killed and its running tests named. */
const fileTimeoutMs = 300_000;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		"no-skips": { type: "boolean", default: process.env.CI === "true" },
		/** For a runtime on which fewer tests can run. */
		"allow-skips": { type: "boolean", default: false },
		"no-floor": { type: "boolean", default: false },
		/** Leaves out the tests of the scripts themselves. */
		"no-scripts": { type: "boolean", default: false },
		/** Writes the counts there as JSON. */
		json: { type: "string" },
		concurrency: { type: "string", default: String(availableParallelism()) },
	},
});

/** @param {string} name
 * @returns {any} */
const settings = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));

const concurrency = Number(values.concurrency);
if (!Number.isInteger(concurrency) || concurrency < 1) {
	throw new RangeError(`--concurrency is ${values.concurrency}; it must be a whole number from 1 on`);
}

const files = testFiles(positionals, { scripts: !values["no-scripts"] });
const tally = new Tally();

if (files.length > 0) {
	const stream = run({ files, concurrency, timeout: fileTimeoutMs });
	stream.on("test:dequeue", (event) => tally.begin(event));
	stream.on("test:pass", (event) => tally.end(true, event));
	stream.on("test:fail", (event) => tally.end(false, event));
	for await (const text of stream.compose(new spec())) process.stdout.write(text);
}

const complaints = tally.complaints({
	files,
	floor: positionals.length === 0 && !values["no-floor"] ? settings("test-floor.json").tests : undefined,
	allowedSkips: values["no-skips"] && !values["allow-skips"] ? settings("allowed-skips.json") : undefined,
});
if (values.json !== undefined) {
	const { passed, failed, skips } = tally;
	writeFileSync(values.json, JSON.stringify({ passed, failed, skipped: skips.length, complaints }));
}
for (const complaint of complaints) console.error(`error: ${complaint}`);
console.log(tally.summary());
process.exitCode = tally.failed > 0 || complaints.length > 0 ? 1 : 0;
