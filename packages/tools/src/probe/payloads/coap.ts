/**
 * CoAP (RFC 7252 section 3; RFC 6690 section 4): GET /.well-known/core, confirmable, so that it is answered.
 */
import { randomBytes, randomInt } from "node:crypto";
import { bytes, printable, u16 } from "./bytes.js";
import type { Payload } from "./payload.js";

const version1 = 1 << 6;
const get = 1;
const uriPath = 11;
const reset = 3;

export const coap: Payload = {
	name: "CoAP",
	ports: [5683],
	prepare() {
		const id = randomInt(0x10000);
		const token = randomBytes(4);
		// Each option begins with how far its number is from the one before, and its length.
		const path = bytes((uriPath << 4) | 11, ".well-known", 4, "core");
		return {
			requests: [bytes(version1 | token.length, get, u16(id), token, path)],
			recognize(reply) {
				const first = reply.readUInt8(0);
				const code = reply.readUInt8(1);
				if (first >> 6 !== 1) return undefined;
				if (code === 0) {
					if (reply.readUInt16BE(2) !== id) return undefined;
					return ((first >> 4) & 3) === reset ? "reset" : "acknowledged";
				}
				// Codes below 2.00 are requests. An answer may come in a message with an identifier of its own.
				if (code < 0x40 || !reply.subarray(4, 4 + (first & 15)).equals(token)) return undefined;
				const shown = `${code >> 5}.${String(code & 31).padStart(2, "0")}`;
				const payload = reply.indexOf(0xff, 4 + (first & 15));
				return payload < 0 ? shown : `${shown} ${printable(reply.subarray(payload + 1))}`;
			},
		};
	},
};
