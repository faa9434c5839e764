/**
 * How the neighbours on a link are asked, over IPv4 by ARP and over IPv6 by neighbour discovery.
 */
import type { Instruction } from "berkeley/capture";
import type { Link } from "./link.js";

/** What somebody said about an address. */
export interface Claim {
	/** The address. */
	readonly address: string;
	/** The hardware address that has it, as the answer says. */
	readonly mac: string;
	/** The hardware address that the frame came from, which is another when somebody answers for others. */
	readonly from: string;
	/**
	 * - reply: an answer to a request
	 * - use: something else that shows that the address is in use
	 * - probe: somebody else is finding out whether it may take the address
	 */
	readonly kind: "reply" | "use" | "probe";
	/** Whether it was sent to this host alone. */
	readonly unicast: boolean;
}

/** One of the two protocols. */
export interface Asker {
	/** Its name, as it begins the first line. */
	readonly name: string;
	/** The EtherType that its packets have, in the byte order of the host. */
	readonly etherType: number;
	/** Lets nothing else come from the kernel. */
	readonly filter: readonly Instruction[];
	/** Asks who has an address. */
	request(link: Link, address: string): Uint8Array;
	/** Asks whether anybody has an address, without claiming one. */
	detection(link: Link, address: string): Uint8Array;
	/** Tells everybody that the address is here: as a request, or as an answer that nobody asked for. */
	announcement(link: Link, address: string, how: "request" | "answer"): Uint8Array;
	/** What a frame says; undefined when it is nothing of the kind. */
	claim(frame: Uint8Array): Claim | undefined;
}
