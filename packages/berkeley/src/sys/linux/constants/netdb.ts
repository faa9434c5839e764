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
/** A flag is invalid. */
export const EAI_BADFLAGS = -1;
/** The host or the service is not known, or neither was given. */
export const EAI_NONAME = -2;
/** The name server failed for now; try again later. */
export const EAI_AGAIN = -3;
/** The name server failed for good. */
export const EAI_FAIL = -4;
/** The host exists but has no address. */
export const EAI_NODATA = -5;
/** The address family is not supported. */
export const EAI_FAMILY = -6;
/** The socket type is not supported. */
export const EAI_SOCKTYPE = -7;
/** The service is not there for this socket type. */
export const EAI_SERVICE = -8;
/** The host has no address of this family. */
export const EAI_ADDRFAMILY = -9;
/** Out of memory. */
export const EAI_MEMORY = -10;
/** Another error: errno says which. */
export const EAI_SYSTEM = -11;
/** A buffer is too small for the result. */
export const EAI_OVERFLOW = -12;
/** getaddrinfo_a(3): the request is not done yet. */
export const EAI_INPROGRESS = -100;
/** getaddrinfo_a(3): the request was cancelled. */
export const EAI_CANCELED = -101;
/** gai_cancel(3): the request was not cancelled. */
export const EAI_NOTCANCELED = -102;
/** gai_cancel(3), gai_suspend(3): all requests are done. */
export const EAI_ALLDONE = -103;
/** gai_suspend(3): a signal interrupted it. */
export const EAI_INTR = -104;
/** An international name could not be encoded or decoded. */
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
/** The longest host name, with its terminating NUL. */
export const NI_MAXHOST = 1025;
/** The longest service name, with its terminating NUL. */
export const NI_MAXSERV = 32;
