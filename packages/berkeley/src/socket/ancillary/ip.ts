/**
 * The ancillary messages of SOL_IP (ip(7)), sorted by name.
 */
import { formatInet4 } from "../../address/inet4.js";
import type { Inet4Address } from "../../address/types.js";
import { AF_INET } from "../../sys/linux/constants/families.js";
import {
	IP_ORIGDSTADDR,
	IP_PKTINFO,
	IP_RECVERR,
	IP_RECVFRAGSIZE,
	IP_TOS,
	IP_TTL,
} from "../../sys/linux/constants/ip.js";
import { SOL_IP } from "../../sys/linux/constants/levels.js";
import { inetSockaddr, packedAddress } from "./addresses.js";
import { checked, checkFields, int32, type Kind, type SendableKind } from "./codec.js";
import { decodeExtendedError, type ExtendedError } from "./extended-error.js";

/** Where a packet came in (struct in_pktinfo). */
export interface Inet4PacketInfo {
	/** The interface's index. */
	interface: number;
	/** The address of this machine that an answer comes from (ipi_spec_dst). */
	local: string;
	/** The destination in the packet's header (ipi_addr), which may be a broadcast or multicast address. */
	address: string;
}

/** Where a packet is to go out. What is received can be given as it is: `local` becomes the source. */
export interface Inet4PacketInfoInput {
	/** The interface's index; 0, as when left out, leaves it to the routing. */
	interface?: number;
	/** The source address; 0.0.0.0, as when left out, leaves it to the routing. */
	local?: string;
	/** Without meaning on the way out. */
	address?: string;
}

type Level = typeof SOL_IP;

/** The kinds of SOL_IP. */
export interface InetKinds {
	/** Where a redirected packet was meant for; received with IP_RECVORIGDSTADDR. */
	IP_ORIGDSTADDR: Kind<Level, typeof IP_ORIGDSTADDR, Inet4Address>;
	/** Interface and local address; received with IP_PKTINFO set. */
	IP_PKTINFO: SendableKind<Level, typeof IP_PKTINFO, Inet4PacketInfo, Inet4PacketInfoInput>;
	/** An entry of the error queue; received with MSG_ERRQUEUE. */
	IP_RECVERR: Kind<Level, typeof IP_RECVERR, ExtendedError>;
	/** The size of the largest fragment of a reassembled packet; received with IP_RECVFRAGSIZE set. */
	IP_RECVFRAGSIZE: Kind<Level, typeof IP_RECVFRAGSIZE, number>;
	/** The type of service, or DSCP and ECN, 0 to 255; received with IP_RECVTOS. */
	IP_TOS: SendableKind<Level, typeof IP_TOS, number>;
	/** The time to live; received with IP_RECVTTL; 1 to 255 can be sent. */
	IP_TTL: SendableKind<Level, typeof IP_TTL, number>;
}

export const inetKinds: InetKinds = {
	IP_ORIGDSTADDR: { level: SOL_IP, type: IP_ORIGDSTADDR, decode: (data) => inetSockaddr(AF_INET, data) },
	IP_PKTINFO: { level: SOL_IP, type: IP_PKTINFO, decode: decodePacketInfo, encode: encodePacketInfo },
	IP_RECVERR: { level: SOL_IP, type: IP_RECVERR, decode: decodeExtendedError },
	IP_RECVFRAGSIZE: { level: SOL_IP, type: IP_RECVFRAGSIZE, decode: int32("IP_RECVFRAGSIZE").decode },
	// The kernel gives one byte and takes one byte or an int.
	IP_TOS: { level: SOL_IP, type: IP_TOS, decode: (data) => data[0], encode: int32("IP_TOS", 0, 255).encode },
	IP_TTL: { level: SOL_IP, type: IP_TTL, ...int32("IP_TTL", 1, 255) },
};

// struct in_pktinfo: int ipi_ifindex, struct in_addr ipi_spec_dst, struct in_addr ipi_addr.

function decodePacketInfo(data: Buffer): Inet4PacketInfo | undefined {
	if (data.length < 12) return undefined;
	return {
		interface: data.readInt32LE(0),
		local: formatInet4(data.readUInt32BE(4)),
		address: formatInet4(data.readUInt32BE(8)),
	};
}

function encodePacketInfo(value: Inet4PacketInfoInput): Buffer {
	checkFields(value, "IP_PKTINFO", "interface?, local?, address?");
	const { interface: index = 0, local = "0.0.0.0", address = "0.0.0.0" } = value;
	const data = Buffer.alloc(12);
	data.writeInt32LE(checked("IP_PKTINFO: the index in interface", index, 0, 0x7fffffff), 0);
	data.set(packedAddress("IP_PKTINFO: local", AF_INET, local), 4);
	data.set(packedAddress("IP_PKTINFO: address", AF_INET, address), 8);
	return data;
}
