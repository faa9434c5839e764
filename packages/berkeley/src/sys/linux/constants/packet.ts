/**
 * Packet sockets: the options at level SOL_PACKET and the values they use (packet(7), <linux/if_packet.h>).
 */

// What a received packet is: `packetType` of an address.
/** To this machine. */
export const PACKET_HOST = 0;
/** To everybody. */
export const PACKET_BROADCAST = 1;
/** To a group. */
export const PACKET_MULTICAST = 2;
/** To another machine. */
export const PACKET_OTHERHOST = 3;
/** Sent by this machine. */
export const PACKET_OUTGOING = 4;
export const PACKET_LOOPBACK = 5;
export const PACKET_USER = 6;
export const PACKET_KERNEL = 7;
export const PACKET_FASTROUTE = 6;

// Options
/** Joins a group, or turns on promiscuous mode (PACKET_MR_*). */
export const PACKET_ADD_MEMBERSHIP = 1;
/** Undoes PACKET_ADD_MEMBERSHIP. */
export const PACKET_DROP_MEMBERSHIP = 2;
export const PACKET_RECV_OUTPUT = 3;
/** Makes a ring, shared with the kernel, of packets received. */
export const PACKET_RX_RING = 5;
/** How many packets were received and dropped; reading sets both to 0. */
export const PACKET_STATISTICS = 6;
export const PACKET_COPY_THRESH = 7;
export const PACKET_AUXDATA = 8;
export const PACKET_ORIGDEV = 9;
/** The layout of the ring (TPACKET_V1 to TPACKET_V3). */
export const PACKET_VERSION = 10;
export const PACKET_HDRLEN = 11;
export const PACKET_RESERVE = 12;
/** Makes a ring of packets to send. */
export const PACKET_TX_RING = 13;
export const PACKET_LOSS = 14;
export const PACKET_VNET_HDR = 15;
export const PACKET_TX_TIMESTAMP = 16;
export const PACKET_TIMESTAMP = 17;
/** Shares the packets among several sockets (PACKET_FANOUT_*). */
export const PACKET_FANOUT = 18;
export const PACKET_TX_HAS_OFF = 19;
/** Sends past the queueing discipline. */
export const PACKET_QDISC_BYPASS = 20;
export const PACKET_ROLLOVER_STATS = 21;
export const PACKET_FANOUT_DATA = 22;
/** Does not receive what this machine sends. */
export const PACKET_IGNORE_OUTGOING = 23;
export const PACKET_VNET_HDR_SZ = 24;

// Modes of PACKET_FANOUT, and flags added to a mode
export const PACKET_FANOUT_HASH = 0;
export const PACKET_FANOUT_LB = 1;
export const PACKET_FANOUT_CPU = 2;
export const PACKET_FANOUT_ROLLOVER = 3;
export const PACKET_FANOUT_RND = 4;
export const PACKET_FANOUT_QM = 5;
export const PACKET_FANOUT_CBPF = 6;
export const PACKET_FANOUT_EBPF = 7;

/** A full socket passes packets on to another. */
export const PACKET_FANOUT_FLAG_ROLLOVER = 0x1000;
/** The kernel chooses a number that no group has. */
export const PACKET_FANOUT_FLAG_UNIQUEID = 0x2000;
/** Outgoing packets are left out. */
export const PACKET_FANOUT_FLAG_IGNORE_OUTGOING = 0x4000;
/** IP fragments are put together first. */
export const PACKET_FANOUT_FLAG_DEFRAG = 0x8000;

// Kinds of membership
export const PACKET_MR_MULTICAST = 0;
export const PACKET_MR_PROMISC = 1;
export const PACKET_MR_ALLMULTI = 2;
export const PACKET_MR_UNICAST = 3;

// Rings
export const TPACKET_V1 = 0;
export const TPACKET_V2 = 1;
export const TPACKET_V3 = 2;
export const TPACKET_ALIGNMENT = 16;
export const TPACKET2_HDRLEN = 52;
export const TPACKET3_HDRLEN = 68;

// The status of a frame: of receiving, of sending, of both
export const TP_STATUS_KERNEL = 0;
export const TP_STATUS_USER = 0x1;
export const TP_STATUS_COPY = 0x2;
export const TP_STATUS_LOSING = 0x4;
export const TP_STATUS_CSUMNOTREADY = 0x8;
export const TP_STATUS_VLAN_VALID = 0x10;
export const TP_STATUS_BLK_TMO = 0x20;
export const TP_STATUS_VLAN_TPID_VALID = 0x40;
export const TP_STATUS_CSUM_VALID = 0x80;
export const TP_STATUS_GSO_TCP = 0x100;

/** Free for a packet to send. */
export const TP_STATUS_AVAILABLE = 0;
/** To be sent. */
export const TP_STATUS_SEND_REQUEST = 0x1;
/** Being sent. */
export const TP_STATUS_SENDING = 0x2;
/** Not sent: it was wrong. */
export const TP_STATUS_WRONG_FORMAT = 0x4;

/** The time is the kernel's. */
export const TP_STATUS_TS_SOFTWARE = 0x20000000;
/** The time is the card's, on the system's clock; obsolete. */
export const TP_STATUS_TS_SYS_HARDWARE = 0x40000000;
/** The time is the card's, on its own clock. */
export const TP_STATUS_TS_RAW_HARDWARE = 0x80000000;

/** The ring is to give each packet's hash (TPACKET_V3). */
export const TP_FT_REQ_FILL_RXHASH = 0x1;
