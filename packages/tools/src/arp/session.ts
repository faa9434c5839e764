/**
 * A packet socket on a link, on which neighbours are asked and heard.
 */
import { AF_PACKET, SOCK_RAW, Socket, so } from "berkeley";
import { sendWhenRoom } from "../probing/fullqueue.js";
import type { Asker, Claim } from "./asker.js";
import type { Link } from "./link.js";

/** Room for any frame of ARP or neighbour discovery; what is longer is cut, and told by its beginning. */
const frameSize = 2048;

/** Sends questions, and hands on what others say about addresses. */
export class Session {
	readonly #link: Link;
	readonly #asker: Asker;
	readonly #socket: Socket<typeof AF_PACKET>;

	/** @throws SocketError EPERM without CAP_NET_RAW */
	constructor(link: Link, asker: Asker, hear: (claim: Claim) => void) {
		this.#link = link;
		this.#asker = asker;
		// It receives nothing until it is bound, so that nothing passes by the filter.
		this.#socket = new Socket(AF_PACKET, SOCK_RAW, 0);
		try {
			this.#socket.set(so.attachFilter, asker.filter);
			this.#socket.bind({ interface: link.index, protocol: asker.etherType });
			const flow = this.#socket.recvEach(
				(frame) => {
					const claim = asker.claim(frame);
					// A bridge may bring back what was sent.
					if (claim !== undefined && claim.from !== link.mac) hear(claim);
				},
				{ size: frameSize },
			);
			// An interface that goes down says so to whoever sends.
			flow.ended.catch(() => {});
		} catch (error) {
			this.#socket.close();
			throw error;
		}
	}

	/**
	 * Sends a frame. While the interface's queue is full, it is tried again.
	 * @throws SocketError ENOBUFS when that lasts, as when a filter of the interface drops the frame
	 */
	send(frame: Uint8Array, signal: AbortSignal): Promise<void> {
		return sendWhenRoom(() => this.#socket.send(frame), signal);
	}

	/** Asks who has an address. */
	ask(address: string, signal: AbortSignal): Promise<void> {
		return this.send(this.#asker.request(this.#link, address), signal);
	}

	/** Ends it. */
	[Symbol.dispose](): void {
		this.#socket.close();
	}
}
