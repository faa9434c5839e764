/**
 * The form that options have in IPv4 and TCP headers: a kind, mostly a length, which counts the two of them too, and
 * data. RFC 791 section 3.1, RFC 9293 section 3.2.
 */
import { checkBytes, kindOf } from "../address/bytes.js";
import { bits, copyOf } from "./bytes.js";

/** The end of the list. */
export const END_OF_OPTIONS = 0;
/** One byte that means nothing. */
export const NO_OPERATION = 1;

/** Data that nothing more is known of. */
export interface UnknownOption {
	/** The option's number. */
	readonly kind: number;
	/** What follows its length. */
	readonly data: Uint8Array;
}

/** One byte that means nothing. */
export interface NoOperation {
	/** Which option it is. */
	readonly kind: "nop";
}

/** The end of the list. What follows it is kept where it is not what build() would put there: zeros. */
export interface EndOfOptions {
	/** Which option it is. */
	readonly kind: "end";
	/** What follows it. */
	readonly data?: Uint8Array;
}

/** The rest of a list whose next length is wrong. */
export interface MalformedOptions {
	/** Which option it is. */
	readonly kind: "malformed";
	/** All that is left. */
	readonly data: Uint8Array;
}

/** What every list of options may have in it. */
export type CommonOption = UnknownOption | NoOperation | EndOfOptions | MalformedOptions;

/**
 * Reads a list of options.
 * @param decode a known option from its kind and data; undefined for one that is unknown or not as it should be
 * @param malformed called with the offset at which a length is wrong
 */
export function readOptions<Known extends object>(
	bytes: Uint8Array,
	start: number,
	end: number,
	decode: (kind: number, bytes: Uint8Array, start: number, length: number) => Known | undefined,
	malformed?: (offset: number) => void,
): (Known | CommonOption)[] {
	const options: (Known | CommonOption)[] = [];
	let at = start;
	while (at < end) {
		const kind = bytes[at] as number;
		if (kind === END_OF_OPTIONS) {
			options.push(readEnd(bytes, start, at, end));
			break;
		}
		if (kind === NO_OPERATION) {
			options.push({ kind: "nop" });
			at++;
			continue;
		}
		const length = at + 1 < end ? (bytes[at + 1] as number) : 0;
		if (length < 2 || at + length > end) {
			malformed?.(at);
			options.push({ kind: "malformed", data: copyOf(bytes, at, end) });
			break;
		}
		const known = decode(kind, bytes, at + 2, length - 2);
		options.push(known ?? { kind, data: copyOf(bytes, at + 2, at + length) });
		at += length;
	}
	return options;
}

function readEnd(bytes: Uint8Array, start: number, at: number, end: number): EndOfOptions {
	const rest = bytes.subarray(at + 1, end);
	// As many zeros as fill the last word are nobody's.
	const filled = start + Math.ceil((at + 1 - start) / 4) * 4 === end;
	if (filled && rest.every((byte) => byte === 0)) return { kind: "end" };
	return { kind: "end", data: copyOf(rest) };
}

/** Requires a list of options. */
export function checkOptions(options: unknown, field: string): void {
	if (!Array.isArray(options)) throw new TypeError(`${field} must be an array, not ${kindOf(options)}`);
	for (const [index, option] of options.entries()) {
		if (typeof option !== "object" || option === null) {
			throw new TypeError(
				`${field}[${index}] must be an option such as { kind: "nop" }, not ${kindOf(option)}`,
			);
		}
	}
}

/** How many bytes a common option has. */
export function measureCommon(option: CommonOption, field: string): number {
	const { kind } = option;
	if (kind === "nop") return 1;
	if (kind === "end" && option.data === undefined) return 1;
	checkBytes(option.data, `${field}'s data`);
	if (kind === "end") return 1 + option.data.length;
	if (kind === "malformed") return option.data.length;
	bits(kind, 8, `${field}'s kind`);
	bits(option.data.length + 2, 8, `${field}'s length`);
	return option.data.length + 2;
}

/** Writes a common option; returns the offset behind it. */
export function writeCommon(option: CommonOption, bytes: Uint8Array, at: number): number {
	const { kind } = option;
	if (kind === "nop") {
		bytes[at] = NO_OPERATION;
		return at + 1;
	}
	if (kind === "end") {
		bytes[at] = END_OF_OPTIONS;
		if (option.data !== undefined) bytes.set(option.data, at + 1);
		return at + 1 + (option.data?.length ?? 0);
	}
	if (kind === "malformed") {
		bytes.set(option.data, at);
		return at + option.data.length;
	}
	bytes[at] = kind;
	bytes[at + 1] = option.data.length + 2;
	bytes.set(option.data, at + 2);
	return at + 2 + option.data.length;
}

/** A size as it is when it is filled up to whole words of four bytes. */
export function wholeWords(size: number): number {
	return (size + 3) & ~3;
}
