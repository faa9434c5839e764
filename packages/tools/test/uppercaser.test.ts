/**
 * The upper case of text in pieces.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { UpperCaser } from "../src/services/uppercaser.js";

/** The answers to chunks, joined, the end's included. */
function upper(chunks: readonly Buffer[]): Buffer {
	const caser = new UpperCaser();
	return Buffer.concat([...chunks.map((chunk) => caser.push(chunk)), caser.end()]);
}

/** Data cut at places. */
function cut(data: Buffer, places: readonly number[]): Buffer[] {
	const cuts = [0, ...places.map((place) => place % (data.length + 1)).sort((a, b) => a - b), data.length];
	return cuts.slice(1).map((end, index) => data.subarray(cuts[index], end));
}

const places = fc.array(fc.nat(), { maxLength: 20 });

test("text comes out as toUpperCase() has it, wherever it is cut", () => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme" }), places, (text, at) => {
			assert.equal(upper(cut(Buffer.from(text), at)).toString(), text.toUpperCase());
		}),
	);
});

test("what bytes come out does not depend on where they are cut", () => {
	const bytes = fc.oneof(
		fc.uint8Array({ maxLength: 60 }),
		// Mostly bytes that begin and continue characters, whole and not.
		fc.array(fc.constantFrom(0x61, 0x80, 0xa0, 0xbf, 0xc1, 0xc3, 0xe0, 0xe2, 0xed, 0xf0, 0xf4, 0xff), {
			maxLength: 40,
		}),
	);
	fc.assert(
		fc.property(bytes, places, (data, at) => {
			const buffer = Buffer.from(data);
			assert.deepEqual(upper(cut(buffer, at)), upper([buffer]));
		}),
		{ numRuns: 1000 },
	);
});

test("bytes that are no UTF-8 pass unchanged, and text between them does not", () => {
	const data = Buffer.from([0xff, 0x61, 0xc3, 0xa9, 0xc3, 0x62, 0xed, 0xa0, 0x80, 0xc0, 0xaf, 0xe2, 0x82]);
	assert.deepEqual(
		upper([data]),
		Buffer.from([0xff, 0x41, 0xc3, 0x89, 0xc3, 0x42, 0xed, 0xa0, 0x80, 0xc0, 0xaf, 0xe2, 0x82]),
	);
});

test("a character is answered as soon as it is complete, and a byte that begins none at once", () => {
	const caser = new UpperCaser();
	assert.equal(caser.push(Buffer.from([0xc3])).length, 0);
	assert.equal(caser.push(Buffer.from([0xa9])).toString(), "É");
	assert.deepEqual(caser.push(Buffer.from([0xff])), Buffer.from([0xff]));
	assert.deepEqual(caser.push(Buffer.from([0xed, 0xa0])), Buffer.from([0xed, 0xa0]));
});
