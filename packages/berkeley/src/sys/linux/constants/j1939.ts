/**
 * SAE J1939 over CAN: addresses, options and ancillary messages (<linux/can/j1939.h>).
 */

// Addresses, names and parameter groups
/** The highest address of one node. */
export const J1939_MAX_UNICAST_ADDR = 253;
/** The address of a node that could not claim one. */
export const J1939_IDLE_ADDR = 254;
/** No address; as a destination, every node. */
export const J1939_NO_ADDR = 255;
/** No name. */
export const J1939_NO_NAME = 0;
/** Parameter group: requests another one. */
export const J1939_PGN_REQUEST = 59904;
/** Parameter group: claims an address. */
export const J1939_PGN_ADDRESS_CLAIMED = 60928;
/** Parameter group: commands a node to take an address. */
export const J1939_PGN_ADDRESS_COMMANDED = 65240;
/** The mask of a parameter group with a destination address: its low 8 bits are 0. */
export const J1939_PGN_PDU1_MAX = 261888;
/** The highest parameter group. */
export const J1939_PGN_MAX = 262143;
/** No parameter group. */
export const J1939_NO_PGN = 262144;

// Options at level SOL_CAN_J1939
/** The filters of what is received (struct j1939_filter). */
export const SO_J1939_FILTER = 1;
/** Receives what is for other nodes too. */
export const SO_J1939_PROMISC = 2;
/** The priority of what is sent, 0 to 7; 0 is the highest. */
export const SO_J1939_SEND_PRIO = 3;
/** Reports the progress of sending and receiving in the error queue. */
export const SO_J1939_ERRQUEUE = 4;

// Ancillary messages
/** The address that the message was sent to. */
export const SCM_J1939_DEST_ADDR = 1;
/** The name that the message was sent to. */
export const SCM_J1939_DEST_NAME = 2;
/** The priority of the message. */
export const SCM_J1939_PRIO = 3;
/** The error queue's entry; its attributes J1939_NLA_* are in SCM_TIMESTAMPING_OPT_STATS. */
export const SCM_J1939_ERRQUEUE = 4;

// Attributes and causes in the error queue
/** Attribute: padding. */
export const J1939_NLA_PAD = 0;
/** Attribute: how many bytes the peer has acknowledged. */
export const J1939_NLA_BYTES_ACKED = 1;
/** Cause: nothing in particular. */
export const J1939_EE_INFO_NONE = 0;
/** Cause: sending was aborted. */
export const J1939_EE_INFO_TX_ABORT = 1;

// The most filters
/** How many filters SO_J1939_FILTER takes. */
export const J1939_FILTER_MAX = 512;
