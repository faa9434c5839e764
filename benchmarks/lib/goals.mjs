// @ts-check
/** Judges the goals of a benchmark by what was measured. */
import { median } from "./statistics.mjs";

/**
 * @typedef {import("./bench.mjs").Bench} Bench
 * @typedef {import("./bench.mjs").Goal} Goal
 * @typedef {import("./bench.mjs").Column} Column
 * @typedef {import("./rounds.mjs").Result} Result
 *
 * @typedef {object} Verdict
 * @property {string} case
 * @property {string} peer which of ours
 * @property {string} goal in words
 * @property {number} [value]
 * @property {boolean} [reached] left out where it could not be judged
 * @property {string} [reason] why it could not
 * @property {number} [c] what the same figure is for the peer in C: hardly anybody can do better
 */

/**
 * A figure of ours and another's, taken round by round, so that what slows the machine for a while slows both:
 * the median of the rounds' quotients or differences.
 * @param {Result} ours
 * @param {Result} theirs
 * @param {string} metric
 * @param {(ours: number, theirs: number) => number} [compare]
 */
export function compared(ours, theirs, metric, compare = (a, b) => a / b) {
	const values = ours.rounds.flatMap((sample, round) => {
		const [a, b] = [sample?.[metric], theirs.rounds[round]?.[metric]];
		return a === undefined || b === undefined ? [] : [compare(a, b)];
	});
	return values.length === 0 ? undefined : median(values);
}

/** The result of a peer; where it runs on several Nodes, that on the same as ours.
 * @param {Result[]} results of one case
 * @param {string} id
 * @param {Result} ours */
export function peerOf(results, id, ours) {
	const named = results.filter(({ peer }) => peer.id === id);
	return (
		named.find(({ peer }) => "node" in peer && "node" in ours.peer && peer.node === ours.peer.node) ??
		named[0]
	);
}

/** A goal in words. @param {Goal} goal @param {Column[]} columns @param {Result | undefined} theirs */
function inWords({ metric, against, over, atMost, atLeast, cores }, columns, theirs) {
	const title = columns.find((column) => column.metric === metric)?.title ?? metric;
	const limit = Math.round((atMost ?? atLeast ?? 0) * 1000) / 1000;
	const bound = `${atMost === undefined ? "≥" : "≤"} ${limit}`;
	const peer = theirs?.peer.name ?? against ?? over;
	const relation = against === undefined ? (over === undefined ? "" : ` over ${peer}`) : ` × ${peer}`;
	const condition = cores === undefined ? "" : ` (where there are ${cores} cores)`;
	return `${title} ${bound}${relation}${condition}`;
}

/** @param {Result["peer"]} peer */
function isJudged(peer) {
	return "ours" in peer && peer.ours && (peer.node ?? 0) === 0;
}

/**
 * The verdicts on every goal, for each of ours that it is about, on the Node that the goals are for.
 * @param {Bench} bench
 * @param {Result[]} results
 * @param {number} cores how many the machine has
 * @returns {Verdict[]}
 */
export function judge({ cases, goals, columns }, results, cores) {
	return cases.flatMap((case_) => {
		const here = results.filter((result) => result.case === case_.name);
		return goals
			.filter((goal) => goal.cases?.includes(case_.name) ?? true)
			.flatMap((goal) =>
				here
					.filter(({ peer }) => isJudged(peer) && (goal.of ?? peer.id) === peer.id)
					.map((ours) => verdict(goal, columns, ours, here, cores)),
			);
	});
}

/**
 * @param {Goal} goal
 * @param {Column[]} columns
 * @param {Result} ours
 * @param {Result[]} results of the same case
 * @param {number} cores
 * @returns {Verdict}
 */
function verdict(goal, columns, ours, results, cores) {
	const id = goal.against ?? goal.over;
	const theirs = id === undefined ? undefined : peerOf(results, id, ours);
	const about = { case: ours.case, peer: ours.peer.name, goal: inWords(goal, columns, theirs) };
	const absent = [ours, ...(id === undefined ? [] : [theirs])].find((each) => each?.missing !== undefined);
	if (absent !== undefined) return { ...about, reason: `${absent.peer.name} is missing` };
	const value =
		theirs === undefined
			? ours.medians[goal.metric]
			: compared(ours, theirs, goal.metric, goal.over === undefined ? undefined : (a, b) => a - b);
	if (value === undefined || (id !== undefined && theirs === undefined)) {
		return { ...about, reason: "it was not measured" };
	}
	if (goal.cores !== undefined && cores < goal.cores) {
		return { ...about, value, reason: `this machine has ${cores}` };
	}
	const reached = value <= (goal.atMost ?? Number.POSITIVE_INFINITY) && value >= (goal.atLeast ?? 0);
	const inC = goal.against === undefined || goal.against === "c" ? undefined : peerOf(results, "c", ours);
	const c = inC && theirs && compared(inC, theirs, goal.metric);
	return { ...about, value, reached, ...(c === undefined ? {} : { c }) };
}
