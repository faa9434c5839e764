/**
 * Which packets a fault hits.
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import { Draws } from "./random.js";

/**
 * Gilbert's and Elliott's model of losses in bursts, tc-netem(8) `loss gemodel`: before each packet the state may
 * change, then the state's probability decides.
 */
export interface Gilbert {
	/** The probability that a burst begins: p of netem. */
	readonly enter: number;
	/** The probability that it ends: r of netem. Bursts have 1 / leave packets on average. */
	readonly leave: number;
	/** The probability that a packet within a burst is hit, 1 when left out: 1-h of netem. */
	readonly inside?: number;
	/** The probability outside of bursts, 0 when left out: 1-k of netem. */
	readonly outside?: number;
}

/**
 * Which packets are hit: each with a probability, from 0 to 1; those of a list, of which the first is number 1; every
 * so-manieth (`{ every: 3 }`: 3, 6, 9 …); in bursts; or among those that a function finds, which then are counted for
 * themselves (`{ where: isData, chance: { packets: [2] } }`: the second of the data). The function may be called once
 * for each fault that has one, and must not keep the bytes.
 */
export type Chance = number | ChosenPackets | EveryPacket | Bursts | FoundPackets;

/** The packets of a list. */
export interface ChosenPackets {
	/** Their numbers, of which the first is 1. */
	readonly packets: readonly number[];
}

/** Every so-manieth packet. */
export interface EveryPacket {
	/** 3: packets 3, 6, 9 … */
	readonly every: number;
}

/** Packets in bursts. */
export interface Bursts {
	/** The model. */
	readonly gilbert: Gilbert;
}

/** Packets that a function finds. */
export interface FoundPackets {
	/** Whether it is one. */
	readonly where: (bytes: Uint8Array, packet: number) => boolean;
	/** Which of those; all when left out. */
	readonly chance?: Chance;
}

/** Whether packet `packet`, which comes behind the one before, is hit. */
export type Decide = (packet: number, bytes: Uint8Array) => boolean;

const never: Decide = () => false;

/** A probability, 0 to 1. */
export function checkProbability(value: unknown, what: string): number {
	if (typeof value !== "number") {
		throw new TypeError(`${what} must be a probability from 0 to 1, not ${kindOf(value)}`);
	}
	if (!(value >= 0 && value <= 1)) {
		throw new RangeError(`${what} must be a probability from 0 to 1, not ${value}: 10% is 0.1`);
	}
	return value;
}

/** Requires a chance, and gives what decides by it; packets must be asked for in order, each once. */
export function decider(chance: Chance | undefined, seed: number, what: string): Decide {
	if (chance === undefined || chance === 0) return never;
	if (typeof chance === "number") {
		checkProbability(chance, what);
		const draws = new Draws(seed, what);
		return (packet) => draws.at(packet) < chance;
	}
	if (typeof chance !== "object" || chance === null) throw notChance(chance, what);
	const kinds = ["packets", "every", "gilbert", "where"].filter((kind) => kind in chance);
	if (kinds.length !== 1) throw notChance(chance, what);
	if ("packets" in chance) {
		const { packets } = chance;
		if (!Array.isArray(packets)) {
			throw new TypeError(`${what}: packets must be an array of numbers, not ${kindOf(packets)}`);
		}
		const numbers = new Set<number>();
		for (const packet of packets) {
			numbers.add(checkInteger(packet, 1, Number.MAX_SAFE_INTEGER, `${what}: packets`));
		}
		return (packet) => numbers.has(packet);
	}
	if ("every" in chance) {
		const every = checkInteger(chance.every, 1, Number.MAX_SAFE_INTEGER, `${what}: every`);
		return (packet) => packet % every === 0;
	}
	if ("gilbert" in chance) return bursts(chance.gilbert, seed, what);
	const { where } = chance;
	if (typeof where !== "function") {
		throw new TypeError(`${what}: where must be a function, not ${kindOf(where)}`);
	}
	const decide = decider(chance.chance ?? 1, seed, what);
	let found = 0;
	return (packet, bytes) => {
		if (!where(bytes, packet)) return false;
		found += 1;
		return decide(found, bytes);
	};
}

function bursts(model: Gilbert, seed: number, what: string): Decide {
	if (typeof model !== "object" || model === null) {
		throw new TypeError(`${what}: gilbert must be { enter, leave, inside?, outside? }, not ${kindOf(model)}`);
	}
	const enter = checkProbability(model.enter, `${what}: gilbert.enter`);
	const leave = checkProbability(model.leave, `${what}: gilbert.leave`);
	const inside = checkProbability(model.inside ?? 1, `${what}: gilbert.inside`);
	const outside = checkProbability(model.outside ?? 0, `${what}: gilbert.outside`);
	const draws = new Draws(seed, what);
	let within = false;
	return (packet) => {
		if (draws.at(packet, 1) < (within ? leave : enter)) within = !within;
		return draws.at(packet) < (within ? inside : outside);
	};
}

function notChance(value: unknown, what: string): TypeError {
	return new TypeError(
		`${what} must be a probability, { packets }, { every }, { gilbert } or { where }, not ${kindOf(value)}`,
	);
}
