/**
 * Version 2 of the PROXY protocol: a binary block.
 */
import { formatInet4, packInet4, parseInet4 } from "../../address/inet4.js";
import { formatInet6, parseInet6 } from "../../address/inet6.js";
import { decodeEscaped, encodeEscaped } from "../../address/surrogateescape.js";
import { SOCK_DGRAM, SOCK_STREAM } from "../../sys/linux/constants/types.js";
import { crc32c } from "./crc32c.js";
import { ProxyHeaderError } from "./error.js";
import { named, type PlacedTlv, PP2_TYPE_CRC32C, readTlvs, unnamed, writeTlvs } from "./tlv.js";
import type { ProxyAddress, ProxyHeader, ProxyHeaderFields, ProxyTlv } from "./types.js";

/** What the block begins with. */
export const signature2: Buffer = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");

const headSize = 16;
const LOCAL = 0x20;
const PROXY = 0x21;
// The families' numbers in here; 2 is AF_INET6.
const AF_INET = 1;
const AF_UNIX = 3;
const STREAM = 1;
const DGRAM = 2;
const longestPath = 108;

/** How many bytes the two addresses and their ports have, by family. */
const addressSizes = [0, 12, 36, 2 * longestPath] as const;

/**
 * How long the block is that begins with these bytes; undefined when that is still to come.
 * @throws ProxyHeaderError when they begin none
 */
export function sizeOf2(bytes: Buffer): number | undefined {
	const [command = LOCAL, family = 0] = bytes.subarray(signature2.length);
	if (command >> 4 !== 2) throw new ProxyHeaderError(`its version is ${command >> 4}, and must be 2`);
	if (command !== LOCAL && command !== PROXY) {
		throw new ProxyHeaderError(`its command is ${command & 15}, and must be LOCAL (0) or PROXY (1)`);
	}
	// The family of a connection of the proxy's own is to be ignored.
	if (command === PROXY && (family >> 4 > AF_UNIX || (family & 15) > DGRAM)) {
		throw new ProxyHeaderError(`nobody knows family ${family >> 4} with protocol ${family & 15}`);
	}
	return bytes.length < headSize ? undefined : headSize + bytes.readUInt16BE(14);
}

/** Reads a block, whose size sizeOf2() has told. */
export function parse2(bytes: Buffer): ProxyHeader {
	const isLocal = bytes[12] === LOCAL;
	const family = (bytes[13] as number) >> 4;
	const protocol = (bytes[13] as number) & 15;
	const unknown = { source: undefined, destination: undefined };
	const base = { version: 2, command: isLocal ? "LOCAL" : "PROXY", type: 0, ...unknown } as const;
	const nothing = { ...base, checksum: false, tlvs: [] };
	// Who sends a health check of its own may put there what it likes.
	if (isLocal) return nothing;
	if (family === 0 || protocol === 0) {
		// Addresses that are to be ignored may stand there, in front of values or without; alone they are values.
		const tlvs = bytes[13] === 0 ? readTlvs(bytes, headSize, bytes.length) : undefined;
		return tlvs === undefined ? nothing : { ...base, ...valuesOf(bytes, tlvs) };
	}
	const start = headSize + (addressSizes[family] as number);
	const tlvs = start > bytes.length ? undefined : readTlvs(bytes, start, bytes.length);
	if (tlvs === undefined) throw new ProxyHeaderError("what it says is longer than the header");
	const type = protocol === STREAM ? SOCK_STREAM : SOCK_DGRAM;
	return { ...base, type, ...endsOf(bytes, family), ...valuesOf(bytes, tlvs) };
}

/** The block for a connection. Both addresses are of one family. */
export function build2(fields: ProxyHeaderFields): Buffer {
	const { command = "PROXY", source, destination, checksum = false, tlvs = [] } = fields;
	const isLocal = command === "LOCAL";
	const hasAddresses = !isLocal && source !== undefined && destination !== undefined;
	const addresses = hasAddresses ? packed(source, destination) : Buffer.alloc(0);
	const type = hasAddresses ? (fields.type ?? SOCK_STREAM) : 0;
	const family = type === 0 ? 0 : addressSizes.indexOf(addresses.length as 12);
	const protocol = type === SOCK_STREAM ? STREAM : type === SOCK_DGRAM ? DGRAM : 0;

	const values = isLocal ? [] : [...unnamed(fields), ...tlvs];
	if (checksum && !isLocal && !values.some(({ type }) => type === PP2_TYPE_CRC32C)) {
		values.push({ type: PP2_TYPE_CRC32C, value: new Uint8Array(4) });
	}
	const body = Buffer.concat([
		type === 0 ? Buffer.alloc(0) : addresses,
		writeTlvs(values.map((tlv) => (tlv.type === PP2_TYPE_CRC32C ? zeroed : tlv))),
	]);
	if (body.length > 0xffff) {
		throw new RangeError(`a PROXY header has at most 65535 bytes behind its head, not ${body.length}`);
	}
	const head = Buffer.alloc(4);
	head.writeUInt8(isLocal ? LOCAL : PROXY, 0);
	head.writeUInt8((family << 4) | protocol, 1);
	head.writeUInt16BE(body.length, 2);
	const bytes = Buffer.concat([signature2, head, body]);
	const placed = readTlvs(bytes, bytes.length - sizeOfTlvs(values), bytes.length) ?? [];
	const sum = placed.find((tlv) => tlv.type === PP2_TYPE_CRC32C);
	if (sum !== undefined) bytes.writeUInt32BE(crc32c(bytes), sum.at);
	return bytes;
}

const zeroed: ProxyTlv = { type: PP2_TYPE_CRC32C, value: new Uint8Array(4) };

function sizeOfTlvs(tlvs: readonly ProxyTlv[]): number {
	return tlvs.reduce(
		(sum, { type, value }) => sum + 3 + (type === PP2_TYPE_CRC32C ? 4 : value.byteLength),
		0,
	);
}

function valuesOf(bytes: Buffer, placed: readonly PlacedTlv[]): Omit<ProxyHeader, keyof typeof nowhere> {
	const sums = placed.filter(({ type }) => type === PP2_TYPE_CRC32C);
	for (const { value, at } of sums) {
		if (sums.length > 1) throw new ProxyHeaderError("it has more than one checksum");
		if (value.byteLength !== 4) throw new ProxyHeaderError("its checksum has not 4 bytes");
		const whole = Buffer.from(bytes).fill(0, at, at + 4);
		if (bytes.readUInt32BE(at) !== crc32c(whole)) throw new ProxyHeaderError("its checksum is wrong");
	}
	const tlvs = placed.map(({ type, value }) => ({ type, value }));
	return { checksum: sums.length > 0, tlvs, ...named(tlvs) };
}

const nowhere = { version: 2, command: "PROXY", type: 0, source: undefined, destination: undefined } as const;

function endsOf(bytes: Buffer, family: number): Pick<ProxyHeader, "source" | "destination"> {
	if (family === AF_UNIX) {
		return {
			source: pathAt(bytes, headSize),
			destination: pathAt(bytes, headSize + longestPath),
		};
	}
	const size = family === AF_INET ? 4 : 16;
	const hostAt = (at: number): string =>
		family === AF_INET ? formatInet4(bytes.readUInt32BE(at)) : formatInet6(bytes, at);
	const ports = headSize + 2 * size;
	return {
		source: { host: hostAt(headSize), port: bytes.readUInt16BE(ports) },
		destination: { host: hostAt(headSize + size), port: bytes.readUInt16BE(ports + 2) },
	};
}

/** A path ends at its first NUL; a name in the abstract namespace, which begins with one, before the last ones. */
function pathAt(bytes: Buffer, start: number): string {
	let end = start + longestPath;
	if (bytes[start] === 0) {
		while (end > start && bytes[end - 1] === 0) end--;
	} else {
		const zero = bytes.indexOf(0, start);
		if (zero >= 0 && zero < end) end = zero;
	}
	return decodeEscaped(bytes, start, end);
}

function packed(source: ProxyAddress, destination: ProxyAddress): Buffer {
	if (typeof source === "string" || typeof destination === "string") {
		const bytes = Buffer.alloc(2 * longestPath);
		bytes.set(encodeEscaped(source as string), 0);
		bytes.set(encodeEscaped(destination as string), longestPath);
		return bytes;
	}
	const isInet6 = source.host.includes(":");
	const size = isInet6 ? 16 : 4;
	const bytes = Buffer.alloc(2 * size + 4);
	for (const [index, { host, port }] of [source, destination].entries()) {
		if (isInet6) parseInet6(host, bytes, index * size);
		else bytes.set(packInet4(parseInet4(host)), index * size);
		bytes.writeUInt16BE(port, 2 * size + 2 * index);
	}
	return bytes;
}
