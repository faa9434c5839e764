/**
 * Headers of the PROXY protocol, versions 1 and 2, to bytes and back: doc/proxy-protocol.txt of HAProxy.
 *
 * A proxy sends one in front of a connection that it passes on, and says so who the client is. Nothing is read or
 * sent in here; see reader.ts for that.
 */
import { checkBytes, checkInteger, kindOf } from "../../address/bytes.js";
import { parseInet4 } from "../../address/inet4.js";
import { parseInet6 } from "../../address/inet6.js";
import { encodeEscaped } from "../../address/surrogateescape.js";
import { SOCK_DGRAM, SOCK_STREAM } from "../../sys/linux/constants/types.js";
import { ProxyHeaderError } from "./error.js";
import type { ParsedProxyHeader, ProxyAddress, ProxyHeaderFields } from "./types.js";
import { build1, parse1, signature1, sizeOf1 } from "./v1.js";
import { build2, parse2, signature2, sizeOf2 } from "./v2.js";

/**
 * How many bytes the header has that these bytes begin with; undefined when more of it must come to tell: then all
 * of them are the header's.
 * @throws ProxyHeaderError as soon as it is clear that they begin no header
 */
export function proxyHeaderSize(bytes: Uint8Array): number | undefined {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const signature = buffer[0] === signature2[0] ? signature2 : signature1;
	const seen = Math.min(buffer.length, signature.length);
	if (buffer.compare(signature, 0, seen, 0, seen) !== 0) {
		throw new ProxyHeaderError(`what comes is none: ${shown(buffer)}`);
	}
	if (seen < signature.length) return undefined;
	return signature === signature1 ? sizeOf1(buffer) : sizeOf2(buffer);
}

/**
 * Reads the header, of either version, that bytes begin with.
 *
 * The addresses of a LOCAL header, and all that stands in it, are ignored, as are those of an unspecified family
 * or protocol; then `source` is undefined. A CRC-32C that is there must be right. Values (TLVs) without a name of
 * their own are in `tlvs`.
 * @returns the header and its size in bytes; undefined when it is not there yet as a whole
 * @throws ProxyHeaderError when it is malformed, or none
 */
export function parseProxyHeader(bytes: Uint8Array): ParsedProxyHeader | undefined {
	checkBytes(bytes, "parseProxyHeader: the header");
	const size = proxyHeaderSize(bytes);
	if (size === undefined || size > bytes.byteLength) return undefined;
	const whole = Buffer.from(bytes.buffer, bytes.byteOffset, size);
	return { header: whole[0] === signature1[0] ? parse1(whole) : parse2(whole), size };
}

/**
 * The bytes of a header, to be sent in front of everything else. It takes what parseProxyHeader() gives, too, and
 * makes the same bytes of it, but for what is ignored there.
 *
 * Version 1 has nothing but the addresses of a TCP connection: it is a "PROXY UNKNOWN" for any other.
 * @throws TypeError, RangeError for addresses of two families, host names, zones, and what is too long
 */
export function buildProxyHeader(fields: ProxyHeaderFields): Buffer {
	if (typeof fields !== "object" || fields === null) {
		throw new TypeError(`buildProxyHeader takes an object, not ${kindOf(fields)}`);
	}
	const { version = 2, command = "PROXY", type, source, destination } = fields;
	if (version !== 1 && version !== 2) throw new RangeError(`version must be 1 or 2, not ${String(version)}`);
	if (command !== "PROXY" && command !== "LOCAL") {
		throw new RangeError(`command must be "PROXY" or "LOCAL", not ${JSON.stringify(command)}`);
	}
	if (type !== undefined && type !== 0 && type !== SOCK_STREAM && type !== SOCK_DGRAM) {
		throw new RangeError(`type must be SOCK_STREAM, SOCK_DGRAM or 0, not ${String(type)}`);
	}
	if (familyOf("source", source) !== familyOf("destination", destination)) {
		throw new RangeError("source and destination must be of one family, or both be left out");
	}
	if (version === 2) {
		for (const tlv of fields.tlvs ?? []) {
			checkInteger(tlv.type, 0, 255, "the type of a value");
			checkBytes(tlv.value, "a value");
		}
		return build2(fields);
	}
	if (command === "LOCAL")
		throw new RangeError("version 1 has no LOCAL: leave the addresses out, or use version 2");
	const { alpn, authority, uniqueId, ssl, netns, checksum, tlvs = [] } = fields;
	const more = [alpn, authority, uniqueId, ssl, netns, checksum || undefined, tlvs[0]];
	if (more.some((value) => value !== undefined)) {
		throw new RangeError("version 1 has room for addresses alone: use version 2");
	}
	const isTcp = type === undefined || type === SOCK_STREAM;
	return isTcp ? build1(source, destination) : build1(undefined, undefined);
}

function familyOf(what: string, address: ProxyAddress | undefined): string {
	if (address === undefined) return "none";
	if (typeof address === "string") {
		const size = encodeEscaped(address).length;
		if (size <= 108) return "unix";
		throw new RangeError(`${what}: a path in a PROXY header has at most 108 bytes, not ${size}`);
	}
	if (typeof address !== "object" || address === null) {
		throw new TypeError(`${what} must be { host, port } or a path, not ${kindOf(address)}`);
	}
	checkInteger(address.port, 0, 0xffff, `${what}: port`);
	if (parseInet4(address.host) >= 0) return "inet";
	if (parseInet6(address.host, new Uint8Array(16))) return "inet6";
	throw new RangeError(
		`${what}: host must be a numeric address without a zone, not ${JSON.stringify(address.host)}`,
	);
}

function shown(buffer: Buffer): string {
	return JSON.stringify(buffer.toString("latin1", 0, 24));
}
