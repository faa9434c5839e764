/**
 * The address families (socket(2), address_families(7), <sys/socket.h>).
 */

/**
 * Any family, where a call takes a hint (getaddrinfo(3)); dissolves a datagram socket's connection in
 * connect(2).
 */
export const AF_UNSPEC = 0;
/** Sockets of this machine, named by a path or an abstract name (unix(7)). */
export const AF_UNIX = 1;
/** IPv4 (ip(7)). */
export const AF_INET = 2;
/** IPv6 (ipv6(7)). */
export const AF_INET6 = 10;
/** Frames of a network device (packet(7)). */
export const AF_PACKET = 17;
/** Messages to and from the kernel (netlink(7)). */
export const AF_NETLINK = 16;
/** 4.4BSD's name for the routing socket; on Linux it is AF_NETLINK. */
export const AF_ROUTE = 16;
/** Between a virtual machine and its host (vsock(7)). */
export const AF_VSOCK = 40;
/** Controller area network. */
export const AF_CAN = 29;
/** Bluetooth. */
export const AF_BLUETOOTH = 31;
/** Transparent inter-process communication. */
export const AF_TIPC = 30;
/** The kernel's cryptography. */
export const AF_ALG = 38;
/** Frames through rings shared with a device's driver. */
export const AF_XDP = 44;
/** Reliable datagram sockets. */
export const AF_RDS = 21;
/** Qualcomm's IPC router. */
export const AF_QIPCRTR = 42;

// Rare or historic; most kernels are built without them.
export const AF_APPLETALK = 5;
export const AF_ASH = 18;
export const AF_ATMPVC = 8;
export const AF_ATMSVC = 20;
export const AF_AX25 = 3;
export const AF_BRIDGE = 7;
export const AF_CAIF = 37;
export const AF_DECnet = 12;
export const AF_ECONET = 19;
export const AF_IB = 27;
export const AF_IEEE802154 = 36;
export const AF_IPX = 4;
export const AF_IRDA = 23;
export const AF_ISDN = 34;
export const AF_IUCV = 32;
export const AF_KCM = 41;
export const AF_KEY = 15;
export const AF_LLC = 26;
export const AF_MCTP = 45;
export const AF_MPLS = 28;
export const AF_NETBEUI = 13;
export const AF_NETROM = 6;
export const AF_NFC = 39;
export const AF_PHONET = 35;
export const AF_PPPOX = 24;
export const AF_ROSE = 11;
export const AF_RXRPC = 33;
export const AF_SECURITY = 14;
export const AF_SMC = 43;
export const AF_SNA = 22;
export const AF_WANPIPE = 25;
export const AF_X25 = 9;

// The protocol families that Python's socket module names; each equals its address family.
export const PF_CAN = 29;
export const PF_PACKET = 17;
export const PF_RDS = 21;
