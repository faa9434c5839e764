/**
 * What is below TLS: a Duplex over a channel that hands on one TLS record (RFC 8446, section 5) at a time.
 *
 * Nothing behind a record is taken from the channel before TLS has dealt with the record. So when the peer ends
 * TLS, what it sends in the clear after that is still in the channel, and the channel can be given back.
 */
import { Duplex } from "node:stream";
import { SHUT_WR } from "../sys/linux/constants/shutdown.js";
import type { AsyncByteChannel } from "./channel.js";
import { joined } from "./joined.js";

const headerSize = 5;
// A record's content and what encryption may add to it (RFC 5246, section 6.2.3).
const largestBody = 2 ** 14 + 2048;
const sizeOfReads = 0x10000;
const endless = { timeout: null };

/** The records of a channel. */
export class RecordStream extends Duplex {
	readonly #channel: AsyncByteChannel;
	#isFull = (): boolean => false;
	#atEnd = false;
	#stopped = false;
	#keeping = false;
	/** Duplex wants more. */
	#wanted = false;
	#receiving = false;
	/** What came is no TLS; TLS will say so. */
	#foreign = false;

	constructor(channel: AsyncByteChannel) {
		// One record, not more, is received ahead.
		super({ allowHalfOpen: true, readableHighWaterMark: 1 });
		this.#channel = channel;
	}

	/** Whether the channel has ended. */
	get atEnd(): boolean {
		return this.#atEnd;
	}

	/** Receives no more: TLS has ended. */
	stop(): void {
		this.#stopped = true;
	}

	/** Leaves the channel open, in both directions, when this stream ends. */
	keepChannel(): void {
		this.#keeping = true;
	}

	/** Receives nothing while this is true: Deno's TLS reads on, however much of what it has read nobody took. */
	holdWhile(isFull: () => boolean): void {
		this.#isFull = isFull;
	}

	/** Receives again, when that is no longer true. */
	goOn(): void {
		this.#receive();
	}

	override read(size?: number): unknown {
		const record = super.read(size);
		// In here, what was read has gone through TLS.
		this.#receive();
		return record;
	}

	override _read(): void {
		this.#wanted = true;
		this.#receive();
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
		this.#channel.sendall(chunk, 0, endless).then(() => callback(), callback);
	}

	override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
		this.#sendAll(chunks.map(({ chunk }) => chunk)).then(() => callback(), callback);
	}

	override _final(callback: (error?: Error | null) => void): void {
		if (!this.#keeping && !this.#channel.closed) {
			try {
				this.#channel.shutdown(SHUT_WR);
			} catch (error) {
				const gone = error instanceof Error && "code" in error && error.code === "ENOTCONN";
				if (!gone) {
					callback(error as Error);
					return;
				}
			}
		}
		callback();
	}

	override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
		if (!this.#keeping) this.#channel.close();
		callback(error);
	}

	#receive(): void {
		if (!this.#wanted || this.#receiving || this.#stopped) return;
		if (this.readableLength > 0 || this.#isFull()) return;
		this.#receiving = true;
		this.#record().then(
			(record) => {
				this.#receiving = false;
				this.#wanted = false;
				this.push(record.byteLength === 0 ? null : record);
			},
			(error) => this.destroy(error),
		);
	}

	async #record(): Promise<Buffer> {
		if (this.#foreign) return this.#channel.recv(sizeOfReads, 0, endless);
		const header = await this.#exactly(headerSize);
		if (header.byteLength < headerSize) return header;
		const [type = 0, major = 0] = header;
		const size = header.readUInt16BE(3);
		if (type < 20 || type > 24 || major !== 3 || size > largestBody) {
			this.#foreign = true;
			return header;
		}
		return Buffer.concat([header, await this.#exactly(size)]);
	}

	/** So many bytes, fewer only at the end. */
	async #exactly(size: number): Promise<Buffer> {
		if (this.#atEnd) return Buffer.alloc(0);
		const pieces: Buffer[] = [];
		let left = size;
		while (left > 0) {
			const piece = await this.#channel.recv(left, 0, endless);
			if (piece.byteLength === 0) {
				this.#atEnd = true;
				break;
			}
			pieces.push(piece);
			left -= piece.byteLength;
		}
		return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
	}

	async #sendAll(chunks: Buffer[]): Promise<void> {
		for (const piece of joined(chunks)) await this.#channel.sendall(piece, 0, endless);
	}
}
