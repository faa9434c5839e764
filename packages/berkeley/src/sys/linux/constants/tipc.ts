/**
 * Transparent inter-process communication (<linux/tipc.h>).
 */

// Kinds of addresses, by their old and their new names
export const TIPC_ADDR_NAMESEQ = 1;
export const TIPC_ADDR_MCAST = 1;
export const TIPC_SERVICE_RANGE = 1;
export const TIPC_ADDR_NAME = 2;
export const TIPC_SERVICE_ADDR = 2;
export const TIPC_ADDR_ID = 3;
export const TIPC_SOCKET_ADDR = 3;

// Scopes
export const TIPC_ZONE_SCOPE = 1;
export const TIPC_CLUSTER_SCOPE = 2;
export const TIPC_NODE_SCOPE = 3;

// Services of TIPC itself
export const TIPC_CFG_SRV = 0;
export const TIPC_NODE_STATE = 0;
export const TIPC_TOP_SRV = 1;
export const TIPC_LINK_STATE = 2;
export const TIPC_RESERVED_TYPES = 64;

// Options at level SOL_TIPC
export const TIPC_IMPORTANCE = 127;
export const TIPC_SRC_DROPPABLE = 128;
export const TIPC_DEST_DROPPABLE = 129;
export const TIPC_CONN_TIMEOUT = 130;
export const TIPC_NODE_RECVQ_DEPTH = 131;
export const TIPC_SOCK_RECVQ_DEPTH = 132;
export const TIPC_MCAST_BROADCAST = 133;
export const TIPC_MCAST_REPLICAST = 134;
export const TIPC_GROUP_JOIN = 135;
export const TIPC_GROUP_LEAVE = 136;
export const TIPC_SOCK_RECVQ_USED = 137;
export const TIPC_NODELAY = 138;

// Importance
export const TIPC_LOW_IMPORTANCE = 0;
export const TIPC_MEDIUM_IMPORTANCE = 1;
export const TIPC_HIGH_IMPORTANCE = 2;
export const TIPC_CRITICAL_IMPORTANCE = 3;

// Flags of a group
export const TIPC_GROUP_LOOPBACK = 1;
export const TIPC_GROUP_MEMBER_EVTS = 2;

// Subscriptions and their events
export const TIPC_SUB_PORTS = 1;
export const TIPC_SUB_SERVICE = 2;
export const TIPC_SUB_CANCEL = 4;
export const TIPC_PUBLISHED = 1;
export const TIPC_WITHDRAWN = 2;
export const TIPC_SUBSCR_TIMEOUT = 3;
/** A subscription without an end. */
export const TIPC_WAIT_FOREVER = -1;

// Ancillary messages, and the errors they tell
export const TIPC_ERRINFO = 1;
export const TIPC_RETDATA = 2;
export const TIPC_DESTNAME = 3;
export const TIPC_OK = 0;
export const TIPC_ERR_NO_NAME = 1;
export const TIPC_ERR_NO_PORT = 2;
export const TIPC_ERR_NO_NODE = 3;
export const TIPC_ERR_OVERLOAD = 4;
export const TIPC_CONN_SHUTDOWN = 5;

// The largest message
export const TIPC_MAX_USER_MSG_SIZE = 66000;
