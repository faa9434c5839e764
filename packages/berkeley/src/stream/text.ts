/**
 * Bytes to text and back, a piece at a time.
 */
import { TextDecoder } from "node:util";
import { kindOf } from "../address/bytes.js";

/** What is done with bytes that are no text, and with text that has no bytes. */
export type TextErrors = "strict" | "replace";

/** Turns bytes that arrive in pieces into text. */
export interface Decoder {
	/** What could not be decoded; the text before it was given. Nothing is decoded after it. */
	readonly failure: Error | undefined;
	/** The text of the next piece; what is incomplete waits for the next. */
	decode(piece: Uint8Array): string;
	/** The text that was held back, when no more comes. */
	end(): string;
}

/** Turns text into bytes. */
export type Encode = (text: string) => Buffer;

const ownNames: Record<string, string> = {
	utf8: "utf-8",
	"utf-8": "utf-8",
	latin1: "latin1",
	"latin-1": "latin1",
	"iso-8859-1": "latin1",
	iso8859_1: "latin1",
	binary: "latin1",
	ascii: "ascii",
	"us-ascii": "ascii",
	utf16le: "utf-16le",
	"utf-16le": "utf-16le",
	"utf-16-le": "utf-16le",
	ucs2: "utf-16le",
	"ucs-2": "utf-16le",
};

/** The canonical name of an encoding. @throws RangeError for an unknown one */
export function checkEncoding(encoding: string): string {
	if (typeof encoding !== "string") {
		throw new TypeError(`encoding must be a string, not ${kindOf(encoding)}`);
	}
	const own = ownNames[encoding.toLowerCase()];
	if (own !== undefined) return own;
	try {
		return new TextDecoder(encoding).encoding;
	} catch {
		throw new RangeError(`encoding ${JSON.stringify(encoding)} is unknown to this runtime's TextDecoder`);
	}
}

/** A decoder for an encoding that checkEncoding() gave. */
export function makeDecoder(encoding: string, errors: TextErrors): Decoder {
	if (encoding === "latin1" || encoding === "ascii") return new SingleByteDecoder(encoding, errors);
	return encoding === "utf-8" ? new Utf8Decoder(errors) : new OtherDecoder(encoding, errors);
}

/** An encoder for an encoding that checkEncoding() gave. @throws RangeError where there is none */
export function makeEncoder(encoding: string, errors: TextErrors): Encode {
	const unencodable = unencodables[encoding];
	if (unencodable === undefined) {
		throw new RangeError(
			`encoding ${JSON.stringify(encoding)} can be read but not written; utf-8, utf-16le, latin1 and ascii can`,
		);
	}
	const bufferEncoding = encoding as BufferEncoding;
	return (text) => {
		if (!unencodable.test(text)) return Buffer.from(text, bufferEncoding);
		if (errors === "replace") {
			return Buffer.from(text.replace(new RegExp(unencodable, "gu"), "?"), bufferEncoding);
		}
		const found = unencodable.exec(text)?.[0] ?? "";
		const point = found.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
		throw new TypeError(`the character U+${point} has no bytes in ${encoding}; errors: "replace" writes "?"`);
	};
}

// With the u flag a surrogate matches only where it is not half of a pair.
const unencodables: Record<string, RegExp> = {
	"utf-8": /\p{Surrogate}/u,
	"utf-16le": /\p{Surrogate}/u,
	latin1: /[\u0100-\u{10ffff}]/u,
	ascii: /\P{ASCII}/u,
};

function invalid(encoding: string): Error {
	const error = new TypeError(
		`the bytes received are not ${encoding}; errors: "replace" reads them as U+FFFD`,
	);
	return Object.assign(error, { code: "ERR_ENCODING_INVALID_ENCODED_DATA" });
}

class SingleByteDecoder implements Decoder {
	failure: Error | undefined;
	readonly #encoding: string;
	readonly #errors: TextErrors;

	constructor(encoding: string, errors: TextErrors) {
		this.#encoding = encoding;
		this.#errors = errors;
	}

	decode(piece: Uint8Array): string {
		if (this.failure !== undefined) return "";
		const text = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1");
		if (this.#encoding === "latin1") return text;
		const bad = text.search(/\P{ASCII}/u);
		if (bad < 0) return text;
		if (this.#errors === "replace") return text.replace(/\P{ASCII}/gu, "\ufffd");
		this.failure = invalid(this.#encoding);
		return text.slice(0, bad);
	}

	end(): string {
		return "";
	}
}

class Utf8Decoder implements Decoder {
	failure: Error | undefined;
	readonly #decoder: TextDecoder;
	/** The bytes of a character that is not complete. */
	#partial: Uint8Array = new Uint8Array(0);

	constructor(errors: TextErrors) {
		this.#decoder = new TextDecoder("utf-8", { fatal: errors === "strict", ignoreBOM: true });
	}

	decode(piece: Uint8Array): string {
		if (this.failure !== undefined) return "";
		const bytes = this.#partial.byteLength === 0 ? piece : Buffer.concat([this.#partial, piece]);
		const end = completeLength(bytes);
		// A copy: the rest of the piece must not be kept in memory by its last bytes.
		this.#partial = bytes.slice(end);
		return this.#textOf(bytes.subarray(0, end));
	}

	end(): string {
		const rest = this.#partial;
		this.#partial = new Uint8Array(0);
		return this.failure === undefined ? this.#textOf(rest) : "";
	}

	#textOf(bytes: Uint8Array): string {
		try {
			return this.#decoder.decode(bytes);
		} catch {
			this.failure = invalid("utf-8");
			return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, validLength(bytes)));
		}
	}
}

/** How many bytes there are before a last character that may still become complete. */
function completeLength(bytes: Uint8Array): number {
	for (let back = 1; back <= 3 && back <= bytes.byteLength; back++) {
		const byte = bytes[bytes.byteLength - back] ?? 0;
		if (byte >= 0xc0) {
			const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
			return needed > back ? bytes.byteLength - back : bytes.byteLength;
		}
		if (byte < 0x80) break;
	}
	return bytes.byteLength;
}

/** How many bytes there are before the first that cannot belong to UTF-8 text. */
function validLength(bytes: Uint8Array): number {
	let valid = 0;
	let invalidAt = bytes.byteLength;
	while (invalidAt - valid > 1) {
		const middle = (valid + invalidAt) >> 1;
		try {
			// With `stream`, a character cut by the end is no error.
			new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
			valid = middle;
		} catch {
			invalidAt = middle;
		}
	}
	return completeLength(bytes.subarray(0, valid));
}

/** Any other encoding: an invalid piece fails as a whole. */
class OtherDecoder implements Decoder {
	failure: Error | undefined;
	readonly #encoding: string;
	readonly #decoder: TextDecoder;

	constructor(encoding: string, errors: TextErrors) {
		this.#encoding = encoding;
		this.#decoder = new TextDecoder(encoding, { fatal: errors === "strict", ignoreBOM: true });
	}

	decode(piece: Uint8Array): string {
		return this.#guarded(() => this.#decoder.decode(piece, { stream: true }));
	}

	end(): string {
		return this.#guarded(() => this.#decoder.decode());
	}

	#guarded(decode: () => string): string {
		if (this.failure !== undefined) return "";
		try {
			return decode();
		} catch {
			this.failure = invalid(this.#encoding);
			return "";
		}
	}
}
