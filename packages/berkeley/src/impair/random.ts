/**
 * Numbers by seed: each is a hash of what it is for, so that none depends on how many were drawn before.
 *
 * The hash is MurmurHash3_x86_32 (Austin Appleby, public domain), over 32-bit words in little-endian order. It is a
 * part of the contract: the same seed gives the same faults in every version.
 */

/** MurmurHash3_x86_32 of whole words. */
export function hashWords(seed: number, words: readonly number[]): number {
	let hash = seed | 0;
	for (const word of words) {
		let k = Math.imul(word, 0xcc9e2d51);
		k = (k << 15) | (k >>> 17);
		hash ^= Math.imul(k, 0x1b873593);
		hash = (hash << 13) | (hash >>> 19);
		hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
	}
	hash ^= words.length * 4;
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}

const range = 2 ** 32;

/** A stream of random numbers for one purpose: what is drawn for a packet depends on the seed and its number alone. */
export class Draws {
	readonly #seed: number;

	/** @param purpose what the numbers are for: those for "loss" are not those for "delay" */
	constructor(seed: number, purpose: string) {
		this.#seed = hashWords(
			seed,
			Array.from(purpose, (letter) => letter.codePointAt(0) as number),
		);
	}

	/** At least 0 and less than 1: the number `index` of those for a packet. */
	at(packet: number, index = 0): number {
		return hashWords(this.#seed, [packet >>> 0, Math.floor(packet / range), index]) / range;
	}

	/** An integer from 0 to count - 1. */
	below(count: number, packet: number, index = 0): number {
		return Math.floor(this.at(packet, index) * count);
	}
}
