/**
 * Reads the header of the PROXY protocol in front of a connection, and not a byte more.
 */
import type { WaitOptions } from "../../arguments.js";
import { TimeoutError, timeoutError } from "../../errors.js";
import type { Socket } from "../../socket/socket.js";
import { Patience } from "../../stream/patience.js";
import { MSG_PEEK } from "../../sys/linux/constants/msg.js";
import { ProxyHeaderError } from "./error.js";
import { parseProxyHeader, proxyHeaderSize } from "./header.js";
import type { ProxyHeader } from "./types.js";

// The usual header is much shorter.
const sizeOfLooks = 536;

/**
 * Reads the header, of either version, that a proxy sends in front of a connection. What follows it stays in the
 * socket, to be received by whatever comes next. A header may come in pieces.
 * @param options how long the whole header may take; the socket's timeout when left out
 * @throws ProxyHeaderError when it is malformed, or none, or the connection ends before it is through; TimeoutError;
 *   SocketError. What was received of it is lost then: close the connection.
 */
export async function readProxyHeader(connection: Socket, options: WaitOptions = {}): Promise<ProxyHeader> {
	const patience = new Patience("readProxyHeader", options, connection.gettimeout());
	let header = Buffer.alloc(0);
	try {
		for (;;) {
			// A look tells how much of what is there belongs to the header. That is taken, so that the next look waits.
			const ahead = await connection.recv(sizeOfLooks, MSG_PEEK, patience.rest());
			if (ahead.length === 0) throw ended(header);
			const seen = Buffer.concat([header, ahead]);
			const size = proxyHeaderSize(seen);
			const end = Math.min(size ?? seen.length, seen.length);
			await receive(connection, end - header.length, patience);
			header = seen.subarray(0, end);
			if (size === undefined) continue;
			if (size > end) header = Buffer.concat([header, await receive(connection, size - end, patience)]);
			const parsed = parseProxyHeader(header);
			if (parsed === undefined) throw ended(header);
			return parsed.header;
		}
	} catch (error) {
		if (!(error instanceof TimeoutError) || error.timeout === undefined) throw error;
		throw timeoutError("readProxyHeader", options.timeout ?? connection.gettimeout() ?? error.timeout);
	}
}

/** Exactly so many bytes; fewer at the end. */
async function receive(connection: Socket, size: number, patience: Patience): Promise<Buffer> {
	const pieces: Buffer[] = [];
	for (let left = size; left > 0; ) {
		const piece = await connection.recv(left, 0, patience.rest());
		if (piece.length === 0) break;
		pieces.push(piece);
		left -= piece.length;
	}
	return Buffer.concat(pieces);
}

function ended(header: Buffer): ProxyHeaderError {
	return new ProxyHeaderError(header.length === 0 ? "the connection ended without one" : "it is cut off");
}
