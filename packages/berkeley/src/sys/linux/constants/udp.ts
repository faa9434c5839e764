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
/** ESP in UDP as in old drafts of RFC 3948; newer kernels refuse it. */
export const UDP_ENCAP_ESPINUDP_NON_IKE = 1;
/** ESP in UDP (RFC 3948). */
export const UDP_ENCAP_ESPINUDP = 2;
/** L2TP in UDP (RFC 2661). */
export const UDP_ENCAP_L2TPINUDP = 3;
/** GPRS tunnelling protocol, version 0. */
export const UDP_ENCAP_GTP0 = 4;
/** GPRS tunnelling protocol, version 1, user data. */
export const UDP_ENCAP_GTP1U = 5;
/** Rx remote procedure calls (AF_RXRPC); the kernel's own. */
export const UDP_ENCAP_RXRPC = 6;
/** ESP in TCP (RFC 8229); the kernel's own. */
export const TCP_ENCAP_ESPINTCP = 7;

// UDP-Lite: how many bytes the checksum covers.
/** Bytes that the checksum of outgoing datagrams covers; 0 is all. */
export const UDPLITE_SEND_CSCOV = 10;
/** Bytes that the checksum of accepted datagrams must cover at least; 0 is all. */
export const UDPLITE_RECV_CSCOV = 11;
