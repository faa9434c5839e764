/**
 * RIP version 2 (RFC 2453 sections 3.9.1 and 4): asks for the whole table. From another port than 520 it is answered
 * even by routers that tell nobody by themselves.
 */
import { bytes, u16, u32 } from "./bytes.js";
import type { Payload } from "./payload.js";

const request = 1;
const response = 2;
const infinity = 16;

export const rip: Payload = {
	name: "RIP",
	ports: [520],
	prepare: () => ({
		requests: [bytes(request, 2, u16(0), u16(0), u16(0), u32(0), u32(0), u32(0), u32(infinity))],
		recognize(reply) {
			const version = reply.readUInt8(1);
			if (reply.readUInt8(0) !== response || version < 1 || version > 2) return undefined;
			return (reply.length - 4) % 20 === 0
				? `version ${version}, ${(reply.length - 4) / 20} routes`
				: undefined;
		},
	}),
};
