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
/** When the packet arrived, in microseconds (SO_TIMESTAMP). */
export const SCM_TIMESTAMP = 29;
/** When the packet arrived, in nanoseconds (SO_TIMESTAMPNS). */
export const SCM_TIMESTAMPNS = 35;
/** Times of arrival or of sending, by software and by hardware (SO_TIMESTAMPING). */
export const SCM_TIMESTAMPING = 37;
/** What TCP measured until then: attributes TCP_NLA_* (SOF_TIMESTAMPING_OPT_STATS). */
export const SCM_TIMESTAMPING_OPT_STATS = 54;
/** Interface and layer 2 length of the packet (SOF_TIMESTAMPING_OPT_PKTINFO). */
export const SCM_TIMESTAMPING_PKTINFO = 58;
/** When to send the packet (SO_TXTIME). */
export const SCM_TXTIME = 61;
/** Whether the wireless frame was acknowledged (SO_WIFI_STATUS). */
export const SCM_WIFI_STATUS = 41;
/** Received bytes that are not in device memory but in the buffer. */
export const SCM_DEVMEM_LINEAR = 78;
/** Where in device memory the received bytes are, and their token. */
export const SCM_DEVMEM_DMABUF = 79;
/** The identifier of the sent packet's time. */
export const SCM_TS_OPT_ID = 81;
/** How many bytes are left to receive. */
export const SCM_INQ = 84;
