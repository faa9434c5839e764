/**
 * The levels of getsockopt(2), setsockopt(2) and of ancillary messages (SOL_*). The IPPROTO_* numbers are
 * levels too.
 */

// The level of a protocol; those of the internet have its IPPROTO_* number
/** The options of every socket (socket(7)). */
export const SOL_SOCKET = 1;
export const SOL_IP = 0;
export const SOL_TCP = 6;
export const SOL_UDP = 17;
export const SOL_IPV6 = 41;
export const SOL_ICMPV6 = 58;
export const SOL_RAW = 255;
export const SOL_PACKET = 263;
export const SOL_NETLINK = 270;
export const SOL_VSOCK = 287;
export const SOL_TLS = 282;
export const SOL_MPTCP = 284;
export const SOL_XDP = 283;
export const SOL_ALG = 279;
export const SOL_TIPC = 271;
export const SOL_RDS = 276;
export const SOL_SCTP = 132;
export const SOL_UDPLITE = 136;

// Controller area network
export const SOL_CAN_BASE = 100;
export const SOL_CAN_RAW = 101;
export const SOL_CAN_ISOTP = 106;
export const SOL_CAN_J1939 = 107;

// Bluetooth
export const SOL_HCI = 0;
export const SOL_L2CAP = 6;
export const SOL_SCO = 17;
export const SOL_RFCOMM = 18;
export const SOL_BLUETOOTH = 274;

// Rare or historic
export const SOL_AAL = 265;
export const SOL_ATALK = 258;
export const SOL_ATM = 264;
export const SOL_AX25 = 257;
export const SOL_CAIF = 278;
export const SOL_DCCP = 269;
export const SOL_DECNET = 261;
export const SOL_IPX = 256;
export const SOL_IRDA = 266;
export const SOL_IUCV = 277;
export const SOL_KCM = 281;
export const SOL_LLC = 268;
export const SOL_MCTP = 285;
export const SOL_NETBEUI = 267;
export const SOL_NETROM = 259;
export const SOL_NFC = 280;
export const SOL_PNPIPE = 275;
export const SOL_PPPOL2TP = 273;
export const SOL_ROSE = 260;
export const SOL_RXRPC = 272;
export const SOL_SMC = 286;
export const SOL_X25 = 262;
