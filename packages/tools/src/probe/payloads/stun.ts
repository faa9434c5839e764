/**
 * STUN (RFC 8489 sections 5 and 14): a binding request, whose answer tells the address that it came from.
 */
import { randomBytes } from "node:crypto";
import { bytes, u16, u32 } from "./bytes.js";
import type { Payload } from "./payload.js";

const bindingRequest = 0x0001;
const bindingSuccess = 0x0101;
const bindingError = 0x0111;
const magicCookie = 0x2112a442;
const SOFTWARE = 0x8022;

export const stun: Payload = {
	name: "STUN",
	ports: [3478, 19302],
	prepare() {
		const transaction = randomBytes(12);
		return {
			requests: [bytes(u16(bindingRequest), u16(0), u32(magicCookie), transaction)],
			recognize(reply) {
				const type = reply.readUInt16BE(0);
				if (type !== bindingSuccess && type !== bindingError) return undefined;
				if (reply.readUInt32BE(4) !== magicCookie || !reply.subarray(8, 20).equals(transaction)) {
					return undefined;
				}
				const software = attribute(reply, SOFTWARE)?.toString();
				const what = type === bindingSuccess ? "binding success" : "binding error";
				return software === undefined ? what : `${what}, ${software.replace(/[^\x20-\x7e]+/g, " ")}`;
			},
		};
	},
};

/** The value of the first attribute of a type, at most 60 bytes of it. */
function attribute(message: Buffer, wanted: number): Buffer | undefined {
	for (let at = 20; at + 4 <= message.length; ) {
		const length = message.readUInt16BE(at + 2);
		const value = message.subarray(at + 4, at + 4 + Math.min(length, 60));
		if (message.readUInt16BE(at) === wanted) return value;
		at += 4 + length + (-length & 3);
	}
	return undefined;
}
