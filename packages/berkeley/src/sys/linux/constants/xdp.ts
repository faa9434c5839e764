/**
 * AF_XDP sockets (<linux/if_xdp.h>).
 */

// Flags of an address
export const XDP_SHARED_UMEM = 0x1;
export const XDP_COPY = 0x2;
export const XDP_ZEROCOPY = 0x4;
export const XDP_USE_NEED_WAKEUP = 0x8;
export const XDP_USE_SG = 0x10;

// Options at level SOL_XDP
export const XDP_MMAP_OFFSETS = 1;
export const XDP_RX_RING = 2;
export const XDP_TX_RING = 3;
export const XDP_UMEM_REG = 4;
export const XDP_UMEM_FILL_RING = 5;
export const XDP_UMEM_COMPLETION_RING = 6;
export const XDP_STATISTICS = 7;
export const XDP_OPTIONS = 8;
export const XDP_MAX_TX_SKB_BUDGET = 9;

// Others
export const XDP_UMEM_UNALIGNED_CHUNK_FLAG = 1;
export const XDP_RING_NEED_WAKEUP = 1;
export const XDP_OPTIONS_ZEROCOPY = 1;

// Offsets of the rings for mmap(2)
export const XDP_PGOFF_RX_RING = 0;
export const XDP_PGOFF_TX_RING = 0x80000000;
export const XDP_UMEM_PGOFF_FILL_RING = 0x100000000;
export const XDP_UMEM_PGOFF_COMPLETION_RING = 0x180000000;
