/**
 * The protocols over IP (<netinet/in.h>, protocols(5), IANA's list of protocol numbers): the third argument
 * of socket(2), and a level of setsockopt(2).
 */

// By number, each named after its protocol
/** The default protocol of a type, and the level of the IP_* options. */
export const IPPROTO_IP = 0;
/** Internet control message protocol (RFC 792). */
export const IPPROTO_ICMP = 1;
/** Internet group management protocol (RFC 3376). */
export const IPPROTO_IGMP = 2;
/** IPv4 within IP (RFC 2003). */
export const IPPROTO_IPIP = 4;
/** Transmission control protocol (RFC 9293), and the level of the TCP_* options. */
export const IPPROTO_TCP = 6;
/** Exterior gateway protocol (RFC 904); historic. */
export const IPPROTO_EGP = 8;
/** PARC universal packet; historic. */
export const IPPROTO_PUP = 12;
/** User datagram protocol (RFC 768), and the level of the UDP_* options. */
export const IPPROTO_UDP = 17;
/** Internetwork datagram protocol of Xerox; historic. */
export const IPPROTO_IDP = 22;
/** ISO transport protocol, class 4 (RFC 905). */
export const IPPROTO_TP = 29;
/** Datagram congestion control protocol (RFC 4340). */
export const IPPROTO_DCCP = 33;
/** IPv6 within IP (RFC 4213), and the level of the IPV6_* options. */
export const IPPROTO_IPV6 = 41;
/** Resource reservation protocol (RFC 2205). */
export const IPPROTO_RSVP = 46;
/** Generic routing encapsulation (RFC 2784). */
export const IPPROTO_GRE = 47;
/** Encapsulating security payload of IPsec (RFC 4303). */
export const IPPROTO_ESP = 50;
/** Authentication header of IPsec (RFC 4302). */
export const IPPROTO_AH = 51;
/** Multicast transport protocol (RFC 1301). */
export const IPPROTO_MTP = 92;
/** Pseudo header for the IP options of IPsec's BEET mode. */
export const IPPROTO_BEETPH = 94;
/** Encapsulation header (RFC 1241). */
export const IPPROTO_ENCAP = 98;
/** Protocol independent multicast (RFC 7761). */
export const IPPROTO_PIM = 103;
/** IP payload compression (RFC 3173). */
export const IPPROTO_COMP = 108;
/** Layer two tunneling protocol, version 3 (RFC 3931). */
export const IPPROTO_L2TP = 115;
/** Stream control transmission protocol (RFC 9260). */
export const IPPROTO_SCTP = 132;
/** UDP-Lite: the checksum may cover a part only (RFC 3828). */
export const IPPROTO_UDPLITE = 136;
/** Multiprotocol label switching in IP (RFC 4023). */
export const IPPROTO_MPLS = 137;
/** Ethernet frames (RFC 8986). */
export const IPPROTO_ETHERNET = 143;
/** Aggregated and fragmented packets within ESP (RFC 9347). */
export const IPPROTO_AGGFRAG = 144;
/** Raw packets whose IP header the program writes; such a socket only sends. */
export const IPPROTO_RAW = 255;

// Linux's own numbers, outside the 8 bits of the IP header.
/** Shared memory communications. */
export const IPPROTO_SMC = 256;
/** Multipath TCP. */
export const IPPROTO_MPTCP = 262;

// Extension headers of IPv6 (RFC 8200).
/** Hop-by-hop options; the number of IPPROTO_IP. */
export const IPPROTO_HOPOPTS = 0;
/** Routing header. */
export const IPPROTO_ROUTING = 43;
/** Fragment header. */
export const IPPROTO_FRAGMENT = 44;
/** ICMP of IPv6 (RFC 4443), and the level of ICMPV6_FILTER. */
export const IPPROTO_ICMPV6 = 58;
/** Nothing follows. */
export const IPPROTO_NONE = 59;
/** Destination options. */
export const IPPROTO_DSTOPTS = 60;
/** Mobility header (RFC 6275). */
export const IPPROTO_MH = 135;
