/**
 * Controller area network: protocols, identifiers, and the options of raw sockets (<linux/can.h>,
 * <linux/can/raw.h>).
 */

// Protocols
/** Raw frames. */
export const CAN_RAW = 1;
/** Broadcast manager: cyclic sending, filtered receiving. */
export const CAN_BCM = 2;
/** VAG transport protocol 1.6; not in the kernel. */
export const CAN_TP16 = 3;
/** VAG transport protocol 2.0; not in the kernel. */
export const CAN_TP20 = 4;
/** Bosch MCNet; not in the kernel. */
export const CAN_MCNET = 5;
/** ISO 15765-2 transport protocol. */
export const CAN_ISOTP = 6;
/** SAE J1939. */
export const CAN_J1939 = 7;

// Flags and masks of an identifier
/** An identifier of 29 bits. */
export const CAN_EFF_FLAG = 0x80000000;
/** A request for a frame. */
export const CAN_RTR_FLAG = 0x40000000;
/** An error frame. */
export const CAN_ERR_FLAG = 0x20000000;
/** The bits of a standard identifier: 11. */
export const CAN_SFF_MASK = 0x7ff;
/** The bits of an extended identifier: 29. */
export const CAN_EFF_MASK = 0x1fffffff;
/** The bits of an error frame's identifier: its error classes. */
export const CAN_ERR_MASK = 0x1fffffff;
/** In the identifier of a filter: passes what does not match. */
export const CAN_INV_FILTER = 0x20000000;

// Sizes
/** The most data of a classic frame, in bytes. */
export const CAN_MAX_DLEN = 8;
/** The most data of a CAN FD frame, in bytes. */
export const CANFD_MAX_DLEN = 64;
/** The least data of a CAN XL frame, in bytes. */
export const CANXL_MIN_DLEN = 1;
/** The most data of a CAN XL frame, in bytes. */
export const CANXL_MAX_DLEN = 2048;
/** Bytes of a struct can_frame. */
export const CAN_MTU = 16;
/** Bytes of a struct canfd_frame. */
export const CANFD_MTU = 72;
/** Bytes of a struct canxl_frame. */
export const CANXL_MTU = 2060;

// Flags of a CAN FD and of a CAN XL frame
/** Bit rate switch: the data goes at the second, faster rate. */
export const CANFD_BRS = 0x1;
/** Error state indicator: the sender is error passive. */
export const CANFD_ESI = 0x2;
/** Marks CAN FD where the structure holds both kinds of frames. */
export const CANFD_FDF = 0x4;
/** Marks CAN XL; always set. */
export const CANXL_XLF = 0x80;
/** Simple extended content: security or segmentation. */
export const CANXL_SEC = 0x1;

// Options of raw sockets, at level SOL_CAN_RAW
/** The filters of what is received. */
export const CAN_RAW_FILTER = 1;
/** Which error frames are received. */
export const CAN_RAW_ERR_FILTER = 2;
/** Whether other sockets of this machine receive what is sent. */
export const CAN_RAW_LOOPBACK = 3;
/** Whether this socket receives what it sent. */
export const CAN_RAW_RECV_OWN_MSGS = 4;
/** Receives CAN FD frames. */
export const CAN_RAW_FD_FRAMES = 5;
/** A frame must pass all filters. */
export const CAN_RAW_JOIN_FILTERS = 6;
/** Receives CAN XL frames. */
export const CAN_RAW_XL_FRAMES = 7;
/** Virtual network identifiers of CAN XL. */
export const CAN_RAW_XL_VCID_OPTS = 8;
/** The most filters. */
export const CAN_RAW_FILTER_MAX = 512;
