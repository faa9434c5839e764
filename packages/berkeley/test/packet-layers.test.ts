/**
 * The protocols of the lower layers: what is filled in, what is refused, and what each tells of broken packets.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
	arp,
	build,
	dissect,
	ETHERTYPE_SERVICE_VLAN,
	ethernet,
	gre,
	ICMP_DEST_UNREACH,
	ICMP_ECHO,
	ICMP6_ECHO_REQUEST,
	ICMP6_PACKET_TOO_BIG,
	IGMP_MEMBERSHIP_QUERY,
	IGMP_V3_MEMBERSHIP_REPORT,
	icmpv4,
	icmpv6,
	igmp,
	ipv4,
	ipv6,
	ipv6DestinationOptions,
	ipv6Fragment,
	ipv6HopByHop,
	ipv6Routing,
	type LayerValue,
	llc,
	ND_NEIGHBOR_SOLICIT,
	type Part,
	recomputed,
	sll,
	snap,
	tcp,
	udp,
	vlan,
	vxlan,
} from "../src/packet/index.js";

const frame = ethernet({ destination: "02:00:00:00:00:01", source: "02:00:00:00:00:02" });
const outer4 = ipv4({ source: "192.0.2.1", destination: "192.0.2.2" });
const outer6 = ipv6({ source: "2001:db8::1", destination: "2001:db8::2" });
const datagram = udp({ sourcePort: 61000, destinationPort: 61001 });

function namesOf(...parts: Part[]): string[] {
	return dissect(build(...parts)).layers.map(({ layer }) => layer);
}

function refuses(message: RegExp, ...parts: Part[]): void {
	assert.throws(() => build(...parts), { message });
}

describe("VLAN tags, LLC and SNAP", () => {
	test("an inner tag gets the EtherType of 802.1Q, an outer one that which is given", () => {
		const service = { ...frame, type: ETHERTYPE_SERVICE_VLAN };
		const packet = dissect(
			build(service, vlan({ vid: 7 }), vlan({ vid: 8, pcp: 5, dei: true }), outer4, datagram),
		);
		assert.equal(packet.error, undefined);
		assert.equal(packet.get(ethernet)?.type, 0x88a8);
		const tags = packet.layers.filter(({ layer }) => layer === "vlan").map((layer) => layer.toValue());
		assert.deepEqual(tags, [
			{ layer: "vlan", pcp: 0, dei: false, vid: 7, type: 0x8100 },
			{ layer: "vlan", pcp: 5, dei: true, vid: 8, type: 0x0800 },
		]);
		refuses(/vlan\.vid .* 4095, not 4096/, frame, vlan({ vid: 4096 }));
	});

	test("a frame with LLC has its length in place of the type, and what fills it up is a trailer", () => {
		const bytes = build({ ...frame, trailer: new Uint8Array(30) }, llc({ dsap: 0x42, ssap: 0x42 }), "hello");
		const packet = dissect(bytes);
		assert.equal(packet.get(ethernet)?.type, 8);
		assert.equal(String(Buffer.from(packet.payload)), "hello");
		assert.equal(packet.toValues()[0]?.trailer?.length, 30);
		assert.deepEqual(namesOf(frame, vlan({ vid: 1 }), llc({}), snap({}), outer4, datagram), [
			...["ethernet", "vlan", "llc", "snap", "ipv4", "udp"],
		]);
	});

	test("a length beyond the end is told, and numbered LLC frames have two bytes of control", () => {
		const packet = dissect(
			build(ethernet({ ...frame, type: 100 }), llc({ dsap: 4, ssap: 4, control: 1, control2: 9 })),
		);
		assert.equal(packet.get(llc)?.control2, 9);
		assert.match(
			packet.error?.message ?? "",
			/^ethernet\.type at byte 12: it says 100 bytes, and 4 are there/,
		);
		refuses(/llc\.control2 is no field/, frame, llc({ control: 3, control2: 0 }));
	});
});

describe("ARP", () => {
	test("takes as many bytes as it says; the rest of a frame is the frame's", () => {
		const question = arp({
			operation: 1,
			senderHardwareAddress: "02:00:00:00:00:02",
			senderProtocolAddress: "192.0.2.1",
			targetProtocolAddress: "192.0.2.2",
		});
		const packet = dissect(build({ ...frame, trailer: new Uint8Array(18) }, question));
		assert.equal(packet.bytes.length, 60);
		assert.equal(packet.get(arp)?.targetHardwareAddress, "00:00:00:00:00:00");
		assert.match(packet.summary(), /arp who has 192\.0\.2\.2\? tell 192\.0\.2\.1$/);
		assert.equal(dissect(packet.bytes.subarray(0, 40)).error?.field, "hardwareLength");
		refuses(/arp\.senderProtocolAddress/, { ...question, senderProtocolAddress: "nowhere" } as LayerValue);
	});
});

describe("IPv6", () => {
	test("numbers of next headers are filled in through all headers", () => {
		const packet = dissect(
			build(frame, outer6, ipv6HopByHop({}), ipv6DestinationOptions({}), ipv6Fragment({}), datagram, "hello"),
		);
		assert.equal(packet.error, undefined);
		const next = packet.layers
			.slice(1, 5)
			.map((layer) => (layer.toValue() as { nextHeader?: number }).nextHeader);
		assert.deepEqual(next, [0, 60, 44, 17]);
		assert.equal(packet.get(udp)?.checksumIsRight, true);
		assert.equal(dissect(build(outer6), { first: ipv6 }).get(ipv6)?.nextHeader, 59);
	});

	test("options are filled up with padding to eight bytes", () => {
		const cases: [Parameters<typeof ipv6HopByHop>[0]["options"], unknown][] = [
			[[], [{ kind: "padN", data: new Uint8Array(4) }]],
			[
				[{ kind: "routerAlert", value: 0 }],
				[
					{ kind: "routerAlert", value: 0 },
					{ kind: "padN", data: new Uint8Array(0) },
				],
			],
			[
				[{ kind: 0x1e, data: new Uint8Array(3) }],
				[{ kind: 0x1e, data: new Uint8Array(3) }, { kind: "pad1" }],
			],
		];
		for (const [options, expected] of cases) {
			const header = dissect(build(outer6, ipv6HopByHop({ options: options ?? [] })), { first: ipv6 });
			assert.deepEqual(header.get(ipv6HopByHop)?.options, expected);
		}
	});

	test("the checksum covers the last address of a route", () => {
		const route = ipv6Routing({ routingType: 0, addresses: ["2001:db8::3", "2001:db8::4"] });
		const [sent, arrived] = [
			build(outer6, route, datagram),
			build(
				{ ...outer6, destination: "2001:db8::4" } as LayerValue,
				ipv6Routing({ ...route, segmentsLeft: 0 }),
				datagram,
			),
		].map((bytes) => dissect(bytes, { first: ipv6 }).get(udp));
		assert.equal(sent?.checksum, arrived?.checksum);
		assert.deepEqual([sent?.checksumIsRight, arrived?.checksumIsRight], [true, true]);
		refuses(/ipv6Routing\.tag is no field of type 0/, ipv6Routing({ routingType: 0, tag: 1 }));
		refuses(
			/ipv6Routing\.addresses is given beside/,
			ipv6Routing({ routingType: 0, addresses: [], data: new Uint8Array(4) }),
		);
	});

	test("a jumbogram says its length in an option", () => {
		const content = new Uint8Array(70_000);
		const jumbo = ipv6HopByHop({ options: [{ kind: "jumboPayload" }] });
		const bytes = build(outer6, jumbo, datagram, content);
		const packet = dissect(bytes, { first: ipv6 });
		assert.equal(packet.error, undefined);
		assert.equal(packet.get(ipv6)?.payloadLength, 0);
		assert.deepEqual(packet.get(ipv6HopByHop)?.options, [{ kind: "jumboPayload", length: 70_016 }]);
		assert.deepEqual([packet.get(udp)?.length, packet.get(udp)?.checksumIsRight], [0, true]);
		assert.equal(packet.payload.length, 70_000);
		const cut = dissect(bytes.subarray(0, 60_000), { first: ipv6 });
		assert.equal(cut.error?.field, "payloadLength");
		assert.equal(cut.get(udp)?.checksumIsRight, undefined);
		refuses(/ipv6\.payloadLength/, outer6, datagram, content);
	});

	test("a later fragment is not taken for what it is a part of", () => {
		const part = ipv6Fragment({ nextHeader: 17, fragmentOffset: 5, moreFragments: true });
		assert.deepEqual(namesOf(frame, outer6, part, "0123456789"), ["ethernet", "ipv6", "ipv6Fragment", "raw"]);
	});
});

describe("ICMP and ICMPv6", () => {
	test("the packet that an error quotes is read, and what is cut off of it is no fault", () => {
		const quoted = build(outer4, tcp({ sourcePort: 1, destinationPort: 80, sequence: 77 })).subarray(0, 28);
		const error = icmpv4({ type: ICMP_DEST_UNREACH, code: 4, nextHopMtu: 1400 });
		const packet = dissect(build(frame, outer4, error, quoted));
		assert.equal(packet.error, undefined);
		assert.deepEqual(
			packet.layers.map(({ layer }) => layer),
			["ethernet", "ipv4", "icmpv4", "ipv4", "raw"],
		);
		assert.match(packet.summary(), /icmpv4 destination unreachable code 4 mtu 1400/);
		const whole = dissect(build(frame, outer4, error, outer4, datagram));
		assert.equal(whole.get(udp)?.destinationPort, 61001);
		const six = dissect(
			build(frame, outer6, icmpv6({ type: ICMP6_PACKET_TOO_BIG, mtu: 1280 }), outer6, datagram),
		);
		assert.equal(six.get(udp)?.sourcePort, 61000);
		assert.equal(six.get(icmpv6)?.checksumIsRight, true);
	});

	test("what follows a quotation of RFC 4884 is shown as an extension", () => {
		const quoted = build(outer4, datagram, new Uint8Array(4));
		const extension = Uint8Array.of(0x20, 0, 0, 0);
		const bytes = build(frame, outer4, icmpv4({ type: 11, length: quoted.length / 4 }), quoted, extension);
		const shown = { version: 2, reserved: 0, checksum: 0, objects: [] };
		assert.deepEqual(dissect(bytes).get(icmpv4)?.extension, shown);
	});

	test("a field that the type does not have is refused by its name", () => {
		refuses(
			/icmpv4\.nextHopMtu is no field of an echo, which has identifier, sequence/,
			icmpv4({ type: ICMP_ECHO, nextHopMtu: 1 }),
		);
		refuses(/icmpv6\.mtu is no field of an echo/, icmpv6({ type: ICMP6_ECHO_REQUEST, mtu: 1 }));
		refuses(/icmpv6\.options is no field of an echo/, icmpv6({ type: ICMP6_ECHO_REQUEST, options: [] }));
		refuses(/icmpv4\.identifier .* 65535, not 65536/, icmpv4({ type: ICMP_ECHO, identifier: 65536 }));
		refuses(/icmpv4\.rest must have 4 bytes, not 3/, icmpv4({ type: 99, rest: new Uint8Array(3) }));
		refuses(
			/icmpv6\.targetAddress must be an IPv6 address/,
			icmpv6({ type: 135, targetAddress: "192.0.2.1" }),
		);
	});

	test("options of neighbour discovery that are wrong stay as bytes, and are told", () => {
		const question = icmpv6({
			type: ND_NEIGHBOR_SOLICIT,
			targetAddress: "2001:db8::2",
			options: [
				{ kind: "sourceLinkLayerAddress", address: "02:00:00:00:00:01" },
				{ kind: "malformed", data: Uint8Array.of(1, 0, 0) },
			],
		});
		const packet = dissect(build(frame, outer6, question));
		assert.match(packet.error?.message ?? "", /^icmpv6\.options at byte 86: /);
		assert.deepEqual(packet.get(icmpv6)?.options, question.options);
		refuses(/multiple of 8, not 3/, icmpv6({ type: 133, options: [{ kind: 9, data: new Uint8Array(1) }] }));
	});
});

describe("IGMP", () => {
	test("a query with sources is one of version 3", () => {
		const two = dissect(build(frame, outer4, igmp({ type: IGMP_MEMBERSHIP_QUERY, group: "224.0.0.251" })));
		assert.equal(two.get(igmp)?.sources, undefined);
		const query = igmp({ type: IGMP_MEMBERSHIP_QUERY, sources: ["192.0.2.9"], robustness: 2 });
		const three = dissect(build(frame, outer4, query)).get(igmp);
		assert.deepEqual([three?.sources, three?.numberOfSources, three?.robustness], [["192.0.2.9"], 1, 2]);
		assert.equal(three?.checksumIsRight, true);
	});

	test("records and sources that are not there are told", () => {
		const report = igmp({
			type: IGMP_V3_MEMBERSHIP_REPORT,
			numberOfRecords: 5,
			records: [{ type: 1, multicastAddress: "224.0.0.1" }],
		});
		const packet = dissect(build(frame, outer4, report));
		assert.match(
			packet.error?.message ?? "",
			/numberOfRecords at byte 40: it says 5 records, and 1 are there/,
		);
		assert.equal(packet.get(igmp)?.records?.length, 1);
		const query = igmp({ type: IGMP_MEMBERSHIP_QUERY, sources: [], numberOfSources: 3 });
		assert.equal(dissect(build(frame, outer4, query)).error?.field, "numberOfSources");
	});
});

describe("tunnels", () => {
	test("GRE has the fields that are given, and keeps them when it is computed anew", () => {
		const tunnel = gre({ checksumPresent: true, key: 5, sequence: 9 });
		const packet = dissect(build(frame, outer4, tunnel, outer6, datagram));
		const header = packet.get(gre);
		assert.equal(header?.headerLength, 16);
		assert.deepEqual([header?.key, header?.sequence, header?.checksumIsRight], [5, 9, true]);
		const values = packet.toValues().map((value) => recomputed(value));
		assert.deepEqual(Buffer.from(build(...values)), Buffer.from(packet.bytes));
		refuses(/gre\.checksum and gre\.reserved1 are no fields/, gre({ checksumPresent: false, checksum: 1 }));
	});

	test("versions of GRE that are not read are told", () => {
		const packet = dissect(build(frame, outer4, gre({ version: 1, protocolType: 0x880b }), "ppp"));
		assert.match(packet.error?.message ?? "", /^gre\.version at byte 34: the version is 0, not 1/);
		assert.equal(packet.layers.at(-1)?.layer, "raw");
	});

	test("a VXLAN gets its port, and has a frame inside", () => {
		const packet = dissect(
			build(frame, outer4, udp({ sourcePort: 61000 }), vxlan({ vni: 42 }), frame, outer6, datagram),
		);
		assert.equal(packet.error, undefined);
		assert.equal(packet.get(udp)?.destinationPort, 4789);
		assert.match(packet.summary(), /vxlan network 42 \| ethernet /);
	});

	test("packets in packets end at 64 layers", () => {
		const tunnels = Array.from({ length: 40 }, () => [outer4, gre({})]).flat();
		const packet = dissect(build(frame, ...tunnels, outer4, datagram));
		assert.equal(packet.layers.length, 65);
		assert.match(packet.error?.message ?? "", /64 others/);
	});
});

test("what is behind the first layer's end is its trailer", () => {
	const bytes = Uint8Array.of(...build(outer4, datagram), 1, 2, 3);
	const values = dissect(bytes, { first: ipv4 }).toValues();
	assert.deepEqual(values[0]?.trailer, Uint8Array.of(1, 2, 3));
	assert.deepEqual(build(...values), bytes);
});

describe("Linux cooked headers", () => {
	test("the address is text where it has six bytes, and bytes otherwise", () => {
		const read = (layer: LayerValue): unknown =>
			dissect(build(layer, outer4), { first: sll }).get(sll)?.address;
		assert.equal(read(sll({ address: "02:00:00:00:00:01" })), "02:00:00:00:00:01");
		assert.deepEqual(read(sll({ address: Uint8Array.of(1, 2) })), Uint8Array.of(1, 2, 0, 0, 0, 0, 0, 0));
		refuses(/sll\.address has at most 8 bytes/, sll({ address: new Uint8Array(9) }));
	});
});
