/**
 * NTP version 4 (RFC 5905 section 7.3): a client asks for the time. Our transmit timestamp comes back as the origin
 * timestamp, so that it may be any number (RFC 9109 wants it to tell nothing).
 */
import { randomBytes } from "node:crypto";
import { printable } from "./bytes.js";
import type { Payload } from "./payload.js";

const clientMode = 3;
const serverMode = 4;

export const ntp: Payload = {
	name: "NTP",
	ports: [123],
	prepare() {
		const request = Buffer.alloc(48);
		request[0] = (4 << 3) | clientMode;
		const stamp = randomBytes(8);
		request.set(stamp, 40);
		return {
			requests: [request],
			recognize(reply) {
				if (reply.length < 48 || (reply.readUInt8(0) & 7) !== serverMode) return undefined;
				if (!reply.subarray(24, 32).equals(stamp)) return undefined;
				const stratum = reply.readUInt8(1);
				const version = (reply.readUInt8(0) >>> 3) & 7;
				// Section 7.4: stratum 0 is a kiss of death, whose reason stands as the reference.
				if (stratum === 0) return `version ${version}, kiss code ${printable(reply.subarray(12, 16))}`;
				return `version ${version}, stratum ${stratum}`;
			},
		};
	},
};
