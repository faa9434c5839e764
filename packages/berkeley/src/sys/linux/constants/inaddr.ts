/**
 * IPv4 addresses and port ranges of the C library (<netinet/in.h>), as numbers: the first byte of the
 * address is the highest. As in Python's socket module.
 */

export const INADDR_ANY = 0;
export const INADDR_BROADCAST = 0xffffffff;
export const INADDR_NONE = 0xffffffff;
export const INADDR_DUMMY = 0xc0000008;
export const INADDR_LOOPBACK = 0x7f000001;
export const INADDR_UNSPEC_GROUP = 0xe0000000;
export const INADDR_ALLHOSTS_GROUP = 0xe0000001;
export const INADDR_ALLRTRS_GROUP = 0xe0000002;
export const INADDR_ALLSNOOPERS_GROUP = 0xe000006a;
export const INADDR_MAX_LOCAL_GROUP = 0xe00000ff;

// Ports
/** Ports below need CAP_NET_BIND_SERVICE. */
export const IPPORT_RESERVED = 1024;
/** Where 4.2BSD's automatic ports ended. */
export const IPPORT_USERRESERVED = 5000;
