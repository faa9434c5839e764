/**
 * Reliable datagram sockets, AF_RDS (<linux/rds.h>).
 */

// Options at level SOL_RDS
/** Drops what is still to be sent to an address. */
export const RDS_CANCEL_SENT_TO = 1;
/** Registers memory for remote access and gives its cookie. */
export const RDS_GET_MR = 2;
/** Ends a registration of memory. */
export const RDS_FREE_MR = 3;
/** Reports failed remote memory access by RDS_CMSG_RDMA_STATUS. */
export const RDS_RECVERR = 5;
/** Reports ports that are no longer congested by RDS_CMSG_CONG_UPDATE. */
export const RDS_CONG_MONITOR = 6;
/** RDS_GET_MR for one destination. */
export const RDS_GET_MR_FOR_DEST = 7;
/** The transport (RDS_TRANS_*). */
export const SO_RDS_TRANSPORT = 8;
/** Measures the way of each received message (RDS_CMSG_RXPATH_LATENCY). */
export const SO_RDS_MSG_RXPATH_LATENCY = 10;

// Transports
/** InfiniBand. */
export const RDS_TRANS_IB = 0;
/** No transport: a gap in the numbers, which was iWARP. */
export const RDS_TRANS_GAP = 1;
/** TCP. */
export const RDS_TRANS_TCP = 2;
/** None, or not chosen yet. */
export const RDS_TRANS_NONE = -1;

// Ancillary messages
/** Sent: asks for a transfer between memories (struct rds_rdma_args). */
export const RDS_CMSG_RDMA_ARGS = 1;
/** The memory that the peer is to access, by its cookie. */
export const RDS_CMSG_RDMA_DEST = 2;
/** Sent: registers memory and tells the peer its cookie. */
export const RDS_CMSG_RDMA_MAP = 3;
/** Received: the result of a transfer (RDS_RDMA_*). */
export const RDS_CMSG_RDMA_STATUS = 4;
/** Received: ports that are no longer congested, a bit each. */
export const RDS_CMSG_CONG_UPDATE = 5;
/** Sent: fetches and adds in the peer's memory. */
export const RDS_CMSG_ATOMIC_FADD = 6;
/** Sent: compares and swaps in the peer's memory. */
export const RDS_CMSG_ATOMIC_CSWP = 7;
/** RDS_CMSG_ATOMIC_FADD with a mask. */
export const RDS_CMSG_MASKED_ATOMIC_FADD = 8;
/** RDS_CMSG_ATOMIC_CSWP with masks. */
export const RDS_CMSG_MASKED_ATOMIC_CSWP = 9;
/** Received: how long the message took at each stage, in nanoseconds. */
export const RDS_CMSG_RXPATH_LATENCY = 11;
/** Sent: the program's cookie of a message sent by MSG_ZEROCOPY. */
export const RDS_CMSG_ZCOPY_COOKIE = 12;
/** Received: the cookies of messages whose memory is free again. */
export const RDS_CMSG_ZCOPY_COMPLETION = 13;

// Flags of remote memory access
/** Writes into the peer's memory, instead of reading; of a registration: allows both. */
export const RDS_RDMA_READWRITE = 0x1;
/** Waits for the transfer before the message is sent. */
export const RDS_RDMA_FENCE = 0x2;
/** Makes the key invalid when the registration ends. */
export const RDS_RDMA_INVALIDATE = 0x4;
/** Ends the registration after one use. */
export const RDS_RDMA_USE_ONCE = 0x8;
/** Does not wait at a barrier, an option (RDS_BARRIER) that is gone. */
export const RDS_RDMA_DONTWAIT = 0x10;
/** Tells when the transfer is done, by RDS_CMSG_RDMA_STATUS. */
export const RDS_RDMA_NOTIFY_ME = 0x20;
/** Does not interrupt the peer. */
export const RDS_RDMA_SILENT = 0x40;

// Results of remote memory access
/** It worked. */
export const RDS_RDMA_SUCCESS = 0;
/** The peer's side failed. */
export const RDS_RDMA_REMOTE_ERROR = 1;
/** It was cancelled (RDS_CANCEL_SENT_TO). */
export const RDS_RDMA_CANCELED = 2;
/** It was dropped after the connection was lost. */
export const RDS_RDMA_DROPPED = 3;
/** Another error. */
export const RDS_RDMA_OTHER_ERROR = 4;
