/**
 * Bluetooth: the protocols of AF_BLUETOOTH and their options (<bluetooth/bluetooth.h> of BlueZ and its
 * siblings).
 */

// Protocols
/** Logical link control and adaptation protocol. */
export const BTPROTO_L2CAP = 0;
/** Host controller interface: commands and events of the adapter. */
export const BTPROTO_HCI = 1;
/** Synchronous connections, for voice. */
export const BTPROTO_SCO = 2;
/** Serial ports over L2CAP. */
export const BTPROTO_RFCOMM = 3;
/** Ethernet over L2CAP. */
export const BTPROTO_BNEP = 4;
/** ISDN (CAPI) over L2CAP. */
export const BTPROTO_CMTP = 5;
/** Keyboards, mice and the like. */
export const BTPROTO_HIDP = 6;
/** Distribution of audio and video; no kernel implements it. */
export const BTPROTO_AVDTP = 7;
/** Isochronous channels of LE Audio. */
export const BTPROTO_ISO = 8;

// Addresses
/** Any adapter, for bind. */
export const BDADDR_ANY = "00:00:00:00:00:00";
/** This machine. */
export const BDADDR_LOCAL = "00:00:00:FF:FF:FF";
/** Kind of address: classic Bluetooth (BR/EDR). */
export const BDADDR_BREDR = 0;
/** Kind of address: low energy, public. */
export const BDADDR_LE_PUBLIC = 1;
/** Kind of address: low energy, random. */
export const BDADDR_LE_RANDOM = 2;

// HCI: devices, channels, and the options at level SOL_HCI
/** No device. */
export const HCI_DEV_NONE = 65535;
/** Shares the adapter with the kernel, through a filter. */
export const HCI_CHANNEL_RAW = 0;
/** Has the adapter for itself alone. */
export const HCI_CHANNEL_USER = 1;
/** Sees the traffic of every adapter. */
export const HCI_CHANNEL_MONITOR = 2;
/** Manages the adapters (the management interface). */
export const HCI_CHANNEL_CONTROL = 3;
/** Writes log messages into the monitor's stream. */
export const HCI_CHANNEL_LOGGING = 4;
/** Receives whether each packet came in or went out, in an ancillary message. */
export const HCI_DATA_DIR = 1;
/** Which packets and events are received (struct hci_filter). */
export const HCI_FILTER = 2;
/** Receives the time of each packet, in an ancillary message. */
export const HCI_TIME_STAMP = 3;

// L2CAP: options at level SOL_L2CAP, and the flags of the link mode
/** Sizes and mode of the channel (struct l2cap_options). */
export const L2CAP_OPTIONS = 1;
/** Handle and device class of the connection. Read only. */
export const L2CAP_CONNINFO = 2;
/** The link mode (L2CAP_LM_*). */
export const L2CAP_LM = 3;
/** This end is to be the central one. */
export const L2CAP_LM_MASTER = 1;
/** The link must be authenticated. */
export const L2CAP_LM_AUTH = 2;
/** The link must be encrypted. */
export const L2CAP_LM_ENCRYPT = 4;
/** The devices must be paired. */
export const L2CAP_LM_TRUSTED = 8;
/** The channel must be reliable. */
export const L2CAP_LM_RELIABLE = 16;
/** The link must be secure: encrypted with a strong key. */
export const L2CAP_LM_SECURE = 32;

// RFCOMM: options at level SOL_RFCOMM, and the flags of the link mode
/** Handle and device class of the connection. Read only. */
export const RFCOMM_CONNINFO = 2;
/** The link mode (RFCOMM_LM_*). */
export const RFCOMM_LM = 3;
/** This end is to be the central one. */
export const RFCOMM_LM_MASTER = 1;
/** The link must be authenticated. */
export const RFCOMM_LM_AUTH = 2;
/** The link must be encrypted. */
export const RFCOMM_LM_ENCRYPT = 4;
/** The devices must be paired. */
export const RFCOMM_LM_TRUSTED = 8;
/** The channel must be reliable. */
export const RFCOMM_LM_RELIABLE = 16;
/** The link must be secure: encrypted with a strong key. */
export const RFCOMM_LM_SECURE = 32;

// SCO: options at level SOL_SCO
/** The MTU of the connection in bytes. Read only. */
export const SCO_OPTIONS = 1;
/** Handle and device class of the connection. Read only. */
export const SCO_CONNINFO = 2;

// Options at level SOL_BLUETOOTH, each followed by its values
/** The security of the link: level and key size (struct bt_security). */
export const BT_SECURITY = 4;
/** None, for service discovery alone. */
export const BT_SECURITY_SDP = 0;
/** No encryption is asked for. */
export const BT_SECURITY_LOW = 1;
/** Encryption; the key need not be protected against a man in the middle. */
export const BT_SECURITY_MEDIUM = 2;
/** Encryption with an authenticated key. */
export const BT_SECURITY_HIGH = 3;
/** Encryption with an authenticated key of Secure Connections. */
export const BT_SECURITY_FIPS = 4;
/** Accepted connections are set up only once the program reads from them. */
export const BT_DEFER_SETUP = 7;
/** Whether the adapter may drop what it could not send in time. */
export const BT_FLUSHABLE = 8;
/** BT_FLUSHABLE: it may not. */
export const BT_FLUSHABLE_OFF = 0;
/** BT_FLUSHABLE: it may. */
export const BT_FLUSHABLE_ON = 1;
/** Whether sending wakes a link that saves power (struct bt_power). */
export const BT_POWER = 9;
/** BT_POWER: it does not. */
export const BT_POWER_FORCE_ACTIVE_OFF = 0;
/** BT_POWER: it does. */
export const BT_POWER_FORCE_ACTIVE_ON = 1;
/** Which radios a channel may use; newer kernels know no alternate ones (AMP). */
export const BT_CHANNEL_POLICY = 10;
/** BT_CHANNEL_POLICY: classic Bluetooth only. */
export const BT_CHANNEL_POLICY_BREDR_ONLY = 0;
/** BT_CHANNEL_POLICY: rather classic Bluetooth. */
export const BT_CHANNEL_POLICY_BREDR_PREFERRED = 1;
/** BT_CHANNEL_POLICY: rather an alternate radio (AMP). */
export const BT_CHANNEL_POLICY_AMP_PREFERRED = 2;
/** How the adapter codes voice (struct bt_voice). */
export const BT_VOICE = 11;
/** BT_VOICE: not at all; the program's own codec. */
export const BT_VOICE_TRANSPARENT = 3;
/** BT_VOICE: not at all, in samples of 16 bits. */
export const BT_VOICE_TRANSPARENT_16BIT = 99;
/** BT_VOICE: as CVSD, from samples of 16 bits. */
export const BT_VOICE_CVSD_16BIT = 96;
/** The largest packet to send, in bytes. */
export const BT_SNDMTU = 12;
/** The largest packet to receive, in bytes. */
export const BT_RCVMTU = 13;
/** Which radio modulations the link may use (BT_PHY_*). */
export const BT_PHY = 14;
/** The mode of an L2CAP channel. */
export const BT_MODE = 15;
/** BT_MODE: basic. */
export const BT_MODE_BASIC = 0;
/** BT_MODE: enhanced retransmission. */
export const BT_MODE_ERTM = 1;
/** BT_MODE: streaming. */
export const BT_MODE_STREAMING = 2;
/** BT_MODE: low energy with credits. */
export const BT_MODE_LE_FLOWCTL = 3;
/** BT_MODE: enhanced credits. */
export const BT_MODE_EXT_FLOWCTL = 4;
/** Receives BT_SCM_PKT_STATUS. */
export const BT_PKT_STATUS = 16;
/** Ancillary message: whether the packet arrived whole. */
export const BT_SCM_PKT_STATUS = 3;
/** Quality of service of an isochronous channel (struct bt_iso_qos). */
export const BT_ISO_QOS = 17;
/** The codec that the adapter uses for voice. */
export const BT_CODEC = 19;
/** The description of a broadcast's audio streams (BASE). */
export const BT_ISO_BASE = 20;

// Flags of BT_PHY
/** Basic rate, 1 Mbit/s, packets of 1 slot. */
export const BT_PHY_BR_1M_1SLOT = 0x1;
/** Basic rate, 1 Mbit/s, packets of 3 slots. */
export const BT_PHY_BR_1M_3SLOT = 0x2;
/** Basic rate, 1 Mbit/s, packets of 5 slots. */
export const BT_PHY_BR_1M_5SLOT = 0x4;
/** Enhanced data rate, 2 Mbit/s, packets of 1 slot. */
export const BT_PHY_EDR_2M_1SLOT = 0x8;
/** Enhanced data rate, 2 Mbit/s, packets of 3 slots. */
export const BT_PHY_EDR_2M_3SLOT = 0x10;
/** Enhanced data rate, 2 Mbit/s, packets of 5 slots. */
export const BT_PHY_EDR_2M_5SLOT = 0x20;
/** Enhanced data rate, 3 Mbit/s, packets of 1 slot. */
export const BT_PHY_EDR_3M_1SLOT = 0x40;
/** Enhanced data rate, 3 Mbit/s, packets of 3 slots. */
export const BT_PHY_EDR_3M_3SLOT = 0x80;
/** Enhanced data rate, 3 Mbit/s, packets of 5 slots. */
export const BT_PHY_EDR_3M_5SLOT = 0x100;
/** Low energy, 1 Mbit/s, sending. */
export const BT_PHY_LE_1M_TX = 0x200;
/** Low energy, 1 Mbit/s, receiving. */
export const BT_PHY_LE_1M_RX = 0x400;
/** Low energy, 2 Mbit/s, sending. */
export const BT_PHY_LE_2M_TX = 0x800;
/** Low energy, 2 Mbit/s, receiving. */
export const BT_PHY_LE_2M_RX = 0x1000;
/** Low energy with long range coding, sending. */
export const BT_PHY_LE_CODED_TX = 0x2000;
/** Low energy with long range coding, receiving. */
export const BT_PHY_LE_CODED_RX = 0x4000;
