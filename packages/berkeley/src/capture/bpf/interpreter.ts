/**
 * Runs programs of classic BPF, for packets that come from a file. bpf(4); what the kernel does with them is in
 * its Documentation/networking/filter.rst.
 */
import {
	BPF_A,
	BPF_ABS,
	BPF_ADD,
	BPF_ALU,
	BPF_AND,
	BPF_DIV,
	BPF_IMM,
	BPF_IND,
	BPF_JA,
	BPF_JEQ,
	BPF_JGE,
	BPF_JGT,
	BPF_JMP,
	BPF_JSET,
	BPF_LD,
	BPF_LDX,
	BPF_LEN,
	BPF_LSH,
	BPF_MAXINSNS,
	BPF_MEM,
	BPF_MEMWORDS,
	BPF_MISC,
	BPF_MOD,
	BPF_MSH,
	BPF_MUL,
	BPF_NEG,
	BPF_OR,
	BPF_RET,
	BPF_RSH,
	BPF_ST,
	BPF_STX,
	BPF_SUB,
	BPF_TXA,
	BPF_X,
	BPF_XOR,
} from "../../sys/linux/constants/bpf.js";
import { classOf, type Instruction, widthOf } from "./instruction.js";

const operations: readonly number[] = [
	BPF_ADD,
	BPF_SUB,
	BPF_MUL,
	BPF_DIV,
	BPF_OR,
	BPF_AND,
	BPF_LSH,
	BPF_RSH,
	BPF_NEG,
	BPF_MOD,
	BPF_XOR,
];
const conditions: readonly number[] = [BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET];
const loads: readonly number[] = [BPF_ABS, BPF_IND];

/**
 * Requires a program that ends on every way, and touches no memory but its own: what the kernel requires too.
 * @throws RangeError that names the instruction
 */
export function checkProgram(program: readonly Instruction[]): void {
	const { length } = program;
	if (length < 1 || length > BPF_MAXINSNS) {
		throw new RangeError(`a BPF program has 1 to ${BPF_MAXINSNS} instructions, not ${length}`);
	}
	program.forEach((instruction, index) => {
		const problem = problemOf(instruction, length - index - 1);
		if (problem !== undefined) throw new RangeError(`instruction ${index} of the BPF program: ${problem}`);
	});
	if (classOf((program[length - 1] as Instruction).code) !== BPF_RET) {
		throw new RangeError("a BPF program ends with a return");
	}
}

/** @param left how many instructions follow */
function problemOf({ code, jt, jf, k }: Instruction, left: number): string | undefined {
	const mode = code & 0xe0;
	const operation = code & 0xf0;
	const unknown = `there is no code 0x${code.toString(16)}`;
	if (!Number.isInteger(k) || k < 0 || k > 0xffffffff) return `k is a number of 32 bits, not ${k}`;
	switch (classOf(code)) {
		case BPF_LD:
			if (loads.includes(mode)) return widthOf(code) === 0 ? unknown : undefined;
			if (mode === BPF_MEM) return memoryProblem(k);
			return mode === BPF_IMM || mode === BPF_LEN ? undefined : unknown;
		case BPF_LDX:
			if (mode === BPF_MEM) return memoryProblem(k);
			return mode === BPF_IMM || mode === BPF_LEN || mode === BPF_MSH ? undefined : unknown;
		case BPF_ST:
		case BPF_STX:
			return memoryProblem(k);
		case BPF_ALU:
			if (!operations.includes(operation)) return unknown;
			return (operation === BPF_DIV || operation === BPF_MOD) && (code & BPF_X) === 0 && k === 0
				? "it divides by 0"
				: undefined;
		case BPF_JMP:
			if (operation === BPF_JA) return k < left ? undefined : "it jumps out of the program";
			if (!conditions.includes(operation)) return unknown;
			return jt < left && jf < left ? undefined : "it jumps out of the program";
		case BPF_RET:
		case BPF_MISC:
			return undefined;
		default:
			return unknown;
	}
}

function memoryProblem(k: number): string | undefined {
	return k < BPF_MEMWORDS ? undefined : `the scratch memory has ${BPF_MEMWORDS} words, and not one ${k}`;
}

const memory = new Uint32Array(BPF_MEMWORDS);

/**
 * Runs a program on a packet.
 * @param program that checkProgram() has let pass
 * @param bytes what there is of the packet
 * @param length how long it was on the wire
 * @returns how many bytes of the packet are wanted; 0 when it is not, also when the program reads beyond `bytes`
 */
export function runProgram(
	program: readonly Instruction[],
	bytes: Uint8Array,
	length: number = bytes.length,
): number {
	let a = 0;
	let x = 0;
	memory.fill(0);
	for (let at = 0; ; at++) {
		const { code, jt, jf, k } = program[at] as Instruction;
		switch (classOf(code)) {
			case BPF_LD: {
				const mode = code & 0xe0;
				if (mode === BPF_IMM) a = k;
				else if (mode === BPF_MEM) a = memory[k] as number;
				else if (mode === BPF_LEN) a = length;
				else {
					const start = mode === BPF_IND ? x + k : k;
					const width = widthOf(code);
					if (start + width > bytes.length) return 0;
					a = 0;
					for (let index = 0; index < width; index++) a = a * 256 + (bytes[start + index] as number);
				}
				break;
			}
			case BPF_LDX: {
				const mode = code & 0xe0;
				if (mode === BPF_IMM) x = k;
				else if (mode === BPF_MEM) x = memory[k] as number;
				else if (mode === BPF_LEN) x = length;
				else {
					if (k >= bytes.length) return 0;
					x = ((bytes[k] as number) & 15) * 4;
				}
				break;
			}
			case BPF_ST:
				memory[k] = a;
				break;
			case BPF_STX:
				memory[k] = x;
				break;
			case BPF_ALU: {
				const other = code & BPF_X ? x : k;
				const operation = code & 0xf0;
				if (other === 0 && (operation === BPF_DIV || operation === BPF_MOD)) return 0;
				a = compute(operation, a, other);
				break;
			}
			case BPF_JMP: {
				const operation = code & 0xf0;
				if (operation === BPF_JA) at += k;
				else at += holds(operation, a, code & BPF_X ? x : k) ? jt : jf;
				break;
			}
			case BPF_RET:
				return (code & 0x18) === BPF_A ? a : k;
			default:
				if ((code & 0xf8) === BPF_TXA) a = x;
				else x = a;
		}
	}
}

/** Arithmetic of 32 bits without a sign. The divisor is not 0. */
export function compute(operation: number, a: number, b: number): number {
	switch (operation) {
		case BPF_ADD:
			return (a + b) >>> 0;
		case BPF_SUB:
			return (a - b) >>> 0;
		case BPF_MUL:
			return Math.imul(a, b) >>> 0;
		case BPF_DIV:
			return Math.floor(a / b);
		case BPF_MOD:
			return a % b;
		case BPF_OR:
			return (a | b) >>> 0;
		case BPF_AND:
			return (a & b) >>> 0;
		case BPF_XOR:
			return (a ^ b) >>> 0;
		case BPF_LSH:
			return b < 32 ? (a << b) >>> 0 : 0;
		case BPF_RSH:
			return b < 32 ? a >>> b : 0;
		default:
			return -a >>> 0;
	}
}

/** Whether a condition of two numbers holds. */
export function holds(operation: number, a: number, b: number): boolean {
	if (operation === BPF_JEQ) return a === b;
	if (operation === BPF_JGT) return a > b;
	if (operation === BPF_JGE) return a >= b;
	return (a & b) !== 0;
}
