/**
 * The multicast options that serve IPv4 and IPv6 alike (RFC 3678, <linux/in.h>), at level IPPROTO_IP or
 * IPPROTO_IPV6.
 */

export const MCAST_JOIN_GROUP = 42;
export const MCAST_BLOCK_SOURCE = 43;
export const MCAST_UNBLOCK_SOURCE = 44;
export const MCAST_LEAVE_GROUP = 45;
export const MCAST_JOIN_SOURCE_GROUP = 46;
export const MCAST_LEAVE_SOURCE_GROUP = 47;
export const MCAST_MSFILTER = 48;

// Filter modes
export const MCAST_EXCLUDE = 0;
export const MCAST_INCLUDE = 1;
