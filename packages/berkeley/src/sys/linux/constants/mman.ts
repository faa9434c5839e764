/**
 * mmap(2): protection, flags and, of madvise(2), advice that are alike on x64 and arm64 (<sys/mman.h>).
 */

/** The memory cannot be used. */
export const PROT_NONE = 0;
/** The memory can be read. */
export const PROT_READ = 0x1;
/** The memory can be written. */
export const PROT_WRITE = 0x2;
/** The memory can be executed. */
export const PROT_EXEC = 0x4;
/** Others who map the file see what is written. */
export const MAP_SHARED = 0x1;
/** What is written stays with this process. */
export const MAP_PRIVATE = 0x2;
/** At exactly the address given, whatever was there. */
export const MAP_FIXED = 0x10;
/** Zeroed memory, without a file. */
export const MAP_ANONYMOUS = 0x20;
/** Reserves no swap space. */
export const MAP_NORESERVE = 0x4000;
/** Locks the memory as mlock(2) does. */
export const MAP_LOCKED = 0x2000;
/** Reads the pages ahead. */
export const MAP_POPULATE = 0x8000;

/** madvise(2): gives the pages up; what is read there next is zero. */
export const MADV_DONTNEED = 4;
