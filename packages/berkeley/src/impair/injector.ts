/**
 * The engine: verdicts by seed, or out of a log, without time and without sockets.
 */
import { checkInteger, checkText, kindOf } from "../address/bytes.js";
import type { CheckedImpairments, Impairments } from "./impairments.js";
import { checkImpairments, checkNames } from "./impairments.js";
import { Draws, hashWords } from "./random.js";
import type { Verdict } from "./verdict.js";

/** For whom an injector decides. */
export interface InjectorOptions {
	/** 0 to 4294967295: the same seed gives the same verdicts. Random when left out. */
	readonly seed?: number | undefined;
	/** Which way the packets go; those of other directions have other verdicts. "there" when left out. */
	readonly direction?: string | undefined;
	/** Which flow of several they belong to, from 1 on; 0, which stands for the only one, when left out. */
	readonly flow?: number | undefined;
}

/** The largest seed. */
const largestSeed = 0xffffffff;

/** A seed; a random one for undefined. */
export function checkSeed(seed: number | undefined): number {
	return seed === undefined
		? Math.floor(Math.random() * (largestSeed + 1))
		: checkInteger(seed, 0, largestSeed, "seed");
}

/** The seed of a direction. */
export function seedOf(seed: number, direction: string, flow: number): number {
	const letters = Array.from(direction, (letter) => letter.codePointAt(0) as number);
	return hashWords(seed, [...letters, flow]);
}

/** The verdicts of a log, to be given again. Made by replay(). */
export class Replay {
	readonly #verdicts = new Map<string, Map<number, Verdict>>();

	/** Made by replay(). */
	constructor(log: Iterable<Verdict>) {
		for (const verdict of log) {
			checkVerdict(verdict);
			const key = keyOf(verdict.direction, verdict.flow ?? 0);
			const line = this.#verdicts.get(key) ?? new Map<number, Verdict>();
			line.set(verdict.packet, verdict);
			this.#verdicts.set(key, line);
		}
	}

	/** What happened to a packet; undefined when nothing did. */
	verdict(direction: string, flow: number, packet: number): Verdict | undefined {
		return this.#verdicts.get(keyOf(direction, flow))?.get(packet);
	}
}

/**
 * What a log tells, in place of impairments: the packets have the same fates again, the bits, the delays and what was
 * lost for want of room included, whatever the seed. Packets that the log does not have are not harmed.
 * @param log verdicts, as they were collected, or as they come back from JSON
 * @throws TypeError, RangeError for what is no verdict
 */
export function replay(log: Iterable<Verdict>): Replay {
	if (typeof log !== "object" || log === null || !(Symbol.iterator in log)) {
		throw new TypeError(`replay takes an array of verdicts, not ${kindOf(log)}`);
	}
	return new Replay(log);
}

function keyOf(direction: string, flow: number): string {
	return `${flow} ${direction}`;
}

const verdictNames = [
	"direction",
	"flow",
	"packet",
	"length",
	"lost",
	"cut",
	"flipped",
	"copies",
	"distance",
	"patience",
	"delay",
	"overtaken",
];

function checkVerdict(verdict: Verdict): void {
	if (typeof verdict !== "object" || verdict === null) {
		throw new TypeError(`a verdict must be { direction, packet, length … }, not ${kindOf(verdict)}`);
	}
	checkNames(verdict, verdictNames, "a verdict");
	checkText(verdict.direction, "a verdict: direction");
	for (const name of ["flow", "packet", "length", "cut", "copies", "distance"] as const) {
		const value = verdict[name];
		const isNeeded = name === "packet" || name === "length";
		if (value !== undefined || isNeeded)
			checkInteger(value, 0, Number.MAX_SAFE_INTEGER, `a verdict: ${name}`);
	}
	for (const name of ["patience", "delay"] as const) {
		const value = verdict[name];
		if (value !== undefined && !(typeof value === "number" && value >= 0 && Number.isFinite(value))) {
			throw new RangeError(`a verdict: ${name} must be milliseconds, not ${String(value)}`);
		}
	}
	const { flipped, lost, overtaken } = verdict;
	if (overtaken !== undefined && overtaken !== true) {
		throw new TypeError(`a verdict: overtaken is true or left out, not ${String(overtaken)}`);
	}
	if (lost !== undefined && lost !== "loss" && lost !== "limit") {
		throw new TypeError(`a verdict: lost must be "loss" or "limit", not ${String(lost)}`);
	}
	if (flipped === undefined) return;
	if (!Array.isArray(flipped)) {
		throw new TypeError(`a verdict: flipped must be an array of bits, not ${kindOf(flipped)}`);
	}
	for (const bit of flipped) checkInteger(bit, 0, 2 ** 31 - 1, "a verdict: flipped");
}

/**
 * Decides what happens to the packets of one direction, one after another. It has no clock: the verdict on packet n is
 * the same however long it takes to come. The rate and the limit, which need time, are not its business.
 */
export class Injector {
	/** The seed, for a run like this one. */
	readonly seed: number;
	/** Which way the packets go. */
	readonly direction: string;
	/** Which flow they belong to; 0 for the only one. */
	readonly flow: number;
	readonly #replay: Replay | undefined;
	readonly #checked: CheckedImpairments;
	readonly #jitter: Draws;
	readonly #bits: Draws;
	readonly #lengths: Draws;
	#packet = 0;

	/** @throws TypeError, RangeError for impairments that are none */
	constructor(impairments: Impairments | Replay, options: InjectorOptions = {}) {
		this.seed = checkSeed(options.seed);
		this.direction = options.direction ?? "there";
		checkText(this.direction, "direction");
		this.flow = checkInteger(options.flow ?? 0, 0, 0xffffffff, "flow");
		const seed = seedOf(this.seed, this.direction, this.flow);
		this.#replay = impairments instanceof Replay ? impairments : undefined;
		this.#checked = checkImpairments(impairments instanceof Replay ? {} : impairments, seed);
		this.#jitter = new Draws(seed, "delay: jitter");
		this.#bits = new Draws(seed, "corrupt: bits");
		this.#lengths = new Draws(seed, "truncate: length");
	}

	/** How many packets were judged. */
	get packets(): number {
		return this.#packet;
	}

	/** Bytes a second; undefined without a limit. */
	get rate(): number | undefined {
		return this.#checked.rate;
	}

	/** How many packets may wait. Of a replay, whose log has what was lost that way: any number. */
	get limit(): number {
		return this.#replay === undefined ? this.#checked.limit : Number.POSITIVE_INFINITY;
	}

	/** The verdict on the next packet. */
	judge(bytes: Uint8Array): Verdict {
		const packet = ++this.#packet;
		const { direction, flow } = this;
		const { length } = bytes;
		const basis = flow === 0 ? { direction, packet, length } : { direction, flow, packet, length };
		if (this.#replay !== undefined) {
			return { ...this.#replay.verdict(direction, flow, packet), ...basis };
		}
		const { loss, delay, reorder, duplicate, corrupt, truncate } = this.#checked;
		// Each decides about each packet: those that count, or have states, must miss none.
		const lost = loss(packet, bytes);
		const isCut = truncate.decide(packet, bytes);
		const isCorrupt = corrupt.decide(packet, bytes);
		const isCopied = duplicate.decide(packet, bytes);
		const isHeld = reorder.decide(packet, bytes);
		const isDelayed = delay?.decide(packet, bytes) ?? false;
		if (lost) return { ...basis, lost: "loss" };
		const verdict: { -readonly [Name in keyof Verdict]: Verdict[Name] } = basis;
		if (isCut && length > 0) {
			const cut = truncate.length ?? this.#lengths.below(length, packet);
			if (cut < length) verdict.cut = cut;
		}
		if (isCorrupt) {
			const flipped = flipsOf(corrupt, this.#bits, packet, verdict.cut ?? length);
			if (flipped.length > 0) verdict.flipped = flipped;
		}
		if (isCopied) verdict.copies = duplicate.copies;
		if (isHeld) {
			verdict.distance = reorder.distance;
			verdict.patience = reorder.patience;
		}
		if (isDelayed && delay !== undefined) {
			const time = delayOf(delay, this.#jitter, packet);
			if (time > 0) verdict.delay = time;
			if (time > 0 && delay.overtake) verdict.overtaken = true;
		}
		return verdict;
	}
}

/** Different bits to be flipped in a packet of a length, in order. */
export function flipsOf(
	corrupt: CheckedImpairments["corrupt"],
	draws: Draws,
	packet: number,
	length: number,
): number[] {
	const { bits, start, end } = corrupt;
	const room = (Math.min(end, length) - start) * 8;
	const found = new Set<number>();
	const wanted = Math.min(bits, room);
	for (let draw = 0; found.size < wanted; draw++) found.add(start * 8 + draws.below(room, packet, draw));
	return [...found].sort((a, b) => a - b);
}

/** How long a packet takes, to the microsecond. */
export function delayOf(
	delay: NonNullable<CheckedImpairments["delay"]>,
	draws: Draws,
	packet: number,
): number {
	const { time, jitter, distribution } = delay;
	if (jitter === 0) return time;
	let off = 0;
	if (distribution === "uniform") off = 2 * draws.at(packet) - 1;
	else {
		// Of sums alone, which are the same on every machine; logarithms and cosines need not be.
		for (let draw = 0; draw < 12; draw++) off += draws.at(packet, draw);
		off -= 6;
	}
	return Math.max(0, Math.round((time + off * jitter) * 1000) / 1000);
}

/** Impairments for each direction; none where one is left out. Or what a log tells. */
export type Plan<Direction extends string> = Partial<Readonly<Record<Direction, Impairments>>> | Replay;

/** Requires a plan, of these directions alone, and gives the injector of each. */
export function injectors<Direction extends string>(
	plan: Plan<Direction>,
	directions: readonly Direction[],
	seed: number,
	flow = 0,
): Record<Direction, Injector> {
	if (typeof plan !== "object" || plan === null) {
		throw new TypeError(`the plan must be { ${directions.join(", ")} }, not ${kindOf(plan)}`);
	}
	if (!(plan instanceof Replay)) checkNames(plan, directions, "a plan");
	const made = directions.map((direction) => {
		const impairments = plan instanceof Replay ? plan : (plan[direction] ?? {});
		return [direction, new Injector(impairments, { seed, direction, flow })];
	});
	return Object.fromEntries(made) as Record<Direction, Injector>;
}
