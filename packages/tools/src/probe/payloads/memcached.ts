/**
 * memcached over UDP (its doc/protocol.txt, "UDP protocol"): `version`, behind a frame header of 8 bytes. What it
 * stores is not looked at.
 */
import { randomInt } from "node:crypto";
import { bytes, printable, u16 } from "./bytes.js";
import type { Payload } from "./payload.js";

export const memcached: Payload = {
	name: "memcached",
	ports: [11211],
	prepare() {
		const id = randomInt(0x10000);
		return {
			requests: [bytes(u16(id), u16(0), u16(1), u16(0), "version\r\n")],
			recognize(reply) {
				const text = printable(reply.subarray(8));
				return reply.readUInt16BE(0) === id && /^(VERSION|([A-Z]+_)?ERROR)/.test(text) ? text : undefined;
			},
		};
	},
};
