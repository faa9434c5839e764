/**
 * The options of every socket, at level SOL_SOCKET (socket(7), <asm-generic/socket.h>), sorted by name. A
 * name with `_OLD` or `_NEW` fixes the size of its time values: on 64-bit platforms both have 64 bits, and
 * the name without is the old one.
 */

// Hardly any use of these options does without their level.
export { SOL_SOCKET } from "./levels.js";

/** Whether the socket listens. Read only. */
export const SO_ACCEPTCONN = 30;
/** Filters what is received by a loaded eBPF program. */
export const SO_ATTACH_BPF = 50;
/** Filters what is received by a classic BPF program. */
export const SO_ATTACH_FILTER = 26;
/** A classic BPF program chooses the socket within a SO_REUSEPORT group. */
export const SO_ATTACH_REUSEPORT_CBPF = 51;
/** An eBPF program chooses the socket within a SO_REUSEPORT group. */
export const SO_ATTACH_REUSEPORT_EBPF = 52;
/** Uses only this device, by name. */
export const SO_BINDTODEVICE = 25;
/** Uses only this device, by index. */
export const SO_BINDTOIFINDEX = 62;
/** Which BPF extensions the kernel has. Read only. */
export const SO_BPF_EXTENSIONS = 48;
/** Allows sending to broadcast addresses. */
export const SO_BROADCAST = 6;
/** Obsolete. */
export const SO_BSDCOMPAT = 14;
/** Which buffer sizes the kernel may no longer tune (SOCK_*BUF_LOCK). */
export const SO_BUF_LOCK = 72;
/** Microseconds to poll the device when nothing has arrived. */
export const SO_BUSY_POLL = 46;
/** The most packets of one busy poll. */
export const SO_BUSY_POLL_BUDGET = 70;
/** Tells the kernel that the path is bad (1). */
export const SO_CNX_ADVICE = 53;
/** The socket's unique number. Read only. */
export const SO_COOKIE = 57;
/** Enables debugging in the protocol. */
export const SO_DEBUG = 1;
/** Removes the filter. */
export const SO_DETACH_BPF = 27;
/** Removes the filter. */
export const SO_DETACH_FILTER = 27;
/** Removes the program of a SO_REUSEPORT group. */
export const SO_DETACH_REUSEPORT_BPF = 68;
/** Ancillary data of device memory. */
export const SO_DEVMEM_DMABUF = 79;
/** Gives back tokens of device memory. */
export const SO_DEVMEM_DONTNEED = 80;
/** Ancillary data of device memory. */
export const SO_DEVMEM_LINEAR = 78;
/** The socket's family. Read only. */
export const SO_DOMAIN = 39;
/** Sends to hosts on directly connected networks only. */
export const SO_DONTROUTE = 5;
/** The pending error, which reading clears. */
export const SO_ERROR = 4;
/** The attached classic BPF program. Read only. */
export const SO_GET_FILTER = 26;
/** The CPU that handles what arrives. */
export const SO_INCOMING_CPU = 49;
/** The receive queue of the last packet. Read only. */
export const SO_INCOMING_NAPI_ID = 56;
/** Reports in an ancillary message how much is left to receive (Unix streams). */
export const SO_INQ = 84;
/** Probes an idle connection. */
export const SO_KEEPALIVE = 9;
/** Whether, and how many seconds, close(2) waits for unsent data. */
export const SO_LINGER = 13;
/** Forbids any change to the filter. */
export const SO_LOCK_FILTER = 44;
/** The mark of the packets sent, for routing and filtering. */
export const SO_MARK = 36;
/** The highest rate of sending, in bytes a second. */
export const SO_MAX_PACING_RATE = 47;
/** How much memory the socket uses. Read only. */
export const SO_MEMINFO = 55;
/** The unique number of the socket's network namespace. Read only. */
export const SO_NETNS_COOKIE = 71;
/** The program writes the frame check sequence (packet sockets). */
export const SO_NOFCS = 43;
/** Sends UDP without a checksum. */
export const SO_NO_CHECK = 11;
/** Leaves urgent data in the stream. */
export const SO_OOBINLINE = 10;
/** Receives SCM_CREDENTIALS. */
export const SO_PASSCRED = 16;
/** Receives SCM_PIDFD. */
export const SO_PASSPIDFD = 76;
/** Receives SCM_RIGHTS; it is on until it is turned off. */
export const SO_PASSRIGHTS = 83;
/** Receives SCM_SECURITY. */
export const SO_PASSSEC = 34;
/** Where the next MSG_PEEK begins; -1 turns it off. */
export const SO_PEEK_OFF = 42;
/** The process, user and group of the peer (unix(7)). Read only. */
export const SO_PEERCRED = 17;
/** The supplementary groups of the peer. Read only. */
export const SO_PEERGROUPS = 59;
/** The address of the peer; getpeername(2) is the better way. */
export const SO_PEERNAME = 28;
/** A descriptor of the peer's process. Read only. */
export const SO_PEERPIDFD = 77;
/** The security context of the peer. Read only. */
export const SO_PEERSEC = 31;
/** Prefers busy polling to interrupts. */
export const SO_PREFER_BUSY_POLL = 69;
/** The queueing priority of the packets sent. */
export const SO_PRIORITY = 12;
/** The socket's protocol. Read only. */
export const SO_PROTOCOL = 38;
/** The size of the receive buffer in bytes; the kernel doubles what is set. */
export const SO_RCVBUF = 8;
/** SO_RCVBUF beyond net.core.rmem_max, with CAP_NET_ADMIN. */
export const SO_RCVBUFFORCE = 33;
/** How many bytes make the socket readable. */
export const SO_RCVLOWAT = 18;
/** Receives the mark of each packet. */
export const SO_RCVMARK = 75;
/** Receives the priority of each packet. */
export const SO_RCVPRIORITY = 82;
/** How long receiving may block. */
export const SO_RCVTIMEO = 20;
/** SO_RCVTIMEO with times of 64 bits. */
export const SO_RCVTIMEO_NEW = 66;
/** SO_RCVTIMEO with the platform's old times. */
export const SO_RCVTIMEO_OLD = 20;
/** How many bytes of memory to reserve. */
export const SO_RESERVE_MEM = 73;
/** Allows binding to an address whose connections are in TIME_WAIT. */
export const SO_REUSEADDR = 2;
/** Allows several sockets of one user to share an address. */
export const SO_REUSEPORT = 15;
/** Receives the count of packets dropped. */
export const SO_RXQ_OVFL = 40;
/** Named by the header; the kernel has no such option. */
export const SO_SECURITY_AUTHENTICATION = 22;
/** Named by the header; the kernel has no such option. */
export const SO_SECURITY_ENCRYPTION_NETWORK = 24;
/** Named by the header; the kernel has no such option. */
export const SO_SECURITY_ENCRYPTION_TRANSPORT = 23;
/** Obsolete: whether an error queue that is not empty sets POLLPRI. */
export const SO_SELECT_ERR_QUEUE = 45;
/** The size of the send buffer in bytes; the kernel doubles what is set. */
export const SO_SNDBUF = 7;
/** SO_SNDBUF beyond net.core.wmem_max, with CAP_NET_ADMIN. */
export const SO_SNDBUFFORCE = 32;
/** Always 1 on Linux. Read only. */
export const SO_SNDLOWAT = 19;
/** How long sending may block. */
export const SO_SNDTIMEO = 21;
/** SO_SNDTIMEO with times of 64 bits. */
export const SO_SNDTIMEO_NEW = 67;
/** SO_SNDTIMEO with the platform's old times. */
export const SO_SNDTIMEO_OLD = 21;
/** Receives the time of each packet, in microseconds. */
export const SO_TIMESTAMP = 29;
/** Receives times of software and hardware, of sending too (SOF_TIMESTAMPING_*). */
export const SO_TIMESTAMPING = 37;
/** SO_TIMESTAMPING with times of 64 bits. */
export const SO_TIMESTAMPING_NEW = 65;
/** SO_TIMESTAMPING with the platform's old times. */
export const SO_TIMESTAMPING_OLD = 37;
/** Receives the time of each packet, in nanoseconds. */
export const SO_TIMESTAMPNS = 35;
/** SO_TIMESTAMPNS with times of 64 bits. */
export const SO_TIMESTAMPNS_NEW = 64;
/** SO_TIMESTAMPNS with the platform's old times. */
export const SO_TIMESTAMPNS_OLD = 35;
/** SO_TIMESTAMP with times of 64 bits. */
export const SO_TIMESTAMP_NEW = 63;
/** SO_TIMESTAMP with the platform's old times. */
export const SO_TIMESTAMP_OLD = 29;
/** Whether a connection changes its flow hash after timeouts (SOCK_TXREHASH_*). */
export const SO_TXREHASH = 74;
/** Sends each packet at the time given in SCM_TXTIME. */
export const SO_TXTIME = 61;
/** The socket's type. Read only. */
export const SO_TYPE = 3;
/** Receives whether a wireless frame was acknowledged. */
export const SO_WIFI_STATUS = 41;
/** Allows MSG_ZEROCOPY. */
export const SO_ZEROCOPY = 60;

// Values of SO_BUF_LOCK (<linux/socket.h>).
/** The size of the send buffer stays as it was set. */
export const SOCK_SNDBUF_LOCK = 1;
/** The size of the receive buffer stays as it was set. */
export const SOCK_RCVBUF_LOCK = 2;
/** Both locks, SOCK_SNDBUF_LOCK and SOCK_RCVBUF_LOCK. */
export const SOCK_BUF_LOCK_MASK = 3;

// Values of SO_TXREHASH (<linux/socket.h>).
/** As net.core.txrehash says. */
export const SOCK_TXREHASH_DEFAULT = 255;
/** The connection keeps its flow hash. */
export const SOCK_TXREHASH_DISABLED = 0;
/** The connection takes a new flow hash when its path seems bad. */
export const SOCK_TXREHASH_ENABLED = 1;

// At level SOL_IP: the destination before a firewall changed it (<linux/netfilter_ipv4.h>).
/** The address that a redirected connection was meant for (struct sockaddr_in). Read only. */
export const SO_ORIGINAL_DST = 80;

// What listen(2) takes
/** The largest backlog that the C library names for listen(2); the kernel's limit is net.core.somaxconn. */
export const SOMAXCONN = 4096;
