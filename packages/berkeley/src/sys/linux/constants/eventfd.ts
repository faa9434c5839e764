/**
 * eventfd(2): flags (<sys/eventfd.h>).
 */

/** Each read takes 1 from the counter, instead of all of it. */
export const EFD_SEMAPHORE = 0x1;
/** Closes the descriptor in a program started by exec. */
export const EFD_CLOEXEC = 0x80000;
/** Makes the descriptor non-blocking. */
export const EFD_NONBLOCK = 0x800;
