/**
 * The types of pcapng's blocks, and what is fixed in both formats. draft-ietf-opsawg-pcapng, section 11.1;
 * pcap-savefile(5).
 */

export const sectionHeader = 0x0a0d0d0a;
export const interfaceDescription = 1;
export const obsoletePacket = 2;
export const simplePacket = 3;
export const nameResolution = 4;
export const interfaceStatistics = 5;
export const enhancedPacket = 6;
export const decryptionSecrets = 10;
export const customCopyable = 0x0bad;
export const customNotCopyable = 0x40000bad;

/** Of pcap, which has no types: beyond those of pcapng, which have 32 bits. */
export const pcapHeader = 0x1_0000_0000;
export const pcapRecord = 0x1_0000_0001;

const names = new Map([
	[pcapHeader, "the header of a pcap file"],
	[pcapRecord, "a packet record"],
	[sectionHeader, "a section header block"],
	[interfaceDescription, "an interface description block"],
	[obsoletePacket, "an obsolete packet block"],
	[simplePacket, "a simple packet block"],
	[nameResolution, "a name resolution block"],
	[interfaceStatistics, "an interface statistics block"],
	[enhancedPacket, "an enhanced packet block"],
	[decryptionSecrets, "a decryption secrets block"],
	[customCopyable, "a custom block"],
	[customNotCopyable, "a custom block"],
]);

/** What a block is, for messages. */
export function describeBlock(type: number): string {
	return names.get(type) ?? `a block of type 0x${type.toString(16)}`;
}

/** The magic of a section header, in its own byte order. */
export const byteOrderMagic = 0x1a2b3c4d;

/** The magics of pcap: with microseconds, with nanoseconds, and with longer headers of packets by a patched libpcap. */
export const pcapMicroseconds = 0xa1b2c3d4;
export const pcapNanoseconds = 0xa1b23c4d;
export const pcapModified = 0xa1b2cd34;

/** How large a block is at most when nobody says. */
export const usualMostBlock: number = 16 * 1024 * 1024;

/** How many interfaces a section has at most. */
export const mostInterfaces = 65536;
