/**
 * The ancillary messages of SOL_IPV6 (ipv6(7), RFC 3542), sorted by name.
 */
import { formatInet6 } from "../../address/inet6.js";
import type { Inet6Address } from "../../address/types.js";
import { AF_INET6 } from "../../sys/linux/constants/families.js";
import {
	IPV6_DONTFRAG,
	IPV6_FLOWINFO,
	IPV6_HOPLIMIT,
	IPV6_ORIGDSTADDR,
	IPV6_PATHMTU,
	IPV6_PKTINFO,
	IPV6_RECVERR,
	IPV6_RECVFRAGSIZE,
	IPV6_TCLASS,
} from "../../sys/linux/constants/ipv6.js";
import { SOL_IPV6 } from "../../sys/linux/constants/levels.js";
import { inetSockaddr, packedAddress } from "./addresses.js";
import { checked, checkFields, int32, type Kind, type SendableKind } from "./codec.js";
import { decodeExtendedError, type ExtendedError } from "./extended-error.js";

/** Where a packet came in (struct in6_pktinfo). */
export interface Inet6PacketInfo {
	/** The interface's index. */
	interface: number;
	/** The destination in the packet's header. */
	address: string;
}

/** Where a packet is to go out. What is received can be given as it is, unless it was multicast. */
export interface Inet6PacketInfoInput {
	/** The interface's index; 0, as when left out, leaves it to the routing. */
	interface?: number;
	/** The source address; `::`, as when left out, leaves it to the routing. */
	address?: string;
}

/** The path's MTU (struct ip6_mtuinfo). */
export interface PathMtu {
	/** The destination whose path it is. */
	address: Inet6Address;
	/** In bytes. */
	mtu: number;
}

type Level = typeof SOL_IPV6;

/** The kinds of SOL_IPV6. */
export interface Inet6Kinds {
	/** 1 not to fragment this packet, 0 to allow it; only sent. */
	IPV6_DONTFRAG: SendableKind<Level, typeof IPV6_DONTFRAG, number>;
	/** Traffic class and flow label in host order, as in an address's `flowinfo`; received with IPV6_FLOWINFO. */
	IPV6_FLOWINFO: SendableKind<Level, typeof IPV6_FLOWINFO, number>;
	/** The hop limit; received with IPV6_RECVHOPLIMIT; 0 to 255 can be sent, and -1 for the default. */
	IPV6_HOPLIMIT: SendableKind<Level, typeof IPV6_HOPLIMIT, number>;
	/** Where a redirected packet was meant for; received with IPV6_RECVORIGDSTADDR. */
	IPV6_ORIGDSTADDR: Kind<Level, typeof IPV6_ORIGDSTADDR, Inet6Address>;
	/** A packet was too big for its path; received with IPV6_RECVPATHMTU. */
	IPV6_PATHMTU: Kind<Level, typeof IPV6_PATHMTU, PathMtu>;
	/** Interface and destination; received with IPV6_RECVPKTINFO. */
	IPV6_PKTINFO: SendableKind<Level, typeof IPV6_PKTINFO, Inet6PacketInfo, Inet6PacketInfoInput>;
	/** An entry of the error queue; received with MSG_ERRQUEUE. */
	IPV6_RECVERR: Kind<Level, typeof IPV6_RECVERR, ExtendedError>;
	/** The size of the largest fragment of a reassembled packet; received with IPV6_RECVFRAGSIZE set. */
	IPV6_RECVFRAGSIZE: Kind<Level, typeof IPV6_RECVFRAGSIZE, number>;
	/** The traffic class; received with IPV6_RECVTCLASS; 0 to 255 can be sent, and -1 for the default. */
	IPV6_TCLASS: SendableKind<Level, typeof IPV6_TCLASS, number>;
}

export const inet6Kinds: Inet6Kinds = {
	IPV6_DONTFRAG: { level: SOL_IPV6, type: IPV6_DONTFRAG, ...int32("IPV6_DONTFRAG", 0, 1) },
	IPV6_FLOWINFO: {
		level: SOL_IPV6,
		type: IPV6_FLOWINFO,
		decode: (data) => (data.length < 4 ? undefined : data.readUInt32BE(0)),
		encode(value) {
			const data = Buffer.alloc(4);
			data.writeUInt32BE(checked("IPV6_FLOWINFO", value, 0, 0x0fffffff));
			return data;
		},
	},
	IPV6_HOPLIMIT: { level: SOL_IPV6, type: IPV6_HOPLIMIT, ...int32("IPV6_HOPLIMIT", -1, 255) },
	IPV6_ORIGDSTADDR: {
		level: SOL_IPV6,
		type: IPV6_ORIGDSTADDR,
		decode: (data) => inetSockaddr(AF_INET6, data),
	},
	IPV6_PATHMTU: { level: SOL_IPV6, type: IPV6_PATHMTU, decode: decodePathMtu },
	IPV6_PKTINFO: { level: SOL_IPV6, type: IPV6_PKTINFO, decode: decodePacketInfo, encode: encodePacketInfo },
	IPV6_RECVERR: { level: SOL_IPV6, type: IPV6_RECVERR, decode: decodeExtendedError },
	IPV6_RECVFRAGSIZE: {
		level: SOL_IPV6,
		type: IPV6_RECVFRAGSIZE,
		decode: int32("IPV6_RECVFRAGSIZE").decode,
	},
	IPV6_TCLASS: { level: SOL_IPV6, type: IPV6_TCLASS, ...int32("IPV6_TCLASS", -1, 255) },
};

const SOCKADDR_SIZE = 28;

// struct in6_pktinfo: struct in6_addr ipi6_addr, unsigned int ipi6_ifindex.

function decodePacketInfo(data: Buffer): Inet6PacketInfo | undefined {
	if (data.length < 20) return undefined;
	return { interface: data.readUInt32LE(16), address: formatInet6(data) };
}

function encodePacketInfo(value: Inet6PacketInfoInput): Buffer {
	checkFields(value, "IPV6_PKTINFO", "interface?, address?");
	const { interface: index = 0, address = "::" } = value;
	const data = Buffer.alloc(20);
	data.set(packedAddress("IPV6_PKTINFO: address", AF_INET6, address), 0);
	data.writeUInt32LE(checked("IPV6_PKTINFO: the index in interface", index, 0, 0x7fffffff), 16);
	return data;
}

// struct ip6_mtuinfo: struct sockaddr_in6 ip6m_addr, uint32_t ip6m_mtu.

function decodePathMtu(data: Buffer): PathMtu | undefined {
	const address = inetSockaddr(AF_INET6, data);
	if (address === undefined || data.length < SOCKADDR_SIZE + 4) return undefined;
	return { address, mtu: data.readUInt32LE(SOCKADDR_SIZE) };
}
