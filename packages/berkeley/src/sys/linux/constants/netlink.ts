/**
 * Netlink: the protocols, options and message fields (netlink(7), <linux/netlink.h>).
 */

// Protocols: the third argument of socket(2)
/** Links, addresses, routes, neighbours (rtnetlink(7)). */
export const NETLINK_ROUTE = 0;
/** No protocol. */
export const NETLINK_UNUSED = 1;
/** Between programs. */
export const NETLINK_USERSOCK = 2;
/** No longer used: packets for the program to judge (ip_queue). */
export const NETLINK_FIREWALL = 3;
/** Facts about sockets (sock_diag(7)). */
export const NETLINK_SOCK_DIAG = 4;
/** The old name of NETLINK_SOCK_DIAG. */
export const NETLINK_INET_DIAG = 4;
/** Netfilter's log (ULOG); removed. */
export const NETLINK_NFLOG = 5;
/** IPsec: policies and associations. */
export const NETLINK_XFRM = 6;
/** Events of SELinux. */
export const NETLINK_SELINUX = 7;
/** Open-iSCSI. */
export const NETLINK_ISCSI = 8;
/** The audit system. */
export const NETLINK_AUDIT = 9;
/** Look-ups in the routing tables. */
export const NETLINK_FIB_LOOKUP = 10;
/** The kernel's connector, with the events of processes. */
export const NETLINK_CONNECTOR = 11;
/** Netfilter: nftables, connection tracking, queues, logs. */
export const NETLINK_NETFILTER = 12;
/** No longer used: IPv6 packets for the program to judge. */
export const NETLINK_IP6_FW = 13;
/** DECnet routing messages; removed. */
export const NETLINK_DNRTMSG = 14;
/** Devices that come and go. */
export const NETLINK_KOBJECT_UEVENT = 15;
/** Generic netlink: further protocols by name. */
export const NETLINK_GENERIC = 16;
/** Events of SCSI transports. */
export const NETLINK_SCSITRANSPORT = 18;
/** The eCryptfs file system. */
export const NETLINK_ECRYPTFS = 19;
/** Remote direct memory access (InfiniBand). */
export const NETLINK_RDMA = 20;
/** The kernel's cryptographic algorithms. */
export const NETLINK_CRYPTO = 21;
/** Facts about SMC sockets. */
export const NETLINK_SMC = 22;

// Options at level SOL_NETLINK
/** Joins a group, by number. */
export const NETLINK_ADD_MEMBERSHIP = 1;
/** Leaves a group. */
export const NETLINK_DROP_MEMBERSHIP = 2;
/** Receives the group of each message. */
export const NETLINK_PKTINFO = 3;
/** A multicast that could not reach every listener fails for the sender. */
export const NETLINK_BROADCAST_ERROR = 4;
/** No ENOBUFS when messages were lost. */
export const NETLINK_NO_ENOBUFS = 5;
/** A ring of messages received; removed in Linux 4.6. */
export const NETLINK_RX_RING = 6;
/** A ring of messages to send; removed in Linux 4.6. */
export const NETLINK_TX_RING = 7;
/** Receives from every network namespace that has a number in this one. */
export const NETLINK_LISTEN_ALL_NSID = 8;
/** The groups joined, a bit each. Read only. */
export const NETLINK_LIST_MEMBERSHIPS = 9;
/** Acknowledgements leave out the request. */
export const NETLINK_CAP_ACK = 10;
/** Acknowledgements say what was wrong, in words. */
export const NETLINK_EXT_ACK = 11;
/** Checks requests for data strictly. */
export const NETLINK_GET_STRICT_CHK = 12;

// Flags of a message
/** It is a request. */
export const NLM_F_REQUEST = 0x1;
/** It is one of several, which NLMSG_DONE ends. */
export const NLM_F_MULTI = 0x2;
/** Asks for an acknowledgement. */
export const NLM_F_ACK = 0x4;
/** Asks to receive the notification that the request causes. */
export const NLM_F_ECHO = 0x8;
/** The data changed while it was listed. */
export const NLM_F_DUMP_INTR = 0x10;
/** The data was filtered as asked. */
export const NLM_F_DUMP_FILTERED = 0x20;

// Flags of a request for data
/** Asks for the whole table. */
export const NLM_F_ROOT = 0x100;
/** Asks for all that match. */
export const NLM_F_MATCH = 0x200;
/** Asks for a snapshot of the table; needs CAP_NET_ADMIN. */
export const NLM_F_ATOMIC = 0x400;
/** Asks for everything: NLM_F_ROOT and NLM_F_MATCH. */
export const NLM_F_DUMP = 0x300;

// Flags of a request for a new thing
/** Replaces what is there. */
export const NLM_F_REPLACE = 0x100;
/** Fails if it is there already. */
export const NLM_F_EXCL = 0x200;
/** Makes it if it is not there. */
export const NLM_F_CREATE = 0x400;
/** Adds it at the end of the list. */
export const NLM_F_APPEND = 0x800;

// Flags of a deletion
/** Does not delete what is within. */
export const NLM_F_NONREC = 0x100;
/** Deletes all that match. */
export const NLM_F_BULK = 0x200;

// Flags of an acknowledgement
/** The acknowledgement leaves out the request's data. */
export const NLM_F_CAPPED = 0x100;
/** Attributes follow (NLMSGERR_ATTR_*). */
export const NLM_F_ACK_TLVS = 0x200;

// Message types of every protocol
/** Nothing; to be ignored. */
export const NLMSG_NOOP = 1;
/** An error, or an acknowledgement where the error is 0. */
export const NLMSG_ERROR = 2;
/** The end of several messages. */
export const NLMSG_DONE = 3;
/** Data was lost. */
export const NLMSG_OVERRUN = 4;
/** The first type that a protocol may define; those below are for control. */
export const NLMSG_MIN_TYPE = 16;

// Attributes of an extended acknowledgement
/** No attribute. */
export const NLMSGERR_ATTR_UNUSED = 0;
/** What was wrong, in words. */
export const NLMSGERR_ATTR_MSG = 1;
/** Where in the request the wrong attribute is, in bytes. */
export const NLMSGERR_ATTR_OFFS = 2;
/** On success: the protocol's cookie, which identifies what was made. */
export const NLMSGERR_ATTR_COOKIE = 3;
/** What the attribute must be. */
export const NLMSGERR_ATTR_POLICY = 4;
/** The type of an attribute that is missing. */
export const NLMSGERR_ATTR_MISS_TYPE = 5;
/** Where in the request the attribute is missing, in bytes. */
export const NLMSGERR_ATTR_MISS_NEST = 6;

// Lengths and alignment
/** Messages begin at multiples of so many bytes. */
export const NLMSG_ALIGNTO = 4;
/** Bytes of a message's header. */
export const NLMSG_HDRLEN = 16;
/** Attributes begin at multiples of so many bytes. */
export const NLA_ALIGNTO = 4;
/** Bytes of an attribute's header. */
export const NLA_HDRLEN = 4;

// Flags in the type of an attribute
/** Its value is attributes. */
export const NLA_F_NESTED = 0x8000;
/** Its value is in network byte order. */
export const NLA_F_NET_BYTEORDER = 0x4000;
