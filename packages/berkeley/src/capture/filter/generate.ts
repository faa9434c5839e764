/**
 * A program from a decision: its tests are written in an order in which all jumps go forward, and a number that is in
 * its register on all ways to a test is not loaded again.
 */
import { BPF_JA, BPF_JMP, BPF_K, BPF_MAXINSNS, BPF_RET, BPF_X } from "../../sys/linux/constants/bpf.js";
import type { Instruction } from "../bpf/instruction.js";
import { type Decision, instruction } from "./decision.js";
import { FilterError } from "./error.js";
import { graphOf, inOrder, type Junction, type Target } from "./graph.js";

/** The program that gives `accepted` for packets for which the decision is true, and 0 for others. */
export function generate(decision: Decision, accepted: number): Instruction[] {
	return new Writer(graphOf(decision), accepted).write();
}

/** What is in the registers. */
interface Registers {
	readonly number: string | undefined;
	readonly index: string | undefined;
}

const nothing: Registers = { number: undefined, index: undefined };
const farthest = 255;

class Writer {
	readonly #start: Target;
	readonly #accepted: number;
	#order: readonly Junction[] = [];
	/** Junctions whose way is too far for a conditional jump. */
	readonly #farYes = new Set<Junction>();
	readonly #farNo = new Set<Junction>();
	readonly #loads = new Map<Junction, readonly Instruction[]>();

	constructor(start: Target, accepted: number) {
		this.#start = start;
		this.#accepted = accepted;
	}

	write(): Instruction[] {
		if (typeof this.#start === "boolean")
			return [instruction(BPF_RET | BPF_K, this.#start ? this.#accepted : 0)];
		this.#order = inOrder(this.#start);
		this.#chooseLoads();
		for (;;) {
			const before = this.#farYes.size + this.#farNo.size;
			const program = this.#place();
			if (this.#farYes.size + this.#farNo.size > before) continue;
			if (program.length > BPF_MAXINSNS) {
				throw new FilterError(
					`the filter comes to ${program.length} instructions, and the kernel takes ${BPF_MAXINSNS}`,
					1,
				);
			}
			return program;
		}
	}

	#chooseLoads(): void {
		const arriving = new Map<Junction, Registers>();
		const arrive = (target: Target, registers: Registers): void => {
			if (typeof target === "boolean") return;
			const others = arriving.get(target);
			arriving.set(target, others === undefined ? registers : common(others, registers));
		};
		for (const junction of this.#order) {
			const { number, index } = arriving.get(junction) ?? nothing;
			const { loading, k } = junction.test;
			const indexKey = loading.index === undefined ? undefined : String(loading.index.k);
			const needsIndex = loading.index !== undefined && index !== indexKey;
			const isThere = number === junction.number && k !== undefined;
			this.#loads.set(
				junction,
				isThere
					? []
					: [...(needsIndex && loading.index !== undefined ? [loading.index] : []), ...loading.instructions],
			);
			const after = {
				number: junction.number,
				index: isThere ? index : loading.changesIndex ? undefined : (indexKey ?? index),
			};
			arrive(junction.yes, after);
			arrive(junction.no, after);
		}
	}

	/** The program, as far as it is known which ways are far; notes those that turn out to be. */
	#place(): Instruction[] {
		const starts = new Map<Target, number>();
		let length = 0;
		for (const junction of this.#order) {
			starts.set(junction, length);
			const jumps = 1 + Number(this.#farYes.has(junction)) + Number(this.#farNo.has(junction));
			length += (this.#loads.get(junction)?.length ?? 0) + jumps;
		}
		starts.set(true, length).set(false, length + 1);
		const program: Instruction[] = [];
		for (const junction of this.#order) {
			program.push(...(this.#loads.get(junction) ?? []));
			const { comparison, k } = junction.test;
			const code = BPF_JMP | comparison | (k === undefined ? BPF_X : BPF_K);
			const after = program.length + 1;
			const yes = (starts.get(junction.yes) as number) - after;
			const no = (starts.get(junction.no) as number) - after;
			const farYes = this.#farYes.has(junction);
			const farNo = this.#farNo.has(junction);
			if (!farYes && yes > farthest) this.#farYes.add(junction);
			if (!farNo && no > farthest) this.#farNo.add(junction);
			// What is far is reached by a jump right behind the condition.
			const jt = farYes ? 0 : Math.min(yes, farthest);
			const jf = farNo ? Number(farYes) : Math.min(no, farthest);
			program.push({ code, jt, jf, k: k ?? 0 });
			if (farYes) program.push(instruction(BPF_JMP | BPF_JA, yes - 1));
			if (farNo) program.push(instruction(BPF_JMP | BPF_JA, no - 1 - Number(farYes)));
		}
		program.push(instruction(BPF_RET | BPF_K, this.#accepted), instruction(BPF_RET | BPF_K, 0));
		return program;
	}
}

function common(one: Registers, other: Registers): Registers {
	return {
		number: one.number === other.number ? one.number : undefined,
		index: one.index === other.index ? one.index : undefined,
	};
}
