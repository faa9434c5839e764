/**
 * Bytes in line: pieces go in at one end and any number of bytes comes out at the other, copied at most once.
 */

/** A queue of bytes. */
export class ByteQueue {
	#pieces: Uint8Array[] = [];
	#length = 0;

	/** How many bytes are in it. */
	get length(): number {
		return this.#length;
	}

	/** Appends a piece, which is not copied and must not change. */
	push(piece: Uint8Array): void {
		if (piece.byteLength === 0) return;
		this.#pieces.push(piece);
		this.#length += piece.byteLength;
	}

	/** Puts a piece before all others. */
	unshift(piece: Uint8Array): void {
		if (piece.byteLength === 0) return;
		this.#pieces.unshift(piece);
		this.#length += piece.byteLength;
	}

	/** Where a byte comes first, at `from` or later; -1 when nowhere. */
	indexOf(byte: number, from: number): number {
		let start = 0;
		for (const piece of this.#pieces) {
			const end = start + piece.byteLength;
			if (end > from) {
				const at = piece.indexOf(byte, Math.max(0, from - start));
				if (at >= 0) return start + at;
			}
			start = end;
		}
		return -1;
	}

	/** The first bytes, at most `size`, which stay in it. Several pieces are joined. */
	peek(size: number): Buffer {
		const wanted = Math.min(size, this.#length);
		const first = this.#pieces[0];
		if (first === undefined) return Buffer.alloc(0);
		if (first.byteLength >= wanted) return Buffer.from(first.buffer, first.byteOffset, wanted);
		const joined = Buffer.allocUnsafe(wanted);
		let filled = 0;
		for (const piece of this.#pieces) {
			if (filled === wanted) break;
			const part = piece.subarray(0, wanted - filled);
			joined.set(part, filled);
			filled += part.byteLength;
		}
		return joined;
	}

	/** Removes the first bytes. */
	drop(size: number): void {
		let left = Math.min(size, this.#length);
		this.#length -= left;
		let whole = 0;
		for (const piece of this.#pieces) {
			if (piece.byteLength > left) break;
			left -= piece.byteLength;
			whole++;
		}
		if (whole > 0) this.#pieces.splice(0, whole);
		const first = this.#pieces[0];
		if (left > 0 && first !== undefined) this.#pieces[0] = first.subarray(left);
	}

	/** Removes and returns the first bytes, at most `size`. */
	take(size: number): Buffer {
		const held = this.#pieces[0]?.byteLength ?? 0;
		const bytes = this.peek(size);
		this.drop(bytes.byteLength);
		// A few bytes must not keep the whole piece in memory.
		return bytes.byteLength < held / 2 ? Buffer.from(bytes) : bytes;
	}
}
