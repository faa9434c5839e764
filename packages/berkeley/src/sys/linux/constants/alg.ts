/**
 * The kernel's cryptography through AF_ALG (<linux/if_alg.h>): options at level SOL_ALG, which are
 * ancillary messages too.
 */

/** The key. */
export const ALG_SET_KEY = 1;
/** The initialization vector. */
export const ALG_SET_IV = 2;
/** The operation (ALG_OP_*). */
export const ALG_SET_OP = 3;
/** How many bytes are authenticated only. */
export const ALG_SET_AEAD_ASSOCLEN = 4;
/** The length of the tag. */
export const ALG_SET_AEAD_AUTHSIZE = 5;
/** The entropy of a random number generator. */
export const ALG_SET_DRBG_ENTROPY = 6;
/** A public key: Python's name; no kernel took it, and the number went to ALG_SET_DRBG_ENTROPY. */
export const ALG_SET_PUBKEY = 6;
/** A key of the keyring, by its serial number. */
export const ALG_SET_KEY_BY_KEY_SERIAL = 7;

// Operations; kernels have the first two, Python names the others.
/** Decrypts. */
export const ALG_OP_DECRYPT = 0;
/** Encrypts. */
export const ALG_OP_ENCRYPT = 1;
/** Signs. */
export const ALG_OP_SIGN = 2;
/** Verifies a signature. */
export const ALG_OP_VERIFY = 3;
