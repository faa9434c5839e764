/**
 * A decision as a graph of tests without circles, in which equal parts are one, and of which nothing is asked whose
 * answer is known.
 */
import { BPF_JEQ } from "../../sys/linux/constants/bpf.js";
import { holds } from "../bpf/interpreter.js";
import type { Decision, Loading, Test } from "./decision.js";

/** A test with its two ways on. */
export interface Junction {
	readonly test: Test;
	/** Equal for tests of the same number. */
	readonly number: string;
	readonly id: number;
	yes: Target;
	no: Target;
}

/** Where a way leads: to another test, or to the end, with a result. */
export type Target = Junction | boolean;

/** The graph of a decision: its first test, or its result where it needs none. */
export function graphOf(decision: Decision): Target {
	const start = new Graph().of(decision, true, false);
	if (typeof start !== "boolean") shorten(start);
	return start;
}

class Graph {
	readonly #junctions = new Map<string, Junction>();

	of(decision: Decision, yes: Target, no: Target): Target {
		switch (decision.kind) {
			case "constant":
				return decision.value ? yes : no;
			case "and":
				return this.of(decision.left, this.of(decision.right, yes, no), no);
			case "or":
				return this.of(decision.left, yes, this.of(decision.right, yes, no));
			case "not":
				return this.of(decision.decision, no, yes);
			case "test":
				return this.#junction(decision, yes, no);
		}
	}

	#junction(test: Test, yes: Target, no: Target): Target {
		if (yes === no) return yes;
		const number = numberKey(test.loading);
		const key = `${number} ${test.comparison} ${test.k} ${idOf(yes)} ${idOf(no)}`;
		const known = this.#junctions.get(key);
		if (known !== undefined) return known;
		const junction = { test, number, id: this.#junctions.size, yes, no };
		this.#junctions.set(key, junction);
		return junction;
	}
}

function idOf(target: Target): string {
	return typeof target === "boolean" ? String(target) : String(target.id);
}

function numberKey({ index, instructions }: Loading): string {
	return [...(index === undefined ? [] : [index]), ...instructions]
		.map(({ code, k }) => `${code}:${k}`)
		.join(",");
}

/** The tests that can be reached, in an order in which all ways go forward. */
export function inOrder(start: Junction): Junction[] {
	const order: Junction[] = [];
	const seen = new Set<Junction>();
	// With a stack of its own: a filter may have thousands of tests.
	const stack: [junction: Junction, left: boolean][] = [[start, false]];
	while (stack.length > 0) {
		const [junction, left] = stack.pop() as [Junction, boolean];
		if (left) {
			order.push(junction);
			continue;
		}
		if (seen.has(junction)) continue;
		seen.add(junction);
		stack.push([junction, true]);
		for (const target of [junction.yes, junction.no]) {
			if (typeof target !== "boolean" && !seen.has(target)) stack.push([target, false]);
		}
	}
	return order.reverse();
}

/** What is known of a number: what it is, or how tests of it came out. */
interface Known {
	readonly equal: number | undefined;
	readonly results: ReadonlyMap<string, boolean>;
}

type Facts = ReadonlyMap<string, Known>;

const noFacts: Facts = new Map();
// What is known grows with each test; so where there are very many, less is kept.
const mostJunctions = 1500;

/** Leads each way past the tests whose result is known on all ways that come to it. */
function shorten(start: Junction): void {
	const order = inOrder(start);
	if (order.length > mostJunctions) return;
	const arriving = new Map<Junction, Facts>([[start, noFacts]]);
	for (const junction of order) {
		const facts = arriving.get(junction);
		// No way leads here any more.
		if (facts === undefined) continue;
		for (const result of [true, false]) {
			const after = learned(facts, junction, result);
			const target = follow(result ? junction.yes : junction.no, after);
			if (result) junction.yes = target;
			else junction.no = target;
			if (typeof target === "boolean") continue;
			const others = arriving.get(target);
			arriving.set(target, others === undefined ? after : common(others, after));
		}
	}
}

function learned(facts: Facts, { test, number }: Junction, result: boolean): Facts {
	if (test.k === undefined) return facts;
	const before = facts.get(number);
	const equal = result && test.comparison === BPF_JEQ ? test.k : before?.equal;
	const results = new Map(before?.results).set(`${test.comparison} ${test.k}`, result);
	return new Map(facts).set(number, { equal, results });
}

function follow(target: Target, facts: Facts): Target {
	let at = target;
	while (typeof at !== "boolean") {
		const known = facts.get(at.number);
		const { comparison, k } = at.test;
		if (known === undefined || k === undefined) return at;
		const result =
			known.equal === undefined ? known.results.get(`${comparison} ${k}`) : holds(comparison, known.equal, k);
		if (result === undefined) return at;
		at = result ? at.yes : at.no;
	}
	return at;
}

function common(one: Facts, other: Facts): Facts {
	const facts = new Map<string, Known>();
	for (const [number, { equal, results }] of one) {
		const too = other.get(number);
		if (too === undefined) continue;
		const both = new Map<string, boolean>();
		for (const [test, result] of results) if (too.results.get(test) === result) both.set(test, result);
		const same = equal === too.equal ? equal : undefined;
		if (both.size > 0 || same !== undefined) facts.set(number, { equal: same, results: both });
	}
	return facts;
}
