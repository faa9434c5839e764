/**
 * splice(2), tee(2) and vmsplice(2): flags (<fcntl.h>).
 */

export const SPLICE_F_MOVE = 0x1;
export const SPLICE_F_NONBLOCK = 0x2;
export const SPLICE_F_MORE = 0x4;
export const SPLICE_F_GIFT = 0x8;
