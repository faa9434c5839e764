/**
 * The ancillary messages of SOL_TCP (tcp(7)), SOL_TLS and SOL_UDP (udp(7)), sorted by name.
 */

import { SOL_TCP, SOL_TLS, SOL_UDP } from "../../sys/linux/constants/levels.js";
import { TCP_CM_INQ } from "../../sys/linux/constants/tcp.js";
import { TLS_GET_RECORD_TYPE, TLS_SET_RECORD_TYPE } from "../../sys/linux/constants/tls.js";
import { UDP_GRO, UDP_SEGMENT } from "../../sys/linux/constants/udp.js";
import { int32, type Kind, type SendableKind, uint8, uint16 } from "./codec.js";

/** The kinds of the transport protocols. */
export interface TransportKinds {
	/** How many bytes are still to be read; received with TCP_INQ. */
	TCP_CM_INQ: Kind<typeof SOL_TCP, typeof TCP_CM_INQ, number>;
	/** The content type of the TLS record that arrived at a kernel TLS socket: 22 handshake, 23 data … */
	TLS_GET_RECORD_TYPE: Kind<typeof SOL_TLS, typeof TLS_GET_RECORD_TYPE, number>;
	/** The content type of the TLS record to be sent by a kernel TLS socket; only sent. */
	TLS_SET_RECORD_TYPE: SendableKind<typeof SOL_TLS, typeof TLS_SET_RECORD_TYPE, number>;
	/** The size of the datagrams that were joined into the data; received with UDP_GRO set. */
	UDP_GRO: Kind<typeof SOL_UDP, typeof UDP_GRO, number>;
	/** The size of the datagrams that the data are to be cut into, 0 to 65535; only sent. */
	UDP_SEGMENT: SendableKind<typeof SOL_UDP, typeof UDP_SEGMENT, number>;
}

export const transportKinds: TransportKinds = {
	TCP_CM_INQ: { level: SOL_TCP, type: TCP_CM_INQ, decode: int32("TCP_CM_INQ").decode },
	TLS_GET_RECORD_TYPE: {
		level: SOL_TLS,
		type: TLS_GET_RECORD_TYPE,
		decode: uint8("TLS_GET_RECORD_TYPE").decode,
	},
	TLS_SET_RECORD_TYPE: { level: SOL_TLS, type: TLS_SET_RECORD_TYPE, ...uint8("TLS_SET_RECORD_TYPE") },
	UDP_GRO: { level: SOL_UDP, type: UDP_GRO, decode: int32("UDP_GRO").decode },
	UDP_SEGMENT: { level: SOL_UDP, type: UDP_SEGMENT, ...uint16("UDP_SEGMENT") },
};
