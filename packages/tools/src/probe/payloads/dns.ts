/**
 * DNS (RFC 1035 section 4): who serves the root. Servers that answer for others give the names, and the rest say
 * that they refuse; both are answers.
 */
import { randomInt } from "node:crypto";
import { build, type DnsView, dissect, dns as dnsLayer } from "berkeley/packet";
import type { Payload } from "./payload.js";

const responseCodes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

export const dns: Payload = {
	name: "DNS",
	ports: [53],
	prepare() {
		const id = randomInt(0x10000);
		const question = { name: ".", type: "NS" } as const;
		return {
			requests: [build(dnsLayer({ id, recursionDesired: true, questions: [question] }))],
			recognize(reply) {
				const message = messageOf(reply);
				if (message === undefined || message.id !== id || !message.response) return undefined;
				const { responseCode, answerCount } = message;
				return `${responseCodes[responseCode] ?? `response code ${responseCode}`}, ${answerCount} answers`;
			},
		};
	},
};

/** The DNS message in a datagram. */
export function messageOf(datagram: Uint8Array): DnsView | undefined {
	const [layer] = dissect(datagram, { first: dnsLayer }).layers;
	return layer?.layer === "dns" ? (layer as DnsView) : undefined;
}
