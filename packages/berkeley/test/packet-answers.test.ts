/**
 * Which packets answer which: by rows of a request, a reply, and packets that only look like one; and by scapy.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answers, dissect } from "../src/packet/index.js";
import { echo, frames, home, out, packetOf, reply, rows } from "./support/answerrows.js";
import { mutated, samples } from "./support/mutations.js";

describe("answers()", () => {
	for (const { name, request, replies, others } of [...rows, ...frames]) {
		test(name, () => {
			const sent = packetOf(request);
			for (const [index, parts] of replies.entries()) {
				const packet = packetOf(parts);
				assert.equal(answers(sent, packet), true, `reply ${index}: ${packet.summary()}`);
				assert.equal(answers(sent.layers, packet.layers), true);
				assert.equal(answers(packet, packet), false, "nothing answers itself");
			}
			for (const [index, parts] of others.entries()) {
				const packet = packetOf(parts);
				assert.equal(answers(sent, packet), false, `other ${index}: ${packet.summary()}`);
			}
		});
	}

	test("looks past link headers that only one of them has", () => {
		assert.equal(answers(packetOf([out, ...echo]), packetOf(reply)), true);
		assert.equal(answers(packetOf(echo), packetOf([home, ...reply])), true);
	});

	test("is false for packets of nothing, and never throws", () => {
		const nothing = dissect(new Uint8Array(0));
		assert.equal(answers(nothing, nothing), false);
		for (let seed = 1; seed < 4000; seed++) {
			const one = mutated(seed);
			const two = mutated(seed + samples.length);
			const [request, answer] = [one, two].map(({ bytes, sample }) =>
				dissect(bytes, sample.first === undefined ? {} : { first: sample.first }),
			);
			if (request !== undefined && answer !== undefined) answers(request, answer);
		}
	});

	test("takes packets and layers, and nothing else", () => {
		assert.throws(() => answers({} as never, []), {
			name: "TypeError",
			message: /the request must be a packet/,
		});
		assert.throws(() => answers([], [{ layer: "ipv4" }] as never), {
			name: "TypeError",
			message: /the reply must/,
		});
	});
});
