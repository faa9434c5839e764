/**
 * The addresses inside ancillary messages: a sockaddr somewhere in the data, or packed bytes from text.
 */
import { inetPton } from "../../address/inet.js";
import type { Address, Inet6Address } from "../../address/types.js";
import { AF_UNSPEC } from "../../sys/linux/constants/families.js";
import { decodeSockaddr } from "../../sys/sockaddr.js";

/** The sockaddr that the data are; undefined where it says that there is none (AF_UNSPEC). */
export function anySockaddr(data: Buffer): Address | undefined {
	if (data.length < 2 || data.readUInt16LE(0) === AF_UNSPEC) return undefined;
	return decodeSockaddr(data, data.length);
}

/** The sockaddr of an IP family at the start of the data; undefined where it is cut off or of another family. */
export function inetSockaddr(family: number, data: Buffer): Inet6Address | undefined {
	if (data.length < 2 || data.readUInt16LE(0) !== family) return undefined;
	const address = decodeSockaddr(data, data.length);
	return typeof address === "object" && "host" in address ? address : undefined;
}

/** The packed bytes of an IP address in text. The error for other text begins with `what`. */
export function packedAddress(what: string, family: number, text: string): Uint8Array {
	try {
		return inetPton(family, text);
	} catch (error) {
		const Misuse = error instanceof TypeError ? TypeError : RangeError;
		throw new Misuse(`${what}: ${error instanceof Error ? error.message : error}`);
	}
}
