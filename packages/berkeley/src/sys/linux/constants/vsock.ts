/**
 * Sockets between a virtual machine and its host (vsock(7), <linux/vm_sockets.h>).
 */

// Context identifiers and ports
/** Any context, for bind. */
export const VMADDR_CID_ANY = 4294967295;
/** The hypervisor. */
export const VMADDR_CID_HYPERVISOR = 0;
/** This machine. */
export const VMADDR_CID_LOCAL = 1;
/** The host. */
export const VMADDR_CID_HOST = 2;
/** Any port, for bind. */
export const VMADDR_PORT_ANY = 4294967295;
/** Flag of an address: packets go to the host always, even to reach a sibling machine. */
export const VMADDR_FLAG_TO_HOST = 1;

// Options at level AF_VSOCK
/** Bytes of a stream's buffer. */
export const SO_VM_SOCKETS_BUFFER_SIZE = 0;
/** The least that SO_VM_SOCKETS_BUFFER_SIZE may be, in bytes. */
export const SO_VM_SOCKETS_BUFFER_MIN_SIZE = 1;
/** The most that SO_VM_SOCKETS_BUFFER_SIZE may be, in bytes. */
export const SO_VM_SOCKETS_BUFFER_MAX_SIZE = 2;
/** The host's number of the peer's machine, for hypervisors. Read only. */
export const SO_VM_SOCKETS_PEER_HOST_VM_ID = 3;
/** Whether the socket is trusted. Read only. */
export const SO_VM_SOCKETS_TRUSTED = 5;
/** How long connect(2) waits (struct timeval). */
export const SO_VM_SOCKETS_CONNECT_TIMEOUT = 6;
/** Whether kernel endpoints may send and receive where they must not sleep, for hypervisors. */
export const SO_VM_SOCKETS_NONBLOCK_TXRX = 7;
/** SO_VM_SOCKETS_CONNECT_TIMEOUT with the platform's old times. */
export const SO_VM_SOCKETS_CONNECT_TIMEOUT_OLD = 6;
/** SO_VM_SOCKETS_CONNECT_TIMEOUT with times of 64 bits. */
export const SO_VM_SOCKETS_CONNECT_TIMEOUT_NEW = 8;

// Level and type of an error-queue message are SOL_VSOCK and this.
/** Ancillary message of the error queue, for MSG_ZEROCOPY. */
export const VSOCK_RECVERR = 1;

// Others
/** No valid version of the vsock interface. */
export const VM_SOCKETS_INVALID_VERSION = 4294967295;
/** ioctl(2) on /dev/vsock: the context identifier of this machine. */
export const IOCTL_VM_SOCKETS_GET_LOCAL_CID = 1977;
