/**
 * NetBIOS name service (RFC 1002 section 4.2.17): a node status request for every name, which is written "*".
 */
import { randomInt } from "node:crypto";
import { bytes, printable, u16 } from "./bytes.js";
import type { Payload } from "./payload.js";

const NBSTAT = 0x21;
const IN = 1;

/** A name of 16 bytes, each written as two letters (RFC 1001 section 14.1). */
function firstLevel(name: string): string {
	return [...Buffer.from(name.padEnd(16, "\0"))]
		.map((byte) => String.fromCharCode(65 + (byte >> 4), 65 + (byte & 15)))
		.join("");
}

export const netbios: Payload = {
	name: "NetBIOS name service",
	ports: [137],
	prepare() {
		const id = randomInt(0x10000);
		const name = bytes(32, firstLevel("*"), 0);
		return {
			requests: [bytes(u16(id), u16(0), u16(1), u16(0), u16(0), u16(0), name, u16(NBSTAT), u16(IN))],
			recognize(reply) {
				if (reply.readUInt16BE(0) !== id || (reply.readUInt8(2) & 0x80) === 0) return undefined;
				// The name comes back; behind it stand type, class, time to live, length and the number of names.
				const at = 12 + name.length;
				if (reply.readUInt16BE(at) !== NBSTAT) return undefined;
				const names: string[] = [];
				for (let index = 0; index < reply.readUInt8(at + 10); index++) {
					const start = at + 11 + index * 18;
					const suffix = reply.readUInt8(start + 15);
					const text = printable(reply.subarray(start, start + 15));
					names.push(`${text}<${suffix.toString(16).padStart(2, "0")}>`);
				}
				return `names ${printable(names.join(" "))}`;
			},
		};
	},
};
