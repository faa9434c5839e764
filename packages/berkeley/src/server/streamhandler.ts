/**
 * `StreamRequestHandler`: a connection as two files, one to read and one to write.
 */
import type { AddressOf } from "../address/types.js";
import { SocketError } from "../errors.js";
import type { Socket } from "../socket/socket.js";
import type { AsyncByteChannel } from "../stream/channel.js";
import type { AsyncBinaryFile, BinaryFile, BinaryFileOptions, BinaryMode } from "../stream/file.js";
import { IPPROTO_TCP } from "../sys/linux/constants/protocols.js";
import { TCP_NODELAY } from "../sys/linux/constants/tcp.js";
import type { BaseServer } from "./base.js";
import type { ProxiedAddress, TlsConnection } from "./connection.js";
import { BaseRequestHandler } from "./handler.js";
import type { Inet } from "./socketserver.js";
import { type RequestWriter, UnbufferedWriter } from "./writer.js";

/** What the connections have in common, plain ones and those with TLS. */
type AnyConnection = AsyncByteChannel & {
	settimeout(timeout: number | null): void;
	setsockopt(level: number, name: number, value: number): void;
	makefile(mode: BinaryMode, options?: BinaryFileOptions): AsyncBinaryFile;
};

/** What StreamRequestHandler and TlsRequestHandler have in common. */
abstract class ConnectionHandler<
	Connection extends AnyConnection,
	File extends AsyncBinaryFile,
	ClientAddress,
	Server extends BaseServer<Connection, ClientAddress>,
> extends BaseRequestHandler<Connection, ClientAddress, Server> {
	/** How many bytes are received at once for `rfile`; -1, at first, for 8192, 0 for no buffer. */
	rbufsize = -1;
	/** How many bytes `wfile` keeps before it sends them; 0, at first, sends at once, -1 is 8192. */
	wbufsize = 0;
	/** What the connection's timeout is set to, in milliseconds; null, at first, leaves it as it is. */
	timeout: number | null = null;
	/** Whether TCP_NODELAY is set. Use it with a `wbufsize` other than 0, which does not send many small packets. */
	disableNagleAlgorithm = false;
	/** The connection; the same as `request`. */
	readonly connection: Connection = this.request;
	#rfile: File | undefined = undefined;
	#wfile: RequestWriter | undefined = undefined;

	/** What the client sends, as a file of bytes: lines, exact counts. */
	get rfile(): File {
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
		this.#rfile = connection.makefile("rb", { buffering: this.rbufsize }) as File;
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

/**
 * Handles a connection by `rfile` and `wfile`, which are there from setup() on. Python's StreamRequestHandler.
 * `Family` is the server's: `typeof AF_UNIX`, or `number` for a handler of any family. It handles connections with TLS,
 * too, with what those have: see TlsRequestHandler.
 */
export abstract class StreamRequestHandler<
	Family extends number = Inet,
	Server extends BaseServer<Socket<Family>, AddressOf<Family>> = BaseServer<
		Socket<Family>,
		AddressOf<Family>
	>,
> extends ConnectionHandler<Socket<Family>, BinaryFile, AddressOf<Family>, Server> {}

/**
 * StreamRequestHandler for servers with `tls`: `connection` is a TlsSocket, which knows the name that the client has
 * asked for, its certificate, the protocol and the cipher. It has no blocking twins.
 */
export abstract class TlsRequestHandler<
	Family extends number = Inet,
	Server extends BaseServer<TlsConnection<Family>, ProxiedAddress<Family>> = BaseServer<
		TlsConnection<Family>,
		ProxiedAddress<Family>
	>,
> extends ConnectionHandler<TlsConnection<Family>, AsyncBinaryFile, ProxiedAddress<Family>, Server> {}

function notSetUp(name: string): TypeError {
	return new TypeError(`${name} is made by setup(): call super.setup() in your own`);
}
