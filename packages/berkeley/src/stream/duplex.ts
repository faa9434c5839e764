/**
 * A connection as a node:stream Duplex that also has the methods of net.Socket that users of one call: node:http,
 * node:tls, ws and ssh2 run on it.
 */
import { addAbortSignal, Duplex } from "node:stream";
import { checkInteger } from "../address/bytes.js";
import type { Address } from "../address/types.js";
import { SocketError } from "../errors.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import { SOL_SOCKET } from "../sys/linux/constants/levels.js";
import { IPPROTO_TCP } from "../sys/linux/constants/protocols.js";
import { SHUT_WR } from "../sys/linux/constants/shutdown.js";
import { SO_KEEPALIVE } from "../sys/linux/constants/so.js";
import { TCP_KEEPIDLE, TCP_NODELAY } from "../sys/linux/constants/tcp.js";
import type { AsyncByteChannel, ByteFlow, NamedChannel } from "./channel.js";
import { joined } from "./joined.js";

/** How a Duplex is made. */
export interface ToStreamOptions {
	/**
	 * True, when left out: the peer's end leaves this end open for writing. False ends it as well, as net.Socket
	 * does unless told; give it so to an http.Agent, which otherwise takes a connection that the peer has ended
	 * for a live one.
	 */
	allowHalfOpen?: boolean;
	/** Bytes received ahead of the reader; 65536 when left out. */
	readableHighWaterMark?: number;
	/** Bytes written ahead of the peer before write() says false; 65536 when left out. */
	writableHighWaterMark?: number;
	/** Destroys the stream, and with it the channel, when it fires. */
	signal?: AbortSignal;
}

/** What address() gives. */
export interface StreamAddress {
	/** The host's IP address. */
	address: string;
	/** The family of the address. */
	family: "IPv4" | "IPv6";
	/** The port, 0 to 65535. */
	port: number;
}

const sizeOfReads = 0x10000;
// Deno's node:tls hangs when it is given a piece that it has not asked for, which a flow hands out.
const takesMore = !("deno" in process.versions);
const defaultHighWaterMark = 0x10000;
// A larger piece is sent in parts, so that progress shows in the idle timer.
const largestPart = 0x40000;

/**
 * A connection as a Duplex with back-pressure in both directions. `end()` shuts the sending direction down;
 * destroying it closes the channel, as does the end of both directions. While it is in use nobody else may read
 * from the channel.
 */
export class ChannelStream extends Duplex {
	/** Always false: the channel is connected. */
	readonly connecting: boolean = false;
	/** Always false: the channel is connected. */
	readonly pending: boolean = false;
	/** What setTimeout() set, in milliseconds; undefined before. */
	timeout: number | undefined = undefined;
	readonly #channel: AsyncByteChannel & NamedChannel;
	#flow: ByteFlow | undefined;
	#bytesRead = 0;
	#bytesSent = 0;
	#idle: NodeJS.Timeout | undefined;
	#local: Address | undefined;
	#remote: Address | undefined;

	/** Made by toStream(): the stream of a channel, which it closes when it is destroyed. */
	constructor(channel: AsyncByteChannel & NamedChannel, options: ToStreamOptions = {}) {
		super({
			allowHalfOpen: options.allowHalfOpen ?? true,
			readableHighWaterMark: options.readableHighWaterMark ?? defaultHighWaterMark,
			writableHighWaterMark: options.writableHighWaterMark ?? defaultHighWaterMark,
			// `close` is emitted here, for it tells whether there was an error.
			emitClose: false,
		});
		this.#channel = channel;
		// Not before: a signal that has fired already destroys the stream at once.
		if (options.signal !== undefined) addAbortSignal(options.signal, this);
	}

	/** How many bytes were received. */
	get bytesRead(): number {
		return this.#bytesRead;
	}

	/** How many bytes were written, those included that wait to be sent. */
	get bytesWritten(): number {
		return this.#bytesSent + this.writableLength;
	}

	/** "open", "readOnly", "writeOnly" or "closed". */
	get readyState(): "open" | "readOnly" | "writeOnly" | "closed" {
		if (this.readable) return this.writable ? "open" : "readOnly";
		return this.writable ? "writeOnly" : "closed";
	}

	/** The peer's host; undefined where there is none. */
	get remoteAddress(): string | undefined {
		return hostOf(this.#peer());
	}

	/** The peer's port. */
	get remotePort(): number | undefined {
		return portOf(this.#peer());
	}

	/** "IPv4" or "IPv6". */
	get remoteFamily(): "IPv4" | "IPv6" | undefined {
		return familyOf(this.#peer());
	}

	/** This end's host; undefined where there is none. */
	get localAddress(): string | undefined {
		return hostOf(this.#own());
	}

	/** This end's port. */
	get localPort(): number | undefined {
		return portOf(this.#own());
	}

	/** "IPv4" or "IPv6". */
	get localFamily(): "IPv4" | "IPv6" | undefined {
		return familyOf(this.#own());
	}

	/** This end's address; an empty object where it has no host and port. */
	address(): StreamAddress | Record<string, never> {
		const own = this.#own();
		const [address, family, port] = [hostOf(own), familyOf(own), portOf(own)];
		if (address === undefined || family === undefined || port === undefined) return {};
		return { address, family, port };
	}

	/**
	 * Emits 'timeout' when nothing was received or sent for so many milliseconds; 0 never. It does not close
	 * anything, and does not keep the event loop alive.
	 */
	setTimeout(milliseconds: number, callback?: () => void): this {
		const least = Number.isFinite(milliseconds) ? Math.trunc(milliseconds) : milliseconds;
		checkInteger(least, 0, Number.MAX_SAFE_INTEGER, "milliseconds");
		this.timeout = milliseconds;
		clearTimeout(this.#idle);
		this.#idle = undefined;
		if (least === 0) {
			if (callback !== undefined) this.removeListener("timeout", callback);
			return this;
		}
		if (callback !== undefined) this.once("timeout", callback);
		if (!this.destroyed) {
			const longest = 2 ** 31 - 1;
			this.#idle = setTimeout(() => this.emit("timeout"), Math.min(least, longest)).unref();
		}
		return this;
	}

	/** TCP_NODELAY, where the channel is a TCP socket. A failure is ignored, as net.Socket ignores it. */
	setNoDelay(noDelay: boolean = true): this {
		this.#setOption(IPPROTO_TCP, TCP_NODELAY, noDelay ? 1 : 0);
		return this;
	}

	/**
	 * SO_KEEPALIVE and, where a delay of at least a second is given, TCP_KEEPIDLE, where the channel is a TCP
	 * socket. A failure is ignored, as net.Socket ignores it.
	 * @param initialDelay milliseconds before the first probe; 0 leaves the system's
	 */
	setKeepAlive(enable: boolean = false, initialDelay: number = 0): this {
		this.#setOption(SOL_SOCKET, SO_KEEPALIVE, enable ? 1 : 0);
		const seconds = Math.trunc(initialDelay / 1000);
		if (enable && seconds > 0) this.#setOption(IPPROTO_TCP, TCP_KEEPIDLE, seconds);
		return this;
	}

	/** Calls the channel's ref() where it has one; else nothing: what waits keeps the event loop alive. */
	ref(): this {
		this.#channel.ref?.();
		return this;
	}

	/** Calls the channel's unref() where it has one; else nothing: what waits keeps the event loop alive. */
	unref(): this {
		this.#channel.unref?.();
		return this;
	}

	/** Destroys the stream once everything written is sent. */
	destroySoon(): void {
		if (this.writable) this.end();
		if (this.writableFinished) this.destroy();
		else this.once("finish", () => this.destroy());
	}

	override _read(): void {
		if (this.#flow !== undefined) this.#flow.resume();
		else if (takesMore && this.#channel.recvEach !== undefined)
			this.#flow = this.#begin(this.#channel.recvEach);
		else this.#receive();
	}

	/** Takes from the channel what arrives, for as long as the reader keeps up. */
	#begin(recvEach: NonNullable<AsyncByteChannel["recvEach"]>): ByteFlow {
		const flow = recvEach.call(this.#channel, (data) => {
			this.#bytesRead += data.byteLength;
			this.#stirred();
			if (!this.push(Buffer.from(data))) flow.pause();
		});
		flow.ended.then(
			() => {
				if (!this.destroyed) this.push(null);
			},
			(error) => this.destroy(error),
		);
		return flow;
	}

	#receive(): void {
		// A second recv is never under way: Duplex asks again only after a push.
		this.#channel.recv(sizeOfReads, 0, { timeout: null }).then(
			(piece) => {
				this.#bytesRead += piece.byteLength;
				this.#stirred();
				this.push(piece.byteLength === 0 ? null : piece);
			},
			(error) => this.destroy(error),
		);
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
		this.#send(chunk).then(() => callback(), callback);
	}

	override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
		this.#sendAll(chunks.map(({ chunk }) => chunk)).then(() => callback(), callback);
	}

	override _final(callback: (error?: Error | null) => void): void {
		try {
			this.#channel.shutdown(SHUT_WR);
			callback();
		} catch (error) {
			// The peer has reset the connection, or closed its end of a socket pair: there is nobody to tell.
			const gone = error instanceof Error && "code" in error && error.code === "ENOTCONN";
			callback(gone ? null : (error as Error));
		}
	}

	override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
		clearTimeout(this.#idle);
		let failure = error;
		try {
			this.#channel.close();
		} catch (reason) {
			failure ??= reason as Error;
		}
		callback(failure);
		// After 'error', which is emitted in a tick that was queued before.
		process.nextTick(() => this.emit("close", failure !== null));
	}

	async #sendAll(chunks: Buffer[]): Promise<void> {
		for (const piece of joined(chunks)) await this.#send(piece);
	}

	async #send(piece: Buffer): Promise<void> {
		for (let start = 0; start < piece.byteLength; start += largestPart) {
			await this.#channel.sendall(piece.subarray(start, start + largestPart), 0, { timeout: null });
			this.#stirred();
		}
		this.#bytesSent += piece.byteLength;
	}

	#stirred(): void {
		this.#idle?.refresh();
	}

	#setOption(level: number, name: number, value: number): void {
		const channel = this.#channel;
		if (channel.family !== AF_INET && channel.family !== AF_INET6) return;
		try {
			channel.setsockopt?.(level, name, value);
		} catch (error) {
			if (!(error instanceof SocketError)) throw error;
		}
	}

	#own(): Address | undefined {
		this.#local ??= nameOf(() => this.#channel.getsockname?.());
		return this.#local;
	}

	#peer(): Address | undefined {
		this.#remote ??= nameOf(() => this.#channel.getpeername?.());
		return this.#remote;
	}
}

/** A connection as a Duplex. @see ChannelStream */
export function toStream(channel: AsyncByteChannel & NamedChannel, options?: ToStreamOptions): ChannelStream {
	return new ChannelStream(channel, options);
}

function nameOf(ask: () => Address | undefined): Address | undefined {
	try {
		return ask();
	} catch (error) {
		// Not connected any more, or closed.
		if (error instanceof SocketError) return undefined;
		throw error;
	}
}

function hostOf(address: Address | undefined): string | undefined {
	return typeof address === "object" && "host" in address ? address.host : undefined;
}

function portOf(address: Address | undefined): number | undefined {
	return typeof address === "object" && "host" in address ? address.port : undefined;
}

function familyOf(address: Address | undefined): "IPv4" | "IPv6" | undefined {
	const host = hostOf(address);
	return host === undefined ? undefined : host.includes(":") ? "IPv6" : "IPv4";
}
