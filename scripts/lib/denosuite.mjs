// @ts-check
/**
 * Runs test files on Deno, whose own runner takes the place of node:test there and knows nothing of its run().
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { root } from "./testfiles.mjs";

/** How long one file may take before it is killed. */
const fileTimeoutMs = 300_000;

/** @typedef {{ file: string, passed: number, failures: string[], skips: string[], output: string }} FileResult */

/** @param {string} text */
function unescapeXml(text) {
	/** @type {Record<string, string>} */
	const names = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&" };
	return text
		.replace(/&#x([\da-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
		.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
		.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => names[entity] ?? entity);
}

/**
 * The tests of a JUnit report: name, and whether it passed. A suite is told from its tests by their names,
 * which begin with its own, and counts only when it was skipped or failed by itself.
 * @param {string} xml
 */
export function readJunit(xml) {
	const cases = [...xml.matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(
		([, name = "", body = ""]) => ({
			name: unescapeXml(name),
			outcome: body.includes("<skipped") ? "skipped" : /<(failure|error)/.test(body) ? "failed" : "passed",
			ofSteps: /test steps? failed/.test(body),
		}),
	);
	return cases.filter(({ name, outcome, ofSteps }) => {
		const isSuite = cases.some((other) => other.name.startsWith(`${name} > `));
		return !isSuite || outcome === "skipped" || (outcome === "failed" && !ofSteps);
	});
}

/** Runs one file.
 * @param {string} deno
 * @param {string} file
 * @returns {Promise<FileResult>} */
function runFile(deno, file) {
	const folder = mkdtempSync(join(tmpdir(), "berkeley-deno-"));
	const report = join(folder, "junit.xml");
	const args = [
		"test",
		"-A",
		"--no-check",
		"--no-lock",
		"--node-modules-dir=manual",
		`--junit-path=${report}`,
		file,
	];
	return new Promise((resolve) => {
		const child = spawn(deno, args, {
			cwd: root,
			env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
			stdio: ["ignore", "pipe", "pipe"],
			// A group of its own, so that what the tests started ends with it.
			detached: true,
		});
		let output = "";
		for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
		let tooLong = false;
		const timer = setTimeout(() => {
			tooLong = true;
			if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
		}, fileTimeoutMs);
		child.on("close", (code, signal) => {
			clearTimeout(timer);
			/** @type {ReturnType<typeof readJunit>} */
			let cases = [];
			try {
				cases = readJunit(readFileSync(report, "utf8"));
			} catch {
				// The runner ended before it wrote its report.
			}
			rmSync(folder, { recursive: true });
			const named = (/** @type {string} */ outcome) =>
				cases.filter((each) => each.outcome === outcome).map((each) => each.name);
			const failures = named("failed");
			if (code !== 0 && failures.length === 0) {
				const reason = tooLong ? `took more than ${fileTimeoutMs} ms` : `ended with ${signal ?? code}`;
				failures.push(`the file ${reason}; last: ${output.trimEnd().split("\n").at(-1)}`);
			}
			if (code === 0 && cases.length === 0) failures.push("the file holds no test");
			resolve({ file, passed: named("passed").length, failures, skips: named("skipped"), output });
		});
	});
}

/**
 * Runs the files and prints what failed or was skipped.
 * @param {string} deno the binary
 * @param {string[]} files
 * @param {number} concurrency
 */
export async function runOnDeno(deno, files, concurrency) {
	const queue = [...files];
	/** @type {FileResult[]} */
	const results = [];
	const worker = async () => {
		for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
			const result = await runFile(deno, file);
			results.push(result);
			const counts = `${result.passed} passed, ${result.failures.length} failed, ${result.skips.length} skipped`;
			console.log(`${result.failures.length > 0 ? "✖" : "✔"} ${relative(root, file)}: ${counts}`);
			if (result.failures.length > 0) console.log(result.output);
		}
	};
	await Promise.all(Array.from({ length: concurrency }, worker));
	for (const { file, skips } of results)
		for (const name of skips) console.log(`skipped: ${basename(file)}: ${name}`);
	for (const { file, failures } of results) {
		for (const name of failures) console.log(`failed: ${basename(file)}: ${name}`);
	}
	return {
		passed: results.reduce((sum, { passed }) => sum + passed, 0),
		failed: results.reduce((sum, { failures }) => sum + failures.length, 0),
		skipped: results.reduce((sum, { skips }) => sum + skips.length, 0),
	};
}
