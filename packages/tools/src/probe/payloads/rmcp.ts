/**
 * RMCP of IPMI (ASF 2.0 section 3.2.4.2; IPMI 2.0 section 13.1.3): a presence ping.
 */
import { randomInt } from "node:crypto";
import { bytes, u32 } from "./bytes.js";
import type { Payload } from "./payload.js";

const rmcpVersion = 6;
const unacknowledged = 0xff;
const asfClass = 6;
const asfEnterprise = 4542;
const presencePing = 0x80;
const presencePong = 0x40;

export const rmcp: Payload = {
	name: "RMCP",
	ports: [623],
	prepare() {
		const tag = randomInt(0xff);
		const header = bytes(rmcpVersion, 0, unacknowledged, asfClass);
		return {
			requests: [bytes(header, u32(asfEnterprise), presencePing, tag, 0, 0)],
			recognize(reply) {
				if (reply.readUInt8(0) !== rmcpVersion || reply.readUInt8(3) !== asfClass) return undefined;
				if (reply.readUInt32BE(4) !== asfEnterprise || reply.readUInt8(8) !== presencePong) return undefined;
				if (reply.readUInt8(9) !== tag) return undefined;
				return (reply.readUInt8(20) & 0x80) === 0 ? "presence pong" : "presence pong, IPMI";
			},
		};
	},
};
