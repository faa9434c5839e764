/**
 * `Socket`: the BSD socket as an object.
 */
import { fstatSync } from "node:fs";
import type { ReadableStream, WritableStream } from "node:stream/web";
import { checkInteger, kindOf } from "../address/bytes.js";
import type { Address, AddressOf } from "../address/types.js";
import { checkAddress, snapshot } from "../address/validate.js";
import { checkWaitOptions, type WaitOptions } from "../arguments.js";
import { check, GaiError, SocketError, socketError, TimeoutError } from "../errors.js";
import { needsResolving, resolveAddress, resolveAddressSync } from "../resolve/resolveaddress.js";
import { type ChannelStream, type ToStreamOptions, toStream } from "../stream/duplex.js";
import {
	type BinaryFile,
	type BinaryFileOptions,
	type BinaryMode,
	makefile,
	type TextFile,
	type TextFileOptions,
	type TextMode,
} from "../stream/file.js";
import { readable, writable } from "../stream/web.js";
import { fcntl } from "../sys/descriptors.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import { F_DUPFD_CLOEXEC } from "../sys/linux/constants/fcntl.js";
import { SOL_SOCKET } from "../sys/linux/constants/levels.js";
import { IPPROTO_MPTCP, IPPROTO_TCP } from "../sys/linux/constants/protocols.js";
import { SO_ACCEPTCONN } from "../sys/linux/constants/so.js";
import { SOCK_SEQPACKET, SOCK_STREAM } from "../sys/linux/constants/types.js";
import { EAGAIN, EBUSY } from "../sys/linux/errnos.js";
import { DatagramSocket } from "./datagrams.js";
import { Descriptor } from "./descriptor.js";
import type { Flow, FlowOptions } from "./flow.js";
import { type SocketTransfer, takeTransfer, transferOf } from "./handover.js";
import type { Operation } from "./operation.js";
import { acceptConnection } from "./operations/accept.js";
import { Connect } from "./operations/connect.js";
import { EachConnection } from "./operations/each.js";
import { sendFileRange } from "./operations/sendfile.js";

/**
 * What a socket gives when it is iterated: a chunk of data from a connected one, a pair from a listening one.
 * Types cannot follow listen(), so the element has both faces; it has the one that fits the socket.
 */
export type Iterated<Family extends number> = Buffer & [socket: Socket<Family>, address: AddressOf<Family>];

const chunkSize = 64 * 1024;

// The kernel's choice for a stream is TCP.
const tcpProtocols: readonly number[] = [0, IPPROTO_TCP, IPPROTO_MPTCP];

interface WebStreams {
	readable?: ReadableStream<Uint8Array>;
	writable?: WritableStream<Uint8Array | string>;
}

/**
 * A socket of any family and type. Every operation that can wait comes twice: `await s.recv(1024)` waits in the
 * event loop, `s.recvSync(1024)` blocks the thread. Python's socket.socket.
 */
export class Socket<Family extends number = number> extends DatagramSocket<Family> {
	#streams: WebStreams | undefined = undefined;

	/**
	 * Connects to an address, or sets the peer of a datagram socket. connect(2). A host name is resolved first;
	 * the timeout does not count that, as in Python.
	 * @throws SocketError ECONNREFUSED, EHOSTUNREACH, ENOENT, EINPROGRESS (non-blocking) …; TimeoutError; GaiError
	 */
	connect(address: AddressOf<Family>, options?: WaitOptions): Promise<void> {
		let target: AddressOf<Family>;
		try {
			target = snapshot(address);
			checkAddress(this.family, target);
			this.descriptor.open("connect");
			if (needsResolving(this.family, target)) {
				return resolveAddress(this.family, target, options?.signal).then((numeric) =>
					this.perform(() => connection(this, numeric), options),
				);
			}
		} catch (error) {
			return Promise.reject(error);
		}
		return this.perform(() => connection(this, target), options);
	}

	/** The blocking twin of `connect`. */
	connectSync(address: AddressOf<Family>, options?: WaitOptions): void {
		checkAddress(this.family, address);
		this.descriptor.open("connect");
		this.performSync(connection(this, resolveAddressSync(this.family, address)), options);
	}

	/**
	 * Like `connect`, but gives the errno, positive, instead of throwing it; 0 for success. A timeout is EAGAIN.
	 * What is wrong with the address, and a name that does not resolve, are still thrown. Python's connect_ex().
	 */
	connectEx(address: AddressOf<Family>, options?: WaitOptions): Promise<number> {
		return this.connect(address, options).then(() => 0, errnoOf);
	}

	/** The blocking twin of `connectEx`. */
	connectExSync(address: AddressOf<Family>, options?: WaitOptions): number {
		try {
			this.connectSync(address, options);
			return 0;
		} catch (error) {
			return errnoOf(error);
		}
	}

	/**
	 * The next connection and the peer's address. The new socket has the default timeout. accept(2).
	 * @throws SocketError EINVAL (not listening), EMFILE, ECONNABORTED …; TimeoutError; BlockingIOError
	 */
	accept(options?: WaitOptions): Promise<[socket: Socket<Family>, address: AddressOf<Family>]> {
		return this.perform(() => acceptance(this), options);
	}

	/** The blocking twin of `accept`. */
	acceptSync(options?: WaitOptions): [socket: Socket<Family>, address: AddressOf<Family>] {
		return this.performSync(acceptance(this), options);
	}

	/**
	 * Hands every connection to a function, as it comes: `s.acceptEach((conn, address) => …)`. A connection that was
	 * given up before it was accepted is left out.
	 * @returns the flow, to be paused, resumed and stopped; `flow.ended` is rejected with EMFILE … and with what the
	 *   function throws. Until it ends accept() fails with EBUSY.
	 */
	acceptEach(
		handler: (socket: Socket<Family>, address: AddressOf<Family>) => void,
		options: FlowOptions = {},
	): Flow {
		if (typeof handler !== "function")
			throw new TypeError(`acceptEach takes a function, not ${kindOf(handler)}`);
		checkWaitOptions(options);
		const { descriptor, family, type, proto } = this;
		const each = new EachConnection(descriptor, (fd, peer) =>
			handler(new Socket(family, type, proto, new Descriptor(fd)), peer as AddressOf<Family>),
		);
		return each.begin(this, options);
	}

	/** A second object for the same open socket, with a descriptor of its own. dup(2). */
	dup(): Socket<Family> {
		const fd = check("dup", fcntl(this.descriptor.open("dup"), F_DUPFD_CLOEXEC, 0));
		const twin = new Socket(this.family, this.type, this.proto, new Descriptor(fd));
		twin.settimeout(this.gettimeout());
		// Either may take urgent data out from in front of the other.
		this.descriptor.distrustQueue();
		twin.descriptor.distrustQueue();
		return twin;
	}

	/**
	 * Sends a regular file without reading it into this process, and gives how many bytes went out. The file's
	 * own position is neither used nor moved. sendfile(2), Python's sendfile().
	 * @param file a descriptor, or an object that has one as `fd`, as fs.promises.open() gives
	 * @param offset where in the file to begin
	 * @param count how many bytes; to the end of the file when left out
	 */
	sendfile(
		file: number | { fd: number },
		offset = 0,
		count?: number,
		options?: WaitOptions,
	): Promise<number> {
		return this.perform(() => fileRange(this.type, file, offset, count), options);
	}

	/** The blocking twin of `sendfile`. */
	sendfileSync(file: number | { fd: number }, offset = 0, count?: number, options?: WaitOptions): number {
		return this.performSync(fileRange(this.type, file, offset, count), options);
	}

	/**
	 * Gives the socket to another thread: put the result into postMessage(), and take it there by
	 * `Socket.receive()`. Descriptors belong to the process, so any kind of socket can move; nothing that was
	 * sent to it is lost. This object counts as closed from then on. A message that nobody receives leaves the
	 * descriptor open until the process ends.
	 * @throws SocketError EBUSY while an operation waits
	 */
	transfer(): SocketTransfer {
		this.descriptor.open("transfer");
		const { pending } = this.descriptor;
		if (pending > 0) {
			throw socketError("transfer", -EBUSY, {
				advice: `${pending === 1 ? "an operation waits" : `${pending} operations wait`} on the socket`,
			});
		}
		return transferOf(this);
	}

	/**
	 * The socket that another thread gave away by `transfer()`, with its family, type and timeout. Each message
	 * can be received once, in whichever thread it is.
	 * @throws TypeError for what is no such message; SocketError EBADF when the socket is gone or was received
	 */
	static receive(message: SocketTransfer): Socket {
		const { fd, family, type, proto, timeout } = takeTransfer(message);
		const socket = new Socket(family, type, proto, new Descriptor(fd));
		socket.settimeout(timeout);
		return socket;
	}

	/**
	 * The socket as a file of text: lines, counts of characters. Python's makefile(). Closing the file flushes it
	 * and leaves the socket open.
	 * @param mode "r", "w" or "rw"; with a "b" the file is one of bytes
	 */
	makefile(mode?: TextMode, options?: TextFileOptions): TextFile;
	/** The socket as a file of bytes: lines, exact counts. */
	makefile(mode: BinaryMode, options?: BinaryFileOptions): BinaryFile;
	makefile(
		mode?: TextMode | BinaryMode,
		options?: TextFileOptions | BinaryFileOptions,
	): TextFile | BinaryFile {
		return makefile(this, mode as TextMode, options as TextFileOptions);
	}

	/**
	 * The socket as a node:stream Duplex, with back-pressure and half-close kept, on which node:http, node:tls
	 * and ws run. The stream owns the socket from then on: destroying it closes the socket.
	 */
	toStream(options?: ToStreamOptions): ChannelStream {
		return toStream(this, options);
	}

	/** What arrives, as a web stream of bytes. It is made once. */
	get readable(): ReadableStream<Uint8Array> {
		this.#streams ??= {};
		this.#streams.readable ??= readable(this);
		return this.#streams.readable;
	}

	/** What is sent, as a web stream. Closing it ends the sending side; aborting it closes the socket. Made once. */
	get writable(): WritableStream<Uint8Array | string> {
		this.#streams ??= {};
		this.#streams.writable ??= writable(this);
		return this.#streams.writable;
	}

	/**
	 * What arrives: chunks of at most 64 KiB until the peer has ended its side, or, from a listening socket,
	 * `[socket, address]` pairs until it is closed.
	 */
	async *[Symbol.asyncIterator](): AsyncGenerator<Iterated<Family>, void, undefined> {
		const listening = this.getsockopt(SOL_SOCKET, SO_ACCEPTCONN) !== 0;
		const next = listening ? () => this.accept() : () => this.recv(chunkSize);
		// An empty datagram is not the end; nor is an empty packet of a raw socket.
		const endless = listening || (this.type !== SOCK_STREAM && this.type !== SOCK_SEQPACKET);
		for (;;) {
			let item: Awaited<ReturnType<typeof next>>;
			try {
				item = await next();
			} catch (error) {
				if (this.closed) return; // Closed by its owner, which is how a listener's loop ends.
				throw error;
			}
			if (!endless && item.length === 0) return;
			yield item as Iterated<Family>;
		}
	}
}

function connection({ family, type, proto }: Socket, address: Address): Connect {
	const isInternet = family === AF_INET || family === AF_INET6;
	const isTcp = isInternet && type === SOCK_STREAM && tcpProtocols.includes(proto);
	return new Connect(family, address, isTcp);
}

function acceptance<Family extends number>({
	family,
	type,
	proto,
}: Socket<Family>): Operation<[Socket<Family>, AddressOf<Family>]> {
	return acceptConnection((fd, address) => [
		new Socket(family, type, proto, new Descriptor(fd)),
		address as AddressOf<Family>,
	]);
}

function fileRange(
	type: number,
	file: number | { fd: number },
	offset: number,
	count: number | undefined,
): Operation<number> {
	const fd = typeof file === "number" ? file : file?.fd;
	if (typeof fd !== "number") throw new TypeError(`sendfile takes a file's descriptor, not ${kindOf(file)}`);
	checkInteger(offset, 0, Number.MAX_SAFE_INTEGER, "sendfile: offset");
	if (count !== undefined) checkInteger(count, 1, Number.MAX_SAFE_INTEGER, "sendfile: count");
	if (type !== SOCK_STREAM) throw new TypeError("sendfile needs a stream socket");
	if (!fstatSync(fd).isFile()) throw new TypeError("sendfile takes a regular file: not a pipe or a device");
	return sendFileRange(fd, offset, count);
}

/** The positive errno of what a connection failed with. */
function errnoOf(error: unknown): number {
	if (!(error instanceof SocketError) || error instanceof GaiError) throw error;
	// As in Python, which answers EWOULDBLOCK when its own timeout has run out.
	return error instanceof TimeoutError && error.timeout !== undefined ? EAGAIN : -error.errno;
}
