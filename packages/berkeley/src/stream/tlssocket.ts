/**
 * The socket that TLS makes of a channel.
 */
import type { ReadableStream, WritableStream } from "node:stream/web";
import type { CipherNameAndProtocol, DetailedPeerCertificate, PeerCertificate, TLSSocket } from "node:tls";
import { checkInteger } from "../address/bytes.js";
import type { Address } from "../address/types.js";
import { type Bytes, checkTimeout, toBuffer, toBytes, type WaitOptions } from "../arguments.js";
import { socketError } from "../errors.js";
import { SHUT_RD, SHUT_WR } from "../sys/linux/constants/shutdown.js";
import { EBADF, EPIPE } from "../sys/linux/errnos.js";
import type { AsyncByteChannel, NamedChannel } from "./channel.js";
import { type ChannelStream, type ToStreamOptions, toStream } from "./duplex.js";
import {
	type AsyncBinaryFile,
	type AsyncTextFile,
	type BinaryFileOptions,
	type BinaryMode,
	makefile,
	type TextFileOptions,
	type TextMode,
} from "./file.js";
import { Line, Patience } from "./patience.js";
import type { RecordStream } from "./records.js";
import { type TlsError, tlsEnded, tlsError } from "./tlserror.js";
import { readable, writable } from "./web.js";

const chunkSize = 0x10000;
// What is handed to TLS at once: what a timeout may find under way.
const largestPart = 0x4000;
// How long close() lets what was sent go out.
const lingerTime = 5000;

/**
 * A connection with TLS over it, made by wrapTls(). It has a socket's operations, awaited only. Python's
 * SSLSocket.
 */
export class TlsSocket<Channel extends AsyncByteChannel & NamedChannel = AsyncByteChannel & NamedChannel>
	implements AsyncByteChannel, NamedChannel
{
	/** The family of the socket below. */
	readonly family?: number;
	/** Whether the peer's certificate was verified against `ca`. */
	readonly authorized: boolean;
	/** Why it was not: "DEPTH_ZERO_SELF_SIGNED_CERT" …; undefined where it was, or where none was asked for. */
	readonly authorizationError: string | undefined;
	readonly #channel: Channel;
	readonly #records: RecordStream;
	readonly #tls: TLSSocket;
	readonly #readers = new Line();
	readonly #writers = new Line();
	/** Who waits for any change. */
	readonly #watchers = new Set<() => void>();
	#timeout: number | null;
	#failure: Error | undefined;
	#ended = false;
	#finished = false;
	#writing = false;
	#shutForReading = false;
	#shutForWriting = false;
	#closed = false;

	/** Internal: wrapTls() makes it, when the handshake is done. */
	constructor(channel: Channel, records: RecordStream, tls: TLSSocket) {
		this.#channel = channel;
		this.#records = records;
		records.holdWhile(() => tls.readableLength >= tls.readableHighWaterMark);
		this.#tls = tls;
		this.#timeout = channel.gettimeout?.() ?? null;
		if (channel.family !== undefined) this.family = channel.family;
		this.authorized = tls.authorized;
		this.authorizationError = tls.authorizationError ? String(tls.authorizationError) : undefined;
		const push = tls.push;
		// The end is known as soon as TLS has read the peer's close_notify: nothing behind it is for TLS.
		tls.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
			if (chunk === null) {
				this.#ended = true;
				records.stop();
			}
			return push.call(tls, chunk, encoding);
		};
		const failed = (error: Error): void => this.#fail(error);
		records.on("error", failed);
		tls.on("error", failed).on("_tlsError", failed).on("readable", this.#changed).on("end", this.#changed);
		tls.on("finish", () => {
			this.#finished = true;
			this.#changed();
		});
		tls.on("close", () => {
			this.#ended = true;
			this.#finished = true;
			this.#changed();
		});
	}

	/** Whether it is closed. */
	get closed(): boolean {
		return this.#closed;
	}

	/**
	 * At most `size` bytes, as soon as there are any; empty when the peer has ended, with a close_notify or
	 * without one. Python's SSLSocket.recv().
	 * @param flags must be 0
	 * @throws TlsError, SocketError (EBADF when closed meanwhile), TimeoutError
	 */
	async recv(size: number, flags: number = 0, options?: WaitOptions): Promise<Buffer> {
		checkInteger(size, 0, Number.MAX_SAFE_INTEGER, "recv: size");
		return this.#receive(size, flags, options);
	}

	/** Fills a buffer with what arrives and gives the count; 0 when the peer has ended. */
	async recvInto(
		buffer: ArrayBufferView | ArrayBuffer,
		flags: number = 0,
		options?: WaitOptions,
	): Promise<number> {
		const target = toBuffer("recvInto", buffer);
		const piece = await this.#receive(target.byteLength, flags, options);
		target.set(piece);
		return piece.byteLength;
	}

	/**
	 * Hands at most 16 KiB to TLS, and gives the count as soon as they went out. A timeout or an abort finds it
	 * either not begun, and rejects, or under way, and gives the count: TLS then goes on to send it, and the next
	 * operation waits for that.
	 * @param flags must be 0
	 * @throws SocketError EPIPE after shutdown(SHUT_WR), EBADF, ECONNRESET …; TlsError; TimeoutError
	 */
	async send(data: Bytes, flags: number = 0, options?: WaitOptions): Promise<number> {
		checkNoFlags("send", flags);
		const part = toBytes("send", data).subarray(0, largestPart);
		return this.#inLine(this.#writers, "send", options, async (patience) => {
			await this.#begin("send", part, patience);
			try {
				await this.#until(() => !this.#writing, "send", patience);
			} catch (error) {
				if (this.#failure !== undefined || this.#closed) throw error;
			}
			return part.byteLength;
		});
	}

	/**
	 * Sends everything: resolves when the channel has taken it. The timeout is for the whole. After an error
	 * nobody knows how much went out.
	 * @param flags must be 0
	 */
	async sendall(data: Bytes, flags: number = 0, options?: WaitOptions): Promise<void> {
		checkNoFlags("sendall", flags);
		const bytes = toBytes("sendall", data);
		await this.#inLine(this.#writers, "sendall", options, async (patience) => {
			for (let start = 0; start < bytes.byteLength; start += largestPart) {
				await this.#begin("sendall", bytes.subarray(start, start + largestPart), patience);
			}
			// Who does not wait leaves the last part to TLS, as send() does.
			if (patience.left !== 0) await this.#until(() => !this.#writing, "sendall", patience);
		});
	}

	/**
	 * SHUT_WR sends a close_notify after what was written, and then ends the sending direction of the channel;
	 * SHUT_RD makes recv() give the end from now on; SHUT_RDWR does both.
	 */
	shutdown(how: number): void {
		checkInteger(how, 0, 2, "shutdown: how");
		if (this.#closed) throw socketError("shutdown", -EBADF);
		if (how !== SHUT_RD && !this.#shutForWriting) {
			this.#shutForWriting = true;
			this.#tls.end();
		}
		if (how !== SHUT_WR) this.#shutForReading = true;
		this.#changed();
	}

	/**
	 * Ends TLS and gives the channel back, open, to go on in the clear: sends a close_notify and waits for the
	 * peer's. Nothing that the peer sends after its own is lost. Python's SSLSocket.unwrap().
	 * @throws TlsError ERR_SSL_APPLICATION_DATA_AFTER_CLOSE_NOTIFY when the peer still sent data or data was
	 *   not read, ECONNRESET when the connection ended instead. The channel is closed then, as after a timeout.
	 */
	async unwrap(options?: WaitOptions): Promise<Channel> {
		if (this.#shutForWriting) throw socketError("unwrap", -EPIPE);
		try {
			await this.#inLine(this.#readers, "unwrap", options, async (patience) => {
				await this.#until(() => !this.#writing, "unwrap", patience);
				this.#shutForWriting = true;
				this.#records.keepChannel();
				this.#tls.end();
				const through = (): boolean => this.#ended && this.#finished;
				await this.#until(() => this.#tls.readableLength > 0 || through(), "unwrap", patience);
				if (this.#failure !== undefined) throw this.#failure;
				if (this.#tls.readableLength > 0) throw unread();
				if (this.#records.atEnd) throw tlsEnded("unwrap", "without a close_notify");
			});
		} catch (error) {
			this.#records.destroy();
			this.#channel.close();
			this.#closed = true;
			this.#changed();
			throw error;
		}
		this.#closed = true;
		this.#tls.destroy();
		this.#changed();
		return this.#channel;
	}

	/**
	 * Closes TLS and the channel; what waits rejects with EBADF. What was sent still goes out, with a
	 * close_notify, for up to 5 seconds if the peer does not take it.
	 */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#changed();
		const tls = this.#tls;
		if (this.#failure !== undefined || this.#finished || tls.destroyed) {
			this.#destroy();
			return;
		}
		const limit = setTimeout(() => this.#destroy(), lingerTime);
		tls.once("close", () => clearTimeout(limit));
		tls.once("finish", () => this.#destroy());
		tls.end();
	}

	/** close(). */
	[Symbol.dispose](): void {
		this.close();
	}

	/** Closes it, and waits until the channel is closed. */
	async [Symbol.asyncDispose](): Promise<void> {
		this.close();
		if (!this.#tls.closed) await new Promise<void>((resolve) => this.#tls.once("close", () => resolve()));
	}

	/** Chunks of at most 64 KiB until the peer has ended. */
	async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
		for (let chunk = await this.recv(chunkSize); chunk.byteLength > 0; chunk = await this.recv(chunkSize)) {
			yield chunk;
		}
	}

	/** How long an operation may take: milliseconds, 0 not to wait, null without end. */
	settimeout(timeout: number | null): void {
		this.#timeout = checkTimeout("timeout", timeout);
	}

	/** What settimeout() set; at first the channel's timeout. */
	gettimeout(): number | null {
		return this.#timeout;
	}

	/** The protocol's version: "TLSv1.3"; undefined when closed. */
	version(): string | undefined {
		return this.#tls.getProtocol() ?? undefined;
	}

	/** The cipher in use; undefined when closed. */
	cipher(): CipherNameAndProtocol | undefined {
		const cipher = this.#tls.destroyed ? undefined : this.#tls.getCipher();
		return cipher ?? undefined;
	}

	/** The ALPN protocol that was agreed on (RFC 7301); null when none. Python's selected_alpn_protocol(). */
	selectedAlpnProtocol(): string | null {
		return this.#tls.alpnProtocol || null;
	}

	/** The name that the client has asked for (SNI); null when none. */
	servername(): string | null {
		const { servername } = this.#tls as unknown as { servername?: string | false };
		return servername || null;
	}

	/**
	 * The peer's certificate, decoded, with its bytes (DER) as `raw`; undefined when it has shown none or the
	 * connection is closed.
	 */
	getpeercert(): PeerCertificate | undefined;
	/** The same with the certificates above it as `issuerCertificate`. */
	getpeercert(detailed: true): DetailedPeerCertificate | undefined;
	getpeercert(detailed: boolean = false): PeerCertificate | undefined {
		const certificate = this.#tls.destroyed ? undefined : this.#tls.getPeerCertificate(detailed);
		return certificate && Object.keys(certificate).length > 0 ? certificate : undefined;
	}

	/** The session, for the `session` of a later connection; with TLS 1.3 there is one only once data has come. */
	session(): Buffer | undefined {
		return this.#tls.destroyed ? undefined : this.#tls.getSession();
	}

	/** Whether a session was taken up again. */
	sessionReused(): boolean {
		return !this.#tls.destroyed && this.#tls.isSessionReused();
	}

	/** The address of the socket below. */
	getsockname(): Address {
		if (this.#channel.getsockname === undefined)
			throw new TypeError("what is below TLS has no getsockname()");
		return this.#channel.getsockname();
	}

	/** The address of the peer of the socket below. */
	getpeername(): Address {
		if (this.#channel.getpeername === undefined)
			throw new TypeError("what is below TLS has no getpeername()");
		return this.#channel.getpeername();
	}

	/** Sets an option of the socket below. */
	setsockopt(level: number, name: number, value: number): void {
		if (this.#channel.setsockopt === undefined) throw new TypeError("what is below TLS has no setsockopt()");
		this.#channel.setsockopt(level, name, value);
	}

	/** As a text file. @see makefile */
	makefile(mode?: TextMode, options?: TextFileOptions): AsyncTextFile;
	/** As a file of bytes. @see makefile */
	makefile(mode: BinaryMode, options?: BinaryFileOptions): AsyncBinaryFile;
	makefile(mode?: TextMode | BinaryMode, options?: TextFileOptions): AsyncTextFile | AsyncBinaryFile {
		return makefile(this, mode as TextMode, options);
	}

	/** As a node:stream Duplex. @see toStream */
	toStream(options?: ToStreamOptions): ChannelStream {
		return toStream(this, options);
	}

	/** What is received, as a web stream. @see readable */
	get readable(): ReadableStream<Uint8Array> {
		return readable(this);
	}

	/** What is sent, as a web stream. @see writable */
	get writable(): WritableStream<Uint8Array | string> {
		return writable(this);
	}

	readonly #changed = (): void => {
		for (const watcher of [...this.#watchers]) watcher();
	};

	#fail(error: Error): void {
		// The first reason is the true one; TLS cannot go on after any.
		this.#failure ??= error;
		this.#destroy();
		this.#changed();
	}

	#destroy(): void {
		this.#tls.destroy();
		this.#records.destroy();
	}

	async #receive(size: number, flags: number, options: WaitOptions | undefined): Promise<Buffer> {
		checkNoFlags("recv", flags);
		return this.#inLine(this.#readers, "recv", options, async (patience) => {
			const tls = this.#tls;
			if (size === 0) return Buffer.alloc(0);
			// Data that came before the connection failed is still given.
			const ready = (): boolean => tls.readableLength > 0 || this.#ended || this.#shutForReading;
			while (!ready()) {
				tls.read(0);
				await this.#until(ready, "recv", patience);
			}
			if (this.#closed) throw socketError("recv", -EBADF);
			if (this.#shutForReading) return Buffer.alloc(0);
			if (tls.readableLength > 0) {
				const data = tls.read(Math.min(size, tls.readableLength)) as Buffer;
				this.#records.goOn();
				return data;
			}
			if (this.#failure !== undefined) throw tlsError("recv", this.#failure);
			return Buffer.alloc(0);
		});
	}

	/** Hands a part to TLS once the one before it went out. */
	async #begin(syscall: string, part: Uint8Array, patience: Patience): Promise<void> {
		await this.#until(() => !this.#writing, syscall, patience);
		if (this.#shutForWriting) throw socketError(syscall, -EPIPE);
		if (this.#tls.destroyed) throw socketError(syscall, -EPIPE);
		if (part.byteLength === 0) return;
		this.#writing = true;
		this.#tls.write(part, (error) => {
			this.#writing = false;
			// The channel knows better than TLS why nothing could be sent.
			if (error && !this.#closed) this.#failure ??= this.#records.errored ?? error;
			this.#changed();
		});
	}

	async #inLine<T>(
		line: Line,
		syscall: string,
		options: WaitOptions | undefined,
		work: (patience: Patience) => Promise<T>,
	): Promise<T> {
		const patience = new Patience(syscall, options, this.#timeout);
		this.#checkUsable(syscall);
		await line.enter(patience);
		try {
			this.#checkUsable(syscall);
			return await work(patience);
		} finally {
			line.leave();
		}
	}

	#checkUsable(syscall: string): void {
		if (this.#closed) throw socketError(syscall, -EBADF);
	}

	/** Waits for a change that makes it true. Throws EBADF when closed meanwhile, or why the connection failed. */
	async #until(ready: () => boolean, syscall: string, patience: Patience): Promise<void> {
		while (!ready()) {
			if (this.#failure !== undefined) throw tlsError(syscall, this.#failure);
			await patience.wait((done) => {
				this.#watchers.add(done);
				return () => this.#watchers.delete(done);
			});
			this.#checkUsable(syscall);
		}
		if (this.#failure !== undefined && this.#tls.readableLength === 0) throw tlsError(syscall, this.#failure);
	}
}

function checkNoFlags(what: string, flags: number): void {
	if (flags !== 0) throw new RangeError(`${what}: flags must be 0 over TLS, not ${flags}`);
}

function unread(): TlsError {
	return tlsError(
		"unwrap",
		Object.assign(new Error("data came that nobody has read"), {
			code: "ERR_SSL_APPLICATION_DATA_AFTER_CLOSE_NOTIFY",
		}),
	);
}
