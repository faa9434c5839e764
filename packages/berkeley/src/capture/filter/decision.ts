/**
 * What a filter decides by: tests of numbers that are loaded from the packet.
 */
import {
	BPF_ABS,
	BPF_ALU,
	BPF_AND,
	BPF_B,
	BPF_H,
	BPF_IND,
	BPF_JEQ,
	BPF_JGE,
	BPF_JGT,
	BPF_JSET,
	BPF_K,
	BPF_LD,
	BPF_LDX,
	BPF_MSH,
	BPF_W,
} from "../../sys/linux/constants/bpf.js";
import type { Instruction } from "../bpf/instruction.js";

/** How a test compares. */
export type Comparison = typeof BPF_JEQ | typeof BPF_JGT | typeof BPF_JGE | typeof BPF_JSET;

/** Instructions that leave a number in the accumulator. */
export interface Loading {
	/** Loads the index register first, where the others need it. */
	readonly index: Instruction | undefined;
	readonly instructions: readonly Instruction[];
	/** Whether they use the index register for themselves. */
	readonly changesIndex: boolean;
}

/** One test. */
export interface Test {
	readonly kind: "test";
	readonly loading: Loading;
	readonly comparison: Comparison;
	/** What to compare with; undefined for the index register. */
	readonly k: number | undefined;
}

/** Tests put together. */
export type Decision =
	| Test
	| { readonly kind: "constant"; readonly value: boolean }
	| { readonly kind: "and" | "or"; readonly left: Decision; readonly right: Decision }
	| { readonly kind: "not"; readonly decision: Decision };

/** True, or false. */
export const always: Decision = { kind: "constant", value: true };
/** What no packet fulfils. */
export const never: Decision = { kind: "constant", value: false };

/** All of them; in order, from the left. */
export function all(...decisions: readonly Decision[]): Decision {
	return decisions.reduce((left, right) => ({ kind: "and", left, right }));
}

/** Any of them; in order, from the left. */
export function any(...decisions: readonly Decision[]): Decision {
	return decisions.reduce((left, right) => ({ kind: "or", left, right }));
}

/** The opposite. */
export function not(decision: Decision): Decision {
	return { kind: "not", decision };
}

/** An instruction without jumps. */
export function instruction(code: number, k = 0): Instruction {
	return { code, jt: 0, jf: 0, k: k >>> 0 };
}

const widths = { 1: BPF_B, 2: BPF_H, 4: BPF_W } as const;

/** The code of a width in bytes. */
export function widthCode(size: 1 | 2 | 4): number {
	return widths[size];
}

/** A number at an offset of the packet, with a mask. */
export function loadAt(offset: number, size: 1 | 2 | 4, mask = 0xffffffff): Loading {
	return {
		index: undefined,
		instructions: [instruction(BPF_LD | BPF_ABS | widthCode(size), offset), ...masking(size, mask)],
		changesIndex: false,
	};
}

/** A number at an offset behind the IPv4 header that begins at `header`. */
export function loadBehind(header: number, offset: number, size: 1 | 2 | 4): Loading {
	return {
		index: instruction(BPF_LDX | BPF_MSH | BPF_B, header),
		instructions: [instruction(BPF_LD | BPF_IND | widthCode(size), header + offset)],
		changesIndex: false,
	};
}

function masking(size: 1 | 2 | 4, mask: number): Instruction[] {
	const all = 2 ** (size * 8) - 1;
	return (mask & all) >>> 0 === all ? [] : [instruction(BPF_ALU | BPF_AND | BPF_K, mask)];
}

/** Whether a number is this one. */
export function equals(loading: Loading, k: number): Decision {
	return { kind: "test", loading, comparison: BPF_JEQ, k: k >>> 0 };
}

/** Whether a number is at least so much. */
export function atLeast(loading: Loading, k: number): Decision {
	return { kind: "test", loading, comparison: BPF_JGE, k };
}

/** Whether a number is more. */
export function moreThan(loading: Loading, k: number): Decision {
	return { kind: "test", loading, comparison: BPF_JGT, k };
}

/** Whether a number has one of these bits. */
export function hasBits(loading: Loading, k: number): Decision {
	return { kind: "test", loading, comparison: BPF_JSET, k };
}

/** Whether the bytes at an offset are these, under a mask: whole words where there are four. */
export function bytesAre(offset: number, bytes: Uint8Array, mask?: Uint8Array): Decision {
	const decisions: Decision[] = [];
	for (let at = 0; at < bytes.length; ) {
		const size = bytes.length - at >= 4 ? 4 : bytes.length - at >= 2 ? 2 : 1;
		const part = numberOf(bytes, at, size);
		const partMask = mask === undefined ? 0xffffffff : numberOf(mask, at, size);
		if (partMask !== 0) decisions.push(equals(loadAt(offset + at, size, partMask), part));
		at += size;
	}
	return decisions.length === 0 ? always : all(...decisions);
}

function numberOf(bytes: Uint8Array, at: number, size: number): number {
	let value = 0;
	for (let index = 0; index < size; index++) value = value * 256 + (bytes[at + index] as number);
	return value;
}
