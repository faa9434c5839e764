// @ts-check
/** Prints a benchmark's results: a table for each case, and the goals. */
import { compared, peerOf } from "./goals.mjs";

/**
 * @typedef {import("./bench.mjs").Bench} Bench
 * @typedef {import("./rounds.mjs").Result} Result
 * @typedef {import("./goals.mjs").Verdict} Verdict
 */

/** A table as text: the first column to the left, the others to the right.
 * @param {string[][]} rows the first one is the head */
function table(rows) {
	const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
	const pad = (/** @type {string} */ text, /** @type {number} */ at) =>
		at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0);
	return rows.map((row) => `  ${row.map(pad).join("  ").trimEnd()}`).join("\n");
}

/** @param {number | undefined} value @param {number} digits */
function figure(value, digits) {
	if (value === undefined || Number.isNaN(value)) return "–";
	return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The heads of what stands beside a figure.
 * @param {boolean | undefined} ratio @param {string | undefined} over */
function heads(ratio, over) {
	if (over !== undefined) return ["±", `over ${over}`];
	return ratio ? ["±", "ours/its"] : [];
}

/**
 * The table of one case. Beside a metric that says so stands "ours/its": ours divided by that peer's, where ours
 * is that on the same Node, and for peers that are no Node that on the first.
 * @param {Bench} bench
 * @param {Result[]} results
 */
function caseTable({ columns }, results) {
	const measured = results.filter(({ medians }) => Object.keys(medians).length > 0);
	const shown = columns.filter(({ metric, beside = metric }) =>
		[metric, beside].every((each) => measured.some(({ medians }) => medians[each] !== undefined)),
	);
	const isOurs = (/** @type {Result} */ { peer }) => "ours" in peer && peer.ours;
	const ours = measured.find(isOurs);
	const head = ["", ...shown.flatMap(({ title, ratio, over }) => [title, ...heads(ratio, over)])];
	const rows = measured.map((result) => [
		result.peer.name,
		...shown.flatMap(({ metric, digits, ratio, over }) => {
			const value = figure(result.medians[metric], digits);
			const range = `${figure((result.spreads[metric] ?? 0) * 100, 0)} %`;
			if (over !== undefined) {
				const base = peerOf(measured, over, result);
				const more = base && compared(result, base, metric, (a, b) => a - b);
				return [value, range, base === result ? "" : figure(more, digits)];
			}
			if (!ratio) return [value];
			const mine = ours && !isOurs(result) ? peerOf(measured, ours.peer.id, result) : undefined;
			return [value, range, mine === undefined ? "" : figure(compared(mine, result, metric), 2)];
		}),
	]);
	const lines = measured.length > 0 ? [table([head, ...rows])] : [];
	for (const { peer, missing, error } of results) {
		if (missing !== undefined) lines.push(`  ${peer.name}: missing: ${missing}`);
		if (error !== undefined) lines.push(`  ${peer.name}: FAILED: ${shortened(error)}`);
	}
	return lines.join("\n");
}

/** Of what a program printed when it failed, the line that says most; all of it is in the JSON.
 * @param {string} error */
function shortened(error) {
	const lines = error.split("\n").filter((line) => line.trim() !== "");
	return [...new Set([lines[0], lines.find((line) => /^\w*Error\b/.test(line))])].join(" ").slice(0, 300);
}

/** @param {Verdict} verdict */
function verdictLine({ peer, goal, value, reached, reason, c }) {
	const mark = reached === undefined ? "not judged" : reached ? "reached" : "NOT REACHED";
	const shown = value === undefined ? "" : `: ${figure(value, 2)}`;
	const inC = c === undefined ? "" : `; C itself: ${figure(c, 2)}`;
	return `  ${mark.padEnd(12)}${peer}: ${goal}${shown}${inC}${reason === undefined ? "" : ` (${reason})`}`;
}

/** What "cost" is in this run. @param {Result[]} results */
function costNote(results) {
	const medians = results.map((result) => result.medians).find(({ cost }) => cost !== undefined);
	if (medians === undefined) return "";
	const { userInstructions, kernelInstructions } = medians;
	return userInstructions === undefined || kernelInstructions === undefined
		? "; cost: the server's CPU time, user and kernel, in µs (no counters of instructions here)"
		: "; cost: the server's instructions, user and kernel";
}

/**
 * @param {Bench} bench
 * @param {Result[]} results
 * @param {Verdict[]} verdicts
 * @param {string} note how it was pinned
 */
export function report(bench, results, verdicts, note) {
	const lines = [`\n${bench.name}: ${bench.title}`, `  ${note}${costNote(results)}`];
	for (const name of new Set(results.map((result) => result.case))) {
		lines.push("", `  — ${name}`);
		lines.push(
			caseTable(
				bench,
				results.filter((result) => result.case === name),
			),
		);
		const here = verdicts.filter((verdict) => verdict.case === name);
		if (here.length > 0) lines.push("", ...here.map(verdictLine));
	}
	return lines.join("\n");
}
