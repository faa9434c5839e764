/**
 * Servers of datagrams: UDP and Unix datagrams, and any other family by `DatagramServer`.
 */
import type { AddressOf } from "../address/types.js";
import type { WaitOptions } from "../arguments.js";
import type { Socket } from "../socket/socket.js";
import { AF_INET, AF_UNIX } from "../sys/linux/constants/families.js";
import { SOCK_DGRAM } from "../sys/linux/constants/types.js";
import { type Inet, SocketServer } from "./socketserver.js";

/** A datagram, and the server's socket to answer with. */
export type DatagramRequest<Family extends number> = readonly [data: Buffer, socket: Socket<Family>];

/** A server of datagrams. A subclass names the family. */
export abstract class DatagramServer<Family extends number> extends SocketServer<
	Family,
	DatagramRequest<Family>
> {
	/** SOCK_DGRAM. */
	override socketType: number = SOCK_DGRAM;
	/** The largest datagram that is taken, in bytes; a longer one is cut. 8192 at first, as in Python. */
	maxPacketSize = 8192;

	/** The next datagram. */
	async getRequest(
		options?: WaitOptions,
	): Promise<[request: DatagramRequest<Family>, clientAddress: AddressOf<Family>]> {
		const { socket } = this;
		const [data, clientAddress] = await socket.recvfrom(this.maxPacketSize, 0, options);
		return [[data, socket], clientAddress];
	}
}

/** A server of UDP datagrams; over IPv6 in a class with `override readonly addressFamily = AF_INET6`. Python's UDPServer. */
export class UDPServer extends DatagramServer<Inet> {
	/** AF_INET at first. */
	override addressFamily: Inet = AF_INET;
}

/** A server of datagrams on a Unix socket. Python's UnixDatagramServer. */
export class UnixDatagramServer extends DatagramServer<typeof AF_UNIX> {
	/** AF_UNIX. */
	override addressFamily: typeof AF_UNIX = AF_UNIX;
}
