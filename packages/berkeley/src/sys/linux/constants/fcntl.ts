/**
 * fcntl(2) and open(2): commands and flags that are alike on x64 and arm64 (<fcntl.h>). O_DIRECT,
 * O_DIRECTORY, O_LARGEFILE and O_NOFOLLOW are not, and are left out.
 */

// Commands
/** Duplicates the descriptor, to the lowest free number from the argument on. */
export const F_DUPFD = 0;
/** Reads the descriptor flags (FD_CLOEXEC). */
export const F_GETFD = 1;
/** Sets the descriptor flags (FD_CLOEXEC). */
export const F_SETFD = 2;
/** Reads the file's access mode and status flags (O_*). */
export const F_GETFL = 3;
/** Sets the file's status flags (O_*). */
export const F_SETFL = 4;
/** Sets who gets SIGIO and SIGURG: a process, or a group by its negative number. */
export const F_SETOWN = 8;
/** Reads who gets SIGIO and SIGURG. */
export const F_GETOWN = 9;
/** Sets the signal that is sent instead of SIGIO; 0 is SIGIO. */
export const F_SETSIG = 10;
/** Reads the signal that is sent instead of SIGIO. */
export const F_GETSIG = 11;
/** F_SETOWN with the kind of owner (struct f_owner_ex). */
export const F_SETOWN_EX = 15;
/** F_GETOWN with the kind of owner (struct f_owner_ex). */
export const F_GETOWN_EX = 16;
/** F_DUPFD with FD_CLOEXEC. */
export const F_DUPFD_CLOEXEC = 1030;
/** Sets the capacity of a pipe in bytes. */
export const F_SETPIPE_SZ = 1031;
/** Reads the capacity of a pipe in bytes. */
export const F_GETPIPE_SZ = 1032;
/** Adds seals to a file of memory (memfd_create(2)). */
export const F_ADD_SEALS = 1033;
/** Reads the seals of a file of memory. */
export const F_GET_SEALS = 1034;

// Descriptor flag
/** Closes the descriptor in a program started by exec. */
export const FD_CLOEXEC = 1;

// Kinds of owner
/** A thread. */
export const F_OWNER_TID = 0;
/** A process. */
export const F_OWNER_PID = 1;
/** A process group. */
export const F_OWNER_PGRP = 2;

// Flags of open(2), and of the file
/** Opens for reading. */
export const O_RDONLY = 0;
/** Opens for writing. */
export const O_WRONLY = 0x1;
/** Opens for reading and writing. */
export const O_RDWR = 0x2;
/** The bits of the three access modes. */
export const O_ACCMODE = 0x3;
/** Makes the file if it is not there. */
export const O_CREAT = 0x40;
/** With O_CREAT: fails if the file is there. */
export const O_EXCL = 0x80;
/** A terminal does not become the controlling one. */
export const O_NOCTTY = 0x100;
/** Empties the file. */
export const O_TRUNC = 0x200;
/** Each write goes to the end of the file. */
export const O_APPEND = 0x400;
/** Does not block. */
export const O_NONBLOCK = 0x800;
/** A write waits until the data is on the device. */
export const O_DSYNC = 0x1000;
/** Sends SIGIO when reading or writing becomes possible. */
export const O_ASYNC = 0x2000;
/** Reading does not change the access time. */
export const O_NOATIME = 0x40000;
/** Closes the descriptor in a program started by exec. */
export const O_CLOEXEC = 0x80000;
/** A write waits until the data and all metadata are on the device. */
export const O_SYNC = 0x101000;
/** Only names the file; it cannot be read or written. */
export const O_PATH = 0x200000;
