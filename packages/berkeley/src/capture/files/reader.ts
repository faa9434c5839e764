/**
 * `openCapture()`: reads files of captured packets.
 */
import { checkInteger } from "../../address/bytes.js";
import type { Instruction } from "../bpf/instruction.js";
import type { CaptureBlock } from "./codec/block.js";
import { CaptureParser, type CaptureParserOptions } from "./codec/parser.js";
import type { CaptureFormat, CaptureSection, FileInterface, FilePacket } from "./codec/values.js";
import { type ByteSource, type CaptureSource, openSource, openSourceSync } from "./source.js";
import { type PacketFilter, packetFilter } from "./wanted.js";

/** How a capture is read. */
export interface CaptureReaderOptions extends CaptureParserOptions {
	/**
	 * Which packets are wanted: text in the language of tcpdump, or a program of BPF. All when left out. A text needs links
	 * that filters know: a packet of another is a CaptureFileError.
	 */
	filter?: string | readonly Instruction[];
	/** How many bytes are read from a file at once; 1 MiB when left out. */
	chunkSize?: number;
}

const batchSize = 4096;

/**
 * A capture that is read: packet by packet, in batches, or block by block. Use one of the three.
 *
 * Packets are views of what was read, and stay as they are for as long as somebody has them; a packet keeps the chunk of
 * the file that it lies in from being collected. At the end of the capture, at an error, and when a loop is left, the
 * file is closed.
 */
export class CaptureReader implements AsyncIterable<FilePacket>, Iterable<FilePacket> {
	/** The format of the file. */
	readonly format: CaptureFormat;
	readonly #source: ByteSource;
	readonly #parser: CaptureParser;
	readonly #wanted: PacketFilter | undefined;
	/** The header, which has been read to know the format. */
	#first: CaptureBlock | undefined;
	#over = false;
	#turn: Promise<unknown> = Promise.resolve();

	/** Made by openCapture() and openCaptureSync(). */
	constructor(
		source: ByteSource,
		parser: CaptureParser,
		first: CaptureBlock,
		wanted: PacketFilter | undefined,
	) {
		this.#source = source;
		this.#parser = parser;
		this.#first = first;
		this.#wanted = wanted;
		this.format = first.format;
	}

	/** Whether the numbers of the file, in this section, have their lowest byte first. */
	get littleEndian(): boolean {
		return this.#parser.littleEndian;
	}

	/** What is told of the section that is being read; nothing in pcap. */
	get section(): CaptureSection {
		return this.#parser.section;
	}

	/** The interfaces of the section, as far as it has been read; of pcap one that has the link and the snap length. */
	get interfaces(): FileInterface[] {
		return this.#parser.interfaces;
	}

	/** How many bytes of the file have been read: everything before is whole. */
	get offset(): number {
		return this.#parser.offset;
	}

	/**
	 * Some packets, for those who count time: as many as are there, 4096 at most.
	 * @returns undefined at the end
	 * @throws CaptureFileError for what cannot be read; the packets before it have been given by then
	 */
	batch(): Promise<FilePacket[] | undefined> {
		return this.#inTurn(() => this.#next(() => this.#batchThere()));
	}

	/** As batch(), by calls that block. */
	batchSync(): FilePacket[] | undefined {
		return this.#nextSync(() => this.#batchThere());
	}

	/**
	 * The next block as it is, of pcap the header and the records. A filter leaves out blocks of packets only.
	 * @returns undefined at the end
	 * @throws CaptureFileError for what cannot be read
	 */
	block(): Promise<CaptureBlock | undefined> {
		return this.#inTurn(() => this.#next(() => this.#blockThere()));
	}

	/** As block(), by calls that block. */
	blockSync(): CaptureBlock | undefined {
		return this.#nextSync(() => this.#blockThere());
	}

	/** The blocks, one after another: what a program copies that must lose nothing. */
	async *blocks(): AsyncGenerator<CaptureBlock, void, undefined> {
		try {
			for (;;) {
				const block = await this.block();
				if (block === undefined) return;
				yield block;
			}
		} finally {
			await this.close();
		}
	}

	/** As blocks(), by calls that block. */
	*blocksSync(): Generator<CaptureBlock, void, undefined> {
		try {
			for (;;) {
				const block = this.blockSync();
				if (block === undefined) return;
				yield block;
			}
		} finally {
			this.closeSync();
		}
	}

	/** The packets, one after another. */
	[Symbol.asyncIterator](): AsyncIterableIterator<FilePacket> {
		let batch: FilePacket[] = [];
		let at = 0;
		// Those who ask before others have got theirs wait behind them.
		let waiting = 0;
		let turn: Promise<unknown> = Promise.resolve();
		const step = async (): Promise<IteratorResult<FilePacket>> => {
			try {
				if (at === batch.length) {
					batch = (await this.batch()) ?? [];
					at = 0;
				}
				const value = batch[at];
				if (value === undefined) return { value, done: true };
				at++;
				return { value, done: false };
			} finally {
				waiting--;
			}
		};
		const iterator: AsyncIterableIterator<FilePacket> = {
			next: () => {
				const value = batch[at];
				if (value !== undefined && waiting === 0) {
					at++;
					return Promise.resolve({ value, done: false });
				}
				waiting++;
				const found = turn.then(step);
				turn = found.catch(() => {});
				return found;
			},
			return: async () => {
				batch = [];
				at = 0;
				await this.close();
				return { value: undefined, done: true };
			},
			[Symbol.asyncIterator]: () => iterator,
		};
		return iterator;
	}

	/** The packets, one after another, by calls that block: `for (const packet of reader)`. */
	*[Symbol.iterator](): Generator<FilePacket, void, undefined> {
		try {
			for (;;) {
				const batch = this.batchSync();
				if (batch === undefined) return;
				yield* batch;
			}
		} finally {
			this.closeSync();
		}
	}

	/** Closes the file; a descriptor that was given stays open. What is read afterwards is the end. */
	async close(): Promise<void> {
		if (this.#over) return;
		this.#over = true;
		await this.#source.close();
	}

	/** As close(), by a call that blocks. */
	closeSync(): void {
		if (this.#over) return;
		this.#over = true;
		this.#source.closeSync();
	}

	/** Closes it: `await using`. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
	}

	/** Closes it: `using`. */
	[Symbol.dispose](): void {
		this.closeSync();
	}

	/** One reads at a time, whoever asks. */
	#inTurn<T>(task: () => Promise<T>): Promise<T> {
		const done = this.#turn.then(task);
		this.#turn = done.catch(() => {});
		return done;
	}

	#batchThere(): FilePacket[] | undefined {
		this.#first = undefined;
		const found = this.#parser.packets(batchSize, this.#wanted);
		return found.length > 0 ? found : undefined;
	}

	#blockThere(): CaptureBlock | undefined {
		const first = this.#first;
		this.#first = undefined;
		if (first !== undefined) return first;
		const wanted = this.#wanted;
		for (;;) {
			const block = this.#parser.block();
			if (wanted === undefined || block === undefined) return block;
			const { packet, offset } = block;
			if (packet === undefined || wanted(packet, offset)) return block;
		}
	}

	async #next<T>(there: () => T | undefined): Promise<T | undefined> {
		try {
			for (;;) {
				if (this.#over) return undefined;
				const found = there();
				if (found !== undefined) return found;
				const chunk = this.#parser.ended ? null : await this.#source.read();
				if (chunk === null) break;
				if (chunk === undefined) this.#parser.end();
				else this.#parser.push(chunk);
			}
		} catch (error) {
			await this.close().catch(() => {});
			throw error;
		}
		await this.close();
		return undefined;
	}

	#nextSync<T>(there: () => T | undefined): T | undefined {
		try {
			for (;;) {
				if (this.#over) return undefined;
				const found = there();
				if (found !== undefined) return found;
				if (this.#parser.ended) break;
				const chunk = this.#source.readSync();
				if (chunk === undefined) this.#parser.end();
				else this.#parser.push(chunk);
			}
		} catch (error) {
			this.closeSync();
			throw error;
		}
		this.closeSync();
		return undefined;
	}
}

/** What is refused before anything is opened. */
function prepare(options: CaptureReaderOptions) {
	const { filter, chunkSize = 0x100000, ...others } = options;
	return {
		parser: new CaptureParser(others),
		wanted: filter === undefined ? undefined : packetFilter(filter),
		size: checkInteger(chunkSize, 512, 2 ** 30, "chunkSize"),
	};
}

/**
 * Opens a capture, pcap or pcapng, of either byte order, and reads its header.
 * @throws CaptureFileError when it is none; FilterError for a filter that is none; an error of node:fs when there is no
 *   such file
 */
export async function openCapture(
	source: CaptureSource,
	options: CaptureReaderOptions = {},
): Promise<CaptureReader> {
	const { parser, wanted, size } = prepare(options);
	const bytes = await openSource(source, size);
	try {
		for (;;) {
			const first = parser.block();
			if (first !== undefined) return new CaptureReader(bytes, parser, first, wanted);
			const chunk = await bytes.read();
			if (chunk === undefined) parser.end();
			else parser.push(chunk);
		}
	} catch (error) {
		await bytes.close().catch(() => {});
		throw error;
	}
}

/** As openCapture(), by calls that block: `for (const packet of openCaptureSync(path))`. */
export function openCaptureSync(source: CaptureSource, options: CaptureReaderOptions = {}): CaptureReader {
	const { parser, wanted, size } = prepare(options);
	const bytes = openSourceSync(source, size);
	try {
		for (;;) {
			const first = parser.block();
			if (first !== undefined) return new CaptureReader(bytes, parser, first, wanted);
			const chunk = bytes.readSync();
			if (chunk === undefined) parser.end();
			else parser.push(chunk);
		}
	} catch (error) {
		bytes.closeSync();
		throw error;
	}
}
