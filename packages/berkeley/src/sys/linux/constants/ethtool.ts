/**
 * ethtool by SIOCETHTOOL: the commands that read and change a device's offloads (<linux/ethtool.h>).
 */

// Commands
/** Reads a set of strings, struct ethtool_gstrings. */
export const ETHTOOL_GSTRINGS = 0x1b;
/** Reads the sizes of sets of strings, struct ethtool_sset_info. */
export const ETHTOOL_GSSET_INFO = 0x37;
/** Reads the state of all features, struct ethtool_gfeatures. */
export const ETHTOOL_GFEATURES = 0x3a;
/** Changes features, struct ethtool_sfeatures. */
export const ETHTOOL_SFEATURES = 0x3b;

// Numbers
/** The set of strings that names the features. */
export const ETH_SS_FEATURES = 4;
/** The length of a string, padded with NUL. */
export const ETH_GSTRING_LEN = 32;
/** From ETHTOOL_SFEATURES: some of the features cannot be changed. */
export const ETHTOOL_F_UNSUPPORTED = 0x1;
/** From ETHTOOL_SFEATURES: some wishes are noted, but could not be granted now. */
export const ETHTOOL_F_WISH = 0x2;
/** From ETHTOOL_SFEATURES: made by the older commands. */
export const ETHTOOL_F_COMPAT = 0x4;
