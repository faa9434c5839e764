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
/** Sent: the type of the record. */
export const TLS_SET_RECORD_TYPE = 1;
/** Received: the type of the record. */
export const TLS_GET_RECORD_TYPE = 2;

// Versions
/** TLS 1.2 (RFC 5246). */
export const TLS_1_2_VERSION = 0x303;
/** TLS 1.3 (RFC 8446). */
export const TLS_1_3_VERSION = 0x304;

// Ciphers
/** AES in GCM, keys of 128 bits. */
export const TLS_CIPHER_AES_GCM_128 = 51;
/** AES in GCM, keys of 256 bits. */
export const TLS_CIPHER_AES_GCM_256 = 52;
/** AES in CCM, keys of 128 bits. */
export const TLS_CIPHER_AES_CCM_128 = 53;
/** ChaCha20 with Poly1305. */
export const TLS_CIPHER_CHACHA20_POLY1305 = 54;
/** SM4 in GCM. */
export const TLS_CIPHER_SM4_GCM = 55;
/** SM4 in CCM. */
export const TLS_CIPHER_SM4_CCM = 56;
/** ARIA in GCM, keys of 128 bits. */
export const TLS_CIPHER_ARIA_GCM_128 = 57;
/** ARIA in GCM, keys of 256 bits. */
export const TLS_CIPHER_ARIA_GCM_256 = 58;

// Which way is in effect
/** None yet: no keys are set. */
export const TLS_CONF_BASE = 1;
/** The kernel encrypts. */
export const TLS_CONF_SW = 2;
/** The device encrypts; the kernel makes the records. */
export const TLS_CONF_HW = 3;
/** The device does all of TLS, records included. */
export const TLS_CONF_HW_RECORD = 4;
