/**
 * The options of IPPROTO_IPV6 (ipv6(7), linux/in6.h, RFC 3493, RFC 3542), sorted by kernel name. Those of MCAST_*
 * work on both IP levels and keep their prefix; so does IP6T_SO_ORIGINAL_DST.
 *
 * Left out: IPV6_2292*, the forms of RFC 2292; IPV6_AUTHHDR and IPV6_NEXTHOP, which the kernel does not honour or
 * only as bytes of a route; IPV6_FLOWLABEL_MGR, which writes its answer into what it is set to; IPV6_IPSEC_POLICY
 * and IPV6_XFRM_POLICY, which take structs of the IPsec daemons; MRT6_* and the rest of IP6T_SO_*.
 */
import { inetNtop } from "../address/inet.js";
import type { Inet6Address } from "../address/types.js";
import * as C from "../sys/linux/constants/index.js";
import { AF_INET, AF_INET6, IPPROTO_IPV6 } from "../sys/linux/constants/index.js";
import { boolean, bytes, integer } from "./codecs.js";
import { type Interface, interfaceCodec, interfaceIndex, unicastInterface } from "./interface.js";
import {
	type AnycastMembership,
	addressBytes,
	anycast,
	type GroupFilter,
	groupFilter,
	groupFilterQuery,
	groupRequest,
	groupSourceRequest,
	type Membership,
	membership6,
	type SourceFilter,
	type SourceMembership,
} from "./multicast.js";
import {
	type Decoder,
	type Encoder,
	option,
	type ReadableOption,
	readable,
	type SocketOption,
	type WritableOption,
	writable,
} from "./option.js";
import { checkObject } from "./validate.js";

export type {
	AnycastMembership,
	GroupFilter,
	Membership,
	SourceFilter,
	SourceMembership,
} from "./multicast.js";

/** The longest extension header that the kernel takes: 8 bytes and 255 times 8 more. */
const extensionSize = 2048;

/** struct ip6_mtuinfo: the kernel leaves its sockaddr_in6 empty, the u32 mtu follows. */
const pathMtu: Decoder<number> = { size: 32, decode: (bytes) => bytes.readUInt32LE(28) };

/** Where packets are sent from. */
export interface PacketInfo {
	/** The source address; the kernel's choice when left out. */
	address?: string;
	/** The interface; the kernel's choice when left out. */
	interface?: Interface;
}

/** struct in6_pktinfo: in6_addr, int ifindex. */
const packetInfo: Encoder<PacketInfo> = {
	encode(value, owner) {
		checkObject(owner, value, "{ address?, interface? }");
		const result = Buffer.alloc(20);
		if (value.address !== undefined) result.set(addressBytes(owner, "address", AF_INET6, value.address), 0);
		if (value.interface !== undefined) result.writeInt32LE(interfaceIndex(owner, value.interface), 16);
		return result;
	},
};

/** struct sockaddr_in6. */
const originalDestination6: Decoder<Inet6Address> = {
	size: 28,
	decode: (bytes) => ({
		host: inetNtop(AF_INET6, bytes.subarray(8, 24)),
		port: bytes.readUInt16BE(2),
		flowinfo: bytes.readUInt32BE(4),
		scopeId: bytes.readUInt32LE(24),
	}),
};

/**
 * Where a connection was going before the firewall redirected it; ENOENT when it did not, ENOPROTOOPT
 * without connection tracking (linux/netfilter_ipv6/ip6_tables.h).
 */
export const ip6tSoOriginalDst: ReadableOption<Inet6Address> = readable(
	IPPROTO_IPV6,
	C.IP6T_SO_ORIGINAL_DST,
	"IP6T_SO_ORIGINAL_DST",
	originalDestination6,
);

/**
 * Turns a connected socket with an IPv4-mapped peer into an AF_INET socket: the only value is AF_INET.
 */
export const addrform: WritableOption<number> = writable(
	IPPROTO_IPV6,
	C.IPV6_ADDRFORM,
	"IPV6_ADDRFORM",
	integer(AF_INET, AF_INET),
);

/** Which of its addresses the machine sends from: IPV6_PREFER_SRC_*, or-ed (RFC 5014). */
export const addrPreferences: SocketOption<number> = option(
	IPPROTO_IPV6,
	C.IPV6_ADDR_PREFERENCES,
	"IPV6_ADDR_PREFERENCES",
	integer(0),
);

/** Joins a multicast group. The same as `joinGroup`. */
export const addMembership: WritableOption<Membership> = writable(
	IPPROTO_IPV6,
	C.IPV6_ADD_MEMBERSHIP,
	"IPV6_ADD_MEMBERSHIP",
	membership6,
);

/** Whether sent packets get a flow label from a hash of the flow. */
export const autoflowlabel: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_AUTOFLOWLABEL,
	"IPV6_AUTOFLOWLABEL",
	boolean,
);

/**
 * Where in the packet the kernel puts the checksum (raw sockets), an even offset in bytes; -1 for nowhere.
 * ICMPv6 has its own.
 */
export const checksum: SocketOption<number> = option(
	IPPROTO_IPV6,
	C.IPV6_CHECKSUM,
	"IPV6_CHECKSUM",
	integer(-1),
);

/** Whether to refuse datagrams that would have to be fragmented: EMSGSIZE (RFC 3542). */
export const dontfrag: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_DONTFRAG,
	"IPV6_DONTFRAG",
	boolean,
);

/** Leaves a multicast group. The same as `leaveGroup`. */
export const dropMembership: WritableOption<Membership> = writable(
	IPPROTO_IPV6,
	C.IPV6_DROP_MEMBERSHIP,
	"IPV6_DROP_MEMBERSHIP",
	membership6,
);

/** The destination options header of sent packets; empty for none. Needs CAP_NET_RAW (RFC 3542). */
export const dstopts: SocketOption<Buffer, Uint8Array> = option(
	IPPROTO_IPV6,
	C.IPV6_DSTOPTS,
	"IPV6_DSTOPTS",
	bytes(extensionSize),
);

/** Whether datagrams come with their flow information, as ancillary IPV6_FLOWINFO. */
export const flowinfo: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_FLOWINFO,
	"IPV6_FLOWINFO",
	boolean,
);

/** Whether the flow information of addresses is sent. */
export const flowinfoSend: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_FLOWINFO_SEND,
	"IPV6_FLOWINFO_SEND",
	boolean,
);

/** Whether bind() takes an address that no interface has (yet). */
export const freebind: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_FREEBIND,
	"IPV6_FREEBIND",
	boolean,
);

/** Whether sent packets bring their own IPv6 header (raw sockets). */
export const hdrincl: SocketOption<boolean> = option(IPPROTO_IPV6, C.IPV6_HDRINCL, "IPV6_HDRINCL", boolean);

/** The hop-by-hop options header of sent packets; empty for none. Needs CAP_NET_RAW (RFC 3542). */
export const hopopts: SocketOption<Buffer, Uint8Array> = option(
	IPPROTO_IPV6,
	C.IPV6_HOPOPTS,
	"IPV6_HOPOPTS",
	bytes(extensionSize),
);

/** Joins an anycast group. */
export const joinAnycast: WritableOption<AnycastMembership> = writable(
	IPPROTO_IPV6,
	C.IPV6_JOIN_ANYCAST,
	"IPV6_JOIN_ANYCAST",
	anycast,
);

/** Joins a multicast group (RFC 3493). */
export const joinGroup: WritableOption<Membership> = writable(
	IPPROTO_IPV6,
	C.IPV6_JOIN_GROUP,
	"IPV6_JOIN_GROUP",
	membership6,
);

/** Leaves an anycast group. */
export const leaveAnycast: WritableOption<AnycastMembership> = writable(
	IPPROTO_IPV6,
	C.IPV6_LEAVE_ANYCAST,
	"IPV6_LEAVE_ANYCAST",
	anycast,
);

/** Leaves a multicast group (RFC 3493). */
export const leaveGroup: WritableOption<Membership> = writable(
	IPPROTO_IPV6,
	C.IPV6_LEAVE_GROUP,
	"IPV6_LEAVE_GROUP",
	membership6,
);

/** The least hop limit that received packets must have; 0 takes all (RFC 5082). */
export const minhopcount: SocketOption<number> = option(
	IPPROTO_IPV6,
	C.IPV6_MINHOPCOUNT,
	"IPV6_MINHOPCOUNT",
	integer(0, 255),
);

/**
 * The known MTU of the path to the peer in bytes, ENOTCONN before connect(). When set, the size to fragment
 * at, at least 1280; 0 for the path's.
 */
export const mtu: SocketOption<number> = option(IPPROTO_IPV6, C.IPV6_MTU, "IPV6_MTU", integer(0));

/** How the path's MTU is found: IPV6_PMTUDISC_DONT, _WANT, _DO, _PROBE, _INTERFACE or _OMIT. */
export const mtuDiscover: SocketOption<number> = option(
	IPPROTO_IPV6,
	C.IPV6_MTU_DISCOVER,
	"IPV6_MTU_DISCOVER",
	integer(0, 5),
);

/** Whether to receive from all groups that this machine has joined, not only those of the socket. */
export const multicastAll: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_MULTICAST_ALL,
	"IPV6_MULTICAST_ALL",
	boolean,
);

/** The hop limit of sent multicast; -1 for the default, 1. */
export const multicastHops: SocketOption<number> = option(
	IPPROTO_IPV6,
	C.IPV6_MULTICAST_HOPS,
	"IPV6_MULTICAST_HOPS",
	integer(-1, 255),
);

/** The interface that multicast leaves by: read as an index, set as an index or name; 0 is none. */
export const multicastIf: SocketOption<number, Interface> = option(
	IPPROTO_IPV6,
	C.IPV6_MULTICAST_IF,
	"IPV6_MULTICAST_IF",
	interfaceCodec,
);

/** Whether sent multicast comes back to sockets of this machine. */
export const multicastLoop: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_MULTICAST_LOOP,
	"IPV6_MULTICAST_LOOP",
	boolean,
);

/** The MTU of the path to the peer in bytes; ENOTCONN before connect() (RFC 3542). */
export const pathmtu: ReadableOption<number> = readable(
	IPPROTO_IPV6,
	C.IPV6_PATHMTU,
	"IPV6_PATHMTU",
	pathMtu,
);

/** The source address and interface of everything sent; `{}` for none (RFC 3542). */
export const pktinfo: WritableOption<PacketInfo> = writable(
	IPPROTO_IPV6,
	C.IPV6_PKTINFO,
	"IPV6_PKTINFO",
	packetInfo,
);

/** Whether datagrams come with their destination options, as ancillary IPV6_DSTOPTS. */
export const recvdstopts: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_RECVDSTOPTS,
	"IPV6_RECVDSTOPTS",
	boolean,
);

/** Whether errors from the network are queued, to be read with MSG_ERRQUEUE. */
export const recverr: SocketOption<boolean> = option(IPPROTO_IPV6, C.IPV6_RECVERR, "IPV6_RECVERR", boolean);

/** Whether queued errors bring the extensions of ICMPv6 with them (RFC 4884). Linux 5.9. */
export const recverrRfc4884: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_RECVERR_RFC4884,
	"IPV6_RECVERR_RFC4884",
	boolean,
);

/** Whether datagrams come with the size of their largest fragment, as ancillary IPV6_RECVFRAGSIZE. */
export const recvfragsize: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_RECVFRAGSIZE,
	"IPV6_RECVFRAGSIZE",
	boolean,
);

/** Whether datagrams come with their hop limit, as ancillary IPV6_HOPLIMIT. */
export const recvhoplimit: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_RECVHOPLIMIT,
	"IPV6_RECVHOPLIMIT",
	boolean,
);

/** Whether datagrams come with their hop-by-hop options, as ancillary IPV6_HOPOPTS. */
export const recvhopopts: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_RECVHOPOPTS,
	"IPV6_RECVHOPOPTS",
	boolean,
);

/** Whether datagrams come with their original destination, as ancillary IPV6_ORIGDSTADDR. */
export const recvorigdstaddr: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_RECVORIGDSTADDR,
	"IPV6_RECVORIGDSTADDR",
	boolean,
);

/** Whether a changed MTU of the path is told by an empty message with ancillary IPV6_PATHMTU. */
export const recvpathmtu: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_RECVPATHMTU,
	"IPV6_RECVPATHMTU",
	boolean,
);

/** Whether datagrams come with their destination and interface, as ancillary IPV6_PKTINFO. */
export const recvpktinfo: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_RECVPKTINFO,
	"IPV6_RECVPKTINFO",
	boolean,
);

/** Whether datagrams come with their routing header, as ancillary IPV6_RTHDR. */
export const recvrthdr: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_RECVRTHDR,
	"IPV6_RECVRTHDR",
	boolean,
);

/** Whether datagrams come with their traffic class, as ancillary IPV6_TCLASS. */
export const recvtclass: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_RECVTCLASS,
	"IPV6_RECVTCLASS",
	boolean,
);

/**
 * Receives forwarded packets that carry Router Alert with this value; -1 ends it (raw sockets, RFC 2711).
 */
export const routerAlert: WritableOption<number> = writable(
	IPPROTO_IPV6,
	C.IPV6_ROUTER_ALERT,
	"IPV6_ROUTER_ALERT",
	integer(-1, 0xffff),
);

/** Whether Router Alert packets come only from the socket's own network namespace. Linux 5.1. */
export const routerAlertIsolate: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_ROUTER_ALERT_ISOLATE,
	"IPV6_ROUTER_ALERT_ISOLATE",
	boolean,
);

/** The routing header of sent packets; empty for none. Some need CAP_NET_RAW (RFC 3542). */
export const rthdr: SocketOption<Buffer, Uint8Array> = option(
	IPPROTO_IPV6,
	C.IPV6_RTHDR,
	"IPV6_RTHDR",
	bytes(extensionSize),
);

/** The destination options before the routing header; empty for none. Needs CAP_NET_RAW (RFC 3542). */
export const rthdrdstopts: SocketOption<Buffer, Uint8Array> = option(
	IPPROTO_IPV6,
	C.IPV6_RTHDRDSTOPTS,
	"IPV6_RTHDRDSTOPTS",
	bytes(extensionSize),
);

/**
 * The traffic class of sent packets: DSCP and ECN bits; -1 for the default. TCP keeps the ECN bits to
 * itself.
 */
export const tclass: SocketOption<number> = option(
	IPPROTO_IPV6,
	C.IPV6_TCLASS,
	"IPV6_TCLASS",
	integer(-1, 255),
);

/**
 * Whether bind() takes foreign addresses, for transparent proxies. Needs CAP_NET_ADMIN or CAP_NET_RAW.
 */
export const transparent: SocketOption<boolean> = option(
	IPPROTO_IPV6,
	C.IPV6_TRANSPARENT,
	"IPV6_TRANSPARENT",
	boolean,
);

/** The hop limit of sent unicast; -1 for the route's default. */
export const unicastHops: SocketOption<number> = option(
	IPPROTO_IPV6,
	C.IPV6_UNICAST_HOPS,
	"IPV6_UNICAST_HOPS",
	integer(-1, 255),
);

/** The interface that unicast leaves by: read as an index, set as an index or name; 0 is none. */
export const unicastIf: SocketOption<number, Interface> = option(
	IPPROTO_IPV6,
	C.IPV6_UNICAST_IF,
	"IPV6_UNICAST_IF",
	unicastInterface,
);

/** Whether only IPv6 is spoken; otherwise IPv4 as well, with addresses such as ::ffff:192.0.2.1. */
export const v6only: SocketOption<boolean> = option(IPPROTO_IPV6, C.IPV6_V6ONLY, "IPV6_V6ONLY", boolean);

/** Stops what one source sends to a group that was joined. */
export const mcastBlockSource: WritableOption<SourceMembership> = writable(
	IPPROTO_IPV6,
	C.MCAST_BLOCK_SOURCE,
	"MCAST_BLOCK_SOURCE",
	groupSourceRequest(AF_INET6),
);

/** Joins a multicast group (RFC 3678). */
export const mcastJoinGroup: WritableOption<Membership> = writable(
	IPPROTO_IPV6,
	C.MCAST_JOIN_GROUP,
	"MCAST_JOIN_GROUP",
	groupRequest(AF_INET6),
);

/** Joins a multicast group for what one source sends to it (RFC 3678). */
export const mcastJoinSourceGroup: WritableOption<SourceMembership> = writable(
	IPPROTO_IPV6,
	C.MCAST_JOIN_SOURCE_GROUP,
	"MCAST_JOIN_SOURCE_GROUP",
	groupSourceRequest(AF_INET6),
);

/** Leaves a multicast group. */
export const mcastLeaveGroup: WritableOption<Membership> = writable(
	IPPROTO_IPV6,
	C.MCAST_LEAVE_GROUP,
	"MCAST_LEAVE_GROUP",
	groupRequest(AF_INET6),
);

/** Leaves a multicast group for what one source sends to it. */
export const mcastLeaveSourceGroup: WritableOption<SourceMembership> = writable(
	IPPROTO_IPV6,
	C.MCAST_LEAVE_SOURCE_GROUP,
	"MCAST_LEAVE_SOURCE_GROUP",
	groupSourceRequest(AF_INET6),
);

/** Sets which sources of a joined group are listened to. To read it: `mcastMsfilterOf`. */
export const mcastMsfilter: WritableOption<GroupFilter> = writable(
	IPPROTO_IPV6,
	C.MCAST_MSFILTER,
	"MCAST_MSFILTER",
	groupFilter(AF_INET6),
);

/** Reads which sources of a group are listened to, on the interface that it was joined on. */
export function mcastMsfilterOf(group: string, on?: Interface): ReadableOption<SourceFilter> {
	return groupFilterQuery(AF_INET6, IPPROTO_IPV6, C.MCAST_MSFILTER, "MCAST_MSFILTER", group, on);
}

/** Takes back MCAST_BLOCK_SOURCE. */
export const mcastUnblockSource: WritableOption<SourceMembership> = writable(
	IPPROTO_IPV6,
	C.MCAST_UNBLOCK_SOURCE,
	"MCAST_UNBLOCK_SOURCE",
	groupSourceRequest(AF_INET6),
);
