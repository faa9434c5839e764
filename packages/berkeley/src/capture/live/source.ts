/**
 * What packets come from: the ring, or the socket's queue. The suite of tests runs over both.
 */
import type { LivePacket } from "./packet.js";

/** Gives packets, one after another. */
export interface Source {
	/** The packet that `advance` moved to. */
	readonly packet: LivePacket;
	/** How many packets it has given. */
	readonly given: number;
	/** Moves to the next packet, which ends the last one: 1, or 0 when there is none, or -errno. */
	advance(fd: number): number;
	/** Says that the packet is not needed any more, so that the kernel may use its memory. */
	release(): void;
	/** Ends it: views that somebody kept read what is left, or zeros. */
	end(): void;
}
