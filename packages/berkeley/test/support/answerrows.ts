/**
 * Rows of a request, its replies, and packets that only look like one.
 */
import {
	type AnyCodec,
	arp,
	build,
	dhcpv4,
	dissect,
	dns,
	ethernet,
	gre,
	ICMP_DEST_UNREACH,
	ICMP_ECHO,
	ICMP_ECHOREPLY,
	ICMP_TIME_EXCEEDED,
	ICMP_TIMESTAMP,
	ICMP_TIMESTAMPREPLY,
	ICMP6_DST_UNREACH,
	ICMP6_ECHO_REPLY,
	ICMP6_ECHO_REQUEST,
	icmpv4,
	icmpv6,
	ipv4,
	ipv6,
	ipv6DestinationOptions,
	ipv6Fragment,
	type LayerValue,
	ND_NEIGHBOR_ADVERT,
	ND_NEIGHBOR_SOLICIT,
	ND_ROUTER_ADVERT,
	ND_ROUTER_SOLICIT,
	type Packet,
	type Part,
	TH_ACK,
	TH_FIN,
	TH_PUSH,
	TH_RST,
	TH_SYN,
	tcp,
	udp,
	vlan,
	vxlan,
} from "../../src/packet/index.js";

export type Parts = readonly Part[];

/** A request. */
export interface Row {
	readonly name: string;
	readonly request: Parts;
	/** What answers it. */
	readonly replies: readonly Parts[];
	/** What does not. */
	readonly others: readonly Parts[];
}

const there = ipv4({ source: "192.0.2.1", destination: "192.0.2.2", identification: 77 });
const back = ipv4({ source: "192.0.2.2", destination: "192.0.2.1" });
const elsewhere = ipv4({ source: "192.0.2.3", destination: "192.0.2.1" });
const router = ipv4({ source: "198.51.100.1", destination: "192.0.2.1" });
const there6 = ipv6({ source: "2001:db8::1", destination: "2001:db8::2" });
const back6 = ipv6({ source: "2001:db8::2", destination: "2001:db8::1" });
const router6 = ipv6({ source: "2001:db8:f::1", destination: "2001:db8::1" });
const unreachable = icmpv4({ type: ICMP_DEST_UNREACH, code: 3 });
const exceeded = icmpv4({ type: ICMP_TIME_EXCEEDED });
const unreachable6 = icmpv6({ type: ICMP6_DST_UNREACH, code: 4 });

/** A layer with something else in it. */
function but<Value extends LayerValue>(value: Value, change: Partial<Value>): Value {
	return { ...value, ...change };
}

/** A packet's first bytes. */
function cut(length: number, ...parts: Parts): Uint8Array {
	return build(...parts).subarray(0, length);
}

/** As it is quoted after it passed a router. */
const passed = but(there, { ttl: 1 });
const syn = tcp({ sourcePort: 40000, destinationPort: 80, sequence: 1000, flags: TH_SYN });
const reversed = { sourcePort: 80, destinationPort: 40000 };
const data = tcp({
	sourcePort: 40000,
	destinationPort: 80,
	sequence: 1001,
	acknowledgment: 501,
	flags: TH_ACK | TH_PUSH,
});
const wrapped = tcp({
	sourcePort: 40000,
	destinationPort: 80,
	sequence: 0xfffffffe,
	acknowledgment: 501,
	flags: TH_ACK,
});
const query = dns({ id: 7, questions: [{ name: "www.example.com", type: "A" }] });
const probe = udp({ sourcePort: 40000, destinationPort: 33434 });
const ask = udp({ sourcePort: 40000, destinationPort: 53 });
const told = udp({ sourcePort: 53, destinationPort: 40000 });

/** Of IP packets. */
export const rows: readonly Row[] = [
	{
		name: "an echo, by identifier and sequence",
		request: [there, icmpv4({ type: ICMP_ECHO, identifier: 1, sequence: 2 }), "data"],
		replies: [[back, icmpv4({ type: ICMP_ECHOREPLY, identifier: 1, sequence: 2 }), "data"]],
		others: [
			[back, icmpv4({ type: ICMP_ECHOREPLY, identifier: 1, sequence: 3 }), "data"],
			[back, icmpv4({ type: ICMP_ECHOREPLY, identifier: 2, sequence: 2 }), "data"],
			[back, icmpv4({ type: ICMP_ECHO, identifier: 1, sequence: 2 }), "data"],
			[elsewhere, icmpv4({ type: ICMP_ECHOREPLY, identifier: 1, sequence: 2 }), "data"],
			[there, icmpv4({ type: ICMP_ECHOREPLY, identifier: 1, sequence: 2 }), "data"],
			[back, icmpv4({ type: ICMP_TIMESTAMPREPLY, identifier: 1, sequence: 2 })],
		],
	},
	{
		name: "an echo to everybody, by anybody",
		request: [but(there, { destination: "255.255.255.255" }), icmpv4({ type: ICMP_ECHO, identifier: 1 })],
		replies: [
			[back, icmpv4({ type: ICMP_ECHOREPLY, identifier: 1 })],
			[elsewhere, icmpv4({ type: ICMP_ECHOREPLY, identifier: 1 })],
		],
		others: [[elsewhere, icmpv4({ type: ICMP_ECHOREPLY, identifier: 2 })]],
	},
	{
		name: "a timestamp",
		request: [there, icmpv4({ type: ICMP_TIMESTAMP, identifier: 1, sequence: 2 })],
		replies: [[back, icmpv4({ type: ICMP_TIMESTAMPREPLY, identifier: 1, sequence: 2 })]],
		others: [[back, icmpv4({ type: ICMP_ECHOREPLY, identifier: 1, sequence: 2 })]],
	},
	{
		name: "an echo of ICMPv6",
		request: [there6, icmpv6({ type: ICMP6_ECHO_REQUEST, identifier: 1, sequence: 2 }), "data"],
		replies: [
			[back6, icmpv6({ type: ICMP6_ECHO_REPLY, identifier: 1, sequence: 2 }), "data"],
			[
				back6,
				ipv6DestinationOptions({}),
				icmpv6({ type: ICMP6_ECHO_REPLY, identifier: 1, sequence: 2 }),
				"data",
			],
		],
		others: [
			[back6, icmpv6({ type: ICMP6_ECHO_REPLY, identifier: 1, sequence: 3 }), "data"],
			[back, icmpv4({ type: ICMP_ECHOREPLY, identifier: 1, sequence: 2 }), "data"],
		],
	},
	{
		name: "UDP, by errors that quote it, also eight bytes of it",
		request: [there, probe, "data"],
		replies: [
			[router, exceeded, passed, probe, "data"],
			[router, exceeded, cut(28, passed, probe, "data")],
			[back, unreachable, cut(28, passed, probe, "data")],
			[back, unreachable, cut(20, passed, probe, "data")],
			[router, exceeded, cut(28, but(passed, { checksum: 1 }), but(probe, { checksum: 0 }), "data")],
		],
		others: [
			[router, exceeded, cut(28, but(passed, { identification: 78 }), probe, "data")],
			[router, exceeded, cut(28, but(passed, { destination: "192.0.2.9" }), probe, "data")],
			[router, exceeded, cut(28, passed, but(probe, { destinationPort: 33435 }), "data")],
			[router, exceeded, cut(28, passed, tcp({ sourcePort: 40000, destinationPort: 33434 }))],
			[router, exceeded, cut(12, passed)],
			[but(router, { destination: "192.0.2.8" }), exceeded, passed, probe, "data"],
			[router, icmpv4({ type: ICMP_ECHOREPLY }), passed, probe, "data"],
		],
	},
	{
		name: "TCP, by errors that quote it, by its sequence number",
		request: [there, syn],
		replies: [[router, exceeded, cut(28, passed, syn)]],
		others: [[router, exceeded, cut(28, passed, but(syn, { sequence: 1001 }))]],
	},
	{
		name: "an echo, by errors that quote it",
		request: [there, icmpv4({ type: ICMP_ECHO, identifier: 1, sequence: 2 })],
		replies: [[router, exceeded, cut(28, passed, icmpv4({ type: ICMP_ECHO, identifier: 1, sequence: 2 }))]],
		others: [[router, exceeded, cut(28, passed, icmpv4({ type: ICMP_ECHO, identifier: 1, sequence: 3 }))]],
	},
	{
		name: "IPv6, by errors that quote it",
		request: [there6, ipv6DestinationOptions({}), probe, "data"],
		replies: [
			[router6, unreachable6, but(there6, { hopLimit: 1 }), ipv6DestinationOptions({}), probe, "data"],
			[router6, unreachable6, cut(56, there6, ipv6DestinationOptions({}), probe, "data")],
		],
		others: [
			[router6, unreachable6, there6, ipv6DestinationOptions({}), but(probe, { sourcePort: 1 }), "data"],
			[
				router6,
				unreachable6,
				but(there6, { source: "2001:db8::9" }),
				ipv6DestinationOptions({}),
				probe,
				"data",
			],
			[router, unreachable, passed, probe, "data"],
		],
	},
	{
		name: "a fragment, by errors that quote it",
		request: [there6, ipv6Fragment({ fragmentOffset: 4, moreFragments: true, nextHeader: 17 }), "later data"],
		replies: [
			[
				router6,
				unreachable6,
				there6,
				ipv6Fragment({ fragmentOffset: 4, moreFragments: true, nextHeader: 17 }),
				"later data",
			],
		],
		others: [
			[
				router6,
				unreachable6,
				there6,
				ipv6Fragment({ fragmentOffset: 5, moreFragments: true, nextHeader: 17 }),
				"later data",
			],
		],
	},
	{
		name: "a SYN, with SYN and ACK, or a reset",
		request: [there, syn],
		replies: [
			[back, tcp({ ...reversed, sequence: 500, acknowledgment: 1001, flags: TH_SYN | TH_ACK })],
			[back, tcp({ ...reversed, acknowledgment: 1001, flags: TH_RST | TH_ACK })],
		],
		others: [
			[back, tcp({ ...reversed, sequence: 500, acknowledgment: 1000, flags: TH_SYN | TH_ACK })],
			[back, tcp({ ...reversed, sequence: 500, acknowledgment: 1002, flags: TH_SYN | TH_ACK })],
			[back, tcp({ ...reversed, sequence: 500, flags: TH_SYN })],
			[back, tcp({ ...reversed, sequence: 500, flags: TH_RST })],
			[back, tcp({ ...reversed, destinationPort: 40001, acknowledgment: 1001, flags: TH_SYN | TH_ACK })],
			[elsewhere, tcp({ ...reversed, acknowledgment: 1001, flags: TH_SYN | TH_ACK })],
			[back, udp({ sourcePort: 80, destinationPort: 40000 })],
		],
	},
	{
		name: "data, with what acknowledges them, or a reset",
		request: [there, data, "GET / HTTP/1.0"],
		replies: [
			[back, tcp({ ...reversed, sequence: 501, acknowledgment: 1015, flags: TH_ACK })],
			[back, tcp({ ...reversed, sequence: 501, acknowledgment: 1005, flags: TH_ACK })],
			[back, tcp({ ...reversed, sequence: 600, acknowledgment: 1015, flags: TH_ACK | TH_FIN }), "200"],
			[back, tcp({ ...reversed, sequence: 501, flags: TH_RST })],
		],
		others: [
			[back, tcp({ ...reversed, sequence: 501, acknowledgment: 1001, flags: TH_ACK })],
			[back, tcp({ ...reversed, sequence: 501, acknowledgment: 1016, flags: TH_ACK })],
			[back, tcp({ ...reversed, sequence: 400, acknowledgment: 1015, flags: TH_ACK })],
			[back, tcp({ ...reversed, sequence: 502, flags: TH_RST })],
			[back, tcp({ ...reversed, sequence: 501, acknowledgment: 1015, flags: TH_SYN | TH_ACK })],
		],
	},
	{
		name: "data whose sequence numbers begin again at 0",
		request: [there, wrapped, "data"],
		replies: [[back, tcp({ ...reversed, sequence: 501, acknowledgment: 2, flags: TH_ACK })]],
		others: [[back, tcp({ ...reversed, sequence: 501, acknowledgment: 3, flags: TH_ACK })]],
	},
	{
		name: "a reset is not answered",
		request: [there, but(data, { flags: TH_RST | TH_ACK })],
		replies: [],
		others: [[back, tcp({ ...reversed, sequence: 501, acknowledgment: 1001, flags: TH_RST | TH_ACK })]],
	},
	{
		name: "UDP, by its ports",
		request: [there, probe, "data"],
		replies: [[back, udp({ sourcePort: 33434, destinationPort: 40000 }), "other data"]],
		others: [
			[back, probe, "data"],
			[back, udp({ sourcePort: 33434, destinationPort: 40001 })],
			[elsewhere, udp({ sourcePort: 33434, destinationPort: 40000 })],
		],
	},
	{
		name: "DNS, by id and question",
		request: [there, ask, query],
		replies: [
			[
				back,
				told,
				dns({
					...query,
					response: true,
					answers: [{ name: "www.example.com", type: "A", address: "192.0.2.9" }],
				}),
			],
			[back, told, dns({ id: 7, response: true, questions: [{ name: "WWW.example.com", type: "A" }] })],
			[back, told, dns({ id: 7, response: true, responseCode: 1 })],
			[back, unreachable, cut(28, passed, ask, query)],
		],
		others: [
			[back, told, query],
			[back, told, dns({ ...query, id: 8, response: true })],
			[back, told, dns({ id: 7, response: true, questions: [{ name: "www.example.org", type: "A" }] })],
			[back, told, dns({ id: 7, response: true, questions: [{ name: "www.example.com", type: "AAAA" }] })],
			[back, told, "no DNS"],
		],
	},
	{
		name: "multicast DNS, by the names of the answers",
		request: [
			but(there, { destination: "224.0.0.251" }),
			udp({ sourcePort: 5353, destinationPort: 5353 }),
			dns({ questions: [{ name: "a.local", type: "A" }] }),
		],
		replies: [
			[
				ipv4({ source: "192.0.2.9", destination: "224.0.0.251" }),
				udp({ sourcePort: 5353, destinationPort: 5353 }),
				dns({ response: true, answers: [{ name: "A.local", type: "A", address: "192.0.2.9" }] }),
			],
		],
		others: [
			[
				ipv4({ source: "192.0.2.9", destination: "224.0.0.251" }),
				udp({ sourcePort: 5353, destinationPort: 5353 }),
				dns({ response: true, answers: [{ name: "b.local", type: "A", address: "192.0.2.9" }] }),
			],
		],
	},
	{
		name: "DHCP, by xid and hardware address, wherever it is sent",
		request: [
			ipv4({ source: "0.0.0.0", destination: "255.255.255.255" }),
			udp({ sourcePort: 68, destinationPort: 67 }),
			dhcpv4({ xid: 9, chaddr: "02:00:00:00:00:01" }),
		],
		replies: ["255.255.255.255", "192.0.2.9"].map((destination) => [
			ipv4({ source: "192.0.2.1", destination }),
			udp({ sourcePort: 67, destinationPort: 68 }),
			dhcpv4({ op: 2, xid: 9, chaddr: "02:00:00:00:00:01" }),
		]),
		others: [
			[
				back,
				udp({ sourcePort: 67, destinationPort: 68 }),
				dhcpv4({ op: 2, xid: 8, chaddr: "02:00:00:00:00:01" }),
			],
			[
				back,
				udp({ sourcePort: 67, destinationPort: 68 }),
				dhcpv4({ op: 2, xid: 9, chaddr: "02:00:00:00:00:02" }),
			],
			[
				back,
				udp({ sourcePort: 67, destinationPort: 68 }),
				dhcpv4({ op: 1, xid: 9, chaddr: "02:00:00:00:00:01" }),
			],
		],
	},
	{
		name: "a neighbour's solicitation, by the target",
		request: [
			ipv6({ source: "2001:db8::1", destination: "ff02::1:ff00:2" }),
			icmpv6({ type: ND_NEIGHBOR_SOLICIT, targetAddress: "2001:db8::2" }),
		],
		replies: [[back6, icmpv6({ type: ND_NEIGHBOR_ADVERT, targetAddress: "2001:db8::2" })]],
		others: [
			[back6, icmpv6({ type: ND_NEIGHBOR_ADVERT, targetAddress: "2001:db8::3" })],
			[
				but(back6, { destination: "2001:db8::7" }),
				icmpv6({ type: ND_NEIGHBOR_ADVERT, targetAddress: "2001:db8::2" }),
			],
		],
	},
	{
		name: "a solicitation of routers, by any router",
		request: [ipv6({ source: "fe80::1", destination: "ff02::2" }), icmpv6({ type: ND_ROUTER_SOLICIT })],
		replies: [[ipv6({ source: "fe80::9", destination: "ff02::1" }), icmpv6({ type: ND_ROUTER_ADVERT })]],
		others: [[ipv6({ source: "fe80::9", destination: "fe80::2" }), icmpv6({ type: ND_ROUTER_ADVERT })]],
	},
	{
		name: "what is in GRE, by its key",
		request: [there, gre({ key: 5 }), there, probe, "data"],
		replies: [[back, gre({ key: 5 }), back, udp({ sourcePort: 33434, destinationPort: 40000 })]],
		others: [
			[back, gre({ key: 6 }), back, udp({ sourcePort: 33434, destinationPort: 40000 })],
			[back, gre({ key: 5 }), back, probe],
		],
	},
	{
		name: "what is in IP, by what is inside",
		request: [there, there6, probe],
		replies: [[back, back6, udp({ sourcePort: 33434, destinationPort: 40000 })]],
		others: [[back, there6, udp({ sourcePort: 33434, destinationPort: 40000 })]],
	},
];

const mac = { here: "02:00:00:00:00:01", there: "02:00:00:00:00:02", else: "02:00:00:00:00:03" };
export const out = ethernet({ destination: mac.there, source: mac.here });
export const home = ethernet({ destination: mac.here, source: mac.there });
const everybody = ethernet({ destination: "ff:ff:ff:ff:ff:ff", source: mac.here });
const who = arp({
	operation: 1,
	senderHardwareAddress: mac.here,
	senderProtocolAddress: "192.0.2.1",
	targetProtocolAddress: "192.0.2.2",
});
const mine = arp({
	operation: 2,
	senderHardwareAddress: mac.there,
	senderProtocolAddress: "192.0.2.2",
	targetHardwareAddress: mac.here,
	targetProtocolAddress: "192.0.2.1",
});
export const echo = [there, icmpv4({ type: ICMP_ECHO, identifier: 1 })];
export const reply = [back, icmpv4({ type: ICMP_ECHOREPLY, identifier: 1 })];
const inner = udp({ sourcePort: 5555, destinationPort: 4789 });

/** Of frames. */
export const frames: readonly Row[] = [
	{
		name: "ARP, by the addresses",
		request: [everybody, who],
		replies: [[home, mine]],
		others: [
			[home, but(mine, { senderProtocolAddress: "192.0.2.3" })],
			[home, but(mine, { targetProtocolAddress: "192.0.2.3" })],
			[home, but(mine, { operation: 1 })],
			[but(home, { destination: mac.else }), mine],
			[home, ...reply],
		],
	},
	{
		name: "a frame, by one to the sender's station",
		request: [out, ...echo],
		replies: [
			[home, ...reply],
			[ethernet({ destination: mac.here, source: mac.else }), ...reply],
		],
		others: [[but(home, { destination: mac.else }), ...reply]],
	},
	{
		name: "a frame to all stations, by anybody",
		request: [
			everybody,
			but(there, { destination: "192.0.2.255" }),
			icmpv4({ type: ICMP_ECHO, identifier: 1 }),
		],
		replies: [[home, ...reply]],
		others: [],
	},
	{
		name: "a frame with a VLAN tag, by one of that VLAN, or one without a tag",
		request: [out, vlan({ vid: 5 }), ...echo],
		replies: [
			[home, vlan({ vid: 5 }), ...reply],
			[home, ...reply],
		],
		others: [[home, vlan({ vid: 6 }), ...reply]],
	},
	{
		name: "what is in VXLAN, by its network",
		request: [out, there, inner, vxlan({ vni: 5 }), everybody, who],
		replies: [[home, back, but(inner, { sourcePort: 6666 }), vxlan({ vni: 5 }), home, mine]],
		others: [[home, back, inner, vxlan({ vni: 6 }), home, mine]],
	},
];

/** A packet of these layers, read again. */
export function packetOf(parts: Parts): Packet {
	const [first] = parts;
	const layer = (first as { layer: string }).layer;
	const codecs: Record<string, AnyCodec> = { ethernet, ipv4, ipv6 };
	return dissect(build(...parts), { first: codecs[layer] as AnyCodec });
}
