/**
 * The codec of files of captures: what is written comes back, however its bytes come; what is broken is told.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Clock } from "../src/capture/files/codec/timestamps.js";
import {
	CaptureEncoder,
	CaptureFileError,
	CaptureParser,
	type FileInterface,
	type FilePacket,
} from "../src/capture/index.js";
import {
	blocksOf,
	captures,
	encoded,
	joined,
	nameResolutions,
	packed,
	parsed,
	rawBlock,
	richFile,
	secrets,
	sections,
} from "./support/captures.js";
import { Choice } from "./support/frames.js";

/** What flags tell is told beside them. */
function asRead(packet: FilePacket): FilePacket {
	const { direction: _direction, ...others } = packet;
	return others;
}

function some(number: number): FilePacket {
	const bytes = Uint8Array.from({ length: number % 70 }, (_, index) => number + index);
	const time = { seconds: 1763726400 + number, nanoseconds: number * 1000 };
	return { bytes, length: bytes.length + (number % 3), link: "ethernet", ...time };
}

describe("pcapng", () => {
	test("gives back any packets with any options of any interfaces, in both byte orders", () => {
		fc.assert(
			fc.property(captures, fc.boolean(), sections, ({ places, packets }, littleEndian, section) => {
				const file = encoded({ littleEndian, section }, (encoder) => {
					for (const place of places) encoder.interface(place);
					for (const packet of packets) encoder.packet(packet);
				});
				const parser = new CaptureParser();
				parser.push(file);
				parser.end();
				const read = parser.packets();
				assert.deepEqual(read.map(asRead), packets);
				assert.deepEqual(parser.interfaces, places);
				assert.deepEqual(parser.section, section);
				assert.equal(parser.littleEndian, littleEndian);
				// What was read can be written, and is the same again.
				const again = encoded({ littleEndian, section }, (encoder) => {
					for (const place of parser.interfaces) encoder.interface(place);
					for (const packet of read) encoder.packet(packet);
				});
				assert.deepEqual(again, file);
			}),
			{ numRuns: 300 },
		);
	});

	test("gives back names, secrets, statistics and custom blocks", () => {
		fc.assert(
			fc.property(nameResolutions, secrets, fc.boolean(), fc.nat(), (names, keys, littleEndian, count) => {
				const statistics = {
					interface: 0,
					seconds: count,
					nanoseconds: 7,
					begin: { seconds: 1, nanoseconds: 2 },
					end: { seconds: 3, nanoseconds: 4 },
					received: count,
					dropped: 0,
					accepted: 2 ** 50,
					droppedByOs: 3,
					delivered: 4,
					comment: "counted",
				};
				const custom = {
					enterprise: count % 2 ** 32,
					copyable: littleEndian,
					data: new Uint8Array(8).fill(3),
				};
				const file = encoded({ littleEndian }, (encoder) => {
					encoder.interface({ link: "raw" });
					encoder.names(names);
					encoder.secrets(keys);
					encoder.statistics(statistics);
					encoder.custom(custom);
				});
				const values = blocksOf(file).map((block) => block.value);
				assert.deepEqual(values.slice(2), [
					{ kind: "names", value: names },
					{ kind: "secrets", value: keys },
					{ kind: "statistics", value: statistics },
					{ kind: "custom", value: custom },
				]);
			}),
			{ numRuns: 200 },
		);
	});

	test("describes an interface once, by whatever object packets name it", () => {
		const file = encoded({}, (encoder) => {
			for (let number = 0; number < 5; number++) {
				encoder.packet({ ...some(number), interface: { index: 3, name: "eth0" } });
				encoder.packet({ ...some(number), link: "raw", interface: { index: 3, name: "eth0" } });
				encoder.packet(some(number));
			}
		});
		const parser = new CaptureParser();
		parser.push(file);
		const packets = parser.packets();
		assert.deepEqual(
			parser.interfaces.map(({ index, name, link }) => [index, name, link]),
			[
				[0, "eth0", "ethernet"],
				[1, "eth0", "raw"],
				[2, undefined, "ethernet"],
			],
		);
		assert.equal(packets[0]?.interface, packets[3]?.interface);
		assert.equal(packets.length, 15);
	});

	test("keeps the direction of a packet, and the flags that say more", () => {
		const directions = ["in", "out", "broadcast", "multicast", "otherhost"] as const;
		const file = encoded({}, (encoder) => {
			for (const direction of directions) encoder.packet({ ...some(1), direction });
			encoder.packet({ ...some(1), flags: 0x80000001 });
			encoder.packet({ ...some(1), flags: 0 });
		});
		const { packets } = parsed([file]);
		assert.deepEqual(
			packets.map(({ direction }) => direction),
			[...directions, "in", undefined],
		);
		assert.deepEqual(
			packets.map(({ flags }) => flags),
			[5, 2, 13, 9, 17, 0x80000001, 0],
		);
	});

	test("cuts packets to the snap length, and tells it", () => {
		const packet = { ...some(60), bytes: new Uint8Array(60), length: 70 };
		const file = encoded({ snapLength: 40 }, (encoder) => encoder.packet(packet));
		const parser = new CaptureParser();
		parser.push(file);
		const [read] = parser.packets();
		assert.deepEqual([read?.bytes.length, read?.length], [40, 70]);
		assert.equal(parser.interfaces[0]?.snapLength, 40);
	});

	test("reads simple packets as long as the snap length allows, and obsolete ones with their drops", () => {
		const { packets, error } = parsed([richFile()]);
		assert.equal(error, undefined);
		const simple = packets.filter((packet) => packet.simple);
		assert.deepEqual(
			simple.map(({ bytes, seconds }) => [bytes.length, seconds]),
			[
				[61, 0],
				[61, 0],
			],
		);
		const last = packets.at(-1) as FilePacket;
		assert.deepEqual([last.dropCount, last.length, last.bytes.join()], [3, 2, "9,9"]);
		const interface0 = { link: "ethernet", snapLength: 10 } as const;
		const file = encoded({}, (encoder) => {
			const number = encoder.interface(interface0);
			const place = { ...interface0, index: number };
			encoder.packet({ ...some(3), bytes: new Uint8Array(10), length: 99, interface: place, simple: true });
			assert.throws(
				() => encoder.packet({ ...some(3), length: 99, interface: place, simple: true }),
				/there must be 10/,
			);
		});
		assert.deepEqual(parsed([file]).packets[0]?.bytes.length, 10);
	});

	test("keeps options that it does not know, or that are not as they should be", () => {
		const odd = packed(
			true,
			...([
				[2, 9],
				[2, 2],
			] as [2 | 4, number][]), // if_tsresol of two bytes
			Uint8Array.of(6, 6, 0, 0),
			...([
				[2, 2],
				[2, 1],
			] as [2 | 4, number][]), // a name that is no UTF-8
			Uint8Array.of(0xff, 0, 0, 0),
			...([
				[2, 12],
				[2, 1],
			] as [2 | 4, number][]),
			Uint8Array.of(0x61, 0, 0, 0),
			...([
				[2, 12],
				[2, 1],
			] as [2 | 4, number][]), // a second one
			Uint8Array.of(0x62, 0, 0, 0),
			...([
				[2, 2988],
				[2, 5],
			] as [2 | 4, number][]),
			Uint8Array.of(0, 0, 0, 1, 0x63, 0, 0, 0),
		);
		const body = joined(packed(true, [2, 1], [2, 0], [4, 0]), odd);
		const file = joined(
			encoded({}, () => {}),
			rawBlock(1, body),
		);
		const [, block] = blocksOf(file);
		assert.deepEqual(block?.value, {
			kind: "interface",
			value: {
				index: 0,
				link: "ethernet",
				os: "a",
				options: [
					{ code: 9, bytes: Uint8Array.of(6, 6) },
					{ code: 2, bytes: Uint8Array.of(0xff) },
					{ code: 12, bytes: Uint8Array.of(0x62) },
					{ code: 2988, bytes: Uint8Array.of(0, 0, 0, 1, 0x63) },
				],
			},
		});
	});
});

describe("pcap", () => {
	test("gives back bytes, lengths and times, in both byte orders and units", () => {
		fc.assert(
			fc.property(captures, fc.boolean(), fc.boolean(), ({ packets }, littleEndian, micro) => {
				const precision = micro ? "micro" : "nano";
				const plain = packets.map(({ bytes, length, seconds, nanoseconds }) => ({
					...{ bytes, length, seconds, link: 127 },
					nanoseconds: micro ? nanoseconds - (nanoseconds % 1000) : nanoseconds,
				}));
				const file = encoded({ format: "pcap", littleEndian, precision, link: 127 }, (encoder) => {
					for (const packet of packets) encoder.packet({ ...packet, link: 127 });
				});
				assert.equal(file[0], littleEndian ? (micro ? 0xd4 : 0x4d) : 0xa1);
				const parser = new CaptureParser();
				parser.push(file);
				parser.end();
				assert.deepEqual(parser.packets(), plain);
				assert.equal(parser.interfaces[0]?.link, 127);
			}),
			{ numRuns: 200 },
		);
	});

	test("holds packets of one link", () => {
		const encoder = new CaptureEncoder({ format: "pcap" });
		encoder.packet(some(1));
		assert.throws(
			() => encoder.packet({ ...some(1), link: "sll" }),
			/packets of one link: sll does not go with/,
		);
		assert.throws(
			() => encoder.interface({ link: "raw" }),
			/a pcap file cannot hold an interface; pcapng can/,
		);
		const other = new CaptureEncoder({ format: "pcap", link: "raw" });
		assert.throws(() => other.packet(some(1)), /packets of one link: ethernet/);
		other.begin();
		assert.equal(other.length, 24, "one header, and no packet");
	});

	test("of old or patched libpcaps is read", () => {
		const record = packed(false, [4, 7], [4, 8], [4, 2], [4, 3]);
		const data = Uint8Array.of(1, 2);
		const header = (magic: number, minor: number): Uint8Array =>
			packed(false, [4, magic], [2, 2], [2, minor], [4, 0], [4, 0], [4, 0], [4, 1]);
		const patched = joined(header(0xa1b2cd34, 4), record, new Uint8Array(8), data);
		const swapped = joined(header(0xa1b2c3d4, 3), packed(false, [4, 7], [4, 8], [4, 3], [4, 2]), data);
		for (const file of [patched, swapped]) {
			assert.deepEqual(parsed([file]), {
				packets: [{ bytes: data, length: 3, seconds: 7, nanoseconds: 8000, link: "ethernet" }],
				error: undefined,
			});
			const [first, second] = blocksOf(file);
			assert.ok(first !== undefined && second !== undefined);
			const encoder = new CaptureEncoder({ format: "pcap" });
			encoder.block(first);
			encoder.block(second);
			assert.throws(() => encoder.packet(some(1)), /of an old or patched libpcap/);
			assert.deepEqual(encoder.take(), file);
		}
	});

	test("says the frame check sequence, and has fractions beyond a second counted as seconds", () => {
		const header = packed(true, [4, 0xa1b2c3d4], [2, 2], [2, 4], [4, 0], [4, 0], [4, 99], [4, 0x24000001]);
		const file = joined(header, packed(true, [4, 7], [4, 3_000_004], [4, 0], [4, 0]));
		const [first] = blocksOf(file);
		const value = { link: "ethernet", snapLength: 99, nanoseconds: false, fcsLength: 4, usual: true };
		assert.deepEqual(first?.value, { kind: "header", value });
		const [packet] = parsed([file]).packets;
		assert.deepEqual([packet?.seconds, packet?.nanoseconds], [10, 4000]);
	});
});

describe("the bytes of a file", () => {
	const files: [string, Uint8Array][] = [
		["pcapng", richFile()],
		["pcap", encoded({ format: "pcap" }, (encoder) => [1, 64, 0].map((n) => encoder.packet(some(n))))],
		["pcap, big-endian", encoded({ format: "pcap", littleEndian: false }, (e) => e.packet(some(9)))],
	];
	for (const [name, file] of files) {
		test(`may come in any pieces: ${name}`, () => {
			const whole = parsed([file]);
			assert.equal(whole.error, undefined);
			for (let cut = 0; cut <= file.length; cut++) {
				assert.deepEqual(parsed([file.subarray(0, cut), file.subarray(cut)]), whole, `cut at ${cut}`);
			}
			assert.deepEqual(parsed(Array.from(file, (byte) => Uint8Array.of(byte))), whole);
			// A Buffer's slice() is no copy, and packets must not change with what the pool holds next.
			assert.deepEqual(parsed(Array.from(file, (byte) => Buffer.from([byte]))), whole);
		});

		test(`end anywhere: whole packets, then an error that says where: ${name}`, () => {
			const { packets } = parsed([file]);
			const ends = new Set([0, ...blocksOf(file).map(({ offset, bytes }) => offset + bytes.length)]);
			const starts = [...ends];
			for (let cut = 0; cut < file.length; cut++) {
				const { packets: there, error } = parsed([file.subarray(0, cut)]);
				assert.deepEqual(there, packets.slice(0, there.length));
				if (cut > 0 && ends.has(cut)) {
					assert.equal(error, undefined, `cut at ${cut}`);
					continue;
				}
				assert.ok(error instanceof CaptureFileError, `cut at ${cut}`);
				assert.equal(error.code, cut < 4 ? "UNKNOWN_FORMAT" : "TRUNCATED");
				assert.equal(
					error.offset,
					starts.findLast((start) => start <= cut),
				);
			}
		});

		test(`are the same when all blocks are copied: ${name}`, () => {
			const blocks = blocksOf(file);
			assert.deepEqual(joined(...blocks.map(({ bytes }) => bytes)), file);
			const format = blocks[0]?.format ?? "pcapng";
			const copy = encoded({ format }, (encoder) => {
				for (const block of blocks) encoder.block(block);
			});
			assert.deepEqual(copy, file);
			assert.deepEqual(
				blocks.flatMap((block) => (block.packet === undefined ? [] : [block.packet])),
				parsed([file]).packets,
			);
		});

		test(`may be broken: nothing but a CaptureFileError is thrown, and nothing hangs: ${name}`, () => {
			const choice = new Choice(7);
			for (let round = 0; round < 3000; round++) {
				const broken = file.slice();
				for (let count = choice.below(4); count >= 0; count--) {
					const at = choice.below(broken.length);
					broken[at] = choice.of([0, 1, 0xff, 0x7f, 0x80, choice.below(256), broken[at] ?? 0]);
				}
				const { error } = parsed([
					broken.subarray(0, choice.of([broken.length, choice.below(broken.length)])),
				]);
				assert.ok(error === undefined || error instanceof CaptureFileError, String(error));
				try {
					const blocks = blocksOf(broken);
					for (const block of blocks) void block.value;
					assert.deepEqual(joined(...blocks.map(({ bytes }) => bytes)), broken);
				} catch (problem) {
					assert.ok(problem instanceof CaptureFileError, String(problem));
				}
			}
		});
	}

	test("may be anything", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...files), (noise, [, file]) => {
				for (const bytes of [noise, joined(file.subarray(0, 28), noise), joined(file, noise)]) {
					const { error } = parsed([bytes]);
					assert.ok(error === undefined || error instanceof CaptureFileError, String(error));
				}
			}),
			{ numRuns: 500 },
		);
	});

	test("are not believed when they say a size: there is no memory for it, and a limit", () => {
		const header = encoded({}, () => {});
		const huge = joined(header, packed(true, [4, 6], [4, 0x7ffffffc]), new Uint8Array(100));
		const { error } = parsed([huge]);
		assert.ok(error instanceof CaptureFileError);
		assert.equal(error.code, "TOO_LARGE");
		assert.equal(
			error.message,
			"an enhanced packet block at byte 28: it has 2147483644 bytes, and maxBlockSize allows 16777216",
		);
		const before = process.memoryUsage().arrayBuffers;
		const parser = new CaptureParser({ maxBlockSize: 2 ** 31 - 1 });
		parser.push(huge);
		assert.deepEqual(parser.packets(), []);
		assert.ok(process.memoryUsage().arrayBuffers - before < 1e6);
		parser.end();
		assert.throws(() => parser.packets(), /the file ends within it: of 2147483644 bytes 108 are there/);
		const small = new CaptureParser({ maxBlockSize: 64 });
		small.push(encoded({}, (encoder) => encoder.packet(some(60))));
		assert.throws(() => small.packets(), { code: "TOO_LARGE" });
	});

	test("that are no capture are told as what they are", () => {
		for (const [bytes, message] of [
			[[], /a capture at byte 0: it is empty/],
			[[1], /it has 1 bytes, and is neither pcap nor pcapng/],
			[[0x1f, 0x8b, 8, 0], /compressed by gzip: decompress it first, with createGunzip\(\) of node:zlib/],
			[[0x28, 0xb5, 0x2f, 0xfd], /compressed by zstd/],
			[[1, 2, 3, 4, 5], /it begins with 0x01020304, and is neither pcap nor pcapng/],
			[[...packed(true, [4, 0xa1b2c3d4], [2, 3], [2, 0]), ...new Uint8Array(16)], /of version 3\.0/],
			[[...packed(true, [4, 0x0a0d0d0a], [4, 28], [4, 7])], /no byte-order magic/],
		] as [number[], RegExp][]) {
			const { error } = parsed([Uint8Array.from(bytes)]);
			assert.ok(error instanceof CaptureFileError);
			assert.match(error.message, message);
			assert.equal(error.code, "UNKNOWN_FORMAT");
		}
	});

	test("that contradict each other are told", () => {
		const header = encoded({}, (encoder) => void encoder.interface({ link: "raw" }));
		const packet = (captured: number, place = 0) =>
			rawBlock(6, packed(true, [4, place], [4, 0], [4, 0], [4, captured], [4, 60], new Uint8Array(8)));
		const twice = packet(8);
		twice[twice.length - 4] = 99;
		for (const [block, message] of [
			[packet(9), /it says 9 bytes of a packet, and 8 are in it/],
			[packet(0xffffffff), /it says 4294967295 bytes/],
			[packet(8, 1), /it is of interface 1, and the section has described 1 so far/],
			[twice, /it has 40 bytes by its first length, and 99 by its second/],
			[rawBlock(6, new Uint8Array(8)), /its body has 8 bytes, and 20 at least are needed/],
			[packed(true, [4, 6], [4, 13]), /its length of 13 bytes is too small, or no multiple of four/],
			[packed(true, [4, 6], [4, 0]), /its length of 0 bytes/],
			[rawBlock(1, packed(true, [2, 1], [2, 0], [4, 0], [2, 2], [2, 99])), /option 2 of 99 bytes is longer/],
			[rawBlock(0x0a0d0d0a, packed(true, [4, 0x1a2b3c4d], [2, 2], [2, 0], [4, 0], [4, 0])), /version 2\.0/],
		] as [Uint8Array, RegExp][]) {
			const { packets, error } = parsed([joined(header, packet(8), block)]);
			assert.equal(packets.length, 1);
			assert.ok(error instanceof CaptureFileError);
			assert.match(error.message, message);
			assert.deepEqual([error.code, error.offset], ["MALFORMED", header.length + 40]);
		}
	});
});

describe("times", () => {
	test("are exact in every unit", () => {
		const reference = (base: number, exponent: number, time: bigint): [number, number] => {
			const units = BigInt(base) ** BigInt(exponent);
			return [Number(time / units), Number(((time % units) * 1_000_000_000n) / units)];
		};
		const bases = fc.constantFrom(2 as const, 10 as const);
		const times = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
		fc.assert(
			fc.property(bases, fc.nat({ max: 127 }), times, fc.nat({ max: 40 }), (base, exponent, time, shift) => {
				const some = time >> BigInt(shift);
				const clock = new Clock({ base, exponent });
				clock.split(Number(some >> 32n), Number(some & 0xffffffffn));
				const [seconds, nanoseconds] = reference(base, exponent, some);
				if (Number.isSafeInteger(seconds)) {
					assert.deepEqual([clock.seconds, clock.nanoseconds], [seconds, nanoseconds]);
				}
				// And back, as far as nanoseconds tell units apart.
				if (!Number.isSafeInteger(seconds) || !clock.join(seconds, nanoseconds)) return;
				clock.split(clock.high, clock.low);
				assert.deepEqual([clock.seconds, clock.nanoseconds], [seconds, nanoseconds]);
			}),
			{ numRuns: 3000 },
		);
	});

	test("that the format cannot hold are refused", () => {
		const encoder = new CaptureEncoder();
		for (const [change, message] of [
			[{ seconds: -1 }, /seconds must be an integer from 0/],
			[{ seconds: 2 ** 50 }, /cannot be written in the unit/],
			[{ nanoseconds: 1e9 }, /nanoseconds must be an integer from 0 to 999999999/],
			[{ length: -1 }, /length must be/],
			[{ link: "wifi" }, /link must be ethernet, raw, sll, sll2 or the number of a link type, not wifi/],
			[{ bytes: "text" }, /bytes must be a Uint8Array, not a string/],
			[{ interface: "eth0" }, /interface must be \{ index, name \}, not a string/],
			[{ comment: 7 }, /packet\.comment must be a string, not a number/],
			[{ comment: "x".repeat(65536) }, /packet\.comment has 65536 bytes, and an option at most 65535/],
			[{ comment: "\ud800" }, /half a character/],
			[{ furtherComments: ["x"] }, /has furtherComments, but no comment/],
			[{ packetId: 7 }, /packet\.packetId must be a bigint/],
			[{ flags: 2 ** 32 }, /packet\.flags must be an integer/],
		] as [object, RegExp][]) {
			const before = encoder.length;
			assert.throws(
				() => encoder.packet({ ...some(1), ...change } as FilePacket),
				(error) => (error instanceof TypeError || error instanceof RangeError) && message.test(error.message),
				JSON.stringify(change),
			);
			if (before > 0) assert.equal(encoder.length, before, "nothing of it is written");
			else encoder.packet(some(1));
		}
		const pcap = new CaptureEncoder({ format: "pcap" });
		assert.throws(() => pcap.packet({ ...some(1), seconds: 2 ** 32 }), /below 2 \*\* 32 in pcap/);
	});
});

test("blocks go where they belong", () => {
	const [header, place] = blocksOf(encoded({ littleEndian: false }, (e) => e.packet(some(1))));
	const [pcap] = blocksOf(encoded({ format: "pcap" }, (e) => e.packet(some(1))));
	assert.ok(header !== undefined && place !== undefined && pcap !== undefined);
	const encoder = new CaptureEncoder();
	assert.throws(() => encoder.block(pcap), /a block of a pcap file does not go into a pcapng file/);
	assert.throws(() => encoder.block(place), /another byte order/);
	encoder.block(header);
	encoder.block(place);
	const { value } = place;
	assert.ok(value.kind === "interface");
	encoder.packet({ ...some(2), interface: value.value as FileInterface });
	assert.throws(
		() => encoder.statistics({ interface: 1, seconds: 0, nanoseconds: 0 }),
		/no interface of number 1/,
	);
	// The file began with a header of the encoder's own.
	const parser = new CaptureParser();
	parser.push(encoder.take());
	const [packet] = parser.packets();
	assert.equal(packet?.interface?.index, 0);
	assert.equal(parser.littleEndian, false);
});
