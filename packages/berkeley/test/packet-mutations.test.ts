/**
 * Whatever the bytes of a packet are, dissect() reads them without a throw, and build() makes the same bytes of what
 * it read. `scripts/fuzz-packets.mjs` goes on where this ends.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as packet from "../src/packet/index.js";
import { hexOf, mutated, packets, randomOf, readAndRebuild, samples } from "./support/mutations.js";

const { build } = packet;
const count = 200_000;
/** Every protocol that is exported. */
const protocols = Object.values(packet as Record<string, unknown>).filter(
	(value): value is packet.AnyCodec => typeof value === "function" && "open" in value,
);

describe("the samples of all kinds", () => {
	test("are read as a whole, and as they were given", () => {
		for (const [index, { name, first, values }] of samples.entries()) {
			const read = readAndRebuild(packets[index] as Uint8Array, first);
			assert.equal(read.error, undefined, name);
			const given = values.map(({ layer }) => layer);
			// A payload of nothing is no layer.
			const found = read.layers.map(({ layer }) => layer);
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
		assert.ok(protocols.length >= 24, `${protocols.length} protocols`);
		for (let run = 0; run < 2_000; run++) {
			const small = random() < 0.5;
			const bytes = Uint8Array.from({ length: 1 + random() * 80 }, () => random() * (small ? 8 : 256));
			for (const first of protocols) readAndRebuild(bytes, first);
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
