/**
 * SAE J1939 over CAN: addresses, options and ancillary messages (<linux/can/j1939.h>).
 */

// Addresses, names and parameter groups
export const J1939_MAX_UNICAST_ADDR = 253;
export const J1939_IDLE_ADDR = 254;
export const J1939_NO_ADDR = 255;
export const J1939_NO_NAME = 0;
export const J1939_PGN_REQUEST = 59904;
export const J1939_PGN_ADDRESS_CLAIMED = 60928;
export const J1939_PGN_ADDRESS_COMMANDED = 65240;
export const J1939_PGN_PDU1_MAX = 261888;
export const J1939_PGN_MAX = 262143;
export const J1939_NO_PGN = 262144;

// Options at level SOL_CAN_J1939
export const SO_J1939_FILTER = 1;
export const SO_J1939_PROMISC = 2;
export const SO_J1939_SEND_PRIO = 3;
export const SO_J1939_ERRQUEUE = 4;

// Ancillary messages
export const SCM_J1939_DEST_ADDR = 1;
export const SCM_J1939_DEST_NAME = 2;
export const SCM_J1939_PRIO = 3;
export const SCM_J1939_ERRQUEUE = 4;

// Attributes and causes in the error queue
export const J1939_NLA_PAD = 0;
export const J1939_NLA_BYTES_ACKED = 1;
export const J1939_EE_INFO_NONE = 0;
export const J1939_EE_INFO_TX_ABORT = 1;

// The most filters
export const J1939_FILTER_MAX = 512;
