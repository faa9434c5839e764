/**
 * ARP: RFC 826; detection of duplicate addresses and announcements: RFC 5227.
 */
import { ETH_P_ARP } from "berkeley";
import { compileFilter } from "berkeley/capture";
import {
	ARPOP_REPLY,
	ARPOP_REQUEST,
	type ArpView,
	arp as arpLayer,
	build,
	dissect,
	type EthernetView,
	ethernet,
} from "berkeley/packet";
import type { Asker } from "./asker.js";
import { broadcast, type Link } from "./link.js";

const nobody = "00:00:00:00:00:00";
const unspecified = "0.0.0.0";

function packet(
	{ mac }: Link,
	operation: number,
	sender: string,
	targetMac: string,
	target: string,
): Uint8Array {
	return build(
		ethernet({ source: mac, destination: broadcast }),
		arpLayer({
			operation,
			senderHardwareAddress: mac,
			senderProtocolAddress: sender,
			targetHardwareAddress: targetMac,
			targetProtocolAddress: target,
		}),
	);
}

export const arp: Asker = {
	name: "ARPING",
	etherType: ETH_P_ARP,
	filter: compileFilter("arp"),
	request: (link, address) => packet(link, ARPOP_REQUEST, link.source ?? unspecified, nobody, address),
	detection: (link, address) => packet(link, ARPOP_REQUEST, unspecified, nobody, address),
	announcement: (link, address, how) =>
		// RFC 5227 section 3: nobody is asked; the request is what old stacks take notice of.
		how === "request"
			? packet(link, ARPOP_REQUEST, address, nobody, address)
			: packet(link, ARPOP_REPLY, address, link.mac, address),
	claim(frame) {
		const [outer, inner] = dissect(frame).layers;
		if (outer?.layer !== "ethernet" || inner?.layer !== "arp") return undefined;
		const { source, destination } = outer as EthernetView;
		const view = inner as ArpView;
		const { operation, senderProtocolAddress: sender, senderHardwareAddress: mac } = view;
		if (typeof sender !== "string" || typeof mac !== "string") return undefined;
		const isProbe = operation === ARPOP_REQUEST && sender === unspecified;
		const address = isProbe ? view.targetProtocolAddress : sender;
		if (typeof address !== "string") return undefined;
		const kind = isProbe ? "probe" : operation === ARPOP_REPLY ? "reply" : "use";
		return { address, mac, from: source, kind, unicast: destination !== broadcast };
	},
};
