/**
 * What reports of multicast groups list, for IPv4 and IPv6 alike: RFC 3376 section 4.2.4, RFC 3810 section 5.2.4.
 */
import { checkBytes } from "../address/bytes.js";
import { inet4At, inet6At, putInet4, putInet6 } from "./addresses.js";
import { bits, copyOf, put8, put16, u8, u16 } from "./bytes.js";

/** What a host wants of a multicast group. Its lengths are computed. */
export interface GroupRecord {
	/** 1, 2: only, all but these sources; 3, 4: changed to that; 5, 6: these sources are wanted, not wanted any more. */
	readonly type: number;
	/** The group. */
	readonly multicastAddress: string;
	/** Senders; none when left out. */
	readonly sources?: readonly string[];
	/** Data that nothing is known of: whole words of four bytes; none when left out. */
	readonly auxiliaryData?: Uint8Array;
}

/** The size of an address: 4 for IPv4, 16 for IPv6. */
export type AddressSize = 4 | 16;

/** Behind the record at an offset; -1 where not all of it is there. */
function behind(bytes: Uint8Array, at: number, end: number, size: AddressSize): number {
	if (at + 4 + size > end) return -1;
	const next = at + 4 + size + u16(bytes, at + 2) * size + u8(bytes, at + 1) * 4;
	return next > end ? -1 : next;
}

/** How many of `count` records are there as a whole. */
export function wholeRecords(
	bytes: Uint8Array,
	start: number,
	end: number,
	count: number,
	size: AddressSize,
): number {
	let at = start;
	for (let index = 0; index < count; index++) {
		at = behind(bytes, at, end, size);
		if (at < 0) return index;
	}
	return count;
}

/** Behind the last of `count` records, all of which are there. */
export function recordsEnd(bytes: Uint8Array, start: number, count: number, size: AddressSize): number {
	let at = start;
	for (let index = 0; index < count; index++) at = behind(bytes, at, bytes.length, size);
	return at;
}

/** Reads the records up to `end`, where the last one ends. */
export function readRecords(bytes: Uint8Array, start: number, end: number, size: AddressSize): GroupRecord[] {
	const records: GroupRecord[] = [];
	for (let at = start; at < end; ) {
		const next = behind(bytes, at, end, size);
		const aux = u8(bytes, at + 1) * 4;
		const record = {
			type: u8(bytes, at),
			multicastAddress: addressAt(bytes, at + 4, size),
			sources: readAddresses(bytes, at + 4 + size, next - aux, size),
		};
		records.push(aux > 0 ? { ...record, auxiliaryData: copyOf(bytes, next - aux, next) } : record);
		at = next;
	}
	return records;
}

function addressAt(bytes: Uint8Array, at: number, size: AddressSize): string {
	return size === 4 ? inet4At(bytes, at) : inet6At(bytes, at);
}

/** Reads addresses, one behind the other. */
export function readAddresses(bytes: Uint8Array, start: number, end: number, size: AddressSize): string[] {
	const addresses: string[] = [];
	for (let at = start; at < end; at += size) addresses.push(addressAt(bytes, at, size));
	return addresses;
}

/** How many bytes records take. */
export function measureRecords(records: readonly GroupRecord[], size: AddressSize, layer: string): number {
	let sum = 0;
	for (const { sources = [], auxiliaryData } of records) {
		bits(sources.length, 16, `the number of sources in a record of ${layer}.records`);
		sum += 4 + size + sources.length * size;
		if (auxiliaryData === undefined) continue;
		const name = `the auxiliaryData in a record of ${layer}.records`;
		checkBytes(auxiliaryData, name);
		const { length } = auxiliaryData;
		if (length % 4 !== 0 || length > 1020) {
			throw new RangeError(`${name} must have 0 to 1020 bytes, a multiple of 4, not ${length}`);
		}
		sum += length;
	}
	return sum;
}

/** Writes records. */
export function writeRecords(
	records: readonly GroupRecord[],
	bytes: Uint8Array,
	start: number,
	size: AddressSize,
	layer: string,
): void {
	let at = start;
	for (const { type, multicastAddress, sources = [], auxiliaryData } of records) {
		put8(bytes, at, type, `the type of a record of ${layer}.records`);
		bytes[at + 1] = (auxiliaryData?.length ?? 0) / 4;
		put16(bytes, at + 2, sources.length, `the number of sources in a record of ${layer}.records`);
		writeAddresses(
			[multicastAddress],
			bytes,
			at + 4,
			size,
			`the multicastAddress of a record of ${layer}.records`,
		);
		at = writeAddresses(sources, bytes, at + 4 + size, size, `the sources of a record of ${layer}.records`);
		if (auxiliaryData !== undefined) {
			bytes.set(auxiliaryData, at);
			at += auxiliaryData.length;
		}
	}
}

/** Writes addresses, one behind the other; returns the offset behind the last. */
export function writeAddresses(
	addresses: readonly string[],
	bytes: Uint8Array,
	start: number,
	size: AddressSize,
	field: string,
): number {
	let at = start;
	for (const address of addresses) {
		if (size === 4) putInet4(bytes, at, address, field);
		else putInet6(bytes, at, address, field);
		at += size;
	}
	return at;
}
