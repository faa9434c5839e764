/**
 * The flags of SO_TIMESTAMPING and SO_TXTIME (<linux/net_tstamp.h>, timestamping in the kernel's
 * documentation).
 */

// What to record
/** Sending: when the hardware sent the packet. */
export const SOF_TIMESTAMPING_TX_HARDWARE = 0x1;
/** Sending: when the driver was about to give the packet to the hardware. */
export const SOF_TIMESTAMPING_TX_SOFTWARE = 0x2;
/** Receiving: when the hardware received the packet. */
export const SOF_TIMESTAMPING_RX_HARDWARE = 0x4;
/** Receiving: when the packet entered the kernel. */
export const SOF_TIMESTAMPING_RX_SOFTWARE = 0x8;
/** Sending: when the packet entered the packet scheduler. */
export const SOF_TIMESTAMPING_TX_SCHED = 0x100;
/** Sending: when all data was acknowledged (TCP). */
export const SOF_TIMESTAMPING_TX_ACK = 0x200;
/** Sending: when the hardware reported that it was done. */
export const SOF_TIMESTAMPING_TX_COMPLETION = 0x40000;
/** Sending: hardware, software, scheduler and acknowledgement together. */
export const SOF_TIMESTAMPING_TX_RECORD_MASK = 0x303;

// What to report
/** The times of software. */
export const SOF_TIMESTAMPING_SOFTWARE = 0x10;
/** Obsolete: the times of hardware on the system's clock. */
export const SOF_TIMESTAMPING_SYS_HARDWARE = 0x20;
/** The times of hardware, on its own clock. */
export const SOF_TIMESTAMPING_RAW_HARDWARE = 0x40;

// How to report it
/** With a number that tells which packet it was. */
export const SOF_TIMESTAMPING_OPT_ID = 0x80;
/** With the packet's ancillary messages, such as IP_PKTINFO. */
export const SOF_TIMESTAMPING_OPT_CMSG = 0x400;
/** Without the packet itself. */
export const SOF_TIMESTAMPING_OPT_TSONLY = 0x800;
/** With what TCP measured (SCM_TIMESTAMPING_OPT_STATS). */
export const SOF_TIMESTAMPING_OPT_STATS = 0x1000;
/** With interface and length (SCM_TIMESTAMPING_PKTINFO). */
export const SOF_TIMESTAMPING_OPT_PKTINFO = 0x2000;
/** Sending: both times, of software and of hardware. */
export const SOF_TIMESTAMPING_OPT_TX_SWHW = 0x4000;
/** On a certain clock of the hardware (struct so_timestamping). */
export const SOF_TIMESTAMPING_BIND_PHC = 0x8000;
/** SOF_TIMESTAMPING_OPT_ID counts from the bytes written, not from those acknowledged. */
export const SOF_TIMESTAMPING_OPT_ID_TCP = 0x10000;
/** Only times that this socket asked to be recorded. */
export const SOF_TIMESTAMPING_OPT_RX_FILTER = 0x20000;

// Flags of SO_TXTIME
/** The time is a deadline: the packet may leave earlier. */
export const SOF_TXTIME_DEADLINE_MODE = 0x1;
/** Packets that were dropped are reported in the error queue. */
export const SOF_TXTIME_REPORT_ERRORS = 0x2;

// Which moment of sending a reported time is of: the `ee_info` of SO_EE_ORIGIN_TIMESTAMPING
// (<linux/errqueue.h>).
/** When the driver or the hardware sent it. */
export const SCM_TSTAMP_SND = 0;
/** When it entered the packet scheduler. */
export const SCM_TSTAMP_SCHED = 1;
/** When all of it was acknowledged. */
export const SCM_TSTAMP_ACK = 2;
/** When the hardware reported that it was done. */
export const SCM_TSTAMP_COMPLETION = 3;

// What the hardware stamps (SIOCSHWTSTAMP).
/** Sending: nothing. */
export const HWTSTAMP_TX_OFF = 0;
/** Sending: the packets that ask for it. */
export const HWTSTAMP_TX_ON = 1;
/** Sending: as HWTSTAMP_TX_ON, and writes the time into PTP's Sync packets. */
export const HWTSTAMP_TX_ONESTEP_SYNC = 2;
/** Sending: as HWTSTAMP_TX_ONESTEP_SYNC, and into PTP's PDelay_Resp packets. */
export const HWTSTAMP_TX_ONESTEP_P2P = 3;
/** Receiving: nothing. */
export const HWTSTAMP_FILTER_NONE = 0;
/** Receiving: every packet. */
export const HWTSTAMP_FILTER_ALL = 1;
/** Receiving, as an answer: what was asked for and some more. */
export const HWTSTAMP_FILTER_SOME = 2;
/** Receiving: PTP version 1 over UDP, every event. */
export const HWTSTAMP_FILTER_PTP_V1_L4_EVENT = 3;
/** Receiving: PTP version 1 over UDP, Sync. */
export const HWTSTAMP_FILTER_PTP_V1_L4_SYNC = 4;
/** Receiving: PTP version 1 over UDP, Delay_Req. */
export const HWTSTAMP_FILTER_PTP_V1_L4_DELAY_REQ = 5;
/** Receiving: PTP version 2 over UDP, every event. */
export const HWTSTAMP_FILTER_PTP_V2_L4_EVENT = 6;
/** Receiving: PTP version 2 over UDP, Sync. */
export const HWTSTAMP_FILTER_PTP_V2_L4_SYNC = 7;
/** Receiving: PTP version 2 over UDP, Delay_Req. */
export const HWTSTAMP_FILTER_PTP_V2_L4_DELAY_REQ = 8;
/** Receiving: PTP version 2 over Ethernet (IEEE 802.1AS), every event. */
export const HWTSTAMP_FILTER_PTP_V2_L2_EVENT = 9;
/** Receiving: PTP version 2 over Ethernet (IEEE 802.1AS), Sync. */
export const HWTSTAMP_FILTER_PTP_V2_L2_SYNC = 10;
/** Receiving: PTP version 2 over Ethernet (IEEE 802.1AS), Delay_Req. */
export const HWTSTAMP_FILTER_PTP_V2_L2_DELAY_REQ = 11;
/** Receiving: PTP version 2 over anything, every event. */
export const HWTSTAMP_FILTER_PTP_V2_EVENT = 12;
/** Receiving: PTP version 2 over anything, Sync. */
export const HWTSTAMP_FILTER_PTP_V2_SYNC = 13;
/** Receiving: PTP version 2 over anything, Delay_Req. */
export const HWTSTAMP_FILTER_PTP_V2_DELAY_REQ = 14;
/** Receiving: NTP over UDP, every version. */
export const HWTSTAMP_FILTER_NTP_ALL = 15;
