/**
 * The channel between a server and one of its children: messages with descriptors, over a pair of Unix sockets.
 *
 * The sockets keep the bounds of messages (SOCK_SEQPACKET), so that a descriptor arrives with its message and no
 * message in parts. What goes over is what structured cloning takes, in the runtime's own encoding: both ends are
 * the same program.
 */
import { SocketError } from "../../errors.js";
import type { DescriptorInput } from "../../socket/ancillary.js";
import { recvFds, sendFds } from "../../socket/fds.js";
import { close } from "../../socket/pair.js";
import type { Socket } from "../../socket/socket.js";
import type { AF_UNIX } from "../../sys/linux/constants/families.js";
import { SOL_SOCKET } from "../../sys/linux/constants/levels.js";
import { SHUT_RDWR } from "../../sys/linux/constants/shutdown.js";
import { SO_SNDBUF } from "../../sys/linux/constants/so.js";

// Room for a datagram of any family, if net.core.wmem_max is as usual. The kernel doubles what it is given.
const sendBuffer = 256 * 1024;
// More than a message can have.
const largestMessage = 1024 * 1024;

const mostFds = 2;

/** A message that came, and the descriptors with it, which belong to the receiver. */
export interface Arrived<Message> {
	readonly message: Message;
	readonly fds: readonly number[];
}

/** One end. `Sent` and `Received` are what goes which way. */
export class Channel<Sent, Received> {
	readonly #socket: Socket<typeof AF_UNIX>;
	readonly #encoding: typeof import("node:v8");

	private constructor(socket: Socket<typeof AF_UNIX>, encoding: typeof import("node:v8")) {
		this.#socket = socket;
		this.#encoding = encoding;
		socket.setsockopt(SOL_SOCKET, SO_SNDBUF, sendBuffer);
	}

	/** The channel over a socket, which is the channel's from then on. */
	static async over<Sent, Received>(socket: Socket<typeof AF_UNIX>): Promise<Channel<Sent, Received>> {
		// Loaded when it is needed first: it takes longer than all that is done at import.
		return new Channel(socket, await import("node:v8"));
	}

	/**
	 * Sends a message.
	 * @throws SocketError EPIPE, ECONNRESET when the other end is gone; EMSGSIZE when it is too large; a
	 *   DataCloneError when it cannot be cloned
	 */
	async send(message: Sent, fds: readonly DescriptorInput[] = []): Promise<void> {
		const bytes = this.#encoding.serialize(message);
		if (fds.length === 0) await this.#socket.send(bytes);
		else await sendFds(this.#socket, [bytes], fds);
	}

	/**
	 * The next message; undefined when there will be none any more.
	 * @param options how long to wait
	 */
	async receive(options?: {
		timeout?: number;
		signal?: AbortSignal;
	}): Promise<Arrived<Received> | undefined> {
		try {
			const { data, fds } = await recvFds(this.#socket, largestMessage, mostFds, 0, options);
			if (data.byteLength > 0) return { message: this.#encoding.deserialize(data) as Received, fds };
			for (const fd of fds) close(fd);
		} catch (error) {
			// The other end is gone, and has left unread what was sent to it.
			if (!(error instanceof SocketError) || error.code !== "ECONNRESET") throw error;
		}
		return undefined;
	}

	/** Ends it for both, and keeps the descriptor. */
	end(): void {
		this.#socket.shutdown(SHUT_RDWR);
	}

	/** Closes this end, which the other one sees. */
	close(): void {
		this.#socket.close();
	}
}
