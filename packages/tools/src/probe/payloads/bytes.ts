/**
 * Bytes in the order of the network, put together and shown.
 */

/** A byte, several, or text as UTF-8. */
type Piece = number | string | Uint8Array | readonly number[];

/** The pieces, one after another. */
export function bytes(...pieces: readonly Piece[]): Buffer {
	return Buffer.concat(
		pieces.map((piece) => {
			if (typeof piece === "number") return Uint8Array.of(piece);
			return typeof piece === "string" ? Buffer.from(piece) : Uint8Array.from(piece);
		}),
	);
}

/** 16 bits. */
export function u16(value: number): number[] {
	return [(value >>> 8) & 255, value & 255];
}

/** 32 bits. */
export function u32(value: number): number[] {
	return [...u16(value >>> 16), ...u16(value)];
}

/** With the length of what follows before it, in 16 bits. */
export function counted16(...pieces: readonly Piece[]): Buffer {
	const content = bytes(...pieces);
	return bytes(u16(content.length), content);
}

/** Text of others, of one line and printable ASCII, at most `most` characters: it is to be printed. */
export function printable(text: string | Uint8Array, most = 60): string {
	const all = typeof text === "string" ? text : Buffer.from(text).toString("latin1");
	const line = all.replace(/[^\x20-\x7e]+/g, " ").trim();
	return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
