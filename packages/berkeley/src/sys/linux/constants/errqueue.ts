/**
 * The error queue's extended errors: what `sock_extended_err` says (<linux/errqueue.h>, IP_RECVERR in
 * ip(7)).
 */

// Who found the error: `ee_origin`.
export const SO_EE_ORIGIN_NONE = 0;
export const SO_EE_ORIGIN_LOCAL = 1;
export const SO_EE_ORIGIN_ICMP = 2;
export const SO_EE_ORIGIN_ICMP6 = 3;
export const SO_EE_ORIGIN_TXSTATUS = 4;
export const SO_EE_ORIGIN_TIMESTAMPING = 4;
export const SO_EE_ORIGIN_ZEROCOPY = 5;
export const SO_EE_ORIGIN_TXTIME = 6;

// What it says: `ee_code`.
export const SO_EE_CODE_ZEROCOPY_COPIED = 1;
export const SO_EE_CODE_TXTIME_INVALID_PARAM = 1;
export const SO_EE_CODE_TXTIME_MISSED = 2;

// Flag of IP_RECVERR_RFC4884.
export const SO_EE_RFC4884_FLAG_INVALID = 1;
