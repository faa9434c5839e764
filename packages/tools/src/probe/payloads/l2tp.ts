/**
 * L2TP (RFC 2661 sections 3.1, 4.4 and 6.1): asks to begin a control connection.
 */
import { randomBytes, randomInt } from "node:crypto";
import { bytes, printable, u16, u32 } from "./bytes.js";
import type { Payload } from "./payload.js";

/** A control message of version 2, with length and sequence numbers. */
const control = 0xc802;
const mandatory = 0x8000;
const startRequest = 1;
const messageTypes = new Map([
	[2, "control connection accepted"],
	[4, "control connection stopped"],
]);

/** An attribute-value pair. */
function pair(type: number, value: Uint8Array, flags = mandatory): Buffer {
	return bytes(u16(flags | (6 + value.length)), u16(0), u16(type), value);
}

export const l2tp: Payload = {
	name: "L2TP",
	ports: [1701],
	prepare() {
		const tunnel = randomInt(1, 0x10000);
		const pairs = bytes(
			pair(0, bytes(u16(startRequest))),
			pair(2, bytes(1, 0)), // protocol version 1.0
			pair(3, bytes(u32(3))), // framing: synchronous and asynchronous
			pair(7, bytes(`probe-${randomBytes(4).toString("hex")}`)), // host name
			pair(9, bytes(u16(tunnel))), // assigned tunnel
			pair(10, bytes(u16(4))), // receive window
		);
		return {
			requests: [bytes(u16(control), u16(12 + pairs.length), u16(0), u16(0), u16(0), u16(0), pairs)],
			recognize(reply) {
				// Ours is the tunnel that it must name; an acknowledgement has no pairs.
				if ((reply.readUInt16BE(0) & 0xc80f) !== control || reply.readUInt16BE(4) !== tunnel)
					return undefined;
				if (reply.length < 20) return "acknowledged";
				const type = reply.readUInt16BE(18);
				return printable(messageTypes.get(type) ?? `message ${type}`);
			},
		};
	},
};
