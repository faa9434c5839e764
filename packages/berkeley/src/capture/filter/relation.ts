/**
 * Relations between numbers: `tcp[tcpflags] & tcp-syn != 0`, `len > 100`.
 */
import {
	BPF_ADD,
	BPF_ALU,
	BPF_AND,
	BPF_B,
	BPF_DIV,
	BPF_IMM,
	BPF_IND,
	BPF_JEQ,
	BPF_JGE,
	BPF_JGT,
	BPF_K,
	BPF_LD,
	BPF_LDX,
	BPF_LEN,
	BPF_LSH,
	BPF_MEM,
	BPF_MEMWORDS,
	BPF_MISC,
	BPF_MOD,
	BPF_MSH,
	BPF_MUL,
	BPF_NEG,
	BPF_OR,
	BPF_RSH,
	BPF_ST,
	BPF_SUB,
	BPF_TAX,
	BPF_W,
	BPF_X,
	BPF_XOR,
} from "../../sys/linux/constants/bpf.js";
import type { Instruction } from "../bpf/instruction.js";
import { compute, holds } from "../bpf/interpreter.js";
import {
	always,
	type Comparison,
	type Decision,
	instruction,
	type Loading,
	loadAt,
	loadBehind,
	never,
	not,
	widthCode,
} from "./decision.js";
import { FilterError } from "./error.js";
import { ethertypes, ipProtocols } from "./names.js";
import type { Operator, Primitive, Relation, Term } from "./syntax.js";

/** Where protocols are, and how to tell that they are there. */
export interface Headers {
	readonly network: number;
	/** How many bytes of the link's header are not there yet. */
	readonly missing: number;
	carries(ethertype: number): Decision;
	begins(protocol: number): Decision;
	carriedByIp6(protocol: number): Decision;
}

const operations: Readonly<Record<Operator, number>> = {
	"+": BPF_ADD,
	"-": BPF_SUB,
	"*": BPF_MUL,
	"/": BPF_DIV,
	"%": BPF_MOD,
	"&": BPF_AND,
	"|": BPF_OR,
	"^": BPF_XOR,
	"<<": BPF_LSH,
	">>": BPF_RSH,
};

/** How a relation is tested, and whether it is the opposite that is asked. */
const tests: Readonly<Record<Relation, readonly [comparison: Comparison, negated: boolean]>> = {
	"=": [BPF_JEQ, false],
	"!=": [BPF_JEQ, true],
	">": [BPF_JGT, false],
	">=": [BPF_JGE, false],
	"<": [BPF_JGE, true],
	"<=": [BPF_JGT, true],
};

const mirrored: Readonly<Record<Relation, Relation>> = {
	"=": "=",
	"!=": "!=",
	"<": ">",
	">": "<",
	"<=": ">=",
	">=": "<=",
};

type RelationPrimitive = Primitive & { kind: "relation" };

/** What must be so for the protocols of a relation to be in the packet. */
export function guardsOf({ left, right }: RelationPrimitive, headers: Headers): Decision[] {
	return [...guardsOfTerm(left, headers), ...guardsOfTerm(right, headers)];
}

function guardsOfTerm(term: Term, headers: Headers): Decision[] {
	switch (term.kind) {
		case "binary":
			return [...guardsOfTerm(term.left, headers), ...guardsOfTerm(term.right, headers)];
		case "negative":
			return guardsOfTerm(term.term, headers);
		case "load": {
			const own = guardOf(term.protocol, headers);
			return own === undefined
				? guardsOfTerm(term.index, headers)
				: [own, ...guardsOfTerm(term.index, headers)];
		}
		default:
			return [];
	}
}

function guardOf(protocol: string, headers: Headers): Decision | undefined {
	if (protocol === "ether") return undefined;
	const ethertype = ethertypes.get(protocol);
	if (ethertype !== undefined) return headers.carries(ethertype);
	const number = ipProtocols.get(protocol) as number;
	return protocol === "icmp6" ? headers.carriedByIp6(number) : headers.begins(number);
}

/** The test of a relation. */
export function relationOf({ left, operator, right }: RelationPrimitive, headers: Headers): Decision {
	const one = constantOf(left);
	const other = constantOf(right);
	const [comparison, negated] = tests[one === undefined ? operator : mirrored[operator]];
	if (one !== undefined && other !== undefined) {
		// Mirrored: the right one is compared with the left one.
		return holds(comparison, other, one) !== negated ? always : never;
	}
	let decision: Decision;
	if (one === undefined && other === undefined) {
		const instructions = [
			...compile(right, headers, 0),
			instruction(BPF_ST, 0),
			...compile(left, headers, 1),
			instruction(BPF_LDX | BPF_W | BPF_MEM, 0),
		];
		const loading = { index: undefined, instructions, changesIndex: true };
		decision = { kind: "test", loading, comparison, k: undefined };
	} else {
		const term = one === undefined ? left : right;
		decision = { kind: "test", loading: loadingOf(term, headers), comparison, k: one ?? other };
	}
	return negated ? not(decision) : decision;
}

function loadingOf(term: Term, headers: Headers): Loading {
	if (term.kind === "load") {
		const simple = simpleLoad(term, headers);
		if (simple !== undefined) return simple;
	}
	if (term.kind === "binary" && term.left.kind === "load") {
		// One that is only masked, say, can share its load with others.
		const simple = simpleLoad(term.left, headers);
		const k = constantOf(term.right);
		if (simple !== undefined && k !== undefined) {
			return { ...simple, instructions: [...simple.instructions, operationBy(term.operator, k)] };
		}
	}
	return { index: undefined, instructions: compile(term, headers, 0), changesIndex: true };
}

/** A load at an offset that is known. */
function simpleLoad(
	{ protocol, index, size }: Term & { kind: "load" },
	headers: Headers,
): Loading | undefined {
	const offset = constantOf(index);
	if (offset === undefined || offset > 0x7fffffff) return undefined;
	const base = baseOf(protocol, headers);
	return base === undefined ? loadBehind(headers.network, offset, size) : loadAt(base + offset, size);
}

/** Where a protocol's header begins; undefined when it is behind an IPv4 header. */
function baseOf(protocol: string, { network, missing }: Headers): number | undefined {
	if (protocol === "ether") {
		if (missing === 0) return 0;
		throw new FilterError(
			"the kernel's filter cannot look into a cooked header, which is made afterwards",
			1,
		);
	}
	if (ethertypes.has(protocol)) return network;
	return protocol === "icmp6" ? network + 40 : undefined;
}

/** A number that does not depend on the packet. */
function constantOf(term: Term): number | undefined {
	switch (term.kind) {
		case "constant":
			return term.value;
		case "negative": {
			const value = constantOf(term.term);
			return value === undefined ? undefined : -value >>> 0;
		}
		case "binary": {
			const right = constantOf(term.right);
			requireDivisor(term.operator, right);
			const left = constantOf(term.left);
			if (left === undefined || right === undefined) return undefined;
			return compute(operations[term.operator], left, right);
		}
		default:
			return undefined;
	}
}

function requireDivisor(operator: Operator, right: number | undefined): void {
	if (right === 0 && (operator === "/" || operator === "%")) throw new FilterError("a division by 0", 1);
}

function operationBy(operator: Operator, k: number): Instruction {
	requireDivisor(operator, k);
	return instruction(BPF_ALU | operations[operator] | BPF_K, k);
}

/** Instructions that leave a term in the accumulator. @param slot the first word of the scratch memory that is free */
function compile(term: Term, headers: Headers, slot: number): Instruction[] {
	const constant = constantOf(term);
	if (constant !== undefined) return [instruction(BPF_LD | BPF_IMM, constant)];
	switch (term.kind) {
		case "length":
			return [
				instruction(BPF_LD | BPF_W | BPF_LEN),
				...(headers.missing > 0 ? [instruction(BPF_ALU | BPF_ADD | BPF_K, headers.missing)] : []),
			];
		case "negative":
			return [...compile(term.term, headers, slot), instruction(BPF_ALU | BPF_NEG)];
		case "load":
			return compileLoad(term, headers, slot);
		case "binary": {
			const { operator, left, right } = term;
			const k = constantOf(right);
			if (k !== undefined) return [...compile(left, headers, slot), operationBy(operator, k)];
			if (slot === BPF_MEMWORDS) throw new FilterError("the arithmetic is too deep", 1);
			return [
				...compile(right, headers, slot),
				instruction(BPF_ST, slot),
				...compile(left, headers, slot + 1),
				instruction(BPF_LDX | BPF_W | BPF_MEM, slot),
				instruction(BPF_ALU | operations[operator] | BPF_X),
			];
		}
		default:
			return [];
	}
}

function compileLoad(term: Term & { kind: "load" }, headers: Headers, slot: number): Instruction[] {
	const simple = simpleLoad(term, headers);
	if (simple !== undefined) {
		return simple.index === undefined ? [...simple.instructions] : [simple.index, ...simple.instructions];
	}
	const { protocol, index, size } = term;
	const base = baseOf(protocol, headers);
	const behindIp = [
		instruction(BPF_LDX | BPF_MSH | BPF_B, headers.network),
		instruction(BPF_ALU | BPF_ADD | BPF_X),
	];
	return [
		...compile(index, headers, slot),
		...(base === undefined ? behindIp : []),
		instruction(BPF_MISC | BPF_TAX),
		instruction(BPF_LD | BPF_IND | widthCode(size), base ?? headers.network),
	];
}
