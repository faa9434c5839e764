/**
 * epoll(7): events, operations, flags (<sys/epoll.h>). Part of `berkeley/select`, not of the index.
 */

// Events
/** There is something to read. */
export const EPOLLIN = 0x1;
/** There is urgent data, or another exceptional condition. */
export const EPOLLPRI = 0x2;
/** Writing would not block. */
export const EPOLLOUT = 0x4;
/** An error; always watched. */
export const EPOLLERR = 0x8;
/** Hung up: both directions are closed; always watched. */
export const EPOLLHUP = 0x10;
/** Named by the kernel's header; epoll does not report it. */
export const EPOLLNVAL = 0x20;
/** There is normal data to read; comes with EPOLLIN. */
export const EPOLLRDNORM = 0x40;
/** There is priority data to read; hardly used. */
export const EPOLLRDBAND = 0x80;
/** Normal data can be written; comes with EPOLLOUT. */
export const EPOLLWRNORM = 0x100;
/** Priority data can be written. */
export const EPOLLWRBAND = 0x200;
/** Not used. */
export const EPOLLMSG = 0x400;
/** The peer has closed, or will not send any more. */
export const EPOLLRDHUP = 0x2000;

// How to watch
/** Wakes one or a few, not all, of the epoll descriptors that watch the file. */
export const EPOLLEXCLUSIVE = 0x10000000;
/** Keeps the system from suspending while the event is handled; needs CAP_BLOCK_SUSPEND. */
export const EPOLLWAKEUP = 0x20000000;
/** Reports once, then rests until EPOLL_CTL_MOD. */
export const EPOLLONESHOT = 0x40000000;
/** Reports changes, not states: edge-triggered. */
export const EPOLLET = 0x80000000;

// Operations
/** Begins to watch a descriptor. */
export const EPOLL_CTL_ADD = 1;
/** Ends watching a descriptor. */
export const EPOLL_CTL_DEL = 2;
/** Changes what is watched of a descriptor. */
export const EPOLL_CTL_MOD = 3;

// Flag of epoll_create1
/** Closes the descriptor in a program started by exec. */
export const EPOLL_CLOEXEC = 0x80000;
