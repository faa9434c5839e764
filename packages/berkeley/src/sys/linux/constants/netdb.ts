/**
 * Flags and errors of getaddrinfo(3) and getnameinfo(3) (<netdb.h> of the GNU C library).
 */

// Flags of getaddrinfo
/** An address to bind to. */
export const AI_PASSIVE = 1;
/** Asks for the canonical name. */
export const AI_CANONNAME = 2;
/** The host is a number; no look-up. */
export const AI_NUMERICHOST = 4;
/** Gives IPv4 addresses mapped into IPv6 where there are no others. */
export const AI_V4MAPPED = 8;
/** With AI_V4MAPPED: gives both kinds. */
export const AI_ALL = 16;
/** Only families that this machine has an address of. */
export const AI_ADDRCONFIG = 32;
/** Encodes an international name. */
export const AI_IDN = 64;
/** Decodes the canonical name. */
export const AI_CANONIDN = 128;
/** The service is a number; no look-up. */
export const AI_NUMERICSERV = 1024;

// Errors of both
export const EAI_BADFLAGS = -1;
export const EAI_NONAME = -2;
export const EAI_AGAIN = -3;
export const EAI_FAIL = -4;
export const EAI_NODATA = -5;
export const EAI_FAMILY = -6;
export const EAI_SOCKTYPE = -7;
export const EAI_SERVICE = -8;
export const EAI_ADDRFAMILY = -9;
export const EAI_MEMORY = -10;
export const EAI_SYSTEM = -11;
export const EAI_OVERFLOW = -12;
export const EAI_INPROGRESS = -100;
export const EAI_CANCELED = -101;
export const EAI_NOTCANCELED = -102;
export const EAI_ALLDONE = -103;
export const EAI_INTR = -104;
export const EAI_IDN_ENCODE = -105;

// Flags of getnameinfo
/** Gives the host as a number. */
export const NI_NUMERICHOST = 1;
/** Gives the service as a number. */
export const NI_NUMERICSERV = 2;
/** Gives a local host's name without its domain. */
export const NI_NOFQDN = 4;
/** Fails where there is no name. */
export const NI_NAMEREQD = 8;
/** The service is of UDP. */
export const NI_DGRAM = 16;
/** Decodes an international name. */
export const NI_IDN = 32;

// Lengths in bytes
export const NI_MAXHOST = 1025;
export const NI_MAXSERV = 32;
