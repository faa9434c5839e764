/**
 * The options of pcapng's blocks, by their numbers. draft-ietf-opsawg-pcapng, sections 4.1 to 4.7.
 */
import { kindOf } from "../../../address/bytes.js";
import { formatInet4, packInet4, parseInet4 } from "../../../address/inet4.js";
import { formatInet6, parseInet6 } from "../../../address/inet6.js";
import { formatMac, parseMac } from "../../../address/mac.js";
import { checkedCopy, identifier, type OptionKind, OptionTable, text, unsigned, viewOf } from "./options.js";
import type { TimestampResolution } from "./timestamps.js";

/** if_tsresol: the highest bit is the base. */
const resolution: OptionKind = {
	read(bytes) {
		if (bytes.length !== 1) return undefined;
		const byte = bytes[0] as number;
		return { base: byte & 0x80 ? 2 : 10, exponent: byte & 0x7f };
	},
	write(value, _little, what) {
		const { base, exponent } = (value ?? {}) as Partial<TimestampResolution>;
		if ((base !== 2 && base !== 10) || !Number.isInteger(exponent) || Number(exponent) >>> 7 !== 0) {
			throw new RangeError(`${what} must be { base: 10 or 2, exponent: 0 to 127 }, not ${kindOf(value)}`);
		}
		return Uint8Array.of((base === 2 ? 0x80 : 0) | Number(exponent));
	},
};

/** if_tsoffset: 64 bits with a sign. */
const seconds: OptionKind = {
	read(bytes, little) {
		if (bytes.length !== 8) return undefined;
		const value = Number(viewOf(bytes).getBigInt64(0, little));
		return Number.isSafeInteger(value) ? value : undefined;
	},
	write(value, little, what) {
		if (!Number.isSafeInteger(value))
			throw new RangeError(`${what} must be an integer, not ${String(value)}`);
		const bytes = new Uint8Array(8);
		viewOf(bytes).setBigInt64(0, BigInt(value as number), little);
		return bytes;
	},
};

/** if_filter: a byte says whether text follows or a program. */
const filter: OptionKind = {
	read(bytes, little) {
		if (bytes[0] === 0) return text.read(bytes.subarray(1), little);
		return bytes[0] === 1 ? bytes.slice(1) : undefined;
	},
	write(value, little, what) {
		const isText = typeof value === "string";
		const rest = isText ? text.write(value, little, what) : checkedCopy(value, what);
		return Uint8Array.of(isText ? 0 : 1, ...rest);
	},
};

const ipv4: OptionKind = {
	read(bytes) {
		if (bytes.length !== 8) return undefined;
		const view = viewOf(bytes);
		return { address: formatInet4(view.getUint32(0)), netmask: formatInet4(view.getUint32(4)) };
	},
	write(value, _little, what) {
		const { address, netmask } = (value ?? {}) as { address?: unknown; netmask?: unknown };
		return Uint8Array.of(...inet4(address, `${what}.address`), ...inet4(netmask, `${what}.netmask`));
	},
};

const ipv6: OptionKind = {
	read(bytes) {
		if (bytes.length !== 17) return undefined;
		return { address: formatInet6(bytes), prefixLength: bytes[16] };
	},
	write(value, little, what) {
		const { address, prefixLength } = (value ?? {}) as { address?: unknown; prefixLength?: unknown };
		const length = unsigned(1).write(prefixLength, little, `${what}.prefixLength`);
		return Uint8Array.of(...inet6(address, `${what}.address`), ...length);
	},
};

function hardwareAddress(size: number): OptionKind {
	return {
		read(bytes) {
			return bytes.length === size ? formatMac(bytes) : undefined;
		},
		write(value, _little, what) {
			const bytes = parseMac(value as string);
			if (bytes.length === size) return bytes;
			throw new RangeError(`${what} must have ${size} bytes, not ${bytes.length}`);
		},
	};
}

/** epb_verdict: a byte for the kind, and what it said. */
const verdict: OptionKind = {
	read(bytes) {
		return bytes.length > 0 ? { kind: bytes[0], bytes: bytes.slice(1) } : undefined;
	},
	write(value, little, what) {
		const { kind, bytes } = (value ?? {}) as { kind?: unknown; bytes?: unknown };
		const first = unsigned(1).write(kind, little, `${what}.kind`);
		return Uint8Array.of(...first, ...checkedCopy(bytes, `${what}.bytes`));
	},
};

/** A time in the interface's unit, its upper half first. Who knows the interface converts it. */
const time: OptionKind = {
	read(bytes, little) {
		if (bytes.length !== 8) return undefined;
		const view = viewOf(bytes);
		return { high: view.getUint32(0, little), low: view.getUint32(4, little) };
	},
	write: (value) => checkedCopy(value, "a time"),
};

/** The four bytes of an IPv4 address. */
export function inet4(value: unknown, what: string): Uint8Array {
	const number = typeof value === "string" ? parseInet4(value) : -1;
	if (number < 0) throw new RangeError(`${what} must be an IPv4 address, not ${describe(value)}`);
	return packInet4(number);
}

/** The sixteen bytes of an IPv6 address. */
export function inet6(value: unknown, what: string): Uint8Array {
	const bytes = new Uint8Array(16);
	if (typeof value === "string" && parseInet6(value, bytes)) return bytes;
	throw new RangeError(`${what} must be an IPv6 address, not ${describe(value)}`);
}

function describe(value: unknown): string {
	return typeof value === "string" ? JSON.stringify(value) : kindOf(value);
}

/** Of a section header. */
export const sectionOptions: OptionTable = new OptionTable([
	{ code: 2, name: "hardware", kind: text },
	{ code: 3, name: "os", kind: text },
	{ code: 4, name: "application", kind: text },
]);

/** Of an interface description. */
export const interfaceOptions: OptionTable = new OptionTable([
	{ code: 2, name: "name", kind: text },
	{ code: 3, name: "description", kind: text },
	{ code: 4, name: "ipv4", kind: ipv4, many: true },
	{ code: 5, name: "ipv6", kind: ipv6, many: true },
	{ code: 6, name: "mac", kind: hardwareAddress(6) },
	{ code: 7, name: "eui64", kind: hardwareAddress(8) },
	{ code: 8, name: "speed", kind: unsigned(8) },
	{ code: 9, name: "resolution", kind: resolution },
	{ code: 10, name: "timeZone", kind: unsigned(4) },
	{ code: 11, name: "filter", kind: filter },
	{ code: 12, name: "os", kind: text },
	{ code: 13, name: "fcsLength", kind: unsigned(1) },
	{ code: 14, name: "timestampOffset", kind: seconds },
	{ code: 15, name: "hardware", kind: text },
	{ code: 16, name: "transmitSpeed", kind: unsigned(8) },
	{ code: 17, name: "receiveSpeed", kind: unsigned(8) },
	{ code: 18, name: "timeZoneName", kind: text },
]);

/** Of an enhanced packet, and of an obsolete one, which has the first of them. */
export const packetOptions: OptionTable = new OptionTable([
	{ code: 2, name: "flags", kind: unsigned(4) },
	{ code: 4, name: "dropCount", kind: unsigned(8) },
	{ code: 5, name: "packetId", kind: identifier },
	{ code: 6, name: "queue", kind: unsigned(4) },
	{ code: 7, name: "verdicts", kind: verdict, many: true },
]);

/** Of interface statistics. */
export const statisticsOptions: OptionTable = new OptionTable([
	{ code: 2, name: "begin", kind: time },
	{ code: 3, name: "end", kind: time },
	{ code: 4, name: "received", kind: unsigned(8) },
	{ code: 5, name: "dropped", kind: unsigned(8) },
	{ code: 6, name: "accepted", kind: unsigned(8) },
	{ code: 7, name: "droppedByOs", kind: unsigned(8) },
	{ code: 8, name: "delivered", kind: unsigned(8) },
]);

/** Of name resolution. */
export const nameOptions: OptionTable = new OptionTable([
	{ code: 2, name: "serverName", kind: text },
	{ code: 3, name: "serverIpv4", kind: address4() },
	{ code: 4, name: "serverIpv6", kind: address6() },
]);

/** Of blocks that have comments only. */
export const commentOptions: OptionTable = new OptionTable([]);

function address4(): OptionKind {
	return {
		read: (bytes) => (bytes.length === 4 ? formatInet4(viewOf(bytes).getUint32(0)) : undefined),
		write: (value, _little, what) => inet4(value, what),
	};
}

function address6(): OptionKind {
	return {
		read: (bytes) => (bytes.length === 16 ? formatInet6(bytes) : undefined),
		write: (value, _little, what) => inet6(value, what),
	};
}
