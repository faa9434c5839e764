/**
 * mmap(2): protection and flags that are alike on x64 and arm64 (<sys/mman.h>).
 */

export const PROT_NONE = 0;
export const PROT_READ = 0x1;
export const PROT_WRITE = 0x2;
export const PROT_EXEC = 0x4;
export const MAP_SHARED = 0x1;
export const MAP_PRIVATE = 0x2;
export const MAP_FIXED = 0x10;
export const MAP_ANONYMOUS = 0x20;
export const MAP_NORESERVE = 0x4000;
export const MAP_LOCKED = 0x2000;
export const MAP_POPULATE = 0x8000;
