/**
 * What handlers write to.
 */
import { type Bytes, toBytes, type WaitOptions } from "../arguments.js";
import type { AsyncByteChannel } from "../stream/channel.js";

/** What an answer is written to. Operations are done in the order in which they were called. */
export interface RequestWriter {
	/** Whether it is closed. The connection may be open all the same. */
	readonly closed: boolean;
	/** Writes all of the data, text as UTF-8, and gives its length. */
	write(data: Bytes, options?: WaitOptions): Promise<number>;
	/** Writes one after another; adds no line ends. */
	writelines(lines: Iterable<Bytes>, options?: WaitOptions): Promise<void>;
	/** Sends what is in the buffer. */
	flush(options?: WaitOptions): Promise<void>;
	/** Flushes, and takes nothing more. */
	close(options?: WaitOptions): Promise<void>;
}

/** Sends at once whatever is written. An unbuffered file may send a part only, which nobody looks for. */
export class UnbufferedWriter implements RequestWriter {
	readonly #channel: AsyncByteChannel;
	#closed = false;

	constructor(channel: AsyncByteChannel) {
		this.#channel = channel;
	}

	get closed(): boolean {
		return this.#closed;
	}

	async write(data: Bytes, options?: WaitOptions): Promise<number> {
		this.#checkOpen("write");
		const length = typeof data === "string" ? data.length : toBytes("write", data).byteLength;
		await this.#channel.sendall(data, 0, options);
		return length;
	}

	async writelines(lines: Iterable<Bytes>, options?: WaitOptions): Promise<void> {
		for (const line of lines) await this.write(line, options);
	}

	async flush(): Promise<void> {
		this.#checkOpen("flush");
	}

	async close(): Promise<void> {
		this.#closed = true;
	}

	#checkOpen(what: string): void {
		if (this.#closed) throw new TypeError(`${what}(): the writer is closed`);
	}
}
