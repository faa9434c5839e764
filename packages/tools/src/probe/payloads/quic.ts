/**
 * QUIC (RFC 9000 sections 6 and 15, RFC 8999): a packet of a version that is reserved to force negotiation, so that
 * a server names the versions that it speaks. It is padded to 1200 bytes, for shorter ones are dropped.
 */
import { randomBytes } from "node:crypto";
import { bytes, u16, u32 } from "./bytes.js";
import type { Payload } from "./payload.js";

const longHeader = 0xc0;
const reservedVersion = 0x1a2a3a4a;
const least = 1200;

export const quic: Payload = {
	name: "QUIC",
	ports: [443, 784, 853, 8443],
	prepare() {
		const [destination, source] = [randomBytes(8), randomBytes(8)];
		// Behind the identifiers all is the version's own; it looks like an Initial packet of version 1, without token.
		const head = bytes(longHeader, u32(reservedVersion), 8, destination, 8, source, 0);
		const rest = randomBytes(least - head.length - 2);
		return {
			requests: [bytes(head, u16(0x4000 | rest.length), rest)],
			recognize(reply) {
				if (reply.readUInt8(0) < 0x80 || reply.readUInt32BE(1) !== 0) return undefined;
				// The connection identifiers come back the other way round.
				if (reply.readUInt8(5) !== 8 || !reply.subarray(6, 14).equals(source)) return undefined;
				if (reply.readUInt8(14) !== 8 || !reply.subarray(15, 23).equals(destination)) return undefined;
				const versions: string[] = [];
				for (let at = 23; at + 4 <= reply.length && versions.length < 8; at += 4) {
					const version = reply.readUInt32BE(at);
					// Servers add reserved versions too, to keep clients used to them.
					if ((version & 0x0f0f0f0f) >>> 0 !== 0x0a0a0a0a) versions.push(nameOf(version));
				}
				return `versions ${versions.join(", ")}`;
			},
		};
	},
};

function nameOf(version: number): string {
	if (version === 1) return "1";
	return version === 0x6b3343cf ? "2" : `0x${version.toString(16).padStart(8, "0")}`;
}
