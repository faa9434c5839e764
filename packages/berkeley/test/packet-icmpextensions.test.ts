/**
 * What routers add to the errors of ICMP and ICMPv6: what is filled in, what is kept, and scapy's bytes. The tests of
 * packets of all kinds have more of it: mutated, as JSON, and as tshark shows them.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	build,
	checksum,
	dissect,
	fromJson,
	hexdump,
	type IcmpExtension,
	type Icmpv4,
	icmpv4,
	icmpv6,
	ipv4,
	ipv6,
	type MplsLabelStack,
	type Part,
	readIcmpExtension,
	recomputed,
	toJson,
	udp,
} from "../src/packet/index.js";
import { hexOf, readAndRebuild } from "./support/mutations.js";
import { askPython } from "./support/oracles.js";
import { icmpExtension } from "./support/packets.js";

const outer4 = ipv4({ source: "192.0.2.1", destination: "192.0.2.2" });
const outer6 = ipv6({ source: "2001:db8::1", destination: "2001:db8::2" });
const datagram = udp({ sourcePort: 61000, destinationPort: 61001 });
const labels: MplsLabelStack = {
	kind: "mplsLabelStack",
	labels: [
		{ label: 16, ttl: 1 },
		{ label: 0x7ffff, trafficClass: 7, ttl: 64 },
	],
};
const extension: IcmpExtension = {
	objects: [labels, { kind: "unknown", class: 2, type: 5, data: Uint8Array.of(1, 2, 3, 4) }],
};
const inHex = "000c0101" + "00010001" + "7fffff40" + "00080205" + "01020304";

const four = (...parts: Part[]): Uint8Array => build(outer4, ...parts);
const read4 = (bytes: Uint8Array) => dissect(bytes, { first: ipv4 });
const sized = (length: number): [typeof outer4, typeof datagram, Uint8Array] => [
	outer4,
	datagram,
	new Uint8Array(length - 28).fill(7),
];

function refuses(message: RegExp, ...parts: Part[]): void {
	assert.throws(() => build(...parts), { message });
}

describe("build()", () => {
	for (const [type, first] of [
		[3, "destination unreachable"],
		[11, "time exceeded"],
		[12, "parameter problem"],
	] as const) {
		test(`fills in a length, zeros up to it and a checksum: ICMP ${first}`, () => {
			for (const [quoted, length] of [
				[28, 128],
				[127, 128],
				[128, 128],
				[129, 132],
				[1020, 1020],
			] as const) {
				const bytes = four(icmpv4({ type, extension }), ...sized(quoted));
				assert.equal(bytes.length, 28 + length + 24);
				assert.equal(bytes[25], length / 4);
				assert.equal(hexOf(bytes.subarray(28 + length + 4)), inHex);
				assert.equal(checksum(bytes, 28 + length), 0);
				assert.ok(bytes.subarray(28 + quoted, 28 + length).every((byte) => byte === 0));
				const packet = readAndRebuild(bytes, ipv4);
				assert.equal(packet.error, undefined);
				const view = packet.get(icmpv4);
				assert.equal(view?.checksumIsRight, true);
				assert.equal(view.extensionChecksumIsRight, true);
				assert.equal(view.payload.length, length);
				assert.equal(packet.payload.length, quoted - 28);
			}
		});
	}

	test("fills in a length, zeros up to it and checksums: ICMPv6", () => {
		for (const type of [1, 3]) {
			for (const [quoted, length] of [
				[48, 128],
				[129, 136],
				[2040, 2040],
			] as const) {
				const inside = [outer6, datagram, new Uint8Array(quoted - 48)];
				const bytes = build(outer6, icmpv6({ type, extension }), ...inside);
				assert.equal(bytes[44], length / 8);
				const packet = readAndRebuild(bytes, ipv6);
				assert.equal(packet.error, undefined);
				const view = packet.get(icmpv6);
				assert.equal(view?.checksumIsRight, true);
				assert.equal(view.extensionChecksumIsRight, true);
				assert.equal(hexOf(bytes.subarray(48 + length + 4)), inHex);
			}
		}
	});

	test("keeps what is given: a length, a checksum, a version, and fills up nothing then", () => {
		const given = { ...extension, version: 3, reserved: 5, checksum: 6 };
		const bytes = four(icmpv4({ type: 11, length: 9, extension: given }), ...sized(36));
		assert.equal(bytes.length, 28 + 36 + 24);
		assert.equal(hexOf(bytes.subarray(64, 68)), "30050006");
		const packet = readAndRebuild(bytes, ipv4);
		assert.match(packet.error?.message ?? "", /^icmpv4\.extension\.version at byte 64: it is 3, not 2$/);
		assert.deepEqual(packet.get(icmpv4)?.extension, {
			version: 3,
			reserved: 5,
			checksum: 6,
			objects: [{ kind: "malformed", data: bytes.slice(68) }],
		});
		// As routers had it before there was a length.
		const old = four(icmpv4({ type: 11, length: 0, extension }), ...sized(128));
		assert.equal(old[25], 0);
		assert.equal(readAndRebuild(old, ipv4).get(icmpv4)?.extension, undefined);
	});

	test("sends no checksum of 0, which says that there is none", () => {
		const object = { kind: "unknown" as const, class: 0, type: 0, data: Uint8Array.of(0xdf, 0xf7, 0, 0) };
		const bytes = four(icmpv4({ type: 11, extension: { objects: [object] } }));
		assert.equal(hexOf(bytes.subarray(156, 160)), "2000ffff");
		assert.equal(read4(bytes).get(icmpv4)?.extensionChecksumIsRight, true);
		const none = four(icmpv4({ type: 11, extension: { ...extension, checksum: 0 } }));
		assert.equal(read4(none).get(icmpv4)?.extensionChecksumIsRight, undefined);
		const wrong = four(icmpv4({ type: 11, extension: { ...extension, checksum: 1 } }));
		assert.equal(read4(wrong).get(icmpv4)?.extensionChecksumIsRight, false);
	});

	test("computes it anew with recomputed(), which leaves its argument alone", () => {
		const bytes = four(icmpv4({ type: 11, extension }), ...sized(28));
		const [ip, icmp, ...quoted] = read4(bytes).toValues();
		assert.ok(ip !== undefined && icmp?.layer === "icmpv4");
		const before = toJson([icmp]);
		const added = { ...icmp, extension: { ...(icmp as Icmpv4).extension, objects: [labels] } };
		const after = build(recomputed(ip), recomputed(added), ...quoted);
		assert.equal(after.length, bytes.length - 8);
		assert.equal(read4(after).get(icmpv4)?.extensionChecksumIsRight, true);
		assert.deepEqual(build(recomputed(ip), recomputed(icmp), ...quoted), bytes);
		assert.equal(toJson([icmp]), before);
	});

	test("refuses what no extension is, by name", () => {
		const time = (given: object): Part => icmpv4({ type: 11, extension: given as IcmpExtension });
		const label = (given: object): Part => time({ objects: [{ kind: "mplsLabelStack", labels: [given] }] });
		refuses(/icmpv4\.extension is no field of an echo/, icmpv4({ type: 8, extension }));
		refuses(/icmpv6\.extension is no field of a parameter problem/, icmpv6({ type: 4, extension }));
		refuses(/icmpv4\.extension must be an object .*, not bytes/, time(new Uint8Array(4)));
		refuses(/icmpv4\.extension\.objects must be an array, not a number/, time({ objects: 5 }));
		refuses(/extension\.objects\[0\] must be an object with kind mplsLabelStack/, time({ objects: [5] }));
		refuses(/objects\[0\]\.data must be a Uint8Array, not und/, time({ objects: [{ kind: "unknown" }] }));
		refuses(/objects\[0\]\.labels must be an array/, time({ objects: [{ kind: "mplsLabelStack" }] }));
		refuses(/labels\[0\]\.label must .* 1048575, not 1048576/, label({ label: 1 << 20 }));
		refuses(/labels\[0\]\.trafficClass must .* 7, not 8/, label({ label: 1, trafficClass: 8 }));
		refuses(/labels\[0\]\.bottom must be true or false/, label({ label: 1, bottom: 1 }));
		refuses(/labels\[0\]\.ttl must .* 255, not 256/, label({ label: 1, ttl: 256 }));
		refuses(/extension\.version must .* 15, not 16/, time({ version: 16 }));
		refuses(/extension\.reserved must .* 4095, not 4096/, time({ reserved: 4096 }));
		refuses(/extension\.checksum must .* 65535, not 65536/, time({ checksum: 65536 }));
		const far = "icmpv4\\.length: what is quoted before an extension has at most 1020 bytes, not 1024";
		refuses(new RegExp(far), icmpv4({ type: 11, extension }), ...sized(1021));
	});
});

describe("dissect()", () => {
	test("tells what is wrong, and loses nothing of it", () => {
		const bytes = four(icmpv4({ type: 11, extension }), ...sized(28));
		const behind = 28 + 128;
		for (const [at, to, message] of [
			[25, 39, /^icmpv4\.length at byte 25: it says that 156 bytes are quoted, and 152 are there$/],
			[25, 31, /^icmpv4\.extension\.version at byte 152: it is 0, not 2$/],
			[behind + 5, 3, /^icmpv4\.extension\.objects at byte 160: /],
			[behind + 5, 200, /^icmpv4\.extension\.objects at byte 160: /],
			[behind + 17, 9, /^icmpv4\.extension\.objects at byte 172: /],
		] as const) {
			const broken = bytes.slice();
			broken[at] = to;
			assert.match(readAndRebuild(broken, ipv4).error?.message ?? "", message);
		}
		const short = four(icmpv4({ type: 11, length: 32 }), ...sized(128), new Uint8Array(3));
		const message = /^icmpv4\.extension at byte 156: it has at least 4 bytes, and 3 are there$/;
		assert.match(readAndRebuild(short, ipv4).error?.message ?? "", message);
		for (let length = 0; length < bytes.length; length++) readAndRebuild(bytes.slice(0, length), ipv4);
	});

	test("shows it to people, and as JSON", () => {
		const packet = read4(four(icmpv4({ type: 11, extension }), ...sized(28)));
		assert.match(packet.summary(), /icmpv4 time exceeded code 0 mpls 16\/524287, object 2\/5 \| ipv4/);
		const dump = hexdump(packet);
		assert.match(dump, /icmpv4's trailer\n(?:.*\n)*.* extension\.version 2, extension\.reserved 0\n/);
		assert.match(dump, /extension\.objects\[1\] unknown class 2 type 5 data 01020304\n$/);
		assert.deepEqual(build(...fromJson(toJson(packet.toValues()))), packet.bytes);
		assert.throws(
			() => fromJson('[{ "layer": "icmpv4", "type": 11, "extension": { "objects": [], "more": 1 } }]'),
			/^TypeError: \[0\]\.extension\.more is no field here$/,
		);
	});
});

describe("readIcmpExtension()", () => {
	test("reads what build() wrote, and any bytes without a throw", () => {
		fc.assert(
			fc.property(icmpExtension, (given) => {
				const bytes = build(icmpv4({ type: 11, extension: given }));
				const read = readIcmpExtension(bytes, 8 + 128);
				assert.deepEqual(read?.objects, given.objects);
				assert.deepEqual(read, dissect(bytes, { first: icmpv4 }).get(icmpv4)?.extension);
			}),
		);
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(50), fc.boolean(), (bytes, start, known) => {
				if (known && start < bytes.length) bytes[start] = 0x20;
				const read = readIcmpExtension(bytes, start);
				assert.equal(read === undefined, start + 4 > bytes.length);
				if (read === undefined) return;
				const message = build(icmpv4({ type: 11, length: 0, extension: read }));
				assert.deepEqual(message.slice(8), bytes.slice(start));
			}),
		);
	});
});

const python = ["python3", "/usr/bin/python3"].find(
	(candidate) => spawnSync(candidate, ["-c", "import scapy.contrib.icmp_extensions"]).status === 0,
);

/** Scapy's packets of the same values. Its own checksum is of the header alone. */
const script = `
from scapy.all import *
from scapy.contrib.icmp_extensions import *
from scapy.utils import checksum
def structure(objects):
    tail = b""
    for kind, first, second in objects:
        if kind == "mplsLabelStack":
            tail += bytes(ICMPExtensionMPLS(stack=[MPLS(label=l, cos=c, s=s, ttl=t) for l, c, s, t in first]))
        else:
            tail += bytes(ICMPExtensionObject(classnum=first, classtype=second[0]) / Raw(bytes.fromhex(second[1])))
    head = bytes(ICMPExtensionHeader(chksum=0))
    return bytes(ICMPExtensionHeader(chksum=checksum(head + tail))) + tail
def answer(request):
    objects, version = request
    inner = UDP(sport=61000, dport=61001)
    extension = structure(objects)
    if version == 4:
        quoted = bytes(IP(id=0, src="192.0.2.1", dst="192.0.2.2") / inner).ljust(128, b"\\0")
        whole = IP(id=0, src="192.0.2.1", dst="192.0.2.2") / ICMP(type=11, length=32) / Raw(quoted + extension)
    else:
        quoted = bytes(IPv6(src="2001:db8::1", dst="2001:db8::2") / inner).ljust(128, b"\\0")
        outer = IPv6(src="2001:db8::1", dst="2001:db8::2")
        whole = outer / ICMPv6TimeExceeded(length=16) / Raw(quoted + extension)
    return bytes(whole).hex()
`;

describe("scapy", { skip: python === undefined ? "there is no python3-scapy" : false }, () => {
	test("builds the same packets", () => {
		const given = fc.sample(icmpExtension, { numRuns: 60, seed: 1 });
		const rows = given.map(({ objects = [] }) =>
			objects.map((object) => {
				if (object.kind === "mplsLabelStack") {
					const stack = object.labels.map((entry) => [
						entry.label,
						entry.trafficClass,
						entry.bottom ? 1 : 0,
						entry.ttl,
					]);
					return ["mplsLabelStack", stack, null];
				}
				if (object.kind === "malformed") throw new Error("no such object is made");
				return ["unknown", object.class, [object.type, hexOf(object.data)]];
			}),
		);
		const requests = rows.flatMap((row) => [
			[row, 4],
			[row, 6],
		]);
		const answers = askPython(script, requests, python);
		for (const [index, value] of given.entries()) {
			const ours = build(outer4, icmpv4({ type: 11, extension: value }), outer4, datagram);
			const ours6 = build(outer6, icmpv6({ type: 3, extension: value }), outer6, datagram);
			assert.deepEqual([hexOf(ours), hexOf(ours6)], answers.slice(index * 2, index * 2 + 2));
		}
	});
});
