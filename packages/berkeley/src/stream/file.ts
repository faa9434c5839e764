/**
 * Connections as files: `makefile()`, as Python's socket.makefile() and the io module behind it.
 *
 * What differs from Python, on purpose:
 * - A read that timed out or was aborted has lost nothing: the next one goes on where it stood. (Python's file
 *   refuses every later read.) The same holds for writing.
 * - A timeout is for the whole operation, not for each system call in it.
 * - `buffering: 1` is line buffering in a text file, as in Python's open(); Python's makefile() means one byte.
 * - Left out: seek, tell, truncate, peek, read1 and detach, which a socket has no use for.
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import type { Bytes, WaitOptions } from "../arguments.js";
import { BinaryFileObject } from "./binaryfile.js";
import type { AsyncByteChannel, ByteChannel } from "./channel.js";
import type { FileMode } from "./fileobject.js";
import { checkEncoding, type TextErrors } from "./text.js";
import { TextFileObject } from "./textfile.js";
import type { Newline } from "./textqueue.js";

export { IncompleteReadError } from "./binaryfile.js";
export type { TextErrors } from "./text.js";
export type { Newline } from "./textqueue.js";

/** The modes of a text file. */
export type TextMode = "r" | "w" | "rw" | "wr";
/** The modes of a file of bytes. */
export type BinaryMode = "rb" | "wb" | "rwb" | "br" | "bw" | "wrb" | "rbw" | "wbr" | "brw" | "bwr" | "b";

/** How a file of bytes is buffered. */
export interface BinaryFileOptions {
	/**
	 * How many bytes are received at once, and how many written ones are kept before they are sent; 8192 when
	 * left out. 0 buffers nothing, as Python's SocketIO: read(n) receives once and gives what came, write() sends
	 * once and gives how much went, and nothing behind a line is taken from the socket.
	 */
	buffering?: number;
}

/** How a text file turns bytes into text. */
export interface TextFileOptions {
	/**
	 * "utf-8" when left out, whatever the locale. "utf-16le", "latin1" (the true ISO 8859-1) and "ascii" can be
	 * read and written; what else TextDecoder knows can be read.
	 */
	encoding?: string;
	/** "strict", when left out, rejects with a TypeError; "replace" reads U+FFFD and writes "?". */
	errors?: TextErrors;
	/**
	 * How lines end. null, when left out: "\n", "\r" and "\r\n" all do, and are read as "\n". "": all do, and are
	 * left as they are. "\n", "\r", "\r\n": this alone ends a line; the latter two are also written for "\n".
	 */
	newline?: Newline;
	/** As in a file of bytes, but at least 1; 1 sends after each write that holds a line's end. */
	buffering?: number;
}

/**
 * A connection as a file. `Data` is string for a text file, Buffer for one of bytes; sizes are characters (code
 * points) or bytes. Operations on one file are done in the order in which they were called.
 */
export interface AsyncSocketFile<Data extends string | Buffer> {
	/** The mode that it was opened with. */
	readonly mode: string;
	/** Whether it is closed. The connection may be open all the same. */
	readonly closed: boolean;
	/** `size` characters or bytes, fewer only at the end; everything up to the end without a size. */
	read(size?: number | null, options?: WaitOptions): Promise<Data>;
	/** A line with its end, cut off at `limit`; without an end when the connection ends, empty after that. */
	readline(limit?: number | null, options?: WaitOptions): Promise<Data>;
	/** All lines up to the end; no more once they amount to more than `hint`. */
	readlines(hint?: number | null, options?: WaitOptions): Promise<Data[]>;
	/**
	 * Writes into the buffer, and sends it when it is full. Gives the length of the data. When sending fails the
	 * data is in the buffer nevertheless: do not write it again, flush.
	 */
	write(data: Data | (Data extends string ? string : Bytes), options?: WaitOptions): Promise<number>;
	/** Writes one after another; adds no line ends. */
	writelines(
		lines: Iterable<Data | (Data extends string ? string : Bytes)>,
		options?: WaitOptions,
	): Promise<void>;
	/** Sends what is in the buffer. What could not be sent stays. */
	flush(options?: WaitOptions): Promise<void>;
	/**
	 * Flushes, and takes nothing more. The connection stays open: who made it closes it. After a timeout or an
	 * abort the file stays open with what is left, so that close() can be called again; after any other failure
	 * it is closed.
	 */
	close(options?: WaitOptions): Promise<void>;
	/** Line by line to the end. */
	[Symbol.asyncIterator](): AsyncGenerator<Data, void, undefined>;
	/** close(). */
	[Symbol.asyncDispose](): Promise<void>;
}

/** The file of a channel that can block: each operation has a twin that holds up the thread. */
export interface SocketFile<Data extends string | Buffer> extends AsyncSocketFile<Data> {
	/** The blocking twin of `read`. */
	readSync(size?: number | null, options?: WaitOptions): Data;
	/** The blocking twin of `readline`. */
	readlineSync(limit?: number | null, options?: WaitOptions): Data;
	/** The blocking twin of `readlines`. */
	readlinesSync(hint?: number | null, options?: WaitOptions): Data[];
	/** The blocking twin of `write`. */
	writeSync(data: Data | (Data extends string ? string : Bytes), options?: WaitOptions): number;
	/** The blocking twin of `writelines`. */
	writelinesSync(lines: Iterable<Data | (Data extends string ? string : Bytes)>, options?: WaitOptions): void;
	/** The blocking twin of `flush`. */
	flushSync(options?: WaitOptions): void;
	/** The blocking twin of `close`. */
	closeSync(options?: WaitOptions): void;
	/** Line by line to the end, blocking. */
	[Symbol.iterator](): Generator<Data, void, undefined>;
	/** closeSync(). */
	[Symbol.dispose](): void;
}

/** What a text file tells beside. */
export interface TextProperties {
	/** The encoding's canonical name. */
	readonly encoding: string;
	/** "strict" or "replace". */
	readonly errors: TextErrors;
	/** How lines end. */
	readonly newline: Newline;
}

/** A text file that cannot block. */
export interface AsyncTextFile extends AsyncSocketFile<string>, TextProperties {}
/** A text file. */
export interface TextFile extends SocketFile<string>, TextProperties {}

/** A file of bytes that cannot block. */
export interface AsyncBinaryFile extends AsyncSocketFile<Buffer> {
	/** Exactly `size` bytes. @throws IncompleteReadError when the connection ends before; it has what came */
	readexactly(size: number, options?: WaitOptions): Promise<Buffer>;
	/** Fills the buffer, fewer only at the end (unbuffered: with what one receive gives); the count. */
	readinto(buffer: ArrayBufferView | ArrayBuffer, options?: WaitOptions): Promise<number>;
}

/** A file of bytes. */
export interface BinaryFile extends AsyncBinaryFile, SocketFile<Buffer> {
	/** The blocking twin of `readexactly`. */
	readexactlySync(size: number, options?: WaitOptions): Buffer;
	/** The blocking twin of `readinto`. */
	readintoSync(buffer: ArrayBufferView | ArrayBuffer, options?: WaitOptions): number;
}

const defaultBuffering = 8192;

/**
 * A connection as a file, to read and write by lines or sizes. Python's socket.makefile().
 *
 * Closing the file flushes it and leaves the connection open; closing the connection makes the file's
 * operations fail with EBADF. (In Python the connection stays open until both are closed.) Use one file for
 * reading at a time: what it has received and not given out is in its buffer, not in the socket.
 * @param mode "r" to read, "w" to write, "rw" for both; with "b" bytes, else text
 */
export function makefile(channel: ByteChannel, mode?: TextMode, options?: TextFileOptions): TextFile;
export function makefile(channel: ByteChannel, mode: BinaryMode, options?: BinaryFileOptions): BinaryFile;
export function makefile(
	channel: AsyncByteChannel,
	mode?: TextMode,
	options?: TextFileOptions,
): AsyncTextFile;
export function makefile(
	channel: AsyncByteChannel,
	mode: BinaryMode,
	options?: BinaryFileOptions,
): AsyncBinaryFile;
export function makefile(
	channel: AsyncByteChannel,
	mode: TextMode | BinaryMode = "r",
	options: TextFileOptions = {},
): AsyncTextFile | AsyncBinaryFile {
	if (typeof mode !== "string" || !/^(?!.*(.).*\1)[rwb]+$/.test(mode)) {
		throw new TypeError(`mode must be of "r", "w" and "b", as in "rb", not ${shown(mode)}`);
	}
	const binary = mode.includes("b");
	const asked = options.buffering ?? -1;
	checkInteger(asked, -1, 2 ** 30, "buffering");
	if (asked === 0 && !binary) throw new RangeError('buffering 0 is for files of bytes; add "b" to the mode');
	const lineBuffered = asked === 1 && !binary;
	const opened: FileMode = {
		text: mode,
		reading: mode.includes("r") || !mode.includes("w"),
		writing: mode.includes("w"),
		buffering: asked < 0 || lineBuffered ? defaultBuffering : asked,
	};
	if (binary) {
		for (const name of ["encoding", "errors", "newline"] as const) {
			if (options[name] !== undefined)
				throw new TypeError(`${name} is for text files; mode ${mode} gives bytes`);
		}
		return new BinaryFileObject(channel, opened);
	}
	const { errors = "strict", newline = null } = options;
	if (errors !== "strict" && errors !== "replace") {
		throw new TypeError(`errors must be "strict" or "replace", not ${shown(errors)}`);
	}
	if (newline !== null && !["", "\n", "\r", "\r\n"].includes(newline)) {
		throw new TypeError(`newline must be null, "", "\\n", "\\r" or "\\r\\n", not ${shown(newline)}`);
	}
	const encoding = checkEncoding(options.encoding ?? "utf-8");
	return new TextFileObject(channel, opened, { encoding, errors, newline, lineBuffered });
}

function shown(value: unknown): string {
	return typeof value === "string" ? JSON.stringify(value) : kindOf(value);
}
