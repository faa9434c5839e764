/**
 * The heap of deadlines against a sorted list, and the one timer behind it.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import fc from "fast-check";
import { type Deadline, Deadlines } from "../src/reactor/deadlines.js";
import { runScript } from "./support/script.js";

function timers(): number {
	return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

/** Runs with a clock and timers that go only when they are told to. */
function withClock(run: (advance: (milliseconds: number) => void) => void): void {
	let now = 1000;
	const clock = mock.method(performance, "now", () => now);
	mock.timers.enable({ apis: ["setTimeout"] });
	try {
		run((milliseconds) => {
			// Step by step, so that a timer set meanwhile is seen at its time.
			for (let left = milliseconds; left > 0; left--) {
				now++;
				mock.timers.tick(1);
			}
		});
	} finally {
		mock.timers.reset();
		clock.mock.restore();
	}
}

type Command = { add: number } | { remove: number } | { advance: number };

const command: fc.Arbitrary<Command> = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ add: fc.integer({ min: -5, max: 60 }) }) },
	{ weight: 3, arbitrary: fc.record({ remove: fc.nat() }) },
	{ weight: 2, arbitrary: fc.record({ advance: fc.integer({ min: 1, max: 20 }) }) },
);

describe("Deadlines", () => {
	test("expire as a sorted list of them would, whatever is added and removed", () => {
		fc.assert(
			fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
				withClock((advance) => {
					const deadlines = new Deadlines();
					let now = 1000;
					const model: { at: number; id: number; deadline: Deadline }[] = [];
					const expired: number[] = [];
					const expected: number[] = [];
					const ats = new Map<number, number>();
					for (const [id, each] of commands.entries()) {
						if ("add" in each) {
							const at = now + each.add;
							ats.set(id, at);
							model.push({ at, id, deadline: deadlines.add(at, () => expired.push(id)) });
						} else if ("remove" in each) {
							const [gone] = model.splice(each.remove % Math.max(model.length, 1), 1);
							if (gone) {
								deadlines.remove(gone.deadline);
								deadlines.remove(gone.deadline);
							}
						} else {
							for (let step = 0; step < each.advance; step++) {
								advance(1);
								now++;
								model.sort((one, other) => one.at - other.at);
								while (model[0] !== undefined && model[0].at <= now) expected.push(model.shift()?.id ?? -1);
								// Among equals any order will do; so compare the times, and then who.
								assert.deepEqual(
									expired.map((each) => ats.get(each)),
									expected.map((each) => ats.get(each)),
								);
							}
						}
						assert.equal(deadlines.size, model.length);
					}
					assert.deepEqual(new Set(expired), new Set(expected));
					for (const { deadline } of model) deadlines.remove(deadline);
					assert.equal(deadlines.size, 0);
				});
			}),
			{ numRuns: 200 },
		);
	});

	test("take one timer for many, and none when all are gone", () => {
		const deadlines = new Deadlines();
		const before = timers();
		const many = Array.from({ length: 1000 }, (_, i) =>
			deadlines.add(performance.now() + 60_000 + ((i * 7919) % 1000), () => assert.fail("too early")),
		);
		assert.equal(deadlines.size, 1000);
		assert.ok(timers() <= before + 1);
		for (const deadline of many) deadlines.remove(deadline);
		assert.equal(deadlines.size, 0);
		assert.equal(timers(), before);
	});

	test("expire in their order and not before their time, on the real clock", async () => {
		const deadlines = new Deadlines();
		const begun = performance.now();
		const seen: number[] = [];
		// The timer alone does not keep the process.
		const keeper = setTimeout(() => {}, 10_000);
		await new Promise<void>((resolve) => {
			for (const delay of [12, 3, 7, 1]) {
				deadlines.add(begun + delay, () => {
					assert.ok(performance.now() >= begun + delay);
					if (seen.push(delay) === 4) resolve();
				});
			}
		});
		clearTimeout(keeper);
		assert.deepEqual(seen, [1, 3, 7, 12]);
	});

	test("may add and remove others while they expire", () => {
		withClock((advance) => {
			const deadlines = new Deadlines();
			const seen: string[] = [];
			const victim = deadlines.add(1010, () => seen.push("victim"));
			deadlines.add(1005, () => {
				seen.push("first");
				deadlines.remove(victim);
				deadlines.add(1004, () => seen.push("due already"));
				deadlines.add(1012, () => seen.push("later"));
			});
			advance(20);
			assert.deepEqual(seen, ["first", "due already", "later"]);
			assert.equal(deadlines.size, 0);
		});
	});

	test("go on after one of them throws", () => {
		withClock((advance) => {
			const deadlines = new Deadlines();
			const seen: string[] = [];
			deadlines.add(1005, () => {
				throw new Error("mine");
			});
			deadlines.add(1005, () => seen.push("same time"));
			deadlines.add(1008, () => seen.push("later"));
			assert.throws(() => advance(5), /mine/);
			advance(10);
			assert.deepEqual(seen, ["same time", "later"]);
		});
	});

	test("are reached however far away they are", () => {
		withClock(() => {
			const deadlines = new Deadlines();
			const far = deadlines.add(1000 + 2 ** 40, () => assert.fail("in this century?"));
			mock.timers.tick(2 ** 31);
			assert.equal(deadlines.size, 1);
			deadlines.remove(far);
		});
	});

	test("never keep the process alive", async () => {
		const module = JSON.stringify(new URL("../src/reactor/deadlines.js", import.meta.url).href);
		const { status, stdout, stderr } = await runScript(`
			const { Deadlines } = await import(${module});
			new Deadlines().add(performance.now() + 600000, () => console.log("expired"));
		`);
		assert.deepEqual([status, stdout], [0, ""], stderr);
	});
});
