/**
 * Where packets go out: what is the same for IP packets and frames.
 */
import type { Address } from "../address/types.js";
import { SocketError, socketError } from "../errors.js";
import type { Packet } from "../packet/packet.js";
import type { Timestamp } from "../socket/ancillary.js";
import type { Socket } from "../socket/socket.js";
import { CLOCK_REALTIME, clockGettime } from "../sys/clock.js";
import { pause } from "./pace.js";

/** A packet that is ready to go out. */
export interface Prepared {
	/** As it goes out, whole. */
	readonly packet: Packet;
	/** The same as what is sent, one after another: the whole, or its fragments. */
	readonly pieces: readonly Uint8Array[];
	/** Where the kernel is to send it. */
	readonly address: Address;
}

/** Told when a packet goes out. */
export type Tell = (stamp: Timestamp) => void;

/** A way out for packets. */
export interface Wire {
	/**
	 * Makes ready what the user gave, and fills in what only the kernel knows.
	 * @throws TypeError, RangeError for what is no packet, or cannot go out here
	 */
	prepare(given: unknown): Prepared;
	/** Sends a packet, and tells of the time before each attempt to send its first piece. */
	send(prepared: Prepared, signal: AbortSignal | undefined, tell?: Tell): Promise<void>;
	/** Closes the sockets. */
	close(): void;
}

// How long a full queue is waited for, and between two attempts at first.
const longestWaitMs = 5000;
const firstWaitMs = 1;
const largestPauseMs = 50;

const time = new BigInt64Array(2);

/** The time of the clock that the kernel stamps packets by. */
export function now(): Timestamp {
	clockGettime(CLOCK_REALTIME, time);
	return { seconds: Number(time[0]), nanoseconds: Number(time[1]) };
}

/**
 * Sends the pieces of a packet by a socket. A queue that is full is waited for.
 * @param tooLong what to say about one that is longer than the way takes
 */
export async function sendPieces(
	socket: Socket,
	{ pieces, address }: Prepared,
	signal: AbortSignal | undefined,
	tooLong: (length: number) => string,
	tell: Tell = () => {},
): Promise<void> {
	for (const [index, piece] of pieces.entries()) {
		const deadline = performance.now() + longestWaitMs;
		for (let wait = firstWaitMs; ; wait = Math.min(wait * 2, largestPauseMs)) {
			if (index === 0) tell(now());
			try {
				await socket.sendto(piece, address as never, { signal });
				break;
			} catch (error) {
				if (!(error instanceof SocketError)) throw error;
				if (error.code === "EMSGSIZE") {
					throw socketError("sendto", error.errno, { address, advice: tooLong(piece.length) });
				}
				if (error.code !== "ENOBUFS" || performance.now() >= deadline) throw error;
			}
			await pause(wait, signal);
		}
	}
}
