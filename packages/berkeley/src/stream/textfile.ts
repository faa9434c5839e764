/**
 * Files that give text: Python's TextIOWrapper.
 */
import { kindOf } from "../address/bytes.js";
import type { AsyncByteChannel } from "./channel.js";
import { type FileMode, FileObject } from "./fileobject.js";
import type { Steps } from "./steps.js";
import { type Decoder, type Encode, makeDecoder, makeEncoder, type TextErrors } from "./text.js";
import { type Newline, TextQueue } from "./textqueue.js";

/** A file of text. */
export class TextFileObject extends FileObject<string> {
	readonly encoding: string;
	readonly errors: TextErrors;
	readonly newline: Newline;
	readonly #decoder: Decoder | undefined;
	readonly #encode: Encode | undefined;
	readonly #received: TextQueue;
	readonly #lineBuffered: boolean;

	constructor(
		channel: AsyncByteChannel,
		opened: FileMode,
		text: { encoding: string; errors: TextErrors; newline: Newline; lineBuffered: boolean },
	) {
		super(channel, opened);
		this.encoding = text.encoding;
		this.errors = text.errors;
		this.newline = text.newline;
		this.#lineBuffered = text.lineBuffered;
		this.#received = new TextQueue(text.newline);
		if (opened.reading) this.#decoder = makeDecoder(text.encoding, text.errors);
		if (opened.writing) this.#encode = makeEncoder(text.encoding, text.errors);
	}

	protected override arrived(piece: Buffer): void {
		this.#received.push(this.#decoder?.decode(piece) ?? "", false);
	}

	protected override finished(): void {
		this.#received.push(this.#decoder?.end() ?? "", true);
	}

	protected override unread(lines: string[]): void {
		this.#received.unshift(lines.join(""));
	}

	protected override encode(data: unknown): Buffer {
		if (typeof data !== "string") {
			throw new TypeError(
				`write(): a text file takes strings, not ${kindOf(data)}; "b" in the mode takes bytes`,
			);
		}
		const lineEnd = this.newline === "\r" || this.newline === "\r\n" ? this.newline : "\n";
		const text = lineEnd === "\n" ? data : data.replaceAll("\n", lineEnd);
		return this.#encode?.(text) ?? Buffer.alloc(0);
	}

	protected override goesAtOnce(data: unknown): boolean {
		return this.#lineBuffered && /[\r\n]/.test(data as string);
	}

	protected override *readSteps(size: number): Steps<string> {
		const queue = this.#received;
		for (;;) {
			const units = size < 0 ? -1 : queue.unitsOf(size);
			if (units >= 0) return queue.take(units);
			if (!(yield* this.#more())) return queue.take(queue.length);
		}
	}

	protected override *readlineSteps(limit: number): Steps<string> {
		const queue = this.#received;
		let searched = 0;
		for (;;) {
			const end = queue.lineLength(searched);
			const most = limit < 0 ? -1 : queue.unitsOf(limit);
			if (most >= 0 && (end < 0 || end > most)) return queue.take(most);
			if (end >= 0) return queue.take(end);
			searched = queue.length;
			if (!(yield* this.#more())) return queue.take(queue.length);
		}
	}

	/** Receives and decodes once; false at the end. Throws when what comes next is no text. */
	*#more(): Steps<boolean> {
		this.#throwFailure();
		const more = yield* this.fill(1);
		// Text that came before it is given first.
		if (this.#received.length === 0) this.#throwFailure();
		return more;
	}

	#throwFailure(): void {
		if (this.#decoder?.failure !== undefined) throw this.#decoder.failure;
	}
}
