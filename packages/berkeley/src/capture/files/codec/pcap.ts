/**
 * The format of pcap: a header, then records of packets. pcap-savefile(5), draft-ietf-opsawg-pcap.
 */
import { type BlockBody, type KnownInterface, packetBytes } from "./blocks.js";
import { pcapMicroseconds, pcapModified, pcapNanoseconds } from "./blocktypes.js";
import { linkOf } from "./linktypes.js";
import { Clock, microseconds, nanoseconds } from "./timestamps.js";
import type { FileInterface, FilePacket } from "./values.js";

/** How the records of a file lie. */
export class PcapLayout implements KnownInterface {
	readonly little: boolean;
	/** Units of the times in a second. */
	readonly units: number;
	/** How many bytes are before the packet's. */
	readonly recordHeader: number;
	/** What the header tells, as an interface. */
	readonly description: FileInterface;
	readonly clock: Clock;
	/** In files of versions before 2.4 the two lengths may be the other way round. */
	readonly #old: boolean;

	constructor(little: boolean, magic: number, minor: number, description: FileInterface) {
		this.little = little;
		this.units = magic === pcapNanoseconds ? 1_000_000_000 : 1_000_000;
		this.recordHeader = magic === pcapModified ? 24 : 16;
		this.description = description;
		this.clock = new Clock(magic === pcapNanoseconds ? nanoseconds : microseconds);
		this.#old = minor < 4;
	}

	/** Whether records are as in every file of today. */
	get usual(): boolean {
		return this.recordHeader === 16 && !this.#old;
	}

	/** How many bytes of a packet there are. */
	captured(view: DataView, at: number): number {
		const captured = view.getUint32(at + 8, this.little);
		return this.#old ? Math.min(captured, view.getUint32(at + 12, this.little)) : captured;
	}

	/** How long a packet was on the wire. */
	length(view: DataView, at: number): number {
		const length = view.getUint32(at + 12, this.little);
		return this.#old ? Math.max(length, view.getUint32(at + 8, this.little)) : length;
	}
}

const magics = [pcapMicroseconds, pcapNanoseconds, pcapModified];

/** Why four bytes at the beginning of a file do not make it a pcap file; undefined when they do. */
export function unknownFormat(view: DataView, at: number): string | undefined {
	const magic = view.getUint32(at);
	if (magics.includes(magic) || magics.includes(view.getUint32(at, true))) return undefined;
	const text = `0x${magic.toString(16).padStart(8, "0")}`;
	if (magic >>> 16 === 0x1f8b)
		return "it is compressed by gzip: decompress it first, with createGunzip() of node:zlib";
	if (magic === 0x28b52ffd) return "it is compressed by zstd: decompress it first";
	return `it begins with ${text}, and is neither pcap nor pcapng`;
}

/** Reads the header, of 24 bytes; its magic is known to be one. */
export function readHeader(view: DataView, at: number, fail: (problem: string) => never): PcapLayout {
	const little = magics.includes(view.getUint32(at, true));
	const magic = view.getUint32(at, little);
	const major = view.getUint16(at + 4, little);
	const minor = view.getUint16(at + 6, little);
	if (major !== 2) fail(`it is of version ${major}.${minor} of the format, and 2.4 is known`);
	const snapLength = view.getUint32(at + 16, little);
	const network = view.getUint32(at + 20, little);
	return new PcapLayout(little, magic, minor, {
		index: 0,
		link: linkOf(network & 0xffff),
		...(snapLength === 0 ? {} : { snapLength }),
		// Bit 26 says whether the upper four are a length, in units of two bytes.
		...(network & 0x0400_0000 ? { fcsLength: (network >>> 28) * 2 } : {}),
		...(magic === pcapNanoseconds ? { resolution: nanoseconds } : {}),
	});
}

/** Reads a record, which is whole. */
export function readRecord(body: BlockBody, layout: PcapLayout): FilePacket {
	const { view, start } = body;
	const { little, units, recordHeader, description } = layout;
	let seconds = view.getUint32(start, little);
	let fraction = view.getUint32(start + 4, little);
	if (fraction >= units) {
		seconds += Math.floor(fraction / units);
		fraction %= units;
	}
	return {
		bytes: packetBytes(body, start + recordHeader, layout.captured(view, start)),
		length: layout.length(view, start),
		seconds,
		nanoseconds: units === 1_000_000 ? fraction * 1000 : fraction,
		link: description.link,
	};
}
