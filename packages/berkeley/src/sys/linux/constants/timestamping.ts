/**
 * The flags of SO_TIMESTAMPING and SO_TXTIME (<linux/net_tstamp.h>, timestamping in the kernel's
 * documentation).
 */

// What to record
export const SOF_TIMESTAMPING_TX_HARDWARE = 0x1;
export const SOF_TIMESTAMPING_TX_SOFTWARE = 0x2;
export const SOF_TIMESTAMPING_RX_HARDWARE = 0x4;
export const SOF_TIMESTAMPING_RX_SOFTWARE = 0x8;
export const SOF_TIMESTAMPING_TX_SCHED = 0x100;
export const SOF_TIMESTAMPING_TX_ACK = 0x200;
export const SOF_TIMESTAMPING_TX_COMPLETION = 0x40000;
export const SOF_TIMESTAMPING_TX_RECORD_MASK = 0x303;

// What to report
export const SOF_TIMESTAMPING_SOFTWARE = 0x10;
export const SOF_TIMESTAMPING_SYS_HARDWARE = 0x20;
export const SOF_TIMESTAMPING_RAW_HARDWARE = 0x40;

// How to report it
export const SOF_TIMESTAMPING_OPT_ID = 0x80;
export const SOF_TIMESTAMPING_OPT_CMSG = 0x400;
export const SOF_TIMESTAMPING_OPT_TSONLY = 0x800;
export const SOF_TIMESTAMPING_OPT_STATS = 0x1000;
export const SOF_TIMESTAMPING_OPT_PKTINFO = 0x2000;
export const SOF_TIMESTAMPING_OPT_TX_SWHW = 0x4000;
export const SOF_TIMESTAMPING_BIND_PHC = 0x8000;
export const SOF_TIMESTAMPING_OPT_ID_TCP = 0x10000;
export const SOF_TIMESTAMPING_OPT_RX_FILTER = 0x20000;

// Flags of SO_TXTIME
export const SOF_TXTIME_DEADLINE_MODE = 0x1;
export const SOF_TXTIME_REPORT_ERRORS = 0x2;

// Which moment of sending a reported time is of: the `ee_info` of SO_EE_ORIGIN_TIMESTAMPING
// (<linux/errqueue.h>).
export const SCM_TSTAMP_SND = 0;
export const SCM_TSTAMP_SCHED = 1;
export const SCM_TSTAMP_ACK = 2;
export const SCM_TSTAMP_COMPLETION = 3;

// What the hardware stamps (SIOCSHWTSTAMP).
export const HWTSTAMP_TX_OFF = 0;
export const HWTSTAMP_TX_ON = 1;
export const HWTSTAMP_TX_ONESTEP_SYNC = 2;
export const HWTSTAMP_TX_ONESTEP_P2P = 3;
export const HWTSTAMP_FILTER_NONE = 0;
export const HWTSTAMP_FILTER_ALL = 1;
export const HWTSTAMP_FILTER_SOME = 2;
export const HWTSTAMP_FILTER_PTP_V1_L4_EVENT = 3;
export const HWTSTAMP_FILTER_PTP_V1_L4_SYNC = 4;
export const HWTSTAMP_FILTER_PTP_V1_L4_DELAY_REQ = 5;
export const HWTSTAMP_FILTER_PTP_V2_L4_EVENT = 6;
export const HWTSTAMP_FILTER_PTP_V2_L4_SYNC = 7;
export const HWTSTAMP_FILTER_PTP_V2_L4_DELAY_REQ = 8;
export const HWTSTAMP_FILTER_PTP_V2_L2_EVENT = 9;
export const HWTSTAMP_FILTER_PTP_V2_L2_SYNC = 10;
export const HWTSTAMP_FILTER_PTP_V2_L2_DELAY_REQ = 11;
export const HWTSTAMP_FILTER_PTP_V2_EVENT = 12;
export const HWTSTAMP_FILTER_PTP_V2_SYNC = 13;
export const HWTSTAMP_FILTER_PTP_V2_DELAY_REQ = 14;
export const HWTSTAMP_FILTER_NTP_ALL = 15;
