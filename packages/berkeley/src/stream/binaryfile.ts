/**
 * Files that give bytes: Python's BufferedReader and BufferedWriter, and SocketIO where nothing is buffered.
 */
import { checkInteger } from "../address/bytes.js";
import { type Bytes, toBuffer, toBytes, type WaitOptions } from "../arguments.js";
import { FileObject } from "./fileobject.js";
import { ByteQueue } from "./queue.js";
import type { Steps } from "./steps.js";

/** The connection ended before as many bytes came as were asked for. Python's asyncio.IncompleteReadError. */
export class IncompleteReadError extends Error {
	/** Always "ERR_INCOMPLETE_READ". */
	readonly code: string = "ERR_INCOMPLETE_READ";
	/** The bytes that came. */
	readonly partial: Buffer;
	/** How many were asked for. */
	readonly expected: number;

	/** Made by readexactly(). */
	constructor(partial: Buffer, expected: number) {
		super(`readexactly: the connection ended after ${partial.byteLength} of ${expected} bytes`);
		this.partial = partial;
		this.expected = expected;
	}

	static {
		IncompleteReadError.prototype.name = "IncompleteReadError";
	}
}

const LF = 10;
const largestRead = 2 ** 31 - 1;

/** A file of bytes. */
export class BinaryFileObject extends FileObject<Buffer> {
	readonly #received = new ByteQueue();

	readexactly(size: number, options?: WaitOptions): Promise<Buffer> {
		return this.readAsync("readexactly", () => this.#readexactlySteps(size), options);
	}

	readexactlySync(size: number, options?: WaitOptions): Buffer {
		return this.readBlocking("readexactly", () => this.#readexactlySteps(size), options);
	}

	readinto(buffer: ArrayBufferView | ArrayBuffer, options?: WaitOptions): Promise<number> {
		return this.readAsync("readinto", () => this.#readintoSteps(buffer), options);
	}

	readintoSync(buffer: ArrayBufferView | ArrayBuffer, options?: WaitOptions): number {
		return this.readBlocking("readinto", () => this.#readintoSteps(buffer), options);
	}

	protected override arrived(piece: Buffer): void {
		this.#received.push(piece);
	}

	protected override finished(): void {}

	protected override unread(lines: Buffer[]): void {
		this.#received.unshift(Buffer.concat(lines));
	}

	protected override encode(data: unknown): Buffer {
		return Buffer.from(toBytes("write", data as Bytes));
	}

	protected override goesAtOnce(): boolean {
		return false;
	}

	protected override *readSteps(size: number): Steps<Buffer> {
		const queue = this.#received;
		if (size < 0) {
			while (yield* this.fill(Number.MAX_SAFE_INTEGER)) {}
			return queue.take(queue.length);
		}
		if (this.opened.buffering > 0) yield* this.#gather(size);
		else if (queue.length === 0 && size > 0) yield* this.fill(size);
		return queue.take(size);
	}

	protected override *readlineSteps(limit: number): Steps<Buffer> {
		const queue = this.#received;
		let searched = 0;
		for (;;) {
			const end = queue.indexOf(LF, searched) + 1;
			if (end > 0 && (limit < 0 || end <= limit)) return queue.take(end);
			if (limit >= 0 && queue.length >= limit) return queue.take(limit);
			searched = queue.length;
			// Unbuffered, nothing behind the line may be taken from the socket.
			if (!(yield* this.fill(1))) return queue.take(queue.length);
		}
	}

	*#readexactlySteps(size: number): Steps<Buffer> {
		checkInteger(size, 0, largestRead, "readexactly: size");
		yield* this.#gather(size);
		const bytes = this.#received.take(size);
		if (bytes.byteLength < size) throw new IncompleteReadError(bytes, size);
		return bytes;
	}

	*#readintoSteps(buffer: ArrayBufferView | ArrayBuffer): Steps<number> {
		const target = toBuffer("readinto", buffer);
		const bytes = yield* this.readSteps(target.byteLength);
		target.set(bytes);
		return bytes.byteLength;
	}

	/** Receives until so many bytes are there, or the end. */
	*#gather(size: number): Steps<void> {
		const queue = this.#received;
		while (queue.length < size && (yield* this.fill(size - queue.length))) {}
	}
}
