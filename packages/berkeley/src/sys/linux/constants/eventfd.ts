/**
 * eventfd(2): flags (<sys/eventfd.h>).
 */

export const EFD_SEMAPHORE = 0x1;
export const EFD_CLOEXEC = 0x80000;
export const EFD_NONBLOCK = 0x800;
