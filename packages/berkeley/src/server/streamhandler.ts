/**
 * `StreamRequestHandler`: a connection as two files, one to read and one to write.
 */
import type { AddressOf } from "../address/types.js";
import { SocketError } from "../errors.js";
import type { Socket } from "../socket/socket.js";
import type { BinaryFile } from "../stream/file.js";
import { IPPROTO_TCP } from "../sys/linux/constants/protocols.js";
import { TCP_NODELAY } from "../sys/linux/constants/tcp.js";
import type { BaseServer } from "./base.js";
import { BaseRequestHandler } from "./handler.js";
import type { Inet } from "./socketserver.js";
import { type RequestWriter, UnbufferedWriter } from "./writer.js";

/**
 * Handles a connection by `rfile` and `wfile`, which are there from setup() on. Python's StreamRequestHandler.
 * `Family` is the server's: `typeof AF_UNIX`, or `number` for a handler of any family.
 */
export abstract class StreamRequestHandler<
	Family extends number = Inet,
	Server extends BaseServer<Socket<Family>, AddressOf<Family>> = BaseServer<
		Socket<Family>,
		AddressOf<Family>
	>,
> extends BaseRequestHandler<Socket<Family>, AddressOf<Family>, Server> {
	/** How many bytes are received at once for `rfile`; -1, at first, for 8192, 0 for no buffer. */
	rbufsize = -1;
	/** How many bytes `wfile` keeps before it sends them; 0, at first, sends at once, -1 is 8192. */
	wbufsize = 0;
	/** What the connection's timeout is set to, in milliseconds; null, at first, leaves it as it is. */
	timeout: number | null = null;
	/** Whether TCP_NODELAY is set. Use it with a `wbufsize` other than 0, which does not send many small packets. */
	disableNagleAlgorithm = false;
	/** The connection; the same as `request`. */
	readonly connection: Socket<Family> = this.request;
	#rfile: BinaryFile | undefined = undefined;
	#wfile: RequestWriter | undefined = undefined;

	/** What the client sends, as a file of bytes: lines, exact counts. */
	get rfile(): BinaryFile {
		if (this.#rfile === undefined) throw notSetUp("rfile");
		return this.#rfile;
	}

	/** What goes to the client. Everything that is written is sent when the handler has finished. */
	get wfile(): RequestWriter {
		if (this.#wfile === undefined) throw notSetUp("wfile");
		return this.#wfile;
	}

	/** Sets the options of the connection and makes the files. Call it from a setup() of your own. */
	override setup(): void | Promise<void> {
		const { connection } = this;
		if (this.timeout !== null) connection.settimeout(this.timeout);
		if (this.disableNagleAlgorithm) connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1);
		this.#rfile = connection.makefile("rb", { buffering: this.rbufsize });
		this.#wfile =
			this.wbufsize === 0
				? new UnbufferedWriter(connection)
				: connection.makefile("wb", { buffering: this.wbufsize });
	}

	/** Sends what is left to send, and closes the files. That the connection is gone is no failure then. */
	override async finish(): Promise<void> {
		try {
			await this.#wfile?.close();
		} catch (error) {
			if (!(error instanceof SocketError)) throw error;
		}
		await this.#rfile?.close();
	}
}

function notSetUp(name: string): TypeError {
	return new TypeError(`${name} is made by setup(): call super.setup() in your own`);
}
