/**
 * Where the bytes of a capture come from.
 */
import { close, closeSync, open, openSync, read, readSync } from "node:fs";
import { promisify } from "node:util";
import { checkInteger, isBytes, kindOf } from "../../address/bytes.js";

/**
 * Where a capture is read from: the path of a file, a descriptor (which stays open), the bytes themselves, or chunks of
 * them: a Node stream, a web stream, anything that is iterated over. What comes in chunks must not be changed afterwards.
 */
export type CaptureSource =
	| string
	| URL
	| number
	| Uint8Array
	| AsyncIterable<Uint8Array>
	| Iterable<Uint8Array>;

/** Gives bytes, and at the end undefined. */
export interface ByteSource {
	read(): Promise<Uint8Array | undefined>;
	/** Throws a TypeError where there are bytes only for those who wait. */
	readSync(): Uint8Array | undefined;
	close(): Promise<void>;
	closeSync(): void;
}

const openFile = promisify(open);
const closeFile = promisify(close);
const readFile = promisify(read);

/** The source, opened. */
export async function openSource(source: CaptureSource, chunkSize: number): Promise<ByteSource> {
	if (typeof source === "string" || source instanceof URL) {
		return new FileSource(await openFile(source, "r"), true, chunkSize);
	}
	return sourceOf(source, chunkSize);
}

/** The source, opened by a call that blocks. */
export function openSourceSync(source: CaptureSource, chunkSize: number): ByteSource {
	if (typeof source === "string" || source instanceof URL) {
		return new FileSource(openSync(source, "r"), true, chunkSize);
	}
	return sourceOf(source, chunkSize);
}

function sourceOf(source: Exclude<CaptureSource, string | URL>, chunkSize: number): ByteSource {
	if (typeof source === "number") {
		return new FileSource(checkInteger(source, 0, 2 ** 31 - 1, "a descriptor"), false, chunkSize);
	}
	if (isBytes(source)) return new SyncSource([source][Symbol.iterator]());
	if (typeof source === "object" && source !== null) {
		if (Symbol.iterator in source) return new SyncSource(source[Symbol.iterator]());
		if (Symbol.asyncIterator in source) return new AsyncSource(source[Symbol.asyncIterator]());
	}
	throw new TypeError(
		`a capture is read from a path, a descriptor, bytes, or chunks that are iterated over, not from ${kindOf(source)}`,
	);
}

/** A file or a pipe. Each chunk has memory of its own, for packets are views of it. */
class FileSource implements ByteSource {
	readonly #own: boolean;
	readonly #chunkSize: number;
	#fd: number;
	#room: Buffer = Buffer.alloc(0);
	#reading = false;
	#closing = false;

	constructor(fd: number, own: boolean, chunkSize: number) {
		this.#fd = fd;
		this.#own = own;
		this.#chunkSize = chunkSize;
	}

	async read(): Promise<Uint8Array | undefined> {
		const room = this.#nextRoom();
		this.#reading = true;
		try {
			const { bytesRead } = await readFile(this.#fd, room, 0, room.length, null);
			return this.#taken(bytesRead);
		} finally {
			this.#reading = false;
			// Not earlier: the number may soon be that of another file.
			if (this.#closing) await this.close();
		}
	}

	readSync(): Uint8Array | undefined {
		const room = this.#nextRoom();
		return this.#taken(readSync(this.#fd, room, 0, room.length, null));
	}

	/** Memory to read into: what a short read, as of a pipe, has left over, or new one. */
	#nextRoom(): Buffer {
		if (this.#room.length * 8 < this.#chunkSize) this.#room = Buffer.allocUnsafeSlow(this.#chunkSize);
		return this.#room;
	}

	#taken(count: number): Uint8Array | undefined {
		if (count === 0) return undefined;
		const room = this.#room;
		this.#room = room.subarray(count);
		return new Uint8Array(room.buffer, room.byteOffset, count);
	}

	async close(): Promise<void> {
		const fd = this.#released();
		if (fd >= 0) await closeFile(fd);
	}

	closeSync(): void {
		const fd = this.#released();
		if (fd >= 0) closeSync(fd);
	}

	#released(): number {
		if (this.#reading) {
			this.#closing = true;
			return -1;
		}
		const fd = this.#own ? this.#fd : -1;
		this.#fd = -1;
		return fd;
	}
}

/** Chunks that are there. */
class SyncSource implements ByteSource {
	readonly #chunks: Iterator<Uint8Array>;

	constructor(chunks: Iterator<Uint8Array>) {
		this.#chunks = chunks;
	}

	async read(): Promise<Uint8Array | undefined> {
		return this.readSync();
	}

	readSync(): Uint8Array | undefined {
		const { done = false, value } = this.#chunks.next();
		return done ? undefined : chunkOf(value);
	}

	async close(): Promise<void> {
		this.closeSync();
	}

	closeSync(): void {
		this.#chunks.return?.();
	}
}

/** Chunks that come. */
class AsyncSource implements ByteSource {
	readonly #chunks: AsyncIterator<Uint8Array>;
	#reading = false;

	constructor(chunks: AsyncIterator<Uint8Array>) {
		this.#chunks = chunks;
	}

	async read(): Promise<Uint8Array | undefined> {
		this.#reading = true;
		try {
			const { done = false, value } = await this.#chunks.next();
			return done ? undefined : chunkOf(value);
		} finally {
			this.#reading = false;
		}
	}

	readSync(): Uint8Array | undefined {
		throw new TypeError(
			"this capture comes in chunks that must be waited for: use openCapture() and for await",
		);
	}

	async close(): Promise<void> {
		// While the next chunk is waited for, the end waits behind it, and nobody knows how long.
		if (this.#reading) this.closeSync();
		else await this.#chunks.return?.();
	}

	closeSync(): void {
		void Promise.resolve(this.#chunks.return?.()).catch(() => {});
	}
}

function chunkOf(value: unknown): Uint8Array {
	if (isBytes(value)) return value;
	throw new TypeError(`a chunk of a capture must be a Uint8Array, not ${kindOf(value)}`);
}
