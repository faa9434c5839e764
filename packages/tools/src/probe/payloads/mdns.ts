/**
 * Multicast DNS, asked directly (RFC 6762 sections 5.5 and 6.7; RFC 6763 section 9): which services there are.
 */
import { randomInt } from "node:crypto";
import { build, dns as dnsLayer } from "berkeley/packet";
import { printable } from "./bytes.js";
import { messageOf } from "./dns.js";
import type { Payload } from "./payload.js";

export const mdns: Payload = {
	name: "mDNS",
	ports: [5353],
	prepare() {
		// A resolver that asks from another port than 5353 is answered as in DNS, with its id.
		const id = randomInt(0x10000);
		const question = { name: "_services._dns-sd._udp.local", type: "PTR" } as const;
		return {
			requests: [build(dnsLayer({ id, questions: [question] }))],
			recognize(reply) {
				const message = messageOf(reply);
				if (message === undefined || !message.response || (message.id !== id && message.id !== 0)) {
					return undefined;
				}
				const targets = message.answers.flatMap((record) =>
					"target" in record && typeof record.target === "string" ? [record.target] : [],
				);
				return `${message.answerCount} services${targets.length > 0 ? `: ${printable(targets.join(", "))}` : ""}`;
			},
		};
	},
};
