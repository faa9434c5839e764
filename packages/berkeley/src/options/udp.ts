/**
 * The options of IPPROTO_UDP (udp(7), linux/udp.h), sorted by kernel name.
 */
import * as C from "../sys/linux/constants/index.js";
import { IPPROTO_UDP } from "../sys/linux/constants/index.js";
import { boolean, integer } from "./codecs.js";
import { option, type SocketOption } from "./option.js";

/** Whether what is sent gathers in one datagram, which leaves when this is turned off. */
export const cork: SocketOption<boolean> = option(IPPROTO_UDP, C.UDP_CORK, "UDP_CORK", boolean);

/** The protocol in the datagrams that the kernel unpacks: UDP_ENCAP_*; ENOPROTOOPT where it cannot. */
export const encap: SocketOption<number> = option(IPPROTO_UDP, C.UDP_ENCAP, "UDP_ENCAP", integer(0, 7));

/** Whether datagrams of a flow may arrive joined, their size as ancillary UDP_GRO. Linux 5.0. */
export const gro: SocketOption<boolean> = option(IPPROTO_UDP, C.UDP_GRO, "UDP_GRO", boolean);

/** Whether datagrams without checksum are received over IPv6 (RFC 6936). */
export const noCheck6Rx: SocketOption<boolean> = option(
	IPPROTO_UDP,
	C.UDP_NO_CHECK6_RX,
	"UDP_NO_CHECK6_RX",
	boolean,
);

/** Whether datagrams are sent without checksum over IPv6 (RFC 6936). */
export const noCheck6Tx: SocketOption<boolean> = option(
	IPPROTO_UDP,
	C.UDP_NO_CHECK6_TX,
	"UDP_NO_CHECK6_TX",
	boolean,
);

/** The bytes of each datagram that one send is cut into; 0 for no cutting. Linux 4.18. */
export const segment: SocketOption<number> = option(
	IPPROTO_UDP,
	C.UDP_SEGMENT,
	"UDP_SEGMENT",
	integer(0, 0xffff),
);
