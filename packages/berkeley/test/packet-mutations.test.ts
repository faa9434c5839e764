/**
 * Whatever the bytes of a packet are, dissect() reads them without a throw, and build() makes the same bytes of what
 * it read. `scripts/fuzz-packets.mjs` goes on where this ends.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { build } from "../src/packet/index.js";
import { hexOf, mutated, packets, randomOf, readAndRebuild, samples } from "./support/mutations.js";

const count = 200_000;

describe("the samples of all kinds", () => {
	test("are read as a whole, and as they were given", () => {
		for (const [index, { name, first, values }] of samples.entries()) {
			const packet = readAndRebuild(packets[index] as Uint8Array, first);
			assert.equal(packet.error, undefined, name);
			const given = values.map(({ layer }) => layer);
			// A payload of nothing is no layer.
			const found = packet.layers.map(({ layer }) => layer);
			assert.deepEqual(found, found.length < given.length ? given.slice(0, -1) : given, name);
		}
	});
});

describe("packets that were mutated", () => {
	test(`${count} of them give each byte back, and nothing throws`, () => {
		for (let seed = 1; seed <= count; seed++) {
			const { bytes, sample } = mutated(seed);
			try {
				readAndRebuild(bytes, sample.first);
			} catch (error) {
				throw new Error(`seed ${seed}, of ${sample.name}: ${hexOf(bytes)}`, { cause: error });
			}
		}
	});

	test("bytes of nothing at all give each byte back, whatever they are taken for", () => {
		const random = randomOf(1);
		for (let run = 0; run < 20_000; run++) {
			const bytes = Uint8Array.from({ length: random() * 80 }, () => random() * 256);
			const { first } = samples[Math.floor(random() * samples.length)] ?? {};
			readAndRebuild(bytes, first);
		}
	});

	test("are the same for a seed, and seldom whole", () => {
		assert.deepEqual(mutated(7), mutated(7));
		const broken = Array.from({ length: 300 }, (_, seed) =>
			readAndRebuild(mutated(seed).bytes, mutated(seed).sample.first),
		);
		assert.ok(broken.filter(({ error }) => error !== undefined).length > 50);
		assert.ok(build(...(broken[0]?.toValues() ?? [])).length > 0);
	});
});
