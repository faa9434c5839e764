/**
 * SCTP: the options at level SOL_SCTP, ancillary messages and flags (sctp(7), RFC 6458, <linux/sctp.h>).
 */

// The options
export const SCTP_RTOINFO = 0;
export const SCTP_ASSOCINFO = 1;
export const SCTP_INITMSG = 2;
export const SCTP_NODELAY = 3;
export const SCTP_AUTOCLOSE = 4;
export const SCTP_SET_PEER_PRIMARY_ADDR = 5;
export const SCTP_PRIMARY_ADDR = 6;
export const SCTP_ADAPTATION_LAYER = 7;
export const SCTP_DISABLE_FRAGMENTS = 8;
export const SCTP_PEER_ADDR_PARAMS = 9;
export const SCTP_DEFAULT_SEND_PARAM = 10;
export const SCTP_EVENTS = 11;
export const SCTP_I_WANT_MAPPED_V4_ADDR = 12;
export const SCTP_MAXSEG = 13;
export const SCTP_STATUS = 14;
export const SCTP_GET_PEER_ADDR_INFO = 15;
export const SCTP_DELAYED_SACK = 16;
export const SCTP_CONTEXT = 17;
export const SCTP_FRAGMENT_INTERLEAVE = 18;
export const SCTP_PARTIAL_DELIVERY_POINT = 19;
export const SCTP_MAX_BURST = 20;
export const SCTP_AUTH_CHUNK = 21;
export const SCTP_HMAC_IDENT = 22;
export const SCTP_AUTH_KEY = 23;
export const SCTP_AUTH_ACTIVE_KEY = 24;
export const SCTP_AUTH_DELETE_KEY = 25;
export const SCTP_PEER_AUTH_CHUNKS = 26;
export const SCTP_LOCAL_AUTH_CHUNKS = 27;
export const SCTP_GET_ASSOC_NUMBER = 28;
export const SCTP_GET_ASSOC_ID_LIST = 29;
export const SCTP_AUTO_ASCONF = 30;
export const SCTP_PEER_ADDR_THLDS = 31;
export const SCTP_RECVRCVINFO = 32;
export const SCTP_RECVNXTINFO = 33;
export const SCTP_DEFAULT_SNDINFO = 34;
export const SCTP_AUTH_DEACTIVATE_KEY = 35;
export const SCTP_REUSE_PORT = 36;
export const SCTP_PEER_ADDR_THLDS_V2 = 37;
export const SCTP_SOCKOPT_BINDX_ADD = 100;
export const SCTP_SOCKOPT_BINDX_REM = 101;
export const SCTP_SOCKOPT_PEELOFF = 102;
export const SCTP_SOCKOPT_CONNECTX = 110;
export const SCTP_GET_PEER_ADDRS = 108;
export const SCTP_GET_LOCAL_ADDRS = 109;
export const SCTP_GET_ASSOC_STATS = 112;
export const SCTP_PR_SUPPORTED = 113;
export const SCTP_DEFAULT_PRINFO = 114;
export const SCTP_PR_ASSOC_STATUS = 115;
export const SCTP_PR_STREAM_STATUS = 116;
export const SCTP_RECONFIG_SUPPORTED = 117;
export const SCTP_ENABLE_STREAM_RESET = 118;
export const SCTP_RESET_STREAMS = 119;
export const SCTP_RESET_ASSOC = 120;
export const SCTP_ADD_STREAMS = 121;
export const SCTP_SOCKOPT_PEELOFF_FLAGS = 122;
export const SCTP_STREAM_SCHEDULER = 123;
export const SCTP_STREAM_SCHEDULER_VALUE = 124;
export const SCTP_INTERLEAVING_SUPPORTED = 125;
export const SCTP_SENDMSG_CONNECT = 126;
export const SCTP_EVENT = 127;
export const SCTP_ASCONF_SUPPORTED = 128;
export const SCTP_AUTH_SUPPORTED = 129;
export const SCTP_ECN_SUPPORTED = 130;
export const SCTP_EXPOSE_POTENTIALLY_FAILED_STATE = 131;
export const SCTP_REMOTE_UDP_ENCAPS_PORT = 132;
export const SCTP_PLPMTUD_PROBE_INTERVAL = 133;

// Ancillary messages
export const SCTP_INIT = 0;
export const SCTP_SNDRCV = 1;
export const SCTP_SNDINFO = 2;
export const SCTP_RCVINFO = 3;
export const SCTP_NXTINFO = 4;
export const SCTP_PRINFO = 5;
export const SCTP_AUTHINFO = 6;
export const SCTP_DSTADDRV4 = 7;
export const SCTP_DSTADDRV6 = 8;

// Flags of a message sent or received
export const SCTP_UNORDERED = 0x1;
export const SCTP_ADDR_OVER = 0x2;
export const SCTP_ABORT = 0x4;
export const SCTP_SACK_IMMEDIATELY = 0x8;
export const SCTP_SENDALL = 0x40;
export const SCTP_PR_SCTP_ALL = 0x80;
export const SCTP_NOTIFICATION = 0x8000;
export const SCTP_EOF = 0x200;

// Policies of partial reliability (RFC 7496)
export const SCTP_PR_SCTP_NONE = 0;
export const SCTP_PR_SCTP_TTL = 0x10;
export const SCTP_PR_SCTP_RTX = 0x20;
export const SCTP_PR_SCTP_PRIO = 0x30;
export const SCTP_PR_SCTP_MASK = 0x30;

// Flag of recvmsg(2): the message is a notification.
export const MSG_NOTIFICATION = 0x8000;

// Types of notifications
export const SCTP_SN_TYPE_BASE = 0x8000;
export const SCTP_DATA_IO_EVENT = 0x8000;
export const SCTP_ASSOC_CHANGE = 0x8001;
export const SCTP_PEER_ADDR_CHANGE = 0x8002;
export const SCTP_SEND_FAILED = 0x8003;
export const SCTP_REMOTE_ERROR = 0x8004;
export const SCTP_SHUTDOWN_EVENT = 0x8005;
export const SCTP_PARTIAL_DELIVERY_EVENT = 0x8006;
export const SCTP_ADAPTATION_INDICATION = 0x8007;
export const SCTP_AUTHENTICATION_INDICATION = 0x8008;
export const SCTP_SENDER_DRY_EVENT = 0x8009;
export const SCTP_STREAM_RESET_EVENT = 0x800a;
export const SCTP_ASSOC_RESET_EVENT = 0x800b;
export const SCTP_STREAM_CHANGE_EVENT = 0x800c;
export const SCTP_SEND_FAILED_EVENT = 0x800d;

// Which associations an option is for
export const SCTP_FUTURE_ASSOC = 0;
export const SCTP_CURRENT_ASSOC = 1;
export const SCTP_ALL_ASSOC = 2;
