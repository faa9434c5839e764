/**
 * The records of name resolution blocks. draft-ietf-opsawg-pcapng, section 4.5.
 */
import { checkBytes, checkInteger } from "../../../address/bytes.js";
import { formatInet4 } from "../../../address/inet4.js";
import { formatInet6 } from "../../../address/inet6.js";
import { text, viewOf } from "./options.js";
import { inet4, inet6 } from "./tables.js";
import type { NamedAddress, NameRecord } from "./values.js";

/** What a record says; the record itself where it is for no IP address, or not as it should be. */
export function readNameRecord(type: number, bytes: Uint8Array): NamedAddress | NameRecord {
	const other = { type, bytes };
	const size = type === 1 ? 4 : type === 2 ? 16 : 0;
	if (size === 0 || bytes.length <= size || bytes[bytes.length - 1] !== 0) return other;
	const joined = text.read(bytes.subarray(size, bytes.length - 1), true);
	if (typeof joined !== "string") return other;
	const address = size === 4 ? formatInet4(viewOf(bytes).getUint32(0)) : formatInet6(bytes);
	return { address, names: joined.split("\0") };
}

/** The bytes of a record, and its type. */
export function writeNameRecord(record: NamedAddress | NameRecord): NameRecord {
	const made = "address" in record ? recordOf(record) : record;
	checkInteger(made.type, 1, 0xffff, "the type of a record of names");
	checkBytes(made.bytes, "the bytes of a record of names");
	const { length } = made.bytes;
	if (length > 0xffff) throw new RangeError(`a record of names has at most 65535 bytes, not ${length}`);
	return made;
}

function recordOf({ address, names }: NamedAddress): NameRecord {
	const is6 = typeof address === "string" && address.includes(":");
	const place = is6 ? inet6(address, "address") : inet4(address, "address");
	if (!Array.isArray(names) || names.length === 0) {
		throw new TypeError("names must be an array of one at least");
	}
	const bytes: number[] = [...place];
	for (const name of names as readonly string[]) {
		if (`${name}`.includes("\0")) throw new RangeError("a name has no byte of zero in it");
		for (const byte of text.write(name, true, "a name")) bytes.push(byte);
		bytes.push(0);
	}
	return { type: is6 ? 2 : 1, bytes: Uint8Array.from(bytes) };
}
