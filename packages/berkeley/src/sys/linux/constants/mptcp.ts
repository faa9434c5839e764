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
/** The connection fell back to plain TCP. */
export const MPTCP_INFO_FLAG_FALLBACK = 0x1;
/** The peer's key has arrived. */
export const MPTCP_INFO_FLAG_REMOTE_KEY_RECEIVED = 0x2;

// Flags of a subflow
/** The peer is capable of multipath TCP (MP_CAPABLE). */
export const MPTCP_SUBFLOW_FLAG_MCAP_REM = 0x1;
/** This end sent the request for multipath TCP (MP_CAPABLE). */
export const MPTCP_SUBFLOW_FLAG_MCAP_LOC = 0x2;
/** The peer sent MP_JOIN: the subflow joins a connection. */
export const MPTCP_SUBFLOW_FLAG_JOIN_REM = 0x4;
/** This end sent the request to join a connection (MP_JOIN). */
export const MPTCP_SUBFLOW_FLAG_JOIN_LOC = 0x8;
/** The peer asks to use the subflow as a backup only. */
export const MPTCP_SUBFLOW_FLAG_BKUP_REM = 0x10;
/** This end asks to use the subflow as a backup only. */
export const MPTCP_SUBFLOW_FLAG_BKUP_LOC = 0x20;
/** The subflow is fully established. */
export const MPTCP_SUBFLOW_FLAG_FULLY_ESTABLISHED = 0x40;
/** The subflow is connected. */
export const MPTCP_SUBFLOW_FLAG_CONNECTED = 0x80;
/** The mapping of its data to the connection's is valid. */
export const MPTCP_SUBFLOW_FLAG_MAPVALID = 0x100;
