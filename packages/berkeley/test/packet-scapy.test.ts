/**
 * Packets both ways with scapy: what it builds of the same values are our bytes, and it reads our bytes as the same
 * values. A protocol is a row of `rows`: the Python expression that makes its layer in scapy.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import {
	type Ah,
	type Arp,
	build,
	dissect,
	ETHERTYPE_SERVICE_VLAN,
	type Ethernet,
	type Gre,
	type GroupRecord,
	type Icmpv4,
	type Icmpv6,
	type Igmp,
	type Ipv4,
	type Ipv6,
	type Ipv6DestinationOptions,
	type Ipv6Fragment,
	type Ipv6HopByHop,
	type Ipv6Option,
	type Ipv6Routing,
	type LayerValue,
	type Llc,
	type NdOption,
	type Raw,
	type Sll,
	type Sll2,
	type Tcp,
	type Udp,
	type Vlan,
	type Vxlan,
} from "../src/packet/index.js";
import { askPython } from "./support/oracles.js";
import { kinds, sampleValues, type Values } from "./support/packets.js";

/** What a row may look at beside its value. */
interface Around {
	readonly outer: LayerValue | undefined;
	readonly inner: LayerValue | undefined;
}

type Row = (value: never, around: Around) => string;

const bytesOf = (bytes: Uint8Array): string => `bytes.fromhex("${Buffer.from(bytes).toString("hex")}")`;
const flag = (value: boolean | undefined): string => (value === true ? "1" : "0");
const list = (values: readonly string[] = []): string =>
	`[${values.map((value) => `"${value}"`).join(", ")}]`;

/** A call with the arguments that are given. */
function call(name: string, fields: Record<string, number | boolean | string | undefined>): string {
	const given = Object.entries(fields).filter(([, value]) => value !== undefined);
	const shown = given.map(([field, value]) => `${field}=${typeof value === "boolean" ? flag(value) : value}`);
	return `${name}(${shown.join(", ")})`;
}

const text = (value: string | Uint8Array | undefined): string | undefined =>
	value === undefined ? undefined : `"${value as string}"`;
/** Where scapy has another number for a payload that is no protocol. */
const nextOf = (inner: LayerValue | undefined): number | undefined =>
	inner?.layer === "raw" ? 255 : undefined;

function ipv6OptionOf(option: Ipv6Option): string {
	switch (option.kind) {
		case "routerAlert":
			return call("RouterAlert", { value: option.value });
		case "padN":
			return call("PadN", { optdata: bytesOf(option.data) });
		case "pad1":
			return "Pad1()";
		case "jumboPayload":
			return call("Jumbo", { jumboplen: option.length });
		default:
			return call("HBHOptUnknown", { otype: Number(option.kind), optdata: bytesOf(option.data) });
	}
}

function ndOptionOf(option: NdOption): string {
	switch (option.kind) {
		case "sourceLinkLayerAddress":
			return call("ICMPv6NDOptSrcLLAddr", { lladdr: text(option.address) });
		case "targetLinkLayerAddress":
			return call("ICMPv6NDOptDstLLAddr", { lladdr: text(option.address) });
		case "prefixInformation":
			return call("ICMPv6NDOptPrefixInfo", {
				prefixlen: option.prefixLength,
				L: option.onLink,
				A: option.autonomous,
				R: 0,
				res1: option.reserved1,
				validlifetime: option.validLifetime,
				preferredlifetime: option.preferredLifetime,
				res2: option.reserved2,
				prefix: text(option.prefix),
			});
		case "mtu":
			return call("ICMPv6NDOptMTU", { res: option.reserved, mtu: option.mtu });
		case "recursiveDnsServer":
			return call("ICMPv6NDOptRDNSS", {
				res: option.reserved,
				lifetime: option.lifetime,
				dns: list(option.addresses),
			});
		default:
			throw new Error(`no option ${option.kind}`);
	}
}

const recordsOf = (
	name: string,
	group: string,
	sources: string,
	records: readonly GroupRecord[] = [],
): string =>
	`[${records
		.map((record) =>
			call(name, {
				rtype: record.type,
				[group]: text(record.multicastAddress),
				[sources]: list(record.sources),
			}),
		)
		.join(", ")}]`;

const icmpv6Names = new Map([
	[1, "ICMPv6DestUnreach"],
	[2, "ICMPv6PacketTooBig"],
	[3, "ICMPv6TimeExceeded"],
	[4, "ICMPv6ParamProblem"],
	[128, "ICMPv6EchoRequest"],
	[129, "ICMPv6EchoReply"],
	[130, "ICMPv6MLQuery"],
	[131, "ICMPv6MLReport"],
	[132, "ICMPv6MLDone"],
	[133, "ICMPv6ND_RS"],
	[134, "ICMPv6ND_RA"],
	[135, "ICMPv6ND_NS"],
	[136, "ICMPv6ND_NA"],
	[137, "ICMPv6ND_Redirect"],
	[143, "ICMPv6MLReport2"],
]);

/** The protocols: a layer's value as an expression of scapy's. */
const rows: Record<string, Row> = {
	ethernet: ({ destination, source }: Ethernet, { inner }) =>
		call(inner?.layer === "llc" ? "Dot3" : "Ether", { dst: text(destination), src: text(source) }),
	vlan: ({ pcp, dei, vid }: Vlan, { outer }) => {
		const isService = (outer as Ethernet | Vlan).type === ETHERTYPE_SERVICE_VLAN;
		return call(isService ? "Dot1AD" : "Dot1Q", { prio: pcp, id: dei, vlan: vid });
	},
	llc: ({ dsap, ssap, control }: Llc) => call("LLC", { dsap, ssap, ctrl: control }),
	snap: () => "SNAP()",
	arp: (value: Arp) =>
		call("ARP", {
			op: value.operation,
			hwsrc: text(value.senderHardwareAddress),
			psrc: text(value.senderProtocolAddress),
			hwdst: text(value.targetHardwareAddress),
			pdst: text(value.targetProtocolAddress),
		}),
	ipv4: (value: Ipv4, { inner }) =>
		call("IP", {
			tos: ((value.dscp ?? 0) << 2) | (value.ecn ?? 0),
			id: value.identification ?? 0,
			flags: (value.dontFragment === true ? 2 : 0) | (value.moreFragments === true ? 1 : 0),
			frag: value.fragmentOffset,
			ttl: value.ttl,
			proto: value.protocol ?? nextOf(inner),
			src: text(value.source),
			dst: text(value.destination),
			options:
				value.options === undefined
					? undefined
					: `[${value.options.map((option) => {
							assert.equal(option.kind, "routerAlert");
							return call("IPOption_Router_Alert", { alert: (option as { value: number }).value });
						})}]`,
		}),
	ipv6: (value: Ipv6, { inner }) =>
		call("IPv6", {
			tc: ((value.dscp ?? 0) << 2) | (value.ecn ?? 0),
			fl: value.flowLabel,
			nh: value.nextHeader ?? nextOf(inner),
			hlim: value.hopLimit,
			src: text(value.source),
			dst: text(value.destination),
		}),
	ipv6HopByHop: ({ options = [] }: Ipv6HopByHop) =>
		call("IPv6ExtHdrHopByHop", { autopad: 0, options: `[${options.map(ipv6OptionOf)}]` }),
	ipv6DestinationOptions: ({ options = [] }: Ipv6DestinationOptions) =>
		call("IPv6ExtHdrDestOpt", { autopad: 0, options: `[${options.map(ipv6OptionOf)}]` }),
	ipv6Routing: ({ routingType, addresses = [], tag }: Ipv6Routing) =>
		routingType === 4
			? call("IPv6ExtHdrSegmentRouting", {
					tag,
					addresses: list(addresses),
					segleft: addresses.length - 1,
					lastentry: addresses.length - 1,
				})
			: call("IPv6ExtHdrRouting", { type: routingType, addresses: list(addresses) }),
	ipv6Fragment: (value: Ipv6Fragment, { inner }) =>
		call("IPv6ExtHdrFragment", {
			nh: value.nextHeader ?? nextOf(inner),
			offset: value.fragmentOffset,
			m: value.moreFragments,
			id: value.identification,
		}),
	ah: ({ nextHeader, spi, sequence, icv }: Ah) =>
		// It computes neither the next header nor the length.
		call("AH", {
			nh: nextHeader,
			payloadlen: 1 + (icv?.length ?? 0) / 4,
			reserved: 0,
			spi,
			seq: sequence,
			icv: bytesOf(icv ?? new Uint8Array(0)),
		}),
	tcp: (value: Tcp) =>
		call("TCP", {
			sport: value.sourcePort,
			dport: value.destinationPort,
			seq: value.sequence,
			ack: value.acknowledgment,
			flags: value.flags ?? 0,
			window: value.window ?? 65535,
			urgptr: value.urgentPointer,
			options: value.options === undefined ? undefined : `[${value.options.map(tcpOptionOf)}]`,
		}),
	udp: ({ sourcePort, destinationPort }: Udp) =>
		call("UDP", { sport: sourcePort, dport: destinationPort ?? 4789 }),
	icmpv4: (value: Icmpv4) =>
		call("ICMP", {
			type: value.type,
			code: value.code,
			id: value.identifier,
			seq: value.sequence,
			ts_ori: value.originateTimestamp,
			ts_rx: value.receiveTimestamp,
			ts_tx: value.transmitTimestamp,
			gw: text(value.gateway),
			ptr: value.pointer,
			addr_mask: text(value.addressMask),
			nexthopmtu: value.nextHopMtu,
		}),
	icmpv6: (value: Icmpv6) => {
		const isQuery2 = value.type === 130 && value.sources !== undefined;
		const name = isQuery2 ? "ICMPv6MLQuery2" : (icmpv6Names.get(value.type) ?? "ICMPv6Unknown");
		const head = call(name, {
			type: name === "ICMPv6Unknown" ? value.type : undefined,
			code: value.code,
			id: value.identifier,
			seq: value.sequence,
			unused: value.unused,
			mtu: value.mtu,
			ptr: value.pointer,
			mrd: value.maximumResponseCode,
			mladdr: text(value.multicastAddress),
			S: value.suppress ?? value.solicited,
			QRV: value.robustness,
			QQIC: value.queryIntervalCode,
			sources: value.sources && list(value.sources),
			sources_number: value.sources?.length,
			records: value.records && recordsOf("ICMPv6MLDMultAddrRec", "dst", "sources", value.records),
			records_number: value.records?.length,
			chlim: value.currentHopLimit,
			M: value.managed,
			O: value.otherConfiguration ?? value.override,
			H: value.homeAgent,
			prf: value.preference,
			routerlifetime: value.routerLifetime,
			reachabletime: value.reachableTime,
			retranstimer: value.retransTimer,
			R: value.router,
			tgt: text(value.targetAddress),
			dst: text(value.destinationAddress),
		});
		return [head, ...(value.options ?? []).map(ndOptionOf)].join("/");
	},
	igmp: (value: Igmp) => {
		const { type, maxRespCode = 0, group, records, sources } = value;
		const head = call("IGMPv3", { type, mrcode: maxRespCode });
		if (records !== undefined) {
			const inside = recordsOf("IGMPv3gr", "maddr", "srcaddrs", records);
			return `${head}/${call("IGMPv3mr", { numgrp: records.length, records: inside })}`;
		}
		if (sources === undefined) return call("IGMP", { type, mrcode: maxRespCode, gaddr: text(group) });
		const { suppress, robustness, queryIntervalCode } = value;
		return `${head}/${call("IGMPv3mq", {
			gaddr: text(group),
			s: suppress,
			qrv: robustness,
			qqic: queryIntervalCode,
			numsrc: sources.length,
			srcaddrs: list(sources),
		})}`;
	},
	gre: ({ checksumPresent, key, sequence }: Gre) =>
		call("GRE", {
			chksum_present: checksumPresent,
			key_present: key === undefined ? 0 : 1,
			seqnum_present: sequence === undefined ? 0 : 1,
			key,
			sequence_number: sequence,
		}),
	vxlan: ({ vni }: Vxlan) => call("VXLAN", { flags: 8, vni }),
	sll: ({ packetType, address }: Sll) =>
		call("CookedLinux", { pkttype: packetType, lladdrtype: 1, lladdrlen: 6, src: cooked(address as string) }),
	sll2: ({ packetType, interfaceIndex, address }: Sll2) =>
		call("CookedLinuxV2", {
			pkttype: packetType,
			ifindex: interfaceIndex,
			lladdrtype: 1,
			lladdrlen: 6,
			src: cooked(address as string),
		}),
	raw: ({ data }: Raw) => call("Raw", { load: bytesOf(data) }),
};

function cooked(address: string): string {
	return `mac2str("${address}") + b"\\0\\0"`;
}

function tcpOptionOf(option: NonNullable<Tcp["options"]>[number]): string {
	switch (option.kind) {
		case "mss":
			return `("MSS", ${option.value})`;
		case "sackPermitted":
			return `("SAckOK", b"")`;
		case "timestamps":
			return `("Timestamp", (${option.value}, ${option.echo}))`;
		case "nop":
			return `("NOP", None)`;
		case "windowScale":
			return `("WScale", ${option.shift})`;
		default:
			throw new Error(`no option ${option.kind}`);
	}
}

const script = `
from scapy.all import *
from scapy.layers.inet6 import *
from scapy.layers.inet6 import _ICMPv6Error
from scapy.layers.ipsec import AH
from scapy.layers.vxlan import VXLAN
from scapy.contrib.igmp import IGMP
from scapy.contrib.igmpv3 import IGMPv3, IGMPv3mq, IGMPv3mr, IGMPv3gr

# What it speaks of IGMP only where the hops are 1.
bind_layers(IP, IGMP, proto=2)

def chain(item):
    while isinstance(item, Packet) and item.payload:
        yield item
        item = item.payload
    yield item

def same(expected, got):
    if isinstance(expected, Packet): return not differing(expected, got)
    if isinstance(expected, (list, tuple)):
        # A list of records that were read is a chain.
        got = [link for item in got for link in chain(item)]
        return len(expected) == len(got) and all(same(e, g) for e, g in zip(expected, got))
    try: return int(expected) == int(got)
    except (TypeError, ValueError): return expected == got

def differing(expected, got):
    names = [name for name in expected.fields if name != "autopad"]
    values = [(name, expected.getfieldval(name), got.getfieldval(name)) for name in names]
    return ["%s.%s: %r, not %r" % (expected.name, name, have, want) for name, want, have in values if not same(want, have)]

def answer(request):
    expression, ours = request
    packet = eval(expression)
    theirs = bytes(packet)
    differences = []
    # An echo has its payload as a field, a quotation has subclasses of the layers.
    got, expected = packet.__class__(bytes.fromhex(ours)), packet
    while expected and not isinstance(expected, (NoPayload, Raw)):
        if expected.__class__ not in got.__class__.__mro__:
            differences.append("%s, not %s" % (got.__class__.__name__, expected.__class__.__name__))
            break
        differences += differing(expected, got)
        got, expected = got.payload, expected.payload
    return {"bytes": theirs.hex(), "differences": differences}
`;

// Debian's packages are those of its own Python, which need not be the first one.
const python = ["python3", "/usr/bin/python3"].find(
	(candidate) => spawnSync(candidate, ["-c", "import scapy.all"]).status === 0,
);
const skip = python === undefined ? "there is no python3-scapy" : false;

function expressionOf(values: Values): string {
	return values
		.map((value, index) => {
			const row = rows[value.layer];
			if (row === undefined) throw new Error(`there is no row for ${value.layer}`);
			return row(value as never, { outer: values[index - 1], inner: values[index + 1] });
		})
		.join("/");
}

const each = 12;
const seed = Number(process.env.SEED ?? 1);

describe("scapy", { skip }, () => {
	const asked = kinds.filter(({ notScapy }) => notScapy === undefined);
	const packets = asked.flatMap((kind) =>
		sampleValues(kind, each, seed).map((values) => ({ kind, values, bytes: build(...values) })),
	);
	let answers: { bytes: string; differences: string[]; error?: string }[] = [];
	test("answers", () => {
		const requests = packets.map(({ values, bytes }) => [
			expressionOf(values),
			Buffer.from(bytes).toString("hex"),
		]);
		answers = askPython(script, requests, python) as typeof answers;
	});

	for (const kind of asked) {
		test(`builds and reads the same packets as we do: ${kind.name}`, () => {
			for (const [index, packet] of packets.entries()) {
				if (packet.kind !== kind) continue;
				const { bytes, differences, error } = answers[index] as (typeof answers)[number];
				const expression = expressionOf(packet.values);
				assert.equal(error, undefined, expression);
				assert.equal(Buffer.from(packet.bytes).toString("hex"), bytes, expression);
				assert.deepEqual(differences, [], expression);
				checkReading(packet.values, Buffer.from(bytes, "hex"), kind.first);
			}
		});
	}
});

/** A field as text: bytes of any class are the same. */
function plain(field: unknown): string {
	return JSON.stringify(field, (name, held: unknown) => {
		if (name === "type" || held === undefined) return held;
		return held instanceof Uint8Array ? Buffer.from(held).toString("hex") : held;
	});
}

/** That the bytes are read as the values. */
function checkReading(values: Values, bytes: Uint8Array, first: (typeof kinds)[number]["first"]): void {
	const packet = dissect(bytes, first === undefined ? {} : { first });
	assert.equal(packet.error, undefined, packet.summary());
	const read = packet.toValues();
	const given = values.filter((value) => value.layer !== "raw" || (value as Raw).data.length > 0);
	assert.deepEqual(
		read.map(({ layer }) => layer),
		given.map(({ layer }) => layer),
	);
	for (const [index, value] of given.entries()) {
		const found = read[index] as unknown as Record<string, unknown>;
		for (const [field, held] of Object.entries(value)) {
			assert.equal(plain(found[field]), plain(held), `${value.layer}.${field}`);
		}
	}
	assert.deepEqual(Buffer.from(build(...read)), Buffer.from(bytes));
}
