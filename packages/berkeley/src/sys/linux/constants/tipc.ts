/**
 * Transparent inter-process communication (<linux/tipc.h>).
 */

// Kinds of addresses, by their old and their new names
/** A range of services, by its old name. */
export const TIPC_ADDR_NAMESEQ = 1;
/** A range of services, as the destination of a multicast. */
export const TIPC_ADDR_MCAST = 1;
/** A range of services: type, lower and upper instance. */
export const TIPC_SERVICE_RANGE = 1;
/** A service, by its old name. */
export const TIPC_ADDR_NAME = 2;
/** A service: type and instance. */
export const TIPC_SERVICE_ADDR = 2;
/** A socket, by its old name. */
export const TIPC_ADDR_ID = 3;
/** A socket: number and node. */
export const TIPC_SOCKET_ADDR = 3;

// Scopes
/** The zone; obsolete, as TIPC_CLUSTER_SCOPE. */
export const TIPC_ZONE_SCOPE = 1;
/** The cluster. */
export const TIPC_CLUSTER_SCOPE = 2;
/** This node. */
export const TIPC_NODE_SCOPE = 3;

// Services of TIPC itself
/** Configuration; the old name of number 0. */
export const TIPC_CFG_SRV = 0;
/** Nodes that come and go. */
export const TIPC_NODE_STATE = 0;
/** The topology server, which takes subscriptions. */
export const TIPC_TOP_SRV = 1;
/** Links that come and go. */
export const TIPC_LINK_STATE = 2;
/** The lowest type of service that programs may use. */
export const TIPC_RESERVED_TYPES = 64;

// Options at level SOL_TIPC
/** The importance of what is sent (TIPC_*_IMPORTANCE). */
export const TIPC_IMPORTANCE = 127;
/** Whether messages may be dropped where the link is congested. */
export const TIPC_SRC_DROPPABLE = 128;
/** Whether messages that cannot be delivered are dropped instead of returned. */
export const TIPC_DEST_DROPPABLE = 129;
/** Milliseconds that connect(2) waits; 8000 at first. */
export const TIPC_CONN_TIMEOUT = 130;
/** Messages in all receive queues of the node; newer kernels give 0. Read only. */
export const TIPC_NODE_RECVQ_DEPTH = 131;
/** Messages in the socket's receive queue. Read only. */
export const TIPC_SOCK_RECVQ_DEPTH = 132;
/** Sends multicasts by broadcast. */
export const TIPC_MCAST_BROADCAST = 133;
/** Sends multicasts to each node apart. */
export const TIPC_MCAST_REPLICAST = 134;
/** Joins a group (struct tipc_group_req). */
export const TIPC_GROUP_JOIN = 135;
/** Leaves the group. */
export const TIPC_GROUP_LEAVE = 136;
/** Bytes of memory in the socket's receive queue. Read only. */
export const TIPC_SOCK_RECVQ_USED = 137;
/** Sends small messages at once. */
export const TIPC_NODELAY = 138;

// Importance
/** Low: dropped first. */
export const TIPC_LOW_IMPORTANCE = 0;
/** Medium. */
export const TIPC_MEDIUM_IMPORTANCE = 1;
/** High. */
export const TIPC_HIGH_IMPORTANCE = 2;
/** Critical: dropped last. */
export const TIPC_CRITICAL_IMPORTANCE = 3;

// Flags of a group
/** Receives a copy of what it sends, where that matches. */
export const TIPC_GROUP_LOOPBACK = 1;
/** Receives an event when a member comes or goes. */
export const TIPC_GROUP_MEMBER_EVTS = 2;

// Subscriptions and their events
/** Subscription: an event for each socket that matches. */
export const TIPC_SUB_PORTS = 1;
/** Subscription: an event for the first socket that comes and the last that goes. */
export const TIPC_SUB_SERVICE = 2;
/** Ends a subscription. */
export const TIPC_SUB_CANCEL = 4;
/** Event: a service is there. */
export const TIPC_PUBLISHED = 1;
/** Event: a service is gone. */
export const TIPC_WITHDRAWN = 2;
/** Event: the subscription's time is up. */
export const TIPC_SUBSCR_TIMEOUT = 3;
/** A subscription without an end. */
export const TIPC_WAIT_FOREVER = -1;

// Ancillary messages, and the errors they tell
/** Why the message came back (TIPC_ERR_*), and its length. */
export const TIPC_ERRINFO = 1;
/** The data that came back. */
export const TIPC_RETDATA = 2;
/** The service that the message was sent to. */
export const TIPC_DESTNAME = 3;
/** No error. */
export const TIPC_OK = 0;
/** No socket has the service. */
export const TIPC_ERR_NO_NAME = 1;
/** There is no such socket. */
export const TIPC_ERR_NO_PORT = 2;
/** The node cannot be reached. */
export const TIPC_ERR_NO_NODE = 3;
/** The receive queue is full. */
export const TIPC_ERR_OVERLOAD = 4;
/** The connection was shut down. */
export const TIPC_CONN_SHUTDOWN = 5;

// The largest message
/** Bytes of the largest message. */
export const TIPC_MAX_USER_MSG_SIZE = 66000;
