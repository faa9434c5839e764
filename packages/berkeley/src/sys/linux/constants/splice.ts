/**
 * splice(2), tee(2) and vmsplice(2): flags (<fcntl.h>).
 */

/** Moves pages instead of copying them; without effect since Linux 2.6.21. */
export const SPLICE_F_MOVE = 0x1;
/** Does not block on the pipe. */
export const SPLICE_F_NONBLOCK = 0x2;
/** More data will follow (MSG_MORE). */
export const SPLICE_F_MORE = 0x4;
/** vmsplice(2): gives the pages to the kernel, not to be changed any more. */
export const SPLICE_F_GIFT = 0x8;
