/**
 * Plans for both directions of streams.
 */
import { kindOf } from "../address/bytes.js";
import { Cutter } from "./cutter.js";
import { checkNames } from "./impairments.js";
import { checkSeed, Replay } from "./injector.js";
import type { StreamImpairments } from "./streamimpairments.js";
import { checkSink, type PacketSink } from "./trace.js";

/** Impairments for each direction of a stream; none where one is left out. */
export type StreamPlan<Direction extends string> = Partial<Readonly<Record<Direction, StreamImpairments>>>;

/** What impaired streams have beside a plan. There is no log: the seed and the bytes decide on everything. */
export interface StreamOptions {
	/** 0 to 4294967295: the same seed gives the same faults. Random when left out; `seed` of the object tells it. */
	readonly seed?: number | undefined;
	/**
	 * Records what is delivered as TCP segments with headers that are made up, but whose numbers are right, and with
	 * what happened as comments: a writer of pcapng files. It stays open.
	 */
	readonly trace?: PacketSink | undefined;
}

/** Requires a plan of these directions, and options. @returns the seed */
export function checkPlan<Direction extends string>(
	plan: StreamPlan<Direction>,
	directions: readonly Direction[],
	options: StreamOptions,
	others: readonly string[] = [],
): number {
	if (typeof plan !== "object" || plan === null) {
		throw new TypeError(`the plan must be { ${directions.join(", ")} }, not ${kindOf(plan)}`);
	}
	if (plan instanceof Replay) {
		throw new TypeError("a stream is replayed by its seed: a log is for packets");
	}
	checkNames(plan, directions, "a plan");
	if (typeof options !== "object" || options === null) {
		throw new TypeError(`the options must be { seed, trace }, not ${kindOf(options)}`);
	}
	if ("log" in options) throw new TypeError("a stream has no log: its seed tells everything");
	checkNames(options, ["seed", "trace", ...others], "the options");
	checkSink(options.trace);
	const seed = checkSeed(options.seed);
	for (const direction of directions) new Cutter(plan[direction] ?? {}, seed, direction);
	return seed;
}
