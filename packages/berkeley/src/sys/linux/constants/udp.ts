/**
 * The options of UDP at level IPPROTO_UDP (udp(7), <linux/udp.h>), and of UDP-Lite (udplite(7)).
 */

/** Collects what is sent into one datagram until it is turned off. */
export const UDP_CORK = 1;
/** Hands encapsulated packets to the kernel (UDP_ENCAP_*). */
export const UDP_ENCAP = 100;
/** Sends over IPv6 without a checksum. */
export const UDP_NO_CHECK6_TX = 101;
/** Accepts over IPv6 what has no checksum. */
export const UDP_NO_CHECK6_RX = 102;
/** Cuts what is sent into datagrams of this size (GSO); option and ancillary message. */
export const UDP_SEGMENT = 103;
/** Receives several datagrams at once, with their size in an ancillary message. */
export const UDP_GRO = 104;

// Values of UDP_ENCAP.
export const UDP_ENCAP_ESPINUDP_NON_IKE = 1;
export const UDP_ENCAP_ESPINUDP = 2;
export const UDP_ENCAP_L2TPINUDP = 3;
export const UDP_ENCAP_GTP0 = 4;
export const UDP_ENCAP_GTP1U = 5;
export const UDP_ENCAP_RXRPC = 6;
export const TCP_ENCAP_ESPINTCP = 7;

// UDP-Lite: how many bytes the checksum covers.
export const UDPLITE_SEND_CSCOV = 10;
export const UDPLITE_RECV_CSCOV = 11;
