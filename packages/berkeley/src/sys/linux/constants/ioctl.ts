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
export const FIOCLEX = 0x5451;
export const FIONCLEX = 0x5450;
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
export const SIOCSPGRP = 0x8902;
export const SIOCGPGRP = 0x8904;
export const FIOSETOWN = 0x8901;
export const FIOGETOWN = 0x8903;
export const SIOCGSTAMP_OLD = 0x8906;
export const SIOCGSTAMPNS_OLD = 0x8907;
export const SIOCUNIXFILE = 0x89e0;
/** A descriptor of the socket's network namespace. */
export const SIOCGSKNS = 0x894c;

// Interfaces: reading (netdevice(7))
export const SIOCGIFNAME = 0x8910;
export const SIOCGIFCONF = 0x8912;
export const SIOCGIFFLAGS = 0x8913;
export const SIOCGIFADDR = 0x8915;
export const SIOCGIFDSTADDR = 0x8917;
export const SIOCGIFBRDADDR = 0x8919;
export const SIOCGIFNETMASK = 0x891b;
export const SIOCGIFMETRIC = 0x891d;
export const SIOCGIFMTU = 0x8921;
export const SIOCGIFHWADDR = 0x8927;
export const SIOCGIFINDEX = 0x8933;
export const SIOCGIFTXQLEN = 0x8942;
export const SIOCGIFMAP = 0x8970;
export const SIOCGARP = 0x8954;

// Interfaces: writing
export const SIOCSIFNAME = 0x8923;
export const SIOCSIFFLAGS = 0x8914;
export const SIOCSIFADDR = 0x8916;
export const SIOCSIFDSTADDR = 0x8918;
export const SIOCSIFBRDADDR = 0x891a;
export const SIOCSIFNETMASK = 0x891c;
export const SIOCSIFMETRIC = 0x891e;
export const SIOCSIFMTU = 0x8922;
export const SIOCSIFHWADDR = 0x8924;
export const SIOCSIFTXQLEN = 0x8943;
export const SIOCADDMULTI = 0x8931;
export const SIOCDELMULTI = 0x8932;
export const SIOCSARP = 0x8955;
export const SIOCDARP = 0x8953;
export const SIOCADDRT = 0x890b;
export const SIOCDELRT = 0x890c;

// Devices
export const SIOCETHTOOL = 0x8946;
export const SIOCSHWTSTAMP = 0x89b0;
export const SIOCGHWTSTAMP = 0x89b1;

// Tunnels (/dev/net/tun)
export const TUNSETIFF = 0x400454ca;
export const TUNGETIFF = 0x800454d2;
export const TUNSETPERSIST = 0x400454cb;
export const TUNSETOWNER = 0x400454cc;
export const TUNSETGROUP = 0x400454ce;
export const TUNGETFEATURES = 0x800454cf;
export const TUNSETOFFLOAD = 0x400454d0;
export const TUNSETLINK = 0x400454cd;
export const TUNSETSNDBUF = 0x400454d4;
export const TUNGETSNDBUF = 0x800454d3;
export const TUNSETVNETHDRSZ = 0x400454d8;
export const TUNGETVNETHDRSZ = 0x800454d7;
export const TUNSETQUEUE = 0x400454d9;
