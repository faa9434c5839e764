/**
 * The levels of getsockopt(2), setsockopt(2) and of ancillary messages (SOL_*). The IPPROTO_* numbers are
 * levels too.
 */

// The level of a protocol; those of the internet have its IPPROTO_* number
/** The options of every socket (socket(7)). */
export const SOL_SOCKET = 1;
/** IPv4: the IP_* options (ip(7)). */
export const SOL_IP = 0;
/** TCP: the TCP_* options (tcp(7)). */
export const SOL_TCP = 6;
/** UDP: the UDP_* options (udp(7)). */
export const SOL_UDP = 17;
/** IPv6: the IPV6_* options (ipv6(7)). */
export const SOL_IPV6 = 41;
/** ICMPv6: ICMPV6_FILTER. */
export const SOL_ICMPV6 = 58;
/** Raw IP sockets: ICMP_FILTER (raw(7)). */
export const SOL_RAW = 255;
/** Packet sockets: the PACKET_* options (packet(7)). */
export const SOL_PACKET = 263;
/** Netlink: the NETLINK_* options (netlink(7)). */
export const SOL_NETLINK = 270;
/** Vsock: messages of the error queue; the options are at AF_VSOCK (vsock(7)). */
export const SOL_VSOCK = 287;
/** TLS in the kernel: the TLS_* options. */
export const SOL_TLS = 282;
/** Multipath TCP: the MPTCP_* options. */
export const SOL_MPTCP = 284;
/** AF_XDP sockets: the XDP_* options. */
export const SOL_XDP = 283;
/** The kernel's cryptography: the ALG_* options. */
export const SOL_ALG = 279;
/** Transparent inter-process communication: the TIPC_* options. */
export const SOL_TIPC = 271;
/** Reliable datagram sockets: the RDS_* options. */
export const SOL_RDS = 276;
/** SCTP: the SCTP_* options (sctp(7)). */
export const SOL_SCTP = 132;
/** UDP-Lite: the UDPLITE_* options (udplite(7)). */
export const SOL_UDPLITE = 136;

// Controller area network
/** To which a protocol's number is added to give its level. */
export const SOL_CAN_BASE = 100;
/** Raw CAN sockets: the CAN_RAW_* options. */
export const SOL_CAN_RAW = 101;
/** ISO 15765-2 over CAN: the CAN_ISOTP_* options. */
export const SOL_CAN_ISOTP = 106;
/** SAE J1939 over CAN: the SO_J1939_* options. */
export const SOL_CAN_J1939 = 107;

// Bluetooth
/** Bluetooth's host controller interface: the HCI_* options. */
export const SOL_HCI = 0;
/** Bluetooth's logical link control: the L2CAP_* options. */
export const SOL_L2CAP = 6;
/** Bluetooth's synchronous connections: the SCO_* options. */
export const SOL_SCO = 17;
/** Bluetooth's serial ports: the RFCOMM_* options. */
export const SOL_RFCOMM = 18;
/** Every Bluetooth socket: the BT_* options. */
export const SOL_BLUETOOTH = 274;

// Rare or historic
/** ATM adaptation layer. */
export const SOL_AAL = 265;
/** AppleTalk. */
export const SOL_ATALK = 258;
/** Asynchronous transfer mode. */
export const SOL_ATM = 264;
/** AX.25. */
export const SOL_AX25 = 257;
/** CAIF. */
export const SOL_CAIF = 278;
/** Datagram congestion control protocol. */
export const SOL_DCCP = 269;
/** DECnet. */
export const SOL_DECNET = 261;
/** IPX. */
export const SOL_IPX = 256;
/** IrDA. */
export const SOL_IRDA = 266;
/** IUCV. */
export const SOL_IUCV = 277;
/** Kernel connection multiplexor. */
export const SOL_KCM = 281;
/** IEEE 802.2 logical link control. */
export const SOL_LLC = 268;
/** Management component transport protocol. */
export const SOL_MCTP = 285;
/** NetBEUI. */
export const SOL_NETBEUI = 267;
/** NET/ROM. */
export const SOL_NETROM = 259;
/** Near-field communication. */
export const SOL_NFC = 280;
/** Phonet pipes. */
export const SOL_PNPIPE = 275;
/** PPP over L2TP. */
export const SOL_PPPOL2TP = 273;
/** ROSE. */
export const SOL_ROSE = 260;
/** Rx remote procedure calls. */
export const SOL_RXRPC = 272;
/** Shared memory communications. */
export const SOL_SMC = 286;
/** X.25. */
export const SOL_X25 = 262;
