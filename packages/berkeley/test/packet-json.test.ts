/**
 * Packets as JSON and back: nothing is lost, and what is no packet is refused by its path.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { build, dissect, fromJson, raw, toJson, udp } from "../src/packet/index.js";
import { hexOf, mutated, packets, samples } from "./support/mutations.js";

describe("toJson() and fromJson()", () => {
	test("write bytes as hexadecimal, and leave out what is undefined", () => {
		const values = [
			{ ...udp({ sourcePort: 1, destinationPort: 2 }), trailer: undefined },
			raw({ data: Uint8Array.of(0, 255) }),
		];
		const text = '[{"layer":"udp","sourcePort":1,"destinationPort":2},{"layer":"raw","data":{"hex":"00ff"}}]';
		assert.equal(toJson(values), text);
		assert.deepEqual(fromJson(text)[1], { layer: "raw", data: Uint8Array.of(0, 255) });
		assert.match(toJson(values, { indent: 2 }), /^\[\n {2}\{\n {4}"layer": "udp",\n/);
	});

	test("lose nothing of the samples of all protocols", () => {
		for (const [index, { name, first }] of samples.entries()) {
			const values = dissect(packets[index] as Uint8Array, first === undefined ? {} : { first }).toValues();
			assert.deepEqual(fromJson(toJson(values)), values, name);
		}
	});

	test("lose nothing of what is broken", () => {
		for (let seed = 1; seed <= 5000; seed++) {
			const { bytes, sample } = mutated(seed);
			const values = dissect(bytes, sample.first === undefined ? {} : { first: sample.first }).toValues();
			const again = fromJson(toJson(values));
			assert.deepEqual(again, values, `seed ${seed}`);
			assert.equal(hexOf(build(...again)), hexOf(bytes), `seed ${seed}`);
		}
	});

	test("refuse what is no packet, by its path", () => {
		const tcp = '"layer":"tcp","sourcePort":1,"destinationPort":2';
		const cases: [string, string, RegExp][] = [
			["{", "SyntaxError", /JSON/],
			["5", "TypeError", /^a packet is an array of layers, not a number$/],
			["[5]", "TypeError", /^\[0\] must be a layer, not a number$/],
			["[null]", "TypeError", /^\[0\] must be a field's value, not null$/],
			[
				'[{"layer":"raw","data":{"hex":""}},{}]',
				"RangeError",
				/^\[1\]\.layer must be .*ipv4.*, not nothing$/,
			],
			['[{"layer":"toString"}]', "RangeError", /^\[0\]\.layer must be .*, not "toString"$/],
			[
				'[{"layer":"udp","destinationPort":1}]',
				"RangeError",
				/^\[0\]: udp\.sourcePort must be .* not undefined$/,
			],
			[`[{${tcp},"window":65536}]`, "RangeError", /^\[0\]: tcp\.window must be .* not 65536$/],
			[`[{${tcp},"windows":1}]`, "TypeError", /^\[0\]\.windows is no field here$/],
			[`[{${tcp},"options":{}}]`, "TypeError", /^\[0\]: tcp\.options must be an array/],
			[`[{${tcp},"options":[5]}]`, "TypeError", /^\[0\]: tcp\.options\[0\] must be an option/],
			[
				`[{${tcp},"options":[{"kind":"mss","value":1,"x":2}]}]`,
				"TypeError",
				/^\[0\]\.options\[0\]\.x is no field/,
			],
			[
				`[{${tcp},"options":[{"kind":"sack","blocks":[[1,2,3]]}]}]`,
				"TypeError",
				/blocks\[0\]\[2\] is no field/,
			],
			[
				'[{"layer":"raw","data":{"hex":"0"}}]',
				"RangeError",
				/^\[0\]\.data\.hex must be pairs of hexadecimal digits/,
			],
			[
				'[{"layer":"raw","data":{"hex":5}}]',
				"TypeError",
				/^\[0\]\.data\.hex must be a string, not a number$/,
			],
			['[{"layer":"raw","data":"00"}]', "TypeError", /^\[0\]: raw\.data must be a Uint8Array, not a string$/],
			['[{"layer":"raw","__proto__":{"data":{"hex":""}}}]', "TypeError", /raw\.data/],
			[
				'[{"layer":"dns","answers":[{"name":"a","type":"A","address":"192.0.2.1","tll":3}]}]',
				"TypeError",
				/^\[0\]\.answers\[0\]\.tll is/,
			],
			[
				`[{"layer":"raw","data":${"[".repeat(5000)}${"]".repeat(5000)}}]`,
				"TypeError",
				/^\[0\]\.data(\[0\])+ must be .* so deep$/,
			],
		];
		for (const [text, name, message] of cases) assert.throws(() => fromJson(text), { name, message }, text);
		assert.throws(() => fromJson(5 as never), TypeError);
	});

	test("refuse to write what JSON cannot hold", () => {
		assert.throws(() => toJson("text" as never), TypeError);
		const value = { ...udp({ sourcePort: 1 }), length: Number.NaN };
		assert.throws(() => toJson([value]), {
			name: "TypeError",
			message: /^\[0\]\.length must be a field's value/,
		});
	});
});
