/**
 * Packets of all kinds that are not as they should be, and what must hold for them: for the tests, and for
 * `scripts/fuzz-packets.mjs`.
 */
import { type AnyCodec, build, dissect, type LayerValue, type Packet } from "../../src/packet/index.js";
import { kinds, readAll, sampleValues } from "./packets.js";

/** A packet to begin with. */
export interface Sample {
	/** Its kind. */
	readonly name: string;
	/** Its layers. */
	readonly values: readonly LayerValue[];
	/** What it begins with; ethernet when left out. */
	readonly first?: AnyCodec;
}

const ofEach = 6;

/** Some packets of each kind: always the same. */
export const samples: readonly Sample[] = kinds.flatMap((kind) =>
	sampleValues(kind, ofEach, 1).map((values) => ({
		name: kind.name,
		values,
		...(kind.first === undefined ? {} : { first: kind.first }),
	})),
);

/** The samples' bytes. */
export const packets: readonly Uint8Array[] = samples.map(({ values }) => build(...values));

/** Numbers from 0 to 1, the same for a seed: mulberry32. */
export function randomOf(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

// What fields are often wrong with: sizes, and the numbers of protocols.
const telling = [
	0, 1, 2, 3, 4, 5, 6, 8, 15, 16, 17, 40, 43, 44, 47, 51, 58, 60, 0x7f, 0x80, 0xaa, 0xc0, 0xff,
];

/** A sample, by its number, and bytes made of it that are not as they should be: the same for a seed. */
export function mutated(seed: number): { readonly sample: Sample; readonly bytes: Uint8Array } {
	const random = randomOf(seed);
	const below = (limit: number): number => Math.floor(random() * limit);
	const number = below(samples.length);
	let data: Uint8Array = (packets[number] as Uint8Array).slice();
	for (let changes = below(5); changes >= 0 && data.length > 0; changes--) {
		const at = below(data.length);
		switch (below(8)) {
			case 0:
				data = data.slice(0, at);
				break;
			case 1: {
				// A part once more, or gone, or of another.
				const length = below(data.length - at) + 1;
				data = joined(data.subarray(0, at + length), data.subarray(at));
				break;
			}
			case 2:
				data = joined(data.subarray(0, at), data.subarray(at + below(8)));
				break;
			case 3: {
				const other = packets[below(packets.length)] as Uint8Array;
				data = joined(data.subarray(0, at), other.subarray(at));
				break;
			}
			case 4:
				for (let index = at; index < Math.min(data.length, at + 8); index++) data[index] = below(256);
				break;
			case 5:
				data[at] = telling[below(telling.length)] as number;
				break;
			case 6:
				data[at] = (data[at] as number) ^ (1 << below(8));
				break;
			default:
				data[at] = below(256);
		}
	}
	return { sample: samples[number] as Sample, bytes: data.slice(0, 2048) };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
	const all = new Uint8Array(first.length + second.length);
	all.set(first);
	all.set(second, first.length);
	return all;
}

/** Reads bytes with all that a packet tells of itself, and builds them again; gives the packet, or throws. */
export function readAndRebuild(input: Uint8Array, first?: AnyCodec): Packet {
	const packet = dissect(input, first === undefined ? {} : { first });
	const { layers } = packet;
	for (const layer of layers) {
		for (const { field, start, end } of layer.marks()) {
			if (start < layer.start || end > layer.payloadStart || end <= start) {
				throw new Error(`${layer.layer}.${field} is marked at ${start} to ${end}, outside of its header`);
			}
		}
		for (const { field, start, end } of layer.tailMarks()) {
			if (start < layer.payloadEnd || end > layer.end || end <= start) {
				throw new Error(`${layer.layer}.${field} is marked at ${start} to ${end}, inside of its payload`);
			}
		}
		readAll(layer);
	}
	packet.summary();
	const rebuilt = build(...packet.toValues());
	if (rebuilt.length !== input.length || !rebuilt.every((byte, index) => byte === input[index])) {
		throw new Error(`${hexOf(input)} was built again as ${hexOf(rebuilt)}: ${packet.summary()}`);
	}
	return packet;
}

/** Bytes in hexadecimal. */
export function hexOf(input: Uint8Array): string {
	return Array.from(input, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
