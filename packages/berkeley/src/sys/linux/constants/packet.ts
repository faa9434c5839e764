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
/** Looped back by the kernel; programs do not see it. */
export const PACKET_LOOPBACK = 5;
/** To user space; the kernel's own. */
export const PACKET_USER = 6;
/** To the kernel; the kernel's own. */
export const PACKET_KERNEL = 7;
/** Fast routed; no longer used. */
export const PACKET_FASTROUTE = 6;

// Options
/** Joins a group, or turns on promiscuous mode (PACKET_MR_*). */
export const PACKET_ADD_MEMBERSHIP = 1;
/** Undoes PACKET_ADD_MEMBERSHIP. */
export const PACKET_DROP_MEMBERSHIP = 2;
/** Named by the header; the kernel has no such option. */
export const PACKET_RECV_OUTPUT = 3;
/** Makes a ring, shared with the kernel, of packets received. */
export const PACKET_RX_RING = 5;
/** How many packets were received and dropped; reading sets both to 0. */
export const PACKET_STATISTICS = 6;
/** Other than 0: a packet too long for its frame of the ring is queued whole too (TP_STATUS_COPY). */
export const PACKET_COPY_THRESH = 7;
/** Receives length, status and VLAN tag of each packet; option and ancillary message. */
export const PACKET_AUXDATA = 8;
/** The address names the device that received the packet, not the one stacked upon it. */
export const PACKET_ORIGDEV = 9;
/** The layout of the ring (TPACKET_V1 to TPACKET_V3). */
export const PACKET_VERSION = 10;
/** Bytes of the frame header of the TPACKET_V* number given. Read only. */
export const PACKET_HDRLEN = 11;
/** Bytes left free before the headers of each frame of the ring. */
export const PACKET_RESERVE = 12;
/** Makes a ring of packets to send. */
export const PACKET_TX_RING = 13;
/** The ring of packets to send skips malformed ones instead of stopping there. */
export const PACKET_LOSS = 14;
/** Each packet begins with a struct virtio_net_hdr. */
export const PACKET_VNET_HDR = 15;
/** Ancillary message of the error queue: the times of sending follow. */
export const PACKET_TX_TIMESTAMP = 16;
/** Which times the frames of a ring have (SOF_TIMESTAMPING_*). */
export const PACKET_TIMESTAMP = 17;
/** Shares the packets among several sockets (PACKET_FANOUT_*). */
export const PACKET_FANOUT = 18;
/** The frames to send say at which offset their data begins. */
export const PACKET_TX_HAS_OFF = 19;
/** Sends past the queueing discipline. */
export const PACKET_QDISC_BYPASS = 20;
/** How many packets a full socket of the fanout group passed on. Read only. */
export const PACKET_ROLLOVER_STATS = 21;
/** The program of PACKET_FANOUT_CBPF or PACKET_FANOUT_EBPF. */
export const PACKET_FANOUT_DATA = 22;
/** Does not receive what this machine sends. */
export const PACKET_IGNORE_OUTGOING = 23;
/** Bytes of the header that PACKET_VNET_HDR puts before each packet: 0, 10 or 12. */
export const PACKET_VNET_HDR_SZ = 24;

// Modes of PACKET_FANOUT, and flags added to a mode
/** By the hash of the flow. */
export const PACKET_FANOUT_HASH = 0;
/** To each socket in turn. */
export const PACKET_FANOUT_LB = 1;
/** By the CPU that received the packet. */
export const PACKET_FANOUT_CPU = 2;
/** To one socket until it is full, then to the next. */
export const PACKET_FANOUT_ROLLOVER = 3;
/** At random. */
export const PACKET_FANOUT_RND = 4;
/** By the receive queue of the device. */
export const PACKET_FANOUT_QM = 5;
/** As a classic BPF program says. */
export const PACKET_FANOUT_CBPF = 6;
/** As an eBPF program says. */
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
/** One multicast hardware address. */
export const PACKET_MR_MULTICAST = 0;
/** Every packet that the device sees. */
export const PACKET_MR_PROMISC = 1;
/** Every multicast packet. */
export const PACKET_MR_ALLMULTI = 2;
/** One more unicast hardware address. */
export const PACKET_MR_UNICAST = 3;

// Rings
/** Frames with a struct tpacket_hdr, whose size is the platform's; times in microseconds. */
export const TPACKET_V1 = 0;
/** Frames with a struct tpacket2_hdr: VLAN tags, times in nanoseconds. */
export const TPACKET_V2 = 1;
/** Blocks of frames of varying length, each with a struct tpacket3_hdr. */
export const TPACKET_V3 = 2;
/** Frames and headers begin at multiples of so many bytes. */
export const TPACKET_ALIGNMENT = 16;
/** Bytes of a TPACKET_V2 header and the struct sockaddr_ll after it. */
export const TPACKET2_HDRLEN = 52;
/** Bytes of a TPACKET_V3 header and the struct sockaddr_ll after it. */
export const TPACKET3_HDRLEN = 68;

// The status of a frame: of receiving, of sending, of both
/** The kernel's: not filled yet. */
export const TP_STATUS_KERNEL = 0;
/** The program's: filled, and to be given back. */
export const TP_STATUS_USER = 0x1;
/** The packet was too long; it is queued whole for recv(2) (PACKET_COPY_THRESH). */
export const TP_STATUS_COPY = 0x2;
/** Packets were dropped since PACKET_STATISTICS was last read. */
export const TP_STATUS_LOSING = 0x4;
/** An outgoing packet, whose checksum the device is to compute. */
export const TP_STATUS_CSUMNOTREADY = 0x8;
/** The VLAN tag of the header is valid. */
export const TP_STATUS_VLAN_VALID = 0x10;
/** The block was handed over because its time was up (TPACKET_V3). */
export const TP_STATUS_BLK_TMO = 0x20;
/** The VLAN protocol of the header is valid. */
export const TP_STATUS_VLAN_TPID_VALID = 0x40;
/** The checksum of the transport protocol was found right. */
export const TP_STATUS_CSUM_VALID = 0x80;
/** A packet of TCP segmentation offload, which may exceed the MTU. */
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
