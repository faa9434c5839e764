/**
 * Addresses, networks, ports and protocols as a filter names them.
 */
import { formatInet4, packInet4, parseInet4 } from "../../address/inet4.js";
import { parseInet6 } from "../../address/inet6.js";
import { parseMac } from "../../address/mac.js";
import { FilterError } from "./error.js";
import type { Token } from "./lexer.js";
import { ethertypes, ipProtocols } from "./names.js";

/** Looks up the port of a service's name; undefined when there is none. */
export type ServicePort = (name: string, protocol: string | undefined) => number | undefined;

/** An address, and of what. */
export interface ReadAddress {
	readonly kind: "ip" | "ip6" | "ether";
	readonly address: Uint8Array;
}

/** A host's address. Names are not looked up. */
export function readAddress({ text, column }: Token, protocol: string | undefined): ReadAddress {
	const wanted =
		protocol === "ip6" ? "an IPv6 address" : protocol === "ether" ? "a hardware address" : "an address";
	if (protocol === "ether") {
		if (/^(?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}$/i.test(text))
			return { kind: "ether", address: parseMac(text) };
	} else {
		const four = parseInet4(text);
		if (four >= 0 && protocol !== "ip6") return { kind: "ip", address: packInet4(four) };
		const six = new Uint8Array(16);
		if (text.includes(":") && parseInet6(text, six) && (protocol === undefined || protocol === "ip6")) {
			return { kind: "ip6", address: six };
		}
	}
	throw new FilterError(`${JSON.stringify(text)} is not ${wanted}; names are not looked up`, column);
}

/** A network: `10`, `192.0.2.0/24`, `192.0.2.0 mask 255.255.255.0`, `2001:db8::/32`. */
export function readNet(
	token: Token,
	length: Token | undefined,
	mask: Token | undefined,
	protocol: string | undefined,
): { address: Uint8Array; mask: Uint8Array } {
	const { text, column } = token;
	const six = text.includes(":");
	let address: Uint8Array;
	let parts = 4;
	if (six) {
		address = new Uint8Array(16);
		if (!parseInet6(text, address)) throw new FilterError(`${JSON.stringify(text)} is not a network`, column);
		if (protocol !== undefined && protocol !== "ip6") {
			throw new FilterError(`an IPv6 network goes with ip6, not with ${protocol}`, column);
		}
	} else {
		const numbers = text.split(".");
		parts = numbers.length;
		const whole = parseInet4([...numbers, "0", "0", "0"].slice(0, 4).join("."));
		if (parts > 4 || whole < 0 || protocol === "ip6") {
			throw new FilterError(`${JSON.stringify(text)} is not a network; names are not looked up`, column);
		}
		address = packInet4(whole);
	}
	const bytes = maskOf(address.length, parts, length, mask);
	const stray = address.some((byte, index) => (byte & ~(bytes[index] as number)) !== 0);
	if (stray) {
		const kept = address.map((byte, index) => byte & (bytes[index] as number));
		const hint = six ? "" : `; the network is ${formatInet4(new DataView(kept.buffer).getUint32(0))}`;
		throw new FilterError(`${JSON.stringify(text)} has bits beyond its mask${hint}`, column);
	}
	return { address, mask: bytes };
}

/** @param parts how many bytes of an IPv4 network were given: these are its mask when nothing else is */
function maskOf(size: number, parts: number, length: Token | undefined, mask: Token | undefined): Uint8Array {
	if (mask !== undefined) {
		const value = parseInet4(mask.text);
		if (size !== 4 || value < 0) {
			const wanted = size === 4 ? "an IPv4 mask" : "for IPv6, which has a length: /64";
			throw new FilterError(`${JSON.stringify(mask.text)} is not ${wanted}`, mask.column);
		}
		return packInet4(value);
	}
	let bits = size === 4 ? parts * 8 : 128;
	if (length !== undefined) {
		bits = /^\d+$/.test(length.text) ? Number(length.text) : Number.NaN;
		if (!(bits <= size * 8)) {
			throw new FilterError(
				`a mask has at most ${size * 8} bits, not ${JSON.stringify(length.text)}`,
				length.column,
			);
		}
	}
	return Uint8Array.from(
		{ length: size },
		(_, index) => 0xff00 >> Math.min(Math.max(bits - index * 8, 0), 8),
	).map((byte) => byte & 255);
}

/** A port, by number or a service's name, or a range of them: `6000-6008`. */
export function readPorts(
	token: Token,
	type: "port" | "portrange",
	protocol: string | undefined,
	servicePort: ServicePort,
): [low: number, high: number] {
	const { text, column } = token;
	const one = (name: string): number | undefined =>
		/^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(name) ? Number(name) : servicePort(name, protocol);
	const whole = one(text);
	let range: [number, number] | undefined = whole === undefined ? undefined : [whole, whole];
	if (range === undefined && type === "portrange") {
		// A service's name may have hyphens too.
		for (let at = text.indexOf("-"); at >= 0 && range === undefined; at = text.indexOf("-", at + 1)) {
			const low = one(text.slice(0, at));
			const high = one(text.slice(at + 1));
			if (low !== undefined && high !== undefined) range = low <= high ? [low, high] : [high, low];
		}
	}
	if (range === undefined) {
		throw new FilterError(`${JSON.stringify(text)} is no port, and no service that is known`, column);
	}
	if (range[1] > 65535) throw new FilterError(`a port is at most 65535, not ${range[1]}`, column);
	return range;
}

/** The number of a protocol in a header. */
export function readProtocolNumber({ text, column }: Token, of: "ether" | "ip" | "ip6" | undefined): number {
	const most = of === "ether" ? 65535 : 255;
	const number = /^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(text)
		? Number(text)
		: (of === "ether" ? ethertypes : ipProtocols).get(text);
	if (number === undefined)
		throw new FilterError(`${JSON.stringify(text)} is no protocol that is known`, column);
	if (number > most) throw new FilterError(`the number is at most ${most}, not ${number}`, column);
	return number;
}
