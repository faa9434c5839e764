/**
 * What the servers have in common that serve from one socket: it is made, bound and closed in here.
 */
import { kindOf } from "../address/bytes.js";
import type { Cidr } from "../address/cidr.js";
import type { Address, AddressOf } from "../address/types.js";
import { checkTimeout } from "../arguments.js";
import { SocketError } from "../errors.js";
import { acceptconn } from "../options/so.js";
import { describeSocket } from "../socket/names.js";
import { Socket } from "../socket/socket.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import { SOL_SOCKET } from "../sys/linux/constants/levels.js";
import { SO_REUSEADDR, SO_REUSEPORT } from "../sys/linux/constants/so.js";
import { BaseServer, type RequestHandlerClass } from "./base.js";

/** The families of the internet. */
export type Inet = typeof AF_INET | typeof AF_INET6;

/**
 * A server on a socket. The attributes may be set, or be fields of a subclass, until the server is open: it opens
 * when it is first needed, which is when `serverAddress` or `fileno()` is asked for, or when it is to serve.
 */
export abstract class SocketServer<Family extends number, Request> extends BaseServer<
	Request,
	AddressOf<Family>
> {
	/** The family of the socket. */
	abstract addressFamily: Family;
	/** The type of the socket. */
	abstract socketType: number;
	/** Whether SO_REUSEADDR is set on the socket before it is bound; not at first, as in Python. */
	allowReuseAddress = false;
	/** Whether SO_REUSEPORT is set, where the family is one of the internet; not at first. */
	allowReusePort = false;
	/**
	 * Whom to serve, where addresses are those of the internet: only clients in these blocks; null, at first, for all.
	 * The others are shut down at once, without an answer.
	 */
	allow: readonly Cidr[] | null = null;
	/** Whom not to serve, though `allow` has them. */
	deny: readonly Cidr[] = [];
	readonly #bindAndActivate: boolean;
	#socket: Socket<Family> | undefined = undefined;
	/** How far a socket that was adopted had come. */
	#adopted: "bound" | "active" | undefined = undefined;
	#closed = false;

	/**
	 * @param serverAddress where to serve: `{ host, port }`, or the path of a Unix socket; port 0 lets the kernel
	 *   choose, and `serverAddress` tells which
	 * @param RequestHandlerClass what handles the requests
	 * @param bindAndActivate false when the program calls serverBind() and serverActivate() itself, or sets `socket`
	 */
	constructor(
		serverAddress: AddressOf<Family>,
		RequestHandlerClass: RequestHandlerClass<Request, AddressOf<Family>>,
		bindAndActivate = true,
	) {
		super(serverAddress, RequestHandlerClass);
		this.#bindAndActivate = bindAndActivate;
	}

	/**
	 * The socket, which is made when it is first asked for. A program that has one may set it before that. Of a
	 * server that is closed it is closed, too.
	 */
	get socket(): Socket<Family> {
		if (this.#socket === undefined) {
			this.#socket = new Socket(this.addressFamily, this.socketType);
			if (this.#closed) this.#socket.close();
		}
		return this.#socket;
	}

	set socket(socket: Socket<Family>) {
		if (!(socket instanceof Socket)) throw new TypeError(`socket must be a Socket, not ${kindOf(socket)}`);
		if (this.#socket !== undefined && this.#socket !== socket) {
			throw new TypeError("the server has its socket already; set another one before it is first used");
		}
		this.#socket = socket;
	}

	/**
	 * Serves from a socket that is bound already: one that another process passed. A stream socket that listens is
	 * served from as it is: the hooks serverBind() and serverActivate() are not called; of another one only
	 * serverBind() is not. `serverAddress` becomes the socket's. Call it before the server is first used.
	 * @returns the server
	 * @throws TypeError when the socket is of another family or type, or is a connection, or the server has one
	 */
	adopt(socket: Socket<Family> | Socket): this {
		if (!(socket instanceof Socket)) throw new TypeError(`adopt takes a Socket, not ${kindOf(socket)}`);
		if (!this.unopened)
			throw new TypeError("the server is open already; adopt() comes before it is first used");
		if ((this as { listenInWorkers?: boolean }).listenInWorkers === true) {
			throw new TypeError("with listenInWorkers no socket can be adopted: set it to false");
		}
		const { family, type } = socket;
		const bothInternet = isInternet(family) && isInternet(this.addressFamily);
		if (type !== this.socketType || (family !== this.addressFamily && !bothInternet)) {
			const wanted = describeSocket(this.addressFamily, this.socketType, 0);
			throw new TypeError(`the socket is ${describeSocket(family, type, 0)}, and the server's ${wanted}`);
		}
		const listens = socket.get(acceptconn);
		if (!listens && isConnected(socket)) {
			throw new TypeError(
				"the socket is a connection; a server needs one that listens (Accept=no in systemd)",
			);
		}
		this.socket = socket as Socket<Family>;
		// systemd listens on [::] where only a port is given.
		if (family !== this.addressFamily) this.addressFamily = family as Family;
		this.#adopted = listens ? "active" : "bound";
		return this;
	}

	/** The address that the socket is bound to; asking for it opens the server. */
	override get serverAddress(): AddressOf<Family> {
		if (this.unopened && this.#bindAndActivate) this.open();
		return super.serverAddress;
	}

	override set serverAddress(address: AddressOf<Family>) {
		super.serverAddress = address;
	}

	/** `serverAddress`, which does not open the server. Internal. */
	get givenAddress(): AddressOf<Family> {
		return super.serverAddress;
	}

	/** The socket's descriptor; asking for it opens the server. -1 when the server is closed. */
	fileno(): number {
		if (this.unopened && this.#bindAndActivate) this.open();
		return this.socket.fileno();
	}

	protected override serverOpen(): void {
		if (this.#adopted !== undefined) {
			this.serverAddress = this.socket.getsockname();
			if (this.#adopted === "bound") this.serverActivate();
		} else if (this.#bindAndActivate) {
			super.serverOpen();
		}
	}

	protected override requestTimeout(): number | null {
		const own = checkTimeout("timeout", this.timeout);
		const socket = this.socket.gettimeout();
		return own === null || socket === null ? (own ?? socket) : Math.min(own, socket);
	}

	protected override admits(clientAddress: AddressOf<Family>): boolean {
		const { allow, deny } = this;
		if (allow === null && deny.length === 0) return true;
		const address = clientAddress as Address | undefined;
		if (typeof address !== "object" || !("host" in address)) return true;
		const { host } = address;
		if (deny.some((block) => block.contains(host))) return false;
		return allow === null || allow.some((block) => block.contains(host));
	}

	/** Sets the options that were asked for, binds the socket, and keeps the address that it got. */
	override serverBind(): void {
		const { socket } = this;
		if (this.allowReuseAddress) socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1);
		if (this.allowReusePort && isInternet(socket.family)) socket.setsockopt(SOL_SOCKET, SO_REUSEPORT, 1);
		socket.bind(super.serverAddress);
		this.serverAddress = socket.getsockname();
	}

	/** Closes the socket. The file of a Unix socket stays, as in Python. */
	override serverClose(): void {
		super.serverClose();
		this.#closed = true;
		this.#socket?.close();
	}
}

function isInternet(family: number): boolean {
	return family === AF_INET || family === AF_INET6;
}

function isConnected(socket: Socket): boolean {
	try {
		socket.getpeername();
		return true;
	} catch (error) {
		if (error instanceof SocketError) return false;
		throw error;
	}
}
