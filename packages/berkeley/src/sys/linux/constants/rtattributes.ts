/**
 * Routing netlink from within: the attributes of links, addresses, routes and neighbours, and the numbers in them
 * (rtnetlink(7), <linux/if_link.h>, <linux/if_addr.h>, <linux/rtnetlink.h>, <linux/neighbour.h>).
 */

// Links
/** The hardware address. */
export const IFLA_ADDRESS = 1;
/** The hardware address of all. */
export const IFLA_BROADCAST = 2;
/** The name. */
export const IFLA_IFNAME = 3;
/** The longest packet. */
export const IFLA_MTU = 4;
/** The interface beneath, or the other end. */
export const IFLA_LINK = 5;
/** The queueing discipline's name. */
export const IFLA_QDISC = 6;
/** The bridge, bond or the like that it belongs to. */
export const IFLA_MASTER = 10;
/** The length of the transmit queue in packets. */
export const IFLA_TXQLEN = 13;
/** The operational state of RFC 2863. */
export const IFLA_OPERSTATE = 16;
/** What kind of device it is; attributes within. */
export const IFLA_LINKINFO = 18;
/** What the administrator calls it. */
export const IFLA_IFALIAS = 20;
/** The counters, struct rtnl_link_stats64. */
export const IFLA_STATS64 = 23;
/** The group that it is in. */
export const IFLA_GROUP = 27;
/** How many ask for promiscuous mode. */
export const IFLA_PROMISCUITY = 30;
/** How many transmit queues it has. */
export const IFLA_NUM_TX_QUEUES = 31;
/** How many receive queues it has. */
export const IFLA_NUM_RX_QUEUES = 32;
/** Whether there is a carrier. */
export const IFLA_CARRIER = 33;
/** The namespace that IFLA_LINK is an index of. */
export const IFLA_LINK_NETNSID = 37;
/** The least MTU that the device takes. */
export const IFLA_MIN_MTU = 50;
/** The largest MTU that the device takes. */
export const IFLA_MAX_MTU = 51;
/** More properties; attributes within. */
export const IFLA_PROP_LIST = 52;
/** Another name, in IFLA_PROP_LIST. */
export const IFLA_ALT_IFNAME = 53;
/** The hardware address that the device was made with. */
export const IFLA_PERM_ADDRESS = 54;
/** The kind: "veth", "bridge" …, in IFLA_LINKINFO. */
export const IFLA_INFO_KIND = 1;
/** What the kind knows, in IFLA_LINKINFO. */
export const IFLA_INFO_DATA = 2;
/** The VLAN's number, in the data of a VLAN. */
export const IFLA_VLAN_ID = 1;
/** The VLAN's Ethernet protocol, big-endian, in the data of a VLAN. */
export const IFLA_VLAN_PROTOCOL = 5;

// Addresses
/** The address, or of a point-to-point link the peer's. */
export const IFA_ADDRESS = 1;
/** The own address. */
export const IFA_LOCAL = 2;
/** The label. */
export const IFA_LABEL = 3;
/** The broadcast address. */
export const IFA_BROADCAST = 4;
/** The anycast address. */
export const IFA_ANYCAST = 5;
/** The lifetimes, struct ifa_cacheinfo. */
export const IFA_CACHEINFO = 6;
/** The flags, all 32 bits. */
export const IFA_FLAGS = 8;
/** The metric of the prefix's route. */
export const IFA_RT_PRIORITY = 9;
/** Who set the address. */
export const IFA_PROTO = 11;
/** A second address of a prefix; of IPv6, a temporary one. */
export const IFA_F_SECONDARY = 0x1;
/** Duplicates are not looked for. */
export const IFA_F_NODAD = 0x2;
/** It may be used before duplicates were looked for. */
export const IFA_F_OPTIMISTIC = 0x4;
/** Somebody else has it. */
export const IFA_F_DADFAILED = 0x8;
/** A home address of mobile IPv6. */
export const IFA_F_HOMEADDRESS = 0x10;
/** Its preferred lifetime is over. */
export const IFA_F_DEPRECATED = 0x20;
/** Duplicates are being looked for. */
export const IFA_F_TENTATIVE = 0x40;
/** It has no end. */
export const IFA_F_PERMANENT = 0x80;
/** Temporary addresses are made from it. */
export const IFA_F_MANAGETEMPADDR = 0x100;
/** No route was made for its prefix. */
export const IFA_F_NOPREFIXROUTE = 0x200;
/** Its multicast group was joined. */
export const IFA_F_MCAUTOJOIN = 0x400;
/** Made by RFC 7217. */
export const IFA_F_STABLE_PRIVACY = 0x800;

// Routes
/** The destination. */
export const RTA_DST = 1;
/** The source that it is for. */
export const RTA_SRC = 2;
/** The interface that packets come from. */
export const RTA_IIF = 3;
/** The interface that packets leave by. */
export const RTA_OIF = 4;
/** The next router. */
export const RTA_GATEWAY = 5;
/** The metric. */
export const RTA_PRIORITY = 6;
/** The source address to prefer. */
export const RTA_PREFSRC = 7;
/** Settings; attributes within. */
export const RTA_METRICS = 8;
/** Several next hops, struct rtnexthop each. */
export const RTA_MULTIPATH = 9;
/** What a cached route knows, struct rta_cacheinfo. */
export const RTA_CACHEINFO = 12;
/** The table, all 32 bits. */
export const RTA_TABLE = 15;
/** The firewall mark. */
export const RTA_MARK = 16;
/** The next router, of another family. */
export const RTA_VIA = 18;
/** The preference of RFC 4191. */
export const RTA_PREF = 20;
/** The user whose packets are asked for. */
export const RTA_UID = 25;
/** The protocol that is asked for. */
export const RTA_IP_PROTO = 27;
/** The source port that is asked for, big-endian. */
export const RTA_SPORT = 28;
/** The destination port that is asked for, big-endian. */
export const RTA_DPORT = 29;
/** The next hop object. */
export const RTA_NH_ID = 30;
/** The path MTU, in RTA_METRICS. */
export const RTAX_MTU = 2;
/** The segment size to announce, in RTA_METRICS. */
export const RTAX_ADVMSS = 8;
/** The hop limit, in RTA_METRICS. */
export const RTAX_HOPLIMIT = 10;
/** The route is a cached copy. */
export const RTM_F_CLONED = 0x200;
/** Asks for the table that the route was found in. */
export const RTM_F_LOOKUP_TABLE = 0x1000;
/** Asks for the entry of the table. */
export const RTM_F_FIB_MATCH = 0x2000;
/** To a router or a neighbour. */
export const RTN_UNICAST = 1;
/** To this machine. */
export const RTN_LOCAL = 2;
/** To all of a link. */
export const RTN_BROADCAST = 3;
/** To this machine as one of several. */
export const RTN_ANYCAST = 4;
/** To a group. */
export const RTN_MULTICAST = 5;
/** Dropped without a word. */
export const RTN_BLACKHOLE = 6;
/** Refused: host unreachable. */
export const RTN_UNREACHABLE = 7;
/** Refused: administratively prohibited. */
export const RTN_PROHIBIT = 8;
/** To be looked for in the next table. */
export const RTN_THROW = 9;
/** To be translated. */
export const RTN_NAT = 10;
/** To be resolved from outside. */
export const RTN_XRESOLVE = 11;
/** The next hop is gone. */
export const RTNH_F_DEAD = 0x1;
/** The gateway is looked up in turn. */
export const RTNH_F_PERVASIVE = 0x2;
/** The gateway is said to be on the link. */
export const RTNH_F_ONLINK = 0x4;
/** The hardware forwards. */
export const RTNH_F_OFFLOAD = 0x8;
/** The link has no carrier. */
export const RTNH_F_LINKDOWN = 0x10;
/** Not resolved yet. */
export const RTNH_F_UNRESOLVED = 0x20;
/** The hardware hands packets up. */
export const RTNH_F_TRAP = 0x40;

// Neighbours
/** The neighbour's address. */
export const NDA_DST = 1;
/** The neighbour's hardware address. */
export const NDA_LLADDR = 2;
/** When it was used, confirmed and updated, struct nda_cacheinfo. */
export const NDA_CACHEINFO = 3;
/** How many probes went unanswered. */
export const NDA_PROBES = 4;
/** The interface to ask for. */
export const NDA_IFINDEX = 8;
/** More flags. */
export const NDA_FLAGS_EXT = 15;
/** Nothing is known. */
export const NUD_NONE = 0;
/** It is being asked for the first time. */
export const NUD_INCOMPLETE = 0x1;
/** It answered a short while ago. */
export const NUD_REACHABLE = 0x2;
/** It answered some time ago. */
export const NUD_STALE = 0x4;
/** It is stale, was used, and may still confirm by itself. */
export const NUD_DELAY = 0x8;
/** It is being asked again. */
export const NUD_PROBE = 0x10;
/** It does not answer. */
export const NUD_FAILED = 0x20;
/** Nobody has to be asked. */
export const NUD_NOARP = 0x40;
/** An administrator set it. */
export const NUD_PERMANENT = 0x80;
/** Used by a program. */
export const NTF_USE = 0x1;
/** An entry of the device itself. */
export const NTF_SELF = 0x2;
/** An entry of the device's master. */
export const NTF_MASTER = 0x4;
/** Answered for by this machine. */
export const NTF_PROXY = 0x8;
/** Learned by a control plane. */
export const NTF_EXT_LEARNED = 0x10;
/** The hardware forwards. */
export const NTF_OFFLOADED = 0x20;
/** It does not move. */
export const NTF_STICKY = 0x40;
/** It is a router. */
export const NTF_ROUTER = 0x80;
