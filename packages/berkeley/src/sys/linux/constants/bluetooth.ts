/**
 * Bluetooth: the protocols of AF_BLUETOOTH and their options (<bluetooth/bluetooth.h> of BlueZ and its
 * siblings).
 */

// Protocols
export const BTPROTO_L2CAP = 0;
export const BTPROTO_HCI = 1;
export const BTPROTO_SCO = 2;
export const BTPROTO_RFCOMM = 3;
export const BTPROTO_BNEP = 4;
export const BTPROTO_CMTP = 5;
export const BTPROTO_HIDP = 6;
export const BTPROTO_AVDTP = 7;
export const BTPROTO_ISO = 8;

// Addresses
/** Any adapter, for bind. */
export const BDADDR_ANY = "00:00:00:00:00:00";
/** This machine. */
export const BDADDR_LOCAL = "00:00:00:FF:FF:FF";
export const BDADDR_BREDR = 0;
export const BDADDR_LE_PUBLIC = 1;
export const BDADDR_LE_RANDOM = 2;

// HCI: devices, channels, and the options at level SOL_HCI
export const HCI_DEV_NONE = 65535;
export const HCI_CHANNEL_RAW = 0;
export const HCI_CHANNEL_USER = 1;
export const HCI_CHANNEL_MONITOR = 2;
export const HCI_CHANNEL_CONTROL = 3;
export const HCI_CHANNEL_LOGGING = 4;
export const HCI_DATA_DIR = 1;
export const HCI_FILTER = 2;
export const HCI_TIME_STAMP = 3;

// L2CAP: options at level SOL_L2CAP, and the flags of the link mode
export const L2CAP_OPTIONS = 1;
export const L2CAP_CONNINFO = 2;
export const L2CAP_LM = 3;
export const L2CAP_LM_MASTER = 1;
export const L2CAP_LM_AUTH = 2;
export const L2CAP_LM_ENCRYPT = 4;
export const L2CAP_LM_TRUSTED = 8;
export const L2CAP_LM_RELIABLE = 16;
export const L2CAP_LM_SECURE = 32;

// RFCOMM: options at level SOL_RFCOMM, and the flags of the link mode
export const RFCOMM_CONNINFO = 2;
export const RFCOMM_LM = 3;
export const RFCOMM_LM_MASTER = 1;
export const RFCOMM_LM_AUTH = 2;
export const RFCOMM_LM_ENCRYPT = 4;
export const RFCOMM_LM_TRUSTED = 8;
export const RFCOMM_LM_RELIABLE = 16;
export const RFCOMM_LM_SECURE = 32;

// SCO: options at level SOL_SCO
export const SCO_OPTIONS = 1;
export const SCO_CONNINFO = 2;

// Options at level SOL_BLUETOOTH, each followed by its values
export const BT_SECURITY = 4;
export const BT_SECURITY_SDP = 0;
export const BT_SECURITY_LOW = 1;
export const BT_SECURITY_MEDIUM = 2;
export const BT_SECURITY_HIGH = 3;
export const BT_SECURITY_FIPS = 4;
export const BT_DEFER_SETUP = 7;
export const BT_FLUSHABLE = 8;
export const BT_FLUSHABLE_OFF = 0;
export const BT_FLUSHABLE_ON = 1;
export const BT_POWER = 9;
export const BT_POWER_FORCE_ACTIVE_OFF = 0;
export const BT_POWER_FORCE_ACTIVE_ON = 1;
export const BT_CHANNEL_POLICY = 10;
export const BT_CHANNEL_POLICY_BREDR_ONLY = 0;
export const BT_CHANNEL_POLICY_BREDR_PREFERRED = 1;
export const BT_CHANNEL_POLICY_AMP_PREFERRED = 2;
export const BT_VOICE = 11;
export const BT_VOICE_TRANSPARENT = 3;
export const BT_VOICE_TRANSPARENT_16BIT = 99;
export const BT_VOICE_CVSD_16BIT = 96;
export const BT_SNDMTU = 12;
export const BT_RCVMTU = 13;
export const BT_PHY = 14;
export const BT_MODE = 15;
export const BT_MODE_BASIC = 0;
export const BT_MODE_ERTM = 1;
export const BT_MODE_STREAMING = 2;
export const BT_MODE_LE_FLOWCTL = 3;
export const BT_MODE_EXT_FLOWCTL = 4;
export const BT_PKT_STATUS = 16;
export const BT_SCM_PKT_STATUS = 3;
export const BT_ISO_QOS = 17;
export const BT_CODEC = 19;
export const BT_ISO_BASE = 20;

// Flags of BT_PHY
export const BT_PHY_BR_1M_1SLOT = 0x1;
export const BT_PHY_BR_1M_3SLOT = 0x2;
export const BT_PHY_BR_1M_5SLOT = 0x4;
export const BT_PHY_EDR_2M_1SLOT = 0x8;
export const BT_PHY_EDR_2M_3SLOT = 0x10;
export const BT_PHY_EDR_2M_5SLOT = 0x20;
export const BT_PHY_EDR_3M_1SLOT = 0x40;
export const BT_PHY_EDR_3M_3SLOT = 0x80;
export const BT_PHY_EDR_3M_5SLOT = 0x100;
export const BT_PHY_LE_1M_TX = 0x200;
export const BT_PHY_LE_1M_RX = 0x400;
export const BT_PHY_LE_2M_TX = 0x800;
export const BT_PHY_LE_2M_RX = 0x1000;
export const BT_PHY_LE_CODED_TX = 0x2000;
export const BT_PHY_LE_CODED_RX = 0x4000;
