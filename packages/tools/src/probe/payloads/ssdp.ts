/**
 * SSDP of UPnP (UPnP Device Architecture 2.0 section 1.3.2, unicast): which devices there are.
 */
import { bytes, printable } from "./bytes.js";
import type { Payload } from "./payload.js";

export const ssdp: Payload = {
	name: "SSDP",
	ports: [1900],
	prepare() {
		const lines = [
			"M-SEARCH * HTTP/1.1",
			"HOST: 239.255.255.250:1900",
			'MAN: "ssdp:discover"',
			"MX: 1",
			"ST: ssdp:all",
		];
		return {
			requests: [bytes(`${lines.join("\r\n")}\r\n\r\n`)],
			recognize(reply) {
				const text = reply.toString("latin1");
				const [, status] = text.match(/^HTTP\/1\.[01] (\d{3} [^\r\n]*)/) ?? [];
				if (status === undefined) return undefined;
				const [, server] = text.match(/^server:\s*([^\r\n]*)/im) ?? [];
				return printable(server === undefined ? status : `${status}, ${server}`);
			},
		};
	},
};
