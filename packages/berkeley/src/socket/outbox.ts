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
	charge,
	FOR_WRITING,
	GIVE_WAY,
	INTERRUPTED,
	type Need,
	type Operation,
	outcome,
	type Quota,
	type Unfinished,
	WOULD_BLOCK,
	within,
} from "./operation.js";
import { Waiter } from "./waiter.js";

/** So many bytes may wait before write() says that it is time to stop: asyncio's mark. */
const highWaterMark = 64 * 1024;

// Blocks grow with what a batch keeps: there may be many batches of a few bytes each.
const firstBlockSize = 512;
const largestBlockSize = 64 * 1024;
const callsInARow = 16;

/** What one socket's write() has kept. */
export class Outbox {
	readonly #descriptor: Descriptor;
	readonly #stream: boolean;
	#latest: Batch | undefined;
	#size = 0;
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

	/**
	 * Throws what a write that had to wait failed with. A stream lacks those bytes for ever; a message that was lost
	 * is told of once.
	 */
	throwFailure(): void {
		const failure = this.#failure;
		if (failure === undefined) return;
		if (!this.#stream) this.#failure = undefined;
		throw failure;
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
		if (this.#descriptor.free) {
			const result = send(fd, addressOfShown(bytes) ?? bytes, size, MSG_NOSIGNAL);
			if (result === size) return true;
			if (result >= 0) sent = result;
			else if (result !== -EAGAIN && result !== -EINTR) throw socketError("send", result);
		}
		this.#keep(bytes, sent, size, owner);
		return this.#size < highWaterMark;
	}

	/** Bytes have gone out, or are dropped. */
	leave(size: number): void {
		this.#size -= size;
	}

	/** Some were lost. */
	fail(reason: unknown): void {
		this.#failure ??= reason;
	}

	#keep(bytes: Uint8Array, start: number, end: number, owner: object): void {
		const latest = this.#latest;
		// A batch takes more as long as nobody stands behind it, sendall() for example, who would be overtaken.
		const open = latest !== undefined && this.#descriptor.lastOf(FOR_WRITING) === latest;
		const batch = open ? latest : new Batch(this.#descriptor, this, this.#stream);
		batch.keep(bytes, start, end);
		this.#size += end - start;
		if (open) return;
		this.#latest = batch;
		this.#descriptor.attach(batch, owner);
	}
}

/** Bytes that wait, in memory of our own: the writer may use its memory again as soon as write() returns. */
interface Block {
	readonly bytes: Buffer;
	start: number;
	end: number;
}

/** What was kept in a row, as one operation that stands in the line of those who send. */
class Batch extends Waiter implements Operation<void> {
	readonly syscall = "send";
	readonly need: Need = FOR_WRITING;
	readonly #outbox: Outbox;
	readonly #stream: boolean;
	readonly #blocks: Block[] = [];

	constructor(descriptor: Descriptor, outbox: Outbox, stream: boolean) {
		super(descriptor);
		this.#outbox = outbox;
		this.#stream = stream;
	}

	get operation(): this {
		return this;
	}

	/** Copies what stands in the bytes from `start` to `end`. */
	keep(bytes: Uint8Array, start: number, end: number): void {
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
			const usual =
				last === undefined ? firstBlockSize : Math.min(2 * last.bytes.byteLength, largestBlockSize);
			const block = Buffer.allocUnsafeSlow(Math.max(rest.byteLength, usual));
			block.set(rest);
			this.#blocks.push({ bytes: block, start: 0, end: rest.byteLength });
		}
	}

	attempt(fd: number, quota?: Quota): undefined | Unfinished {
		// Behind bytes that were lost a stream has no others.
		if (this.#stream) this.#outbox.throwFailure();
		for (let calls = 0; calls < callsInARow; calls++) {
			const block = this.#blocks[0];
			if (block === undefined) return undefined;
			if (quota?.left === 0) return WOULD_BLOCK;
			const count = this.#send(fd, block, quota);
			if (count === INTERRUPTED) continue;
			if (typeof count === "symbol") return count;
			block.start += count;
			this.#outbox.leave(count);
			if (block.start === block.end) this.#blocks.shift();
		}
		return GIVE_WAY;
	}

	#send(fd: number, { bytes, start, end }: Block, quota: Quota | undefined): number | Unfinished {
		const rest = bytes.subarray(start, start + within(quota, end - start));
		const result = send(fd, rest, rest.byteLength, MSG_NOSIGNAL);
		charge(quota, result);
		try {
			return outcome("send", result);
		} catch (error) {
			if (this.#stream) throw error;
			// One message is lost. The next may have better luck.
			this.#outbox.fail(error);
			return rest.byteLength;
		}
	}

	/** The socket was closed by its owner: what waits is dropped. */
	closed(): void {}

	protected over(failed: boolean, reason: unknown): void {
		if (failed) this.#outbox.fail(reason);
		for (const { start, end } of this.#blocks) this.#outbox.leave(end - start);
		this.#blocks.length = 0;
	}
}
