/**
 * One direction of a stream: bytes are cut when they come, and delivered when they are due.
 */
import type { Cutter, StreamPart } from "./cutter.js";

/** What became of the bytes of a direction. */
export interface StreamStatistics {
	/** How many bytes came. */
	readonly bytes: number;
	/** How many were delivered. */
	readonly delivered: number;
	/** How many pieces had bits flipped, were delayed by the plan, or stalled. */
	readonly impaired: number;
	/** How many bytes wait now. */
	readonly waiting: number;
}

/** The part at which an orderly end is, which the sender wants. */
const finish: StreamPart = { bytes: new Uint8Array(0), delay: 0, act: "end" };

interface Waiting {
	readonly part: StreamPart;
	readonly due: number;
}

// What is due is joined up to this size.
const largestJoin = 0x10000;

/** Where the bytes of a direction wait. */
export class StreamLine {
	readonly #cutter: Cutter;
	readonly #deliver: (part: StreamPart) => Promise<void> | undefined;
	readonly #queue: Waiting[] = [];
	#bytes = 0;
	#delivered = 0;
	#impaired = 0;
	#waiting = 0;
	#lastDue = 0;
	#free = 0;
	#running = false;
	#closed = false;
	#ended = false;
	#wake: (() => void) | undefined;
	#timer: NodeJS.Timeout | undefined;
	#watchers: (() => void)[] = [];

	/**
	 * @param deliver takes a part that is due; the next one waits for its promise, if it gives one, and a promise that
	 *   rejects closes the line
	 */
	constructor(cutter: Cutter, deliver: (part: StreamPart) => Promise<void> | undefined) {
		this.#cutter = cutter;
		this.#deliver = deliver;
	}

	/** What became of the bytes. */
	get statistics(): StreamStatistics {
		return {
			bytes: this.#bytes,
			delivered: this.#delivered,
			impaired: this.#impaired,
			waiting: this.#waiting,
		};
	}

	/** How many bytes it takes before somebody should wait. */
	get room(): number {
		return this.#closed ? Number.POSITIVE_INFINITY : this.#cutter.impairments.limit - this.#waiting;
	}

	/** Whether nothing waits. */
	get idle(): boolean {
		return this.#queue.length === 0 && !this.#running;
	}

	/** Does what is to happen before the first byte. */
	begin(): void {
		this.#add(this.#cutter.begin());
	}

	/** Takes bytes, which are copied. */
	put(data: Uint8Array): void {
		if (this.#closed || this.#ended) return;
		this.#bytes += data.length;
		this.#add(this.#cutter.cut(data));
	}

	/** Takes the end. */
	end(): void {
		if (this.#closed || this.#ended) return;
		this.#ended = true;
		this.#add([finish]);
	}

	/** Resolves when there is room, or the line is closed. */
	async whenRoom(): Promise<void> {
		while (this.room <= 0) await this.#change();
	}

	/** Resolves when nothing waits. */
	async drained(): Promise<void> {
		while (!this.idle) await this.#change();
	}

	/** Ends it; what waits is lost. */
	close(): void {
		this.#closed = true;
		this.#queue.length = 0;
		this.#waiting = 0;
		this.#wake?.();
		this.#tell();
	}

	#add(parts: readonly StreamPart[]): void {
		const { rate } = this.#cutter.impairments;
		const now = performance.now();
		for (const part of parts) {
			const size = part.bytes.length;
			let through = now;
			if (rate !== undefined) {
				through = Math.max(now, this.#free) + (size * 1000) / rate;
				this.#free = through;
			}
			this.#lastDue = Math.max(this.#lastDue, through + part.delay);
			this.#waiting += size;
			if (part.comment !== undefined && part.act === undefined) this.#impaired += 1;
			this.#queue.push({ part, due: this.#lastDue });
		}
		if (!this.#running && this.#queue.length > 0) void this.#run();
	}

	async #run(): Promise<void> {
		this.#running = true;
		for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
			const now = performance.now();
			if (first.due > now) {
				await this.#until(first.due - now);
				continue;
			}
			const part = this.#next(now);
			try {
				const delivery = this.#deliver(part);
				if (delivery !== undefined) await delivery;
			} catch {
				this.close();
			}
			if (this.#closed) break;
			this.#waiting -= part.bytes.length;
			this.#delivered += part.bytes.length;
			this.#tell();
		}
		this.#running = false;
		this.#tell();
	}

	/** Takes the next part, joined with those behind it to which nothing happens either. */
	#next(now: number): StreamPart {
		const { part } = this.#queue.shift() as Waiting;
		if (this.#cutter.impairments.apart || part.act !== undefined || part.comment !== undefined) return part;
		const run = [part.bytes];
		let size = part.bytes.length;
		for (let next = this.#queue[0]; next !== undefined && next.due <= now; next = this.#queue[0]) {
			const { bytes, act, comment } = next.part;
			if (act !== undefined || comment !== undefined || size + bytes.length > largestJoin) break;
			this.#queue.shift();
			run.push(bytes);
			size += bytes.length;
		}
		return run.length === 1 ? part : { bytes: Buffer.concat(run, size), delay: 0 };
	}

	#until(milliseconds: number): Promise<void> {
		return new Promise((resolve) => {
			this.#wake = () => {
				clearTimeout(this.#timer);
				this.#wake = undefined;
				resolve();
			};
			this.#timer = setTimeout(this.#wake, Math.ceil(milliseconds));
		});
	}

	#change(): Promise<void> {
		return new Promise((resolve) => {
			this.#watchers.push(resolve);
		});
	}

	#tell(): void {
		const told = this.#watchers;
		this.#watchers = [];
		for (const tell of told) tell();
	}
}
