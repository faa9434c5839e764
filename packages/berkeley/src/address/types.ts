/**
 * The address of each family, and the map from a family's number to its address type.
 * Pure types: this file has no run-time code.
 */

import type * as families from "../sys/linux/constants/families.js";
import type {
	AF_INET,
	AF_INET6,
	AF_NETLINK,
	AF_PACKET,
	AF_UNIX,
	AF_VSOCK,
} from "../sys/linux/constants/families.js";

/** AF_INET. `host` is a dotted quad or a name; "" is INADDR_ANY, "<broadcast>" the broadcast address. */
export interface Inet4Address {
	/** A dotted quad, a name, "" or "<broadcast>". */
	host: string;
	/** 0 to 65535; 0 lets the kernel choose when binding. */
	port: number;
}

/** AF_INET6. `host` is an IPv6 address (a zone may follow as `%eth0`) or a name; "" is `::`. */
export interface Inet6Address {
	/** An IPv6 address, with or without a zone, a name, or "". */
	host: string;
	/** 0 to 65535; 0 lets the kernel choose when binding. */
	port: number;
	/** The flow label, 0 to 1048575 as in Python; 0 when left out. */
	flowinfo?: number;
	/** The interface's index for link-local addresses; 0 when left out. */
	scopeId?: number;
}

/**
 * AF_UNIX: a path of at most 107 bytes; a leading `\0` names the abstract namespace, of which 107 more bytes
 * may follow; "" is unnamed. Bytes that are no UTF-8 stand as lone surrogates U+DC80 to U+DCFF, as Python's
 * surrogateescape has them, so that any name comes back unchanged. (Linux lets a program bind a path of 108
 * bytes without its terminator. Such a name of a peer is given, but as in Python not taken: most programs
 * could not reach it.)
 */
export type UnixAddress = string;

/** AF_PACKET (packet(7)). */
export interface PacketAddress {
	/** The interface's name, "" for all. An index is taken too. */
	interface: string | number;
	/** The Ethernet protocol, host byte order: ETH_P_ALL, ETH_P_IP … */
	protocol: number;
	/** PACKET_HOST, PACKET_BROADCAST, PACKET_MULTICAST, PACKET_OTHERHOST, PACKET_OUTGOING; set on receive. */
	packetType?: number;
	/** ARPHRD_*; set on receive. */
	hardwareType?: number;
	/** At most 8 bytes, a MAC address as a rule. */
	hardwareAddress?: Uint8Array;
}

/** AF_NETLINK (netlink(7)). */
export interface NetlinkAddress {
	/** The port id, 0 for the kernel or to be chosen. */
	pid: number;
	/** A bit mask of multicast groups. */
	groups: number;
}

/** AF_VSOCK (vsock(7)). */
export interface VsockAddress {
	/** The machine: VMADDR_CID_ANY, VMADDR_CID_HOST, VMADDR_CID_LOCAL, or a guest's number from 3 on. */
	cid: number;
	/** 0 to 4294967295; VMADDR_PORT_ANY lets the kernel choose when binding. */
	port: number;
}

/** Any other family: the sockaddr as it is, without the two bytes of the family. */
export interface RawAddress {
	/** The family: AF_* as a number. */
	family: number;
	/** What follows the family in the sockaddr. */
	bytes: Uint8Array;
}

/** The families with an address type of their own. */
interface NamedFamilies {
	[AF_INET]: Inet4Address;
	[AF_INET6]: Inet6Address;
	[AF_UNIX]: UnixAddress;
	[AF_PACKET]: PacketAddress;
	[AF_NETLINK]: NetlinkAddress;
	[AF_VSOCK]: VsockAddress;
}

type OtherFamilies = {
	[Family in Exclude<(typeof families)[keyof typeof families], keyof NamedFamilies>]: RawAddress;
};

// A look-up and no conditional type: so a Socket<typeof AF_UNIX> can be given to what takes any Socket.
interface FamilyAddresses extends NamedFamilies, OtherFamilies {
	[family: number]: Address;
}

/** The address type of a family, known from the type of its number; any address when that is `number`. */
export type AddressOf<Family extends number> = FamilyAddresses[Family];

/** An address of any family. */
export type Address =
	| Inet4Address
	| Inet6Address
	| UnixAddress
	| PacketAddress
	| NetlinkAddress
	| VsockAddress
	| RawAddress;
