/**
 * The flags of send(2), recv(2) and their relatives (MSG_*), sorted by value.
 */

/** Urgent data. */
export const MSG_OOB = 0x1;
/** Leaves what is received in the queue. */
export const MSG_PEEK = 0x2;
/** Sends to directly connected hosts only. */
export const MSG_DONTROUTE = 0x4;
/** Result: ancillary data was cut off. */
export const MSG_CTRUNC = 0x8;
/** Not used by any protocol. */
export const MSG_PROXY = 0x10;
/** Asks for the true length of a datagram; as a result: the datagram was cut off. */
export const MSG_TRUNC = 0x20;
/** Does not wait in this one call. */
export const MSG_DONTWAIT = 0x40;
/** The end of a record. */
export const MSG_EOR = 0x80;
/** Waits until everything asked for is there. */
export const MSG_WAITALL = 0x100;
/** Named by the header; no protocol takes it but SCTP, as SCTP_EOF. */
export const MSG_FIN = 0x200;
/** Named by the header; no protocol takes it. */
export const MSG_SYN = 0x400;
/** Tells that the peer has answered, so no ARP probe is needed. */
export const MSG_CONFIRM = 0x800;
/** Named by the header; no protocol takes it. */
export const MSG_RST = 0x1000;
/** Receives from the error queue. */
export const MSG_ERRQUEUE = 0x2000;
/** No SIGPIPE. */
export const MSG_NOSIGNAL = 0x4000;
/** More will follow; do not send a partial packet yet. */
export const MSG_MORE = 0x8000;
/** recvmmsg(2) waits only for the first message. */
export const MSG_WAITFORONE = 0x10000;
/** More messages follow in sendmmsg(2). */
export const MSG_BATCH = 0x40000;
/** Receives into device memory. */
export const MSG_SOCK_DEVMEM = 0x2000000;
/** Sends from the program's memory without a copy (SO_ZEROCOPY). */
export const MSG_ZEROCOPY = 0x4000000;
/** Sends data in the SYN (TCP_FASTOPEN). */
export const MSG_FASTOPEN = 0x20000000;
/** Descriptors received by SCM_RIGHTS are closed on exec. */
export const MSG_CMSG_CLOEXEC = 0x40000000;
