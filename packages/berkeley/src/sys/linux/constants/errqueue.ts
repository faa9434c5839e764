/**
 * The error queue's extended errors: what `sock_extended_err` says (<linux/errqueue.h>, IP_RECVERR in
 * ip(7)).
 */

// Who found the error: `ee_origin`.
/** Nobody in particular. */
export const SO_EE_ORIGIN_NONE = 0;
/** This machine. */
export const SO_EE_ORIGIN_LOCAL = 1;
/** An ICMP message. */
export const SO_EE_ORIGIN_ICMP = 2;
/** An ICMPv6 message. */
export const SO_EE_ORIGIN_ICMP6 = 3;
/** The status of a sent packet: wireless, or its time. */
export const SO_EE_ORIGIN_TXSTATUS = 4;
/** The time of a sent packet; the number of SO_EE_ORIGIN_TXSTATUS. */
export const SO_EE_ORIGIN_TIMESTAMPING = 4;
/** MSG_ZEROCOPY: the memory may be used again. */
export const SO_EE_ORIGIN_ZEROCOPY = 5;
/** SO_TXTIME: the packet was dropped. */
export const SO_EE_ORIGIN_TXTIME = 6;

// What it says: `ee_code`.
/** The kernel copied the data after all. */
export const SO_EE_CODE_ZEROCOPY_COPIED = 1;
/** The time to send at was invalid. */
export const SO_EE_CODE_TXTIME_INVALID_PARAM = 1;
/** The time to send at has passed. */
export const SO_EE_CODE_TXTIME_MISSED = 2;

// Flag of IP_RECVERR_RFC4884.
/** The ICMP extension is malformed, or its checksum wrong. */
export const SO_EE_RFC4884_FLAG_INVALID = 1;
