/**
 * Interfaces: struct ifinfomsg and its attributes (rtnetlink(7)).
 */
import { IFF_UP } from "../sys/linux/constants/interface.js";
import * as rt from "../sys/linux/constants/rtattributes.js";
import { RTM_NEWLINK } from "../sys/linux/constants/rtnetlink.js";
import type { InterfaceAddress } from "./addresses.js";
import { Attributes } from "./netlink/attributes.js";
import type { NetlinkMessage } from "./netlink/messages.js";
import {
	flagsOf,
	type HardwareType,
	hardwareText,
	hardwareTypes,
	type InterfaceFlag,
	interfaceFlags,
	nameOf,
	type OperationalState,
	operationalStates,
} from "./numbers.js";
import { withPresent } from "./present.js";
import { decodeStatistics, type InterfaceStatistics } from "./statistics.js";

/** Offsets in struct ifinfomsg. */
export const ifinfomsg = { size: 16, ifi_family: 0, ifi_type: 2, ifi_index: 4, ifi_flags: 8 } as const;

/** What is known of an interface. */
export interface NetworkInterface {
	/** Its index, which is its identity in its namespace. */
	index: number;
	/** Its name: "eth0". */
	name: string;
	/** Other names by which it is found. */
	alternativeNames: string[];
	/** What the administrator wrote about it, where there is something. */
	alias?: string;
	/** The type of its hardware; an ARPHRD_ number where that has no name here. */
	type: HardwareType | number;
	/** What made it: "veth", "bridge", "vlan", "tun" …; undefined for hardware and for the loopback interface. */
	kind?: string;
	/** Its hardware address in hexadecimal with colons; "" where it has none. */
	mac: string;
	/** The hardware address of all on its link; "" where it has none. */
	broadcast: string;
	/** The hardware address that it was made with, where the device tells. */
	permanentMac?: string;
	/** The longest packet that it sends, without its header, in bytes. */
	mtu: number;
	/** The least MTU that may be set, where the device tells. */
	minMtu?: number;
	/** The largest MTU that may be set, where the device tells. */
	maxMtu?: number;
	/** Its flags; those without a name in hexadecimal. */
	flags: (InterfaceFlag | `0x${string}`)[];
	/** Whether it was set up (IFF_UP); whether it works is told by `state`. */
	up: boolean;
	/** Its operational state. */
	state: OperationalState | number;
	/** Whether its cable is plugged in, or what stands for one; only while it is up. */
	carrier?: boolean;
	/** The index of the bridge, bond or VRF that it belongs to. */
	master?: number;
	/**
	 * The index of the interface beneath, of a VLAN for example, or of the other end, of a veth. It is an index of
	 * another namespace where `linkNamespace` is given.
	 */
	link?: number;
	/** The number by which this namespace knows that of `link`. */
	linkNamespace?: number;
	/** The tag that a VLAN's packets carry: its number, and the Ethernet protocol of the tag. */
	vlan?: { id: number; protocol: number };
	/** The queueing discipline's name: "fq_codel", "noqueue". */
	qdisc?: string;
	/** The length of its transmit queue in packets. */
	queueLength?: number;
	/** How many transmit queues it has. */
	transmitQueues?: number;
	/** How many receive queues it has. */
	receiveQueues?: number;
	/** The number of the group that it is in; 0 is the default. */
	group: number;
	/** How many ask for promiscuous mode: captures, bridges. */
	promiscuity: number;
	/** Its IPv4 and IPv6 addresses. */
	addresses: InterfaceAddress[];
	/** Its counters. */
	statistics?: InterfaceStatistics;
}

/** Reads an interface, without its addresses; undefined when the message holds none. */
export function decodeLink({ type, body }: NetlinkMessage): NetworkInterface | undefined {
	if (type !== RTM_NEWLINK || body.length < ifinfomsg.size) return undefined;
	const attributes = new Attributes(body, ifinfomsg.size);
	const info = attributes.nested(rt.IFLA_LINKINFO);
	const mask = body.readUInt32LE(ifinfomsg.ifi_flags);
	const found: NetworkInterface = {
		index: body.readInt32LE(ifinfomsg.ifi_index),
		name: attributes.text(rt.IFLA_IFNAME) ?? "",
		alternativeNames: attributes.nested(rt.IFLA_PROP_LIST)?.texts(rt.IFLA_ALT_IFNAME) ?? [],
		type: nameOf(hardwareTypes, body.readUInt16LE(ifinfomsg.ifi_type)),
		mac: hardwareText(attributes.bytes(rt.IFLA_ADDRESS)),
		broadcast: hardwareText(attributes.bytes(rt.IFLA_BROADCAST)),
		mtu: attributes.u32(rt.IFLA_MTU) ?? 0,
		flags: flagsOf(interfaceFlags, mask),
		up: (mask & IFF_UP) !== 0,
		state: nameOf(operationalStates, attributes.u8(rt.IFLA_OPERSTATE) ?? 0),
		group: attributes.u32(rt.IFLA_GROUP) ?? 0,
		promiscuity: attributes.u32(rt.IFLA_PROMISCUITY) ?? 0,
		addresses: [],
	};
	const optional = {
		alias: attributes.text(rt.IFLA_IFALIAS),
		kind: info?.text(rt.IFLA_INFO_KIND),
		permanentMac: hardwareText(attributes.bytes(rt.IFLA_PERM_ADDRESS)) || undefined,
		minMtu: attributes.u32(rt.IFLA_MIN_MTU),
		// 0 says that there is none.
		maxMtu: attributes.u32(rt.IFLA_MAX_MTU) || undefined,
		carrier: found.up ? booleanOf(attributes.u8(rt.IFLA_CARRIER)) : undefined,
		master: attributes.u32(rt.IFLA_MASTER) || undefined,
		link: attributes.u32(rt.IFLA_LINK) || undefined,
		linkNamespace: attributes.s32(rt.IFLA_LINK_NETNSID),
		vlan: vlanOf(info),
		qdisc: attributes.text(rt.IFLA_QDISC),
		queueLength: attributes.u32(rt.IFLA_TXQLEN),
		transmitQueues: attributes.u32(rt.IFLA_NUM_TX_QUEUES),
		receiveQueues: attributes.u32(rt.IFLA_NUM_RX_QUEUES),
		statistics: decodeStatistics(attributes.bytes(rt.IFLA_STATS64)),
	};
	return withPresent(found, optional);
}

function booleanOf(value: number | undefined): boolean | undefined {
	return value === undefined ? undefined : value !== 0;
}

function vlanOf(info: Attributes | undefined): { id: number; protocol: number } | undefined {
	if (info?.text(rt.IFLA_INFO_KIND) !== "vlan") return undefined;
	const data = info.nested(rt.IFLA_INFO_DATA);
	const id = data?.u16(rt.IFLA_VLAN_ID);
	const protocol = data?.u16be(rt.IFLA_VLAN_PROTOCOL);
	return id === undefined || protocol === undefined ? undefined : { id, protocol };
}
