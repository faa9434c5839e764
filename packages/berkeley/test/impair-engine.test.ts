/**
 * The fault injector's engine: verdicts by seed and out of logs.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	type Chance,
	describeVerdict,
	type Impairments,
	Injector,
	impairBytes,
	replay,
} from "../src/impair/index.js";
import { hashWords } from "../src/impair/random.js";

const packet = new Uint8Array(100);

/** The verdicts on so many packets. */
function verdicts(impairments: Impairments, count: number, seed = 1, direction = "there", bytes = packet) {
	const injector = new Injector(impairments, { seed, direction });
	return Array.from({ length: count }, () => injector.judge(bytes));
}

/** The numbers of the packets that are lost. */
function lost(loss: Chance, count: number, seed = 1) {
	return verdicts({ loss }, count, seed)
		.filter((verdict) => verdict.lost !== undefined)
		.map((verdict) => verdict.packet);
}

/**
 * How far a count may be from the middle of a binomial distribution so that a fair one is further off once in a
 * million: both sides of its exact cumulative sum.
 */
function binomialBounds(trials: number, probability: number, tail = 1e-6): [number, number] {
	let term = trials * Math.log1p(-probability);
	let sum = 0;
	let low = 0;
	for (let count = 0; count <= trials; count++) {
		sum += Math.exp(term);
		if (sum < tail) low = count + 1;
		if (1 - sum < tail) return [low, count + 1];
		term += Math.log((trials - count) / (count + 1)) + Math.log(probability / (1 - probability));
	}
	return [low, trials];
}

const everything: Impairments = {
	loss: { gilbert: { enter: 0.05, leave: 0.3, inside: 0.9, outside: 0.01 } },
	delay: { time: 50, jitter: 20, distribution: "normal", chance: 0.5 },
	reorder: { chance: 0.1, distance: 3 },
	duplicate: { chance: 0.1, copies: 2 },
	corrupt: { chance: 0.2, bits: 3 },
	truncate: 0.1,
};

describe("an injector", () => {
	test("hashes as MurmurHash3_x86_32 does", () => {
		// Of the reference implementation: "" with seeds 0 and 1, four zero bytes, "test" with the seed 0x9747b28c.
		assert.equal(hashWords(0, []), 0);
		assert.equal(hashWords(1, []), 0x514e28b7);
		assert.equal(hashWords(0, [0]), 0x2362f9de);
		assert.equal(hashWords(0x9747b28c, [Buffer.from("test").readUInt32LE()]), 0x704b81dc);
		assert.equal(hashWords(0x5082edee, [0x87654321]), 0x2362f9de);
	});

	test("gives the same verdicts for the same seed, in this version and in all", () => {
		assert.deepEqual(verdicts(everything, 1000, 7), verdicts(everything, 1000, 7));
		assert.notDeepEqual(verdicts(everything, 1000, 7), verdicts(everything, 1000, 8));
		// A change of these is a change of every test that users have kept a seed of.
		assert.deepEqual(lost(0.1, 60, 42), [12, 20, 27, 34, 39, 44]);
		const hit = verdicts(everything, 400, 42).filter((verdict) => Object.keys(verdict).length > 3);
		assert.deepEqual(hit.slice(2, 9), [
			{ direction: "there", packet: 5, length: 100, copies: 2 },
			{ direction: "there", packet: 6, length: 100, copies: 2 },
			{ direction: "there", packet: 7, length: 100, delay: 35.432 },
			{ direction: "there", packet: 10, length: 100, lost: "loss" },
			{ direction: "there", packet: 11, length: 100, lost: "loss" },
			{ direction: "there", packet: 12, length: 100, flipped: [192, 402, 550] },
			{ direction: "there", packet: 15, length: 100, delay: 70.63 },
		]);
	});

	test("has verdicts of its own for each direction, flow and seed, and a random seed when none is given", () => {
		const runs = [
			verdicts({ loss: 0.5 }, 64, 1, "there"),
			verdicts({ loss: 0.5 }, 64, 1, "back"),
			verdicts({ loss: 0.5 }, 64, 2, "there"),
		].map((run) => run.map((verdict) => verdict.lost ?? "-").join());
		assert.equal(new Set(runs).size, 3);
		const [one, other] = [new Injector({}), new Injector({})];
		assert.notEqual(one.seed, other.seed);
		const flows = [1, 2].map((flow) => {
			const injector = new Injector({ loss: 0.5 }, { seed: 1, flow });
			return Array.from({ length: 64 }, () => injector.judge(packet).lost ?? "-").join();
		});
		assert.notEqual(flows[0], flows[1]);
	});

	test("decides on each fault for itself: others, added, change nothing", () => {
		const alone = verdicts({ loss: 0.2 }, 500);
		const along = verdicts(
			{ loss: 0.2, corrupt: { chance: 1, bits: 9 }, delay: { time: 5, jitter: 5 } },
			500,
		);
		assert.deepEqual(
			alone.map((verdict) => verdict.lost),
			along.map((verdict) => verdict.lost),
		);
		const corrupt = verdicts({ corrupt: 0.3 }, 500).map((verdict) => verdict.flipped);
		const both = verdicts({ corrupt: 0.3, loss: 0.5 }, 500);
		for (const [index, verdict] of both.entries()) {
			if (verdict.lost === undefined) assert.deepEqual(verdict.flipped, corrupt[index]);
		}
	});

	test("hits as many as the probability says", () => {
		for (const probability of [0.001, 0.01, 0.1, 0.5, 0.9]) {
			const [low, high] = binomialBounds(20_000, probability);
			const count = lost(probability, 20_000, 99).length;
			assert.ok(count >= low && count <= high, `${count} of 20000, for ${probability}: ${low} to ${high}`);
		}
		assert.equal(lost(0, 1000).length, 0);
		assert.equal(lost(1, 1000).length, 1000);
	});

	test("loses in bursts, as Gilbert's model has them", () => {
		const numbers = lost({ gilbert: { enter: 0.02, leave: 0.25 } }, 40_000, 5);
		const bursts = numbers.filter((number, index) => numbers[index - 1] !== number - 1).length;
		// The mean length of a burst is 1 / 0.25, and 0.02 / (0.02 + 0.25) of all are lost.
		const mean = numbers.length / bursts;
		assert.ok(mean > 3.6 && mean < 4.4, `${mean}`);
		const share = numbers.length / 40_000;
		assert.ok(share > 0.066 && share < 0.082, `${share}`);
	});

	test("hits the packets of a list, every n-th, and those that a function finds", () => {
		assert.deepEqual(lost({ packets: [3, 7] }, 20), [3, 7]);
		assert.deepEqual(lost({ every: 3 }, 10), [3, 6, 9]);
		const injector = new Injector({
			loss: { where: (bytes) => bytes[0] === 1, chance: { packets: [2, 3] } },
		});
		const fates = [0, 1, 0, 1, 1, 0, 1].map((first) => injector.judge(Uint8Array.of(first)).lost ?? "-");
		assert.deepEqual(fates, ["-", "-", "-", "loss", "loss", "-", "-"]);
		assert.deepEqual(lost({ where: (_, number) => number > 5 }, 7), [6, 7]);
	});

	test("delays within the jitter, and never by less than nothing", () => {
		const uniform = verdicts({ delay: { time: 50, jitter: 10 } }, 5000).map(({ delay }) => delay ?? 0);
		assert.ok(Math.min(...uniform) >= 40 && Math.min(...uniform) < 40.1);
		assert.ok(Math.max(...uniform) <= 60 && Math.max(...uniform) > 59.9);
		const normal = verdicts({ delay: { time: 50, jitter: 10, distribution: "normal" } }, 5000).map(
			({ delay }) => delay ?? 0,
		);
		const mean = normal.reduce((sum, each) => sum + each, 0) / normal.length;
		const deviation = Math.sqrt(normal.reduce((sum, each) => sum + (each - mean) ** 2, 0) / normal.length);
		assert.ok(Math.abs(mean - 50) < 0.7, `${mean}`);
		assert.ok(Math.abs(deviation - 10) < 0.5, `${deviation}`);
		const clipped = verdicts({ delay: { time: 1, jitter: 10 } }, 1000);
		assert.ok(clipped.every(({ delay }) => delay === undefined || delay > 0));
		assert.deepEqual(verdicts({ delay: 20 }, 1), [{ direction: "there", packet: 1, length: 100, delay: 20 }]);
	});

	test("flips as many different bits as wanted, within the bounds, and cuts to less", () => {
		for (const { flipped = [] } of verdicts({ corrupt: { chance: 1, bits: 5, start: 10, end: 12 } }, 500)) {
			assert.equal(new Set(flipped).size, 5);
			assert.ok(flipped.every((bit) => bit >= 80 && bit < 96));
		}
		assert.deepEqual(verdicts({ corrupt: { chance: 1, start: 100 } }, 1)[0]?.flipped, undefined);
		for (const { cut } of verdicts({ truncate: 1 }, 500)) assert.ok(cut !== undefined && cut < 100);
		assert.equal(verdicts({ truncate: { chance: 1, length: 60 } }, 1)[0]?.cut, 60);
		assert.equal(verdicts({ truncate: { chance: 1, length: 200 } }, 1)[0]?.cut, undefined);
		// What is cut off is not what is corrupted.
		for (const { flipped, cut = 0 } of verdicts({ truncate: 1, corrupt: 1 }, 500)) {
			for (const bit of flipped ?? []) assert.ok(bit < cut * 8);
		}
	});

	test("leaves bytes alone to which nothing happens, and others' bytes in any case", () => {
		const bytes = Uint8Array.of(0, 0, 255);
		assert.equal(impairBytes(bytes, {}), bytes);
		assert.deepEqual([...impairBytes(bytes, { flipped: [0, 15, 16] })], [128, 1, 127]);
		assert.deepEqual([...impairBytes(bytes, { cut: 1, flipped: [7, 23] })], [1]);
		assert.deepEqual([...bytes], [0, 0, 255]);
	});

	test("says verdicts in words", () => {
		assert.deepEqual(
			[
				{ direction: "there", packet: 1, length: 9 },
				{ direction: "there", packet: 1, length: 9, lost: "limit" as const },
				{ direction: "there", packet: 1, length: 9, cut: 3, flipped: [2], copies: 1, distance: 2, delay: 5 },
			].map(describeVerdict),
			[
				"unharmed",
				"lost: too many packets waited",
				"cut to 3 of 9 bytes, bit 2 flipped, copied 1×, held back for 2 to pass, delayed 5 ms",
			],
		);
	});
});

describe("a log", () => {
	test("is replayed exactly, through JSON, whatever the seed", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 0, max: 0xffffffff }),
				fc.integer({ min: 0, max: 200 }),
				(seed, count) => {
					const first = verdicts(everything, count, seed);
					const log = JSON.parse(JSON.stringify(first.filter((verdict) => Object.keys(verdict).length > 3)));
					const again = new Injector(replay(log), { seed: 1 });
					const second = Array.from({ length: count }, () => again.judge(packet));
					assert.deepEqual(second, first);
					// What the log does not have is not harmed.
					assert.equal(describeVerdict(again.judge(packet)), "unharmed");
				},
			),
			{ numRuns: 30 },
		);
	});

	test("of other directions is not taken", () => {
		const back = new Injector(replay(verdicts({ loss: 1 }, 5)), { direction: "back" });
		assert.equal(back.judge(packet).lost, undefined);
	});

	test("that is none is refused", () => {
		assert.throws(() => replay({} as never), /replay takes an array of verdicts/);
		assert.throws(() => replay([3 as never]), /a verdict must be/);
		const verdict = { direction: "there", packet: 1, length: 1 };
		assert.throws(() => replay([{ ...verdict, delayed: 3 } as never]), /a verdict has no "delayed"/);
		assert.throws(() => replay([{ ...verdict, delay: "3" } as never]), /delay must be milliseconds/);
		assert.throws(() => replay([{ ...verdict, flipped: [-1] }]), /flipped must be an integer/);
		assert.throws(() => replay([{ ...verdict, lost: "yes" } as never]), /lost must be/);
		assert.throws(() => replay([{ direction: "there", length: 1 } as never]), /packet must be a number/);
	});
});

describe("impairments that are none are refused by name", () => {
	const cases: [name: string, impairments: unknown, message: RegExp][] = [
		["a misspelled fault", { los: 0.1 }, /impairments has no "los": it may have loss, delay/],
		["a percentage", { loss: 10 }, /loss must be a probability from 0 to 1, not 10: 10% is 0.1/],
		["a text", { loss: "10%" }, /loss must be a probability, \{ packets \}/],
		["packet 0", { loss: { packets: [0] } }, /loss: packets must be an integer from 1/],
		["two kinds at once", { loss: { every: 3, packets: [1] } }, /loss must be a probability, \{ packets \}/],
		["no function", { corrupt: { where: 3 } }, /corrupt: where must be a function/],
		["a model without an end", { loss: { gilbert: { enter: 0.1 } } }, /gilbert.leave must be a probability/],
		["a negative delay", { delay: -1 }, /delay: time must be from 0/],
		["no delay", { delay: null }, /delay must be milliseconds or/],
		["another distribution", { delay: { time: 1, distribution: "pareto" } }, /must be "uniform" or "normal"/],
		["a misspelled detail", { delay: { time: 1, jiter: 2 } }, /delay has no "jiter"/],
		["no copies", { duplicate: { chance: 0.1, copies: 0 } }, /duplicate: copies must be an integer from 1/],
		["no distance", { reorder: { chance: 0.1, distance: 0 } }, /reorder: distance must be an integer from 1/],
		["no bits", { corrupt: { chance: 0.1, bits: 0 } }, /corrupt: bits must be an integer/],
		["bounds the wrong way round", { corrupt: { chance: 1, start: 4, end: 4 } }, /corrupt: end must be/],
		["no rate", { rate: 0 }, /rate must be more than 0 bytes a second/],
		["no room", { limit: 0 }, /limit must be an integer from 1/],
		["nothing at all", null, /impairments must be \{ loss/],
	];
	for (const [name, impairments, message] of cases) {
		test(name, () => {
			assert.throws(() => new Injector(impairments as Impairments), message);
		});
	}
	test("and a seed that is none", () => {
		assert.throws(() => new Injector({}, { seed: -1 }), /seed must be an integer from 0 to 4294967295/);
		assert.throws(() => new Injector({}, { seed: 1.5 }), /seed must be an integer/);
	});
});
