/**
 * Packets for the tests of `berkeley/packet`: for each kind an arbitrary of the layers' values, without what build()
 * computes. The round trips, the mutations, and the comparisons with scapy and tshark go over all kinds.
 */
import fc from "fast-check";
import { formatInet6 } from "../../src/address/inet6.js";
import { formatMac } from "../../src/address/mac.js";
import {
	type AnyCodec,
	ah,
	arp,
	build,
	ETHERTYPE_SERVICE_VLAN,
	type ExtensionObject,
	ethernet,
	type GroupRecord,
	gre,
	type IcmpExtension,
	icmpv4,
	icmpv6,
	igmp,
	ipv4,
	ipv6,
	ipv6DestinationOptions,
	ipv6Fragment,
	ipv6HopByHop,
	ipv6Routing,
	type Layer,
	type LayerValue,
	llc,
	type NdOption,
	raw,
	sll,
	sll2,
	snap,
	tcp,
	udp,
	vlan,
	vxlan,
} from "../../src/packet/index.js";
import { applicationPackets } from "./applicationpackets.js";

/** The values of a packet's layers, the outermost first. */
export type Values = readonly LayerValue[];

/** A kind of packet. */
export interface Kind {
	readonly name: string;
	/** The layers' values, without what build() computes. */
	readonly values: fc.Arbitrary<Values>;
	/** What the packets begin with; ethernet when left out. */
	readonly first?: AnyCodec;
	/** The link type of the packets in files of captures; 1, Ethernet, when left out. */
	readonly linkType?: number;
	/** Why scapy is not asked. */
	readonly notScapy?: string;
	/** Why tshark is not asked. */
	readonly notTshark?: string;
}

const u = (width: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** width - 1 });
const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
	fc.uint8Array({ minLength, maxLength });
const flag = fc.boolean();
/** Hardware addresses. */
export const mac: fc.Arbitrary<string> = bytes(6, 6).map(formatMac);
/** IPv4 addresses. */
export const inet4: fc.Arbitrary<string> = fc.ipV4();
/** IPv6 addresses in the form that dissect() gives. */
export const inet6: fc.Arbitrary<string> = fc
	.oneof(
		bytes(16, 16),
		bytes(8, 8).map((end) => Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, ...end)),
	)
	.map((address) => formatInet6(address, 0));
const data = bytes(0, 40).map((content) => raw({ data: content }));

/** An arbitrary of a layer from those of its fields; fields of `optional` may be missing. */
function layerOf<Value extends LayerValue>(
	make: (fields: Omit<Value, "layer">) => Value,
	fields: { [Name in Exclude<keyof Value, "layer" | "trailer">]?: fc.Arbitrary<Value[Name]> },
): fc.Arbitrary<Value> {
	return fc.record(fields as Record<string, fc.Arbitrary<unknown>>).map((value) => make(value as never));
}

/** One layer behind the other. */
function stack(...layers: fc.Arbitrary<LayerValue | Values>[]): fc.Arbitrary<Values> {
	return fc.tuple(...layers).map((parts) => parts.flat());
}

const eth = layerOf(ethernet, { destination: mac, source: mac });
/** An IPv4 header with everything in it but options. */
export const ip4: fc.Arbitrary<LayerValue> = layerOf(ipv4, {
	dscp: u(6),
	ecn: u(2),
	identification: u(16),
	dontFragment: flag,
	ttl: u(8),
	source: inet4,
	destination: inet4,
});
/** An IPv6 header. */
export const ip6: fc.Arbitrary<LayerValue> = layerOf(ipv6, {
	dscp: u(6),
	ecn: u(2),
	flowLabel: u(20),
	hopLimit: u(8),
	source: inet6,
	destination: inet6,
});
// Ports at which neither we nor the oracles know a protocol.
const port = fc.integer({ min: 61000, max: 61900 });
const datagram = layerOf(udp, { sourcePort: port, destinationPort: port });
const segment = layerOf(tcp, {
	sourcePort: port,
	destinationPort: port,
	sequence: u(32),
	acknowledgment: u(32),
	flags: u(8),
	window: u(16),
	urgentPointer: u(16),
});
const tag = layerOf(vlan, { pcp: u(3), dei: flag, vid: u(12) });

const icmpFields = { identifier: u(16), sequence: u(16) };
const ask = (types: number[]): fc.Arbitrary<number> => fc.constantFrom(...types);
const quoted4 = stack(ip4, datagram, data);
const quoted6 = stack(ip6, datagram, data);
const unreachable = layerOf(icmpv4, { type: fc.constant(3), code: ask([1, 3, 4, 4]), nextHopMtu: u(16) });

const plain = { noNullPrototype: true };
/** What routers add to errors. Objects of classes that the oracles do not know. */
export const icmpExtension: fc.Arbitrary<IcmpExtension> = fc.record(
	{
		objects: fc.array(
			fc.oneof<fc.Arbitrary<ExtensionObject>[]>(
				fc
					.array(fc.record({ label: u(20), trafficClass: u(3), bottom: flag, ttl: u(8) }, plain), {
						minLength: 1,
						maxLength: 4,
					})
					.map((labels) => ({ kind: "mplsLabelStack", labels })),
				fc
					.tuple(fc.integer({ min: 100, max: 255 }), u(8), fc.integer({ min: 1, max: 3 }))
					.chain(([number, type, words]) =>
						bytes(words * 4, words * 4).map((content) => ({
							kind: "unknown",
							class: number,
							type,
							data: content,
						})),
					),
			),
			{ minLength: 1, maxLength: 3 },
		),
	},
	plain,
);
const longer = bytes(0, 300).map((content) => raw({ data: content }));
const quotedLong4 = stack(ip4, datagram, longer);
const quotedLong6 = stack(ip6, datagram, longer);
const notScapyExtension = "its quotations have no extension behind them";

const ndOptions: fc.Arbitrary<NdOption[]> = fc.array(
	fc.oneof<fc.Arbitrary<NdOption>[]>(
		fc.record({ kind: fc.constant("sourceLinkLayerAddress" as const), address: mac }),
		fc.record({ kind: fc.constant("targetLinkLayerAddress" as const), address: mac }),
		fc.record({
			kind: fc.constant("prefixInformation" as const),
			prefixLength: fc.integer({ min: 0, max: 128 }),
			onLink: flag,
			autonomous: flag,
			reserved1: fc.constant(0),
			validLifetime: u(32),
			preferredLifetime: u(32),
			reserved2: u(32),
			prefix: inet6,
		}),
		fc.record({ kind: fc.constant("mtu" as const), reserved: u(16), mtu: u(32) }),
		fc.record({
			kind: fc.constant("recursiveDnsServer" as const),
			reserved: u(16),
			lifetime: u(32),
			addresses: fc.array(inet6, { minLength: 1, maxLength: 3 }),
		}),
	),
	{ maxLength: 4 },
);

const records = (address: fc.Arbitrary<string>): fc.Arbitrary<GroupRecord[]> =>
	fc.array(
		fc.record({
			type: fc.integer({ min: 1, max: 6 }),
			multicastAddress: address,
			sources: fc.array(address, { maxLength: 3 }),
		}),
		{ maxLength: 3 },
	);

/** All kinds. */
export const kinds: readonly Kind[] = [
	{ name: "Ethernet, IPv4, UDP", values: stack(eth, ip4, datagram, data) },
	{ name: "Ethernet, IPv4, TCP", values: stack(eth, ip4, segment, data) },
	{
		name: "IPv4 and TCP with options",
		values: stack(
			eth,
			layerOf(ipv4, {
				source: inet4,
				destination: inet4,
				options: fc.record({ value: u(16) }).map(({ value }) => [{ kind: "routerAlert" as const, value }]),
			}),
			layerOf(tcp, {
				sourcePort: port,
				destinationPort: port,
				options: fc
					.record({ mss: u(16), shift: fc.integer({ min: 0, max: 14 }), value: u(32), echo: u(32) })
					.map(({ mss, shift, value, echo }) => [
						{ kind: "mss" as const, value: mss },
						{ kind: "sackPermitted" as const },
						{ kind: "timestamps" as const, value, echo },
						{ kind: "nop" as const },
						{ kind: "windowScale" as const, shift },
					]),
			}),
			data,
		),
	},
	{
		name: "a fragment of IPv4",
		values: stack(
			eth,
			layerOf(ipv4, {
				identification: u(16),
				moreFragments: flag,
				fragmentOffset: fc.integer({ min: 1, max: 8000 }),
				protocol: fc.constant(253),
				source: inet4,
				destination: inet4,
			}),
			data,
		),
	},
	{ name: "802.1Q", values: stack(eth, tag, ip4, datagram, data) },
	{
		name: "802.1ad",
		values: stack(
			layerOf(ethernet, { destination: mac, source: mac, type: fc.constant(ETHERTYPE_SERVICE_VLAN) }),
			tag,
			tag,
			ip4,
			datagram,
			data,
		),
	},
	{
		name: "802.3 with LLC",
		values: stack(
			eth,
			// Service access points at which nothing is known.
			layerOf(llc, { dsap: fc.constant(0x52), ssap: fc.constant(0x52), control: fc.constant(3) }),
			data,
		),
	},
	{
		name: "802.3 with LLC and SNAP",
		values: stack(eth, layerOf(llc, {}), layerOf(snap, {}), ip4, datagram, data),
	},
	{
		name: "ARP",
		values: stack(
			eth,
			layerOf(arp, {
				operation: ask([1, 2, 3, 4]),
				senderHardwareAddress: mac,
				senderProtocolAddress: inet4,
				targetHardwareAddress: mac,
				targetProtocolAddress: inet4,
			}),
		),
	},
	{
		name: "ARP with other addresses",
		values: stack(
			eth,
			layerOf(arp, {
				hardwareType: u(16),
				protocolType: fc.constant(0x88b5),
				operation: ask([1, 2]),
				senderHardwareAddress: bytes(3, 3),
				senderProtocolAddress: bytes(5, 5),
				targetHardwareAddress: bytes(3, 3),
				targetProtocolAddress: bytes(5, 5),
			}),
		),
		notScapy: "its addresses are those of Ethernet and IPv4",
	},
	{
		name: "ICMP echo",
		values: stack(eth, ip4, layerOf(icmpv4, { type: ask([0, 8]), code: u(8), ...icmpFields }), data),
	},
	{ name: "ICMP destination unreachable", values: stack(eth, ip4, unreachable, quoted4) },
	{
		name: "ICMP time exceeded",
		values: stack(eth, ip4, layerOf(icmpv4, { type: fc.constant(11), code: u(1) }), quoted4),
	},
	{
		name: "ICMP parameter problem",
		values: stack(eth, ip4, layerOf(icmpv4, { type: fc.constant(12), pointer: u(8) }), quoted4),
	},
	{
		name: "ICMP time exceeded, with an extension",
		values: stack(
			eth,
			ip4,
			layerOf(icmpv4, { type: fc.constant(11), extension: icmpExtension }),
			quotedLong4,
		),
		notScapy: notScapyExtension,
	},
	{
		name: "ICMP destination unreachable, with an extension",
		values: stack(
			eth,
			ip4,
			layerOf(icmpv4, {
				type: fc.constant(3),
				code: ask([1, 4]),
				nextHopMtu: u(16),
				extension: icmpExtension,
			}),
			quotedLong4,
		),
		notScapy: notScapyExtension,
	},
	{
		name: "ICMP parameter problem, with an extension",
		values: stack(
			eth,
			ip4,
			layerOf(icmpv4, { type: fc.constant(12), pointer: u(8), extension: icmpExtension }),
			quotedLong4,
		),
		notScapy: notScapyExtension,
	},
	{
		name: "ICMP redirect",
		values: stack(eth, ip4, layerOf(icmpv4, { type: fc.constant(5), code: u(2), gateway: inet4 }), quoted4),
	},
	{
		name: "ICMP timestamp",
		values: stack(
			eth,
			ip4,
			layerOf(icmpv4, {
				type: ask([13, 14]),
				...icmpFields,
				originateTimestamp: u(31),
				receiveTimestamp: u(31),
				transmitTimestamp: u(31),
			}),
		),
	},
	{
		name: "ICMP address mask",
		values: stack(eth, ip4, layerOf(icmpv4, { type: ask([17, 18]), ...icmpFields, addressMask: inet4 })),
	},
	{
		name: "another type of ICMP",
		values: stack(eth, ip4, layerOf(icmpv4, { type: fc.constant(200), code: u(8), rest: bytes(4, 4) }), data),
		notScapy: "of another type it has no fields",
	},
	{ name: "IPv6, UDP", values: stack(eth, ip6, datagram, data) },
	{ name: "IPv6, TCP", values: stack(eth, ip6, segment, data) },
	{ name: "IPv6 without a next header", values: stack(eth, ip6) },
	{
		name: "IPv6 with hop-by-hop and destination options",
		values: stack(
			eth,
			ip6,
			layerOf(ipv6HopByHop, {
				options: u(16).map((value) => [
					{ kind: "routerAlert" as const, value },
					{ kind: "padN" as const, data: new Uint8Array(0) },
				]),
			}),
			layerOf(ipv6DestinationOptions, {
				options: bytes(4, 4).map((content) => [{ kind: 0x1e, data: content }]),
			}),
			datagram,
			data,
		),
	},
	{
		name: "IPv6 with a source route",
		values: stack(
			eth,
			ip6,
			layerOf(ipv6Routing, {
				routingType: fc.constant(0),
				addresses: fc.array(inet6, { minLength: 1, maxLength: 3 }),
			}),
			datagram,
			data,
		),
	},
	{
		name: "IPv6 with a home address",
		values: stack(
			eth,
			ip6,
			layerOf(ipv6Routing, { routingType: fc.constant(2), addresses: fc.tuple(inet6) }),
			datagram,
			data,
		),
	},
	{
		name: "IPv6 with segment routing",
		values: stack(
			eth,
			ip6,
			layerOf(ipv6Routing, {
				routingType: fc.constant(4),
				tag: u(16),
				addresses: fc.array(inet6, { minLength: 1, maxLength: 3 }),
			}),
			datagram,
			data,
		),
	},
	{
		name: "IPv6 with another routing header",
		values: stack(
			eth,
			ip6,
			layerOf(ipv6Routing, { routingType: fc.constant(253), data: bytes(12, 12) }),
			datagram,
			data,
		),
		notScapy: "it takes what it does not know for addresses",
	},
	{
		name: "the first fragment of IPv6",
		values: stack(
			eth,
			ip6,
			layerOf(ipv6Fragment, { identification: u(32), moreFragments: fc.constant(true) }),
			datagram,
			data,
		),
	},
	{
		name: "another fragment of IPv6",
		values: stack(
			eth,
			ip6,
			layerOf(ipv6Fragment, {
				nextHeader: fc.constant(253),
				identification: u(32),
				fragmentOffset: fc.integer({ min: 1, max: 8000 }),
				moreFragments: flag,
			}),
			data,
		),
	},
	{
		name: "the authentication header",
		values: stack(
			eth,
			ip4,
			layerOf(ah, { nextHeader: fc.constant(253), spi: u(32), sequence: u(32), icv: bytes(12, 12) }),
			data,
		),
	},
	{
		name: "ICMPv6 echo",
		values: stack(eth, ip6, layerOf(icmpv6, { type: ask([128, 129]), ...icmpFields }), data),
	},
	{
		name: "ICMPv6 errors with a length",
		values: stack(
			eth,
			ip6,
			layerOf(icmpv6, { type: ask([1, 3]), code: u(2), unused: fc.constant(0) }),
			quoted6,
		),
	},
	{
		name: "ICMPv6 destination unreachable and time exceeded, with an extension",
		values: stack(
			eth,
			ip6,
			layerOf(icmpv6, { type: ask([1, 3]), code: u(2), extension: icmpExtension }),
			quotedLong6,
		),
		notScapy: notScapyExtension,
	},
	{
		name: "ICMPv6 packet too big",
		values: stack(eth, ip6, layerOf(icmpv6, { type: fc.constant(2), mtu: u(32) }), quoted6),
	},
	{
		name: "ICMPv6 parameter problem",
		values: stack(eth, ip6, layerOf(icmpv6, { type: fc.constant(4), pointer: u(32) }), quoted6),
	},
	{
		name: "router solicitation",
		values: stack(eth, ip6, layerOf(icmpv6, { type: fc.constant(133), options: ndOptions })),
	},
	{
		name: "router advertisement",
		values: stack(
			eth,
			ip6,
			layerOf(icmpv6, {
				type: fc.constant(134),
				currentHopLimit: u(8),
				managed: flag,
				otherConfiguration: flag,
				homeAgent: flag,
				preference: u(2),
				routerLifetime: u(16),
				reachableTime: u(32),
				retransTimer: u(32),
				options: ndOptions,
			}),
		),
	},
	{
		name: "neighbour solicitation",
		values: stack(
			eth,
			ip6,
			layerOf(icmpv6, { type: fc.constant(135), targetAddress: inet6, options: ndOptions }),
		),
	},
	{
		name: "neighbour advertisement",
		values: stack(
			eth,
			ip6,
			layerOf(icmpv6, {
				type: fc.constant(136),
				router: flag,
				solicited: flag,
				override: flag,
				targetAddress: inet6,
				options: ndOptions,
			}),
		),
	},
	{
		name: "redirect of neighbour discovery",
		values: stack(
			eth,
			ip6,
			layerOf(icmpv6, {
				type: fc.constant(137),
				targetAddress: inet6,
				destinationAddress: inet6,
				options: ndOptions,
			}),
		),
	},
	{
		name: "the redirected header",
		values: stack(
			eth,
			ip6,
			fc.tuple(inet6, inet6, quoted6).map(([targetAddress, destinationAddress, quoted]) => {
				const packet = build(...quoted);
				const content = packet.slice(0, packet.length - (packet.length % 8));
				return icmpv6({
					type: 137,
					targetAddress,
					destinationAddress,
					options: [{ kind: "redirectedHeader", data: content }],
				});
			}),
		),
		notScapy: "it takes the packet in it apart",
		notTshark: "its fields are those of the packet in it too",
	},
	{
		name: "listener discovery of version 1",
		values: stack(
			eth,
			ip6,
			layerOf(icmpv6, { type: ask([130, 131, 132]), maximumResponseCode: u(16), multicastAddress: inet6 }),
		),
	},
	{
		name: "a listener query of version 2",
		values: stack(
			eth,
			ip6,
			layerOf(icmpv6, {
				type: fc.constant(130),
				maximumResponseCode: u(15),
				multicastAddress: inet6,
				suppress: flag,
				robustness: u(3),
				queryIntervalCode: u(7),
				sources: fc.array(inet6, { maxLength: 3 }),
			}),
		),
	},
	{
		name: "a listener report of version 2",
		values: stack(eth, ip6, layerOf(icmpv6, { type: fc.constant(143), records: records(inet6) })),
	},
	{
		name: "another type of ICMPv6",
		values: stack(eth, ip6, layerOf(icmpv6, { type: fc.constant(201), code: u(8) }), data),
		notScapy: "of another type it has no fields",
	},
	{
		name: "IGMP of versions 1 and 2",
		values: stack(
			eth,
			ip4,
			layerOf(igmp, { type: ask([0x11, 0x12, 0x16, 0x17]), maxRespCode: u(8), group: inet4 }),
		),
	},
	{
		name: "an IGMP query of version 3",
		values: stack(
			eth,
			ip4,
			layerOf(igmp, {
				type: fc.constant(0x11),
				maxRespCode: u(7),
				group: inet4,
				suppress: flag,
				robustness: u(3),
				queryIntervalCode: u(7),
				sources: fc.array(inet4, { maxLength: 3 }),
			}),
		),
	},
	{
		name: "an IGMP report of version 3",
		values: stack(eth, ip4, layerOf(igmp, { type: fc.constant(0x22), records: records(inet4) })),
	},
	{
		name: "IPv4 in GRE",
		values: stack(
			eth,
			ip4,
			fc
				.record({ checksumPresent: flag, key: fc.option(u(32)), sequence: fc.option(u(32)) })
				.map(({ checksumPresent, key, sequence }) =>
					gre({
						checksumPresent,
						...(key === null ? {} : { key }),
						...(sequence === null ? {} : { sequence }),
					}),
				),
			ip4,
			datagram,
			data,
		),
	},
	{
		name: "Ethernet in GRE",
		values: stack(eth, ip6, layerOf(gre, { key: u(32) }), eth, ip6, datagram, data),
	},
	{
		name: "VXLAN",
		values: stack(
			eth,
			ip4,
			layerOf(udp, { sourcePort: port }),
			layerOf(vxlan, { vni: u(24) }),
			eth,
			ip4,
			datagram,
			data,
		),
	},
	{ name: "IPv4 and IPv6 in each other", values: stack(eth, ip4, ip6, ip4, datagram, data) },
	{
		name: "a Linux cooked header",
		values: stack(layerOf(sll, { packetType: u(2), address: mac }), ip4, datagram, data),
		first: sll,
		linkType: 113,
	},
	{
		name: "a Linux cooked header of version 2",
		values: stack(
			layerOf(sll2, { interfaceIndex: u(16), packetType: u(2), address: mac }),
			ip6,
			datagram,
			data,
		),
		first: sll2,
		linkType: 276,
	},
	...applicationPackets.map(({ name, values }) => ({
		name,
		values: fc.constant(values),
		notScapy: "packet-applications.test.ts compares what scapy knows of it",
		notTshark: "packet-applications.test.ts asks it",
	})),
];

/** Packets of all kinds: the same ones for a seed. */
export function sampleValues(kind: Kind, count: number, seed: number): Values[] {
	return fc.sample(kind.values, { numRuns: count, seed });
}

/** Calls every getter of a view. */
export function readAll(layer: Layer): void {
	let prototype = Object.getPrototypeOf(layer) as object;
	while (prototype !== Object.prototype) {
		for (const name of gettersOf(prototype)) Reflect.get(prototype, name, layer);
		prototype = Object.getPrototypeOf(prototype) as object;
	}
}

const known = new Map<object, string[]>();

function gettersOf(prototype: object): string[] {
	const before = known.get(prototype);
	if (before !== undefined) return before;
	const found = Object.entries(Object.getOwnPropertyDescriptors(prototype))
		.filter(([, { get }]) => get !== undefined)
		.map(([name]) => name);
	known.set(prototype, found);
	return found;
}
