/**
 * Upper case for text that comes in pieces.
 */
import { isUtf8 } from "node:buffer";

/**
 * Puts UTF-8 text into upper case, as String.prototype.toUpperCase() does: "ß" becomes "SS". A character may be
 * split between chunks; its bytes are then kept until the rest comes. Bytes that are no UTF-8 pass unchanged.
 */
export class UpperCaser {
	#kept: Buffer = Buffer.alloc(0);

	/** The answer to a chunk; empty when the chunk is only part of a character. */
	push(chunk: Buffer): Buffer {
		const bytes = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
		const whole = bytes.length - unfinishedLength(bytes);
		// Copied, for the chunk's memory may be used again.
		this.#kept = Buffer.from(bytes.subarray(whole));
		return upperCase(bytes.subarray(0, whole));
	}

	/** What was kept and never completed. */
	end(): Buffer {
		const rest = this.#kept;
		this.#kept = Buffer.alloc(0);
		return rest;
	}
}

function upperCase(bytes: Buffer): Buffer {
	if (isUtf8(bytes)) return Buffer.from(bytes.toString().toUpperCase());
	const parts: Buffer[] = [];
	let start = 0;
	for (let at = 0; at < bytes.length; ) {
		const length = characterLength(bytes, at);
		if (length > 0) {
			at += length;
			continue;
		}
		parts.push(Buffer.from(bytes.toString("utf8", start, at).toUpperCase()), bytes.subarray(at, at + 1));
		at++;
		start = at;
	}
	parts.push(Buffer.from(bytes.toString("utf8", start).toUpperCase()));
	return Buffer.concat(parts);
}

/** The length of the character there; 0 when it is none. */
function characterLength(bytes: Buffer, at: number): number {
	const length = lengthByLead(bytes[at] ?? 0);
	return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

/** How many bytes at the end are the beginning of a character that the next chunk may complete. */
function unfinishedLength(bytes: Buffer): number {
	for (let length = 1; length <= Math.min(3, bytes.length); length++) {
		const at = bytes.length - length;
		const lead = bytes[at] ?? 0;
		if ((lead & 0xc0) === 0x80) continue;
		return length < lengthByLead(lead) && mayContinue(lead, bytes[at + 1]) ? length : 0;
	}
	return 0;
}

/** How long a character with this first byte is; 0 for a byte that begins none. */
function lengthByLead(lead: number): number {
	if (lead < 0x80) return 1;
	if (lead < 0xc2) return 0;
	if (lead < 0xe0) return 2;
	if (lead < 0xf0) return 3;
	return lead < 0xf5 ? 4 : 0;
}

/** Whether the second byte, where it is there, keeps clear of overlong forms, surrogates and U+110000 on. */
function mayContinue(lead: number, second: number | undefined): boolean {
	if (second === undefined) return true;
	if (lead === 0xe0) return second >= 0xa0;
	if (lead === 0xed) return second < 0xa0;
	if (lead === 0xf0) return second >= 0x90;
	if (lead === 0xf4) return second < 0x90;
	return true;
}
