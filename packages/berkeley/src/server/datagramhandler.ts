/**
 * `DatagramRequestHandler`: a datagram and its answer as two files, so that the same handle() serves both kinds.
 */
import type { AddressOf } from "../address/types.js";
import { type Bytes, toBytes } from "../arguments.js";
import type { Socket } from "../socket/socket.js";
import type { AsyncByteChannel } from "../stream/channel.js";
import { type AsyncBinaryFile, makefile } from "../stream/file.js";
import type { BaseServer } from "./base.js";
import type { DatagramRequest } from "./datagramserver.js";
import { BaseRequestHandler } from "./handler.js";
import type { Inet } from "./socketserver.js";
import { type RequestWriter, UnbufferedWriter } from "./writer.js";

/** A datagram as a connection: what came can be received, and what is sent is collected. */
class Exchange implements AsyncByteChannel {
	readonly closed: boolean = false;
	readonly #packet: Buffer;
	readonly #answer: Buffer[] = [];
	#position = 0;

	constructor(packet: Buffer) {
		this.#packet = packet;
	}

	get answer(): Buffer {
		return Buffer.concat(this.#answer);
	}

	async recv(size: number): Promise<Buffer> {
		const start = this.#position;
		this.#position = Math.min(start + size, this.#packet.byteLength);
		return this.#packet.subarray(start, this.#position);
	}

	async send(data: Bytes): Promise<number> {
		// A copy, because the program may use its buffer again.
		const piece = Buffer.from(toBytes("send", data));
		this.#answer.push(piece);
		return piece.byteLength;
	}

	async sendall(data: Bytes): Promise<void> {
		await this.send(data);
	}

	shutdown(): void {}

	close(): void {}
}

/**
 * Handles a datagram: `rfile` reads it, and what is written to `wfile` is sent back as one datagram when handle()
 * is through, an empty one when nothing was written. Python's DatagramRequestHandler.
 */
export abstract class DatagramRequestHandler<
	Family extends number = Inet,
	Server extends BaseServer<DatagramRequest<Family>, AddressOf<Family>> = BaseServer<
		DatagramRequest<Family>,
		AddressOf<Family>
	>,
> extends BaseRequestHandler<DatagramRequest<Family>, AddressOf<Family>, Server> {
	readonly #exchange: Exchange = new Exchange(this.request[0]);
	/** The datagram. */
	readonly packet: Buffer = this.request[0];
	/** The server's socket. */
	readonly socket: Socket<Family> = this.request[1];
	/** The datagram as a file of bytes. */
	readonly rfile: AsyncBinaryFile = makefile(this.#exchange, "rb");
	/** The answer. */
	readonly wfile: RequestWriter = new UnbufferedWriter(this.#exchange);

	/**
	 * Sends the answer. To a sender without a name, as a Unix socket may be, there is no way back: an empty answer
	 * is dropped then.
	 * @throws TypeError when there is an answer for a sender without a name
	 */
	override async finish(): Promise<void> {
		const { answer } = this.#exchange;
		const address: AddressOf<Family> | undefined = this.clientAddress || undefined;
		if (address !== undefined) await this.socket.sendto(answer, address);
		else if (answer.byteLength > 0) throw new TypeError("the sender has no name to send an answer to");
	}
}
