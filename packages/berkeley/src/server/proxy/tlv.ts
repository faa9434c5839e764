/**
 * The type-length-values of a header of version 2.
 */
import { ProxyHeaderError } from "./error.js";
import type { ProxyHeaderFields, ProxySsl, ProxyTlv } from "./types.js";

const PP2_TYPE_ALPN = 0x01;
const PP2_TYPE_AUTHORITY = 0x02;
/** The checksum's. */
export const PP2_TYPE_CRC32C = 0x03;
const PP2_TYPE_UNIQUE_ID = 0x05;
const PP2_TYPE_SSL = 0x20;
const PP2_SUBTYPE_SSL_VERSION = 0x21;
const PP2_SUBTYPE_SSL_CN = 0x22;
const PP2_SUBTYPE_SSL_CIPHER = 0x23;
const PP2_SUBTYPE_SSL_SIG_ALG = 0x24;
const PP2_SUBTYPE_SSL_KEY_ALG = 0x25;
const PP2_TYPE_NETNS = 0x30;

const PP2_CLIENT_SSL = 0x01;
const PP2_CLIENT_CERT_CONN = 0x02;
const PP2_CLIENT_CERT_SESS = 0x04;

const overhead = 3;
const longestUniqueId = 128;
const sslHead = 5;

/** One value, and where in the header it stands. */
export interface PlacedTlv extends ProxyTlv {
	/** The index of the first byte of the value. */
	readonly at: number;
}

/** What stands between two indexes; undefined when it does not come out even. */
export function readTlvs(bytes: Buffer, start: number, end: number): PlacedTlv[] | undefined {
	const found: PlacedTlv[] = [];
	let at = start;
	while (at < end) {
		if (at + overhead > end) return undefined;
		const type = bytes.readUInt8(at);
		const size = bytes.readUInt16BE(at + 1);
		at += overhead;
		if (at + size > end) return undefined;
		found.push({ type, value: Buffer.from(bytes.subarray(at, at + size)), at });
		at += size;
	}
	return found;
}

/** The bytes of values one after another. */
export function writeTlvs(tlvs: readonly ProxyTlv[]): Buffer {
	return Buffer.concat(
		tlvs.flatMap(({ type, value }) => {
			if (value.byteLength > 0xffff) {
				throw new RangeError(`a value of a PROXY header has at most 65535 bytes, not ${value.byteLength}`);
			}
			const head = Buffer.alloc(overhead);
			head.writeUInt8(type, 0);
			head.writeUInt16BE(value.byteLength, 1);
			return [head, value];
		}),
	);
}

type Named = Pick<ProxyHeaderFields, "alpn" | "authority" | "uniqueId" | "ssl" | "netns">;
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What the values say that have a name of their own; of several of a type it is the first. */
export function named(tlvs: readonly ProxyTlv[]): Named {
	const fields: Writable<Named> = {};
	for (const { type, value } of tlvs) {
		const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
		if (type === PP2_TYPE_ALPN) fields.alpn ??= bytes.toString();
		else if (type === PP2_TYPE_AUTHORITY) fields.authority ??= bytes.toString();
		else if (type === PP2_TYPE_NETNS) fields.netns ??= bytes.toString();
		else if (type === PP2_TYPE_SSL) fields.ssl ??= readSsl(bytes);
		else if (type === PP2_TYPE_UNIQUE_ID) {
			if (value.byteLength > longestUniqueId) {
				throw new ProxyHeaderError(`its unique id has ${value.byteLength} bytes, and may have 128`);
			}
			fields.uniqueId ??= value;
		}
	}
	return fields;
}

/** The values for what has a name, but for those that are in `tlvs` already. */
export function unnamed(fields: ProxyHeaderFields): ProxyTlv[] {
	const { alpn, authority, uniqueId, ssl, netns, tlvs = [] } = fields;
	const texts = [
		[PP2_TYPE_ALPN, alpn],
		[PP2_TYPE_AUTHORITY, authority],
		[PP2_TYPE_NETNS, netns],
	] as const;
	const made: ProxyTlv[] = [];
	for (const [type, text] of texts) if (text !== undefined) made.push({ type, value: Buffer.from(text) });
	if (uniqueId !== undefined) {
		if (uniqueId.byteLength > longestUniqueId) {
			throw new RangeError(
				`the unique id of a PROXY header has at most 128 bytes, not ${uniqueId.byteLength}`,
			);
		}
		made.push({ type: PP2_TYPE_UNIQUE_ID, value: uniqueId });
	}
	if (ssl !== undefined) made.push({ type: PP2_TYPE_SSL, value: writeSsl(ssl) });
	return made.filter(({ type }) => !tlvs.some((tlv) => tlv.type === type));
}

const sslTexts = [
	[PP2_SUBTYPE_SSL_VERSION, "version"],
	[PP2_SUBTYPE_SSL_CN, "commonName"],
	[PP2_SUBTYPE_SSL_CIPHER, "cipher"],
	[PP2_SUBTYPE_SSL_SIG_ALG, "signatureAlgorithm"],
	[PP2_SUBTYPE_SSL_KEY_ALG, "keyAlgorithm"],
] as const;

function readSsl(bytes: Buffer): ProxySsl {
	const placed = bytes.length < sslHead ? undefined : readTlvs(bytes, sslHead, bytes.length);
	if (placed === undefined) throw new ProxyHeaderError("what it says of TLS is cut off");
	const client = bytes.readUInt8(0);
	const tlvs = placed.map(({ type, value }) => ({ type, value }));
	const ssl: Writable<ProxySsl> = {
		tls: (client & PP2_CLIENT_SSL) !== 0,
		certificateOnConnection: (client & PP2_CLIENT_CERT_CONN) !== 0,
		certificateInSession: (client & PP2_CLIENT_CERT_SESS) !== 0,
		verify: bytes.readUInt32BE(1),
		verified: (client & (PP2_CLIENT_CERT_CONN | PP2_CLIENT_CERT_SESS)) !== 0 && bytes.readUInt32BE(1) === 0,
		tlvs,
	};
	for (const [type, name] of sslTexts) {
		const tlv = tlvs.find((each) => each.type === type);
		if (tlv !== undefined) ssl[name] = Buffer.from(tlv.value).toString();
	}
	return ssl;
}

function writeSsl(ssl: ProxySsl): Buffer {
	const { tlvs = [] } = ssl;
	const head = Buffer.alloc(sslHead);
	head.writeUInt8(
		(ssl.tls ? PP2_CLIENT_SSL : 0) |
			(ssl.certificateOnConnection ? PP2_CLIENT_CERT_CONN : 0) |
			(ssl.certificateInSession ? PP2_CLIENT_CERT_SESS : 0),
	);
	head.writeUInt32BE(ssl.verify, 1);
	const made: ProxyTlv[] = [];
	for (const [type, name] of sslTexts) {
		const text = ssl[name];
		if (text !== undefined && !tlvs.some((tlv) => tlv.type === type)) {
			made.push({ type, value: Buffer.from(text) });
		}
	}
	return Buffer.concat([head, writeTlvs([...made, ...tlvs])]);
}
