/**
 * CRC-32C, the checksum of Castagnoli (RFC 4960, appendix B; RFC 3720, appendix B.4).
 */

// The polynomial 0x1EDC6F41, its bits in reverse.
const polynomial = 0x82f63b78;

let table: Uint32Array | undefined;

function remainders(): Uint32Array {
	const made = new Uint32Array(256);
	for (let byte = 0; byte < 256; byte++) {
		let rest = byte;
		for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
		made[byte] = rest;
	}
	return made;
}

/** The checksum of bytes, an unsigned number of 32 bits. */
export function crc32c(bytes: Uint8Array): number {
	table ??= remainders();
	let rest = 0xffffffff;
	for (const byte of bytes) rest = (table[(rest ^ byte) & 0xff] as number) ^ (rest >>> 8);
	return ~rest >>> 0;
}
