/**
 * Whatever the bytes of a packet are, dissect() reads them without a throw, and build() makes the same bytes of what
 * it read. MUTATIONS is how many packets are tried (200,000 when it is not set), SEED which ones.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as packet from "../src/packet/index.js";
import { kinds, readAll, sampleValues } from "./support/packets.js";

const total = Number(process.env.MUTATIONS ?? 200_000);
const seed = Number(process.env.SEED ?? 1);

/** Pseudo-random numbers: mulberry32. */
function generator(start: number): (below: number) => number {
	let state = start >>> 0;
	return (below) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) % below;
	};
}

const { build, dissect } = packet;
type AnyCodec = packet.AnyCodec;

/** Every protocol that is exported. */
const protocols = Object.values(packet as Record<string, unknown>).filter(
	(value): value is AnyCodec => typeof value === "function" && "open" in value,
);

// What fields are often wrong with.
const likely = [
	0, 1, 2, 3, 4, 5, 6, 8, 15, 16, 17, 40, 43, 44, 45, 47, 51, 58, 59, 60, 0x7f, 0x80, 0xaa, 0xff,
];

function mutate(packet: Uint8Array, random: (below: number) => number): Uint8Array {
	const bytes = packet.slice(0, random(4) === 0 ? random(packet.length + 1) : packet.length);
	if (bytes.length === 0) return bytes;
	for (let count = random(4); count >= 0; count--) {
		const at = random(bytes.length);
		bytes[at] = random(2) === 0 ? random(256) : (likely[random(likely.length)] as number);
	}
	return bytes;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function same(one: Uint8Array, other: Uint8Array): boolean {
	return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

describe("packets that were mutated", () => {
	const each = Math.ceil(total / (kinds.length + 1));
	for (const [index, kind] of kinds.entries()) {
		test(`${kind.name}: each byte is given back, and nothing throws`, () => {
			const random = generator(seed * 1000 + index);
			const packets = sampleValues(kind, 40, seed).map((values) => build(...values));
			const options = kind.first === undefined ? {} : { first: kind.first };
			for (let run = 0; run < each; run++) {
				const bytes = mutate(packets[random(packets.length)] as Uint8Array, random);
				check(bytes, options);
			}
		});
	}

	test("all protocols are tried", () => assert.ok(protocols.length >= 22));

	test("bytes of nothing at all are given back, whatever they are taken for", () => {
		const random = generator(seed);
		for (let run = 0; run < each; run++) {
			const bytes = new Uint8Array(random(80));
			for (let at = 0; at < bytes.length; at++) bytes[at] = random(2) === 0 ? random(256) : random(8);
			for (const first of protocols) check(bytes, { first });
		}
	});
});

function check(bytes: Uint8Array, options: Parameters<typeof dissect>[1]): void {
	try {
		const read = dissect(bytes, options);
		const again = build(...read.toValues());
		if (!same(again, bytes)) assert.equal(hex(again), hex(bytes), read.summary());
		read.summary();
		for (const layer of read.layers) {
			readAll(layer);
			for (const { field, start, end } of layer.marks()) {
				assert.ok(
					start >= layer.start && end <= layer.payloadStart && start <= end,
					`${layer.layer}.${field}`,
				);
			}
		}
	} catch (error) {
		throw new Error(`${hex(bytes)}: ${String(error)}`, { cause: error });
	}
}
