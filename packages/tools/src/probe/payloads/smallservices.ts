/**
 * The small services that answer anything: echo (RFC 862), daytime (RFC 867), quote of the day (RFC 865), character
 * generator (RFC 864) and time (RFC 868).
 */
import { randomBytes } from "node:crypto";
import { bytes, printable } from "./bytes.js";
import type { Payload } from "./payload.js";

export const echo: Payload = {
	name: "echo",
	ports: [7],
	prepare() {
		const data = bytes("probe ", randomBytes(8).toString("hex"));
		return {
			requests: [data],
			recognize: (reply) => (reply.equals(data) ? "the same bytes" : undefined),
		};
	},
};

/** A service that sends text to whoever sends something. */
function text(name: string, port: number): Payload {
	return {
		name,
		ports: [port],
		prepare: () => ({
			requests: [bytes("\r\n")],
			recognize: (reply) => printable(reply) || undefined,
		}),
	};
}

export const daytime: Payload = text("daytime", 13);
export const quoteOfTheDay: Payload = text("quote of the day", 17);
export const characterGenerator: Payload = text("character generator", 19);

/** From 1900, as RFC 868 counts, to 1970. */
const epoch = 2_208_988_800;

export const time: Payload = {
	name: "time",
	ports: [37],
	prepare: () => ({
		requests: [bytes()],
		recognize(reply) {
			if (reply.length !== 4) return undefined;
			const seconds = (reply.readUInt32BE(0) - epoch + 2 ** 32) % 2 ** 32;
			return new Date(seconds * 1000).toISOString().replace(".000", "");
		},
	}),
};
