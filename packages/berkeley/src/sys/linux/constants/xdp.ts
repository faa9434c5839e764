/**
 * AF_XDP sockets (<linux/if_xdp.h>).
 */

// Flags of an address
/** Shares the memory of another socket. */
export const XDP_SHARED_UMEM = 0x1;
/** Forces copying. */
export const XDP_COPY = 0x2;
/** Forces that nothing is copied; fails where the driver cannot. */
export const XDP_ZEROCOPY = 0x4;
/** The rings say when the kernel must be woken (XDP_RING_NEED_WAKEUP). */
export const XDP_USE_NEED_WAKEUP = 0x8;
/** A packet may take several descriptors. */
export const XDP_USE_SG = 0x10;

// Options at level SOL_XDP
/** Where the parts of the rings are (struct xdp_mmap_offsets). Read only. */
export const XDP_MMAP_OFFSETS = 1;
/** Makes the ring of packets received, of so many descriptors. */
export const XDP_RX_RING = 2;
/** Makes the ring of packets to send, of so many descriptors. */
export const XDP_TX_RING = 3;
/** Registers the memory of the packets (struct xdp_umem_reg). */
export const XDP_UMEM_REG = 4;
/** Makes the ring of free frames to receive into, of so many entries. */
export const XDP_UMEM_FILL_RING = 5;
/** Makes the ring of frames that were sent, of so many entries. */
export const XDP_UMEM_COMPLETION_RING = 6;
/** Counters of drops and faults (struct xdp_statistics). Read only. */
export const XDP_STATISTICS = 7;
/** Which way is in effect (XDP_OPTIONS_ZEROCOPY). Read only. */
export const XDP_OPTIONS = 8;
/** How many packets one send call takes from the ring, when copying. */
export const XDP_MAX_TX_SKB_BUDGET = 9;

// Others
/** XDP_UMEM_REG: frames may lie anywhere in the memory. */
export const XDP_UMEM_UNALIGNED_CHUNK_FLAG = 1;
/** Flag of a ring: the kernel must be woken by poll(2) or sendto(2). */
export const XDP_RING_NEED_WAKEUP = 1;
/** XDP_OPTIONS: nothing is copied. */
export const XDP_OPTIONS_ZEROCOPY = 1;

// Offsets of the rings for mmap(2)
/** The ring of packets received. */
export const XDP_PGOFF_RX_RING = 0;
/** The ring of packets to send. */
export const XDP_PGOFF_TX_RING = 0x80000000;
/** The ring of free frames. */
export const XDP_UMEM_PGOFF_FILL_RING = 0x100000000;
/** The ring of frames that were sent. */
export const XDP_UMEM_PGOFF_COMPLETION_RING = 0x180000000;
