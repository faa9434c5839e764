/**
 * Qualcomm's IPC router, AF_QIPCRTR (<linux/qrtr.h>).
 */

/** Every node. */
export const QRTR_NODE_BCAST = 0xffffffff;
/** The port of control messages. */
export const QRTR_PORT_CTRL = 0xfffffffe;

// Types of control messages
export const QRTR_TYPE_DATA = 1;
export const QRTR_TYPE_HELLO = 2;
export const QRTR_TYPE_BYE = 3;
export const QRTR_TYPE_NEW_SERVER = 4;
export const QRTR_TYPE_DEL_SERVER = 5;
export const QRTR_TYPE_DEL_CLIENT = 6;
export const QRTR_TYPE_RESUME_TX = 7;
export const QRTR_TYPE_EXIT = 8;
export const QRTR_TYPE_PING = 9;
export const QRTR_TYPE_NEW_LOOKUP = 10;
export const QRTR_TYPE_DEL_LOOKUP = 11;
