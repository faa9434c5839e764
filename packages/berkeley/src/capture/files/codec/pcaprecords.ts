/**
 * Writes the format of pcap: the header and the records of packets. pcap-savefile(5).
 */
import { checkBytes, checkInteger } from "../../../address/bytes.js";
import type { CopyablePacket } from "../../captured.js";
import { pcapMicroseconds, pcapNanoseconds } from "./blocktypes.js";
import type { ByteWriter } from "./bytewriter.js";
import { describeLink, type FileLink, linkTypeOf } from "./linktypes.js";
import type { FilePacket, PcapHeader } from "./values.js";

const usualSnapLength = 262144;
const none = new Uint8Array(0);

/** The records of one file, which have the link and the unit of its header. */
export class PcapRecords {
	readonly #out: ByteWriter;
	readonly #snapLength: number;
	/** Nanoseconds in the unit of times. */
	#unit: number;
	/** The LINKTYPE_ number, once there is a header; -1 before. */
	#linkType = -1;
	/** The link of the last packet, and its number. */
	#lastLink: FileLink | undefined;
	#lastLinkType = -1;
	/** Why no packets can be written behind the header that was copied. */
	#unlike = "";

	/** @param snapLength the most bytes of a packet; infinity for all */
	constructor(out: ByteWriter, nanoseconds: boolean, snapLength: number) {
		this.#out = out;
		this.#unit = nanoseconds ? 1 : 1000;
		this.#snapLength = snapLength;
	}

	/** Writes the header. */
	header(link: FileLink): void {
		const out = this.#out;
		this.#linkType = linkTypeOf(link);
		out.u32(this.#unit === 1 ? pcapNanoseconds : pcapMicroseconds);
		out.u16(2);
		out.u16(4);
		out.u32(0);
		out.u32(0);
		// libpcap takes 0 for "unknown", older ones take no packet then.
		out.u32(this.#snapLength === Number.POSITIVE_INFINITY ? usualSnapLength : this.#snapLength);
		out.u32(this.#linkType);
	}

	/** Goes on behind a header that is there. */
	adopt({ link, nanoseconds, usual }: PcapHeader): void {
		this.#linkType = linkTypeOf(link);
		this.#unit = nanoseconds ? 1 : 1000;
		if (!usual) this.#unlike = "its header is of an old or patched libpcap";
	}

	/** Writes a packet, and before the first one the header. */
	record(packet: FilePacket, firstLink: FileLink): void {
		const { length, seconds, nanoseconds, link } = packet;
		const copyable = isCopyable(packet) && packet.size <= this.#snapLength ? packet : undefined;
		const bytes = copyable === undefined ? packet.bytes : none;
		if (copyable === undefined) checkBytes(bytes, "bytes");
		const captured = copyable === undefined ? Math.min(bytes.length, this.#snapLength) : copyable.size;
		checkTime(seconds, nanoseconds);
		checkInteger(length, 0, 0xffffffff, "length");
		if (seconds > 0xffffffff) throw new RangeError(`seconds must be below 2 ** 32 in pcap, not ${seconds}`);
		// Looked up for the first of many that are alike.
		const linkType = link === this.#lastLink ? this.#lastLinkType : linkTypeOf(link);
		this.#lastLink = link;
		this.#lastLinkType = linkType;
		const expected = this.#linkType < 0 ? linkTypeOf(firstLink) : this.#linkType;
		if (this.#unlike !== "") {
			throw new RangeError(`packets cannot be written on in this file: ${this.#unlike}`);
		}
		if (linkType !== expected) {
			throw new RangeError(
				`a pcap file has packets of one link: ${describeLink(link)} does not go with link type ${expected}; pcapng takes both`,
			);
		}
		if (this.#linkType < 0) this.header(firstLink);
		const out = this.#out;
		const unit = this.#unit;
		out.words(seconds, unit === 1 ? nanoseconds : Math.floor(nanoseconds / unit), captured, length);
		if (copyable !== undefined) out.copy(copyable);
		else out.bytes(captured < bytes.length ? bytes.subarray(0, captured) : bytes);
	}
}

function isCopyable(packet: object): packet is CopyablePacket {
	return "copyTo" in packet;
}

/** Requires a time as packets have it. */
export function checkTime(seconds: number, nanoseconds: number): void {
	checkInteger(seconds, 0, Number.MAX_SAFE_INTEGER, "seconds");
	checkInteger(nanoseconds, 0, 999_999_999, "nanoseconds");
}
