/**
 * The broadcast manager of controller area networks, CAN_BCM (<linux/can/bcm.h>); Python prefixes the
 * header's names with CAN_BCM_.
 */

// Operations
export const CAN_BCM_TX_SETUP = 1;
export const CAN_BCM_TX_DELETE = 2;
export const CAN_BCM_TX_READ = 3;
export const CAN_BCM_TX_SEND = 4;
export const CAN_BCM_RX_SETUP = 5;
export const CAN_BCM_RX_DELETE = 6;
export const CAN_BCM_RX_READ = 7;
export const CAN_BCM_TX_STATUS = 8;
export const CAN_BCM_TX_EXPIRED = 9;
export const CAN_BCM_RX_STATUS = 10;
export const CAN_BCM_RX_TIMEOUT = 11;
export const CAN_BCM_RX_CHANGED = 12;

// Flags
export const CAN_BCM_SETTIMER = 0x1;
export const CAN_BCM_STARTTIMER = 0x2;
export const CAN_BCM_TX_COUNTEVT = 0x4;
export const CAN_BCM_TX_ANNOUNCE = 0x8;
export const CAN_BCM_TX_CP_CAN_ID = 0x10;
export const CAN_BCM_RX_FILTER_ID = 0x20;
export const CAN_BCM_RX_CHECK_DLC = 0x40;
export const CAN_BCM_RX_NO_AUTOTIMER = 0x80;
export const CAN_BCM_RX_ANNOUNCE_RESUME = 0x100;
export const CAN_BCM_TX_RESET_MULTI_IDX = 0x200;
export const CAN_BCM_RX_RTR_FRAME = 0x400;
export const CAN_BCM_CAN_FD_FRAME = 0x800;
