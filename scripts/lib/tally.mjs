// @ts-check
/**
 * Counts what the test runner reports, file by file, and judges the result.
 */
import { relative } from "node:path";
import { root } from "./testfiles.mjs";

/**
 * @typedef {{ file: string, name: string, reason: string }} Skip
 * @typedef {{ test: string, reason: string }} AllowedSkip `test` is a regular expression on "file: name"
 */

export class Tally {
	passed = 0;
	/** @type {string[]} "file: name" of each failure */
	failures = [];
	/** @type {Skip[]} */
	skips = [];
	/** @type {Set<string>} files that were reported as a test of their own, which the runner does for those without one */
	empty = new Set();
	/** @type {Map<string, Set<string>>} tests that began and have not ended, by file */
	running = new Map();

	get failed() {
		return this.failures.length;
	}

	/** How many tests ran. */
	get ran() {
		return this.passed + this.failed;
	}

	/** A test began.
	 * @param {{ name: string, file?: string | undefined }} event */
	begin({ name, file = "" }) {
		if (name === file) return;
		const names = this.running.get(file) ?? new Set();
		this.running.set(file, names.add(name));
	}

	/** A test, a suite or a whole file ended.
	 * @param {boolean} ok
	 * @param {{ name: string, file?: string | undefined, skip?: string | boolean | undefined,
	 *   todo?: string | boolean | undefined, details: { type?: string | undefined, error?: unknown } }} event */
	end(ok, { name, file = "", skip, todo, details }) {
		this.running.get(file)?.delete(name);
		const label = `${relative(root, file)}: ${name}`;
		const isFile = name === file;
		if (skip !== undefined && skip !== false) {
			this.skips.push({
				file,
				name,
				reason: typeof skip === "string" && skip !== "" ? skip : "no reason given",
			});
		} else if (todo !== undefined && todo !== false) {
			this.skips.push({ file, name, reason: "unfinished (todo)" });
		} else if (ok) {
			if (isFile) this.empty.add(file);
			else if (details.type !== "suite") this.passed++;
		} else {
			const error = /** @type {{ failureType?: string, message?: string } | undefined} */ (details.error);
			if (error?.failureType === "subtestsFailed") return;
			const hanging = [...(this.running.get(file) ?? [])];
			const suspects = isFile && hanging.length > 0 ? ` (still running: ${hanging.join("; ")})` : "";
			this.failures.push(isFile ? `${relative(root, file)}: ${error?.message}${suspects}` : label);
		}
	}

	/**
	 * What is wrong beside failed tests, one sentence each.
	 * @param {{ files: string[], floor?: number | undefined, allowedSkips?: AllowedSkip[] | undefined }} rules
	 *   floor: the least number of tests; left out when only some files ran. allowedSkips: given where every test
	 *   must run, the ones that cannot
	 * @returns {string[]}
	 */
	complaints({ files, floor, allowedSkips }) {
		const found = [];
		if (files.length === 0) found.push("no test file was found");
		for (const file of files) {
			if (this.empty.has(file)) found.push(`${relative(root, file)} holds no test`);
		}
		if (allowedSkips !== undefined) {
			for (const skip of this.skips) {
				const label = `${relative(root, skip.file)}: ${skip.name}`;
				if (allowedSkips.some(({ test }) => new RegExp(test).test(label))) continue;
				found.push(`skipped, but every test must run here: ${label} (${skip.reason})`);
			}
		}
		// A skipped suite hides how many tests it holds, so where skips are fine they excuse a shortfall.
		if (floor !== undefined && this.ran < floor && (allowedSkips !== undefined || this.skips.length === 0)) {
			found.push(`${this.ran} tests ran, fewer than the floor of ${floor} in scripts/test-floor.json`);
		}
		return found;
	}

	/** The last lines of a run: the skipped, the failed, and the counts. */
	summary() {
		const lines = [];
		if (this.skips.length > 0) lines.push("Skipped:");
		for (const { file, name, reason } of this.skips) {
			lines.push(`  ${relative(root, file)}: ${name}: ${reason}`);
		}
		if (this.failures.length > 0) lines.push("Failed:", ...this.failures.map((label) => `  ${label}`));
		lines.push(`${this.passed} passed, ${this.failed} failed, ${this.skips.length} skipped`);
		return lines.join("\n");
	}
}
