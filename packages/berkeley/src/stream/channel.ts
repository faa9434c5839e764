/**
 * What the streams are built on: a Socket, a TLS socket, or anything else that moves bytes both ways.
 * The streams know these interfaces and no Socket, so that Socket can offer them.
 */
import type { Address } from "../address/types.js";
import type { Bytes, WaitOptions } from "../arguments.js";

/** A connected byte stream whose operations wait in the event loop. */
export interface AsyncByteChannel {
	/** Whether it is closed. */
	readonly closed: boolean;
	/** At most `size` bytes as they arrive; empty at the end. */
	recv(size: number, flags?: number, options?: WaitOptions): Promise<Buffer>;
	/** Sends what fits; the count, at least 1 unless `data` is empty. */
	send(data: Bytes, flags?: number, options?: WaitOptions): Promise<number>;
	/** Sends everything. */
	sendall(data: Bytes, flags?: number, options?: WaitOptions): Promise<void>;
	/** Ends one direction: SHUT_RD, SHUT_WR or SHUT_RDWR. */
	shutdown(how: number): void;
	/** Closes it; what waits rejects with EBADF. */
	close(): void;
	/** Milliseconds that an operation may take where it is not told; without end where this is absent. */
	gettimeout?(): number | null;
	/** Hands everything that arrives to a function, in memory that is valid for the call only. */
	recvEach?(handler: (data: Buffer) => void): ByteFlow;
}

/** The hold on what recvEach() hands out. */
export interface ByteFlow {
	/** Fulfilled at the end, rejected with what went wrong. */
	readonly ended: Promise<void>;
	/** Hands out nothing from now on. */
	pause(): void;
	/** Goes on after pause(). */
	resume(): void;
}

/** A connected byte stream with the two twins of each operation. */
export interface ByteChannel extends AsyncByteChannel {
	/** The blocking twin of `recv`. */
	recvSync(size: number, flags?: number, options?: WaitOptions): Buffer;
	/** The blocking twin of `send`. */
	sendSync(data: Bytes, flags?: number, options?: WaitOptions): number;
	/** The blocking twin of `sendall`. */
	sendallSync(data: Bytes, flags?: number, options?: WaitOptions): void;
}

/** What a channel may have beside the bytes; a stream offers what its channel has. */
export interface NamedChannel {
	/** The address family: AF_INET … */
	readonly family?: number;
	/** The channel's own address. */
	getsockname?(): Address;
	/** The peer's address. */
	getpeername?(): Address;
	/** Sets an option of the socket below. */
	setsockopt?(level: number, name: number, value: number): void;
	/** Lets a waiting operation keep the event loop alive again. */
	ref?(): unknown;
	/** Lets the event loop end though an operation waits. */
	unref?(): unknown;
}

/** Whether a channel has the blocking twins. */
export function canBlock(channel: AsyncByteChannel): channel is ByteChannel {
	return "recvSync" in channel && "sendSync" in channel;
}
