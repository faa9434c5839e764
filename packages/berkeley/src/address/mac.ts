/**
 * Hardware addresses as text and as bytes.
 */
import { checkBytes, checkText } from "./bytes.js";

/**
 * The bytes of a hardware address: one to eight bytes in hexadecimal, one or two digits each, with `:` or
 * `-` between them (not both). A MAC address has six: `00:1b:21:aa:bb:cc`, `00-1B-21-AA-BB-CC`.
 * @throws RangeError when the text is none
 */
export function parseMac(text: string): Uint8Array {
	checkText(text, "a hardware address");
	const parts = text.split(text.includes("-") ? "-" : ":");
	if (parts.length > 8 || !parts.every((part) => /^[0-9a-f]{1,2}$/i.test(part))) {
		throw new RangeError(
			`not a hardware address: ${JSON.stringify(text)}; one looks like 00:1b:21:aa:bb:cc and has at most 8 bytes`,
		);
	}
	return Uint8Array.from(parts, (part) => Number.parseInt(part, 16));
}

/**
 * The text of a hardware address, lower case with colons: `00:1b:21:aa:bb:cc`. No bytes, which is what a
 * device without hardware addresses has, give "".
 * @throws RangeError when there are more than eight bytes
 */
export function formatMac(bytes: Uint8Array): string {
	checkBytes(bytes, "a hardware address");
	if (bytes.length > 8) throw new RangeError(`a hardware address has at most 8 bytes, not ${bytes.length}`);
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}
