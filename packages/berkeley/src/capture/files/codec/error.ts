/**
 * What is wrong with a file of captured packets: pure.
 */

/**
 * What is wrong: the file ends within something (`TRUNCATED`), a length or a value contradicts another or the format
 * (`MALFORMED`), it is no capture (`UNKNOWN_FORMAT`), something in it is longer than is taken (`TOO_LARGE`), or a
 * filter cannot be made for its link (`UNKNOWN_LINK`).
 */
export type CaptureFileErrorCode =
	| "TRUNCATED"
	| "MALFORMED"
	| "UNKNOWN_FORMAT"
	| "TOO_LARGE"
	| "UNKNOWN_LINK";

/** A file of captured packets cannot be read on. What came before has been given already. */
export class CaptureFileError extends Error {
	/** What is wrong, in one word. */
	readonly code: CaptureFileErrorCode;
	/** Where the block or record begins that cannot be read, in bytes from the file's first. */
	readonly offset: number;
	/** What was being read: "an enhanced packet block". */
	readonly reading: string;

	/** Made by the library, where a file cannot be read. */
	constructor(code: CaptureFileErrorCode, offset: number, reading: string, problem: string) {
		super(`${reading} at byte ${offset}: ${problem}`);
		this.code = code;
		this.offset = offset;
		this.reading = reading;
	}

	static {
		CaptureFileError.prototype.name = "CaptureFileError";
	}
}
