/**
 * Netlink: the protocols, options and message fields (netlink(7), <linux/netlink.h>).
 */

// Protocols: the third argument of socket(2)
/** Links, addresses, routes, neighbours (rtnetlink(7)). */
export const NETLINK_ROUTE = 0;
export const NETLINK_UNUSED = 1;
/** Between programs. */
export const NETLINK_USERSOCK = 2;
export const NETLINK_FIREWALL = 3;
/** Facts about sockets (sock_diag(7)). */
export const NETLINK_SOCK_DIAG = 4;
export const NETLINK_INET_DIAG = 4;
export const NETLINK_NFLOG = 5;
export const NETLINK_XFRM = 6;
export const NETLINK_SELINUX = 7;
export const NETLINK_ISCSI = 8;
export const NETLINK_AUDIT = 9;
export const NETLINK_FIB_LOOKUP = 10;
export const NETLINK_CONNECTOR = 11;
export const NETLINK_NETFILTER = 12;
export const NETLINK_IP6_FW = 13;
export const NETLINK_DNRTMSG = 14;
/** Devices that come and go. */
export const NETLINK_KOBJECT_UEVENT = 15;
/** Generic netlink: further protocols by name. */
export const NETLINK_GENERIC = 16;
export const NETLINK_SCSITRANSPORT = 18;
export const NETLINK_ECRYPTFS = 19;
export const NETLINK_RDMA = 20;
export const NETLINK_CRYPTO = 21;
export const NETLINK_SMC = 22;

// Options at level SOL_NETLINK
/** Joins a group, by number. */
export const NETLINK_ADD_MEMBERSHIP = 1;
/** Leaves a group. */
export const NETLINK_DROP_MEMBERSHIP = 2;
/** Receives the group of each message. */
export const NETLINK_PKTINFO = 3;
export const NETLINK_BROADCAST_ERROR = 4;
/** No ENOBUFS when messages were lost. */
export const NETLINK_NO_ENOBUFS = 5;
export const NETLINK_RX_RING = 6;
export const NETLINK_TX_RING = 7;
export const NETLINK_LISTEN_ALL_NSID = 8;
export const NETLINK_LIST_MEMBERSHIPS = 9;
/** Acknowledgements leave out the request. */
export const NETLINK_CAP_ACK = 10;
/** Acknowledgements say what was wrong, in words. */
export const NETLINK_EXT_ACK = 11;
/** Checks requests for data strictly. */
export const NETLINK_GET_STRICT_CHK = 12;

// Flags of a message
export const NLM_F_REQUEST = 0x1;
export const NLM_F_MULTI = 0x2;
export const NLM_F_ACK = 0x4;
export const NLM_F_ECHO = 0x8;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP_FILTERED = 0x20;

// Flags of a request for data
export const NLM_F_ROOT = 0x100;
export const NLM_F_MATCH = 0x200;
export const NLM_F_ATOMIC = 0x400;
export const NLM_F_DUMP = 0x300;

// Flags of a request for a new thing
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_APPEND = 0x800;

// Flags of a deletion
export const NLM_F_NONREC = 0x100;
export const NLM_F_BULK = 0x200;

// Flags of an acknowledgement
export const NLM_F_CAPPED = 0x100;
export const NLM_F_ACK_TLVS = 0x200;

// Message types of every protocol
export const NLMSG_NOOP = 1;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLMSG_OVERRUN = 4;
export const NLMSG_MIN_TYPE = 16;

// Attributes of an extended acknowledgement
export const NLMSGERR_ATTR_UNUSED = 0;
export const NLMSGERR_ATTR_MSG = 1;
export const NLMSGERR_ATTR_OFFS = 2;
export const NLMSGERR_ATTR_COOKIE = 3;
export const NLMSGERR_ATTR_POLICY = 4;
export const NLMSGERR_ATTR_MISS_TYPE = 5;
export const NLMSGERR_ATTR_MISS_NEST = 6;

// Lengths and alignment
export const NLMSG_ALIGNTO = 4;
export const NLMSG_HDRLEN = 16;
export const NLA_ALIGNTO = 4;
export const NLA_HDRLEN = 4;

// Flags in the type of an attribute
export const NLA_F_NESTED = 0x8000;
export const NLA_F_NET_BYTEORDER = 0x4000;
