/**
 * How answers are found among much else: keys of requests and replies, and the filter for the kernel. They must let
 * through whatever answers() takes for an answer.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkProgram, compileFilter, runProgram } from "../src/capture/index.js";
import { answers, build, ICMP_ECHO, icmpv4, ipv4, type Packet, tcp, udp, vlan } from "../src/packet/index.js";
import { answerFilter, replyProgram } from "../src/raw/replyfilter.js";
import { replyKeys, requestKeys } from "../src/raw/replykeys.js";
import { echo, frames, out, packetOf, type Row, rows } from "./support/answerrows.js";

/** All pairs of a request and a packet that may be its reply, those of different rows too. */
function* pairs(): Generator<[request: Packet, reply: Packet, name: string]> {
	for (const some of [rows, frames]) {
		for (const { name, request } of some) {
			const sent = packetOf(request);
			const candidates = some.flatMap((row: Row) => [...row.replies, ...row.others]);
			for (const parts of candidates) yield [sent, packetOf(parts), name];
		}
	}
}

/** What a socket sees of a packet: the kernel takes the first tag off. */
function seen({ bytes, layers }: Packet): Uint8Array {
	if (layers[1]?.layer !== "vlan") return bytes;
	return Buffer.concat([bytes.subarray(0, 12), bytes.subarray(16)]);
}

describe("what is an answer", () => {
	test("has one of the keys that its request waits under", () => {
		let found = 0;
		for (const [request, reply, name] of pairs()) {
			if (!answers(request, reply)) continue;
			found++;
			const keys = replyKeys(reply.layers);
			const waiting = requestKeys(request.layers);
			assert.ok(
				waiting.some((key) => keys.includes(key)),
				`${name}: ${reply.summary()}`,
			);
		}
		assert.ok(found > 50, `${found} pairs`);
	});

	test("passes the filter that is made of its request", () => {
		let refused = 0;
		for (const [request, reply, name] of pairs()) {
			const link = request.layers[0]?.layer === "ethernet" ? "ethernet" : "raw";
			const program = compileFilter(answerFilter([request]), { link });
			const passes = runProgram(program, seen(reply)) > 0;
			if (answers(request, reply))
				assert.ok(passes, `${name}: ${reply.summary()}: ${answerFilter([request])}`);
			else if (!passes) refused++;
		}
		assert.ok(refused > 100, `${refused} were refused`);
	});

	test("passes the filter that is made of all requests together", () => {
		for (const some of [rows, frames]) {
			const requests = some.map(({ request }) => packetOf(request));
			const link = some === frames ? "ethernet" : "raw";
			const program = compileFilter(answerFilter(requests), { link });
			for (const { replies } of some) {
				for (const parts of replies) assert.ok(runProgram(program, seen(packetOf(parts))) > 0);
			}
		}
	});
});

describe("the key of a request", () => {
	const there = ipv4({ source: "192.0.2.1", destination: "192.0.2.2" });

	test("tells ports and echoes of one host apart", () => {
		const keys = [
			[there, tcp({ sourcePort: 1, destinationPort: 80 })],
			[there, tcp({ sourcePort: 1, destinationPort: 81 })],
			[there, udp({ sourcePort: 1, destinationPort: 9 })],
			[there, icmpv4({ type: ICMP_ECHO, identifier: 1, sequence: 1 })],
			[there, icmpv4({ type: ICMP_ECHO, identifier: 1, sequence: 2 })],
		].map((parts) => requestKeys(packetOf(parts).layers)[0]);
		assert.equal(new Set(keys).size, keys.length);
	});
});

describe("the filter for answers", () => {
	const probes = (count: number, port: number): Packet[] =>
		Array.from({ length: count }, (_, index) =>
			packetOf([
				ipv4({ source: "192.0.2.1", destination: "192.0.2.2" }),
				tcp({ sourcePort: port + index, destinationPort: 80 }),
			]),
		);

	test("names hosts, protocols and ports", () => {
		assert.match(answerFilter(probes(2, 4000)), /dst host 192\.0\.2\.1 .*tcp dst port 4001/);
	});

	test("leaves ports out when there are too many, and stays a program that the kernel takes", () => {
		const text = answerFilter(probes(1000, 4000));
		assert.doesNotMatch(text, /port/);
		checkProgram(replyProgram({ link: "raw", cooked: true, filter: undefined, requests: probes(1000, 1) }));
		checkProgram(replyProgram({ link: "raw", cooked: true, filter: undefined, requests: probes(16, 1) }));
	});

	test("takes everything where a packet has more headers of a link than the kernel takes off", () => {
		assert.equal(answerFilter([packetOf([out, vlan({ vid: 5 }), vlan({ vid: 6 }), ...echo])]), "");
		assert.equal(answerFilter([packetOf([out, "custom"])]), "");
	});

	test("is the user's where there is one", () => {
		const program = replyProgram({ link: "raw", cooked: false, filter: "udp", requests: probes(1, 1) });
		const packet = build(
			ipv4({ source: "192.0.2.2", destination: "192.0.2.1" }),
			udp({ sourcePort: 1, destinationPort: 1 }),
		);
		// The first three instructions ask the kernel which way it goes.
		assert.ok(runProgram(program.slice(3), packet) > 0);
		assert.equal(runProgram(program.slice(3), seen(probes(1, 1)[0] as Packet)), 0);
	});
});
