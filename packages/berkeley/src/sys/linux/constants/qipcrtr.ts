/**
 * Qualcomm's IPC router, AF_QIPCRTR (<linux/qrtr.h>).
 */

/** Every node. */
export const QRTR_NODE_BCAST = 0xffffffff;
/** The port of control messages. */
export const QRTR_PORT_CTRL = 0xfffffffe;

// Types of control messages
/** Data, which is no control message. */
export const QRTR_TYPE_DATA = 1;
/** A node greets. */
export const QRTR_TYPE_HELLO = 2;
/** A node leaves. */
export const QRTR_TYPE_BYE = 3;
/** A service is there. */
export const QRTR_TYPE_NEW_SERVER = 4;
/** A service is gone. */
export const QRTR_TYPE_DEL_SERVER = 5;
/** A client is gone. */
export const QRTR_TYPE_DEL_CLIENT = 6;
/** Sending to a port may go on. */
export const QRTR_TYPE_RESUME_TX = 7;
/** A number of the protocol; Linux does nothing upon it. */
export const QRTR_TYPE_EXIT = 8;
/** A number of the protocol; Linux does nothing upon it. */
export const QRTR_TYPE_PING = 9;
/** Asks to be told of a service. */
export const QRTR_TYPE_NEW_LOOKUP = 10;
/** Asks to be told of it no longer. */
export const QRTR_TYPE_DEL_LOOKUP = 11;
