/**
 * Where the bytes of a capture go.
 */
import { close, closeSync, open, openSync, write, writeSync } from "node:fs";
import type { Writable } from "node:stream";
import type { WritableStream } from "node:stream/web";
import { promisify } from "node:util";
import { checkInteger, kindOf } from "../../address/bytes.js";

/**
 * Where a capture is written to: the path of a file, which is made anew; a descriptor, which stays open; a Node stream or
 * a web stream, which is ended by close(); or a function that takes bytes, and may return a promise for when it can take
 * more.
 */
export type CaptureSink =
	| string
	| URL
	| number
	| Writable
	| WritableStream<Uint8Array>
	| ((bytes: Uint8Array) => unknown);

/** Takes bytes, one call after another. */
export interface ByteSink {
	/** Whether it may keep the bytes that writeSync() gives it. */
	readonly keeps: boolean;
	write(bytes: Uint8Array): Promise<void>;
	/** Throws a TypeError where only those who wait can write. */
	writeSync(bytes: Uint8Array): void;
	close(): Promise<void>;
	closeSync(): void;
}

const openFile = promisify(open);
const closeFile = promisify(close);
const writeFile = promisify(write);

/** The sink, opened. A file is made anew, or written on at its end. */
export async function openSink(sink: CaptureSink, append: boolean): Promise<ByteSink> {
	if (typeof sink === "string" || sink instanceof URL) {
		return new FileSink(await openFile(sink, append ? "a" : "w"), true);
	}
	return sinkOf(sink);
}

/** The sink, opened by a call that blocks. */
export function openSinkSync(sink: CaptureSink, append: boolean): ByteSink {
	if (typeof sink === "string" || sink instanceof URL) {
		return new FileSink(openSync(sink, append ? "a" : "w"), true);
	}
	const opened = sinkOf(sink);
	if (opened instanceof AwaitedSink) {
		throw new TypeError("what is written to a stream must be waited for: use createCapture()");
	}
	return opened;
}

function sinkOf(sink: Exclude<CaptureSink, string | URL>): ByteSink {
	if (typeof sink === "number")
		return new FileSink(checkInteger(sink, 0, 2 ** 31 - 1, "a descriptor"), false);
	if (typeof sink === "function") return new FunctionSink(sink);
	if (typeof sink === "object" && sink !== null) {
		if ("getWriter" in sink) return new WebSink(sink);
		if ("write" in sink && "end" in sink) return new StreamSink(sink);
	}
	throw new TypeError(
		`a capture is written to a path, a descriptor, a stream or a function, not to ${kindOf(sink)}`,
	);
}

/** A file or a pipe. */
class FileSink implements ByteSink {
	readonly keeps = false;
	readonly #own: boolean;
	#fd: number;

	constructor(fd: number, own: boolean) {
		this.#fd = fd;
		this.#own = own;
	}

	async write(bytes: Uint8Array): Promise<void> {
		for (let at = 0; at < bytes.length; ) {
			at += (await writeFile(this.#fd, bytes, at, bytes.length - at, null)).bytesWritten;
		}
	}

	writeSync(bytes: Uint8Array): void {
		for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at, bytes.length - at, null);
	}

	async close(): Promise<void> {
		if (this.#own) await closeFile(this.#fd);
	}

	closeSync(): void {
		if (this.#own) closeSync(this.#fd);
	}
}

/** What only those who wait can write to. */
abstract class AwaitedSink implements ByteSink {
	readonly keeps = true;
	abstract write(bytes: Uint8Array): Promise<void>;
	abstract close(): Promise<void>;

	writeSync(): void {
		throw new TypeError("this capture's bytes go where they must be waited for: use drain() and close()");
	}

	closeSync(): void {
		this.writeSync();
	}
}

/** A function. */
class FunctionSink implements ByteSink {
	readonly keeps = true;
	readonly #write: (bytes: Uint8Array) => unknown;

	constructor(write: (bytes: Uint8Array) => unknown) {
		this.#write = write;
	}

	async write(bytes: Uint8Array): Promise<void> {
		await this.#write(bytes);
	}

	writeSync(bytes: Uint8Array): void {
		this.#write(bytes);
	}

	async close(): Promise<void> {}

	closeSync(): void {}
}

/** A web stream. */
class WebSink extends AwaitedSink {
	readonly #writer: ReturnType<WritableStream<Uint8Array>["getWriter"]>;

	constructor(stream: WritableStream<Uint8Array>) {
		super();
		this.#writer = stream.getWriter();
		// A failure is told by write() and close(); this promise would tell it once more, to nobody.
		this.#writer.closed.catch(() => {});
	}

	async write(bytes: Uint8Array): Promise<void> {
		await this.#writer.ready;
		await this.#writer.write(bytes);
	}

	close(): Promise<void> {
		return this.#writer.close();
	}
}

/** A Node stream. */
class StreamSink extends AwaitedSink {
	readonly #stream: Writable;
	#error: Error | undefined;

	constructor(stream: Writable) {
		super();
		this.#stream = stream;
		stream.on("error", this.#fail);
	}

	readonly #fail = (error: Error): void => {
		this.#error ??= error;
	};

	write(bytes: Uint8Array): Promise<void> {
		return new Promise((resolve, reject) => {
			if (this.#error !== undefined) reject(this.#error);
			else this.#stream.write(bytes, (error) => (error ? reject(error) : resolve()));
		});
	}

	async close(): Promise<void> {
		const stream = this.#stream;
		if (this.#error !== undefined) throw this.#error;
		await new Promise<void>((resolve, reject) => {
			stream.once("error", reject);
			stream.once("close", () => (stream.errored === null ? resolve() : reject(stream.errored)));
			stream.end(() => resolve());
		});
	}
}
