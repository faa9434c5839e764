#!/usr/bin/env node
// @ts-check
/**
 * Runs the built suite on every runtime that we support:
 *
 *   node scripts/matrix.mjs [--ci] [--renew] [--match=part of a file name]… [node20 node22 node24 node26 deno2]
 *
 * --ci takes the oldest and the newest. --renew installs the runtimes anew, for their newest releases. The
 * scripts' own tests are left out: they are the same on each. A test that cannot run on a runtime skips there.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runOnDeno } from "./lib/denosuite.mjs";
import { install, runtimes, versionOf } from "./lib/runtimes.mjs";
import { root, testFiles } from "./lib/testfiles.mjs";

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		ci: { type: "boolean", default: false },
		renew: { type: "boolean", default: false },
		match: { type: "string", multiple: true, default: [] },
	},
});

for (const name of positionals) {
	if (runtimes.some((runtime) => runtime.name === name || (runtime.isDeno && name === "deno"))) continue;
	throw new RangeError(
		`${name} is no runtime of the matrix: ${runtimes.map((each) => each.name).join(", ")}`,
	);
}
const chosen = runtimes.filter(({ name, isDeno, inCi }) =>
	positionals.length > 0
		? positionals.includes(name) || (isDeno && positionals.includes("deno"))
		: inCi || !values.ci,
);

/** Runs scripts/test.mjs on a Node and returns its counts.
 * @param {string} binary */
async function runOnNode(binary) {
	const folder = mkdtempSync(join(tmpdir(), "berkeley-matrix-"));
	const json = join(folder, "counts.json");
	const script = fileURLToPath(new URL("test.mjs", import.meta.url));
	const args = [script, "--allow-skips", "--no-floor", "--no-scripts", `--json=${json}`, ...values.match];
	const child = spawn(binary, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
	const code = await new Promise((resolve) => child.on("close", resolve));
	try {
		const { passed, failed, skipped, complaints } = JSON.parse(readFileSync(json, "utf8"));
		return { passed, failed: failed + complaints.length, skipped };
	} catch {
		console.error(`${binary} ended with ${code} and gave no result`);
		return { passed: 0, failed: 1, skipped: 0 };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const files = testFiles(values.match, { scripts: false });
if (files.length === 0) throw new Error("no compiled test file was found: run npm run build first");

const rows = [];
for (const runtime of chosen) {
	const binary = install(runtime, values.renew);
	const version = versionOf(binary);
	console.log(`\n=== ${runtime.name}: ${version}`);
	const counts = runtime.isDeno
		? await runOnDeno(binary, files, availableParallelism())
		: await runOnNode(binary);
	rows.push({ name: runtime.isDeno ? version : `node ${version}`, ...counts });
}

console.log(
	`\n${"runtime".padEnd(20)}${"passed".padStart(8)}${"failed".padStart(8)}${"skipped".padStart(9)}`,
);
for (const { name, passed, failed, skipped } of rows) {
	const numbers = `${String(passed).padStart(8)}${String(failed).padStart(8)}${String(skipped).padStart(9)}`;
	console.log(`${name.padEnd(20)}${numbers}`);
}
// Nothing passed means that nothing was tried.
process.exitCode = rows.some(({ passed, failed }) => failed > 0 || passed === 0) ? 1 : 0;
