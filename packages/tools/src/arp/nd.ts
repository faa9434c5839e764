/**
 * Neighbour discovery: RFC 4861 sections 4.3, 4.4, 7.1 and 7.2; detection of duplicate addresses: RFC 4862 section 5.4.
 */
import { AF_INET6, ETH_P_IPV6, inetNtop, inetPton } from "berkeley";
import { compileFilter } from "berkeley/capture";
import {
	build,
	dissect,
	type EthernetView,
	ethernet,
	type Icmpv6View,
	type Ipv6View,
	icmpv6,
	ipv6,
	type LinkLayerAddressOption,
	ND_NEIGHBOR_ADVERT,
	ND_NEIGHBOR_SOLICIT,
} from "berkeley/packet";
import type { Asker } from "./asker.js";
import type { Link } from "./link.js";

const unspecified = "::";
const allNodes = "ff02::1";
/** What comes from another network has less. */
const hopLimit = 255;

/** The group that those who may have an address listen to: RFC 4291 section 2.7.1. */
function solicitedNode(address: string): string {
	const group = inetPton(AF_INET6, "ff02::1:ff00:0");
	group.set(inetPton(AF_INET6, address).subarray(13), 13);
	return inetNtop(AF_INET6, group);
}

/** The hardware address of a group: RFC 2464 section 7. */
function groupMac(group: string): string {
	const last = [...inetPton(AF_INET6, group).subarray(12)];
	return ["33", "33", ...last.map((byte) => byte.toString(16).padStart(2, "0"))].join(":");
}

function linkLayer(kind: LinkLayerAddressOption["kind"], { mac }: Link): LinkLayerAddressOption {
	return { kind, address: mac };
}

function solicitation(link: Link, source: string, targetAddress: string): Uint8Array {
	const group = solicitedNode(targetAddress);
	// Who has no address yet must not say where it is.
	const options = source === unspecified ? [] : [linkLayer("sourceLinkLayerAddress", link)];
	return build(
		ethernet({ source: link.mac, destination: groupMac(group) }),
		ipv6({ source, destination: group, hopLimit }),
		icmpv6({ type: ND_NEIGHBOR_SOLICIT, targetAddress, options }),
	);
}

export const nd: Asker = {
	name: "NDPING",
	etherType: ETH_P_IPV6,
	filter: compileFilter("icmp6 and (ip6[40] = 135 or ip6[40] = 136)"),
	request: (link, address) => solicitation(link, link.source ?? unspecified, address),
	detection: (link, address) => solicitation(link, unspecified, address),
	announcement: (link, address, how) =>
		how === "request"
			? solicitation(link, address, address)
			: build(
					ethernet({ source: link.mac, destination: groupMac(allNodes) }),
					ipv6({ source: address, destination: allNodes, hopLimit }),
					icmpv6({
						type: ND_NEIGHBOR_ADVERT,
						targetAddress: address,
						override: true,
						options: [linkLayer("targetLinkLayerAddress", link)],
					}),
				),
	claim(frame) {
		const [outer, network, inner] = dissect(frame).layers;
		if (outer?.layer !== "ethernet" || network?.layer !== "ipv6" || inner?.layer !== "icmpv6")
			return undefined;
		const { source: from, destination } = outer as EthernetView;
		const packet = network as Ipv6View;
		const { type, code, targetAddress, options = [] } = (inner as Icmpv6View).toValue();
		if (packet.hopLimit !== hopLimit || code !== 0 || targetAddress === undefined) return undefined;
		const unicast = !destination.startsWith("33:33:");
		if (type === ND_NEIGHBOR_ADVERT) {
			const said = options.find(({ kind }) => kind === "targetLinkLayerAddress");
			const mac = said !== undefined && "address" in said ? said.address : from;
			return { address: targetAddress, mac, from, kind: "reply", unicast };
		}
		if (type !== ND_NEIGHBOR_SOLICIT) return undefined;
		// Otherwise it is about its source, which asks for another.
		if (packet.source === unspecified)
			return { address: targetAddress, mac: from, from, kind: "probe", unicast };
		return { address: packet.source, mac: from, from, kind: "use", unicast };
	},
};
