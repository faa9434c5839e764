/**
 * Routing netlink (NETLINK_ROUTE): the types of messages and the groups (rtnetlink(7),
 * <linux/rtnetlink.h>).
 */

// Links, addresses, routes, neighbours, rules
/** Makes, changes or describes a link. */
export const RTM_NEWLINK = 16;
/** Removes a link. */
export const RTM_DELLINK = 17;
/** Asks for links. */
export const RTM_GETLINK = 18;
/** Changes a link. */
export const RTM_SETLINK = 19;
/** Adds or describes an address. */
export const RTM_NEWADDR = 20;
/** Removes an address. */
export const RTM_DELADDR = 21;
/** Asks for addresses. */
export const RTM_GETADDR = 22;
/** Adds or describes a route. */
export const RTM_NEWROUTE = 24;
/** Removes a route. */
export const RTM_DELROUTE = 25;
/** Asks for routes. */
export const RTM_GETROUTE = 26;
/** Adds or describes a neighbour. */
export const RTM_NEWNEIGH = 28;
/** Removes a neighbour. */
export const RTM_DELNEIGH = 29;
/** Asks for neighbours. */
export const RTM_GETNEIGH = 30;
/** Adds or describes a routing rule. */
export const RTM_NEWRULE = 32;
/** Removes a routing rule. */
export const RTM_DELRULE = 33;
/** Asks for routing rules. */
export const RTM_GETRULE = 34;

// Traffic control
/** Adds or describes a queueing discipline. */
export const RTM_NEWQDISC = 36;
/** Removes a queueing discipline. */
export const RTM_DELQDISC = 37;
/** Asks for queueing disciplines. */
export const RTM_GETQDISC = 38;
/** Adds or describes a traffic class. */
export const RTM_NEWTCLASS = 40;
/** Removes a traffic class. */
export const RTM_DELTCLASS = 41;
/** Asks for traffic classes. */
export const RTM_GETTCLASS = 42;
/** Adds or describes a traffic filter. */
export const RTM_NEWTFILTER = 44;
/** Removes a traffic filter. */
export const RTM_DELTFILTER = 45;
/** Asks for traffic filters. */
export const RTM_GETTFILTER = 46;
/** Adds or describes an action of filters. */
export const RTM_NEWACTION = 48;
/** Removes an action of filters. */
export const RTM_DELACTION = 49;
/** Asks for actions of filters. */
export const RTM_GETACTION = 50;

// Others
/** Tells of an IPv6 prefix that a router announced. */
export const RTM_NEWPREFIX = 52;
/** Asks for multicast addresses. */
export const RTM_GETMULTICAST = 58;
/** Asks for anycast addresses. */
export const RTM_GETANYCAST = 62;
/** Describes a table of neighbours. */
export const RTM_NEWNEIGHTBL = 64;
/** Asks for tables of neighbours. */
export const RTM_GETNEIGHTBL = 66;
/** Changes a table of neighbours. */
export const RTM_SETNEIGHTBL = 67;
/** Tells of a router's option that is left to programs, such as name servers. */
export const RTM_NEWNDUSEROPT = 68;
/** Adds or describes a label of IPv6 addresses (RFC 6724). */
export const RTM_NEWADDRLABEL = 72;
/** Removes a label of IPv6 addresses. */
export const RTM_DELADDRLABEL = 73;
/** Asks for labels of IPv6 addresses. */
export const RTM_GETADDRLABEL = 74;
/** Asks for data centre bridging (IEEE 802.1Qaz). */
export const RTM_GETDCB = 78;
/** Changes data centre bridging. */
export const RTM_SETDCB = 79;
/** Describes settings of an interface, such as forwarding. */
export const RTM_NEWNETCONF = 80;
/** Tells that settings of an interface are gone. */
export const RTM_DELNETCONF = 81;
/** Asks for settings of an interface. */
export const RTM_GETNETCONF = 82;
/** Adds or describes an entry of a bridge's multicast database. */
export const RTM_NEWMDB = 84;
/** Removes an entry of a bridge's multicast database. */
export const RTM_DELMDB = 85;
/** Asks for a bridge's multicast database. */
export const RTM_GETMDB = 86;
/** Gives or describes a number of a network namespace. */
export const RTM_NEWNSID = 88;
/** Tells that a number of a network namespace is gone. */
export const RTM_DELNSID = 89;
/** Asks for numbers of network namespaces. */
export const RTM_GETNSID = 90;
/** Describes the statistics of a link. */
export const RTM_NEWSTATS = 92;
/** Asks for the statistics of links. */
export const RTM_GETSTATS = 94;
/** Changes which statistics are kept. */
export const RTM_SETSTATS = 95;
/** Adds or describes a next hop of routes. */
export const RTM_NEWNEXTHOP = 104;
/** Removes a next hop of routes. */
export const RTM_DELNEXTHOP = 105;
/** Asks for next hops of routes. */
export const RTM_GETNEXTHOP = 106;
/** Adds or describes properties of a link: its other names. */
export const RTM_NEWLINKPROP = 108;
/** Removes properties of a link. */
export const RTM_DELLINKPROP = 109;
/** Asks for properties of a link; not implemented. */
export const RTM_GETLINKPROP = 110;
/** Adds or describes the VLAN of a bridge port. */
export const RTM_NEWVLAN = 112;
/** Removes the VLAN of a bridge port. */
export const RTM_DELVLAN = 113;
/** Asks for the VLANs of bridge ports. */
export const RTM_GETVLAN = 114;

// Groups as bits: `groups` of a netlink address
/** Links. */
export const RTMGRP_LINK = 0x1;
/** Notifications; a number without messages of its own. */
export const RTMGRP_NOTIFY = 0x2;
/** Neighbours. */
export const RTMGRP_NEIGH = 0x4;
/** Traffic control. */
export const RTMGRP_TC = 0x8;
/** IPv4 addresses. */
export const RTMGRP_IPV4_IFADDR = 0x10;
/** IPv4 multicast routes. */
export const RTMGRP_IPV4_MROUTE = 0x20;
/** IPv4 routes. */
export const RTMGRP_IPV4_ROUTE = 0x40;
/** IPv4 routing rules. */
export const RTMGRP_IPV4_RULE = 0x80;
/** IPv6 addresses. */
export const RTMGRP_IPV6_IFADDR = 0x100;
/** IPv6 multicast routes. */
export const RTMGRP_IPV6_MROUTE = 0x200;
/** IPv6 routes. */
export const RTMGRP_IPV6_ROUTE = 0x400;
/** IPv6 settings of links. */
export const RTMGRP_IPV6_IFINFO = 0x800;
/** IPv6 prefixes that routers announced. */
export const RTMGRP_IPV6_PREFIX = 0x20000;

// Groups as numbers: NETLINK_ADD_MEMBERSHIP
/** Links. */
export const RTNLGRP_LINK = 1;
/** Notifications; a number without messages of its own. */
export const RTNLGRP_NOTIFY = 2;
/** Neighbours. */
export const RTNLGRP_NEIGH = 3;
/** Traffic control. */
export const RTNLGRP_TC = 4;
/** IPv4 addresses. */
export const RTNLGRP_IPV4_IFADDR = 5;
/** IPv4 multicast routes. */
export const RTNLGRP_IPV4_MROUTE = 6;
/** IPv4 routes. */
export const RTNLGRP_IPV4_ROUTE = 7;
/** IPv4 routing rules. */
export const RTNLGRP_IPV4_RULE = 8;
/** IPv6 addresses. */
export const RTNLGRP_IPV6_IFADDR = 9;
/** IPv6 multicast routes. */
export const RTNLGRP_IPV6_MROUTE = 10;
/** IPv6 routes. */
export const RTNLGRP_IPV6_ROUTE = 11;
/** IPv6 settings of links. */
export const RTNLGRP_IPV6_IFINFO = 12;
/** IPv6 prefixes that routers announced. */
export const RTNLGRP_IPV6_PREFIX = 18;
/** IPv6 routing rules. */
export const RTNLGRP_IPV6_RULE = 19;
/** Routers' options that are left to programs (RTM_NEWNDUSEROPT). */
export const RTNLGRP_ND_USEROPT = 20;
/** IPv4 settings of interfaces. */
export const RTNLGRP_IPV4_NETCONF = 24;
/** IPv6 settings of interfaces. */
export const RTNLGRP_IPV6_NETCONF = 25;
/** Multicast databases of bridges. */
export const RTNLGRP_MDB = 26;
/** Numbers of network namespaces. */
export const RTNLGRP_NSID = 28;
/** MPLS routes. */
export const RTNLGRP_MPLS_ROUTE = 27;
/** MPLS settings of interfaces. */
export const RTNLGRP_MPLS_NETCONF = 29;
/** Next hops of routes. */
export const RTNLGRP_NEXTHOP = 32;
/** VLANs of bridge ports. */
export const RTNLGRP_BRVLAN = 33;

// Tables of routes
/** No table in particular. */
export const RT_TABLE_UNSPEC = 0;
/** Stands in struct rtmsg for a number above 255. */
export const RT_TABLE_COMPAT = 252;
/** The table that is looked at last, usually empty. */
export const RT_TABLE_DEFAULT = 253;
/** The table of routes that are not of this machine itself. */
export const RT_TABLE_MAIN = 254;
/** The table of this machine's own and broadcast addresses. */
export const RT_TABLE_LOCAL = 255;
