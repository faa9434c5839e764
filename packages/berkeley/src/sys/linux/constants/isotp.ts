/**
 * ISO 15765-2 over CAN: the options at level SOL_CAN_ISOTP (<linux/can/isotp.h>).
 */

/** The general options (struct can_isotp_options). */
export const CAN_ISOTP_OPTS = 1;
/** The flow control that is asked of the sender (struct can_isotp_fc_options). */
export const CAN_ISOTP_RECV_FC = 2;
/** The least time between sent frames in nanoseconds, whatever the receiver asks for. */
export const CAN_ISOTP_TX_STMIN = 3;
/** Frames that arrive sooner than so many nanoseconds after another are ignored. */
export const CAN_ISOTP_RX_STMIN = 4;
/** The size and the kind of the frames underneath (struct can_isotp_ll_options). */
export const CAN_ISOTP_LL_OPTS = 5;

// Flags of CAN_ISOTP_OPTS
/** Only listens: sends no flow control. */
export const CAN_ISOTP_LISTEN_MODE = 0x1;
/** Extended addressing: the first byte of the data is an address. */
export const CAN_ISOTP_EXTEND_ADDR = 0x2;
/** Pads sent frames. */
export const CAN_ISOTP_TX_PADDING = 0x4;
/** Expects received frames to be padded. */
export const CAN_ISOTP_RX_PADDING = 0x8;
/** Checks the length of received padding. */
export const CAN_ISOTP_CHK_PAD_LEN = 0x10;
/** Checks the bytes of received padding. */
export const CAN_ISOTP_CHK_PAD_DATA = 0x20;
/** Does not receive while it sends, nor the other way round. */
export const CAN_ISOTP_HALF_DUPLEX = 0x40;
/** CAN_ISOTP_TX_STMIN holds, whatever the receiver asks for. */
export const CAN_ISOTP_FORCE_TXSTMIN = 0x80;
/** CAN_ISOTP_RX_STMIN holds: frames that arrive too soon are ignored. */
export const CAN_ISOTP_FORCE_RXSTMIN = 0x100;
/** Receives with an extended address of its own. */
export const CAN_ISOTP_RX_EXT_ADDR = 0x200;
/** write(2) waits until everything was sent. */
export const CAN_ISOTP_WAIT_TX_DONE = 0x400;
/** Functional addressing, 1 to many: sends single frames only. */
export const CAN_ISOTP_SF_BROADCAST = 0x800;
/** Sends several frames, 1 to many, without flow control. */
export const CAN_ISOTP_CF_BROADCAST = 0x1000;
