/**
 * The broadcast manager of controller area networks, CAN_BCM (<linux/can/bcm.h>); Python prefixes the
 * header's names with CAN_BCM_.
 */

// Operations
/** Begins to send frames, cyclically if asked. */
export const CAN_BCM_TX_SETUP = 1;
/** Ends what CAN_BCM_TX_SETUP began. */
export const CAN_BCM_TX_DELETE = 2;
/** Asks for the properties of a sending task. */
export const CAN_BCM_TX_READ = 3;
/** Sends one frame. */
export const CAN_BCM_TX_SEND = 4;
/** Begins to watch frames for changes. */
export const CAN_BCM_RX_SETUP = 5;
/** Ends what CAN_BCM_RX_SETUP began. */
export const CAN_BCM_RX_DELETE = 6;
/** Asks for the properties of a watch. */
export const CAN_BCM_RX_READ = 7;
/** Answers CAN_BCM_TX_READ. */
export const CAN_BCM_TX_STATUS = 8;
/** Tells that the counted frames were sent. */
export const CAN_BCM_TX_EXPIRED = 9;
/** Answers CAN_BCM_RX_READ. */
export const CAN_BCM_RX_STATUS = 10;
/** Tells that a cyclic frame is missing. */
export const CAN_BCM_RX_TIMEOUT = 11;
/** Tells that a frame arrived first, or changed. */
export const CAN_BCM_RX_CHANGED = 12;

// Flags
/** Sets the intervals and the count. */
export const CAN_BCM_SETTIMER = 0x1;
/** Starts the timer with the intervals and the count. */
export const CAN_BCM_STARTTIMER = 0x2;
/** Sends CAN_BCM_TX_EXPIRED when the count is over. */
export const CAN_BCM_TX_COUNTEVT = 0x4;
/** Sends a change of the data at once, not at the next interval. */
export const CAN_BCM_TX_ANNOUNCE = 0x8;
/** Copies the identifier of the head into every frame. */
export const CAN_BCM_TX_CP_CAN_ID = 0x10;
/** Watches the identifier alone, not the data. */
export const CAN_BCM_RX_FILTER_ID = 0x20;
/** A change of the length counts as a change. */
export const CAN_BCM_RX_CHECK_DLC = 0x40;
/** Does not start the timer that finds missing frames by itself. */
export const CAN_BCM_RX_NO_AUTOTIMER = 0x80;
/** Tells when a frame is back after CAN_BCM_RX_TIMEOUT, though unchanged. */
export const CAN_BCM_RX_ANNOUNCE_RESUME = 0x100;
/** Begins a sequence of frames anew. */
export const CAN_BCM_TX_RESET_MULTI_IDX = 0x200;
/** Answers a remote request with the frame given. */
export const CAN_BCM_RX_RTR_FRAME = 0x400;
/** The frames that follow are CAN FD frames. */
export const CAN_BCM_CAN_FD_FRAME = 0x800;
