/**
 * The names of the filter language: pcap-filter(7). The numbers are those of IANA's registries.
 */

/** Protocols that a word stands for, by their number in IPv4 and IPv6 headers. */
export const ipProtocols: ReadonlyMap<string, number> = new Map([
	["icmp", 1],
	["igmp", 2],
	["igrp", 9],
	["pim", 103],
	["tcp", 6],
	["udp", 17],
	["esp", 50],
	["ah", 51],
	["icmp6", 58],
	["vrrp", 112],
	["carp", 112],
	["sctp", 132],
]);

/** Those that only one version of IP carries. */
export const onlyIn: ReadonlyMap<string, "ip" | "ip6"> = new Map([
	["icmp", "ip"],
	["igmp", "ip"],
	["igrp", "ip"],
	["vrrp", "ip"],
	["carp", "ip"],
	["icmp6", "ip6"],
]);

/** Protocols by their EtherType. */
export const ethertypes: ReadonlyMap<string, number> = new Map([
	["ip", 0x0800],
	["arp", 0x0806],
	["rarp", 0x8035],
	["ip6", 0x86dd],
	["atalk", 0x809b],
	["aarp", 0x80f3],
	["decnet", 0x6003],
	["lat", 0x6004],
	["moprc", 0x6002],
	["mopdl", 0x6001],
	["loopback", 0x9000],
]);

/** Whose ports there are. */
export const portProtocols: readonly string[] = ["tcp", "udp", "sctp"];

/** Offsets and values of fields, for use in relations. */
export const fieldNames: ReadonlyMap<string, number> = new Map([
	["icmptype", 0],
	["icmpcode", 1],
	["icmp6type", 0],
	["icmp6code", 1],
	["tcpflags", 13],
	["tcp-fin", 0x01],
	["tcp-syn", 0x02],
	["tcp-rst", 0x04],
	["tcp-push", 0x08],
	["tcp-ack", 0x10],
	["tcp-urg", 0x20],
	["tcp-ece", 0x40],
	["tcp-cwr", 0x80],
	["icmp-echoreply", 0],
	["icmp-unreach", 3],
	["icmp-sourcequench", 4],
	["icmp-redirect", 5],
	["icmp-echo", 8],
	["icmp-routeradvert", 9],
	["icmp-routersolicit", 10],
	["icmp-timxceed", 11],
	["icmp-paramprob", 12],
	["icmp-tstamp", 13],
	["icmp-tstampreply", 14],
	["icmp-ireq", 15],
	["icmp-ireqreply", 16],
	["icmp-maskreq", 17],
	["icmp-maskreply", 18],
	["icmp6-destinationunreach", 1],
	["icmp6-packettoobig", 2],
	["icmp6-timeexceeded", 3],
	["icmp6-parameterproblem", 4],
	["icmp6-echo", 128],
	["icmp6-echoreply", 129],
	["icmp6-multicastlistenerquery", 130],
	["icmp6-multicastlistenerreportv1", 131],
	["icmp6-multicastlistenerdone", 132],
	["icmp6-routersolicit", 133],
	["icmp6-routeradvert", 134],
	["icmp6-neighborsolicit", 135],
	["icmp6-neighboradvert", 136],
	["icmp6-redirect", 137],
]);
