/**
 * What the user gives as data, sizes, flags and timeouts, checked before any system call.
 */
import { checkInteger, isBytes, kindOf } from "./address/bytes.js";

/** How an operation that may wait does so. */
export interface WaitOptions {
	/** Milliseconds; 0 does not wait, null waits without end. The socket's own timeout when left out. */
	timeout?: number | null | undefined;
	/**
	 * Aborts the wait: the operation rejects with the signal's reason, and the socket stays usable. A blocking
	 * operation looks at it only before it begins: nothing can abort it while it holds up the thread.
	 */
	signal?: AbortSignal | undefined;
}

/** How an operation that fills a buffer does so. */
export interface IntoOptions extends WaitOptions {
	/**
	 * How many bytes to receive at most, into the beginning of the buffer; 0, or when left out, as many as there is
	 * room for. The argument that Python has before the flags.
	 */
	nbytes?: number | undefined;
}

/** Data to send: text goes out as UTF-8. */
export type Bytes = string | ArrayBufferView | ArrayBuffer;

/** The bytes, without a copy unless they are text. */
export function toBytes(name: string, data: Bytes): Uint8Array {
	if (typeof data === "string") return Buffer.from(data);
	if (isBytes(data)) return data;
	if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
	if (data instanceof ArrayBuffer) return new Uint8Array(data);
	throw new TypeError(
		`${name} takes a string, a Buffer, a typed array or an ArrayBuffer, not ${kindOf(data)}`,
	);
}

const byteLength = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "byteLength")
	?.get as () => number;

/**
 * How many bytes there are in memory. What goes to the kernel with an address is this and not the property, which
 * an object or its class may have made into anything.
 */
export function sizeOf(bytes: Uint8Array): number {
	return Reflect.apply(byteLength, bytes, []);
}

/** Requires that a buffer is still as large as it was: it may be transferred or shrunk while an operation waits. */
export function checkSteady(name: string, actual: number, size: number): void {
	if (actual >= size) return;
	throw new TypeError(
		`${name}: the buffer had ${size} bytes and has ${actual} now: do not transfer or shrink it meanwhile`,
	);
}

/** A buffer to fill. */
export function toBuffer(name: string, buffer: ArrayBufferView | ArrayBuffer): Uint8Array {
	if (typeof buffer === "string")
		throw new TypeError(`${name} fills a Buffer or a typed array, not a string`);
	return toBytes(name, buffer);
}

/**
 * The part of a buffer that is to be filled.
 * @throws RangeError where the buffer is smaller than that
 */
export function toRoom(
	name: string,
	buffer: ArrayBufferView | ArrayBuffer,
	options: IntoOptions | undefined,
): Uint8Array {
	const whole = toBuffer(name, buffer);
	const nbytes = options?.nbytes;
	if (nbytes === undefined) return whole;
	checkInteger(nbytes, 0, sizeOf(whole), `${name}: nbytes`);
	return nbytes === 0 ? whole : whole.subarray(0, nbytes);
}

// The kernel moves at most this much in one call (MAX_RW_COUNT), and results are 32-bit.
const largestSize = 0x7ffff000;

/** A count of bytes: a whole number from 0 to 2147479552. */
export function checkSize(name: string, size: number): number {
	return checkInteger(size, 0, largestSize, name);
}

/** Flags: a 32-bit mask of MSG_ constants. */
export function checkFlags(name: string, flags: number): number {
	return checkInteger(flags, -0x80000000, 0xffffffff, `${name}: flags`) | 0;
}

/** How to wait: nothing, or an object whose signal, where it has one, is an AbortSignal. */
export function checkWaitOptions(options: WaitOptions | undefined): void {
	if (options === undefined || options === null) return;
	if (typeof options !== "object") {
		throw new TypeError(`the options must be { timeout, signal }, not ${kindOf(options)}`);
	}
	const { signal } = options;
	if (signal === undefined) return;
	if (typeof signal !== "object" || signal === null || typeof signal.throwIfAborted !== "function") {
		throw new TypeError(`signal must be an AbortSignal, not ${kindOf(signal)}`);
	}
}

/** A timeout: milliseconds, 0 not to wait, null to wait without end. */
export function checkTimeout(name: string, timeout: number | null): number | null {
	if (timeout === null) return timeout;
	if (typeof timeout !== "number" || Number.isNaN(timeout)) {
		throw new TypeError(`${name} must be a number of milliseconds or null, not ${kindOf(timeout)}`);
	}
	if (timeout < 0) throw new RangeError(`${name} must not be negative: ${timeout}`);
	return timeout === Number.POSITIVE_INFINITY ? null : timeout;
}
