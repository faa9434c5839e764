/**
 * Network interfaces: flags and name length (netdevice(7), <linux/if.h>).
 */

/** It is switched on. */
export const IFF_UP = 0x1;
/** It has a broadcast address. */
export const IFF_BROADCAST = 0x2;
/** The driver's debugging is on. */
export const IFF_DEBUG = 0x4;
/** It is the loopback interface. */
export const IFF_LOOPBACK = 0x8;
/** It is one end of a link between two. */
export const IFF_POINTOPOINT = 0x10;
/** It avoids trailers, which Linux never sends. */
export const IFF_NOTRAILERS = 0x20;
/** It can carry packets. */
export const IFF_RUNNING = 0x40;
/** It has no ARP. */
export const IFF_NOARP = 0x80;
/** It receives all packets. */
export const IFF_PROMISC = 0x100;
/** It receives all multicast packets. */
export const IFF_ALLMULTI = 0x200;
/** It leads a bundle of interfaces. */
export const IFF_MASTER = 0x400;
/** It belongs to a bundle of interfaces. */
export const IFF_SLAVE = 0x800;
/** It can do multicast. */
export const IFF_MULTICAST = 0x1000;
/** Its medium can be chosen (ifmap). */
export const IFF_PORTSEL = 0x2000;
/** It chooses its medium itself. */
export const IFF_AUTOMEDIA = 0x4000;
/** Its addresses are lost when it is switched off. */
export const IFF_DYNAMIC = 0x8000;
/** The hardware has a carrier. */
export const IFF_LOWER_UP = 0x10000;
/** The carrier is there, but something above it must come first (RFC 2863). */
export const IFF_DORMANT = 0x20000;
/** It gives sent packets back (CAN). */
export const IFF_ECHO = 0x40000;

// The longest name, with its terminating NUL
/** Bytes of the longest name, with its terminating NUL. */
export const IFNAMSIZ = 16;

// Flags of TUNSETIFF (<linux/if_tun.h>)
/** A device of IP packets. */
export const IFF_TUN = 0x1;
/** A device of Ethernet frames. */
export const IFF_TAP = 0x2;
/** Packets enter the kernel through NAPI. */
export const IFF_NAPI = 0x10;
/** Packets enter the kernel in fragments; with IFF_NAPI and IFF_TAP. */
export const IFF_NAPI_FRAGS = 0x20;
/** The device begins without a carrier. */
export const IFF_NO_CARRIER = 0x40;
/** No header (struct tun_pi) before each packet. */
export const IFF_NO_PI = 0x1000;
/** Without effect. */
export const IFF_ONE_QUEUE = 0x2000;
/** Each packet begins with a struct virtio_net_hdr. */
export const IFF_VNET_HDR = 0x4000;
/** Fails if the device is there already. */
export const IFF_TUN_EXCL = 0x8000;
/** The device may have several queues, each a descriptor. */
export const IFF_MULTI_QUEUE = 0x100;
/** TUNSETQUEUE: turns the queue on. */
export const IFF_ATTACH_QUEUE = 0x200;
/** TUNSETQUEUE: turns the queue off. */
export const IFF_DETACH_QUEUE = 0x400;
/** The device stays when its last descriptor is closed. Read only. */
export const IFF_PERSIST = 0x800;
/** No socket filter is attached. Read only. */
export const IFF_NOFILTER = 0x1000;
