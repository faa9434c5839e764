/**
 * The socket types and the flags that socket(2), socketpair(2) and accept4(2) take with them.
 */

/** A byte stream that is reliable, ordered and connected. */
export const SOCK_STREAM = 1;
/** Datagrams: unconnected, unreliable, of limited size. */
export const SOCK_DGRAM = 2;
/** The network protocol itself (raw(7)). */
export const SOCK_RAW = 3;
/** Reliable datagrams without an order. */
export const SOCK_RDM = 4;
/** A connection that keeps the boundaries of messages. */
export const SOCK_SEQPACKET = 5;
/** The datagram congestion control protocol. */
export const SOCK_DCCP = 6;
/** Obsolete form of AF_PACKET. */
export const SOCK_PACKET = 10;

// Flags
/** Close the descriptor in a program started by exec. */
export const SOCK_CLOEXEC = 0x80000;
/** Make the descriptor non-blocking. */
export const SOCK_NONBLOCK = 0x800;
