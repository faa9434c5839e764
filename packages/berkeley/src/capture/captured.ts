/**
 * A captured packet: what live captures give, what files hold, and what tracers record.
 */
import type { LinkName } from "./filter/links.js";

/** The interface that a packet was seen at. */
export interface CapturedInterface {
	/** Its index at the time, 1 or more; in files the number of its description, 0 or more. */
	readonly index: number;
	/** Its name, where it is known: an interface may be gone by the time. */
	readonly name?: string;
}

/** Which way a packet went: to this machine, from it, to all, to some, or to another machine that was overheard. */
export type Direction = "in" | "out" | "broadcast" | "multicast" | "otherhost";

/** A VLAN tag that came beside the bytes, as the kernel and the hardware hand it over. */
export interface CapturedVlan {
	/** Priority (3 bits), drop eligible (1 bit), identifier (12 bits): IEEE 802.1Q, section 9.6. */
	readonly tci: number;
	/** The tag's EtherType: 0x8100 or 0x88a8. */
	readonly tpid: number;
}

/** A packet with what was noted when it was captured. */
export interface CapturedPacket {
	/** What was captured of it, from the link's header on: at most the snap length. */
	readonly bytes: Uint8Array;
	/** Its length in bytes when it was on the wire: `bytes.length`, or more where it was cut off. */
	readonly length: number;
	/** When: whole seconds since 1970-01-01 UTC. */
	readonly seconds: number;
	/** When: the nanoseconds beyond the seconds, 0 to 999,999,999. */
	readonly nanoseconds: number;
	/** How its bytes begin. */
	readonly link: LinkName;
	/** Where it was seen. */
	readonly interface?: CapturedInterface | undefined;
	/** Which way it went. */
	readonly direction?: Direction | undefined;
	/** Its VLAN tag, where that came apart from the bytes. It may have been put back into `bytes`. */
	readonly vlan?: CapturedVlan | undefined;
	/** What somebody noted about it: the comment of a pcapng block. */
	readonly comment?: string | undefined;
}

/** A packet whose bytes can be copied without a view of them, which is cheaper where there are very many. */
export interface CopyablePacket {
	/** How many bytes were captured. */
	readonly size: number;
	/** Copies them into others, which have room for them. */
	copyTo(target: Uint8Array, at: number): void;
}
