/**
 * Packets that were built, in a file of a capture, as tshark reads them: the same fields, and right checksums. A
 * protocol is a row of `rows`: tshark's fields, and what each is for a layer's value.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
	type Ah,
	type Arp,
	build,
	dissect,
	ETHERTYPE_SERVICE_VLAN,
	type Ethernet,
	type ExtensionObject,
	type Gre,
	type GroupRecord,
	type Icmpv4,
	type Icmpv6,
	type Igmp,
	type Ipv4,
	type Ipv6,
	type Ipv6Fragment,
	type Ipv6Routing,
	type LayerValue,
	type Llc,
	type MplsLabel,
	type NdOption,
	type Sll,
	type Sll2,
	type Snap,
	type Tcp,
	type Udp,
	type Vlan,
	type Vxlan,
} from "../src/packet/index.js";
import { type Kind, kinds, sampleValues } from "./support/packets.js";

type Shown = string | readonly string[] | undefined;
type Row = Record<string, (value: never, outer: LayerValue | undefined) => Shown>;

const decimal = (value: number | undefined): Shown => (value === undefined ? undefined : String(value));
const hex =
	(digits: number) =>
	(value: number | undefined): Shown =>
		value === undefined ? undefined : `0x${value.toString(16).padStart(digits, "0")}`;
const hex8 = hex(8);
const hex4 = hex(4);
const hex2 = hex(2);
const flag = (value: boolean | undefined): Shown => (value === undefined ? undefined : value ? "1" : "0");
const text = (value: string | Uint8Array | undefined): Shown =>
	typeof value === "string" || value === undefined ? value : Buffer.from(value).toString("hex");
const flat = (values: readonly (Shown | readonly Shown[])[]): string[] =>
	values.flat(2).filter((value): value is string => value !== undefined);

/** What is compared of the options of neighbour discovery. */
function ofOptions<Kind extends NdOption["kind"]>(
	kind: Kind,
	show: (option: Extract<NdOption, { kind: Kind }>) => Shown,
): (value: Icmpv6) => Shown {
	return ({ options }) =>
		options &&
		flat(
			options
				.filter((option) => option.kind === kind)
				.map((option) => show(option as Extract<NdOption, { kind: Kind }>)),
		);
}

const ofRecords =
	(show: (record: GroupRecord) => Shown) =>
	({ records }: Igmp | Icmpv6): Shown =>
		records && flat(records.map(show));

/** What is compared of the objects behind what an error quotes. */
const ofObjects =
	(show: (object: ExtensionObject) => Shown) =>
	({ extension }: Icmpv4 | Icmpv6): Shown =>
		extension?.objects && flat(extension.objects.map(show));

const ofLabels = (show: (label: MplsLabel) => Shown): ((value: Icmpv4 | Icmpv6) => Shown) =>
	ofObjects((object) => (object.kind === "mplsLabelStack" ? flat(object.labels.map(show)) : undefined));

/** What follows the quotation of an error, for both versions. */
const extensionFields = {
	"icmp.ext.version": ({ extension }: Icmpv4 | Icmpv6) => decimal(extension?.version),
	"icmp.ext.res": ({ extension }: Icmpv4 | Icmpv6) => hex4(extension?.reserved),
	"icmp.ext.checksum": ({ extension }: Icmpv4 | Icmpv6) => hex4(extension?.checksum),
	"icmp.ext.checksum.status": ({ extension }: Icmpv4 | Icmpv6) => flag(extension && true),
	"icmp.ext.class": ofObjects((object) => decimal(object.kind === "unknown" ? object.class : 1)),
	"icmp.ext.ctype": ofObjects((object) => decimal(object.kind === "unknown" ? object.type : 1)),
	"icmp.ext.data": ofObjects((object) => (object.kind === "unknown" ? text(object.data) : undefined)),
	"icmp.mpls.label": ofLabels(({ label }) => decimal(label)),
	"icmp.mpls.exp": ofLabels(({ trafficClass }) => decimal(trafficClass)),
	"icmp.mpls.s": ofLabels(({ bottom }) => flag(bottom)),
	"icmp.mpls.ttl": ofLabels(({ ttl }) => decimal(ttl)),
};

/** The protocols: tshark's fields of a layer, in terms of the value that dissect() gives. */
const rows: Record<string, Row> = {
	ethernet: {
		"eth.dst": ({ destination }: Ethernet) => destination,
		"eth.src": ({ source }: Ethernet) => source,
		"eth.type": ({ type }: Ethernet) => ((type as number) > 1500 ? hex4(type) : undefined),
		"eth.len": ({ type }: Ethernet) => ((type as number) <= 1500 ? decimal(type) : undefined),
	},
	vlan: {
		"vlan.priority": ({ pcp }: Vlan, outer) => ofCustomer(outer, decimal(pcp)),
		"vlan.dei": ({ dei }: Vlan, outer) => ofCustomer(outer, flag(dei)),
		"vlan.id": ({ vid }: Vlan, outer) => ofCustomer(outer, decimal(vid)),
		"vlan.etype": ({ type }: Vlan, outer) => ofCustomer(outer, hex4(type)),
		"ieee8021ad.priority": ({ pcp }: Vlan, outer) => ofService(outer, decimal(pcp)),
		"ieee8021ad.dei": ({ dei }: Vlan, outer) => ofService(outer, flag(dei)),
		"ieee8021ad.id": ({ vid }: Vlan, outer) => ofService(outer, decimal(vid)),
	},
	llc: {
		"llc.dsap": ({ dsap }: Llc) => hex2(dsap),
		"llc.ssap": ({ ssap }: Llc) => hex2(ssap),
		"llc.control": ({ control }: Llc) => hex4(control),
	},
	snap: {
		"llc.oui": ({ oui }: Snap) => decimal(oui),
		"llc.type": ({ type }: Snap) => hex4(type),
	},
	arp: {
		"arp.hw.type": ({ hardwareType }: Arp) => decimal(hardwareType),
		"arp.proto.type": ({ protocolType }: Arp) => hex4(protocolType),
		"arp.hw.size": ({ hardwareLength }: Arp) => decimal(hardwareLength),
		"arp.proto.size": ({ protocolLength }: Arp) => decimal(protocolLength),
		"arp.opcode": ({ operation }: Arp) => decimal(operation),
		"arp.src.hw_mac": ({ senderHardwareAddress }: Arp) => ofText(senderHardwareAddress),
		"arp.src.proto_ipv4": ({ senderProtocolAddress }: Arp) => ofText(senderProtocolAddress),
		"arp.dst.hw_mac": ({ targetHardwareAddress }: Arp) => ofText(targetHardwareAddress),
		"arp.dst.proto_ipv4": ({ targetProtocolAddress }: Arp) => ofText(targetProtocolAddress),
		"arp.src.hw": ({ senderHardwareAddress }: Arp) => ofBytes(senderHardwareAddress),
		"arp.src.proto": ({ senderProtocolAddress }: Arp) => ofBytes(senderProtocolAddress),
		"arp.dst.hw": ({ targetHardwareAddress }: Arp) => ofBytes(targetHardwareAddress),
		"arp.dst.proto": ({ targetProtocolAddress }: Arp) => ofBytes(targetProtocolAddress),
	},
	ipv4: {
		"ip.hdr_len": ({ ihl }: Ipv4) => decimal((ihl as number) * 4),
		"ip.dsfield.dscp": ({ dscp }: Ipv4) => decimal(dscp),
		"ip.dsfield.ecn": ({ ecn }: Ipv4) => decimal(ecn),
		"ip.len": ({ totalLength }: Ipv4) => decimal(totalLength),
		"ip.id": ({ identification }: Ipv4) => hex4(identification),
		"ip.flags.rb": ({ reserved }: Ipv4) => flag(reserved),
		"ip.flags.df": ({ dontFragment }: Ipv4) => flag(dontFragment),
		"ip.flags.mf": ({ moreFragments }: Ipv4) => flag(moreFragments),
		"ip.ttl": ({ ttl }: Ipv4) => decimal(ttl),
		"ip.proto": ({ protocol }: Ipv4) => decimal(protocol),
		"ip.checksum": ({ checksum }: Ipv4) => hex4(checksum),
		"ip.checksum.status": () => "1",
		"ip.src": ({ source }: Ipv4) => source,
		"ip.dst": ({ destination }: Ipv4) => destination,
		"ip.opt.ra": ({ options }: Ipv4) =>
			options &&
			flat(options.map((option) => (option.kind === "routerAlert" ? decimal(option.value) : undefined))),
	},
	ipv6: {
		"ipv6.tclass.dscp": ({ dscp }: Ipv6) => decimal(dscp),
		"ipv6.tclass.ecn": ({ ecn }: Ipv6) => decimal(ecn),
		"ipv6.flow": ({ flowLabel }: Ipv6) => hex(6)(flowLabel),
		"ipv6.plen": ({ payloadLength }: Ipv6) => decimal(payloadLength),
		"ipv6.nxt": ({ nextHeader }: Ipv6) => decimal(nextHeader),
		"ipv6.hlim": ({ hopLimit }: Ipv6) => decimal(hopLimit),
		"ipv6.src": ({ source }: Ipv6) => source,
		"ipv6.dst": ({ destination }: Ipv6) => destination,
	},
	ipv6Routing: {
		"ipv6.routing.type": ({ routingType }: Ipv6Routing) => decimal(routingType),
		"ipv6.routing.segleft": ({ segmentsLeft }: Ipv6Routing) => decimal(segmentsLeft),
		"ipv6.routing.src.addr": ({ routingType, addresses }: Ipv6Routing) =>
			routingType === 0 ? addresses : undefined,
		"ipv6.routing.mipv6.home_address": ({ routingType, addresses }: Ipv6Routing) =>
			routingType === 2 ? addresses : undefined,
		"ipv6.routing.srh.addr": ({ routingType, addresses }: Ipv6Routing) =>
			routingType === 4 ? addresses : undefined,
		"ipv6.routing.srh.tag": ({ tag }: Ipv6Routing) => tag?.toString(16).padStart(4, "0"),
		"ipv6.routing.srh.last_entry": ({ lastEntry }: Ipv6Routing) => decimal(lastEntry),
	},
	ipv6Fragment: {
		"ipv6.fraghdr.nxt": ({ nextHeader }: Ipv6Fragment) => decimal(nextHeader),
		"ipv6.fraghdr.offset": ({ fragmentOffset }: Ipv6Fragment) => decimal(fragmentOffset),
		"ipv6.fraghdr.more": ({ moreFragments }: Ipv6Fragment) => flag(moreFragments),
		"ipv6.fraghdr.ident": ({ identification }: Ipv6Fragment) => hex8(identification),
	},
	ah: {
		"ah.next_header": ({ nextHeader }: Ah) => decimal(nextHeader),
		"ah.length": ({ payloadLength }: Ah) => decimal(payloadLength),
		"ah.spi": ({ spi }: Ah) => hex8(spi),
		"ah.sequence": ({ sequence }: Ah) => decimal(sequence),
		"ah.icv": ({ icv }: Ah) => text(icv),
	},
	tcp: {
		"tcp.srcport": ({ sourcePort }: Tcp) => decimal(sourcePort),
		"tcp.dstport": ({ destinationPort }: Tcp) => decimal(destinationPort),
		"tcp.seq_raw": ({ sequence }: Tcp) => decimal(sequence),
		"tcp.ack_raw": ({ acknowledgment }: Tcp) => decimal(acknowledgment),
		"tcp.hdr_len": ({ dataOffset }: Tcp) => decimal((dataOffset as number) * 4),
		"tcp.flags": ({ flags }: Tcp) => hex4(flags),
		"tcp.window_size_value": ({ window }: Tcp) => decimal(window),
		"tcp.checksum": ({ checksum }: Tcp) => hex4(checksum),
		"tcp.checksum.status": () => "1",
		"tcp.urgent_pointer": ({ urgentPointer }: Tcp) => decimal(urgentPointer),
	},
	udp: {
		"udp.srcport": ({ sourcePort }: Udp) => decimal(sourcePort),
		"udp.dstport": ({ destinationPort }: Udp) => decimal(destinationPort),
		"udp.length": ({ length }: Udp) => decimal(length),
		"udp.checksum": ({ checksum }: Udp) => hex4(checksum),
	},
	icmpv4: {
		"icmp.type": ({ type }: Icmpv4) => decimal(type),
		"icmp.code": ({ code }: Icmpv4) => decimal(code),
		"icmp.checksum": ({ checksum }: Icmpv4) => hex4(checksum),
		"icmp.checksum.status": () => "1",
		"icmp.seq": ({ sequence }: Icmpv4) => decimal(sequence),
		"icmp.ident": ({ identifier }: Icmpv4) => decimal(identifier),
		"icmp.mtu": ({ code, nextHopMtu }: Icmpv4) => (code === 4 ? decimal(nextHopMtu) : undefined),
		"icmp.pointer": ({ pointer }: Icmpv4) => decimal(pointer),
		"icmp.originate_timestamp": ({ originateTimestamp }: Icmpv4) => decimal(originateTimestamp),
		"icmp.receive_timestamp": ({ receiveTimestamp }: Icmpv4) => decimal(receiveTimestamp),
		"icmp.transmit_timestamp": ({ transmitTimestamp }: Icmpv4) => decimal(transmitTimestamp),
		"icmp.redir_gw": ({ gateway }: Icmpv4) => gateway,
		"icmp.address_mask": ({ addressMask }: Icmpv4) => addressMask,
		"icmp.length": ({ length }: Icmpv4) => decimal(length || undefined),
		...extensionFields,
	},
	icmpv6: {
		"icmpv6.type": ({ type }: Icmpv6) => decimal(type),
		"icmpv6.code": ({ code }: Icmpv6) => decimal(code),
		"icmpv6.checksum": ({ checksum }: Icmpv6) => hex4(checksum),
		"icmpv6.checksum.status": () => "1",
		"icmpv6.length": ({ length }: Icmpv6) => decimal(length || undefined),
		...extensionFields,
		"icmpv6.echo.identifier": ({ identifier }: Icmpv6) => hex4(identifier),
		"icmpv6.echo.sequence_number": ({ sequence }: Icmpv6) => decimal(sequence),
		"icmpv6.mtu": ({ type, mtu }: Icmpv6) => (type === 2 ? decimal(mtu) : undefined),
		"icmpv6.pointer": ({ pointer }: Icmpv6) => decimal(pointer),
		"icmpv6.mld.maximum_response_delay": ({ maximumResponseCode, sources }: Icmpv6) =>
			sources === undefined ? decimal(maximumResponseCode) : undefined,
		"icmpv6.mld.multicast_address": ({ multicastAddress }: Icmpv6) => multicastAddress,
		"icmpv6.mld.maximum_response_code": ({ maximumResponseCode, sources }: Icmpv6) =>
			sources === undefined ? undefined : decimal(maximumResponseCode),
		"icmpv6.mld.flag.s": ({ suppress }: Icmpv6) => flag(suppress),
		"icmpv6.mld.flag.qrv": ({ robustness }: Icmpv6) => decimal(robustness),
		"icmpv6.mld.qqi": ({ queryIntervalCode }: Icmpv6) => decimal(queryIntervalCode),
		"icmpv6.mld.nb_sources": ({ numberOfSources }: Icmpv6) => decimal(numberOfSources),
		"icmpv6.mld.source_address": ({ sources }: Icmpv6) => sources,
		"icmpv6.mldr.nb_mcast_records": ({ numberOfRecords }: Icmpv6) => decimal(numberOfRecords),
		"icmpv6.mldr.mar.record_type": ofRecords(({ type }) => decimal(type)),
		"icmpv6.mldr.mar.multicast_address": ofRecords(({ multicastAddress }) => multicastAddress),
		"icmpv6.mldr.mar.source_address": ofRecords(({ sources }) => sources),
		"icmpv6.nd.ra.cur_hop_limit": ({ currentHopLimit }: Icmpv6) => decimal(currentHopLimit),
		"icmpv6.nd.ra.flag.m": ({ managed }: Icmpv6) => flag(managed),
		"icmpv6.nd.ra.flag.o": ({ otherConfiguration }: Icmpv6) => flag(otherConfiguration),
		"icmpv6.nd.ra.flag.h": ({ homeAgent }: Icmpv6) => flag(homeAgent),
		"icmpv6.nd.ra.flag.prf": ({ preference }: Icmpv6) => decimal(preference),
		"icmpv6.nd.ra.router_lifetime": ({ routerLifetime }: Icmpv6) => decimal(routerLifetime),
		"icmpv6.nd.ra.reachable_time": ({ reachableTime }: Icmpv6) => decimal(reachableTime),
		"icmpv6.nd.ra.retrans_timer": ({ retransTimer }: Icmpv6) => decimal(retransTimer),
		"icmpv6.nd.ns.target_address": ({ type, targetAddress }: Icmpv6) =>
			type === 135 ? targetAddress : undefined,
		"icmpv6.nd.na.target_address": ({ type, targetAddress }: Icmpv6) =>
			type === 136 ? targetAddress : undefined,
		"icmpv6.nd.rd.target_address": ({ type, targetAddress }: Icmpv6) =>
			type === 137 ? targetAddress : undefined,
		"icmpv6.rd.na.destination_address": ({ destinationAddress }: Icmpv6) => destinationAddress,
		"icmpv6.nd.na.flag.r": ({ router }: Icmpv6) => flag(router),
		"icmpv6.nd.na.flag.s": ({ solicited }: Icmpv6) => flag(solicited),
		"icmpv6.nd.na.flag.o": ({ override }: Icmpv6) => flag(override),
		"icmpv6.opt.src_linkaddr": ofOptions("sourceLinkLayerAddress", ({ address }) => address),
		"icmpv6.opt.target_linkaddr": ofOptions("targetLinkLayerAddress", ({ address }) => address),
		"icmpv6.opt.mtu": ofOptions("mtu", ({ mtu }) => decimal(mtu)),
		"icmpv6.opt.prefix": ofOptions("prefixInformation", ({ prefix }) => prefix),
		"icmpv6.opt.prefix.length": ofOptions("prefixInformation", ({ prefixLength }) => decimal(prefixLength)),
		"icmpv6.opt.prefix.flag.l": ofOptions("prefixInformation", ({ onLink }) => flag(onLink)),
		"icmpv6.opt.prefix.flag.a": ofOptions("prefixInformation", ({ autonomous }) => flag(autonomous)),
		"icmpv6.opt.prefix.valid_lifetime": ofOptions("prefixInformation", ({ validLifetime }) =>
			decimal(validLifetime),
		),
		"icmpv6.opt.prefix.preferred_lifetime": ofOptions("prefixInformation", ({ preferredLifetime }) =>
			decimal(preferredLifetime),
		),
		"icmpv6.opt.rdnss": ofOptions("recursiveDnsServer", ({ addresses }) => addresses),
		"icmpv6.opt.rdnss.lifetime": ofOptions("recursiveDnsServer", ({ lifetime }) => decimal(lifetime)),
	},
	igmp: {
		"igmp.type": ({ type }: Igmp) => hex2(type),
		"igmp.checksum": ({ checksum }: Igmp) => hex4(checksum),
		"igmp.checksum.status": () => "1",
		"igmp.maddr": ({ group, records }: Igmp) =>
			group ?? records?.map(({ multicastAddress }) => multicastAddress),
		"igmp.s": ({ suppress }: Igmp) => flag(suppress),
		"igmp.qrv": ({ robustness }: Igmp) => decimal(robustness),
		"igmp.qqic": ({ queryIntervalCode }: Igmp) => decimal(queryIntervalCode),
		"igmp.num_src": ({ numberOfSources, records }: Igmp) =>
			decimal(numberOfSources) ?? (records && flat(records.map(({ sources }) => decimal(sources?.length)))),
		"igmp.saddr": ({ sources, records }: Igmp) =>
			sources ?? (records && flat(records.map((record) => record.sources))),
		"igmp.num_grp_recs": ({ numberOfRecords }: Igmp) => decimal(numberOfRecords),
		"igmp.record_type": ofRecords(({ type }) => decimal(type)),
	},
	gre: {
		"gre.proto": ({ protocolType }: Gre) => hex4(protocolType),
		"gre.flags.checksum": ({ checksumPresent }: Gre) => flag(checksumPresent),
		"gre.checksum": ({ checksum }: Gre) => hex4(checksum),
		"gre.checksum.status": ({ checksum }: Gre) => (checksum === undefined ? undefined : "1"),
		"gre.key": ({ key }: Gre) => hex8(key),
		"gre.sequence_number": ({ sequence }: Gre) => decimal(sequence),
	},
	vxlan: { "vxlan.vni": ({ vni }: Vxlan) => decimal(vni) },
	sll: {
		"sll.pkttype": ({ packetType }: Sll) => decimal(packetType),
		"sll.hatype": ({ arphrdType }: Sll) => decimal(arphrdType),
		"sll.halen": ({ addressLength }: Sll) => decimal(addressLength),
		"sll.src.eth": ({ address }: Sll) => text(address),
		"sll.etype": ({ protocolType }: Sll) => hex4(protocolType),
	},
	sll2: {
		"sll.pkttype": ({ packetType }: Sll2) => decimal(packetType),
		"sll.hatype": ({ arphrdType }: Sll2) => decimal(arphrdType),
		"sll.halen": ({ addressLength }: Sll2) => decimal(addressLength),
		"sll.src.eth": ({ address }: Sll2) => text(address),
		"sll.etype": ({ protocolType }: Sll2) => hex4(protocolType),
		"sll.ifindex": ({ interfaceIndex }: Sll2) => decimal(interfaceIndex),
	},
};

function ofText(address: string | Uint8Array | undefined): Shown {
	return typeof address === "string" ? address : undefined;
}

function ofBytes(address: string | Uint8Array | undefined): Shown {
	return typeof address === "string" ? undefined : text(address);
}

function isService(outer: LayerValue | undefined): boolean {
	return (outer as Ethernet | Vlan).type === ETHERTYPE_SERVICE_VLAN;
}

function ofCustomer(outer: LayerValue | undefined, shown: Shown): Shown {
	return isService(outer) ? undefined : shown;
}

function ofService(outer: LayerValue | undefined, shown: Shown): Shown {
	return isService(outer) ? shown : undefined;
}

const fields = [...new Set(Object.values(rows).flatMap((row) => Object.keys(row)))];

/** What tshark should show of a packet: each field of all its layers in their order. */
function expectedOf(layers: readonly LayerValue[]): Record<string, string[]> {
	const expected: Record<string, string[]> = {};
	for (const [index, layer] of layers.entries()) {
		for (const [field, show] of Object.entries(rows[layer.layer] ?? {})) {
			const shown = show(layer as never, layers[index - 1]);
			if (shown === undefined || shown.length === 0) continue;
			expected[field] = [...(expected[field] ?? []), ...(typeof shown === "string" ? [shown] : shown)];
		}
	}
	return expected;
}

/** A file of a capture. */
function pcap(linkType: number, packets: readonly Uint8Array[]): Buffer {
	const header = Buffer.alloc(24);
	header.writeUInt32LE(0xa1b2c3d4, 0);
	header.writeUInt16LE(2, 4);
	header.writeUInt16LE(4, 6);
	header.writeUInt32LE(0x40000, 16);
	header.writeUInt32LE(linkType, 20);
	return Buffer.concat([
		header,
		...packets.flatMap((packet, index) => {
			const record = Buffer.alloc(16);
			record.writeUInt32LE(index, 0);
			record.writeUInt32LE(packet.length, 8);
			record.writeUInt32LE(packet.length, 12);
			return [record, packet];
		}),
	]);
}

const preferences = [
	"ip.check_checksum:TRUE",
	"tcp.check_checksum:TRUE",
	// Without these it puts together what does not belong together.
	"ip.defragment:FALSE",
	"ipv6.defragment:FALSE",
	"tcp.desegment_tcp_streams:FALSE",
];

/** What tshark shows of packets. */
function tshark(linkType: number, packets: readonly Uint8Array[]): Record<string, string[]>[] {
	const folder = mkdtempSync(join(tmpdir(), "berkeley-tshark-"));
	try {
		const file = join(folder, "packets.pcap");
		writeFileSync(file, pcap(linkType, packets));
		const args = ["-n", "-r", file, "-T", "json"];
		for (const preference of preferences) args.push("-o", preference);
		for (const field of fields) args.push("-e", field);
		const { status, stdout, stderr } = spawnSync("tshark", args, { encoding: "utf8", maxBuffer: 1 << 28 });
		assert.equal(status, 0, stderr);
		const shown = JSON.parse(stdout) as { _source: { layers?: Record<string, string[]> } }[];
		return shown.map(({ _source }) => _source.layers ?? {});
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const skip = spawnSync("tshark", ["--version"]).status === 0 ? false : "there is no tshark";
const each = 12;
const seed = Number(process.env.SEED ?? 1);

describe("tshark", { skip }, () => {
	const asked = kinds.filter(({ notTshark }) => notTshark === undefined);
	const packets = asked.flatMap((kind) =>
		sampleValues(kind, each, seed).map((values) => ({ kind, bytes: build(...values) })),
	);
	const answers = new Map<Uint8Array, Record<string, string[]>>();
	test("answers", () => {
		for (const linkType of [1, 113, 276]) {
			const some = packets.filter(({ kind }) => (kind.linkType ?? 1) === linkType).map(({ bytes }) => bytes);
			const shown = tshark(linkType, some);
			assert.equal(shown.length, some.length);
			for (const [index, bytes] of some.entries())
				answers.set(bytes, shown[index] as Record<string, string[]>);
		}
	});

	for (const kind of asked) {
		test(`shows the same fields as we do: ${kind.name}`, () => {
			for (const packet of packets) if (packet.kind === kind) compare(kind, packet.bytes);
		});
	}

	function compare(kind: Kind, bytes: Uint8Array): void {
		const packet = dissect(bytes, kind.first === undefined ? {} : { first: kind.first });
		const shown = answers.get(bytes) ?? {};
		const expected = expectedOf(packet.toValues());
		const differences = Object.entries(expected)
			.filter(([field, values]) => String(shown[field]) !== String(values))
			.map(([field, values]) => `${field}: ${shown[field]}, not ${values}`);
		assert.deepEqual(differences, [], `${packet.summary()}: ${Buffer.from(bytes).toString("hex")}`);
	}
});
