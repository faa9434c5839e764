/**
 * Reads files of captures out of bytes that are pushed: pcap-savefile(5) and draft-ietf-opsawg-pcapng. Nothing is
 * copied but what lies across two pushes. Pure: it runs in a browser too.
 */
import { checkBytes, checkInteger } from "../../../address/bytes.js";
import { CaptureBlock } from "./block.js";
import {
	BlockBody,
	type KnownInterface,
	readEnhanced,
	readInterface,
	readObsolete,
	readSection,
	readSimple,
} from "./blocks.js";
import {
	byteOrderMagic,
	describeBlock,
	enhancedPacket,
	interfaceDescription,
	mostInterfaces,
	obsoletePacket,
	pcapHeader,
	pcapRecord,
	sectionHeader,
	simplePacket,
	usualMostBlock,
} from "./blocktypes.js";
import { CaptureFileError, type CaptureFileErrorCode } from "./error.js";
import { viewOf } from "./options.js";
import { type PcapLayout, readHeader, readRecord, unknownFormat } from "./pcap.js";
import type { CaptureFormat, CaptureSection, FileInterface, FilePacket } from "./values.js";

/** How a file is read. */
export interface CaptureParserOptions {
	/**
	 * The most bytes that one block or record may have: what is longer is a CaptureFileError, before there is memory for
	 * it. 16 MiB when left out.
	 */
	maxBlockSize?: number;
}

const none = new Uint8Array(0);
const noView = new DataView(none.buffer);

/**
 * Reads a capture out of its bytes, as they come: push() them, then take what is whole by packets() or block() until
 * they give nothing more, and at the end of the file call end().
 *
 * What is given are views of the pushed bytes: they must not be changed while somebody uses the packets.
 */
export class CaptureParser {
	readonly #most: number;
	#format: CaptureFormat | undefined;
	#little = true;
	#pcap: PcapLayout | undefined;
	#section: CaptureSection = {};
	#interfaces: KnownInterface[] = [];

	// What was pushed, as far as it is not read: the block in hand, and what follows.
	#bytes: Uint8Array = none;
	#view: DataView = noView;
	#at = 0;
	/** Where #bytes begins in the file. */
	#base = 0;
	// A block of which some bytes came with an earlier push.
	#carry: Uint8Array = none;
	#carried = 0;
	#carryBase = 0;

	/** The block in hand: of pcapng its body, of pcap the whole. */
	readonly #block: BlockBody = new BlockBody();
	#start = 0;
	#size = 0;
	#type = 0;

	#ended = false;
	#error: Error | undefined;

	/** @throws RangeError for a size of blocks that is none */
	constructor(options: CaptureParserOptions = {}) {
		const { maxBlockSize = usualMostBlock } = options;
		this.#most = checkInteger(maxBlockSize, 64, 2 ** 31 - 1, "maxBlockSize");
	}

	/** The format; undefined before the first bytes have been read. */
	get format(): CaptureFormat | undefined {
		return this.#format;
	}

	/** Whether numbers have their lowest byte first, in this section. */
	get littleEndian(): boolean {
		return this.#little;
	}

	/** What is told of the section that was read last; nothing in pcap. */
	get section(): CaptureSection {
		return this.#section;
	}

	/** The interfaces of the section, as far as they have been read; of pcap one that has the link and the snap length. */
	get interfaces(): FileInterface[] {
		return this.#interfaces.map(({ description }) => description);
	}

	/** How many bytes of the file have been read: up to here everything is whole. */
	get offset(): number {
		return this.#carried > 0 ? this.#carryBase : this.#base + this.#at;
	}

	/**
	 * Gives the next bytes of the file. What was pushed before must have been taken.
	 * @throws Error when it was not, or after end()
	 */
	push(bytes: Uint8Array): void {
		checkBytes(bytes, "what is pushed");
		if (this.#ended) throw new Error("the capture has ended: nothing can be pushed any more");
		if (this.#at < this.#bytes.length && this.#error === undefined) {
			throw new Error("what was pushed before has not been taken: call packets() until it gives none");
		}
		this.#base += this.#bytes.length;
		// Not a Buffer, whose slice() is no copy.
		this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.#view = viewOf(bytes);
		this.#at = 0;
	}

	/** Whether end() has been called. */
	get ended(): boolean {
		return this.#ended;
	}

	/** Says that there are no more bytes. Then packets() and block() throw when something is not whole. */
	end(): void {
		this.#ended = true;
	}

	/**
	 * The packets that are whole in what was pushed.
	 * @param most how many at most; all when left out
	 * @param wanted which of them, by the packet and where its block begins; those that it refuses are not counted
	 * @returns no packets when more bytes are needed, or at the end
	 * @throws CaptureFileError for what cannot be read; the packets before it have been given by then
	 */
	packets(
		most: number = Number.POSITIVE_INFINITY,
		wanted?: (packet: FilePacket, offset: number) => boolean,
	): FilePacket[] {
		const found: FilePacket[] = [];
		try {
			while (found.length < most && this.#advance()) {
				const packet = this.#decode();
				if (packet !== undefined && (wanted === undefined || wanted(packet, this.#block.offset)))
					found.push(packet);
			}
		} catch (error) {
			// A filter may throw, too.
			this.#error = error as Error;
			if (found.length === 0) throw error;
		}
		return found;
	}

	/**
	 * The next block as it is, of pcap the header and the records; undefined when more bytes are needed, or at the end.
	 * @throws CaptureFileError for what cannot be read
	 */
	block(): CaptureBlock | undefined {
		try {
			if (!this.#advance()) return undefined;
			const { bytes, offset, type } = this.#block;
			const whole = bytes.subarray(this.#start, this.#start + this.#size);
			// Packets are read when somebody asks for them; what follows depends on these.
			if (type === sectionHeader || type === interfaceDescription) this.#decode();
			return new CaptureBlock(whole, offset, this.#little, type, this.#interfaces, this.#pcap);
		} catch (error) {
			this.#error = error as Error;
			throw error;
		}
	}

	/** Takes the next whole block in hand; false when more bytes are needed, or at the end. */
	#advance(): boolean {
		if (this.#error !== undefined) throw this.#error;
		if (this.#carried > 0) return this.#advanceCarried();
		const at = this.#at;
		const bytes = this.#bytes;
		const left = bytes.length - at;
		if (left === 0) {
			if (this.#ended && this.#format === undefined) {
				throw new CaptureFileError(
					"UNKNOWN_FORMAT",
					0,
					"a capture",
					"it is empty, and has not even a header",
				);
			}
			return false;
		}
		const block = this.#block;
		block.offset = this.#base + at;
		const size = this.#sizeOf(this.#view, at, left);
		if (size === 0 || size > left) {
			this.#stash(at, left);
			return this.#ended ? this.#truncated(size, left) : false;
		}
		block.bytes = bytes;
		block.view = this.#view;
		this.#at = at + size;
		this.#take(at, size);
		return true;
	}

	/** Takes a whole block in hand. */
	#take(start: number, size: number): void {
		const block = this.#block;
		this.#start = start;
		this.#size = size;
		block.type = this.#type;
		block.little = this.#little;
		if (this.#pcap !== undefined) {
			block.start = start;
			block.end = start + size;
			return;
		}
		block.start = start + 8;
		block.end = start + size - 4;
		const again = block.view.getUint32(block.end, block.little);
		if (again !== size) block.fail(`it has ${size} bytes by its first length, and ${again} by its second`);
	}

	/** Keeps the beginning of a block for the next push. */
	#stash(at: number, count: number): void {
		this.#carryBase = this.#base + at;
		this.#carry = this.#bytes.slice(at);
		this.#carried = count;
		this.#at = this.#bytes.length;
	}

	/** Completes the block that began in an earlier push. */
	#advanceCarried(): boolean {
		const block = this.#block;
		block.offset = this.#carryBase;
		for (;;) {
			const have = this.#carried;
			const size = this.#sizeOf(viewOf(this.#carry), 0, have);
			if (size > 0 && size <= have) {
				block.bytes = this.#carry;
				block.view = viewOf(this.#carry);
				this.#carried = 0;
				this.#carry = none;
				this.#take(0, size);
				return true;
			}
			const left = this.#bytes.length - this.#at;
			if (left === 0) return this.#ended ? this.#truncated(size, have) : false;
			const wanted = size === 0 ? this.#headerSize(have) : size;
			const more = Math.min(wanted - have, left);
			if (have + more > this.#carry.length) {
				// As much as there is, doubled: what the block says of its size is not believed.
				const larger = new Uint8Array(Math.min(wanted, Math.max(have + more, have * 2)));
				larger.set(this.#carry.subarray(0, have));
				this.#carry = larger;
			}
			this.#carry.set(this.#bytes.subarray(this.#at, this.#at + more), have);
			this.#carried = have + more;
			this.#at += more;
		}
	}

	/** How many bytes must be there before the size of a block is known, when there are so many. */
	#headerSize(have: number): number {
		if (this.#pcap !== undefined) return this.#pcap.recordHeader;
		if (have < 4) return 4;
		if (this.#type === sectionHeader) return 12;
		return this.#format === undefined ? 24 : 8;
	}

	/**
	 * The size of the block that begins at a place; 0 when too little of it is there to know.
	 * Sets #type, and what the first bytes of the file and of sections tell.
	 */
	#sizeOf(view: DataView, at: number, left: number): number {
		const pcap = this.#pcap;
		if (pcap !== undefined) {
			this.#type = pcapRecord;
			if (left < pcap.recordHeader) return 0;
			return this.#checked(pcap.recordHeader + pcap.captured(view, at));
		}
		if (left < 4) return 0;
		const little = this.#little;
		const type = view.getUint32(at, little);
		if (type === sectionHeader) return this.#sizeOfSection(view, at, left);
		if (this.#format === undefined) return this.#sizeOfHeader(view, at, left);
		if (left < 8) return 0;
		this.#type = type;
		const size = view.getUint32(at + 4, little);
		if (size < 12 || (size & 3) !== 0) this.#badSize(size);
		return this.#checked(size);
	}

	/** A section header: its magic, which is behind its length, tells the byte order. */
	#sizeOfSection(view: DataView, at: number, left: number): number {
		this.#type = sectionHeader;
		if (left < 12) return 0;
		const little = view.getUint32(at + 8, true) === byteOrderMagic;
		if (!little && view.getUint32(at + 8, false) !== byteOrderMagic) {
			const code = this.#format === undefined ? "UNKNOWN_FORMAT" : "MALFORMED";
			this.#fail(code, "it has no byte-order magic of pcapng");
		}
		const size = view.getUint32(at + 4, little);
		if (size < 28 || (size & 3) !== 0) this.#badSize(size);
		this.#checked(size);
		this.#format = "pcapng";
		this.#little = little;
		return size;
	}

	/** The first bytes of a file that is no pcapng. */
	#sizeOfHeader(view: DataView, at: number, left: number): number {
		this.#type = pcapHeader;
		const problem = unknownFormat(view, at);
		if (problem !== undefined) {
			throw new CaptureFileError("UNKNOWN_FORMAT", this.#block.offset, "a capture", problem);
		}
		if (left < 24) return 0;
		const layout = readHeader(view, at, (text) => this.#fail("UNKNOWN_FORMAT", text));
		this.#format = "pcap";
		this.#little = layout.little;
		this.#pcap = layout;
		this.#interfaces = [layout];
		return 24;
	}

	#checked(size: number): number {
		if (size <= this.#most) return size;
		return this.#fail("TOO_LARGE", `it has ${size} bytes, and maxBlockSize allows ${this.#most}`);
	}

	#badSize(size: number): never {
		this.#fail("MALFORMED", `its length of ${size} bytes is too small, or no multiple of four`);
	}

	/** The file ends within a block. */
	#truncated(size: number, have: number): never {
		const header = size > 0 ? `of ${size} bytes` : "of its header";
		if (this.#format === undefined && have < 4) {
			const problem = `it has ${have} bytes, and is neither pcap nor pcapng`;
			throw new CaptureFileError("UNKNOWN_FORMAT", 0, "a capture", problem);
		}
		if (size === 0 && this.#pcap === undefined && this.#format !== undefined && have < 8) {
			const problem = `the file ends within its header, of which ${have} bytes are there`;
			throw new CaptureFileError("TRUNCATED", this.#block.offset, "a block", problem);
		}
		this.#fail("TRUNCATED", `the file ends within it: ${header} ${have} are there`);
	}

	#fail(code: CaptureFileErrorCode, problem: string): never {
		throw new CaptureFileError(code, this.#block.offset, describeBlock(this.#type), problem);
	}

	/** The packet in hand; undefined when something else is in hand, of which is noted what it tells. */
	#decode(): FilePacket | undefined {
		const body = this.#block;
		switch (body.type) {
			case enhancedPacket:
				return readEnhanced(body, this.#interfaces);
			case pcapRecord:
				return this.#pcap === undefined ? undefined : readRecord(body, this.#pcap);
			case simplePacket:
				return readSimple(body, this.#interfaces);
			case obsoletePacket:
				return readObsolete(body, this.#interfaces);
			case sectionHeader:
				this.#section = readSection(body);
				this.#interfaces = [];
				break;
			case interfaceDescription: {
				const count = this.#interfaces.length;
				if (count === mostInterfaces)
					body.fail(`its section has ${count} interfaces, and more are not taken`);
				this.#interfaces.push(readInterface(body, count));
			}
		}
		return undefined;
	}
}
