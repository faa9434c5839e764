/**
 * A connection as web streams (WHATWG Streams). Their classes are the runtime's globals, which are loaded when
 * they are first used.
 */
import type * as web from "node:stream/web";
import { SHUT_RD, SHUT_WR } from "../sys/linux/constants/shutdown.js";
import type { AsyncByteChannel } from "./channel.js";

const sizeOfReads = 0x10000;

/**
 * What is received, as a stream of bytes: nothing is received before somebody asks. It also serves readers that
 * bring their own buffer. Cancelling it shuts the receiving direction down, which also ends a recv that waits;
 * the connection stays open for writing.
 */
export function readable(channel: AsyncByteChannel): web.ReadableStream<Uint8Array> {
	let cancelled = false;
	return new ReadableStream({
		type: "bytes",
		async pull(controller) {
			const request = controller.byobRequest;
			const view = request?.view;
			const piece = await channel.recv(view?.byteLength ?? sizeOfReads, 0, { timeout: null });
			if (cancelled) return;
			if (piece.byteLength === 0) {
				controller.close();
				request?.respond(0);
			} else if (request && view) {
				new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(piece);
				request.respond(piece.byteLength);
			} else {
				// The stream takes the memory away, so it must not be shared with a pool.
				const whole = piece.byteLength === piece.buffer.byteLength;
				controller.enqueue(whole ? new Uint8Array(piece.buffer) : new Uint8Array(piece));
			}
		},
		cancel() {
			cancelled = true;
			shutDown(channel, SHUT_RD);
		},
	});
}

/**
 * What is written is sent; text as UTF-8. A write is done when the kernel has taken the data. Closing it shuts
 * the sending direction down, and leaves the connection open for reading; aborting it closes the channel.
 */
export function writable(channel: AsyncByteChannel): web.WritableStream<Uint8Array | string> {
	return new WritableStream<Uint8Array | string>({
		write: (chunk) => channel.sendall(chunk, 0, { timeout: null }),
		close: () => shutDown(channel, SHUT_WR),
		abort: () => channel.close(),
	});
}

/** Ends a direction of a connection that may have ended itself by then. */
function shutDown(channel: AsyncByteChannel, how: number): void {
	if (channel.closed) return;
	try {
		channel.shutdown(how);
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOTCONN") return;
		throw error;
	}
}
