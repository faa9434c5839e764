/**
 * IPv4 addresses and port ranges of the C library (<netinet/in.h>), as numbers: the first byte of the
 * address is the highest. As in Python's socket module.
 */

/** 0.0.0.0: every address of this machine, for bind. */
export const INADDR_ANY = 0;
/** 255.255.255.255: every host on the local network. */
export const INADDR_BROADCAST = 0xffffffff;
/** 255.255.255.255 as the error value of inet_addr(3). */
export const INADDR_NONE = 0xffffffff;
/** 192.0.0.8: the source of ICMP errors of a host without an address (RFC 7600). */
export const INADDR_DUMMY = 0xc0000008;
/** 127.0.0.1: this machine. */
export const INADDR_LOOPBACK = 0x7f000001;
/** 224.0.0.0: the first multicast address. */
export const INADDR_UNSPEC_GROUP = 0xe0000000;
/** 224.0.0.1: every host on the local network. */
export const INADDR_ALLHOSTS_GROUP = 0xe0000001;
/** 224.0.0.2: every router on the local network. */
export const INADDR_ALLRTRS_GROUP = 0xe0000002;
/** 224.0.0.106: every multicast snooper on the local network (RFC 4286). */
export const INADDR_ALLSNOOPERS_GROUP = 0xe000006a;
/** 224.0.0.255: the last group that routers do not pass on. */
export const INADDR_MAX_LOCAL_GROUP = 0xe00000ff;

// Ports
/** Ports below need CAP_NET_BIND_SERVICE. */
export const IPPORT_RESERVED = 1024;
/** Where 4.2BSD's automatic ports ended. */
export const IPPORT_USERRESERVED = 5000;
