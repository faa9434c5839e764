/**
 * The checksums of what lies on IP, which cover a part of the IP header too: RFC 9293 section 3.1, RFC 8200
 * section 8.1.
 */
import { addWords, complement } from "./checksum.js";
import type { Located } from "./layer.js";

/**
 * The sum of the pseudo-header's words; undefined where no IP header is around.
 * @param inside the header that has the checksum
 * @param number its protocol number
 * @param length how many bytes the checksum covers: header and payload
 */
export function pseudoHeaderSum(inside: Located, number: number, length: number): number | undefined {
	let destination: number | undefined;
	for (let outer = inside.outer; outer !== undefined; outer = outer.outer) {
		const { bytes, start } = outer;
		// A routing header has the last destination, while the IPv6 header has the next.
		if (outer.layer === "ipv6Routing") destination = finalDestination(bytes, start);
		if (outer.layer === "ipv4") return addWords(bytes, start + 12, start + 20, number + length);
		if (outer.layer === "ipv6") {
			const target = destination ?? start + 24;
			const sum = addWords(
				bytes,
				start + 8,
				start + 24,
				number + Math.floor(length / 0x10000) + (length & 0xffff),
			);
			return addWords(bytes, target, target + 16, sum);
		}
	}
	return undefined;
}

/** Where the last address of a routing header stands, if it has one to go: of type 0, 2 or 4 (RFC 8754). */
function finalDestination(bytes: Uint8Array, start: number): number | undefined {
	const type = bytes[start + 2] as number;
	const left = bytes[start + 3] as number;
	const words = bytes[start + 1] as number;
	if (left === 0 || words < 2) return undefined;
	if (type === 0 || type === 2) return start + 8 + (Math.floor(words / 2) - 1) * 16;
	// A segment routing header has its segments in reverse order.
	return type === 4 ? start + 8 : undefined;
}

/** The checksum of header and payload, as it must be, where the field itself is 0; or 0 where it is right. */
export function transportChecksum(inside: Located, number: number, end: number): number | undefined {
	const { bytes, start } = inside;
	const sum = pseudoHeaderSum(inside, number, end - start);
	return sum === undefined ? undefined : complement(addWords(bytes, start, end, sum));
}
