/**
 * SIP (RFC 3261 section 11): OPTIONS, which asks what the other side can do. With `rport` (RFC 3581) the answer comes
 * to the port that the request came from.
 */
import { randomBytes } from "node:crypto";
import { bytes, printable } from "./bytes.js";
import type { Payload } from "./payload.js";

export const sip: Payload = {
	name: "SIP",
	ports: [5060],
	prepare() {
		const token = randomBytes(8).toString("hex");
		const lines = [
			"OPTIONS sip:probe@probe.invalid SIP/2.0",
			`Via: SIP/2.0/UDP probe.invalid;branch=z9hG4bK${token};rport`,
			"Max-Forwards: 70",
			"To: <sip:probe@probe.invalid>",
			`From: <sip:probe@probe.invalid>;tag=${token}`,
			`Call-ID: ${token}@probe.invalid`,
			"CSeq: 1 OPTIONS",
			"Contact: <sip:probe@probe.invalid>",
			"Accept: application/sdp",
			"Content-Length: 0",
		];
		return {
			requests: [bytes(`${lines.join("\r\n")}\r\n\r\n`)],
			recognize(reply) {
				const text = reply.toString("latin1");
				const [, status] = text.match(/^SIP\/2\.0 (\d{3} [^\r\n]*)/) ?? [];
				return status === undefined || !text.includes(token) ? undefined : printable(status);
			},
		};
	},
};
