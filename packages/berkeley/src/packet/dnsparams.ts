/**
 * The parameters of SVCB and HTTPS records: RFC 9460 section 7.
 */
import { checkBytes } from "../address/bytes.js";
import { inet4At, inet6At, putInet4, putInet6 } from "./addresses.js";
import { bits, copyOf, put16, u8, u16 } from "./bytes.js";
import type { Growing } from "./growing.js";
import { bytesOfText, textOrBytes } from "./text.js";

/** Which parameters must be understood. */
export interface MandatoryParam {
	/** Which parameter it is. */
	readonly key: "mandatory";
	/** Their numbers. */
	readonly keys: readonly number[];
}

/** The protocols that are spoken: "h2", "h3" … RFC 7301. */
export interface AlpnParam {
	/** Which parameter it is. */
	readonly key: "alpn";
	/** Their names. */
	readonly protocols: readonly (string | Uint8Array)[];
}

/** Only those of `alpn` are spoken. */
export interface NoDefaultAlpnParam {
	/** Which parameter it is. */
	readonly key: "noDefaultAlpn";
}

/** The port. */
export interface PortParam {
	/** Which parameter it is. */
	readonly key: "port";
	/** The port. */
	readonly port: number;
}

/** Addresses, to begin with. */
export interface AddressHintParam {
	/** Which parameter it is. */
	readonly key: "ipv4hint" | "ipv6hint";
	/** The addresses, of the family that the key says. */
	readonly addresses: readonly string[];
}

/** How a client's first message is encrypted. */
export interface EchParam {
	/** Which parameter it is. */
	readonly key: "ech";
	/** ECHConfigList. */
	readonly data: Uint8Array;
}

/** A parameter of another key, or one whose value is not as it should be. */
export interface UnknownParam {
	/** The key's number. */
	readonly key: number;
	/** The value as it is. */
	readonly data: Uint8Array;
}

/** A parameter of an SVCB or HTTPS record. */
export type SvcParam =
	| MandatoryParam
	| AlpnParam
	| NoDefaultAlpnParam
	| PortParam
	| AddressHintParam
	| EchParam
	| UnknownParam;

const numbers = {
	mandatory: 0,
	alpn: 1,
	noDefaultAlpn: 2,
	port: 3,
	ipv4hint: 4,
	ech: 5,
	ipv6hint: 6,
} as const;

/** Whether the bytes are a list of parameters. */
export function areSvcParams(bytes: Uint8Array, start: number, end: number): boolean {
	let at = start;
	while (at + 4 <= end) at += 4 + u16(bytes, at + 2);
	return at === end;
}

/** Reads the parameters, which areSvcParams(). */
export function readSvcParams(bytes: Uint8Array, start: number, end: number): SvcParam[] {
	const params: SvcParam[] = [];
	for (let at = start; at < end; ) {
		const key = u16(bytes, at);
		const from = at + 4;
		at = from + u16(bytes, at + 2);
		params.push(decode(key, bytes, from, at) ?? { key, data: copyOf(bytes, from, at) });
	}
	return params;
}

function decode(key: number, bytes: Uint8Array, start: number, end: number): SvcParam | undefined {
	const length = end - start;
	switch (key) {
		case numbers.mandatory: {
			if (length === 0 || length % 2 !== 0) return undefined;
			const keys: number[] = [];
			for (let at = start; at < end; at += 2) keys.push(u16(bytes, at));
			return { key: "mandatory", keys };
		}
		case numbers.alpn: {
			const protocols: (string | Uint8Array)[] = [];
			for (let at = start; at < end; at += u8(bytes, at) + 1) {
				const behind = at + u8(bytes, at) + 1;
				if (behind > end) return undefined;
				protocols.push(textOrBytes(bytes, at + 1, behind));
			}
			return { key: "alpn", protocols };
		}
		case numbers.noDefaultAlpn:
			return length === 0 ? { key: "noDefaultAlpn" } : undefined;
		case numbers.port:
			return length === 2 ? { key: "port", port: u16(bytes, start) } : undefined;
		case numbers.ipv4hint:
			return addresses("ipv4hint", bytes, start, end, 4);
		case numbers.ech:
			return { key: "ech", data: copyOf(bytes, start, end) };
		case numbers.ipv6hint:
			return addresses("ipv6hint", bytes, start, end, 16);
		default:
			return undefined;
	}
}

function addresses(
	key: AddressHintParam["key"],
	bytes: Uint8Array,
	start: number,
	end: number,
	size: number,
): SvcParam | undefined {
	if (start === end || (end - start) % size !== 0) return undefined;
	const list: string[] = [];
	for (let at = start; at < end; at += size) list.push(size === 4 ? inet4At(bytes, at) : inet6At(bytes, at));
	return { key, addresses: list };
}

/** Writes the parameters. */
export function writeSvcParams(params: readonly SvcParam[], out: Growing, field: string): void {
	params.forEach((param, index) => {
		const at = out.take(4);
		const name = `${field}[${index}]`;
		const key = typeof param.key === "string" ? numbers[param.key] : param.key;
		encode(param, out, name);
		put16(out.bytes, at, key, `${name}.key`);
		put16(out.bytes, at + 2, out.size - at - 4, `${name}'s length`);
	});
}

function encode(param: SvcParam, out: Growing, field: string): void {
	switch (param.key) {
		case "mandatory":
			for (const key of param.keys) out.u16(key, `${field}.keys`);
			break;
		case "alpn":
			for (const protocol of param.protocols) {
				const bytes = bytesOfText(protocol, `${field}.protocols`);
				out.u8(bytes.length, `how many bytes there are in ${field}.protocols`);
				out.put(bytes);
			}
			break;
		case "noDefaultAlpn":
			break;
		case "port":
			out.u16(param.port, `${field}.port`);
			break;
		case "ipv4hint":
		case "ipv6hint":
			for (const address of param.addresses) {
				const size = param.key === "ipv4hint" ? 4 : 16;
				const at = out.take(size);
				(size === 4 ? putInet4 : putInet6)(out.bytes, at, address, `${field}.addresses`);
			}
			break;
		default:
			if (typeof param.key === "number") bits(param.key, 16, `${field}.key`);
			checkBytes(param.data, `${field}.data`);
			out.put(param.data);
	}
}
