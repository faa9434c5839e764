/**
 * Packets built and read: what is filled in, what is kept, and that nothing that was read is lost.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	build,
	checksum,
	dissect,
	ethernet,
	ipv4,
	type LayerValue,
	raw,
	recomputed,
	TH_ACK,
	TH_SYN,
	tcp,
	udp,
	updateChecksum,
	updateChecksumOfBytes,
} from "../src/packet/index.js";

const frame = ethernet({ destination: "02:00:00:00:00:01", source: "02:00:00:00:00:02" });
const network = ipv4({ source: "192.0.2.1", destination: "192.0.2.2" });

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}

describe("build()", () => {
	test("fills in lengths, numbers of protocols and checksums", () => {
		const packet = dissect(build(frame, network, udp({ sourcePort: 1, destinationPort: 2 }), "hello"));
		assert.equal(packet.error, undefined);
		assert.equal(packet.get(ethernet)?.type, 0x0800);
		const ip = packet.get(ipv4);
		assert.deepEqual([ip?.totalLength, ip?.protocol, ip?.checksumIsRight], [33, 17, true]);
		const datagram = packet.get(udp);
		assert.deepEqual([datagram?.length, datagram?.checksumIsRight], [13, true]);
		assert.equal(String(Buffer.from(packet.payload)), "hello");
	});

	test("keeps what it is given, right or wrong", () => {
		const wrong = ipv4({
			source: "192.0.2.1",
			destination: "192.0.2.2",
			totalLength: 1500,
			protocol: 6,
			checksum: 0xbeef,
		});
		const packet = dissect(
			build(frame, wrong, udp({ sourcePort: 1, destinationPort: 2, length: 9, checksum: 0 })),
		);
		const ip = packet.get(ipv4);
		assert.deepEqual([ip?.totalLength, ip?.protocol, ip?.checksum], [1500, 6, 0xbeef]);
		assert.equal(ip?.checksumIsRight, false);
		assert.equal(packet.error?.field, "totalLength");
	});

	test("sends a UDP checksum of 0 as 0xffff, for 0 says that there is none", () => {
		// The sum of everything else with these two bytes is 0xffff.
		const datagram = udp({ sourcePort: 1, destinationPort: 2 });
		const sum = dissect(build(frame, network, datagram, new Uint8Array(2))).get(udp)?.checksum as number;
		const zero = dissect(build(frame, network, datagram, Uint8Array.of(sum >>> 8, sum & 255)));
		assert.equal(zero.get(udp)?.checksum, 0xffff);
		assert.equal(zero.get(udp)?.checksumIsRight, true);
	});

	test("refuses what a field cannot hold, by its name", () => {
		const cases: [LayerValue, RegExp][] = [
			[ipv4({ source: "192.0.2.1", destination: "192.0.2.2", ttl: 256 }), /ipv4\.ttl .* 0 to 255, not 256/],
			[ipv4({ source: "nowhere", destination: "192.0.2.2" }), /ipv4\.source .* "nowhere"/],
			[ethernet({ destination: "02:00", source: "02:00:00:00:00:02" }), /ethernet\.destination/],
			[tcp({ sourcePort: 1.5, destinationPort: 2 }), /tcp\.sourcePort/],
			[tcp({ sourcePort: 1, destinationPort: 2, options: [{ kind: "mss", value: -1 }] }), /mss\.value/],
			[{ layer: "nothing" }, /no layer "nothing"; there are .*ipv4/],
		];
		for (const [layer, message] of cases) assert.throws(() => build(layer), { message });
		assert.throws(() => build(5 as never), TypeError);
		assert.throws(() => build(raw({ data: "text" as never })), TypeError);
	});

	test("puts a trailer behind what the payload takes", () => {
		const short = { ...frame, trailer: new Uint8Array(18) };
		const bytes = build(short, network, udp({ sourcePort: 1, destinationPort: 2 }));
		assert.equal(bytes.length, 60);
		const packet = dissect(bytes);
		assert.equal(packet.get(ipv4)?.totalLength, 28);
		assert.deepEqual(packet.toValues()[0]?.trailer, new Uint8Array(18));
	});
});

describe("recomputed()", () => {
	test("lets a packet that was read be changed", () => {
		const before = build(frame, network, tcp({ sourcePort: 1, destinationPort: 2 }), "before");
		const [outer, ip, segment] = dissect(before).toValues() as [LayerValue, LayerValue, LayerValue];
		const after = dissect(build(outer, recomputed(ip), recomputed(segment), "after that"));
		assert.equal(after.error, undefined);
		assert.equal(after.get(ipv4)?.totalLength, 50);
		assert.equal(after.get(tcp)?.checksumIsRight, true);
	});
});

describe("dissect()", () => {
	test("gives the layers that it could read, and names layer, field and offset of what is wrong", () => {
		const whole = build(frame, network, tcp({ sourcePort: 1, destinationPort: 2, flags: TH_SYN | TH_ACK }));
		const { layers, error } = dissect(whole.subarray(0, 40));
		assert.deepEqual(
			layers.map(({ layer }) => layer),
			["ethernet", "ipv4", "raw"],
		);
		assert.deepEqual(
			{ ...error, message: "" },
			{ layer: "ipv4", field: "totalLength", offset: 16, message: "" },
		);
		assert.match(error?.message ?? "", /^ipv4\.totalLength at byte 16: it says 40 bytes, and 26 are there$/);
	});

	test("gives back every byte that it was given, whatever it was, and never throws", () => {
		const values = fc.constantFrom(
			build(frame, network, udp({ sourcePort: 1, destinationPort: 2 }), "hello"),
			build(
				frame,
				ipv4({
					source: "192.0.2.1",
					destination: "192.0.2.2",
					options: [
						{ kind: "recordRoute", pointer: 4, addresses: ["0.0.0.0", "0.0.0.0"] },
						{ kind: "routerAlert", value: 0 },
						{ kind: "timestamp", pointer: 5, overflow: 1, flag: 0, data: new Uint8Array(8) },
					],
				}),
				tcp({
					sourcePort: 1,
					destinationPort: 2,
					options: [
						{ kind: "mss", value: 1460 },
						{ kind: "sackPermitted" },
						{ kind: "timestamps", value: 1, echo: 0 },
						{ kind: "nop" },
						{ kind: "windowScale", shift: 7 },
						{ kind: "fastOpen", cookie: new Uint8Array(8) },
					],
				}),
				"hello",
			),
		);
		const mutations = fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 4 });
		fc.assert(
			fc.property(values, mutations, fc.nat(150), (packet, changes, length) => {
				const bytes = packet.slice(0, length);
				for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
				const read = dissect(bytes);
				assert.equal(hex(build(...read.toValues())), hex(bytes), read.summary());
				for (const layer of read.layers) {
					for (const { start, end } of layer.marks())
						assert.ok(start >= layer.start && end <= layer.payloadStart);
				}
			}),
			{ numRuns: 5000 },
		);
	});
});

describe("checksum()", () => {
	test("is that of the example of RFC 1071", () => {
		const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
		assert.equal(checksum(bytes), 0xffff - 0xddf2);
	});

	test("can be updated for words that change, as RFC 1624 says", () => {
		// Its own example, which the update of RFC 1141 gets wrong.
		assert.equal(updateChecksum(0xdd2f, 0x5555, 0x3285), 0x0000);
		fc.assert(
			fc.property(
				fc.uint8Array({ minLength: 20, maxLength: 20 }),
				fc.uint8Array({ minLength: 4, maxLength: 4 }),
				(bytes, to) => {
					fc.pre(bytes.some((byte) => byte !== 0));
					const changed = bytes.slice();
					changed.set(to, 8);
					fc.pre(changed.some((byte) => byte !== 0));
					assert.equal(updateChecksumOfBytes(checksum(bytes), bytes.subarray(8, 12), to), checksum(changed));
				},
			),
		);
	});
});
