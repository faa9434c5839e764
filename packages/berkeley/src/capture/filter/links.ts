/**
 * How the frames of a link begin, as far as a filter looks at them.
 */
/** The links whose frames can be filtered. */
export type LinkName = "ethernet" | "raw" | "sll" | "sll2";

/** Where things are. */
export interface Link {
	readonly name: LinkName;
	/** Where the EtherType is; undefined where there is none: the packet begins with IP. */
	readonly ethertype: number | undefined;
	/** Where the network's header begins. */
	readonly network: number;
}

/** The links: LINKTYPE_ETHERNET, LINKTYPE_RAW, LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2 of the pcap formats. */
export const links: Readonly<Record<LinkName, Link>> = {
	ethernet: { name: "ethernet", ethertype: 12, network: 14 },
	raw: { name: "raw", ethertype: undefined, network: 0 },
	sll: { name: "sll", ethertype: 14, network: 16 },
	sll2: { name: "sll2", ethertype: 0, network: 20 },
};
