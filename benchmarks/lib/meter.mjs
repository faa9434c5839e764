// @ts-check
/** What processes cost over a time, for the benchmarks whose load is not a generator of ours with meter.h in it. */
import { compiled } from "./compile.mjs";
import { Program } from "./programs.mjs";

/**
 * @typedef {{ total: number, user: number, kernel: number, userInstructions?: number,
 *   kernelInstructions?: number }} Cpu microseconds of CPU time, and instructions where the machine counts them
 */

/** A running measurement. */
export class Meter {
	#program;

	/** @param {Program} program */
	constructor(program) {
		this.#program = program;
	}

	/** What they cost since it began, or since this was asked last.
	 * @returns {Promise<{ seconds: number, cpu: Cpu }>} */
	read() {
		this.#program.tell("");
		return this.#program.line();
	}

	/** Ends it. */
	stop() {
		return this.#program.stop();
	}
}

/** Begins to measure processes, with all threads that they have now and make later.
 * @param {readonly number[]} pids
 * @param {readonly number[] | undefined} cores where the meter itself runs: on the load's
 * @returns {Promise<Meter>} */
export async function startMeter(pids, cores) {
	const program = new Program([compiled("meter.c"), pids.join()], cores);
	program.tell("");
	await program.line();
	return new Meter(program);
}
