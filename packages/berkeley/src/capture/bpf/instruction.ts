/**
 * Instructions of classic BPF: McCanne and Jacobson, "The BSD Packet Filter" (1993); linux/filter.h, bpf(4).
 */

import type { FilterInstruction } from "../../options/filter.js";
import {
	BPF_A,
	BPF_ABS,
	BPF_ADD,
	BPF_ALU,
	BPF_AND,
	BPF_B,
	BPF_DIV,
	BPF_H,
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
	BPF_MEM,
	BPF_MOD,
	BPF_MUL,
	BPF_NEG,
	BPF_OR,
	BPF_RET,
	BPF_RSH,
	BPF_ST,
	BPF_STX,
	BPF_SUB,
	BPF_TXA,
	BPF_W,
	BPF_X,
	BPF_XOR,
} from "../../sys/linux/constants/bpf.js";

/** One instruction: struct sock_filter, as `so.attachFilter` takes it. */
export type Instruction = Readonly<FilterInstruction>;

/** The class of an instruction. */
export function classOf(code: number): number {
	return code & 0x07;
}

/** How wide a load is, in bytes; 0 for no width. */
export function widthOf(code: number): number {
	const size = code & 0x18;
	if (size === BPF_W) return 4;
	if (size === BPF_H) return 2;
	return size === BPF_B ? 1 : 0;
}

const operationNames = new Map([
	[BPF_ADD, "add"],
	[BPF_SUB, "sub"],
	[BPF_MUL, "mul"],
	[BPF_DIV, "div"],
	[BPF_OR, "or"],
	[BPF_AND, "and"],
	[BPF_LSH, "lsh"],
	[BPF_RSH, "rsh"],
	[BPF_NEG, "neg"],
	[BPF_MOD, "mod"],
	[BPF_XOR, "xor"],
]);
const jumpNames = new Map([
	[BPF_JEQ, "jeq"],
	[BPF_JGT, "jgt"],
	[BPF_JGE, "jge"],
	[BPF_JSET, "jset"],
]);

/** A program as text, as `tcpdump -d` writes it: one line for each instruction. */
export function disassemble(program: readonly Instruction[]): string {
	return program
		.map((instruction, index) => {
			const { code, jt, jf } = instruction;
			const [operation, operand] = describe(instruction, index);
			const line = `(${String(index).padStart(3, "0")}) ${operation.padEnd(8)} ${operand}`;
			const conditional = classOf(code) === BPF_JMP && (code & 0xf0) !== BPF_JA;
			return conditional ? `${line.padEnd(32)} jt ${index + 1 + jt}\tjf ${index + 1 + jf}` : line.trimEnd();
		})
		.join("\n");
}

function describe({ code, k }: Instruction, index: number): [operation: string, operand: string] {
	const number = `#0x${k.toString(16)}`;
	const other = (code & 0x08) === BPF_X ? "x" : number;
	switch (classOf(code)) {
		case BPF_LD:
		case BPF_LDX: {
			const suffix = { 4: "", 2: "h", 1: "b" }[widthOf(code)] ?? "?";
			const name = `ld${classOf(code) === BPF_LDX ? "x" : ""}${suffix}`;
			const mode = code & 0xe0;
			if (mode === BPF_IMM) return [name, number];
			if (mode === BPF_ABS) return [name, `[${k}]`];
			if (mode === BPF_IND) return [name, `[x + ${k}]`];
			if (mode === BPF_MEM) return [name, `M[${k}]`];
			if (mode === BPF_LEN) return [name, "#pktlen"];
			return [name, `4*([${k}]&0xf)`];
		}
		case BPF_ST:
			return ["st", `M[${k}]`];
		case BPF_STX:
			return ["stx", `M[${k}]`];
		case BPF_ALU: {
			const operation = code & 0xf0;
			return [operationNames.get(operation) ?? "?", operation === BPF_NEG ? "" : other];
		}
		case BPF_JMP: {
			const operation = code & 0xf0;
			return operation === BPF_JA ? ["ja", String(index + 1 + k)] : [jumpNames.get(operation) ?? "?", other];
		}
		case BPF_RET:
			return ["ret", (code & 0x18) === BPF_A ? "" : `#${k}`];
		default:
			return [(code & 0xf8) === BPF_TXA ? "txa" : "tax", ""];
	}
}
