/**
 * The numbers of rtnetlink under the names that `ip` prints. What has no name stays a number.
 */
import { inetNtop } from "../address/inet.js";
import * as arphrd from "../sys/linux/constants/arphrd.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import * as flags from "../sys/linux/constants/interface.js";
import * as rt from "../sys/linux/constants/rtattributes.js";

/** A table of names: the name of each number. */
export type Names<Name extends string> = Readonly<Record<number, Name>>;

/** The flags of a mask, lowest bit first; a bit without a name as hexadecimal. */
export function flagsOf<Name extends string>(names: Names<Name>, mask: number): (Name | `0x${string}`)[] {
	const found: (Name | `0x${string}`)[] = [];
	for (let rest = mask >>> 0; rest !== 0; ) {
		const lowest = (rest & -rest) >>> 0;
		found.push(names[lowest] ?? `0x${lowest.toString(16)}`);
		rest = (rest ^ lowest) >>> 0;
	}
	return found;
}

/** A number's name, or the number. */
export function nameOf<Name extends string>(names: Names<Name>, value: number): Name | number {
	return names[value] ?? value;
}

/** A hardware address of any length in hexadecimal: Ethernet has 6 bytes, InfiniBand 20. */
export function hardwareText(bytes: Uint8Array | undefined): string {
	return bytes === undefined ? "" : Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}

/** The text of an IP address; undefined when the bytes are not as many as the family has. */
export function hostText(family: number, bytes: Uint8Array | undefined): string | undefined {
	return bytes !== undefined && bytes.length === lengthOf(family) ? inetNtop(family, bytes) : undefined;
}

/** How many bytes an IP address has; 0 for families that are none. */
export function lengthOf(family: number): number {
	return family === AF_INET ? 4 : family === AF_INET6 ? 16 : 0;
}

/** A flag of an interface: IFF_UP is "UP" (netdevice(7)). */
export type InterfaceFlag =
	| "UP"
	| "BROADCAST"
	| "DEBUG"
	| "LOOPBACK"
	| "POINTOPOINT"
	| "NOTRAILERS"
	| "RUNNING"
	| "NOARP"
	| "PROMISC"
	| "ALLMULTI"
	| "MASTER"
	| "SLAVE"
	| "MULTICAST"
	| "PORTSEL"
	| "AUTOMEDIA"
	| "DYNAMIC"
	| "LOWER_UP"
	| "DORMANT"
	| "ECHO";
export const interfaceFlags: Names<InterfaceFlag> = {
	[flags.IFF_UP]: "UP",
	[flags.IFF_BROADCAST]: "BROADCAST",
	[flags.IFF_DEBUG]: "DEBUG",
	[flags.IFF_LOOPBACK]: "LOOPBACK",
	[flags.IFF_POINTOPOINT]: "POINTOPOINT",
	[flags.IFF_NOTRAILERS]: "NOTRAILERS",
	[flags.IFF_RUNNING]: "RUNNING",
	[flags.IFF_NOARP]: "NOARP",
	[flags.IFF_PROMISC]: "PROMISC",
	[flags.IFF_ALLMULTI]: "ALLMULTI",
	[flags.IFF_MASTER]: "MASTER",
	[flags.IFF_SLAVE]: "SLAVE",
	[flags.IFF_MULTICAST]: "MULTICAST",
	[flags.IFF_PORTSEL]: "PORTSEL",
	[flags.IFF_AUTOMEDIA]: "AUTOMEDIA",
	[flags.IFF_DYNAMIC]: "DYNAMIC",
	[flags.IFF_LOWER_UP]: "LOWER_UP",
	[flags.IFF_DORMANT]: "DORMANT",
	[flags.IFF_ECHO]: "ECHO",
};

/** An operational state of RFC 2863, section 3.1.14. "unknown" is what devices have that do not tell. */
export type OperationalState =
	| "unknown"
	| "notpresent"
	| "down"
	| "lowerlayerdown"
	| "testing"
	| "dormant"
	| "up";
export const operationalStates: Names<OperationalState> = {
	0: "unknown",
	1: "notpresent",
	2: "down",
	3: "lowerlayerdown",
	4: "testing",
	5: "dormant",
	6: "up",
};

/** A type of hardware, by its ARPHRD_ number. */
export type HardwareType =
	| "ethernet"
	| "infiniband"
	| "can"
	| "ppp"
	| "rawip"
	| "ipip"
	| "tunnel6"
	| "loopback"
	| "sit"
	| "gre"
	| "gre6"
	| "ieee80211"
	| "ieee80211-prism"
	| "ieee80211-radiotap"
	| "ieee802154"
	| "netlink"
	| "6lowpan"
	| "vsockmon"
	| "none";
export const hardwareTypes: Names<HardwareType> = {
	[arphrd.ARPHRD_ETHER]: "ethernet",
	[arphrd.ARPHRD_INFINIBAND]: "infiniband",
	[arphrd.ARPHRD_CAN]: "can",
	[arphrd.ARPHRD_PPP]: "ppp",
	[arphrd.ARPHRD_RAWIP]: "rawip",
	[arphrd.ARPHRD_TUNNEL]: "ipip",
	[arphrd.ARPHRD_TUNNEL6]: "tunnel6",
	[arphrd.ARPHRD_LOOPBACK]: "loopback",
	[arphrd.ARPHRD_SIT]: "sit",
	[arphrd.ARPHRD_IPGRE]: "gre",
	[arphrd.ARPHRD_IP6GRE]: "gre6",
	[arphrd.ARPHRD_IEEE80211]: "ieee80211",
	[arphrd.ARPHRD_IEEE80211_PRISM]: "ieee80211-prism",
	[arphrd.ARPHRD_IEEE80211_RADIOTAP]: "ieee80211-radiotap",
	[arphrd.ARPHRD_IEEE802154]: "ieee802154",
	[arphrd.ARPHRD_NETLINK]: "netlink",
	[arphrd.ARPHRD_6LOWPAN]: "6lowpan",
	[arphrd.ARPHRD_VSOCKMON]: "vsockmon",
	[arphrd.ARPHRD_NONE]: "none",
};

/** How far an address or a route reaches. */
export type Scope = "global" | "site" | "link" | "host" | "nowhere";
export const scopes: Names<Scope> = { 0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere" };

/** A flag of an address. "secondary" is called "temporary" for IPv6, where it means RFC 8981. */
export type AddressFlag =
	| "secondary"
	| "nodad"
	| "optimistic"
	| "dadfailed"
	| "home"
	| "deprecated"
	| "tentative"
	| "permanent"
	| "mngtmpaddr"
	| "noprefixroute"
	| "autojoin"
	| "stable-privacy"
	| "temporary";
export const addressFlags: Names<AddressFlag> = {
	[rt.IFA_F_SECONDARY]: "secondary",
	[rt.IFA_F_NODAD]: "nodad",
	[rt.IFA_F_OPTIMISTIC]: "optimistic",
	[rt.IFA_F_DADFAILED]: "dadfailed",
	[rt.IFA_F_HOMEADDRESS]: "home",
	[rt.IFA_F_DEPRECATED]: "deprecated",
	[rt.IFA_F_TENTATIVE]: "tentative",
	[rt.IFA_F_PERMANENT]: "permanent",
	[rt.IFA_F_MANAGETEMPADDR]: "mngtmpaddr",
	[rt.IFA_F_NOPREFIXROUTE]: "noprefixroute",
	[rt.IFA_F_MCAUTOJOIN]: "autojoin",
	[rt.IFA_F_STABLE_PRIVACY]: "stable-privacy",
};

/** What a route does with a packet. */
export type RouteType =
	| "unicast"
	| "local"
	| "broadcast"
	| "anycast"
	| "multicast"
	| "blackhole"
	| "unreachable"
	| "prohibit"
	| "throw"
	| "nat"
	| "xresolve";
export const routeTypes: Names<RouteType> = {
	[rt.RTN_UNICAST]: "unicast",
	[rt.RTN_LOCAL]: "local",
	[rt.RTN_BROADCAST]: "broadcast",
	[rt.RTN_ANYCAST]: "anycast",
	[rt.RTN_MULTICAST]: "multicast",
	[rt.RTN_BLACKHOLE]: "blackhole",
	[rt.RTN_UNREACHABLE]: "unreachable",
	[rt.RTN_PROHIBIT]: "prohibit",
	[rt.RTN_THROW]: "throw",
	[rt.RTN_NAT]: "nat",
	[rt.RTN_XRESOLVE]: "xresolve",
};

/** Who made a route. */
export type RouteProtocol =
	| "none"
	| "redirect"
	| "kernel"
	| "boot"
	| "static"
	| "gated"
	| "ra"
	| "mrt"
	| "zebra"
	| "bird"
	| "dnrouted"
	| "xorp"
	| "ntk"
	| "dhcp"
	| "mrouted"
	| "keepalived"
	| "babel"
	| "openr"
	| "bgp"
	| "isis"
	| "ospf"
	| "rip"
	| "eigrp";
export const routeProtocols: Names<RouteProtocol> = {
	0: "none",
	1: "redirect",
	2: "kernel",
	3: "boot",
	4: "static",
	8: "gated",
	9: "ra",
	10: "mrt",
	11: "zebra",
	12: "bird",
	13: "dnrouted",
	14: "xorp",
	15: "ntk",
	16: "dhcp",
	17: "mrouted",
	18: "keepalived",
	42: "babel",
	99: "openr",
	186: "bgp",
	187: "isis",
	188: "ospf",
	189: "rip",
	192: "eigrp",
};

/** A flag of a next hop. */
export type NexthopFlag = "dead" | "pervasive" | "onlink" | "offload" | "linkdown" | "unresolved" | "trap";
export const nexthopFlags: Names<NexthopFlag> = {
	[rt.RTNH_F_DEAD]: "dead",
	[rt.RTNH_F_PERVASIVE]: "pervasive",
	[rt.RTNH_F_ONLINK]: "onlink",
	[rt.RTNH_F_OFFLOAD]: "offload",
	[rt.RTNH_F_LINKDOWN]: "linkdown",
	[rt.RTNH_F_UNRESOLVED]: "unresolved",
	[rt.RTNH_F_TRAP]: "trap",
};

/** What is known of a neighbour (RFC 4861, section 7.3.2, for IPv4 as well). */
export type NeighbourState =
	| "none"
	| "incomplete"
	| "reachable"
	| "stale"
	| "delay"
	| "probe"
	| "failed"
	| "noarp"
	| "permanent";
export const neighbourStates: Names<NeighbourState> = {
	[rt.NUD_NONE]: "none",
	[rt.NUD_INCOMPLETE]: "incomplete",
	[rt.NUD_REACHABLE]: "reachable",
	[rt.NUD_STALE]: "stale",
	[rt.NUD_DELAY]: "delay",
	[rt.NUD_PROBE]: "probe",
	[rt.NUD_FAILED]: "failed",
	[rt.NUD_NOARP]: "noarp",
	[rt.NUD_PERMANENT]: "permanent",
};

/** A flag of a neighbour. */
export type NeighbourFlag =
	| "use"
	| "self"
	| "master"
	| "proxy"
	| "extern_learn"
	| "offload"
	| "sticky"
	| "router";
export const neighbourFlags: Names<NeighbourFlag> = {
	[rt.NTF_USE]: "use",
	[rt.NTF_SELF]: "self",
	[rt.NTF_MASTER]: "master",
	[rt.NTF_PROXY]: "proxy",
	[rt.NTF_EXT_LEARNED]: "extern_learn",
	[rt.NTF_OFFLOADED]: "offload",
	[rt.NTF_STICKY]: "sticky",
	[rt.NTF_ROUTER]: "router",
};
