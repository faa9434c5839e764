/**
 * The options of IPv4 at level IPPROTO_IP (ip(7), <linux/in.h>), sorted by name.
 */

/** Joins a multicast group. */
export const IP_ADD_MEMBERSHIP = 35;
/** Joins a group for one source. */
export const IP_ADD_SOURCE_MEMBERSHIP = 39;
/** bind(2) to port 0 leaves the choice of the port to connect(2). */
export const IP_BIND_ADDRESS_NO_PORT = 24;
/** Stops receiving a source of a group. */
export const IP_BLOCK_SOURCE = 38;
/** Receives the checksum of each datagram. */
export const IP_CHECKSUM = 23;
/** Leaves a multicast group. */
export const IP_DROP_MEMBERSHIP = 36;
/** Leaves a group for one source. */
export const IP_DROP_SOURCE_MEMBERSHIP = 40;
/** Allows binding to an address that no interface has. */
export const IP_FREEBIND = 15;
/** The program writes the IP header (raw sockets). */
export const IP_HDRINCL = 3;
/** The IPsec policy of the socket (struct sadb_x_policy). Needs CAP_NET_ADMIN. */
export const IP_IPSEC_POLICY = 16;
/** The range of automatic ports: the upper in the high 16 bits, the lower in the low. */
export const IP_LOCAL_PORT_RANGE = 51;
/** Drops what arrives with a lower TTL. */
export const IP_MINTTL = 21;
/** The sources of a group, all at once. */
export const IP_MSFILTER = 41;
/** The path's MTU. Read only, connected sockets. */
export const IP_MTU = 14;
/** Path MTU discovery (IP_PMTUDISC_*). */
export const IP_MTU_DISCOVER = 10;
/** Whether groups that other sockets joined are received too. */
export const IP_MULTICAST_ALL = 49;
/** The interface of outgoing multicast. */
export const IP_MULTICAST_IF = 32;
/** Whether one's own multicast is looped back. */
export const IP_MULTICAST_LOOP = 34;
/** The TTL of outgoing multicast. */
export const IP_MULTICAST_TTL = 33;
/** Leaves fragments as they are (raw sockets). */
export const IP_NODEFRAG = 22;
/** The IP options of outgoing packets. */
export const IP_OPTIONS = 4;
/** Ancillary message: the destination before a redirection. */
export const IP_ORIGDSTADDR = 20;
/** Receives the security context of the peer. */
export const IP_PASSSEC = 18;
/** Receives the interface and destination of each datagram. */
export const IP_PKTINFO = 8;
/** What IP_RECV* options gave last, on a stream socket. Read only. */
export const IP_PKTOPTIONS = 9;
/** The protocol of a raw socket. Read only. */
export const IP_PROTOCOL = 52;
/** Queues errors to be received by MSG_ERRQUEUE. */
export const IP_RECVERR = 11;
/** Queues ICMP's extension objects too. */
export const IP_RECVERR_RFC4884 = 26;
/** Receives the size of the largest fragment. */
export const IP_RECVFRAGSIZE = 25;
/** Receives the IP options. */
export const IP_RECVOPTS = 6;
/** Receives IP_ORIGDSTADDR. */
export const IP_RECVORIGDSTADDR = 20;
/** Receives the IP options ready for a reply. */
export const IP_RECVRETOPTS = 7;
/** Receives the TOS byte. */
export const IP_RECVTOS = 13;
/** Receives the TTL. */
export const IP_RECVTTL = 12;
/** The same number as IP_RECVRETOPTS. */
export const IP_RETOPTS = 7;
/** Receives forwarded packets that carry the router alert option. */
export const IP_ROUTER_ALERT = 5;
/** The TOS byte of outgoing packets. */
export const IP_TOS = 1;
/** Allows binding to any address, for a transparent proxy. */
export const IP_TRANSPARENT = 19;
/** The TTL of outgoing packets. */
export const IP_TTL = 2;
/** Receives a blocked source again. */
export const IP_UNBLOCK_SOURCE = 37;
/** The interface of outgoing unicast. */
export const IP_UNICAST_IF = 50;
/** The IPsec policy of the socket (struct xfrm_userpolicy_info). Needs CAP_NET_ADMIN. */
export const IP_XFRM_POLICY = 17;

// Values of IP_MTU_DISCOVER.
/** Never sets the don't-fragment bit. */
export const IP_PMTUDISC_DONT = 0;
/** Follows the route: fragments where needed, else sets the don't-fragment bit. */
export const IP_PMTUDISC_WANT = 1;
/** Always sets the don't-fragment bit; a datagram above the path's MTU fails with EMSGSIZE. */
export const IP_PMTUDISC_DO = 2;
/** Sets the don't-fragment bit and ignores the path's MTU. */
export const IP_PMTUDISC_PROBE = 3;
/** Uses the interface's MTU and never the path's; does not set the don't-fragment bit. */
export const IP_PMTUDISC_INTERFACE = 4;
/** As IP_PMTUDISC_INTERFACE, but packets above the interface's MTU are fragmented. */
export const IP_PMTUDISC_OMIT = 5;

// Defaults and limits of the C library.
/** The TTL of multicast unless IP_MULTICAST_TTL is set. */
export const IP_DEFAULT_MULTICAST_TTL = 1;
/** Multicast is looped back unless IP_MULTICAST_LOOP is off. */
export const IP_DEFAULT_MULTICAST_LOOP = 1;
/** How many groups a socket may join; the kernel's limit is net.ipv4.igmp_max_memberships. */
export const IP_MAX_MEMBERSHIPS = 20;

// Values of IP_TOS (<netinet/ip.h>).
/** Asks for a short delay. */
export const IPTOS_LOWDELAY = 16;
/** Asks for high throughput. */
export const IPTOS_THROUGHPUT = 8;
/** Asks for high reliability. */
export const IPTOS_RELIABILITY = 4;
/** Asks for low cost. */
export const IPTOS_MINCOST = 2;

// Options of raw ICMP sockets, at level SOL_RAW and SOL_ICMPV6.
/** The ICMP types that are not received, a bit each. */
export const ICMP_FILTER = 1;
/** The ICMPv6 types that are not received, a bit each. */
export const ICMPV6_FILTER = 1;
