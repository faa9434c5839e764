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
/** AppleTalk (ddp(7)). */
export const AF_APPLETALK = 5;
/** Ash, a network of Nexus (ARPHRD_ASH). */
export const AF_ASH = 18;
/** Permanent virtual circuits of asynchronous transfer mode (ATM). */
export const AF_ATMPVC = 8;
/** Switched virtual circuits of asynchronous transfer mode (ATM). */
export const AF_ATMSVC = 20;
/** Amateur radio's AX.25. */
export const AF_AX25 = 3;
/** Ethernet bridges, in messages of rtnetlink(7). */
export const AF_BRIDGE = 7;
/** Communication CPU to application CPU interface: modems of ST-Ericsson. */
export const AF_CAIF = 37;
/** DECnet; removed in Linux 6.1. */
export const AF_DECnet = 12;
/** Acorn's Econet; removed in Linux 3.5. */
export const AF_ECONET = 19;
/** InfiniBand addresses. */
export const AF_IB = 27;
/** Low-rate wireless personal area networks (IEEE 802.15.4). */
export const AF_IEEE802154 = 36;
/** Novell's IPX; removed in Linux 5.15. */
export const AF_IPX = 4;
/** Infrared (IrDA); removed in Linux 4.17. */
export const AF_IRDA = 23;
/** Integrated services digital network (mISDN). */
export const AF_ISDN = 34;
/** Inter-user communication vehicle of IBM's z/VM. */
export const AF_IUCV = 32;
/** Kernel connection multiplexor: messages over TCP. */
export const AF_KCM = 41;
/** Management of IPsec keys (PF_KEY, RFC 2367). */
export const AF_KEY = 15;
/** Logical link control (IEEE 802.2). */
export const AF_LLC = 26;
/** Management component transport protocol (DMTF DSP0236). */
export const AF_MCTP = 45;
/** Multiprotocol label switching, in messages of rtnetlink(7). */
export const AF_MPLS = 28;
/** Reserved for NetBEUI over IEEE 802.2. */
export const AF_NETBEUI = 13;
/** Amateur radio's NET/ROM, over AX.25. */
export const AF_NETROM = 6;
/** Near-field communication. */
export const AF_NFC = 39;
/** Phonet, which talks to Nokia's modems. */
export const AF_PHONET = 35;
/** Tunnels of the point-to-point protocol: PPPoE, L2TP, PPTP. */
export const AF_PPPOX = 24;
/** Amateur radio's ROSE, X.25 over AX.25. */
export const AF_ROSE = 11;
/** Remote procedure calls of the Andrew file system (Rx). */
export const AF_RXRPC = 33;
/** A pseudo family of 4.4BSD for security callbacks; nothing implements it. */
export const AF_SECURITY = 14;
/** Shared memory communications over RDMA, in place of TCP. */
export const AF_SMC = 43;
/** IBM's Systems Network Architecture; no kernel implements it. */
export const AF_SNA = 22;
/** Sangoma's Wanpipe; no longer implemented. */
export const AF_WANPIPE = 25;
/** X.25 packet layer (x25(7)). */
export const AF_X25 = 9;

// The protocol families that Python's socket module names; each equals its address family.
/** Controller area network: AF_CAN. */
export const PF_CAN = 29;
/** Frames of a network device: AF_PACKET. */
export const PF_PACKET = 17;
/** Reliable datagram sockets: AF_RDS. */
export const PF_RDS = 21;
