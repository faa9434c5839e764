/**
 * Makes the bytes of files of captures: pcap-savefile(5) and draft-ietf-opsawg-pcapng. Pure: it runs in a browser too.
 */

import { checkBytes, checkInteger, kindOf } from "../../../address/bytes.js";
import type { CaptureBlock } from "./block.js";
import { flagsOf, simpleLength } from "./blocks.js";
import {
	byteOrderMagic,
	customCopyable,
	customNotCopyable,
	decryptionSecrets,
	enhancedPacket,
	interfaceDescription,
	interfaceStatistics,
	nameResolution,
	sectionHeader,
	simplePacket,
} from "./blocktypes.js";
import { ByteWriter } from "./bytewriter.js";
import { type FileLink, linkTypeOf } from "./linktypes.js";
import { writeNameRecord } from "./names.js";
import { hasOptions, type OptionTable, viewOf, writeOptions } from "./options.js";
import { checkTime, PcapRecords } from "./pcaprecords.js";
import {
	commentOptions,
	interfaceOptions,
	nameOptions,
	packetOptions,
	sectionOptions,
	statisticsOptions,
} from "./tables.js";
import { Clock, nanoseconds, type TimestampResolution } from "./timestamps.js";
import type {
	CaptureFormat,
	CaptureSection,
	CaptureTime,
	CustomData,
	DecryptionSecrets,
	FileInterface,
	FilePacket,
	InterfaceDescription,
	InterfaceStatistics,
	NameResolution,
} from "./values.js";

/** How a file is written. */
export interface CaptureEncoderOptions {
	/** The format; pcapng when left out. */
	format?: CaptureFormat;
	/** Whether numbers have their lowest byte first; true when left out. */
	littleEndian?: boolean;
	/** The unit of times, for interfaces that do not say: "nano" when left out, or "micro", which cuts them off. */
	precision?: "micro" | "nano";
	/** The most bytes that are written of a packet; what is beyond is cut off. No limit when left out. */
	snapLength?: number;
	/** What the packets of a pcap file begin with; when left out, what its first packet says. */
	link?: FileLink;
	/** What the first section's header tells, in pcapng. */
	section?: CaptureSection;
}

interface WrittenInterface {
	readonly number: number;
	readonly link: FileLink;
	readonly snapLength: number;
	readonly clock: Clock;
}

// With room behind what is sent as a piece, so that the packet that completes it does not make the memory grow.
const roomSize = 0x40000 + 0x10000;

/** Makes a capture's bytes out of packets and whatever else belongs into it. take() gives what is there so far. */
export class CaptureEncoder {
	/** The format that is written. */
	readonly format: CaptureFormat;
	readonly #out: ByteWriter;
	readonly #precision: TimestampResolution;
	/** Of pcap. */
	readonly #records: PcapRecords;
	readonly #snapLength: number;
	readonly #link: FileLink | undefined;
	readonly #section: CaptureSection;
	#begun = false;
	#interfaces: (WrittenInterface | undefined)[] = [];
	#byObject = new WeakMap<object, WrittenInterface>();
	#byContent = new Map<string, WrittenInterface>();

	/** @throws TypeError, RangeError for an option that is none */
	constructor(options: CaptureEncoderOptions = {}) {
		const { format = "pcapng", littleEndian = true, precision = "nano", snapLength, link, section } = options;
		if (format !== "pcap" && format !== "pcapng") {
			throw new RangeError(`format must be "pcap" or "pcapng", not ${String(format)}`);
		}
		if (precision !== "micro" && precision !== "nano") {
			throw new RangeError(`precision must be "micro" or "nano", not ${String(precision)}`);
		}
		if (typeof littleEndian !== "boolean") {
			throw new TypeError(`littleEndian must be a boolean, not ${kindOf(littleEndian)}`);
		}
		if (link !== undefined) linkTypeOf(link);
		if (format === "pcapng" && link !== undefined) {
			throw new TypeError("link is for pcap: in pcapng each interface has its own");
		}
		if (format === "pcap" && section !== undefined)
			throw new TypeError("section is for pcapng: pcap has none");
		this.format = format;
		this.#out = new ByteWriter(roomSize, littleEndian);
		this.#precision = precision === "nano" ? nanoseconds : { base: 10, exponent: 6 };
		this.#snapLength =
			snapLength === undefined
				? Number.POSITIVE_INFINITY
				: checkInteger(snapLength, 1, 0xffffffff, "snapLength");
		this.#records = new PcapRecords(this.#out, precision === "nano", this.#snapLength);
		this.#link = link;
		this.#section = section ?? {};
		// So that it is refused before there is a file.
		if (section !== undefined)
			writeOptions(new ByteWriter(256, littleEndian), section, sectionOptions, "section");
	}

	/** How many bytes wait for take(). */
	get length(): number {
		return this.#out.length;
	}

	/** The bytes that wait for take(), which stand there until more are made; forget() is for when they were used. */
	get waiting(): Uint8Array {
		return this.#out.written;
	}

	/** Forgets the bytes that wait. */
	forget(): void {
		this.#out.cut(0);
	}

	/** The bytes that were made since it was last called. They are the caller's. */
	take(): Uint8Array {
		return this.#out.take();
	}

	/** Writes the header of the file, where nothing has been written: a capture of no packets is one, too. */
	begin(): void {
		if (this.#begun) return;
		if (this.format === "pcapng") this.section(this.#section);
		else this.#records.header(this.#link ?? "ethernet");
		this.#begun = true;
	}

	/**
	 * Takes it that a file has been begun, which is to be written on: a pcap file's header, or that of a section.
	 * @param header the block that has it
	 */
	resume(header: CaptureBlock): void {
		if (this.#begun) throw new Error("the file has been begun already");
		this.#adopt(header);
	}

	/**
	 * A packet. In pcapng its interface is described before it, where it was not before. pcap has bytes, lengths and times,
	 * of one link: what else a packet has is left out there.
	 * @throws TypeError, RangeError for what cannot be written; then nothing of the packet is
	 */
	packet(packet: FilePacket): void {
		if (this.format === "pcapng") {
			this.#packetBlock(packet);
			return;
		}
		this.#records.record(packet, this.#link ?? packet.link);
		this.#begun = true;
	}

	#packetBlock(packet: FilePacket): void {
		const { bytes, length, seconds, nanoseconds: nanos, simple } = packet;
		checkBytes(bytes, "bytes");
		checkTime(seconds, nanos);
		checkInteger(length, 0, 0xffffffff, "length");
		this.begin();
		const written = this.#interfaceOf(packet);
		const captured = Math.min(bytes.length, this.#snapLength);
		const some = captured < bytes.length ? bytes.subarray(0, captured) : bytes;
		if (simple === true) {
			this.#simplePacket(some, length, written);
			return;
		}
		const { clock } = written;
		if (!clock.join(seconds, nanos)) {
			throw new RangeError(
				`${seconds} seconds cannot be written in the unit and with the offset of the interface`,
			);
		}
		const out = this.#out;
		const begun = out.length;
		out.u32(enhancedPacket);
		out.u32(0);
		out.u32(written.number);
		out.u32(clock.high);
		out.u32(clock.low);
		out.u32(captured);
		out.u32(length);
		out.padded(some);
		const { direction } = packet;
		if (hasOptions(packet, packetOptions)) this.#packetOptions(packet, begun);
		else if (direction !== undefined) {
			// The flags alone, as a live capture has them.
			out.u16(2);
			out.u16(4);
			out.u32(flagsOf(direction));
			out.u32(0);
		}
		this.#close(begun);
	}

	#packetOptions(packet: FilePacket, begun: number): void {
		const { direction, flags } = packet;
		const complete =
			flags === undefined && direction !== undefined ? { ...packet, flags: flagsOf(direction) } : packet;
		this.#options(begun, complete, packetOptions, "packet");
	}

	#simplePacket(bytes: Uint8Array, length: number, { number, snapLength }: WrittenInterface): void {
		if (number !== 0) {
			throw new RangeError(
				`a simple packet is of the first interface of its section, not of number ${number}`,
			);
		}
		const expected = simpleLength(length, snapLength);
		if (bytes.length !== expected) {
			throw new RangeError(
				`of a simple packet of ${length} bytes there must be ${expected}, by the interface's snap length, not ${bytes.length}`,
			);
		}
		const out = this.#out;
		const begun = this.#open(simplePacket);
		out.u32(length);
		out.padded(bytes);
		this.#close(begun);
	}

	/** The interface of a packet, described before where it was not yet. */
	#interfaceOf({ link, interface: place }: FilePacket): WrittenInterface {
		if (place !== undefined && (typeof place !== "object" || place === null)) {
			throw new TypeError(`interface must be { index, name }, not ${kindOf(place)}`);
		}
		if (place === undefined) return this.#interfaceLike({ link }, contentOf({}, link, -1));
		const known = this.#byObject.get(place);
		if (known !== undefined && known.link === link) return known;
		const { index, ...described } = place;
		const found = this.#interfaceLike({ ...described, link }, contentOf(described, link, index));
		if (known === undefined) this.#byObject.set(place, found);
		return found;
	}

	#interfaceLike(description: InterfaceDescription, content: string): WrittenInterface {
		const known = this.#byContent.get(content);
		if (known !== undefined) return known;
		const written = this.#describe(description);
		this.#byContent.set(content, written);
		return written;
	}

	/**
	 * Describes an interface.
	 * @returns its number in the section; packets are of it that have this very object as their `interface`
	 * @throws TypeError, RangeError for what cannot be written
	 */
	interface(description: InterfaceDescription | FileInterface): number {
		this.#onlyPcapng("an interface");
		const written = this.#describe(description);
		const { number, link } = written;
		this.#byObject.set(description, written);
		const index = "index" in description ? description.index : number;
		const content = contentOf(description, link, index);
		if (!this.#byContent.has(content)) this.#byContent.set(content, written);
		return number;
	}

	#describe(description: InterfaceDescription): WrittenInterface {
		const { link, snapLength = 0 } = description;
		const linkType = linkTypeOf(link);
		checkInteger(snapLength, 0, 0xffffffff, "snapLength");
		this.begin();
		const limit =
			this.#snapLength === Number.POSITIVE_INFINITY
				? snapLength
				: Math.min(this.#snapLength, snapLength || this.#snapLength);
		const resolution = description.resolution ?? this.#precision;
		const out = this.#out;
		const begun = this.#open(interfaceDescription);
		out.u16(linkType);
		out.u16(0);
		out.u32(limit);
		this.#options(begun, { ...description, resolution }, interfaceOptions, "interface");
		this.#close(begun);
		const number = this.#interfaces.length;
		const clock = new Clock(resolution, description.timestampOffset ?? 0);
		const written = { number, link, snapLength: limit, clock };
		this.#interfaces.push(written);
		return written;
	}

	/** Begins a section: the interfaces of packets that follow are described again. */
	section(section: CaptureSection = {}): void {
		this.#onlyPcapng("a section");
		const out = this.#out;
		const begun = this.#open(sectionHeader);
		out.u32(byteOrderMagic);
		out.u16(1);
		out.u16(0);
		// How long the section is, is not known yet.
		out.u64(0xffff_ffff_ffff_ffffn);
		this.#options(begun, section, sectionOptions, "section");
		this.#close(begun);
		this.#begun = true;
		this.#forgetInterfaces();
	}

	/** Interface statistics. */
	statistics(statistics: InterfaceStatistics): void {
		this.#onlyPcapng("statistics");
		const { interface: number, seconds, nanoseconds: nanos, begin, end } = statistics;
		checkInteger(number, 0, 0xffffffff, "interface");
		const written = this.#interfaces[number];
		if (written === undefined) throw new RangeError(`no interface of number ${number} has been described`);
		const { clock } = written;
		const halves = ({ seconds: whole, nanoseconds: rest }: CaptureTime, what: string): Uint8Array => {
			checkTime(whole, rest);
			if (!clock.join(whole, rest)) throw new RangeError(`${what} cannot be written in the interface's unit`);
			const bytes = new Uint8Array(8);
			viewOf(bytes).setUint32(0, clock.high, this.#out.little);
			viewOf(bytes).setUint32(4, clock.low, this.#out.little);
			return bytes;
		};
		const time = halves({ seconds, nanoseconds: nanos }, "the time");
		const times = {
			...(begin === undefined ? {} : { begin: halves(begin, "begin") }),
			...(end === undefined ? {} : { end: halves(end, "end") }),
		};
		const out = this.#out;
		const begun = this.#open(interfaceStatistics);
		out.u32(number);
		out.bytes(time);
		this.#options(begun, { ...statistics, ...times }, statisticsOptions, "statistics");
		this.#close(begun);
	}

	/** Names of addresses. */
	names(names: NameResolution): void {
		this.#onlyPcapng("names");
		const records = names.records.map(writeNameRecord);
		this.begin();
		const out = this.#out;
		const begun = this.#open(nameResolution);
		for (const { type, bytes } of records) {
			out.u16(type);
			out.u16(bytes.length);
			out.padded(bytes);
		}
		out.u32(0);
		this.#options(begun, names, nameOptions, "names");
		this.#close(begun);
	}

	/** What decrypts the packets that follow. */
	secrets(value: DecryptionSecrets): void {
		this.#onlyPcapng("secrets");
		checkInteger(value.secretsType, 0, 0xffffffff, "secretsType");
		checkBytes(value.secrets, "secrets");
		this.begin();
		const out = this.#out;
		const begun = this.#open(decryptionSecrets);
		out.u32(value.secretsType);
		out.u32(value.secrets.length);
		out.padded(value.secrets);
		this.#options(begun, value, commentOptions, "secrets");
		this.#close(begun);
	}

	/** A custom block. */
	custom({ enterprise, copyable, data }: CustomData): void {
		this.#onlyPcapng("a custom block");
		checkInteger(enterprise, 0, 0xffffffff, "enterprise");
		checkBytes(data, "data");
		this.begin();
		const begun = this.#open(copyable ? customCopyable : customNotCopyable);
		this.#out.u32(enterprise);
		this.#out.padded(data);
		this.#close(begun);
	}

	/**
	 * A block of another file as it is. Blocks depend on the section and the interfaces before them, so those have to be
	 * copied too; a copy of all blocks is the same file.
	 * @throws TypeError, RangeError for a block of another format or byte order
	 */
	block(block: CaptureBlock): void {
		if (block.format !== this.format) {
			throw new RangeError(`a block of a ${block.format} file does not go into a ${this.format} file`);
		}
		const isHeader = block.kind === "header" || block.kind === "section";
		if (!isHeader) {
			this.begin();
			if (block.littleEndian !== this.#out.little) {
				throw new RangeError("a block of another byte order can only follow the header that it followed");
			}
		}
		if (isHeader) this.#adopt(block);
		else if (block.kind === "interface") this.#adoptInterface(block);
		this.#out.bytes(block.bytes);
	}

	#adopt(block: CaptureBlock): void {
		const { kind, littleEndian } = block;
		this.#out.little = littleEndian;
		if (kind === "header") {
			if (this.#begun) throw new RangeError("a pcap file has one header, and it is there already");
			const { value } = block;
			if (value.kind === "header") this.#records.adopt(value.value);
		}
		this.#begun = true;
		this.#forgetInterfaces();
	}

	/** Counts an interface, and knows it when packets are written that have been read with it. */
	#adoptInterface(block: CaptureBlock): void {
		const { value } = block;
		if (value.kind !== "interface") return;
		const { link, snapLength = 0, resolution, timestampOffset = 0 } = value.value;
		const clock = new Clock(resolution ?? { base: 10, exponent: 6 }, timestampOffset);
		const written = { number: this.#interfaces.length, link, snapLength, clock };
		this.#interfaces.push(written);
		this.#byObject.set(value.value, written);
	}

	#forgetInterfaces(): void {
		this.#interfaces = [];
		this.#byObject = new WeakMap();
		this.#byContent = new Map();
	}

	#onlyPcapng(what: string): void {
		if (this.format !== "pcapng") throw new TypeError(`a pcap file cannot hold ${what}; pcapng can`);
	}

	#open(type: number): number {
		const begun = this.#out.length;
		this.#out.u32(type);
		this.#out.u32(0);
		return begun;
	}

	/** Writes the options of a block; where one cannot be written, the block is not there. */
	#options(begun: number, value: object, table: OptionTable, what: string): void {
		try {
			writeOptions(this.#out, value, table, what);
		} catch (error) {
			this.#out.cut(begun);
			throw error;
		}
	}

	#close(begun: number): void {
		const out = this.#out;
		const size = out.length - begun + 4;
		out.patch(begun + 4, size);
		out.u32(size);
	}
}

/** What tells interfaces apart that come as other objects: all that is known of them. */
function contentOf(description: object, link: FileLink, index: number): string {
	const members = Object.entries(description)
		.filter(([name, value]) => name !== "link" && name !== "index" && value !== undefined)
		.sort(([a], [b]) => (a < b ? -1 : 1));
	return JSON.stringify([link, index, members], (_name, value: unknown) =>
		value instanceof Uint8Array ? Array.from(value) : value,
	);
}
