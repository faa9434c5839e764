/**
 * What the look-ups take, checked before anything is asked: TypeError and RangeError.
 */
import { domainToASCII } from "node:url";
import { checkInteger, checkText } from "../address/bytes.js";

/** Requires an integer that fits a C int. */
export function checkInt(value: unknown, what: string): void {
	checkInteger(value, -0x80000000, 0x7fffffff, what);
}

/** Requires a string that C can be given. */
export function checkCText(value: unknown, what: string): asserts value is string {
	checkText(value, what);
	if (value.includes("\0")) throw new TypeError(`${what} must not contain a NUL: ${JSON.stringify(value)}`);
}

/**
 * A host name as name servers know it. One that is not ASCII is put into its IDNA form (RFC 5891, UTS 46):
 * "bücher.example" becomes "xn--bcher-kva.example".
 */
export function hostText(host: unknown): string {
	checkCText(host, "the host");
	// Pure ASCII stays as it is, even where the URL standard would change it: "127.1", "HOST", "a_b".
	// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins there
	if (/^[\x00-\x7f]*$/.test(host)) return host;
	const ascii = domainToASCII(host);
	// The URL standard's forbidden code points: some runtimes do not look for them.
	if (ascii === "" || /[\s#%/:<>?@[\\\]^|]/.test(ascii))
		throw new TypeError(`the host ${JSON.stringify(host)} is no valid international name`);
	return ascii;
}

/** A port as the text that getaddrinfo takes, or a service's name. */
export function serviceText(port: number | string): string {
	if (typeof port === "number") {
		checkInteger(port, 0, 65535, "the port");
		return String(port);
	}
	checkCText(port, "the port");
	// The C library would cut a larger number down to 16 bits without a word.
	if (/^\d+$/.test(port)) checkInteger(Number(port), 0, 65535, "the port");
	return port;
}
