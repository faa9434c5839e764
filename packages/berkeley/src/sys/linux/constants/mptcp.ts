/**
 * Multipath TCP (IPPROTO_MPTCP): what can be read at level SOL_MPTCP (<linux/mptcp.h>).
 */

/** The state of the connection. */
export const MPTCP_INFO = 1;
/** The `tcp_info` of every subflow. */
export const MPTCP_TCPINFO = 2;
/** The addresses of every subflow. */
export const MPTCP_SUBFLOW_ADDRS = 3;
/** All of these at once. */
export const MPTCP_FULL_INFO = 4;

// Flags of the state
export const MPTCP_INFO_FLAG_FALLBACK = 0x1;
export const MPTCP_INFO_FLAG_REMOTE_KEY_RECEIVED = 0x2;

// Flags of a subflow
export const MPTCP_SUBFLOW_FLAG_MCAP_REM = 0x1;
export const MPTCP_SUBFLOW_FLAG_MCAP_LOC = 0x2;
export const MPTCP_SUBFLOW_FLAG_JOIN_REM = 0x4;
export const MPTCP_SUBFLOW_FLAG_JOIN_LOC = 0x8;
export const MPTCP_SUBFLOW_FLAG_BKUP_REM = 0x10;
export const MPTCP_SUBFLOW_FLAG_BKUP_LOC = 0x20;
export const MPTCP_SUBFLOW_FLAG_FULLY_ESTABLISHED = 0x40;
export const MPTCP_SUBFLOW_FLAG_CONNECTED = 0x80;
export const MPTCP_SUBFLOW_FLAG_MAPVALID = 0x100;
