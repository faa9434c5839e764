/**
 * A block of a file as it is, and what it says when somebody asks.
 */
import {
	BlockBody,
	type KnownInterface,
	readCustom,
	readEnhanced,
	readInterface,
	readNames,
	readObsolete,
	readSecrets,
	readSection,
	readSimple,
	readStatistics,
} from "./blocks.js";
import {
	customCopyable,
	customNotCopyable,
	decryptionSecrets,
	enhancedPacket,
	interfaceDescription,
	interfaceStatistics,
	nameResolution,
	obsoletePacket,
	pcapHeader,
	pcapRecord,
	sectionHeader,
	simplePacket,
} from "./blocktypes.js";
import { viewOf } from "./options.js";
import { type PcapLayout, readRecord } from "./pcap.js";
import type { CaptureFormat, CaptureValue, FileInterface, FilePacket, PcapHeader } from "./values.js";

const kinds = new Map<number, CaptureValue["kind"]>([
	[pcapHeader, "header"],
	[pcapRecord, "packet"],
	[sectionHeader, "section"],
	[interfaceDescription, "interface"],
	[obsoletePacket, "packet"],
	[simplePacket, "packet"],
	[nameResolution, "names"],
	[interfaceStatistics, "statistics"],
	[enhancedPacket, "packet"],
	[decryptionSecrets, "secrets"],
	[customCopyable, "custom"],
	[customNotCopyable, "custom"],
]);

/** A block of a pcapng file, or the header or a record of a pcap file: its bytes, and what they say. */
export class CaptureBlock {
	/** All of it, not copied: type, lengths, body. Written one after another, blocks are the file again. */
	readonly bytes: Uint8Array;
	/** Where it begins, in bytes from the file's first. */
	readonly offset: number;
	/** Whether its numbers have their lowest byte first. */
	readonly littleEndian: boolean;
	/** Its type in pcapng; undefined in pcap. */
	readonly type: number | undefined;
	/** What it is. */
	readonly kind: CaptureValue["kind"];
	readonly #type: number;
	readonly #interfaces: readonly KnownInterface[];
	/** How many interfaces were known when it came. */
	readonly #known: number;
	readonly #pcap: PcapLayout | undefined;

	/** Made by the library, where a file is read. */
	constructor(
		bytes: Uint8Array,
		offset: number,
		littleEndian: boolean,
		type: number,
		interfaces: readonly KnownInterface[],
		pcap: PcapLayout | undefined,
	) {
		this.bytes = bytes;
		this.offset = offset;
		this.littleEndian = littleEndian;
		this.type = type < pcapHeader ? type : undefined;
		this.kind = kinds.get(type) ?? "unknown";
		this.#type = type;
		this.#interfaces = interfaces;
		this.#known = interfaces.length;
		this.#pcap = pcap;
	}

	/** The format of the file that it is from. */
	get format(): CaptureFormat {
		return this.#pcap === undefined ? "pcapng" : "pcap";
	}

	/**
	 * The packet, of a block that is one.
	 * @throws CaptureFileError for what cannot be read
	 */
	get packet(): FilePacket | undefined {
		if (this.kind !== "packet") return undefined;
		const body = this.#body();
		if (this.#pcap !== undefined) return readRecord(body, this.#pcap);
		if (this.#type === enhancedPacket) return readEnhanced(body, this.#interfaces);
		return this.#type === simplePacket
			? readSimple(body, this.#interfaces)
			: readObsolete(body, this.#interfaces);
	}

	/**
	 * What the block says.
	 * @throws CaptureFileError for what cannot be read
	 */
	get value(): CaptureValue {
		const { kind } = this;
		const body = this.#body();
		switch (kind) {
			case "header":
				return { kind, value: this.#header() };
			case "section":
				return { kind, value: readSection(body) };
			case "interface":
				return { kind, value: this.#describedInterface(body) };
			case "packet":
				return { kind, value: this.packet as FilePacket };
			case "statistics":
				return { kind, value: readStatistics(body, this.#interfaces) };
			case "names":
				return { kind, value: readNames(body) };
			case "secrets":
				return { kind, value: readSecrets(body) };
			case "custom":
				return { kind, value: readCustom(body, this.#type === customCopyable) };
			default:
				return {
					kind: "unknown",
					value: { type: this.#type, body: this.bytes.slice(8, this.bytes.length - 4) },
				};
		}
	}

	/** It was read already, as the last that was known: who reads it again gets the same object. */
	#describedInterface(body: BlockBody): FileInterface {
		return this.#interfaces[this.#known - 1]?.description ?? readInterface(body, 0).description;
	}

	#header(): PcapHeader {
		const { description, units, usual } = this.#pcap as PcapLayout;
		const { link, snapLength = 0, fcsLength } = description;
		const nanoseconds = units === 1_000_000_000;
		return { link, snapLength, nanoseconds, usual, ...(fcsLength === undefined ? {} : { fcsLength }) };
	}

	#body(): BlockBody {
		const body = new BlockBody();
		body.bytes = this.bytes;
		body.view = viewOf(this.bytes);
		body.little = this.littleEndian;
		body.type = this.#type;
		body.offset = this.offset;
		body.start = this.#pcap === undefined ? 8 : 0;
		body.end = this.bytes.length - (this.#pcap === undefined ? 4 : 0);
		return body;
	}
}
