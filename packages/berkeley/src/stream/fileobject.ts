/**
 * What the files of both kinds have in common: the line of readers, the buffer of what is written, the end.
 */
import { kindOf } from "../address/bytes.js";
import type { WaitOptions } from "../arguments.js";
import { type AsyncByteChannel, canBlock } from "./channel.js";
import { Line, Patience } from "./patience.js";
import { ByteQueue } from "./queue.js";
import { receive, type Steps, send, walk, walkSync } from "./steps.js";

/** How a file was opened. */
export interface FileMode {
	/** As it was given: "rb". */
	readonly text: string;
	readonly reading: boolean;
	readonly writing: boolean;
	/** Bytes read at once, and how many are kept before they are sent; 0 for none. */
	readonly buffering: number;
}

// A file asks for no more at once, so that a long read does not take memory before there is data.
const largestReceive = 0x10000;
// Small pieces are joined up to this much for one send.
const largestSend = 0x10000;

/** The part of a file that does not depend on whether it gives text or bytes. */
export abstract class FileObject<Data extends string | Buffer> {
	readonly mode: string;
	protected readonly opened: FileMode;
	/** Set once nothing more will be received. */
	protected ended = false;
	readonly #channel: AsyncByteChannel;
	readonly #readers = new Line();
	readonly #writers = new Line();
	readonly #unsent = new ByteQueue();
	#closed = false;

	constructor(channel: AsyncByteChannel, opened: FileMode) {
		this.#channel = channel;
		this.opened = opened;
		this.mode = opened.text;
	}

	get closed(): boolean {
		return this.#closed;
	}

	/** Takes in what was received. */
	protected abstract arrived(piece: Buffer): void;
	/** Nothing more will be received. */
	protected abstract finished(): void;
	/** Takes back what was read last. */
	protected abstract unread(lines: Data[]): void;
	protected abstract readSteps(size: number): Steps<Data>;
	protected abstract readlineSteps(limit: number): Steps<Data>;
	/** The bytes to send for what is written; a copy, which the caller cannot change. */
	protected abstract encode(data: unknown): Buffer;
	/** Whether data that was just written must not stay in the buffer. */
	protected abstract goesAtOnce(data: unknown): boolean;

	read(size?: number | null, options?: WaitOptions): Promise<Data> {
		return this.readAsync("read", () => this.readSteps(optionalSize("read: size", size)), options);
	}

	readSync(size?: number | null, options?: WaitOptions): Data {
		return this.readBlocking("read", () => this.readSteps(optionalSize("read: size", size)), options);
	}

	readline(limit?: number | null, options?: WaitOptions): Promise<Data> {
		return this.readAsync(
			"readline",
			() => this.readlineSteps(optionalSize("readline: limit", limit)),
			options,
		);
	}

	readlineSync(limit?: number | null, options?: WaitOptions): Data {
		const steps = () => this.readlineSteps(optionalSize("readline: limit", limit));
		return this.readBlocking("readline", steps, options);
	}

	async readlines(hint?: number | null, options?: WaitOptions): Promise<Data[]> {
		const enough = optionalSize("readlines: hint", hint);
		return this.readAsync("readlines", () => this.#readlinesSteps(enough), options);
	}

	readlinesSync(hint?: number | null, options?: WaitOptions): Data[] {
		const enough = optionalSize("readlines: hint", hint);
		return this.readBlocking("readlines", () => this.#readlinesSteps(enough), options);
	}

	async write(data: unknown, options?: WaitOptions): Promise<number> {
		const bytes = this.#encoded(data);
		if (this.opened.buffering === 0) return this.#writeAsync("write", () => this.#sendSteps(bytes), options);
		this.#unsent.push(bytes);
		if (this.#mustFlush(data)) await this.#writeAsync("write", () => this.#flushSteps(), options);
		return lengthOf(data);
	}

	writeSync(data: unknown, options?: WaitOptions): number {
		const bytes = this.#encoded(data);
		if (this.opened.buffering === 0)
			return this.#writeBlocking("write", () => this.#sendSteps(bytes), options);
		this.#unsent.push(bytes);
		if (this.#mustFlush(data)) this.#writeBlocking("write", () => this.#flushSteps(), options);
		return lengthOf(data);
	}

	async writelines(lines: Iterable<unknown>, options?: WaitOptions): Promise<void> {
		for (const line of lines) await this.write(line, options);
	}

	writelinesSync(lines: Iterable<unknown>, options?: WaitOptions): void {
		for (const line of lines) this.writeSync(line, options);
	}

	async flush(options?: WaitOptions): Promise<void> {
		this.#checkOpen("flush");
		if (this.#unsent.length > 0) await this.#writeAsync("flush", () => this.#flushSteps(), options);
	}

	flushSync(options?: WaitOptions): void {
		this.#checkOpen("flush");
		if (this.#unsent.length > 0) this.#writeBlocking("flush", () => this.#flushSteps(), options);
	}

	async close(options?: WaitOptions): Promise<void> {
		if (this.#closed) return;
		try {
			await this.flush(options);
			this.#closed = true;
		} catch (error) {
			this.#closed = !mayBeTriedAgain(error, options?.signal);
			throw error;
		}
	}

	closeSync(options?: WaitOptions): void {
		if (this.#closed) return;
		try {
			this.flushSync(options);
			this.#closed = true;
		} catch (error) {
			this.#closed = !mayBeTriedAgain(error, options?.signal);
			throw error;
		}
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<Data, void, undefined> {
		for (let line = await this.readline(); line.length > 0; line = await this.readline()) yield line;
	}

	*[Symbol.iterator](): Generator<Data, void, undefined> {
		for (let line = this.readlineSync(); line.length > 0; line = this.readlineSync()) yield line;
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	[Symbol.dispose](): void {
		// Over a channel without blocking operations this works as long as there is nothing to flush.
		this.closeSync();
	}

	/** Reads in the event loop, after those who came before. */
	protected async readAsync<T>(syscall: string, steps: () => Steps<T>, options?: WaitOptions): Promise<T> {
		this.#checkReadable(syscall);
		return this.#inLine(this.#readers, syscall, steps, options);
	}

	/** Reads, blocking the thread. */
	protected readBlocking<T>(syscall: string, steps: () => Steps<T>, options?: WaitOptions): T {
		this.#checkReadable(syscall);
		return this.#blocking(this.#readers, syscall, steps, options);
	}

	/** Receives once; false at the end. */
	protected *fill(size: number): Steps<boolean> {
		if (this.ended) return false;
		const piece = yield* receive(Math.min(Math.max(size, this.opened.buffering, 1), largestReceive));
		if (piece.byteLength > 0) {
			this.arrived(piece);
			return true;
		}
		this.ended = true;
		this.finished();
		// What was held back may have become text.
		return true;
	}

	*#readlinesSteps(enough: number): Steps<Data[]> {
		const lines: Data[] = [];
		let total = 0;
		try {
			while (enough <= 0 || total <= enough) {
				const line = yield* this.readlineSteps(-1);
				if (line.length === 0) break;
				lines.push(line);
				total += line.length;
			}
		} catch (error) {
			this.unread(lines);
			throw error;
		}
		return lines;
	}

	*#sendSteps(bytes: Buffer): Steps<number> {
		return bytes.byteLength === 0 ? 0 : yield* send(bytes);
	}

	*#flushSteps(): Steps<void> {
		while (this.#unsent.length > 0) {
			const count = yield* send(this.#unsent.peek(largestSend));
			this.#unsent.drop(count);
		}
	}

	#mustFlush(data: unknown): boolean {
		return this.#unsent.length > this.opened.buffering || this.goesAtOnce(data);
	}

	#encoded(data: unknown): Buffer {
		this.#checkOpen("write");
		if (!this.opened.writing) throw this.#unsupported("write", 'written; open it with "w"');
		return this.encode(data);
	}

	#writeAsync<T>(syscall: string, steps: () => Steps<T>, options?: WaitOptions): Promise<T> {
		return this.#inLine(this.#writers, syscall, steps, options);
	}

	#writeBlocking<T>(syscall: string, steps: () => Steps<T>, options?: WaitOptions): T {
		return this.#blocking(this.#writers, syscall, steps, options);
	}

	async #inLine<T>(
		line: Line,
		syscall: string,
		steps: () => Steps<T>,
		options: WaitOptions | undefined,
	): Promise<T> {
		const patience = new Patience(syscall, options, this.#channel.gettimeout?.() ?? null);
		await line.enter(patience);
		try {
			return await walk(this.#channel, steps(), patience);
		} finally {
			line.leave();
		}
	}

	#blocking<T>(line: Line, syscall: string, steps: () => Steps<T>, options: WaitOptions | undefined): T {
		const channel = this.#channel;
		if (!canBlock(channel)) {
			throw new TypeError(
				`${syscall}Sync(): what this file is over cannot block; await ${syscall}() instead`,
			);
		}
		if (line.taken) {
			throw new TypeError(`${syscall}Sync(): an operation of this file that was not awaited is under way`);
		}
		return walkSync(channel, syscall, steps(), options);
	}

	#checkOpen(what: string): void {
		if (this.#closed) throw new TypeError(`${what}(): the file is closed`);
	}

	#checkReadable(what: string): void {
		this.#checkOpen(what);
		if (!this.opened.reading) throw this.#unsupported(what, 'read; open it with "r" or "rw"');
	}

	#unsupported(what: string, rest: string): TypeError {
		return new TypeError(`${what}(): a file of mode ${JSON.stringify(this.mode)} cannot be ${rest}`);
	}
}

function optionalSize(name: string, size: number | null | undefined): number {
	if (size === undefined || size === null || size === -1) return -1;
	if (typeof size !== "number") throw new TypeError(`${name} must be a number, not ${kindOf(size)}`);
	if (!Number.isSafeInteger(size) || size < 0) {
		throw new RangeError(`${name} must be a whole number, -1 or null, not ${size}`);
	}
	return size;
}

function lengthOf(data: unknown): number {
	if (typeof data === "string") return data.length;
	return (data as ArrayBuffer | ArrayBufferView).byteLength;
}

/** Whether what could not be sent now may be sent later. */
function mayBeTriedAgain(error: unknown, signal: AbortSignal | undefined): boolean {
	if (signal?.aborted && error === signal.reason) return true;
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	return code === "ETIMEDOUT" || code === "EAGAIN" || error instanceof TypeError;
}
