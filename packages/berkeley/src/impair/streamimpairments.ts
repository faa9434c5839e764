/**
 * What may be wrong with one direction of a stream, by its bytes: a stream loses and reorders nothing.
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import { type Chance, type Decide, decider } from "./chance.js";
import {
	type CheckedImpairments,
	type Corrupt,
	checkBytesPerSecond,
	checkCorrupt,
	checkDelay,
	checkNames,
	checkTime,
	type Delay,
} from "./impairments.js";

/** Where in a stream something happens: before pieces by chance, or when so many bytes have passed. */
export interface StreamPlace {
	/** Before which pieces, the first of which is number 1. */
	readonly chance?: Chance;
	/** After how many bytes. */
	readonly at?: number;
}

/** Where a stream stands still. */
export interface Stall extends StreamPlace {
	/** For how many milliseconds; 1000 when left out. */
	readonly time?: number;
}

/** The sizes of pieces. */
export interface Pieces {
	/** The smallest, 1 byte or more. */
	readonly least: number;
	/** The largest. */
	readonly most: number;
}

/**
 * What happens to the bytes that go one way. The stream is cut into pieces, at places that depend on the seed alone and
 * not on how the bytes come; each piece has its fate. No `where` may be in a chance, and no `overtake` in a delay.
 */
export interface StreamImpairments {
	/** How long bytes take: milliseconds, or more precisely. They stay in order. */
	readonly delay?: number | Delay;
	/** Bytes a second; no limit when left out. */
	readonly rate?: number;
	/**
	 * How many bytes may wait before the sender is held back: 262,144 when left out. With a delay this is the window,
	 * and limits how many bytes a second pass.
	 */
	readonly limit?: number;
	/**
	 * Sends pieces of this size, or of random sizes, one by one. When left out pieces have 1460 bytes, as the segments
	 * of an Ethernet, and those that are due are sent together.
	 */
	readonly pieces?: number | Pieces;
	/** Pieces of which bits are flipped, as the checksum of TCP does not let happen, but programs on the way do. */
	readonly corrupt?: Chance | Corrupt;
	/** Where it stands still for a while. */
	readonly stall?: Chance | Stall;
	/** Where the connection is reset, both ways: ECONNRESET. */
	readonly reset?: Chance | StreamPlace;
	/** Where this direction ends as if the sender had wanted it; what he sends more is lost. */
	readonly end?: Chance | StreamPlace;
}

interface CheckedPlace {
	readonly decide: Decide;
	readonly at: number;
}

/** Stream impairments that were looked at. */
export interface CheckedStreamImpairments {
	readonly delay: CheckedImpairments["delay"];
	readonly rate: number | undefined;
	readonly limit: number;
	readonly pieces: Pieces;
	/** Whether pieces are sent one by one. */
	readonly apart: boolean;
	readonly corrupt: CheckedImpairments["corrupt"];
	readonly stall: CheckedPlace & { readonly time: number };
	readonly reset: CheckedPlace;
	readonly end: CheckedPlace;
	/** Whether nothing happens at all. */
	readonly harmless: boolean;
}

const names = ["delay", "rate", "limit", "pieces", "corrupt", "stall", "reset", "end"];
const ofPackets = ["loss", "reorder", "duplicate", "truncate"];
const usualPiece = 1460;
const largestPiece = 65_536;
const defaultLimit = 262_144;
const defaultStall = 1000;

/** Requires stream impairments. */
export function checkStreamImpairments(given: StreamImpairments, seed: number): CheckedStreamImpairments {
	if (typeof given !== "object" || given === null) {
		throw new TypeError(`impairments must be { ${names.join(", ")} }, not ${kindOf(given)}`);
	}
	for (const name of ofPackets) {
		if (name in given) {
			throw new TypeError(
				`a stream knows no ${name}: it brings all bytes, in order, or breaks; it may have ${names.join(", ")}`,
			);
		}
	}
	checkNames(given, names, "impairments of a stream");
	for (const name of ["delay", "corrupt", "stall", "reset", "end"] as const) refuseWhere(given[name], name);
	if (typeof given.delay === "object" && given.delay?.overtake) {
		throw new TypeError("delay: overtake is not for streams, whose bytes stay in order");
	}
	const { pieces } = given;
	return {
		delay: checkDelay(given.delay, seed, "delay"),
		rate: checkBytesPerSecond(given.rate, "rate"),
		limit: checkInteger(given.limit ?? defaultLimit, 1, 2 ** 30, "limit"),
		pieces: checkPieces(pieces ?? usualPiece),
		apart: pieces !== undefined,
		corrupt: checkCorrupt(given.corrupt, seed),
		stall: { ...checkPlace<Stall>(given.stall, "stall", seed, ["time"]), time: stallTime(given.stall) },
		reset: checkPlace(given.reset, "reset", seed),
		end: checkPlace(given.end, "end", seed),
		harmless: Object.values(given).every((value) => value === undefined),
	};
}

function checkPieces(given: number | Pieces): Pieces {
	if (typeof given === "number") {
		const size = checkInteger(given, 1, largestPiece, "pieces");
		return { least: size, most: size };
	}
	if (typeof given !== "object" || given === null) {
		throw new TypeError(`pieces must be a size or { least, most }, not ${kindOf(given)}`);
	}
	checkNames(given, ["least", "most"], "pieces");
	const least = checkInteger(given.least, 1, largestPiece, "pieces: least");
	return { least, most: checkInteger(given.most, least, largestPiece, "pieces: most") };
}

function isPlace(given: Chance | StreamPlace | undefined): given is StreamPlace {
	return (
		typeof given === "object" && given !== null && ("at" in given || "chance" in given || "time" in given)
	);
}

function checkPlace<T extends StreamPlace>(
	given: Chance | T | undefined,
	what: string,
	seed: number,
	others: readonly string[] = [],
): CheckedPlace {
	if (!isPlace(given)) return { decide: decider(given as Chance, seed, what), at: Number.POSITIVE_INFINITY };
	checkNames(given, ["chance", "at", ...others], what);
	const { chance, at } = given;
	if (chance === undefined && at === undefined) {
		throw new TypeError(`${what} must say where: by \`chance\` or \`at\``);
	}
	return {
		decide: decider(chance, seed, what),
		at:
			at === undefined
				? Number.POSITIVE_INFINITY
				: checkInteger(at, 0, Number.MAX_SAFE_INTEGER, `${what}: at`),
	};
}

function stallTime(given: StreamImpairments["stall"]): number {
	return checkTime(isPlace(given) ? ((given as Stall).time ?? defaultStall) : defaultStall, "stall: time");
}

function refuseWhere(value: unknown, what: string): void {
	if (typeof value !== "object" || value === null) return;
	if ("where" in value) {
		throw new TypeError(`${what}: where is not for streams, whose bytes come in pieces of any size`);
	}
	if ("chance" in value) refuseWhere(value.chance, what);
}
