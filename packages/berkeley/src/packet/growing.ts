/**
 * Bytes that grow while they are written.
 */
import { put8, put16, put32 } from "./bytes.js";

/** Bytes whose number is not known before they are written. */
export class Growing {
	/** What is written, and room behind it; other bytes after take(), which may need more room. */
	bytes: Uint8Array = new Uint8Array(512);
	/** How many are written. */
	size = 0;

	/** Makes room for so many more bytes, which are zeros, and counts them as written; gives where they are. */
	take(count: number): number {
		const at = this.size;
		this.size += count;
		if (this.size > this.bytes.length) {
			const larger = new Uint8Array(Math.max(this.size, this.bytes.length * 2));
			larger.set(this.bytes.subarray(0, at));
			this.bytes = larger;
		}
		return at;
	}

	/** Writes a byte. */
	u8(value: number, field: string): void {
		const at = this.take(1);
		put8(this.bytes, at, value, field);
	}

	/** Writes a 16-bit number. */
	u16(value: number, field: string): void {
		const at = this.take(2);
		put16(this.bytes, at, value, field);
	}

	/** Writes a 32-bit number. */
	u32(value: number, field: string): void {
		const at = this.take(4);
		put32(this.bytes, at, value, field);
	}

	/** Writes bytes. */
	put(bytes: Uint8Array): void {
		const at = this.take(bytes.length);
		this.bytes.set(bytes, at);
	}

	/** What is written, not copied. */
	get written(): Uint8Array {
		return this.bytes.subarray(0, this.size);
	}
}
