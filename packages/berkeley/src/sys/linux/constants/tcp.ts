/**
 * The options of TCP at level IPPROTO_TCP (tcp(7), <linux/tcp.h>), sorted by name.
 */

/** Adds a key of the authentication option (RFC 5925). */
export const TCP_AO_ADD_KEY = 38;
/** Removes a key of the authentication option. */
export const TCP_AO_DEL_KEY = 39;
/** The keys of the authentication option. Read only. */
export const TCP_AO_GET_KEYS = 41;
/** The state and the counters of the authentication option. */
export const TCP_AO_INFO = 40;
/** The sequence numbers of the authentication option, under repair. */
export const TCP_AO_REPAIR = 42;
/** What the congestion control knows. Read only. */
export const TCP_CC_INFO = 26;
/** Ancillary message of TCP_INQ. */
export const TCP_CM_INQ = 36;
/** The congestion control, by name. */
export const TCP_CONGESTION = 13;
/** Holds partial packets back. */
export const TCP_CORK = 3;
/** Seconds for which a connection waits for data before it is accepted. */
export const TCP_DEFER_ACCEPT = 9;
/** The longest delay of an acknowledgement, in microseconds. */
export const TCP_DELACK_MAX_US = 46;
/** How many fast open requests a listener keeps waiting. */
export const TCP_FASTOPEN = 23;
/** connect(2) waits for the first send to put data in the SYN. */
export const TCP_FASTOPEN_CONNECT = 30;
/** The keys of fast open cookies. */
export const TCP_FASTOPEN_KEY = 33;
/** Fast open without a cookie. */
export const TCP_FASTOPEN_NO_COOKIE = 34;
/** Everything about the connection (`struct tcp_info`). Read only. */
export const TCP_INFO = 11;
/** Receives how many bytes are left. */
export const TCP_INQ = 36;
/** Whether the connection is multipath TCP. Read only. */
export const TCP_IS_MPTCP = 43;
/** How many probes go unanswered before the connection is dropped. */
export const TCP_KEEPCNT = 6;
/** Seconds of silence before the first probe. */
export const TCP_KEEPIDLE = 4;
/** Seconds between probes. */
export const TCP_KEEPINTVL = 5;
/** Seconds in FIN_WAIT2. */
export const TCP_LINGER2 = 8;
/** The largest segment. */
export const TCP_MAXSEG = 2;
/** A key of the MD5 signature option (RFC 2385). */
export const TCP_MD5SIG = 14;
/** TCP_MD5SIG with a prefix of addresses. */
export const TCP_MD5SIG_EXT = 32;
/** Sends small segments at once. */
export const TCP_NODELAY = 1;
/** How many unsent bytes still leave the socket writable. */
export const TCP_NOTSENT_LOWAT = 25;
/** The sequence number of a queue under repair. */
export const TCP_QUEUE_SEQ = 21;
/** Acknowledges at once. */
export const TCP_QUICKACK = 12;
/** Repair mode: the state of a connection can be read and set. */
export const TCP_REPAIR = 19;
/** The negotiated options of a connection under repair. */
export const TCP_REPAIR_OPTIONS = 22;
/** Which queue is under repair: TCP_RECV_QUEUE, TCP_SEND_QUEUE or TCP_NO_QUEUE. */
export const TCP_REPAIR_QUEUE = 20;
/** The windows of a connection under repair (struct tcp_repair_window). */
export const TCP_REPAIR_WINDOW = 29;
/** The longest retransmission timeout, in milliseconds. */
export const TCP_RTO_MAX_MS = 44;
/** The shortest retransmission timeout, in microseconds. */
export const TCP_RTO_MIN_US = 45;
/** The headers of the SYN that was saved. Read only. */
export const TCP_SAVED_SYN = 28;
/** Saves the headers of the SYN. */
export const TCP_SAVE_SYN = 27;
/** How many times a SYN is sent again. */
export const TCP_SYNCNT = 7;
/** Retransmits thin streams after one duplicate acknowledgement; without effect in today's kernels. */
export const TCP_THIN_DUPACK = 17;
/** Retransmits thin streams without doubling the timeout. */
export const TCP_THIN_LINEAR_TIMEOUTS = 16;
/** The timestamp clock. */
export const TCP_TIMESTAMP = 24;
/** A delay of sending, in microseconds. */
export const TCP_TX_DELAY = 37;
/** A protocol on top, by name: "tls". */
export const TCP_ULP = 31;
/** Milliseconds that data may stay unacknowledged. */
export const TCP_USER_TIMEOUT = 18;
/** The largest window to announce. */
export const TCP_WINDOW_CLAMP = 10;
/** Maps what was received instead of copying it. */
export const TCP_ZEROCOPY_RECEIVE = 35;

// States of a connection (`tcpi_state`, RFC 9293; the last two are Linux's own).
/** Open: data can flow both ways. */
export const TCP_ESTABLISHED = 1;
/** connect(2) has sent its SYN and waits for the answer. */
export const TCP_SYN_SENT = 2;
/** A SYN arrived and was answered. */
export const TCP_SYN_RECV = 3;
/** This end has closed; its FIN is not acknowledged yet. */
export const TCP_FIN_WAIT1 = 4;
/** This end has closed and the peer knows; it has not closed yet. */
export const TCP_FIN_WAIT2 = 5;
/** Both ends have closed; late packets are waited for. */
export const TCP_TIME_WAIT = 6;
/** Not connected. */
export const TCP_CLOSE = 7;
/** The peer has closed; this end has not. */
export const TCP_CLOSE_WAIT = 8;
/** Both ends have closed; this end's FIN is not acknowledged yet. */
export const TCP_LAST_ACK = 9;
/** Listening for connections. */
export const TCP_LISTEN = 10;
/** Both ends have closed at the same time. */
export const TCP_CLOSING = 11;
/** A connection request within the kernel, which is no full socket yet. */
export const TCP_NEW_SYN_RECV = 12;
/** Bound but neither listening nor connected; a pseudo-state of sock_diag(7). */
export const TCP_BOUND_INACTIVE = 13;

// States of the congestion control (`tcpi_ca_state`).
/** All is well. */
export const TCP_CA_Open = 0;
/** Duplicate or selective acknowledgements have come; nothing is held for lost yet. */
export const TCP_CA_Disorder = 1;
/** The window is being reduced, upon ECN or local congestion. */
export const TCP_CA_CWR = 2;
/** The window was reduced and lost segments are sent again (fast retransmit). */
export const TCP_CA_Recovery = 3;
/** The window was reduced after a retransmission timeout. */
export const TCP_CA_Loss = 4;

// Flags of `tcpi_options`.
/** Timestamps are in use (RFC 7323). */
export const TCPI_OPT_TIMESTAMPS = 1;
/** Selective acknowledgements are in use (RFC 2018). */
export const TCPI_OPT_SACK = 2;
/** Window scaling is in use (RFC 7323). */
export const TCPI_OPT_WSCALE = 4;
/** Explicit congestion notification was negotiated (RFC 3168). */
export const TCPI_OPT_ECN = 8;
/** A packet with an ECN mark has been received. */
export const TCPI_OPT_ECN_SEEN = 16;
/** The data in the SYN was acknowledged or accepted (fast open). */
export const TCPI_OPT_SYN_DATA = 32;
/** Timestamps count microseconds. */
export const TCPI_OPT_USEC_TS = 64;
/** The connection was accepted by fast open. */
export const TCPI_OPT_TFO_CHILD = 128;

// Values of `tcpi_fastopen_client_fail`.
/** No particular reason. */
export const TFO_STATUS_UNSPEC = 0;
/** There was no cookie for the server. */
export const TFO_COOKIE_UNAVAILABLE = 1;
/** The answer to the SYN did not acknowledge its data. */
export const TFO_DATA_NOT_ACKED = 2;
/** The SYN was sent again, and the answer did not acknowledge its data. */
export const TFO_SYN_RETRANSMITTED = 3;

// Values of TCP_REPAIR and TCP_REPAIR_QUEUE.
/** TCP_REPAIR: begins the repair. */
export const TCP_REPAIR_ON = 1;
/** TCP_REPAIR: ends the repair and sends a window probe. */
export const TCP_REPAIR_OFF = 0;
/** TCP_REPAIR: ends the repair without a window probe. */
export const TCP_REPAIR_OFF_NO_WP = -1;
/** TCP_REPAIR_QUEUE: neither queue. */
export const TCP_NO_QUEUE = 0;
/** TCP_REPAIR_QUEUE: what was received and not read. */
export const TCP_RECV_QUEUE = 1;
/** TCP_REPAIR_QUEUE: what is to be sent or acknowledged. */
export const TCP_SEND_QUEUE = 2;

// Keys and their flags.
/** The longest key of TCP_MD5SIG, in bytes. */
export const TCP_MD5SIG_MAXKEYLEN = 80;
/** TCP_MD5SIG_EXT: the key has a prefix length. */
export const TCP_MD5SIG_FLAG_PREFIX = 1;
/** TCP_MD5SIG_EXT: the key is for one interface, by index. */
export const TCP_MD5SIG_FLAG_IFINDEX = 2;
/** The longest key of TCP_AO_ADD_KEY, in bytes. */
export const TCP_AO_MAXKEYLEN = 80;
/** The key is for one layer 3 interface, by index. */
export const TCP_AO_KEYF_IFINDEX = 1;
/** The signature leaves the other TCP options out. */
export const TCP_AO_KEYF_EXCLUDE_OPT = 2;
/** TCP_ZEROCOPY_RECEIVE: nothing is mapped there, so the kernel need not unmap first. */
export const TCP_RECEIVE_ZEROCOPY_FLAG_TLB_CLEAN_HINT = 1;

// Segment sizes
/** Bytes of a segment where the peer names no size (RFC 1122). */
export const TCP_MSS_DEFAULT = 536;
/** Bytes of a segment that fit IPv6's least MTU of 1280. */
export const TCP_MSS_DESIRED = 1220;

// Attributes of SCM_TIMESTAMPING_OPT_STATS.
/** Padding. */
export const TCP_NLA_PAD = 0;
/** Microseconds spent sending. */
export const TCP_NLA_BUSY = 1;
/** Microseconds in which the peer's window held sending back. */
export const TCP_NLA_RWND_LIMITED = 2;
/** Microseconds in which the send buffer held sending back. */
export const TCP_NLA_SNDBUF_LIMITED = 3;
/** Segments with data sent, retransmissions included. */
export const TCP_NLA_DATA_SEGS_OUT = 4;
/** Segments with data sent again. */
export const TCP_NLA_TOTAL_RETRANS = 5;
/** Pacing rate in bytes a second. */
export const TCP_NLA_PACING_RATE = 6;
/** Delivery rate in bytes a second. */
export const TCP_NLA_DELIVERY_RATE = 7;
/** Congestion window in segments. */
export const TCP_NLA_SND_CWND = 8;
/** Reordering metric in segments. */
export const TCP_NLA_REORDERING = 9;
/** Least round-trip time in microseconds. */
export const TCP_NLA_MIN_RTT = 10;
/** Recurring retransmissions of the current segment. */
export const TCP_NLA_RECUR_RETRANS = 11;
/** Whether the program held the delivery rate down. */
export const TCP_NLA_DELIVERY_RATE_APP_LMT = 12;
/** Bytes in the send queue. */
export const TCP_NLA_SNDQ_SIZE = 13;
/** State of the congestion control (TCP_CA_*). */
export const TCP_NLA_CA_STATE = 14;
/** Slow start threshold in segments. */
export const TCP_NLA_SND_SSTHRESH = 15;
/** Segments with data delivered, out of order included. */
export const TCP_NLA_DELIVERED = 16;
/** Segments delivered with a mark of congestion (ECN). */
export const TCP_NLA_DELIVERED_CE = 17;
/** Bytes of data sent, retransmissions included. */
export const TCP_NLA_BYTES_SENT = 18;
/** Bytes of data sent again. */
export const TCP_NLA_BYTES_RETRANS = 19;
/** Reports of duplicates received (DSACK, RFC 2883). */
export const TCP_NLA_DSACK_DUPS = 20;
/** Events of reordering seen. */
export const TCP_NLA_REORD_SEEN = 21;
/** Smoothed round-trip time in microseconds. */
export const TCP_NLA_SRTT = 22;
/** New flow hashes upon timeouts. */
export const TCP_NLA_TIMEOUT_REHASH = 23;
/** Bytes in the send queue that were never sent. */
export const TCP_NLA_BYTES_NOTSENT = 24;
/** Earliest departure time (CLOCK_MONOTONIC) in nanoseconds. */
export const TCP_NLA_EDT = 25;
/** TTL or hop limit of the packet received. */
export const TCP_NLA_TTL = 26;
/** New flow hashes upon timeouts and upon path congestion (PLB). */
export const TCP_NLA_REHASH = 27;
