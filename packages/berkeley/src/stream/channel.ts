/**
 * What the streams are built on: a Socket, a TLS socket, or anything else that moves bytes both ways.
 * The streams know this interface and no Socket, so that Socket can offer them.
 */
import type { Bytes, WaitOptions } from "../arguments.js";

/** A connected byte stream with the two twins of each operation. */
export interface ByteChannel {
	/** Whether it is closed. */
	readonly closed: boolean;
	/** At most `size` bytes as they arrive; empty at the end. */
	recv(size: number, flags?: number, options?: WaitOptions): Promise<Buffer>;
	/** The blocking twin of `recv`. */
	recvSync(size: number, flags?: number, options?: WaitOptions): Buffer;
	/** Sends everything. */
	sendall(data: Bytes, flags?: number, options?: WaitOptions): Promise<void>;
	/** The blocking twin of `sendall`. */
	sendallSync(data: Bytes, flags?: number, options?: WaitOptions): void;
	/** Ends one direction: SHUT_RD, SHUT_WR or SHUT_RDWR. */
	shutdown(how: number): void;
	/** Closes it; what waits rejects with EBADF. */
	close(): void;
}
