/**
 * TLS in the kernel, on a socket with the TCP_ULP "tls" (<linux/tls.h>): options at level SOL_TLS.
 */

/** The keys of sending. */
export const TLS_TX = 1;
/** The keys of receiving. */
export const TLS_RX = 2;
/** Sends files without a copy. */
export const TLS_TX_ZEROCOPY_RO = 3;
/** Expects that the peer does not pad. */
export const TLS_RX_EXPECT_NO_PAD = 4;
/** The largest record to send. */
export const TLS_TX_MAX_PAYLOAD_LEN = 5;

// Ancillary messages
export const TLS_SET_RECORD_TYPE = 1;
export const TLS_GET_RECORD_TYPE = 2;

// Versions
export const TLS_1_2_VERSION = 0x303;
export const TLS_1_3_VERSION = 0x304;

// Ciphers
export const TLS_CIPHER_AES_GCM_128 = 51;
export const TLS_CIPHER_AES_GCM_256 = 52;
export const TLS_CIPHER_AES_CCM_128 = 53;
export const TLS_CIPHER_CHACHA20_POLY1305 = 54;
export const TLS_CIPHER_SM4_GCM = 55;
export const TLS_CIPHER_SM4_CCM = 56;
export const TLS_CIPHER_ARIA_GCM_128 = 57;
export const TLS_CIPHER_ARIA_GCM_256 = 58;

// Which way is in effect
export const TLS_CONF_BASE = 1;
export const TLS_CONF_SW = 2;
export const TLS_CONF_HW = 3;
export const TLS_CONF_HW_RECORD = 4;
