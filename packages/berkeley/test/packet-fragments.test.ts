/**
 * Fragments of IP packets: cut as scapy cuts them, put together in any order, and given up where they contradict each
 * other or are too many.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	build,
	dissect,
	fragment,
	ipv4,
	ipv6,
	ipv6DestinationOptions,
	ipv6Fragment,
	ipv6HopByHop,
	ipv6Routing,
	type LayerValue,
	Reassembler,
	recomputed,
	udp,
} from "../src/packet/index.js";
import { askPython } from "./support/oracles.js";

const hex = (bytes: Uint8Array | undefined): string | undefined =>
	bytes && Buffer.from(bytes).toString("hex");
const outer4 = ipv4({ source: "192.0.2.1", destination: "192.0.2.2", identification: 0x1234 });
const outer6 = ipv6({ source: "2001:db8::1", destination: "2001:db8::2" });
const datagram = udp({ sourcePort: 61000, destinationPort: 61001 });
const content = Uint8Array.from({ length: 3000 }, (_, index) => index * 7);
const packet4 = build(outer4, datagram, content);
const packet6 = build(outer6, datagram, content);

/** The pieces of a packet, whose last bytes are `data`, one for each range of it. */
function piece(start: number, end: number, more: boolean, identification = 1): Uint8Array {
	return build(
		ipv4({
			source: "192.0.2.1",
			destination: "192.0.2.2",
			identification,
			protocol: 253,
			fragmentOffset: start / 8,
			moreFragments: more,
		}),
		content.subarray(start, end),
	);
}

describe("fragment()", () => {
	test("cuts an IPv4 packet into fragments that are no larger than the MTU", () => {
		const pieces = fragment(packet4, 1500);
		assert.deepEqual(
			pieces.map((bytes) => {
				const { ipv4: header } = readFirst(bytes);
				return [header.totalLength, header.fragmentOffset, header.moreFragments, header.checksumIsRight];
			}),
			[
				[1500, 0, true, true],
				[1500, 185, true, true],
				[68, 370, false, true],
			],
		);
	});

	test("copies the options of IPv4 that say so into all fragments, and others into the first alone", () => {
		const options = [
			{ kind: "recordRoute" as const, pointer: 4, addresses: ["0.0.0.0"] },
			{ kind: "routerAlert" as const, value: 0 },
		];
		const pieces = fragment(build({ ...outer4, options } as LayerValue, datagram, content), 1500);
		const kinds = pieces.map((bytes) => readFirst(bytes).ipv4.options.map(({ kind }) => kind));
		assert.deepEqual(kinds, [["recordRoute", "routerAlert", "end"], ["routerAlert"], ["routerAlert"]]);
	});

	test("puts a fragment header behind the headers that IPv6's routers look at", () => {
		const alert = [{ kind: "routerAlert" as const, value: 0 }];
		const home = ipv6Routing({ routingType: 0, addresses: ["2001:db8::3"], segmentsLeft: 0 });
		const options = ipv6DestinationOptions({});
		const cases: [LayerValue[], string[]][] = [
			[[], []],
			[[ipv6HopByHop({ options: alert })], ["ipv6HopByHop"]],
			[
				[options, home],
				["ipv6DestinationOptions", "ipv6Routing"],
			],
			[[home, options], ["ipv6Routing"]],
			[[options], []],
		];
		for (const [layers, before] of cases) {
			const packet = build(outer6, ...layers, datagram, content);
			const pieces = fragment(packet, 1280, { identification: 0x12345678 });
			assert.equal(pieces.length, 3);
			for (const bytes of pieces) {
				assert.ok(bytes.length <= 1280);
				const read = dissect(bytes, { first: ipv6 });
				assert.equal(read.get(ipv6Fragment)?.identification, 0x12345678);
				const names = read.layers.map(({ layer }) => layer);
				assert.deepEqual(names.slice(0, before.length + 2), ["ipv6", ...before, "ipv6Fragment"]);
			}
			assert.equal(hex(together(pieces)), hex(packet));
		}
	});

	test("gives back what is small enough, and refuses what must not or cannot be cut", () => {
		assert.equal(fragment(packet4, packet4.length)[0]?.length, packet4.length);
		assert.equal(fragment(packet6, packet6.length).length, 1);
		const fixed = build({ ...outer4, dontFragment: true } as LayerValue, datagram, content);
		assert.throws(() => fragment(fixed, 1500), { name: "RangeError", message: /dontFragment/ });
		assert.throws(() => fragment(packet4, 27), { name: "RangeError", message: /mtu must be at least 28/ });
		assert.throws(() => fragment(packet6, 55), { name: "RangeError", message: /mtu must be at least 56/ });
		assert.throws(() => fragment(packet4.subarray(0, 100), 50), {
			name: "RangeError",
			message: /as a whole/,
		});
		assert.throws(() => fragment(new Uint8Array(40), 50), RangeError);
		assert.throws(() => fragment(packet4, 0), RangeError);
		assert.throws(() => fragment("packet" as never, 50), TypeError);
		const [first] = fragment(packet6, 1280) as [Uint8Array];
		assert.throws(() => fragment(first, 200), { name: "RangeError", message: /fragment already/ });
	});

	test("cuts a fragment of IPv4 further", () => {
		const pieces = fragment(packet4, 1500).flatMap((bytes) => fragment(bytes, 300));
		assert.equal(hex(together(pieces)), hex(packet4));
	});
});

const python = ["python3", "/usr/bin/python3"].find(
	(candidate) => spawnSync(candidate, ["-c", "import scapy.all"]).status === 0,
);
const skip = python === undefined ? "there is no python3-scapy" : false;

test("fragment() makes the fragments that scapy makes", { skip }, () => {
	const script = `
from scapy.all import *
def answer(request):
    version, packet, mtu = request
    packet = bytes.fromhex(packet)
    if version == 4: return [bytes(f).hex() for f in IP(packet).fragment((mtu - 20) // 8 * 8)]
    whole = IPv6(packet)
    header = IPv6(packet[:40]); header.plen = None; header.nh = 44
    return [bytes(f).hex() for f in fragment6(header / IPv6ExtHdrFragment(nh=whole.nh, id=7) / whole.payload, mtu)]
`;
	const requests = [576, 1280, 1500].flatMap((mtu) => [
		[4, hex(packet4), mtu],
		[6, hex(packet6), mtu],
	]);
	const answers = askPython(script, requests, python);
	for (const [index, [version, , mtu]] of requests.entries()) {
		const ours =
			version === 4
				? fragment(packet4, mtu as number)
				: fragment(packet6, mtu as number, { identification: 7 });
		assert.deepEqual(ours.map(hex), answers[index], `${version}, ${mtu}`);
	}
});

/** The last packet that comes out. */
function together(pieces: readonly Uint8Array[], reassembler = new Reassembler()): Uint8Array | undefined {
	let whole: Uint8Array | undefined;
	for (const bytes of pieces) whole = reassembler.add(bytes, 0) ?? whole;
	return whole;
}

function readFirst(bytes: Uint8Array): {
	ipv4: NonNullable<ReturnType<ReturnType<typeof dissect>["get"]>> & Ipv4;
} {
	const header = dissect(bytes, { first: ipv4 }).get(ipv4);
	assert.ok(header);
	return { ipv4: header };
}

type Ipv4 = NonNullable<ReturnType<typeof ipv4.open>>;

describe("Reassembler", () => {
	test("gives the whole when the last missing fragment came, in any order, with some twice", () => {
		fc.assert(
			fc.property(
				fc.constantFrom(packet4, packet6),
				fc.integer({ min: 68, max: 1600 }),
				fc.infiniteStream(fc.nat()),
				(packet, mtu, order) => {
					const pieces = fragment(packet, mtu);
					const twice = [...pieces, ...pieces.slice(0, 3)];
					const shuffled = twice
						.map((bytes) => ({ bytes, key: order.next().value as number }))
						.sort((one, other) => one.key - other.key)
						.map(({ bytes }) => bytes);
					const reassembler = new Reassembler();
					const wholes = shuffled
						.map((bytes) => reassembler.add(bytes, 0))
						.filter((bytes) => bytes !== undefined);
					assert.ok(wholes.length >= 1);
					assert.equal(hex(wholes[0]), hex(packet));
					assert.deepEqual(reassembler.discarded, { overlap: 0, timeout: 0, limit: 0, malformed: 0 });
				},
			),
			{ numRuns: 60 },
		);
	});

	test("keeps the fragments of several packets apart, and gives back what is no fragment", () => {
		const reassembler = new Reassembler();
		assert.equal(reassembler.add(piece(0, 8, true, 1), 0), undefined);
		assert.equal(reassembler.add(piece(0, 8, true, 2), 0), undefined);
		assert.equal(reassembler.packets, 2);
		assert.equal(
			dissect(reassembler.add(piece(8, 16, false, 2), 0) as Uint8Array, { first: ipv4 }).payload.length,
			16,
		);
		assert.equal(reassembler.packets, 1);
		const small = build(outer4, datagram);
		assert.equal(reassembler.add(small, 0), small);
		const noise = new Uint8Array(100);
		assert.equal(reassembler.add(noise, 0), noise);
		assert.equal(reassembler.add(piece(8, 16, false, 1), 0)?.length, 36);
		assert.deepEqual([reassembler.packets, reassembler.bytes], [0, 0]);
	});

	test("keeps a copy of what it is given", () => {
		const reassembler = new Reassembler();
		const buffer = Buffer.from(piece(0, 8, true));
		reassembler.add(buffer, 0);
		buffer.fill(0xff);
		const whole = reassembler.add(piece(8, 16, false), 0) as Uint8Array;
		assert.deepEqual(dissect(whole, { first: ipv4 }).payload, content.slice(0, 16));
	});

	test("takes the fragment header out of a packet that is its only fragment", () => {
		const atomic = build(outer6, ipv6Fragment({ identification: 5 }), datagram, "hello");
		assert.equal(hex(new Reassembler().add(atomic)), hex(build(outer6, datagram, "hello")));
	});

	test("gives up a packet whose fragments overlap, with what still comes of it", () => {
		const cases: Uint8Array[][] = [
			[piece(0, 16, true), piece(8, 24, true)],
			[piece(8, 24, true), piece(0, 16, true)],
			[piece(0, 32, true), piece(8, 16, true)],
			[piece(0, 16, true), piece(0, 8, true)],
			// After the last one, a last one before others, and two last ones.
			[piece(8, 16, false), piece(16, 24, true)],
			[piece(16, 24, true), piece(8, 16, false)],
			[piece(8, 16, false), piece(16, 24, false)],
		];
		for (const pieces of cases) {
			const reassembler = new Reassembler();
			assert.equal(together(pieces, reassembler), undefined);
			assert.equal(reassembler.discarded.overlap, 1);
			for (let at = 0; at < 40; at += 8)
				assert.equal(reassembler.add(piece(at, at + 8, at < 32), 0), undefined);
			assert.equal(reassembler.discarded.overlap, 1);
		}
	});

	test("leaves out fragments that cannot be", () => {
		const reassembler = new Reassembler();
		const cut = piece(0, 16, true).subarray(0, 30);
		const odd = piece(0, 15, true);
		const empty = piece(8, 8, true);
		const far = build(
			recomputed({
				...dissect(piece(0, 24, true), { first: ipv4 }).toValues()[0],
				fragmentOffset: 0x1ffe,
			} as LayerValue),
			content.subarray(0, 24),
		);
		for (const bytes of [cut, odd, empty, far]) assert.equal(reassembler.add(bytes, 0), undefined);
		assert.deepEqual([reassembler.packets, reassembler.discarded.malformed], [0, 4]);
	});

	test("waits no longer than its timeout", () => {
		const reassembler = new Reassembler({ timeout: 1000 });
		reassembler.add(piece(0, 8, true), 5000);
		assert.equal(reassembler.add(piece(8, 16, false), 6000), undefined);
		assert.deepEqual([reassembler.packets, reassembler.discarded.timeout], [1, 1]);
		assert.equal(reassembler.add(piece(0, 8, true), 6999)?.length, 36);
	});

	test("keeps its limits, and gives up what it waited for longest", () => {
		const few = new Reassembler({ maxPackets: 2 });
		for (const id of [1, 2, 3]) few.add(piece(0, 8, true, id), 0);
		assert.deepEqual([few.packets, few.discarded.limit], [2, 1]);
		assert.equal(few.add(piece(8, 16, false, 3), 0)?.length, 36);
		const small = new Reassembler({ maxBytes: 5000 });
		for (let id = 0; id < 100; id++) {
			small.add(piece(0, 1000, true, id), 0);
			assert.ok(small.bytes <= 5000);
		}
		assert.equal(small.packets + small.discarded.limit, 100);
		assert.throws(() => new Reassembler({ maxBytes: 0 }), RangeError);
		assert.throws(() => new Reassembler({ timeout: "1" as never }), TypeError);
	});

	test("keeps the mark of a congestion that any fragment has", () => {
		const marked = (bytes: Uint8Array, ecn: number): Uint8Array => {
			const [header, payload] = dissect(bytes, { first: ipv4 }).toValues() as [LayerValue, LayerValue];
			return build(recomputed({ ...header, ecn, protocol: 253 } as LayerValue), payload);
		};
		const [one, other] = [piece(0, 8, true), piece(8, 16, false)];
		const whole = together([marked(one, 2), marked(other, 3)]) as Uint8Array;
		assert.deepEqual([readFirst(whole).ipv4.ecn, readFirst(whole).ipv4.checksumIsRight], [3, true]);
		assert.equal(together([marked(one, 0), marked(other, 3)]), undefined);
	});

	test("never throws, whatever it is given", () => {
		const reassembler = new Reassembler({ maxPackets: 20, maxBytes: 20_000 });
		const start = fc.constantFrom(...fragment(packet4, 600), ...fragment(packet6, 600));
		const changes = fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 3 });
		fc.assert(
			fc.property(start, changes, fc.nat(600), (bytes, changed, length) => {
				const mutated = bytes.slice(0, length);
				for (const [at, byte] of changed) if (at < mutated.length) mutated[at] = byte;
				const whole = reassembler.add(mutated, 0);
				if (whole !== undefined) assert.ok(whole.length <= 70_000);
				assert.ok(reassembler.packets <= 20 && reassembler.bytes <= 20_000);
			}),
			{ numRuns: 3000 },
		);
	});
});
