/**
 * The ancillary messages of SOL_PACKET (packet(7)), sorted by name.
 */

import { SOL_PACKET } from "../../sys/linux/constants/levels.js";
import {
	PACKET_AUXDATA,
	PACKET_TX_TIMESTAMP,
	TP_STATUS_VLAN_TPID_VALID,
	TP_STATUS_VLAN_VALID,
} from "../../sys/linux/constants/packet.js";
import type { Kind } from "./codec.js";
import { decodeExtendedError, type ExtendedError } from "./extended-error.js";

/** What else is known of a captured packet (struct tpacket_auxdata). */
export interface PacketAuxdata {
	/** A mask of TP_STATUS_* flags. */
	status: number;
	/** The packet's length on the wire. */
	len: number;
	/** How much of it was captured. */
	snaplen: number;
	/** Where the link-layer header begins. */
	mac: number;
	/** Where the network header begins. */
	net: number;
	/** The VLAN tag that the card took off; left out where there was none. */
	vlanTci?: number;
	/** The VLAN tag's protocol, ETH_P_8021Q as a rule; left out where it is not known. */
	vlanTpid?: number;
}

/** The kinds of SOL_PACKET. */
export interface PacketKinds {
	/** Lengths, offsets and VLAN tag of a packet; received with PACKET_AUXDATA set. */
	PACKET_AUXDATA: Kind<typeof SOL_PACKET, typeof PACKET_AUXDATA, PacketAuxdata>;
	/** The completion that a transmit timestamp belongs to; received with MSG_ERRQUEUE. */
	PACKET_TX_TIMESTAMP: Kind<typeof SOL_PACKET, typeof PACKET_TX_TIMESTAMP, ExtendedError>;
}

export const packetKinds: PacketKinds = {
	PACKET_AUXDATA: { level: SOL_PACKET, type: PACKET_AUXDATA, decode: decodeAuxdata },
	PACKET_TX_TIMESTAMP: { level: SOL_PACKET, type: PACKET_TX_TIMESTAMP, decode: decodeExtendedError },
};

function decodeAuxdata(data: Buffer): PacketAuxdata | undefined {
	if (data.length < 20) return undefined;
	const status = data.readUInt32LE(0);
	const auxdata: PacketAuxdata = {
		status,
		len: data.readUInt32LE(4),
		snaplen: data.readUInt32LE(8),
		mac: data.readUInt16LE(12),
		net: data.readUInt16LE(14),
	};
	if ((status & TP_STATUS_VLAN_VALID) !== 0) auxdata.vlanTci = data.readUInt16LE(16);
	if ((status & TP_STATUS_VLAN_TPID_VALID) !== 0) auxdata.vlanTpid = data.readUInt16LE(18);
	return auxdata;
}
