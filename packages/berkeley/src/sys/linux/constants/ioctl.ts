/**
 * ioctl(2): the requests of sockets, interfaces and tunnels that are alike on x64 and arm64
 * (<linux/sockios.h>, <asm-generic/ioctls.h>, <linux/if_tun.h>).
 */

// Any descriptor
/** How many bytes can be read. */
export const FIONREAD = 0x541b;
/** Makes the descriptor non-blocking, or blocking. */
export const FIONBIO = 0x5421;
/** Turns SIGIO on or off. */
export const FIOASYNC = 0x5452;
/** Sets FD_CLOEXEC. */
export const FIOCLEX = 0x5451;
/** Clears FD_CLOEXEC. */
export const FIONCLEX = 0x5450;
/** FIONREAD's name for terminals. */
export const TIOCINQ = 0x541b;
/** How many bytes are not sent yet. */
export const TIOCOUTQ = 0x5411;

// Sockets
/** FIONREAD's name for sockets. */
export const SIOCINQ = 0x541b;
/** TIOCOUTQ's name for sockets. */
export const SIOCOUTQ = 0x5411;
/** How many bytes were never sent. */
export const SIOCOUTQNSD = 0x894b;
/** Whether the next byte is at the urgent mark. */
export const SIOCATMARK = 0x8905;
/** Sets who gets SIGIO and SIGURG: a process, or a group by its negative number. */
export const SIOCSPGRP = 0x8902;
/** Reads who gets SIGIO and SIGURG. */
export const SIOCGPGRP = 0x8904;
/** The same as SIOCSPGRP. */
export const FIOSETOWN = 0x8901;
/** The same as SIOCGPGRP. */
export const FIOGETOWN = 0x8903;
/** When the last packet arrived (struct timeval). */
export const SIOCGSTAMP_OLD = 0x8906;
/** When the last packet arrived (struct timespec). */
export const SIOCGSTAMPNS_OLD = 0x8907;
/** Opens the file that a Unix socket is bound to, as O_PATH does; needs CAP_NET_ADMIN. */
export const SIOCUNIXFILE = 0x89e0;
/** A descriptor of the socket's network namespace. */
export const SIOCGSKNS = 0x894c;

// Interfaces: reading (netdevice(7))
/** The name of the interface with an index. */
export const SIOCGIFNAME = 0x8910;
/** The interfaces that have an IPv4 address, with it. */
export const SIOCGIFCONF = 0x8912;
/** Flags (IFF_*). */
export const SIOCGIFFLAGS = 0x8913;
/** IPv4 address. */
export const SIOCGIFADDR = 0x8915;
/** IPv4 address of the other end of a point-to-point link. */
export const SIOCGIFDSTADDR = 0x8917;
/** IPv4 broadcast address. */
export const SIOCGIFBRDADDR = 0x8919;
/** IPv4 network mask. */
export const SIOCGIFNETMASK = 0x891b;
/** Metric; always 0. */
export const SIOCGIFMETRIC = 0x891d;
/** MTU in bytes. */
export const SIOCGIFMTU = 0x8921;
/** Hardware address and its kind (ARPHRD_*). */
export const SIOCGIFHWADDR = 0x8927;
/** The index of the interface with a name. */
export const SIOCGIFINDEX = 0x8933;
/** Length of the send queue in packets. */
export const SIOCGIFTXQLEN = 0x8942;
/** Hardware parameters (struct ifmap). */
export const SIOCGIFMAP = 0x8970;
/** An entry of the ARP table (arp(7)). */
export const SIOCGARP = 0x8954;

// Interfaces: writing
/** Name. */
export const SIOCSIFNAME = 0x8923;
/** Flags (IFF_*). */
export const SIOCSIFFLAGS = 0x8914;
/** IPv4 address. */
export const SIOCSIFADDR = 0x8916;
/** IPv4 address of the other end of a point-to-point link. */
export const SIOCSIFDSTADDR = 0x8918;
/** IPv4 broadcast address. */
export const SIOCSIFBRDADDR = 0x891a;
/** IPv4 network mask. */
export const SIOCSIFNETMASK = 0x891c;
/** Metric; the kernel refuses it. */
export const SIOCSIFMETRIC = 0x891e;
/** MTU in bytes. */
export const SIOCSIFMTU = 0x8922;
/** Hardware address. */
export const SIOCSIFHWADDR = 0x8924;
/** Length of the send queue in packets. */
export const SIOCSIFTXQLEN = 0x8943;
/** Adds a multicast hardware address. */
export const SIOCADDMULTI = 0x8931;
/** Removes a multicast hardware address. */
export const SIOCDELMULTI = 0x8932;
/** Adds or changes an entry of the ARP table (arp(7)). */
export const SIOCSARP = 0x8955;
/** Removes an entry of the ARP table. */
export const SIOCDARP = 0x8953;
/** Adds a route. */
export const SIOCADDRT = 0x890b;
/** Removes a route. */
export const SIOCDELRT = 0x890c;

// Devices
/** Reads and sets the driver's settings (<linux/ethtool.h>). */
export const SIOCETHTOOL = 0x8946;
/** Sets which packets the hardware stamps with the time (HWTSTAMP_*). */
export const SIOCSHWTSTAMP = 0x89b0;
/** Reads which packets the hardware stamps with the time. */
export const SIOCGHWTSTAMP = 0x89b1;

// Tunnels (/dev/net/tun)
/** Makes the device, or attaches to it (struct ifreq: name and IFF_* flags). */
export const TUNSETIFF = 0x400454ca;
/** Reads the device's name and flags. */
export const TUNGETIFF = 0x800454d2;
/** Whether the device stays when its last descriptor is closed. */
export const TUNSETPERSIST = 0x400454cb;
/** The user who may attach. */
export const TUNSETOWNER = 0x400454cc;
/** The group that may attach. */
export const TUNSETGROUP = 0x400454ce;
/** Reads which IFF_* flags the kernel's TUNSETIFF knows. */
export const TUNGETFEATURES = 0x800454cf;
/** Which offloads the program can handle (TUN_F_*). */
export const TUNSETOFFLOAD = 0x400454d0;
/** The kind of hardware (ARPHRD_*); the device must be down. */
export const TUNSETLINK = 0x400454cd;
/** Sets the size of the send buffer in bytes. */
export const TUNSETSNDBUF = 0x400454d4;
/** Reads the size of the send buffer in bytes. */
export const TUNGETSNDBUF = 0x800454d3;
/** Sets the size of the header of IFF_VNET_HDR in bytes. */
export const TUNSETVNETHDRSZ = 0x400454d8;
/** Reads the size of the header of IFF_VNET_HDR in bytes. */
export const TUNGETVNETHDRSZ = 0x800454d7;
/** Turns a queue on or off (IFF_ATTACH_QUEUE, IFF_DETACH_QUEUE). */
export const TUNSETQUEUE = 0x400454d9;
