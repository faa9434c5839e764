/**
 * prctl(2): what a process asks of the kernel for itself (<sys/prctl.h>).
 */

/** The signal that the process gets when the thread that made it ends. */
export const PR_SET_PDEATHSIG = 1;
