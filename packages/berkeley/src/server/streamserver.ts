/**
 * Servers of connections: TCP and Unix streams, and any other family by `StreamServer`.
 */
import type { AddressOf } from "../address/types.js";
import type { WaitOptions } from "../arguments.js";
import { SocketError } from "../errors.js";
import type { Socket } from "../socket/socket.js";
import { AF_INET, AF_UNIX } from "../sys/linux/constants/families.js";
import { SHUT_WR } from "../sys/linux/constants/shutdown.js";
import { SOCK_STREAM } from "../sys/linux/constants/types.js";
import { type Inet, SocketServer } from "./socketserver.js";

/** A server of connections; a request is the connection's socket. A subclass names the family. */
export abstract class StreamServer<Family extends number> extends SocketServer<Family, Socket<Family>> {
	/** SOCK_STREAM at first; SOCK_SEQPACKET does as well. */
	override socketType: number = SOCK_STREAM;
	/**
	 * How many connections may stand in line to be accepted; 5 at first, as in Python, which is little for a busy server:
	 * who finds the line full is kept waiting for a second. listen(2).
	 */
	requestQueueSize = 5;

	/** Lets the socket listen. */
	override serverActivate(): void {
		this.socket.listen(this.requestQueueSize);
	}

	/** The next connection. */
	getRequest(options?: WaitOptions): Promise<[request: Socket<Family>, clientAddress: AddressOf<Family>]> {
		return this.socket.accept(options);
	}

	/** Ends the sending side, so that the client sees an end, and closes the connection. */
	override shutdownRequest(request: Socket<Family>): void {
		try {
			request.shutdown(SHUT_WR);
		} catch (error) {
			// The client, or the handler, may have ended it before.
			if (!(error instanceof SocketError)) throw error;
		}
		this.closeRequest(request);
	}

	/** Closes the connection. */
	override closeRequest(request: Socket<Family>): void {
		request.close();
	}
}

/** A server of TCP connections; over IPv6 in a class with `override readonly addressFamily = AF_INET6`. Python's TCPServer. */
export class TCPServer extends StreamServer<Inet> {
	/** AF_INET at first. */
	override addressFamily: Inet = AF_INET;
}

/** A server of connections on a Unix socket. Python's UnixStreamServer. */
export class UnixStreamServer extends StreamServer<typeof AF_UNIX> {
	/** AF_UNIX. */
	override addressFamily: typeof AF_UNIX = AF_UNIX;
}
