/**
 * Cuts a stream into pieces by seed, and decides on each: the engine for streams, without time.
 */
import { delayOf, flipsOf, seedOf } from "./injector.js";
import { Draws } from "./random.js";
import {
	type CheckedStreamImpairments,
	checkStreamImpairments,
	type StreamImpairments,
} from "./streamimpairments.js";

/** What happens in place of bytes. */
export type StreamAct = "reset" | "end";

/** A piece, or the part of one that has come. */
export interface StreamPart {
	/** The bytes, as they are to arrive: a copy. Empty where something is done. */
	readonly bytes: Uint8Array;
	/** Milliseconds. */
	readonly delay: number;
	/** What to do; nothing comes behind it. */
	readonly act?: StreamAct;
	/** What happens, in words. */
	readonly comment?: string;
}

/** Cuts one direction of a stream. */
export class Cutter {
	/** What was wanted. */
	readonly impairments: CheckedStreamImpairments;
	readonly #jitter: Draws;
	readonly #sizes: Draws;
	readonly #bits: Draws;
	#offset = 0;
	#piece = 0;
	#start = 0;
	#end = 0;
	#delay = 0;
	#stall = 0;
	#flipped: readonly number[] = [];
	#over = false;

	constructor(impairments: StreamImpairments, seed: number, direction: string, flow = 0) {
		const own = seedOf(seed, direction, flow);
		this.impairments = checkStreamImpairments(impairments, own);
		this.#jitter = new Draws(own, "delay: jitter");
		this.#sizes = new Draws(own, "pieces");
		this.#bits = new Draws(own, "corrupt: bits");
	}

	/** What happens before the first byte, if anything does. */
	begin(): StreamPart[] {
		const act = this.#actAt(0);
		return act === undefined ? [] : [act];
	}

	/** The parts that bytes come to. */
	cut(data: Uint8Array): StreamPart[] {
		if (this.impairments.harmless) return [{ bytes: new Uint8Array(data), delay: 0 }];
		const parts: StreamPart[] = [];
		for (let at = 0; at < data.length && !this.#over; ) {
			if (this.#offset === this.#end) {
				const act = this.#beginPiece(data.subarray(at));
				if (act !== undefined) {
					parts.push(act);
					break;
				}
			}
			const size = Math.min(data.length - at, this.#end - this.#offset);
			parts.push(this.#part(data.subarray(at, at + size)));
			at += size;
			this.#offset += size;
			const act = this.#actAt(this.#offset);
			if (act !== undefined) parts.push(act);
		}
		return parts;
	}

	#beginPiece(bytes: Uint8Array): StreamPart | undefined {
		const { pieces, delay, corrupt, stall, reset, end } = this.impairments;
		const piece = ++this.#piece;
		// All decide, for those that have states.
		const isReset = reset.decide(piece, bytes);
		const isEnd = end.decide(piece, bytes);
		const isStalled = stall.decide(piece, bytes);
		const isDelayed = delay?.decide(piece, bytes) ?? false;
		const isCorrupt = corrupt.decide(piece, bytes);
		if (isReset) return this.#act("reset");
		if (isEnd) return this.#act("end");
		this.#start = this.#offset;
		this.#end = this.#start + pieces.least + this.#sizes.below(pieces.most - pieces.least + 1, piece);
		// What happens at a byte happens between two pieces.
		for (const { at } of [stall, reset, end]) {
			if (at > this.#start && at < this.#end) this.#end = at;
		}
		this.#stall = isStalled || stall.at === this.#start ? stall.time : 0;
		this.#delay = isDelayed && delay !== undefined ? delayOf(delay, this.#jitter, piece) : 0;
		this.#flipped = isCorrupt ? flipsOf(corrupt, this.#bits, piece, this.#end - this.#start) : [];
		return undefined;
	}

	#part(data: Uint8Array): StreamPart {
		const bytes = new Uint8Array(data);
		const from = (this.#offset - this.#start) * 8;
		const here = this.#flipped.filter((bit) => bit >= from && bit < from + bytes.length * 8);
		for (const bit of here) {
			const at = (bit - from) >>> 3;
			bytes[at] = (bytes[at] as number) ^ (0x80 >>> (bit & 7));
		}
		const stall = this.#stall;
		this.#stall = 0;
		const words: string[] = [];
		if (here.length > 0) words.push(`bit${here.length === 1 ? "" : "s"} ${here.join(", ")} flipped`);
		if (this.#delay > 0) words.push(`delayed ${this.#delay} ms`);
		if (stall > 0) words.push(`stalled for ${stall} ms`);
		const part = { bytes, delay: this.#delay + stall };
		return words.length === 0 ? part : { ...part, comment: `piece ${this.#piece}: ${words.join(", ")}` };
	}

	#actAt(offset: number): StreamPart | undefined {
		const { reset, end } = this.impairments;
		if (reset.at === offset) return this.#act("reset");
		if (end.at === offset) return this.#act("end");
		return undefined;
	}

	#act(act: StreamAct): StreamPart {
		this.#over = true;
		const comment = `${act === "reset" ? "reset" : "ended"} after ${this.#offset} bytes`;
		return { bytes: new Uint8Array(0), delay: 0, act, comment };
	}
}
