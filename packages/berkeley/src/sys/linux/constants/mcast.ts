/**
 * The multicast options that serve IPv4 and IPv6 alike (RFC 3678, <linux/in.h>), at level IPPROTO_IP or
 * IPPROTO_IPV6.
 */

/** Joins a group (struct group_req). */
export const MCAST_JOIN_GROUP = 42;
/** No longer receives from a sender to a group (struct group_source_req). */
export const MCAST_BLOCK_SOURCE = 43;
/** Takes MCAST_BLOCK_SOURCE back. */
export const MCAST_UNBLOCK_SOURCE = 44;
/** Leaves a group. */
export const MCAST_LEAVE_GROUP = 45;
/** Receives from one sender to a group. */
export const MCAST_JOIN_SOURCE_GROUP = 46;
/** Takes MCAST_JOIN_SOURCE_GROUP back. */
export const MCAST_LEAVE_SOURCE_GROUP = 47;
/** The senders to a group that are received or not (struct group_filter). */
export const MCAST_MSFILTER = 48;

// Filter modes
/** All senders but those listed. */
export const MCAST_EXCLUDE = 0;
/** The senders listed only. */
export const MCAST_INCLUDE = 1;
