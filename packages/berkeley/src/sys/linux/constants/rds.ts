/**
 * Reliable datagram sockets, AF_RDS (<linux/rds.h>).
 */

// Options at level SOL_RDS
export const RDS_CANCEL_SENT_TO = 1;
export const RDS_GET_MR = 2;
export const RDS_FREE_MR = 3;
export const RDS_RECVERR = 5;
export const RDS_CONG_MONITOR = 6;
export const RDS_GET_MR_FOR_DEST = 7;
export const SO_RDS_TRANSPORT = 8;
export const SO_RDS_MSG_RXPATH_LATENCY = 10;

// Transports
export const RDS_TRANS_IB = 0;
export const RDS_TRANS_GAP = 1;
export const RDS_TRANS_TCP = 2;
export const RDS_TRANS_NONE = -1;

// Ancillary messages
export const RDS_CMSG_RDMA_ARGS = 1;
export const RDS_CMSG_RDMA_DEST = 2;
export const RDS_CMSG_RDMA_MAP = 3;
export const RDS_CMSG_RDMA_STATUS = 4;
export const RDS_CMSG_CONG_UPDATE = 5;
export const RDS_CMSG_ATOMIC_FADD = 6;
export const RDS_CMSG_ATOMIC_CSWP = 7;
export const RDS_CMSG_MASKED_ATOMIC_FADD = 8;
export const RDS_CMSG_MASKED_ATOMIC_CSWP = 9;
export const RDS_CMSG_RXPATH_LATENCY = 11;
export const RDS_CMSG_ZCOPY_COOKIE = 12;
export const RDS_CMSG_ZCOPY_COMPLETION = 13;

// Flags of remote memory access
export const RDS_RDMA_READWRITE = 0x1;
export const RDS_RDMA_FENCE = 0x2;
export const RDS_RDMA_INVALIDATE = 0x4;
export const RDS_RDMA_USE_ONCE = 0x8;
export const RDS_RDMA_DONTWAIT = 0x10;
export const RDS_RDMA_NOTIFY_ME = 0x20;
export const RDS_RDMA_SILENT = 0x40;

// Results of remote memory access
export const RDS_RDMA_SUCCESS = 0;
export const RDS_RDMA_REMOTE_ERROR = 1;
export const RDS_RDMA_CANCELED = 2;
export const RDS_RDMA_DROPPED = 3;
export const RDS_RDMA_OTHER_ERROR = 4;
