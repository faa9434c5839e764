/**
 * `createCapture()`: writes files of captured packets.
 */
import { statSync } from "node:fs";
import { stat } from "node:fs/promises";
import type { CaptureBlock } from "./codec/block.js";
import { CaptureEncoder, type CaptureEncoderOptions } from "./codec/encoder.js";
import type {
	CaptureFormat,
	CaptureSection,
	CustomData,
	DecryptionSecrets,
	FileInterface,
	FilePacket,
	InterfaceDescription,
	InterfaceStatistics,
	NameResolution,
} from "./codec/values.js";
import { openCapture, openCaptureSync } from "./reader.js";
import { type ByteSink, type CaptureSink, openSink, openSinkSync } from "./sink.js";

/** How a capture is written. */
export interface CaptureWriterOptions extends CaptureEncoderOptions {
	/** The format; when left out pcap for a path that ends in .pcap, .cap or .dmp, and pcapng for all else. */
	format?: CaptureFormat;
	/**
	 * Whether a file that is there is written on: a pcap file as it is, a pcapng file with a section of its own. All of it is
	 * looked at before; a file that is truncated or of another format is refused. Only for a path. False when left out.
	 */
	append?: boolean;
}

/** From here on write() asks to wait. */
const plenty = 0x40000;

/**
 * A capture that is written. What is written is collected, and goes out in large pieces: 256 KiB, or when drain() or
 * close() is called.
 */
export class CaptureWriter {
	/** The format of the file. */
	readonly format: CaptureFormat;
	/** How many packets have been written. */
	packets = 0;
	readonly #encoder: CaptureEncoder;
	readonly #sink: ByteSink;
	/** Whether full pieces are written at once, by calls that block. */
	readonly #blocking: boolean;
	#bytesOut = 0;
	/** The piece that is on its way. */
	#flushing: Promise<void> | undefined;
	#error: unknown;
	#failed = false;
	#closed = false;

	/** Made by createCapture() and createCaptureSync(). */
	constructor(encoder: CaptureEncoder, sink: ByteSink, blocking: boolean) {
		this.#blocking = blocking;
		this.#encoder = encoder;
		this.#sink = sink;
		this.format = encoder.format;
	}

	/** How many bytes have been written, those included that have not gone out yet. */
	get bytes(): number {
		return this.#bytesOut + this.#encoder.length;
	}

	/**
	 * A packet, of a live capture or of a file. pcap keeps bytes, length and time, of one link; pcapng keeps all but `vlan`,
	 * and describes each interface before its first packet. A time is cut off to the unit of the interface.
	 * @returns false when it is time to wait for drain(): what is written faster than it goes out stays in memory
	 * @throws TypeError, RangeError for what cannot be written, and then nothing of it is; the error of an earlier piece
	 */
	write(packet: FilePacket): boolean {
		this.#check();
		this.#encoder.packet(packet);
		this.packets++;
		return this.#go();
	}

	/**
	 * Packets, as they come: of a reader, of a live capture. Waits where it is time to.
	 */
	async writeAll(packets: AsyncIterable<FilePacket> | Iterable<FilePacket>): Promise<void> {
		for await (const packet of packets) if (!this.write(packet)) await this.drain();
	}

	/** A block of another file as it is. Section and interfaces on which it depends have to be copied before it. */
	writeBlock(block: CaptureBlock): boolean {
		this.#check();
		this.#encoder.block(block);
		if (block.kind === "packet") this.packets++;
		return this.#go();
	}

	/**
	 * Describes an interface in pcapng, before a packet does. Packets that have this object, or one alike, as their
	 * `interface` are of it.
	 * @returns its number in the section
	 */
	writeInterface(description: InterfaceDescription | FileInterface): number {
		this.#check();
		const number = this.#encoder.interface(description);
		this.#go();
		return number;
	}

	/** Begins a section in pcapng. Interfaces are described again after it. */
	writeSection(section: CaptureSection = {}): boolean {
		this.#check();
		this.#encoder.section(section);
		return this.#go();
	}

	/** What an interface counted, in pcapng. */
	writeStatistics(statistics: InterfaceStatistics): boolean {
		this.#check();
		this.#encoder.statistics(statistics);
		return this.#go();
	}

	/** Names of addresses, in pcapng. */
	writeNames(names: NameResolution): boolean {
		this.#check();
		this.#encoder.names(names);
		return this.#go();
	}

	/** What decrypts the packets that follow, in pcapng. */
	writeSecrets(secrets: DecryptionSecrets): boolean {
		this.#check();
		this.#encoder.secrets(secrets);
		return this.#go();
	}

	/** Data of an organization, in pcapng. */
	writeCustom(data: CustomData): boolean {
		this.#check();
		this.#encoder.custom(data);
		return this.#go();
	}

	/**
	 * Waits until everything that was written has gone out; the header at least.
	 * @throws what the sink throws
	 */
	async drain(): Promise<void> {
		this.#check();
		this.#encoder.begin();
		for (;;) {
			if (this.#flushing !== undefined) await this.#flushing;
			if (this.#failed) throw this.#error;
			if (this.#encoder.length === 0) return;
			this.#flush();
		}
	}

	/** As drain(), by a call that blocks: not for streams. */
	drainSync(): void {
		this.#check();
		if (this.#flushing !== undefined) {
			throw new Error("a piece is on its way already: await drain(), or use drainSync() only");
		}
		this.#encoder.begin();
		this.#writeSync();
	}

	/** Waits until everything has gone out, and closes the file or ends the stream; a descriptor stays open. */
	async close(): Promise<void> {
		if (this.#closed) return;
		try {
			await this.drain();
		} catch (error) {
			this.#closed = true;
			await this.#flushing;
			// What went wrong first is told.
			await this.#sink.close().catch(() => {});
			throw error;
		}
		this.#closed = true;
		await this.#sink.close();
	}

	/** As close(), by calls that block: not for streams. */
	closeSync(): void {
		if (this.#closed) return;
		try {
			this.drainSync();
		} catch (error) {
			this.#closed = true;
			closeQuietly(this.#sink);
			throw error;
		}
		this.#closed = true;
		this.#sink.closeSync();
	}

	/** Closes it: `await using`. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
	}

	/** Closes it: `using`, not for streams. */
	[Symbol.dispose](): void {
		this.closeSync();
	}

	#check(): void {
		if (this.#closed) throw new Error("the capture is closed: nothing can be written any more");
		if (this.#failed) throw this.#error;
	}

	/** Sends a piece when there is one. */
	#go(): boolean {
		if (this.#encoder.length < plenty) return true;
		if (this.#blocking) {
			this.#writeSync();
			return true;
		}
		if (this.#flushing === undefined) this.#flush();
		return false;
	}

	#flush(): void {
		const piece = this.#encoder.take();
		this.#bytesOut += piece.length;
		this.#flushing = this.#sink
			.write(piece)
			.catch((error: unknown) => {
				// It is told by whatever is called next.
				this.#failed = true;
				this.#error = error;
			})
			.finally(() => {
				this.#flushing = undefined;
			});
	}

	#writeSync(): void {
		const keeps = this.#sink.keeps;
		const piece = keeps ? this.#encoder.take() : this.#encoder.waiting;
		this.#bytesOut += piece.length;
		try {
			this.#sink.writeSync(piece);
		} catch (error) {
			// A part of it may be there: what followed would be read as something else.
			this.#failed = true;
			this.#error = error;
			throw error;
		} finally {
			if (!keeps) this.#encoder.forget();
		}
	}
}

/** What went wrong first is told. */
function closeQuietly(sink: ByteSink): void {
	try {
		sink.closeSync();
	} catch {}
}

/** The encoder; what is wrong with the options is refused before anything is opened. */
function prepare(
	sink: CaptureSink,
	options: CaptureWriterOptions,
): [CaptureEncoder, string | URL | undefined] {
	const { append = false, ...others } = options;
	const path = typeof sink === "string" || sink instanceof URL ? sink : undefined;
	if (append && path === undefined) throw new TypeError("append is for a file that is given by its path");
	const name = path instanceof URL ? path.pathname : path;
	const format = others.format ?? (name !== undefined && /\.(pcap|cap|dmp)$/i.test(name) ? "pcap" : "pcapng");
	return [new CaptureEncoder({ ...others, format }), append ? path : undefined];
}

/**
 * Creates a capture: pcapng, or pcap by `format` or the path's ending.
 * @throws TypeError, RangeError for options that are none, before there is a file; CaptureFileError for a file that
 *   cannot be appended to; an error of node:fs
 */
export async function createCapture(
	sink: CaptureSink,
	options: CaptureWriterOptions = {},
): Promise<CaptureWriter> {
	const [encoder, existing] = prepare(sink, options);
	if (existing !== undefined && (await sizeOf(existing)) > 0) {
		let header: CaptureBlock | undefined;
		for await (const block of (await openCapture(existing)).blocks()) header ??= block;
		resume(encoder, header);
	}
	return new CaptureWriter(encoder, await openSink(sink, existing !== undefined), false);
}

/**
 * As createCapture(), by calls that block: whenever 256 KiB are there, write() writes them, and never asks to wait. For
 * a path, a descriptor, or a function, whose promises nobody waits for.
 */
export function createCaptureSync(sink: CaptureSink, options: CaptureWriterOptions = {}): CaptureWriter {
	const [encoder, existing] = prepare(sink, options);
	if (existing !== undefined && (statSync(existing, { throwIfNoEntry: false })?.size ?? 0) > 0) {
		let header: CaptureBlock | undefined;
		for (const block of openCaptureSync(existing).blocksSync()) header ??= block;
		resume(encoder, header);
	}
	return new CaptureWriter(encoder, openSinkSync(sink, existing !== undefined), true);
}

async function sizeOf(path: string | URL): Promise<number> {
	try {
		return (await stat(path)).size;
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
		throw error;
	}
}

function resume(encoder: CaptureEncoder, header: CaptureBlock | undefined): void {
	if (header === undefined) return;
	if (header.format !== encoder.format) {
		throw new RangeError(
			`the file is ${header.format}, and cannot be written on as ${encoder.format}: give its format`,
		);
	}
	if (header.kind === "header") encoder.resume(header);
}
