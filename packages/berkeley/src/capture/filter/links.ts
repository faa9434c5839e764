/**
 * How the frames of a link begin, as far as a filter looks at them.
 */
import { SKF_AD_OFF, SKF_AD_PROTOCOL } from "../../sys/linux/constants/bpf.js";

/** The links whose frames can be filtered. */
export type LinkName = "ethernet" | "raw" | "sll" | "sll2";

/** Where things are. */
export interface Link {
	readonly name: LinkName;
	/** Where the EtherType is; undefined where there is none: the packet begins with IP. */
	readonly ethertype: number | undefined;
	/** Where the network's header begins. */
	readonly network: number;
	/** How many bytes of the packet in a file are not there yet when the kernel's filter looks at it. */
	readonly missing: number;
}

/** The links: LINKTYPE_ETHERNET, LINKTYPE_RAW, LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2 of the pcap formats. */
export const links: Readonly<Record<LinkName, Link>> = {
	ethernet: { name: "ethernet", ethertype: 12, network: 14, missing: 0 },
	raw: { name: "raw", ethertype: undefined, network: 0, missing: 0 },
	sll: { name: "sll", ethertype: 14, network: 16, missing: 0 },
	sll2: { name: "sll2", ethertype: 0, network: 20, missing: 0 },
};

/**
 * A link as the kernel's filter sees it. A cooked header is made afterwards, so that packets begin with the network's
 * header, and the EtherType is what the kernel says it is.
 */
export function liveLink(name: LinkName): Link {
	const link = links[name];
	if (name === "ethernet" || name === "raw") return link;
	return { name, ethertype: SKF_AD_OFF + SKF_AD_PROTOCOL, network: 0, missing: link.network };
}
