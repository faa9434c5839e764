/**
 * Bytes that grow as they are written, in one byte order.
 */

import type { CopyablePacket } from "../../captured.js";

/** Collects bytes. */
export class ByteWriter {
	/** Whether numbers have their lowest byte first. */
	little: boolean;
	/** How many bytes there are. */
	length = 0;
	#bytes: Uint8Array;
	#view: DataView;
	readonly #size: number;

	/** @param size how many bytes there is room for at first */
	constructor(size: number, little: boolean) {
		this.#size = size;
		this.little = little;
		this.#bytes = new Uint8Array(size);
		this.#view = new DataView(this.#bytes.buffer);
	}

	/** Makes room for so many bytes, and gives where they begin. */
	#room(count: number): number {
		const at = this.length;
		this.length = at + count;
		if (this.length > this.#bytes.length) {
			const larger = new Uint8Array(Math.max(this.length, this.#bytes.length * 2));
			larger.set(this.#bytes.subarray(0, at));
			this.#bytes = larger;
			this.#view = new DataView(larger.buffer);
		}
		return at;
	}

	/** A number of 16 bits. */
	u16(value: number): void {
		const at = this.#room(2);
		this.#view.setUint16(at, value, this.little);
	}

	/** A number of 32 bits. */
	u32(value: number): void {
		const at = this.#room(4);
		this.#view.setUint32(at, value, this.little);
	}

	/** Four numbers of 32 bits. */
	words(one: number, two: number, three: number, four: number): void {
		const at = this.#room(16);
		const view = this.#view;
		const { little } = this;
		view.setUint32(at, one, little);
		view.setUint32(at + 4, two, little);
		view.setUint32(at + 8, three, little);
		view.setUint32(at + 12, four, little);
	}

	/** A number of 64 bits. */
	u64(value: bigint): void {
		const at = this.#room(8);
		this.#view.setBigUint64(at, value, this.little);
	}

	/** Bytes. */
	bytes(bytes: Uint8Array): void {
		const at = this.#room(bytes.length);
		this.#bytes.set(bytes, at);
	}

	/** Those of a packet. */
	copy(packet: CopyablePacket): void {
		const at = this.#room(packet.size);
		packet.copyTo(this.#bytes, at);
	}

	/** Bytes, and zeros up to a multiple of four. */
	padded(bytes: Uint8Array): void {
		this.bytes(bytes);
		const fill = -bytes.length & 3;
		const at = this.#room(fill);
		this.#bytes.fill(0, at, at + fill);
	}

	/** Writes a number of 32 bits over another. */
	patch(at: number, value: number): void {
		this.#view.setUint32(at, value, this.little);
	}

	/** Forgets what was written from a place on. */
	cut(length: number): void {
		this.length = length;
	}

	/** What was written, until more is. */
	get written(): Uint8Array {
		return this.#bytes.subarray(0, this.length);
	}

	/** What was written. The writer begins anew, with other memory. */
	take(): Uint8Array {
		const taken = this.#bytes.subarray(0, this.length);
		this.#bytes = new Uint8Array(this.#size);
		this.#view = new DataView(this.#bytes.buffer);
		this.length = 0;
		return taken;
	}
}
