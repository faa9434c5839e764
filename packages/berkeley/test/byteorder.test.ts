/**
 * Byte order against Python's.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { htonl, htons, ntohl, ntohs } from "../src/address/byteorder.js";
import { noPython } from "./support/oracles.js";
import { evaluate } from "./support/pysocket.js";

test("htons(), ntohs(), htonl() and ntohl() give what Python's give", { skip: noPython }, () => {
	const short = [0, 1, 0x1234, 0x80ff, 0xffff];
	const long = [...short, 0x12345678, 0x80000000, 0xff, 0xffffffff];
	const cases: [string, (value: number) => number, number][] = [
		...short.flatMap((value): [string, (value: number) => number, number][] => [
			["htons", htons, value],
			["ntohs", ntohs, value],
		]),
		...long.flatMap((value): [string, (value: number) => number, number][] => [
			["htonl", htonl, value],
			["ntohl", ntohl, value],
		]),
	];
	const expected = evaluate(cases.map(([name, , value]) => `${name}(${value})`));
	assert.deepEqual(
		cases.map(([, swap, value]) => ({ value: swap(value) })),
		expected,
	);
});

test("the two directions undo each other", () => {
	fc.assert(fc.property(fc.integer({ min: 0, max: 0xffff }), (value) => ntohs(htons(value)) === value));
	fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => ntohl(htonl(value)) === value));
});

test("what is no unsigned integer of the size is a RangeError, what is no number a TypeError", () => {
	for (const value of [-1, 65536, 1.5, Number.NaN]) {
		assert.throws(() => htons(value), RangeError);
		assert.throws(() => ntohs(value), RangeError);
	}
	for (const value of [-1, 2 ** 32, 0.5, Number.POSITIVE_INFINITY]) {
		assert.throws(() => htonl(value), { name: "RangeError", message: /htonl/ });
		assert.throws(() => ntohl(value), RangeError);
	}
	assert.throws(() => htons("80" as unknown as number), TypeError);
	assert.throws(() => ntohl(1n as unknown as number), TypeError);
});
