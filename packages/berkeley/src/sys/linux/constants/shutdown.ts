/**
 * What shutdown(2) closes.
 */

/** No more receiving. */
export const SHUT_RD = 0;
/** No more sending; the peer reads the end of the stream. */
export const SHUT_WR = 1;
/** Both. */
export const SHUT_RDWR = 2;
