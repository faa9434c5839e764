/**
 * What may be wrong with one direction of a line of packets, in the words of tc-netem(8).
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import { type Chance, type Decide, decider } from "./chance.js";

/** How long packets take. */
export interface Delay {
	/** Milliseconds. */
	readonly time: number;
	/** How much it varies, in milliseconds; 0 when left out. */
	readonly jitter?: number;
	/**
	 * "uniform", when left out: from `time - jitter` to `time + jitter`. "normal": with `jitter` as the standard
	 * deviation, the sum of twelve uniform numbers, so that none is further off than six times that. Never below 0.
	 */
	readonly distribution?: "uniform" | "normal";
	/** Which packets are delayed; all when left out. */
	readonly chance?: Chance;
	/**
	 * Whether a packet overtakes those that are delayed longer, as in netem. When left out, or false, packets stay in
	 * order, and jitter delays those behind too.
	 */
	readonly overtake?: boolean;
}

/** Packets that come late: later ones go first. */
export interface Reorder {
	/** Which packets. */
	readonly chance: Chance;
	/** How many packets overtake it; 1 when left out. */
	readonly distance?: number;
	/** After so many milliseconds it goes anyway, if nothing has come to overtake it; 1000 when left out. */
	readonly patience?: number;
}

/** Packets that come more than once. */
export interface Duplicate {
	/** Which packets. */
	readonly chance: Chance;
	/** How many more of it there are; 1 when left out. */
	readonly copies?: number;
}

/** Packets in which bits are flipped. */
export interface Corrupt {
	/** Which packets. */
	readonly chance: Chance;
	/** How many bits, different ones; 1 when left out. */
	readonly bits?: number;
	/** The first byte that may be hit: 14 leaves the header of an Ethernet frame alone. 0 when left out. */
	readonly start?: number;
	/** The byte behind the last one that may be hit; the packet's end when left out. */
	readonly end?: number;
}

/** Packets that lose their end. */
export interface Truncate {
	/** Which packets. */
	readonly chance: Chance;
	/** How many bytes are left at most; a random number, less than there were, when left out. */
	readonly length?: number;
}

/**
 * What happens to the packets that go one way. An empty object is a line without faults. What is random for a packet
 * depends on the seed, the direction, the fault and the packet's number, and on nothing else: neither on time nor on
 * the other faults, so that of two runs with more or less delay the same packets are lost.
 *
 * In this order: a packet is lost, or cut, corrupted and duplicated, then it waits for the rate, and is delayed; what
 * is to be reordered is held back until others have gone.
 */
export interface Impairments {
	/** Packets that do not arrive: a probability, a list, bursts … */
	readonly loss?: Chance;
	/** How long they take: milliseconds, or more precisely. */
	readonly delay?: number | Delay;
	/** Packets that others overtake. */
	readonly reorder?: Chance | Reorder;
	/** Packets that arrive twice, or more often. The copies follow at once. */
	readonly duplicate?: Chance | Duplicate;
	/** Packets of which bits are flipped. */
	readonly corrupt?: Chance | Corrupt;
	/** Packets that are cut off. */
	readonly truncate?: Chance | Truncate;
	/** Bytes a second, of what is handed over: a packet begins when the one before is through. No limit when left out. */
	readonly rate?: number;
	/**
	 * How many packets may wait, for whatever reason; those beyond are lost, as netem has it. 1000 when left out. Which
	 * ones these are depends on time; a log that is replayed knows them.
	 */
	readonly limit?: number;
}

/** Impairments that were looked at, with what decides. */
export interface CheckedImpairments {
	readonly loss: Decide;
	readonly delay: (Required<Omit<Delay, "chance">> & { readonly decide: Decide }) | undefined;
	readonly reorder: { readonly decide: Decide; readonly distance: number; readonly patience: number };
	readonly duplicate: { readonly decide: Decide; readonly copies: number };
	readonly corrupt: {
		readonly decide: Decide;
		readonly bits: number;
		readonly start: number;
		readonly end: number;
	};
	readonly truncate: { readonly decide: Decide; readonly length: number | undefined };
	readonly rate: number | undefined;
	readonly limit: number;
}

const longestTime = 2 ** 31 - 1;
const names = ["loss", "delay", "reorder", "duplicate", "corrupt", "truncate", "rate", "limit"];
const defaultLimit = 1000;
const defaultPatience = 1000;

/** Milliseconds, 0 to 2^31 - 1. */
export function checkTime(value: unknown, what: string): number {
	if (typeof value !== "number") throw new TypeError(`${what} must be milliseconds, not ${kindOf(value)}`);
	if (value >= 0 && value <= longestTime) return value;
	throw new RangeError(`${what} must be from 0 to ${longestTime} milliseconds, not ${value}`);
}

/** Bytes a second. */
export function checkBytesPerSecond(value: unknown, what: string): number | undefined {
	if (value === undefined) return undefined;
	if (typeof value !== "number") throw new TypeError(`${what} must be bytes a second, not ${kindOf(value)}`);
	if (value > 0 && Number.isFinite(value)) return value;
	throw new RangeError(`${what} must be more than 0 bytes a second, not ${value}`);
}

/** Requires an object that has no other names than these: a misspelled fault would be none. */
export function checkNames(value: object, known: readonly string[], what: string): void {
	for (const name of Object.keys(value)) {
		if (!known.includes(name)) {
			throw new TypeError(`${what} has no ${JSON.stringify(name)}: it may have ${known.join(", ")}`);
		}
	}
}

/** A fault with more than its chance, or the chance alone. */
function detailed<T extends { readonly chance: Chance }>(
	given: Chance | T | undefined,
	known: readonly string[],
	what: string,
): Partial<T> & { readonly chance: Chance } {
	const isChance = typeof given !== "object" || given === null || !("chance" in given) || "where" in given;
	if (isChance) return { chance: (given ?? 0) as Chance } as Partial<T> & { readonly chance: Chance };
	checkNames(given, known, what);
	return given as Partial<T> & { readonly chance: Chance };
}

/** A delay, however it was given. */
export function checkDelay(
	given: number | Delay | undefined,
	seed: number,
	what: string,
): CheckedImpairments["delay"] {
	if (given === undefined) return undefined;
	if (given === null || (typeof given !== "number" && typeof given !== "object")) {
		throw new TypeError(`${what} must be milliseconds or { time, jitter … }, not ${kindOf(given)}`);
	}
	const detail: Delay = typeof given === "number" ? { time: given } : given;
	checkNames(detail, ["time", "jitter", "distribution", "chance", "overtake"], what);
	const { time, jitter, distribution, chance, overtake } = detail;
	if (distribution !== undefined && distribution !== "uniform" && distribution !== "normal") {
		throw new TypeError(`${what}: distribution must be "uniform" or "normal", not ${String(distribution)}`);
	}
	return {
		time: checkTime(time, `${what}: time`),
		jitter: checkTime(jitter ?? 0, `${what}: jitter`),
		distribution: distribution ?? "uniform",
		overtake: overtake ?? false,
		decide: decider(chance ?? 1, seed, `${what}: chance`),
	};
}

/** Corruption, however it was given. */
export function checkCorrupt(
	given: Chance | Corrupt | undefined,
	seed: number,
): CheckedImpairments["corrupt"] {
	const { chance, bits, start, end } = detailed<Corrupt>(
		given,
		["chance", "bits", "start", "end"],
		"corrupt",
	);
	const first = checkInteger(start ?? 0, 0, Number.MAX_SAFE_INTEGER, "corrupt: start");
	return {
		decide: decider(chance, seed, "corrupt"),
		bits: checkInteger(bits ?? 1, 1, 1000, "corrupt: bits"),
		start: first,
		end:
			end === undefined
				? Number.POSITIVE_INFINITY
				: checkInteger(end, first + 1, Number.MAX_SAFE_INTEGER, "corrupt: end"),
	};
}

/** Requires impairments. */
export function checkImpairments(given: Impairments, seed: number): CheckedImpairments {
	if (typeof given !== "object" || given === null) {
		throw new TypeError(`impairments must be { ${names.join(", ")} }, not ${kindOf(given)}`);
	}
	checkNames(given, names, "impairments");
	const reorder = detailed<Reorder>(given.reorder, ["chance", "distance", "patience"], "reorder");
	const duplicate = detailed<Duplicate>(given.duplicate, ["chance", "copies"], "duplicate");
	const truncate = detailed<Truncate>(given.truncate, ["chance", "length"], "truncate");
	return {
		loss: decider(given.loss, seed, "loss"),
		delay: checkDelay(given.delay, seed, "delay"),
		reorder: {
			decide: decider(reorder.chance, seed, "reorder"),
			distance: checkInteger(reorder.distance ?? 1, 1, 1_000_000, "reorder: distance"),
			patience: checkTime(reorder.patience ?? defaultPatience, "reorder: patience"),
		},
		duplicate: {
			decide: decider(duplicate.chance, seed, "duplicate"),
			copies: checkInteger(duplicate.copies ?? 1, 1, 1000, "duplicate: copies"),
		},
		corrupt: checkCorrupt(given.corrupt, seed),
		truncate: {
			decide: decider(truncate.chance, seed, "truncate"),
			length:
				truncate.length === undefined
					? undefined
					: checkInteger(truncate.length, 0, Number.MAX_SAFE_INTEGER, "truncate: length"),
		},
		rate: checkBytesPerSecond(given.rate, "rate"),
		limit: checkInteger(given.limit ?? defaultLimit, 1, 1_000_000, "limit"),
	};
}
