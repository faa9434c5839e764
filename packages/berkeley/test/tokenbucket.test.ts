/**
 * TokenBucket, on a clock of the test's own.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Rate, TokenBucket } from "../src/server/index.js";

/** A bucket and its clock, which the test moves by microseconds. */
function bucketOf(rate: Rate): { bucket: TokenBucket; pass(microseconds: number): void } {
	let now = 0;
	const bucket = new TokenBucket({ ...rate, clock: () => now / 1000 });
	return {
		bucket,
		pass(microseconds) {
			now += microseconds;
		},
	};
}

describe("a token bucket", () => {
	test("gives the burst at once, and then the rate", () => {
		const { bucket, pass } = bucketOf({ rate: 10, burst: 3 });
		assert.deepEqual(
			[1, 2, 3, 4].map(() => bucket.tryTake()),
			[true, true, true, false],
		);
		assert.equal(bucket.waitFor(1), 100);
		pass(99_999);
		assert.equal(bucket.tryTake(), false);
		pass(1);
		assert.equal(bucket.tryTake(), true);
		pass(3_600_000_000);
		assert.equal(bucket.available, 3);
		assert.equal(bucket.full, true);
	});

	test("has a burst of one interval when none is given, and intervals of any length", () => {
		const { bucket, pass } = bucketOf({ rate: 5, interval: 60_000 });
		assert.equal(bucket.tryTake(5), true);
		assert.equal(bucket.waitFor(1), 12_000);
		pass(12_000_000);
		assert.equal(bucket.available, 1);
	});

	test("lets tokens be owed, which come first", () => {
		const { bucket, pass } = bucketOf({ rate: 10, burst: 2 });
		assert.equal(bucket.take(2), 0);
		assert.equal(bucket.take(1), 100);
		assert.equal(bucket.take(1), 200);
		assert.equal(bucket.available, -2);
		pass(200_000);
		assert.equal(bucket.available, 0);
		assert.equal(bucket.waitFor(5), 500);
	});

	test("takes more than the burst by take() alone", () => {
		const { bucket } = bucketOf({ rate: 10, burst: 2 });
		assert.equal(bucket.tryTake(3), false);
		assert.equal(bucket.take(3), 100);
	});

	test("is not confused by a clock that goes back", () => {
		const { bucket, pass } = bucketOf({ rate: 10, burst: 1 });
		assert.equal(bucket.tryTake(), true);
		pass(-5_000_000);
		assert.equal(bucket.tryTake(), false);
		pass(5_100_000);
		assert.equal(bucket.tryTake(), true);
	});

	test("runs on a monotonic clock when none is given", () => {
		const bucket = new TokenBucket({ rate: 1, burst: 1 });
		assert.equal(bucket.tryTake(), true);
		const wait = bucket.waitFor(1);
		assert.ok(wait > 0 && wait <= 1000, String(wait));
	});

	const wrong: [options: unknown, message: RegExp][] = [
		[undefined, /must be \{ rate, burst\?, interval\? \}, not undefined/],
		[{ rate: 0 }, /rate/],
		[{ rate: 1.5 }, /rate/],
		[{ rate: "1" }, /rate/],
		[{ rate: 1, burst: 0 }, /burst/],
		[{ rate: 1, burst: 2 ** 50 }, /burst/],
		[{ rate: 1, interval: 0.5 }, /interval/],
		[{ rate: 1, clock: 5 }, /clock must be a function, not number|clock must be a function/],
	];
	for (const [options, message] of wrong) {
		test(`refuses ${JSON.stringify(options)}`, () => {
			assert.throws(() => new TokenBucket(options as Rate), { message });
		});
	}

	test("refuses counts that are none", () => {
		const { bucket } = bucketOf({ rate: 1 });
		for (const count of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
			assert.throws(() => bucket.tryTake(count), RangeError);
			assert.throws(() => bucket.take(count), RangeError);
			assert.throws(() => bucket.waitFor(count), RangeError);
		}
	});
});

const rates = fc.record({
	rate: fc.integer({ min: 1, max: 2 ** 31 }),
	burst: fc.integer({ min: 1, max: 100_000 }),
	interval: fc.integer({ min: 1, max: 40_000 }),
});
const steps = fc.array(
	fc.record({
		pass: fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 2 ** 40 })),
		count: fc.integer({ min: 0, max: 100 }),
		owing: fc.boolean(),
	}),
	{ maxLength: 60 },
);

describe("properties of a token bucket", () => {
	test("it counts as unlimited integers would", () => {
		fc.assert(
			fc.property(rates, steps, ({ rate, burst, interval }, all) => {
				const { bucket, pass } = bucketOf({ rate, burst, interval });
				const token = BigInt(interval) * 1000n;
				const capacity = BigInt(burst) * token;
				let level = capacity;
				for (const step of all) {
					pass(step.pass);
					level += BigInt(step.pass) * BigInt(rate);
					if (level > capacity) level = capacity;
					const wanted = BigInt(step.count) * token;
					const missing = wanted - level;
					const wait = missing <= 0n ? 0n : (missing + BigInt(rate) - 1n) / BigInt(rate);
					assert.equal(bucket.waitFor(step.count), Number(wait) / 1000);
					if (step.owing) {
						bucket.take(step.count);
						level -= wanted;
					} else {
						assert.equal(bucket.tryTake(step.count), missing <= 0n);
						if (missing <= 0n) level -= wanted;
					}
					const floor = level >= 0n || level % token === 0n ? level / token : level / token - 1n;
					assert.equal(bucket.available, Number(floor));
					assert.equal(bucket.full, level === capacity);
				}
			}),
		);
	});

	test("in no stretch of time it gives more than the burst and what comes in that time", () => {
		fc.assert(
			fc.property(rates, steps, ({ rate, burst, interval }, all) => {
				const { bucket, pass } = bucketOf({ rate, burst, interval });
				let time = 0n;
				const given: { at: bigint; count: bigint }[] = [];
				for (const step of all) {
					pass(step.pass);
					time += BigInt(step.pass);
					if (bucket.tryTake(step.count)) given.push({ at: time, count: BigInt(step.count) });
				}
				const token = BigInt(interval) * 1000n;
				for (const [index, first] of given.entries()) {
					let sum = 0n;
					for (const each of given.slice(index)) {
						sum += each.count;
						assert.ok(sum * token <= BigInt(burst) * token + (each.at - first.at) * BigInt(rate));
					}
				}
			}),
		);
	});

	test("after waitFor() the tokens are there, and a microsecond before they are not", () => {
		fc.assert(
			fc.property(rates, fc.integer({ min: 1, max: 100_000 }), (given, count) => {
				fc.pre(count <= given.burst);
				const { bucket, pass } = bucketOf(given);
				bucket.take(given.burst);
				const wait = Math.round(bucket.waitFor(count) * 1000);
				pass(wait - 1);
				assert.equal(bucket.tryTake(count), false);
				pass(1);
				assert.equal(bucket.tryTake(count), true);
			}),
		);
	});
});
