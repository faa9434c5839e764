/**
 * Where packets go out: what is the same for IP packets and frames.
 */
import type { Address } from "../address/types.js";
import { SocketError } from "../errors.js";
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
	/** Why it cannot go out, where that is known already. */
	readonly refusal?: SocketError | undefined;
}

/** Told when a packet goes out. */
export type Tell = (stamp: Timestamp) => void;

/** How a packet is sent. */
export interface Sending {
	readonly signal: AbortSignal | undefined;
	/** For how many milliseconds what is full is tried again; the default waits for a socket's buffer without end. */
	readonly patience?: number | undefined;
	/** Told of the time before each attempt to send the first piece. */
	readonly tell?: Tell | undefined;
}

/** A way out for packets. */
export interface Wire {
	/**
	 * Makes ready what the user gave, and fills in what only the kernel knows. What the kernel refuses to tell of a
	 * packet, as it has no route for it, is the packet's `refusal`.
	 * @throws TypeError, RangeError for what is no packet, or cannot go out here
	 */
	prepare(given: unknown): Prepared;
	/** Sends a packet. @throws SocketError its `refusal`, and what sending it fails with */
	send(prepared: Prepared, sending: Sending): Promise<void>;
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
 * @param explain puts the kernel's refusal of so many bytes into words
 */
export async function sendPieces(
	socket: Socket,
	{ pieces, address }: Prepared,
	{ signal, patience, tell }: Sending,
	explain: (refusal: SocketError, length: number) => SocketError,
): Promise<void> {
	for (const [index, piece] of pieces.entries()) {
		const deadline = performance.now() + (patience ?? longestWaitMs);
		for (let wait = firstWaitMs; ; wait = Math.min(wait * 2, largestPauseMs)) {
			if (index === 0) tell?.(now());
			const left = Math.max(1, deadline - performance.now());
			const options = patience === undefined ? { signal } : { signal, timeout: left };
			try {
				await socket.sendto(piece, address as never, options);
				break;
			} catch (error) {
				if (!isRefusal(error)) throw error;
				if (error.code !== "ENOBUFS" || performance.now() >= deadline) throw explain(error, piece.length);
			}
			await pause(wait, signal);
		}
	}
}

/**
 * Routes, firewalls and lengths are a packet's own, as are queues, which are those of its interface. What is not
 * named here concerns all packets: the socket is closed, the interface is gone or down, a privilege is missing.
 */
const refusals = new Set([
	"EACCES",
	"EADDRNOTAVAIL",
	"EHOSTUNREACH",
	"EINVAL",
	"EMSGSIZE",
	"ENETUNREACH",
	"ENOBUFS",
	"EPERM",
	"ETIMEDOUT",
]);

/** Whether an error is what the kernel has against one packet, so that others may be sent. */
export function isRefusal(error: unknown): error is SocketError {
	return error instanceof SocketError && error.syscall === "sendto" && refusals.has(error.code);
}
