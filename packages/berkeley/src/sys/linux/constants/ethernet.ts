/**
 * Ethernet: the protocols of a frame (ETH_P_*, ETHERTYPE_*) and its lengths (<linux/if_ether.h>,
 * <net/ethernet.h>).
 */

// On the wire, in the order of the header
/** Ethernet protocol: Ethernet loopback, an old number. */
export const ETH_P_LOOP = 0x0060;
/** Ethernet protocol: Xerox PARC universal packet. */
export const ETH_P_PUP = 0x0200;
/** Ethernet protocol: Xerox PUP address translation. */
export const ETH_P_PUPAT = 0x0201;
/** Ethernet protocol: time-sensitive networking (IEEE 1722). */
export const ETH_P_TSN = 0x22f0;
/** Ethernet protocol: ERSPAN version 2 (type III): mirrored packets. */
export const ETH_P_ERSPAN2 = 0x22eb;
/** Ethernet protocol: Internet Protocol, version 4 (RFC 791). */
export const ETH_P_IP = 0x0800;
/** Ethernet protocol: CCITT X.25. */
export const ETH_P_X25 = 0x0805;
/** Ethernet protocol: Address Resolution Protocol (RFC 826). */
export const ETH_P_ARP = 0x0806;
/** Ethernet protocol: AX.25 over Ethernet (G8BPQ); not registered. */
export const ETH_P_BPQ = 0x08ff;
/** Ethernet protocol: Xerox PUP over IEEE 802.3. */
export const ETH_P_IEEEPUP = 0x0a00;
/** Ethernet protocol: Xerox PUP address translation over IEEE 802.3. */
export const ETH_P_IEEEPUPAT = 0x0a01;
/** Ethernet protocol: B.A.T.M.A.N. Advanced, a mesh; not registered. */
export const ETH_P_BATMAN = 0x4305;
/** Ethernet protocol: DEC, assigned. */
export const ETH_P_DEC = 0x6000;
/** Ethernet protocol: DECnet dump and load (MOP). */
export const ETH_P_DNA_DL = 0x6001;
/** Ethernet protocol: DECnet remote console (MOP). */
export const ETH_P_DNA_RC = 0x6002;
/** Ethernet protocol: DECnet routing. */
export const ETH_P_DNA_RT = 0x6003;
/** Ethernet protocol: DEC local area transport. */
export const ETH_P_LAT = 0x6004;
/** Ethernet protocol: DEC diagnostics. */
export const ETH_P_DIAG = 0x6005;
/** Ethernet protocol: DEC customer use. */
export const ETH_P_CUST = 0x6006;
/** Ethernet protocol: DEC systems communications architecture. */
export const ETH_P_SCA = 0x6007;
/** Ethernet protocol: transparent Ethernet bridging: Ethernet within GRE (RFC 1701). */
export const ETH_P_TEB = 0x6558;
/** Ethernet protocol: reverse address resolution protocol (RFC 903). */
export const ETH_P_RARP = 0x8035;
/** Ethernet protocol: AppleTalk's DDP. */
export const ETH_P_ATALK = 0x809b;
/** Ethernet protocol: AppleTalk address resolution protocol. */
export const ETH_P_AARP = 0x80f3;
/** Ethernet protocol: VLAN tag (IEEE 802.1Q). */
export const ETH_P_8021Q = 0x8100;
/** Ethernet protocol: ERSPAN version 1 (type II): mirrored packets. */
export const ETH_P_ERSPAN = 0x88be;
/** Ethernet protocol: Novell's IPX. */
export const ETH_P_IPX = 0x8137;
/** Ethernet protocol: Internet Protocol, version 6 (RFC 8200). */
export const ETH_P_IPV6 = 0x86dd;
/** Ethernet protocol: pause frames and other MAC control (IEEE 802.3 annex 31). */
export const ETH_P_PAUSE = 0x8808;
/** Ethernet protocol: slow protocols: link aggregation (IEEE 802.3ad). */
export const ETH_P_SLOW = 0x8809;
/** Ethernet protocol: web cache communication protocol. */
export const ETH_P_WCCP = 0x883e;
/** Ethernet protocol: multiprotocol label switching, unicast (RFC 3032). */
export const ETH_P_MPLS_UC = 0x8847;
/** Ethernet protocol: multiprotocol label switching, multicast (RFC 5332). */
export const ETH_P_MPLS_MC = 0x8848;
/** Ethernet protocol: multiprotocol over ATM. */
export const ETH_P_ATMMPOA = 0x884c;
/** Ethernet protocol: PPP over Ethernet, discovery (RFC 2516). */
export const ETH_P_PPP_DISC = 0x8863;
/** Ethernet protocol: PPP over Ethernet, session (RFC 2516). */
export const ETH_P_PPP_SES = 0x8864;
/** Ethernet protocol: link control of HomePNA and wireless links. */
export const ETH_P_LINK_CTL = 0x886c;
/** Ethernet protocol: frame-based ATM transport over Ethernet. */
export const ETH_P_ATMFATE = 0x8884;
/** Ethernet protocol: LLC frames longer than 1500 bytes (IEEE 802.1AC). */
export const ETH_P_8021AC = 0x8870;
/** Ethernet protocol: port access: EAP over LAN (IEEE 802.1X). */
export const ETH_P_PAE = 0x888e;
/** Ethernet protocol: PROFINET, industrial real time. */
export const ETH_P_PROFINET = 0x8892;
/** Ethernet protocol: Several protocols of Realtek, as switch tags. */
export const ETH_P_REALTEK = 0x8899;
/** Ethernet protocol: ATA disks over Ethernet. */
export const ETH_P_AOE = 0x88a2;
/** Ethernet protocol: EtherCAT, industrial real time. */
export const ETH_P_ETHERCAT = 0x88a4;
/** Ethernet protocol: service VLAN tag (IEEE 802.1ad). */
export const ETH_P_8021AD = 0x88a8;
/** Ethernet protocol: local experiments, first number (IEEE 802). */
export const ETH_P_802_EX1 = 0x88b5;
/** Ethernet protocol: tags of MaxLinear's switches. */
export const ETH_P_MXLGSW = 0x88c3;
/** Ethernet protocol: preauthentication of wireless LANs (IEEE 802.11). */
export const ETH_P_PREAUTH = 0x88c7;
/** Ethernet protocol: transparent inter-process communication. */
export const ETH_P_TIPC = 0x88ca;
/** Ethernet protocol: link layer discovery protocol (IEEE 802.1AB). */
export const ETH_P_LLDP = 0x88cc;
/** Ethernet protocol: media redundancy protocol (IEC 62439-2). */
export const ETH_P_MRP = 0x88e3;
/** Ethernet protocol: encryption of the link (IEEE 802.1AE). */
export const ETH_P_MACSEC = 0x88e5;
/** Ethernet protocol: backbone service tag (IEEE 802.1ah). */
export const ETH_P_8021AH = 0x88e7;
/** Ethernet protocol: multiple VLAN registration protocol (IEEE 802.1Q). */
export const ETH_P_MVRP = 0x88f5;
/** Ethernet protocol: precision time protocol (IEEE 1588). */
export const ETH_P_1588 = 0x88f7;
/** Ethernet protocol: control of network controllers by management controllers (NC-SI). */
export const ETH_P_NCSI = 0x88f8;
/** Ethernet protocol: parallel redundancy protocol (IEC 62439-3). */
export const ETH_P_PRP = 0x88fb;
/** Ethernet protocol: connectivity fault management (IEEE 802.1ag). */
export const ETH_P_CFM = 0x8902;
/** Ethernet protocol: Fibre Channel over Ethernet. */
export const ETH_P_FCOE = 0x8906;
/** Ethernet protocol: InfiniBand over Ethernet (RoCE). */
export const ETH_P_IBOE = 0x8915;
/** Ethernet protocol: direct links between wireless stations (TDLS). */
export const ETH_P_TDLS = 0x890d;
/** Ethernet protocol: set-up of Fibre Channel over Ethernet. */
export const ETH_P_FIP = 0x8914;
/** Ethernet protocol: media independent handover (IEEE 802.21). */
export const ETH_P_80221 = 0x8917;
/** Ethernet protocol: high-availability seamless redundancy (IEC 62439-3). */
export const ETH_P_HSR = 0x892f;
/** Ethernet protocol: network service header (RFC 8300). */
export const ETH_P_NSH = 0x894f;
/** Ethernet protocol: Ethernet loopback (configuration test). */
export const ETH_P_LOOPBACK = 0x9000;
/** Ethernet protocol: VLAN in VLAN, an old number; not registered. */
export const ETH_P_QINQ1 = 0x9100;
/** Ethernet protocol: VLAN in VLAN, an old number; not registered. */
export const ETH_P_QINQ2 = 0x9200;
/** Ethernet protocol: VLAN in VLAN, an old number; not registered. */
export const ETH_P_QINQ3 = 0x9300;
/** Ethernet protocol: tags of Motorcomm's YT921x switches. */
export const ETH_P_YT921X = 0x9988;
/** Ethernet protocol: tags of Marvell's switches, with a protocol number (EDSA); not registered. */
export const ETH_P_EDSA = 0xdada;
/** Ethernet protocol: VLAN tags as switch tags (DSA); not registered. */
export const ETH_P_DSA_8021Q = 0xdadb;
/** Ethernet protocol: tags of Renesas' A5PSW switch; not registered. */
export const ETH_P_DSA_A5PSW = 0xe001;
/** Ethernet protocol: tags of NXP's NETC switches. */
export const ETH_P_NXP_NETC = 0xfd3a;
/** Ethernet protocol: between forwarding elements: ForCES (RFC 8013). */
export const ETH_P_IFE = 0xed3e;
/** Ethernet protocol: IBM's AF_IUCV over HiperSockets; not registered. */
export const ETH_P_AF_IUCV = 0xfbfb;
/** From this number on the field is a protocol, below a length. */
export const ETH_P_802_3_MIN = 0x0600;

// Not of the wire: what the kernel calls its other kinds of frames
/** IEEE 802.3 frames with a length. */
export const ETH_P_802_3 = 0x0001;
/** AX.25. */
export const ETH_P_AX25 = 0x0002;
/** Every packet. */
export const ETH_P_ALL = 0x0003;
/** IEEE 802.2 frames. */
export const ETH_P_802_2 = 0x0004;
/** SNAP (RFC 1042). */
export const ETH_P_SNAP = 0x0005;
/** DEC's DDCMP. */
export const ETH_P_DDCMP = 0x0006;
/** PPP on wide area links. */
export const ETH_P_WAN_PPP = 0x0007;
/** PPP over several links (RFC 1990). */
export const ETH_P_PPP_MP = 0x0008;
/** LocalTalk. */
export const ETH_P_LOCALTALK = 0x0009;
/** Classic CAN frames. */
export const ETH_P_CAN = 0x000c;
/** CAN FD frames. */
export const ETH_P_CANFD = 0x000d;
/** CAN XL frames. */
export const ETH_P_CANXL = 0x000e;
/** AppleTalk over PPP. */
export const ETH_P_PPPTALK = 0x0010;
/** IEEE 802.2 frames on token ring. */
export const ETH_P_TR_802_2 = 0x0011;
/** Mobitex, packet radio. */
export const ETH_P_MOBITEX = 0x0015;
/** Control frames of a card. */
export const ETH_P_CONTROL = 0x0016;
/** Infrared (IrDA). */
export const ETH_P_IRDA = 0x0017;
/** Acorn's Econet. */
export const ETH_P_ECONET = 0x0018;
/** HDLC frames. */
export const ETH_P_HDLC = 0x0019;
/** ARCnet frames. */
export const ETH_P_ARCNET = 0x001a;
/** Switch tags: distributed switch architecture. */
export const ETH_P_DSA = 0x001b;
/** Switch tags at the end of the frame. */
export const ETH_P_TRAILER = 0x001c;
/** Nokia's Phonet. */
export const ETH_P_PHONET = 0x00f5;
/** IEEE 802.15.4 frames. */
export const ETH_P_IEEE802154 = 0x00f6;
/** ST-Ericsson's CAIF. */
export const ETH_P_CAIF = 0x00f7;
/** Switch tags of any kind, multiplexed (DSA). */
export const ETH_P_XDSA = 0x00f8;
/** Qualcomm's multiplexing and aggregation protocol. */
export const ETH_P_MAP = 0x00f9;
/** Management component transport protocol. */
export const ETH_P_MCTP = 0x00fa;
/** OSI packets within GRE, such as those of IS-IS. */
export const ETH_P_GRE_OSI = 0x00fe;

// The C library's names
/** Ethernet protocol: Xerox PARC universal packet. */
export const ETHERTYPE_PUP = 0x0200;
/** Ethernet protocol: The network of the Sprite operating system. */
export const ETHERTYPE_SPRITE = 0x0500;
/** Ethernet protocol: Internet Protocol, version 4 (RFC 791). */
export const ETHERTYPE_IP = 0x0800;
/** Ethernet protocol: Address Resolution Protocol (RFC 826). */
export const ETHERTYPE_ARP = 0x0806;
/** Ethernet protocol: reverse address resolution protocol (RFC 903). */
export const ETHERTYPE_REVARP = 0x8035;
/** Ethernet protocol: AppleTalk. */
export const ETHERTYPE_AT = 0x809b;
/** Ethernet protocol: AppleTalk address resolution protocol. */
export const ETHERTYPE_AARP = 0x80f3;
/** Ethernet protocol: VLAN tag (IEEE 802.1Q). */
export const ETHERTYPE_VLAN = 0x8100;
/** Ethernet protocol: Novell's IPX. */
export const ETHERTYPE_IPX = 0x8137;
/** Ethernet protocol: Internet Protocol, version 6 (RFC 8200). */
export const ETHERTYPE_IPV6 = 0x86dd;
/** Ethernet protocol: Ethernet loopback (configuration test). */
export const ETHERTYPE_LOOPBACK = 0x9000;

// Lengths in bytes
/** A hardware address. */
export const ETH_ALEN = 6;
/** The protocol field. */
export const ETH_TLEN = 2;
/** The header. */
export const ETH_HLEN = 14;
/** The shortest frame, without its checksum. */
export const ETH_ZLEN = 60;
/** The largest payload. */
export const ETH_DATA_LEN = 1500;
/** The largest frame, without its checksum. */
export const ETH_FRAME_LEN = 1514;
/** The checksum. */
export const ETH_FCS_LEN = 4;
/** The least MTU: IPv4's (RFC 791). */
export const ETH_MIN_MTU = 68;
/** The largest MTU: IP's. */
export const ETH_MAX_MTU = 65535;
