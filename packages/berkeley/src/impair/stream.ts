/**
 * `impairedStream()`: a connection with faults, as a channel of bytes.
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import type { Address } from "../address/types.js";
import {
	type Bytes,
	checkSize,
	checkTimeout,
	checkWaitOptions,
	toBytes,
	type WaitOptions,
} from "../arguments.js";
import { socketError, timeoutError } from "../errors.js";
import { nodelay } from "../options/tcp.js";
import { Socket } from "../socket/socket.js";
import type { AsyncByteChannel, NamedChannel } from "../stream/channel.js";
import { AF_INET, AF_INET6 } from "../sys/linux/constants/families.js";
import { SHUT_RD, SHUT_WR } from "../sys/linux/constants/shutdown.js";
import { SOCK_STREAM } from "../sys/linux/constants/types.js";
import { EAGAIN, EBADF, ECONNRESET, EPIPE } from "../sys/linux/errnos.js";
import { Arrivals } from "./arrivals.js";
import { Cutter, type StreamPart } from "./cutter.js";
import { type End, MadeUpConnection } from "./madeup.js";
import { reset } from "./reset.js";
import type { SocketDirection } from "./socket.js";
import { StreamLine, type StreamStatistics } from "./streamline.js";
import { checkPlan, type StreamOptions, type StreamPlan } from "./streamplan.js";
import { type PacketSink, Trace } from "./trace.js";

const readSize = 0x10000;
/** How long a closed connection may still bring what was sent before. */
const lingering = 10_000;

let madeUpPort = 0xc000;

/**
 * A connection whose sending, receiving or both go through lines with faults. It is a channel of bytes, so
 * `makefile()`, `toStream()` and `wrapTls()` of `berkeley/stream` take it: files, HTTP and TLS run over it. There are
 * no blocking forms.
 *
 * What is sent and waits counts as sent; when it cannot be, or when the plan resets the connection, both ends see
 * ECONNRESET. The connection is received from while a receiving operation waits.
 */
export class ImpairedStream implements AsyncByteChannel, NamedChannel {
	/** The connection itself, for its options. Do not send or receive by it. */
	readonly socket: Socket;
	/** The seed, for a run like this one. */
	readonly seed: number;
	/** The address family: AF_INET … */
	readonly family: number;
	readonly #sending: StreamLine;
	readonly #receiving: StreamLine;
	readonly #arrivals: Arrivals<Buffer>;
	readonly #trace: MadeUpConnection | undefined;
	#closed = false;
	#isReset = false;
	#isShut = false;
	/** One sends after another. */
	#turn: Promise<unknown> = Promise.resolve();

	/** As `impairedStream()` makes it. */
	constructor(socket: Socket, plan: StreamPlan<SocketDirection>, options: StreamOptions = {}) {
		if (!(socket instanceof Socket)) {
			throw new TypeError(`impairedStream takes a Socket, not ${kindOf(socket)}`);
		}
		if (socket.type !== SOCK_STREAM) {
			throw new TypeError("impairedStream is for streams: for datagrams there is impaired()");
		}
		this.seed = checkPlan(plan, ["send", "receive"], options);
		this.socket = socket;
		this.family = socket.family;
		const trace = new Trace(options.trace);
		if (trace.records) {
			const [own, peer] = endsOf(socket);
			this.#trace = new MadeUpConnection(own, peer, (packet, isOwn, comment) =>
				trace.record(packet, "raw", { direction: isOwn ? "out" : "in", comment }),
			);
			this.#trace.begin();
		}
		this.#arrivals = new Arrivals((wait) => this.#pull(wait), socket);
		const cutters = (["send", "receive"] as const).map(
			(direction) => new Cutter(plan[direction] ?? {}, this.seed, direction),
		);
		const [send, receive] = cutters as [Cutter, Cutter];
		if (send.impairments.apart && (socket.family === AF_INET || socket.family === AF_INET6)) {
			socket.set(nodelay, true);
		}
		this.#sending = new StreamLine(send, (part) => this.#transmit(part));
		this.#receiving = new StreamLine(receive, (part) => this.#arrive(part));
		this.#sending.begin();
		this.#receiving.begin();
	}

	/** What became of what was sent and received. */
	get statistics(): Readonly<Record<SocketDirection, StreamStatistics>> {
		return { send: this.#sending.statistics, receive: this.#receiving.statistics };
	}

	/** Whether it is closed. */
	get closed(): boolean {
		return this.#closed;
	}

	/** The connection's own address. getsockname(2). */
	getsockname(): Address {
		return this.socket.getsockname();
	}

	/** The peer's address. getpeername(2). */
	getpeername(): Address {
		return this.socket.getpeername();
	}

	/** Sets an option of the connection. setsockopt(2). */
	setsockopt(level: number, name: number, value: number): void {
		this.socket.setsockopt(level, name, value);
	}

	/** The connection's timeout in milliseconds, which operations have that are given none. */
	gettimeout(): number | null {
		return this.socket.gettimeout();
	}

	/** At most `size` bytes as they arrive; empty at the end. recv(2). @param flags 0 */
	async recv(size: number, flags = 0, options?: WaitOptions): Promise<Buffer> {
		checkSize("recv: size", size);
		checkNoFlags("recv", flags);
		this.#check("recv");
		let taken: Buffer = Buffer.alloc(0);
		if (size === 0) return taken;
		await this.#arrivals.take("recv", options, (data) => {
			taken = data.subarray(0, size);
			// The end stays.
			return data.length > size || data.length === 0 ? data.subarray(taken.length) : undefined;
		});
		return taken;
	}

	/** Sends what there is room for, which waits for its time then, and gives the count. send(2). @param flags 0 */
	async send(data: Bytes, flags = 0, options?: WaitOptions): Promise<number> {
		const bytes = toBytes("send", data);
		checkNoFlags("send", flags);
		return this.#put("send", bytes, options, false);
	}

	/** Sends all of the data: it waits for its time then. Python's sendall(). @param flags 0 */
	async sendall(data: Bytes, flags = 0, options?: WaitOptions): Promise<void> {
		const bytes = toBytes("sendall", data);
		checkNoFlags("sendall", flags);
		await this.#put("sendall", bytes, options, true);
	}

	/** Ends one direction, or both; the sending one behind all that was sent. shutdown(2). */
	shutdown(how: number): void {
		checkInteger(how, 0, 2, "how");
		this.#check("shutdown");
		if (how !== SHUT_RD) {
			this.#isShut = true;
			this.#sending.end();
		}
		if (how !== SHUT_WR) this.socket.shutdown(SHUT_RD);
	}

	/** Waits until all that was sent has gone out. */
	drained(): Promise<void> {
		return this.#sending.drained();
	}

	/**
	 * Closes it. What was sent goes out in its time, behind the call, for ten seconds at most; then the connection is
	 * reset.
	 */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#receiving.close();
		this.#arrivals.clear();
		this.#arrivals.fail(() => socketError("recv", -EBADF));
		if (this.#sending.idle || this.socket.closed) {
			this.#finish();
			return;
		}
		const timer = setTimeout(() => this.#break(), lingering);
		void this.#sending.drained().then(() => {
			clearTimeout(timer);
			this.#finish();
		});
	}

	/** close(). */
	[Symbol.dispose](): void {
		this.close();
	}

	#finish(): void {
		this.#sending.close();
		if (!this.socket.closed) this.#trace?.end(true);
		this.socket.close();
	}

	#check(name: string): void {
		if (this.#closed) throw socketError(name, -EBADF);
		if (this.#isReset) throw socketError(name, -ECONNRESET);
	}

	/** Puts bytes into the line, as there is room; whoever came before is first. */
	#put(name: string, bytes: Uint8Array, options: WaitOptions | undefined, all: boolean): Promise<number> {
		checkWaitOptions(options);
		const given = options?.timeout;
		const timeout = given === undefined ? this.gettimeout() : checkTimeout("timeout", given);
		const signal = options?.signal;
		signal?.throwIfAborted();
		const before = this.#turn;
		const limit = new Limit(name, timeout, signal);
		const own = (async () => {
			try {
				await limit.within(before);
				let sent = 0;
				do {
					this.#check(name);
					if (this.#isShut) throw socketError(name, -EPIPE);
					if (this.#sending.room <= 0) await limit.within(this.#sending.whenRoom());
					this.#check(name);
					const part = bytes.subarray(sent, sent + this.#sending.room);
					this.#sending.put(part);
					sent += part.length;
				} while (all && sent < bytes.length);
				return sent;
			} finally {
				limit.clear();
			}
		})();
		// Who leaves early does not let the next one by before those ahead are through.
		this.#turn = Promise.allSettled([before, own]);
		return own;
	}

	async #transmit({ bytes, act, comment }: StreamPart): Promise<void> {
		if (act === "reset") {
			this.#break(comment);
			return;
		}
		try {
			if (act === "end") {
				this.#trace?.end(true, comment);
				this.socket.shutdown(SHUT_WR);
				return;
			}
			this.#trace?.data(true, bytes, comment);
			await this.socket.sendall(bytes, 0, { timeout: null });
		} catch {
			this.#break();
		}
	}

	/** Takes from the connection what there is room for. */
	async #pull(wait: WaitOptions): Promise<void> {
		if (this.#receiving.room <= 0) {
			if (wait.timeout === 0) throw socketError("recv", -EAGAIN);
			await this.#receiving.whenRoom();
			return;
		}
		const data = await this.socket.recv(Math.min(readSize, this.#receiving.room), 0, wait);
		if (data.length > 0) this.#receiving.put(data);
		else {
			this.#receiving.end();
			await this.#receiving.drained();
		}
	}

	#arrive({ bytes, act, comment }: StreamPart): undefined {
		if (act === "reset") {
			this.#break(comment);
			return;
		}
		if (act === "end") this.#trace?.end(false, comment);
		else this.#trace?.data(false, bytes, comment);
		this.#arrivals.add(Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength));
	}

	/** Resets the connection. */
	#break(comment?: string): void {
		if (this.#isReset) return;
		this.#isReset = true;
		this.#trace?.reset(true, comment);
		this.#sending.close();
		this.#receiving.close();
		reset(this.socket);
		this.#arrivals.clear();
		this.#arrivals.fail(() => socketError("recv", -ECONNRESET));
	}
}

/** A wait with an end. */
class Limit {
	readonly #over: Promise<never>;
	#clear: () => void = () => {};

	constructor(name: string, timeout: number | null, signal: AbortSignal | undefined) {
		this.#over = new Promise((_, reject) => {
			const timer =
				timeout === null ? undefined : setTimeout(() => reject(timeoutError(name, timeout)), timeout);
			const abort = (): void => reject(signal?.reason);
			signal?.addEventListener("abort", abort);
			this.#clear = () => {
				clearTimeout(timer);
				signal?.removeEventListener("abort", abort);
			};
		});
		this.#over.catch(() => {});
	}

	within<T>(promise: Promise<T>): Promise<T> {
		return Promise.race([promise, this.#over]);
	}

	clear(): void {
		this.#clear();
	}
}

function checkNoFlags(name: string, flags: number): void {
	if (flags !== 0) throw new RangeError(`${name}: an impaired stream knows no flags, not ${flags}`);
}

/** The ends of a connection; made up where they are no hosts. */
function endsOf(socket: Socket): [own: End, peer: End] {
	const own = socket.getsockname();
	const peer = socket.getpeername();
	if (isEnd(own) && isEnd(peer)) return [own, peer];
	madeUpPort = madeUpPort === 0xffff ? 0xc000 : madeUpPort + 1;
	return [
		{ host: "127.0.0.1", port: madeUpPort },
		{ host: "127.0.0.1", port: 1 },
	];
}

function isEnd(address: Address): address is Address & End {
	return typeof address === "object" && "host" in address && "port" in address;
}

/**
 * Records what is sent and received by a connection, as `impairedStream()` without impairments does: as TCP segments
 * that Wireshark can follow.
 */
export function tracedStream(socket: Socket, trace: PacketSink): ImpairedStream {
	return new ImpairedStream(socket, {}, { trace });
}

/**
 * Puts a connection (TCP, Unix) behind lines with faults: delay, rate, pieces, stalls, resets, an end too early,
 * flipped bits. A stream loses and reorders nothing, so a plan with `loss` is refused.
 *
 *     const slow = impairedStream(connection, { receive: { rate: 1000, pieces: 7, reset: { at: 5000 } } }, { seed: 7 });
 *     for await (const line of makefile(slow)) …
 *
 * @throws TypeError, RangeError for a plan that is none, and for sockets of datagrams; ENOTCONN for a trace of what is
 *   not connected
 */
export function impairedStream(
	socket: Socket,
	plan: StreamPlan<SocketDirection>,
	options: StreamOptions = {},
): ImpairedStream {
	return new ImpairedStream(socket, plan, options);
}
