/**
 * What `write()` could not hand to the kernel at once: it goes out, in order, when there is room.
 */
import { sizeOf } from "../arguments.js";
import { socketError } from "../errors.js";
import { MSG_NOSIGNAL } from "../sys/linux/constants/msg.js";
import { EAGAIN, EINTR } from "../sys/linux/errnos.js";
import { send } from "../sys/transfer.js";
import { addressOfShown } from "./arrivals.js";
import type { Descriptor } from "./descriptor.js";
import {
	FOR_WRITING,
	GIVE_WAY,
	INTERRUPTED,
	type Need,
	type Operation,
	outcome,
	type Unfinished,
} from "./operation.js";

/** So many bytes may wait before write() says that it is time to stop: asyncio's mark. */
const highWaterMark = 64 * 1024;

const blockSize = 64 * 1024;
const callsInARow = 16;

/** Bytes that wait, in memory of our own: the writer may use its memory again as soon as write() returns. */
interface Block {
	readonly bytes: Buffer;
	start: number;
	end: number;
}

/** The queue of one socket's write(). */
export class Outbox implements Operation<void> {
	readonly syscall = "send";
	readonly need: Need = FOR_WRITING;
	readonly #descriptor: Descriptor;
	readonly #stream: boolean;
	readonly #blocks: Block[] = [];
	#size = 0;
	#flushing = false;
	#failure: unknown;

	/** @param stream whether the bytes of several writes may go out together: not where each is a message */
	constructor(descriptor: Descriptor, stream: boolean) {
		this.#descriptor = descriptor;
		this.#stream = stream;
	}

	/** How many bytes wait. */
	get size(): number {
		return this.#size;
	}

	/** Throws what a write that had to wait failed with. */
	throwFailure(): void {
		if (this.#failure !== undefined) throw this.#failure;
	}

	/**
	 * Sends what the kernel takes now, and keeps a copy of the rest.
	 * @param owner kept reachable until all is sent
	 * @returns false when so much waits that the writer had better wait too
	 */
	write(bytes: Uint8Array, owner: object): boolean {
		this.throwFailure();
		const fd = this.#descriptor.open("send");
		const size = sizeOf(bytes);
		let sent = 0;
		// What others have begun to send goes first.
		if (!this.#flushing && this.#descriptor.free) {
			const result = send(fd, addressOfShown(bytes) ?? bytes, size, MSG_NOSIGNAL);
			if (result === size) return true;
			if (result >= 0) sent = result;
			else if (result !== -EAGAIN && result !== -EINTR) throw socketError("send", result);
		}
		this.#keep(bytes, sent, size);
		if (!this.#flushing) this.#flush(owner);
		return this.#size < highWaterMark;
	}

	attempt(fd: number): undefined | Unfinished {
		for (let calls = 0; calls < callsInARow; calls++) {
			const block = this.#blocks[0];
			if (block === undefined) {
				this.#flushing = false;
				return undefined;
			}
			const rest = block.bytes.subarray(block.start, block.end);
			const count = outcome("send", send(fd, rest, rest.byteLength, MSG_NOSIGNAL));
			if (count === INTERRUPTED) continue;
			if (typeof count === "symbol") return count;
			block.start += count;
			this.#size -= count;
			if (block.start === block.end) this.#blocks.shift();
		}
		return GIVE_WAY;
	}

	#flush(owner: object): void {
		this.#flushing = true;
		this.#descriptor.perform(this, owner, null).catch((error) => {
			this.#failure = error;
			this.#blocks.length = 0;
			this.#size = 0;
		});
	}

	#keep(bytes: Uint8Array, start: number, end: number): void {
		this.#size += end - start;
		if (!this.#stream) {
			this.#blocks.push({ bytes: Buffer.from(bytes), start: 0, end });
			return;
		}
		const last = this.#blocks.at(-1);
		const room = last === undefined ? 0 : last.bytes.byteLength - last.end;
		const fitting = Math.min(room, end - start);
		if (last !== undefined && fitting > 0) {
			last.bytes.set(bytes.subarray(start, start + fitting), last.end);
			last.end += fitting;
		}
		const rest = bytes.subarray(start + fitting, end);
		if (rest.byteLength > 0) {
			const block = Buffer.allocUnsafeSlow(Math.max(rest.byteLength, blockSize));
			block.set(rest);
			this.#blocks.push({ bytes: block, start: 0, end: rest.byteLength });
		}
	}
}
