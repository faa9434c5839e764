/**
 * SCTP: the options at level SOL_SCTP, ancillary messages and flags (sctp(7), RFC 6458, <linux/sctp.h>).
 */

// The options
/** Retransmission timeouts: initial, largest, least, in milliseconds (struct sctp_rtoinfo). */
export const SCTP_RTOINFO = 0;
/** Parameters of the association (struct sctp_assocparams). */
export const SCTP_ASSOCINFO = 1;
/** Streams and tries of a new association (struct sctp_initmsg). */
export const SCTP_INITMSG = 2;
/** Sends small chunks at once. */
export const SCTP_NODELAY = 3;
/** Seconds after which an idle association is closed; 0 is never. */
export const SCTP_AUTOCLOSE = 4;
/** Asks the peer to send to this address first. */
export const SCTP_SET_PEER_PRIMARY_ADDR = 5;
/** The peer's address to send to first. */
export const SCTP_PRIMARY_ADDR = 6;
/** The number of the adaptation layer, which the peer is told. */
export const SCTP_ADAPTATION_LAYER = 7;
/** A message above the path's MTU fails, instead of being fragmented. */
export const SCTP_DISABLE_FRAGMENTS = 8;
/** Heartbeats, MTU and other parameters of a path (struct sctp_paddrparams). */
export const SCTP_PEER_ADDR_PARAMS = 9;
/** What is sent where SCTP_SNDRCV says nothing (struct sctp_sndrcvinfo). */
export const SCTP_DEFAULT_SEND_PARAM = 10;
/** Which notifications are received (struct sctp_event_subscribe). */
export const SCTP_EVENTS = 11;
/** Gives IPv4 addresses as mapped IPv6 addresses. */
export const SCTP_I_WANT_MAPPED_V4_ADDR = 12;
/** The largest fragment in bytes (struct sctp_assoc_value). */
export const SCTP_MAXSEG = 13;
/** The state of the association (struct sctp_status). Read only. */
export const SCTP_STATUS = 14;
/** The state of one path (struct sctp_paddrinfo). Read only. */
export const SCTP_GET_PEER_ADDR_INFO = 15;
/** Delay in milliseconds and frequency of acknowledgements (struct sctp_sack_info). */
export const SCTP_DELAYED_SACK = 16;
/** The program's number that comes with received messages (struct sctp_assoc_value). */
export const SCTP_CONTEXT = 17;
/** Whether messages that arrive in parts may be mixed. */
export const SCTP_FRAGMENT_INTERLEAVE = 18;
/** From how many bytes on a message is delivered in parts. */
export const SCTP_PARTIAL_DELIVERY_POINT = 19;
/** How many packets may be sent at once (struct sctp_assoc_value). */
export const SCTP_MAX_BURST = 20;
/** A type of chunk that the peer must authenticate (RFC 4895). */
export const SCTP_AUTH_CHUNK = 21;
/** The authentication codes to use, in order of preference. */
export const SCTP_HMAC_IDENT = 22;
/** Sets a key of authentication (struct sctp_authkey). */
export const SCTP_AUTH_KEY = 23;
/** The key in use, by its number. */
export const SCTP_AUTH_ACTIVE_KEY = 24;
/** Removes a key, by its number. */
export const SCTP_AUTH_DELETE_KEY = 25;
/** The types of chunks that the peer wants authenticated. Read only. */
export const SCTP_PEER_AUTH_CHUNKS = 26;
/** The types of chunks that this end wants authenticated. Read only. */
export const SCTP_LOCAL_AUTH_CHUNKS = 27;
/** How many associations the socket has. Read only. */
export const SCTP_GET_ASSOC_NUMBER = 28;
/** The identifiers of the socket's associations. Read only. */
export const SCTP_GET_ASSOC_ID_LIST = 29;
/** Tells peers when addresses of this machine come and go. */
export const SCTP_AUTO_ASCONF = 30;
/** Failures after which a path is given up (struct sctp_paddrthlds). */
export const SCTP_PEER_ADDR_THLDS = 31;
/** Receives SCTP_RCVINFO. */
export const SCTP_RECVRCVINFO = 32;
/** Receives SCTP_NXTINFO. */
export const SCTP_RECVNXTINFO = 33;
/** What is sent where SCTP_SNDINFO says nothing (struct sctp_sndinfo). */
export const SCTP_DEFAULT_SNDINFO = 34;
/** Stops the use of a key, by its number. */
export const SCTP_AUTH_DEACTIVATE_KEY = 35;
/** Lets several one-to-one sockets share a port. */
export const SCTP_REUSE_PORT = 36;
/** SCTP_PEER_ADDR_THLDS with the primary path's switch-over. */
export const SCTP_PEER_ADDR_THLDS_V2 = 37;
/** Adds addresses to the socket: sctp_bindx(3). */
export const SCTP_SOCKOPT_BINDX_ADD = 100;
/** Removes addresses from the socket: sctp_bindx(3). */
export const SCTP_SOCKOPT_BINDX_REM = 101;
/** Makes a socket of one association: sctp_peeloff(3). */
export const SCTP_SOCKOPT_PEELOFF = 102;
/** Connects to several addresses of a peer: sctp_connectx(3). */
export const SCTP_SOCKOPT_CONNECTX = 110;
/** The addresses of the peer: sctp_getpaddrs(3). Read only. */
export const SCTP_GET_PEER_ADDRS = 108;
/** The addresses of this end: sctp_getladdrs(3). Read only. */
export const SCTP_GET_LOCAL_ADDRS = 109;
/** The counters of the association. Read only. */
export const SCTP_GET_ASSOC_STATS = 112;
/** Offers partial reliability (RFC 3758). */
export const SCTP_PR_SUPPORTED = 113;
/** The policy of partial reliability (struct sctp_default_prinfo). */
export const SCTP_DEFAULT_PRINFO = 114;
/** How many messages the association abandoned. Read only. */
export const SCTP_PR_ASSOC_STATUS = 115;
/** How many messages a stream abandoned. Read only. */
export const SCTP_PR_STREAM_STATUS = 116;
/** Offers the change of streams (RFC 6525). */
export const SCTP_RECONFIG_SUPPORTED = 117;
/** Which changes of streams the peer may ask for. */
export const SCTP_ENABLE_STREAM_RESET = 118;
/** Begins streams anew. */
export const SCTP_RESET_STREAMS = 119;
/** Begins all streams and numbers of the association anew. */
export const SCTP_RESET_ASSOC = 120;
/** Adds streams. */
export const SCTP_ADD_STREAMS = 121;
/** SCTP_SOCKOPT_PEELOFF with flags such as SOCK_NONBLOCK. */
export const SCTP_SOCKOPT_PEELOFF_FLAGS = 122;
/** Which stream sends next (RFC 8260). */
export const SCTP_STREAM_SCHEDULER = 123;
/** A stream's value for the scheduler, such as its priority. */
export const SCTP_STREAM_SCHEDULER_VALUE = 124;
/** Offers the mixing of messages (RFC 8260). */
export const SCTP_INTERLEAVING_SUPPORTED = 125;
/** No option: tells security modules of a sendmsg(2) that connects. */
export const SCTP_SENDMSG_CONNECT = 126;
/** Whether one kind of notification is received (struct sctp_event). */
export const SCTP_EVENT = 127;
/** Offers the change of addresses (RFC 5061). */
export const SCTP_ASCONF_SUPPORTED = 128;
/** Offers authentication (RFC 4895). */
export const SCTP_AUTH_SUPPORTED = 129;
/** Offers explicit congestion notification. */
export const SCTP_ECN_SUPPORTED = 130;
/** Tells of paths that may have failed (RFC 7829). */
export const SCTP_EXPOSE_POTENTIALLY_FAILED_STATE = 131;
/** The peer's UDP port, for SCTP within UDP (RFC 6951). */
export const SCTP_REMOTE_UDP_ENCAPS_PORT = 132;
/** Milliseconds between probes of the path's MTU (RFC 8899); 0 is none. */
export const SCTP_PLPMTUD_PROBE_INTERVAL = 133;

// Ancillary messages
/** Sent: streams and tries of a new association (struct sctp_initmsg). */
export const SCTP_INIT = 0;
/** Stream, flags and more of a message (struct sctp_sndrcvinfo); superseded. */
export const SCTP_SNDRCV = 1;
/** Sent: stream, flags and more of the message (struct sctp_sndinfo). */
export const SCTP_SNDINFO = 2;
/** Received: stream, flags and more of the message (struct sctp_rcvinfo). */
export const SCTP_RCVINFO = 3;
/** Received: the same of the next message (struct sctp_nxtinfo). */
export const SCTP_NXTINFO = 4;
/** Sent: the policy of partial reliability (struct sctp_prinfo). */
export const SCTP_PRINFO = 5;
/** Sent: the number of the key (struct sctp_authinfo). */
export const SCTP_AUTHINFO = 6;
/** Sent: an IPv4 address of the peer. */
export const SCTP_DSTADDRV4 = 7;
/** Sent: an IPv6 address of the peer. */
export const SCTP_DSTADDRV6 = 8;

// Flags of a message sent or received
/** Outside the order of the stream. */
export const SCTP_UNORDERED = 0x1;
/** To the address given, not to the primary one. */
export const SCTP_ADDR_OVER = 0x2;
/** Aborts the association. */
export const SCTP_ABORT = 0x4;
/** Asks for an acknowledgement without delay (RFC 7053). */
export const SCTP_SACK_IMMEDIATELY = 0x8;
/** To every association of the socket. */
export const SCTP_SENDALL = 0x40;
/** SCTP_PR_*_STATUS: of all policies together. */
export const SCTP_PR_SCTP_ALL = 0x80;
/** A notification, not a message of the peer. */
export const SCTP_NOTIFICATION = 0x8000;
/** Shuts the association down when all is sent. */
export const SCTP_EOF = 0x200;

// Policies of partial reliability (RFC 7496)
/** Fully reliable. */
export const SCTP_PR_SCTP_NONE = 0;
/** Abandons a message after some milliseconds. */
export const SCTP_PR_SCTP_TTL = 0x10;
/** Abandons a message after some retransmissions. */
export const SCTP_PR_SCTP_RTX = 0x20;
/** Abandons messages of lower priority when the buffer is full. */
export const SCTP_PR_SCTP_PRIO = 0x30;
/** The bits of the policies. */
export const SCTP_PR_SCTP_MASK = 0x30;

// Flag of recvmsg(2): the message is a notification.
/** The message is a notification (SCTP_NOTIFICATION). */
export const MSG_NOTIFICATION = 0x8000;

// Types of notifications
/** The first number of the types. */
export const SCTP_SN_TYPE_BASE = 0x8000;
/** Asks for SCTP_SNDRCV with each message; no notification of its own. */
export const SCTP_DATA_IO_EVENT = 0x8000;
/** An association came up, went down or changed. */
export const SCTP_ASSOC_CHANGE = 0x8001;
/** A path to the peer changed its state. */
export const SCTP_PEER_ADDR_CHANGE = 0x8002;
/** A message could not be sent; superseded by SCTP_SEND_FAILED_EVENT. */
export const SCTP_SEND_FAILED = 0x8003;
/** The peer sent an error. */
export const SCTP_REMOTE_ERROR = 0x8004;
/** The peer shuts the association down: send no more. */
export const SCTP_SHUTDOWN_EVENT = 0x8005;
/** The delivery of a message in parts was aborted. */
export const SCTP_PARTIAL_DELIVERY_EVENT = 0x8006;
/** The peer told its adaptation layer. */
export const SCTP_ADAPTATION_INDICATION = 0x8007;
/** A key is new, free, or authentication is not supported. */
export const SCTP_AUTHENTICATION_INDICATION = 0x8008;
/** All that was sent is acknowledged. */
export const SCTP_SENDER_DRY_EVENT = 0x8009;
/** Streams began anew. */
export const SCTP_STREAM_RESET_EVENT = 0x800a;
/** All streams and numbers of the association began anew. */
export const SCTP_ASSOC_RESET_EVENT = 0x800b;
/** Streams were added. */
export const SCTP_STREAM_CHANGE_EVENT = 0x800c;
/** A message could not be sent (struct sctp_send_failed_event). */
export const SCTP_SEND_FAILED_EVENT = 0x800d;

// Which associations an option is for
/** Those to come. */
export const SCTP_FUTURE_ASSOC = 0;
/** Those there are. */
export const SCTP_CURRENT_ASSOC = 1;
/** Those there are and those to come. */
export const SCTP_ALL_ASSOC = 2;
