/**
 * poll(2): events (<poll.h>). Part of `berkeley/select`, not of the index.
 */

/** There is something to read. */
export const POLLIN = 0x1;
/** There is urgent data, or another exceptional condition. */
export const POLLPRI = 0x2;
/** Writing would not block. */
export const POLLOUT = 0x4;
/** An error, or nobody reads the pipe any more; always watched. */
export const POLLERR = 0x8;
/** Hung up: both directions are closed; always watched. */
export const POLLHUP = 0x10;
/** The descriptor is not open; always watched. */
export const POLLNVAL = 0x20;
/** There is normal data to read; comes with POLLIN. */
export const POLLRDNORM = 0x40;
/** There is priority data to read; hardly used. */
export const POLLRDBAND = 0x80;
/** Normal data can be written; comes with POLLOUT. */
export const POLLWRNORM = 0x100;
/** Priority data can be written. */
export const POLLWRBAND = 0x200;
/** Not used. */
export const POLLMSG = 0x400;
/** The peer has closed, or will not send any more. */
export const POLLRDHUP = 0x2000;
