/**
 * The kinds of hardware: `hardwareType` of a packet address and of ARP (<linux/if_arp.h>).
 */

// Numbered by IANA, for ARP
/** NET/ROM, amateur radio. */
export const ARPHRD_NETROM = 0;
/** Ethernet, 10 Mbit/s and above. */
export const ARPHRD_ETHER = 1;
/** Experimental Ethernet. */
export const ARPHRD_EETHER = 2;
/** AX.25, amateur radio. */
export const ARPHRD_AX25 = 3;
/** PROnet token ring. */
export const ARPHRD_PRONET = 4;
/** Chaosnet. */
export const ARPHRD_CHAOS = 5;
/** IEEE 802 networks. */
export const ARPHRD_IEEE802 = 6;
/** ARCnet. */
export const ARPHRD_ARCNET = 7;
/** AppleTalk. */
export const ARPHRD_APPLETLK = 8;
/** Frame relay connection. */
export const ARPHRD_DLCI = 15;
/** Asynchronous transfer mode. */
export const ARPHRD_ATM = 19;
/** Metricom STRIP, packet radio. */
export const ARPHRD_METRICOM = 23;
/** FireWire (IEEE 1394, RFC 2734). */
export const ARPHRD_IEEE1394 = 24;
/** Identifiers of 64 bits (EUI-64). */
export const ARPHRD_EUI64 = 27;
/** InfiniBand. */
export const ARPHRD_INFINIBAND = 32;

// Linux's own
/** IP over serial lines (SLIP). */
export const ARPHRD_SLIP = 256;
/** SLIP with compressed headers. */
export const ARPHRD_CSLIP = 257;
/** SLIP encoded in characters of 6 bits. */
export const ARPHRD_SLIP6 = 258;
/** SLIP with compressed headers, encoded in characters of 6 bits. */
export const ARPHRD_CSLIP6 = 259;
/** Reserved for KISS, amateur radio. */
export const ARPHRD_RSRVD = 260;
/** Adaptive serial line (SLIP that finds its own mode). */
export const ARPHRD_ADAPT = 264;
/** ROSE, amateur radio. */
export const ARPHRD_ROSE = 270;
/** X.25 (CCITT). */
export const ARPHRD_X25 = 271;
/** Boards with X.25 in firmware. */
export const ARPHRD_HWX25 = 272;
/** Controller area network. */
export const ARPHRD_CAN = 280;
/** Management component transport protocol. */
export const ARPHRD_MCTP = 290;
/** Point-to-point protocol. */
export const ARPHRD_PPP = 512;
/** Cisco HDLC. */
export const ARPHRD_CISCO = 513;
/** The same number as ARPHRD_CISCO. */
export const ARPHRD_HDLC = 513;
/** LAPB, the link layer of X.25. */
export const ARPHRD_LAPB = 516;
/** DDCMP of Digital. */
export const ARPHRD_DDCMP = 517;
/** HDLC without a protocol above. */
export const ARPHRD_RAWHDLC = 518;
/** IP without a link header. */
export const ARPHRD_RAWIP = 519;
/** Tunnel of IP in IPv4. */
export const ARPHRD_TUNNEL = 768;
/** Tunnel of IP in IPv6. */
export const ARPHRD_TUNNEL6 = 769;
/** Frame relay access device. */
export const ARPHRD_FRAD = 770;
/** SKIP, an encryption below IP. */
export const ARPHRD_SKIP = 771;
/** The loopback device. */
export const ARPHRD_LOOPBACK = 772;
/** LocalTalk. */
export const ARPHRD_LOCALTLK = 773;
/** Fibre distributed data interface. */
export const ARPHRD_FDDI = 774;
/** BIF of the AP1000. */
export const ARPHRD_BIF = 775;
/** Tunnel of IPv6 in IPv4 (sit). */
export const ARPHRD_SIT = 776;
/** Tunnel of IP in AppleTalk's DDP. */
export const ARPHRD_IPDDP = 777;
/** Tunnel of GRE over IPv4. */
export const ARPHRD_IPGRE = 778;
/** The register device of PIM, for multicast routing. */
export const ARPHRD_PIMREG = 779;
/** High performance parallel interface. */
export const ARPHRD_HIPPI = 780;
/** Ash of Nexus, 64 Mbit/s. */
export const ARPHRD_ASH = 781;
/** Acorn's Econet. */
export const ARPHRD_ECONET = 782;
/** Infrared (IrDA). */
export const ARPHRD_IRDA = 783;
/** Fibre Channel, point to point. */
export const ARPHRD_FCPP = 784;
/** Fibre Channel, arbitrated loop. */
export const ARPHRD_FCAL = 785;
/** Fibre Channel, public loop. */
export const ARPHRD_FCPL = 786;
/** Fibre Channel, fabric; numbers up to 799 are for fabrics too. */
export const ARPHRD_FCFABRIC = 787;
/** Token ring, by a number of its own. */
export const ARPHRD_IEEE802_TR = 800;
/** Wireless LAN (IEEE 802.11). */
export const ARPHRD_IEEE80211 = 801;
/** Wireless LAN with Prism2 headers, when monitoring. */
export const ARPHRD_IEEE80211_PRISM = 802;
/** Wireless LAN with radiotap headers, when monitoring. */
export const ARPHRD_IEEE80211_RADIOTAP = 803;
/** Low-rate wireless (IEEE 802.15.4). */
export const ARPHRD_IEEE802154 = 804;
/** Low-rate wireless (IEEE 802.15.4), when monitoring. */
export const ARPHRD_IEEE802154_MONITOR = 805;
/** Phonet, over a medium of its own. */
export const ARPHRD_PHONET = 820;
/** Phonet's pipe. */
export const ARPHRD_PHONET_PIPE = 821;
/** CAIF. */
export const ARPHRD_CAIF = 822;
/** Tunnel of GRE over IPv6. */
export const ARPHRD_IP6GRE = 823;
/** Netlink messages, when monitoring (nlmon). */
export const ARPHRD_NETLINK = 824;
/** IPv6 over low-power wireless. */
export const ARPHRD_6LOWPAN = 825;
/** Vsock packets, when monitoring. */
export const ARPHRD_VSOCKMON = 826;
/** Nothing is known. */
export const ARPHRD_VOID = 65535;
/** No link header at all. */
export const ARPHRD_NONE = 65534;
