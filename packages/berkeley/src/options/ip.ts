/**
 * The options of IPPROTO_IP (ip(7), linux/in.h), sorted by kernel name. Those of MCAST_* work on both IP levels
 * and keep their prefix; so does SO_ORIGINAL_DST.
 *
 * Left out: IP_PKTOPTIONS, which repeats ancillary data for streams; IP_IPSEC_POLICY and IP_XFRM_POLICY, which
 * take structs of the IPsec daemons; the multicast routing daemon's MRT_* and iptables' IPT_SO_*.
 */
import { inetNtop } from "../address/inet.js";
import type { Inet4Address } from "../address/types.js";
import * as C from "../sys/linux/constants/index.js";
import { AF_INET, IPPROTO_IP } from "../sys/linux/constants/index.js";
import { boolean, bytes, defaultOr, integer } from "./codecs.js";
import { type Interface, unicastInterface } from "./interface.js";
import {
	addressBytes,
	type GroupFilter,
	groupFilter,
	groupFilterQuery,
	groupRequest,
	groupSourceRequest,
	type Membership,
	type Membership4,
	membership4,
	type SourceFilter,
	type SourceFilter4,
	type SourceMembership,
	type SourceMembership4,
	sourceFilter4,
	sourceFilterQuery4,
	sourceMembership4,
} from "./multicast.js";
import {
	type Codec,
	type Decoder,
	option,
	type ReadableOption,
	readable,
	type SocketOption,
	type WritableOption,
	writable,
} from "./option.js";
import { checkInteger, checkObject, misuse } from "./validate.js";

export type {
	GroupFilter,
	Membership,
	Membership4,
	SourceFilter,
	SourceFilter4,
	SourceMembership,
	SourceMembership4,
} from "./multicast.js";

/** struct sockaddr_in. */
const originalDestination4: Decoder<Inet4Address> = {
	size: 16,
	decode: (bytes) => ({ host: inetNtop(AF_INET, bytes.subarray(4, 8)), port: bytes.readUInt16BE(2) }),
};

/** Joins a multicast group. */
export const addMembership: WritableOption<Membership4> = writable(
	IPPROTO_IP,
	C.IP_ADD_MEMBERSHIP,
	"IP_ADD_MEMBERSHIP",
	membership4,
);

/** Joins a multicast group for what one source sends to it. */
export const addSourceMembership: WritableOption<SourceMembership4> = writable(
	IPPROTO_IP,
	C.IP_ADD_SOURCE_MEMBERSHIP,
	"IP_ADD_SOURCE_MEMBERSHIP",
	sourceMembership4,
);

/** Whether bind() with port 0 leaves the choice of a port to connect(), which can share one. */
export const bindAddressNoPort: SocketOption<boolean> = option(
	IPPROTO_IP,
	C.IP_BIND_ADDRESS_NO_PORT,
	"IP_BIND_ADDRESS_NO_PORT",
	boolean,
);

/** Stops what one source sends to a group that was joined. */
export const blockSource: WritableOption<SourceMembership4> = writable(
	IPPROTO_IP,
	C.IP_BLOCK_SOURCE,
	"IP_BLOCK_SOURCE",
	sourceMembership4,
);

/** Whether UDP datagrams come with their checksum, as ancillary IP_CHECKSUM. */
export const checksum: SocketOption<boolean> = option(IPPROTO_IP, C.IP_CHECKSUM, "IP_CHECKSUM", boolean);

/** Leaves a multicast group. */
export const dropMembership: WritableOption<Membership4> = writable(
	IPPROTO_IP,
	C.IP_DROP_MEMBERSHIP,
	"IP_DROP_MEMBERSHIP",
	membership4,
);

/** Leaves a multicast group for what one source sends to it. */
export const dropSourceMembership: WritableOption<SourceMembership4> = writable(
	IPPROTO_IP,
	C.IP_DROP_SOURCE_MEMBERSHIP,
	"IP_DROP_SOURCE_MEMBERSHIP",
	sourceMembership4,
);

/** Whether bind() takes an address that no interface has (yet). */
export const freebind: SocketOption<boolean> = option(IPPROTO_IP, C.IP_FREEBIND, "IP_FREEBIND", boolean);

/** Whether sent packets bring their own IP header (raw sockets). */
export const hdrincl: SocketOption<boolean> = option(IPPROTO_IP, C.IP_HDRINCL, "IP_HDRINCL", boolean);

/** Local ports, both ends included. */
export interface PortRange {
	/** The lowest port; 0 for the system's. */
	low: number;
	/** The highest port; 0 for the system's. */
	high: number;
}

const localPortRange_: Codec<PortRange | null> = {
	size: 4,
	decode(bytes) {
		const low = bytes.readUInt16LE(0);
		const high = bytes.readUInt16LE(2);
		return low === 0 && high === 0 ? null : { low, high };
	},
	encode(value, owner) {
		const result = Buffer.alloc(4);
		if (value === null) return result;
		checkObject(owner, value, "{ low, high } or null");
		const low = checkInteger(owner, value.low, 0, 0xffff, "low");
		const high = checkInteger(owner, value.high, 0, 0xffff, "high");
		if (low > high && high !== 0) throw new RangeError(misuse(owner, "{ low, high } in this order", value));
		result.writeUInt16LE(low, 0);
		result.writeUInt16LE(high, 2);
		return result;
	},
};

/**
 * The ports to choose from when none is given, within net.ipv4.ip_local_port_range; null for all of those.
 * Linux 6.3.
 */
export const localPortRange: SocketOption<PortRange | null> = option(
	IPPROTO_IP,
	C.IP_LOCAL_PORT_RANGE,
	"IP_LOCAL_PORT_RANGE",
	localPortRange_,
);

/** The least TTL that received packets must have; 0 takes all (RFC 5082). */
export const minttl: SocketOption<number> = option(IPPROTO_IP, C.IP_MINTTL, "IP_MINTTL", integer(0, 255));

/** Sets which sources of a joined group are listened to. To read it: `msfilterOf`. */
export const msfilter: WritableOption<SourceFilter4> = writable(
	IPPROTO_IP,
	C.IP_MSFILTER,
	"IP_MSFILTER",
	sourceFilter4,
);

/** Reads which sources of a group are listened to. `address` is that of the interface, as it was joined. */
export function msfilterOf(group: string, address?: string): ReadableOption<SourceFilter> {
	return sourceFilterQuery4(IPPROTO_IP, C.IP_MSFILTER, "IP_MSFILTER", group, address);
}

/** The known MTU of the path to the peer in bytes; ENOTCONN before connect(). */
export const mtu: ReadableOption<number> = readable(IPPROTO_IP, C.IP_MTU, "IP_MTU", integer());

/** How the path's MTU is found: IP_PMTUDISC_DONT, _WANT, _DO, _PROBE, _INTERFACE or _OMIT. */
export const mtuDiscover: SocketOption<number> = option(
	IPPROTO_IP,
	C.IP_MTU_DISCOVER,
	"IP_MTU_DISCOVER",
	integer(0, 5),
);

/** Whether to receive from all groups that this machine has joined, not only those of the socket. */
export const multicastAll: SocketOption<boolean> = option(
	IPPROTO_IP,
	C.IP_MULTICAST_ALL,
	"IP_MULTICAST_ALL",
	boolean,
);

/** The interface that multicast leaves by: itself, by one of its addresses, or both. */
export interface MulticastInterface {
	/** The interface by name or index; the kernel chooses by its routes when both are left out. */
	interface?: Interface;
	/** One of the interface's IPv4 addresses, which becomes the source of what is sent. */
	address?: string;
}

const multicastIf_: Codec<string, string | MulticastInterface> = {
	size: 4,
	decode: (bytes) => inetNtop(AF_INET, bytes.subarray(0, 4)),
	encode(value, owner) {
		if (typeof value === "string") return addressBytes(owner, "address", AF_INET, value);
		checkObject(owner, value, "an IPv4 address or { interface?, address? }");
		return membership4.encode({ group: "0.0.0.0", ...value }, owner);
	},
};

/**
 * The interface that multicast leaves by. It is read as the local address that was set, "0.0.0.0" when
 * there is none, and set as such an address or as `{ interface?, address? }`.
 */
export const multicastIf: SocketOption<string, string | MulticastInterface> = option(
	IPPROTO_IP,
	C.IP_MULTICAST_IF,
	"IP_MULTICAST_IF",
	multicastIf_,
);

/** Whether sent multicast comes back to sockets of this machine. */
export const multicastLoop: SocketOption<boolean> = option(
	IPPROTO_IP,
	C.IP_MULTICAST_LOOP,
	"IP_MULTICAST_LOOP",
	boolean,
);

/** The TTL of sent multicast; -1 for the default, 1. */
export const multicastTtl: SocketOption<number> = option(
	IPPROTO_IP,
	C.IP_MULTICAST_TTL,
	"IP_MULTICAST_TTL",
	integer(-1, 255),
);

/** Whether fragments stay as they are when sent (raw sockets). */
export const nodefrag: SocketOption<boolean> = option(IPPROTO_IP, C.IP_NODEFRAG, "IP_NODEFRAG", boolean);

/** The IP options of sent packets, 40 bytes at most (RFC 791); empty for none. Some need CAP_NET_RAW. */
export const options: SocketOption<Buffer, Uint8Array> = option(
	IPPROTO_IP,
	C.IP_OPTIONS,
	"IP_OPTIONS",
	bytes(40),
);

/** Whether datagrams come with their sender's security context, SCM_SECURITY. */
export const passsec: SocketOption<boolean> = option(IPPROTO_IP, C.IP_PASSSEC, "IP_PASSSEC", boolean);

/** Whether datagrams come with their destination and interface, as ancillary IP_PKTINFO. */
export const pktinfo: SocketOption<boolean> = option(IPPROTO_IP, C.IP_PKTINFO, "IP_PKTINFO", boolean);

/** The protocol of a raw socket; `so.protocol` tells it of any other. Linux 6.4. */
export const protocol: ReadableOption<number> = readable(IPPROTO_IP, C.IP_PROTOCOL, "IP_PROTOCOL", integer());

/** Whether errors from the network are queued, to be read with MSG_ERRQUEUE. */
export const recverr: SocketOption<boolean> = option(IPPROTO_IP, C.IP_RECVERR, "IP_RECVERR", boolean);

/** Whether queued errors bring the extensions of ICMP with them (RFC 4884). Linux 5.9. */
export const recverrRfc4884: SocketOption<boolean> = option(
	IPPROTO_IP,
	C.IP_RECVERR_RFC4884,
	"IP_RECVERR_RFC4884",
	boolean,
);

/** Whether datagrams come with the size of their largest fragment, as ancillary IP_RECVFRAGSIZE. */
export const recvfragsize: SocketOption<boolean> = option(
	IPPROTO_IP,
	C.IP_RECVFRAGSIZE,
	"IP_RECVFRAGSIZE",
	boolean,
);

/** Whether datagrams come with their IP options, as ancillary IP_RECVOPTS. */
export const recvopts: SocketOption<boolean> = option(IPPROTO_IP, C.IP_RECVOPTS, "IP_RECVOPTS", boolean);

/** Whether datagrams come with their original destination, as ancillary IP_ORIGDSTADDR. */
export const recvorigdstaddr: SocketOption<boolean> = option(
	IPPROTO_IP,
	C.IP_RECVORIGDSTADDR,
	"IP_RECVORIGDSTADDR",
	boolean,
);

/** Whether datagrams come with their type of service, as ancillary IP_TOS. */
export const recvtos: SocketOption<boolean> = option(IPPROTO_IP, C.IP_RECVTOS, "IP_RECVTOS", boolean);

/** Whether datagrams come with their TTL, as ancillary IP_TTL. */
export const recvttl: SocketOption<boolean> = option(IPPROTO_IP, C.IP_RECVTTL, "IP_RECVTTL", boolean);

/** Whether datagrams come with the options to answer with, as ancillary IP_RETOPTS. */
export const retopts: SocketOption<boolean> = option(IPPROTO_IP, C.IP_RETOPTS, "IP_RETOPTS", boolean);

/** Whether to receive forwarded packets that carry the option Router Alert (raw sockets, RFC 2113). */
export const routerAlert: SocketOption<boolean> = option(
	IPPROTO_IP,
	C.IP_ROUTER_ALERT,
	"IP_ROUTER_ALERT",
	boolean,
);

/**
 * The type of service of sent packets: DSCP and ECN bits (RFC 2474). TCP keeps the ECN bits to itself.
 */
export const tos: SocketOption<number> = option(IPPROTO_IP, C.IP_TOS, "IP_TOS", integer(0, 255));

/**
 * Whether bind() takes foreign addresses, for transparent proxies. Needs CAP_NET_ADMIN or CAP_NET_RAW.
 */
export const transparent: SocketOption<boolean> = option(
	IPPROTO_IP,
	C.IP_TRANSPARENT,
	"IP_TRANSPARENT",
	boolean,
);

/** The TTL of sent packets, 1 to 255; -1 for the default. */
export const ttl: SocketOption<number> = option(IPPROTO_IP, C.IP_TTL, "IP_TTL", defaultOr(1, 255));

/** Takes back IP_BLOCK_SOURCE. */
export const unblockSource: WritableOption<SourceMembership4> = writable(
	IPPROTO_IP,
	C.IP_UNBLOCK_SOURCE,
	"IP_UNBLOCK_SOURCE",
	sourceMembership4,
);

/** The interface that unicast leaves by: read as an index, set as an index or name; 0 is none. */
export const unicastIf: SocketOption<number, Interface> = option(
	IPPROTO_IP,
	C.IP_UNICAST_IF,
	"IP_UNICAST_IF",
	unicastInterface,
);

/** Stops what one source sends to a group that was joined. */
export const mcastBlockSource: WritableOption<SourceMembership> = writable(
	IPPROTO_IP,
	C.MCAST_BLOCK_SOURCE,
	"MCAST_BLOCK_SOURCE",
	groupSourceRequest(AF_INET),
);

/** Joins a multicast group (RFC 3678). */
export const mcastJoinGroup: WritableOption<Membership> = writable(
	IPPROTO_IP,
	C.MCAST_JOIN_GROUP,
	"MCAST_JOIN_GROUP",
	groupRequest(AF_INET),
);

/** Joins a multicast group for what one source sends to it (RFC 3678). */
export const mcastJoinSourceGroup: WritableOption<SourceMembership> = writable(
	IPPROTO_IP,
	C.MCAST_JOIN_SOURCE_GROUP,
	"MCAST_JOIN_SOURCE_GROUP",
	groupSourceRequest(AF_INET),
);

/** Leaves a multicast group. */
export const mcastLeaveGroup: WritableOption<Membership> = writable(
	IPPROTO_IP,
	C.MCAST_LEAVE_GROUP,
	"MCAST_LEAVE_GROUP",
	groupRequest(AF_INET),
);

/** Leaves a multicast group for what one source sends to it. */
export const mcastLeaveSourceGroup: WritableOption<SourceMembership> = writable(
	IPPROTO_IP,
	C.MCAST_LEAVE_SOURCE_GROUP,
	"MCAST_LEAVE_SOURCE_GROUP",
	groupSourceRequest(AF_INET),
);

/** Sets which sources of a joined group are listened to. To read it: `mcastMsfilterOf`. */
export const mcastMsfilter: WritableOption<GroupFilter> = writable(
	IPPROTO_IP,
	C.MCAST_MSFILTER,
	"MCAST_MSFILTER",
	groupFilter(AF_INET),
);

/** Reads which sources of a group are listened to, on the interface that it was joined on. */
export function mcastMsfilterOf(group: string, on?: Interface): ReadableOption<SourceFilter> {
	return groupFilterQuery(AF_INET, IPPROTO_IP, C.MCAST_MSFILTER, "MCAST_MSFILTER", group, on);
}

/** Takes back MCAST_BLOCK_SOURCE. */
export const mcastUnblockSource: WritableOption<SourceMembership> = writable(
	IPPROTO_IP,
	C.MCAST_UNBLOCK_SOURCE,
	"MCAST_UNBLOCK_SOURCE",
	groupSourceRequest(AF_INET),
);

/**
 * Where a connection was going before the firewall redirected it; ENOENT when it did not, ENOPROTOOPT
 * without connection tracking (linux/netfilter_ipv4.h).
 */
export const soOriginalDst: ReadableOption<Inet4Address> = readable(
	IPPROTO_IP,
	C.SO_ORIGINAL_DST,
	"SO_ORIGINAL_DST",
	originalDestination4,
);
