/**
 * The options of IPv6 at level IPPROTO_IPV6 (ipv6(7), RFC 3493, RFC 3542, <linux/in6.h>), sorted by name.
 */

/** The address that a redirected connection was meant for (<linux/netfilter_ipv6/ip6_tables.h>). */
export const IP6T_SO_ORIGINAL_DST = 80;
/** IPV6_RECVDSTOPTS and its ancillary message as in RFC 2292, which is obsolete. */
export const IPV6_2292DSTOPTS = 4;
/** IPV6_RECVHOPLIMIT and its ancillary message as in RFC 2292, which is obsolete. */
export const IPV6_2292HOPLIMIT = 8;
/** IPV6_RECVHOPOPTS and its ancillary message as in RFC 2292, which is obsolete. */
export const IPV6_2292HOPOPTS = 3;
/** IPV6_RECVPKTINFO and its ancillary message as in RFC 2292, which is obsolete. */
export const IPV6_2292PKTINFO = 2;
/** The ancillary messages to send with each packet, or received last, as in RFC 2292, which is obsolete. */
export const IPV6_2292PKTOPTIONS = 6;
/** IPV6_RECVRTHDR and its ancillary message as in RFC 2292, which is obsolete. */
export const IPV6_2292RTHDR = 5;
/** Turns the socket into an IPv4 socket (AF_INET). */
export const IPV6_ADDRFORM = 1;
/** Which source addresses to prefer (IPV6_PREFER_SRC_*). */
export const IPV6_ADDR_PREFERENCES = 72;
/** Joins a multicast group. */
export const IPV6_ADD_MEMBERSHIP = 20;
/** Named by the header; the kernel has no such option. */
export const IPV6_AUTHHDR = 10;
/** Whether flow labels are made automatically. */
export const IPV6_AUTOFLOWLABEL = 70;
/** Where the kernel computes a checksum in a raw packet; -1 turns it off. */
export const IPV6_CHECKSUM = 7;
/** Reports a datagram larger than the MTU instead of fragmenting it. */
export const IPV6_DONTFRAG = 62;
/** Leaves a multicast group. */
export const IPV6_DROP_MEMBERSHIP = 21;
/** Destination options. */
export const IPV6_DSTOPTS = 59;
/** Receives the traffic class and flow label. */
export const IPV6_FLOWINFO = 11;
/** Sends the flow information of the address. */
export const IPV6_FLOWINFO_SEND = 33;
/** Asks for and gives back flow labels (IPV6_FL_*). */
export const IPV6_FLOWLABEL_MGR = 32;
/** Allows binding to an address that no interface has. */
export const IPV6_FREEBIND = 78;
/** The program writes the IPv6 header (raw sockets). */
export const IPV6_HDRINCL = 36;
/** Ancillary message: the hop limit. */
export const IPV6_HOPLIMIT = 52;
/** Hop-by-hop options. */
export const IPV6_HOPOPTS = 54;
/** The IPsec policy of the socket (struct sadb_x_policy). Needs CAP_NET_ADMIN. */
export const IPV6_IPSEC_POLICY = 34;
/** Joins an anycast group. */
export const IPV6_JOIN_ANYCAST = 27;
/** The same number as IPV6_ADD_MEMBERSHIP. */
export const IPV6_JOIN_GROUP = 20;
/** Leaves an anycast group. */
export const IPV6_LEAVE_ANYCAST = 28;
/** The same number as IPV6_DROP_MEMBERSHIP. */
export const IPV6_LEAVE_GROUP = 21;
/** Drops what arrives with a lower hop limit. */
export const IPV6_MINHOPCOUNT = 73;
/** The path's MTU. */
export const IPV6_MTU = 24;
/** Path MTU discovery (IPV6_PMTUDISC_*). */
export const IPV6_MTU_DISCOVER = 23;
/** Whether groups that other sockets joined are received too. */
export const IPV6_MULTICAST_ALL = 29;
/** The hop limit of outgoing multicast. */
export const IPV6_MULTICAST_HOPS = 18;
/** The interface of outgoing multicast, by index. */
export const IPV6_MULTICAST_IF = 17;
/** Whether one's own multicast is looped back. */
export const IPV6_MULTICAST_LOOP = 19;
/** The next hop. */
export const IPV6_NEXTHOP = 9;
/** Ancillary message: the destination before a redirection. */
export const IPV6_ORIGDSTADDR = 74;
/** The path's MTU, and the ancillary message that tells of a change. */
export const IPV6_PATHMTU = 61;
/** The interface and address of a datagram. */
export const IPV6_PKTINFO = 50;
/** Receives destination options. */
export const IPV6_RECVDSTOPTS = 58;
/** Queues errors to be received by MSG_ERRQUEUE. */
export const IPV6_RECVERR = 25;
/** Queues ICMPv6's extension objects too. */
export const IPV6_RECVERR_RFC4884 = 31;
/** Receives the size of the largest fragment. */
export const IPV6_RECVFRAGSIZE = 77;
/** Receives the hop limit. */
export const IPV6_RECVHOPLIMIT = 51;
/** Receives hop-by-hop options. */
export const IPV6_RECVHOPOPTS = 53;
/** Receives IPV6_ORIGDSTADDR. */
export const IPV6_RECVORIGDSTADDR = 74;
/** Receives IPV6_PATHMTU. */
export const IPV6_RECVPATHMTU = 60;
/** Receives IPV6_PKTINFO. */
export const IPV6_RECVPKTINFO = 49;
/** Receives routing headers. */
export const IPV6_RECVRTHDR = 56;
/** Receives the traffic class. */
export const IPV6_RECVTCLASS = 66;
/** Receives forwarded packets that carry the router alert option. */
export const IPV6_ROUTER_ALERT = 22;
/** Keeps IPV6_ROUTER_ALERT to the socket's network namespace. */
export const IPV6_ROUTER_ALERT_ISOLATE = 30;
/** A routing header. */
export const IPV6_RTHDR = 57;
/** Destination options before the routing header. */
export const IPV6_RTHDRDSTOPTS = 55;
/** The traffic class. */
export const IPV6_TCLASS = 67;
/** Allows binding to any address, for a transparent proxy. */
export const IPV6_TRANSPARENT = 75;
/** The hop limit of outgoing unicast. */
export const IPV6_UNICAST_HOPS = 16;
/** The interface of outgoing unicast. */
export const IPV6_UNICAST_IF = 76;
/** Keeps IPv4 away from the socket. */
export const IPV6_V6ONLY = 26;
/** The IPsec policy of the socket (struct xfrm_userpolicy_info). Needs CAP_NET_ADMIN. */
export const IPV6_XFRM_POLICY = 35;

// Values of IPV6_MTU_DISCOVER.
/** Ignores the path's MTU and fragments at the interface's. */
export const IPV6_PMTUDISC_DONT = 0;
/** Fragments to the path's MTU; the default. */
export const IPV6_PMTUDISC_WANT = 1;
/** A datagram above the path's MTU fails with EMSGSIZE. */
export const IPV6_PMTUDISC_DO = 2;
/** Ignores the path's MTU and does not fragment, to probe the path. */
export const IPV6_PMTUDISC_PROBE = 3;
/** The same as IPV6_PMTUDISC_PROBE; named as for IPv4. */
export const IPV6_PMTUDISC_INTERFACE = 4;
/** As IPV6_PMTUDISC_INTERFACE, but packets above the interface's MTU are fragmented. */
export const IPV6_PMTUDISC_OMIT = 5;

// Routing header types.
/** Source routing, which RFC 5095 forbids. */
export const IPV6_RTHDR_TYPE_0 = 0;

// Values of IPV6_ADDR_PREFERENCES (RFC 5014).
/** Prefers a temporary address (RFC 8981). */
export const IPV6_PREFER_SRC_TMP = 0x1;
/** Prefers a public address to a temporary one. */
export const IPV6_PREFER_SRC_PUBLIC = 0x2;
/** Leaves the choice between public and temporary to the system. */
export const IPV6_PREFER_SRC_PUBTMP_DEFAULT = 0x100;
/** Prefers a care-of address (Mobile IPv6). */
export const IPV6_PREFER_SRC_COA = 0x4;
/** Prefers a home address (Mobile IPv6). */
export const IPV6_PREFER_SRC_HOME = 0x400;
/** Prefers a cryptographically generated address (RFC 3972). */
export const IPV6_PREFER_SRC_CGA = 0x8;
/** Prefers an address that is not cryptographically generated. */
export const IPV6_PREFER_SRC_NONCGA = 0x800;

// Values of IPV6_FLOWLABEL_MGR: actions, flags, sharing.
/** Action: takes a flow label. */
export const IPV6_FL_A_GET = 0;
/** Action: gives a flow label back. */
export const IPV6_FL_A_PUT = 1;
/** Action: prolongs the time of a flow label. */
export const IPV6_FL_A_RENEW = 2;
/** Flag: makes the flow label if it is not there. */
export const IPV6_FL_F_CREATE = 1;
/** Flag: fails if the flow label is there already. */
export const IPV6_FL_F_EXCL = 2;
/** Flag: answers with the flow labels that the peer used. */
export const IPV6_FL_F_REFLECT = 4;
/** Flag: reads the flow label that the peer used last. */
export const IPV6_FL_F_REMOTE = 8;
/** Sharing: not stated. */
export const IPV6_FL_S_NONE = 0;
/** Sharing: with nobody. */
export const IPV6_FL_S_EXCL = 1;
/** Sharing: within the process. */
export const IPV6_FL_S_PROCESS = 2;
/** Sharing: among the processes of the user. */
export const IPV6_FL_S_USER = 3;
/** Sharing: with everybody. */
export const IPV6_FL_S_ANY = 255;
