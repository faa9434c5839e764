/**
 * What hexdump() shows of bytes and of packets.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { build, dissect, ethernet, hexdump, ipv4, udp } from "../src/packet/index.js";
import { hexOf, mutated, packets, samples } from "./support/mutations.js";

const frame = ethernet({ destination: "02:00:00:00:00:01", source: "02:00:00:00:00:02" });
const network = ipv4({ source: "192.0.2.1", destination: "192.0.2.2", dontFragment: true });

/** The bytes that a dump shows, in order. */
function bytesShown(dump: string): string {
	const rows = dump
		.split("\n")
		.flatMap((line) => /^([0-9a-f]{8}): ((?:[0-9a-f]{2,4} ?)+) {2}/.exec(line) ?? []);
	return rows
		.filter((_, index) => index % 3 === 2)
		.join("")
		.replaceAll(" ", "");
}

describe("hexdump()", () => {
	test("shows bytes as xxd does", () => {
		const bytes = Uint8Array.from({ length: 35 }, (_, index) => index + 0x1e);
		assert.equal(
			hexdump(bytes),
			[
				"00000000: 1e1f 2021 2223 2425 2627 2829 2a2b 2c2d  .. !\"#$%&'()*+,-\n",
				"00000010: 2e2f 3031 3233 3435 3637 3839 3a3b 3c3d  ./0123456789:;<=\n",
				"00000020: 3e3f 40                                  >?@\n",
			].join(""),
		);
		assert.equal(
			hexdump(Uint8Array.of(0x41, 0x42, 0x43), { columns: 2 }),
			"00000000: 4142  AB\n00000002: 43    C\n",
		);
		assert.equal(hexdump(new Uint8Array(0)), "");
	});

	test("shows a packet's fields, those of a few bits together, and what is behind the payload", () => {
		const bytes = build(
			{ ...frame, trailer: new Uint8Array(2) },
			network,
			udp({ sourcePort: 1, destinationPort: 2 }),
			"hi!",
		);
		const lines = hexdump(dissect(bytes)).split("\n");
		const dump = lines.map((line) => line.trimEnd()).join("\n");
		assert.equal(
			dump,
			`ethernet 02:00:00:00:00:02 > 02:00:00:00:00:01
00000000: 0200 0000 0001                           ......            destination 02:00:00:00:00:01
00000006: 0200 0000 0002                           ......            source 02:00:00:00:00:02
0000000c: 0800                                     ..                type 2048
ipv4 192.0.2.1 > 192.0.2.2 ttl 64
0000000e: 45                                       E                 version 4, ihl 5
0000000f: 00                                       .                 dscp 0, ecn 0
00000010: 001f                                     ..                totalLength 31
00000012: 0000                                     ..                identification 0
00000014: 4000                                     @.                reserved false, dontFragment true, moreFragments false, fragmentOffset 0
00000016: 40                                       @                 ttl 64
00000017: 11                                       .                 protocol 17
00000018: b6ca                                     ..                checksum 46794
0000001a: c000 0201                                ....              source 192.0.2.1
0000001e: c000 0202                                ....              destination 192.0.2.2
udp 1 > 2 length 3
00000022: 0001                                     ..                sourcePort 1
00000024: 0002                                     ..                destinationPort 2
00000026: 000b                                     ..                length 11
00000028: f267                                     .g                checksum 62055
raw 3 bytes
0000002a: 6869 21                                  hi!               data
0000002d: 0000                                     ..                ethernet's trailer
`,
		);
	});

	test("tells at the end what is wrong", () => {
		const bytes = build(frame, network, udp({ sourcePort: 1, destinationPort: 2 }), "hi!").subarray(0, 40);
		assert.match(
			hexdump(dissect(bytes)),
			/\nipv4\.totalLength at byte 16: it says 31 bytes, and 26 are there\n$/,
		);
	});

	test("shows every byte once and in order, whatever the packet is", () => {
		for (let seed = 1; seed <= 3000; seed++) {
			const { bytes, sample } = mutated(seed);
			const packet = dissect(bytes, sample.first === undefined ? {} : { first: sample.first });
			assert.equal(bytesShown(hexdump(packet)), hexOf(bytes), `seed ${seed}`);
		}
	});

	test("names every field that is marked", () => {
		for (const [index, bytes] of packets.entries()) {
			const { first } = samples[index] ?? {};
			const packet = dissect(bytes, first === undefined ? {} : { first });
			const dump = hexdump(packet);
			for (const layer of packet.layers)
				for (const { field } of layer.marks()) assert.ok(dump.includes(field));
		}
	});

	test("leaves the fields out, and paints, when it is told to", () => {
		const packet = dissect(build(frame, network));
		assert.equal(hexdump(packet, { fields: false }), hexdump(packet.bytes));
		const painted = hexdump(packet, { color: true });
		assert.notEqual(painted, hexdump(packet));
		// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are such.
		assert.equal(painted.replaceAll(/\x1b\[\d+m/g, ""), hexdump(packet));
	});

	test("refuses what it cannot show", () => {
		assert.throws(() => hexdump("text" as never), { name: "TypeError", message: /takes a packet or bytes/ });
		assert.throws(() => hexdump(new Uint8Array(1), { columns: 0 }), {
			name: "RangeError",
			message: /columns/,
		});
	});
});
