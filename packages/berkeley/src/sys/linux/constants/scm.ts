/**
 * The types of ancillary messages at level SOL_SOCKET (cmsg(3), unix(7), socket(7)).
 */

// Unix sockets
/** File descriptors. */
export const SCM_RIGHTS = 1;
/** Process, user and group of the sender. */
export const SCM_CREDENTIALS = 2;
/** Security context of the sender. */
export const SCM_SECURITY = 3;
/** A descriptor of the sender's process. */
export const SCM_PIDFD = 4;

// Times and other facts about a packet; each has the number of the option that turns it on.
export const SCM_TIMESTAMP = 29;
export const SCM_TIMESTAMPNS = 35;
export const SCM_TIMESTAMPING = 37;
export const SCM_TIMESTAMPING_OPT_STATS = 54;
export const SCM_TIMESTAMPING_PKTINFO = 58;
/** When to send the packet (SO_TXTIME). */
export const SCM_TXTIME = 61;
export const SCM_WIFI_STATUS = 41;
export const SCM_DEVMEM_LINEAR = 78;
export const SCM_DEVMEM_DMABUF = 79;
/** The identifier of the sent packet's time. */
export const SCM_TS_OPT_ID = 81;
/** How many bytes are left to receive. */
export const SCM_INQ = 84;
