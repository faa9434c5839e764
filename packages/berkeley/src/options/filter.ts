/**
 * Classic BPF programs as options take and give them (linux/filter.h, Documentation/networking/filter.rst).
 */
import { NativeMemory } from "../sys/memory.js";
import type { Decoder, Encoder } from "./option.js";
import { checkInteger, checkObject, misuse } from "./validate.js";

/** One instruction of a classic BPF program: struct sock_filter. */
export interface FilterInstruction {
	/** The operation: 0 to 0xffff. */
	code: number;
	/** How many instructions to skip when the test is true: 0 to 255. */
	jt: number;
	/** How many instructions to skip when the test is false: 0 to 255. */
	jf: number;
	/** The operand: 0 to 0xffffffff. Negative offsets (SKF_AD_OFF …) are taken too. */
	k: number;
}

/** The most instructions that the kernel takes: BPF_MAXINSNS. */
const maximumLength = 4096;
const instructionSize = 8;
// struct sock_fprog: unsigned short len; struct sock_filter *filter;
const programSize = 16;

/** A program as struct sock_fprog, which points to its instructions. Both lie in one native block. */
export const program: Encoder<readonly FilterInstruction[]> = {
	encode(instructions, owner) {
		if (!Array.isArray(instructions))
			throw new TypeError(misuse(owner, "an array of { code, jt, jf, k }", instructions));
		if (instructions.length === 0 || instructions.length > maximumLength)
			throw new RangeError(`${owner} takes 1 to ${maximumLength} instructions, not ${instructions.length}`);
		const memory = new NativeMemory(programSize + instructions.length * instructionSize);
		memory.view.setUint16(0, instructions.length, true);
		memory.view.setBigUint64(8, BigInt(memory.address + programSize), true);
		for (const [index, instruction] of instructions.entries()) {
			checkObject(owner, instruction, "as instruction { code, jt, jf, k }");
			const offset = programSize + index * instructionSize;
			const { code, jt, jf, k } = instruction;
			memory.view.setUint16(offset, checkInteger(owner, code, 0, 0xffff, "code"), true);
			memory.view.setUint8(offset + 2, checkInteger(owner, jt, 0, 0xff, "jt"));
			memory.view.setUint8(offset + 3, checkInteger(owner, jf, 0, 0xff, "jf"));
			memory.view.setUint32(offset + 4, checkInteger(owner, k, -0x8000_0000, 0xffff_ffff, "k"), true);
		}
		// The part keeps the whole block: the memory is freed after its ArrayBuffer is.
		return memory.bytes.subarray(0, programSize);
	},
};

/** The instructions of an attached program, 8 bytes each. */
export const instructions: Decoder<FilterInstruction[]> = {
	size: maximumLength * instructionSize,
	decode(bytes) {
		const result: FilterInstruction[] = [];
		for (let offset = 0; offset + instructionSize <= bytes.length; offset += instructionSize) {
			result.push({
				code: bytes.readUInt16LE(offset),
				jt: bytes.readUInt8(offset + 2),
				jf: bytes.readUInt8(offset + 3),
				k: bytes.readUInt32LE(offset + 4),
			});
		}
		return result;
	},
};
