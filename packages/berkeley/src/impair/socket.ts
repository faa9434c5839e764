/**
 * `impaired()`: a socket of datagrams behind a line with faults.
 */
import { kindOf } from "../address/bytes.js";
import type { Address, AddressOf } from "../address/types.js";
import { checkAddress, snapshot } from "../address/validate.js";
import {
	type Bytes,
	checkSize,
	type IntoOptions,
	sizeOf,
	toBytes,
	toRoom,
	type WaitOptions,
} from "../arguments.js";
import { needsResolving, resolveAddress } from "../resolve/resolveaddress.js";
import type { AncillaryInput, AncillaryMessage } from "../socket/ancillary.js";
import type { FillableBuffer } from "../socket/data.js";
import type { ReceivedMessage } from "../socket/operations/message.js";
import { close } from "../socket/pair.js";
import { Socket } from "../socket/socket.js";
import { MSG_DONTWAIT, MSG_TRUNC } from "../sys/linux/constants/msg.js";
import { SOCK_SEQPACKET, SOCK_STREAM } from "../sys/linux/constants/types.js";
import { Arrivals } from "./arrivals.js";
import { DatagramTrace } from "./datagramtrace.js";
import { injectors, type Plan } from "./injector.js";
import { Line, type LineStatistics } from "./line.js";
import { checkOptions, type ImpairOptions } from "./options.js";
import { commentOn, type PacketSink, Trace } from "./trace.js";
import type { Verdict } from "./verdict.js";

/** The directions of a socket. */
export type SocketDirection = "send" | "receive";

interface Outgoing {
	readonly perform: (data: Uint8Array, isLate: boolean) => Promise<number>;
	readonly peer: Address | undefined;
	/** Whether the call of the user that sends it has not returned yet. */
	isLate: boolean;
	result: Promise<number> | undefined;
}

type Meta = Omit<ReceivedMessage, "data">;

// The most that UDP and packet sockets hand over; the longer datagrams of Unix sockets need a larger size asked for.
const usualRoom = 0x10000;

/**
 * A socket of datagrams whose sending, receiving or both go through lines with faults. It has the awaited operations
 * of `Socket` for data, with their arguments, results and timeouts; everything else is at `socket`. There are no
 * blocking forms: a thread that stands still delivers nothing later.
 *
 * Left out are the operations that move many datagrams, and those without promises.
 *
 * What is sent and waits counts as sent; if it fails then, the next sending operation fails with that, as in the kernel.
 * What is to be received is taken from the socket while a receiving operation waits, so its delay begins then.
 */
export class ImpairedSocket<Family extends number = number> {
	/** The socket itself, for its options, names and timeout. Do not receive from it. */
	readonly socket: Socket<Family>;
	/** The seed, for a run like this one. */
	readonly seed: number;
	readonly #sending: Line<Outgoing>;
	readonly #receiving: Line<Meta>;
	readonly #arrivals: Arrivals<ReceivedMessage>;
	readonly #trace: DatagramTrace;
	#failure: unknown;
	/** As much room for ancillary data as anybody has asked for. */
	#controlSize = 0;
	#room = usualRoom;

	/** As `impaired()` makes it. */
	constructor(socket: Socket<Family>, plan: Plan<SocketDirection>, options: ImpairOptions = {}) {
		if (!(socket instanceof Socket)) throw new TypeError(`impaired takes a Socket, not ${kindOf(socket)}`);
		if (socket.type === SOCK_STREAM) {
			throw new TypeError(
				"impaired is for datagrams; a stream loses and reorders nothing: use impairedStream()",
			);
		}
		const { seed, log, trace } = checkOptions(options);
		const { send, receive } = injectors(plan, ["send", "receive"], seed);
		this.socket = socket;
		this.seed = seed;
		this.#trace = new DatagramTrace(socket, new Trace(trace));
		this.#sending = new Line(
			send,
			{
				deliver: (data, outgoing, verdict, copy) => this.#transmit(data, outgoing, verdict, copy),
				lose: (data, { peer }, verdict) => this.#trace.record(true, data, peer, commentOn(verdict)),
			},
			log,
		);
		this.#receiving = new Line(
			receive,
			{
				deliver: (data, meta, verdict, copy) => this.#arrive(data, meta, verdict, copy),
				lose: (data, meta, verdict) => {
					closeRights(meta.ancillary);
					this.#trace.record(false, data, meta.address, commentOn(verdict));
				},
			},
			log,
		);
		this.#arrivals = new Arrivals((wait) => this.#pull(wait), socket);
	}

	/** What became of what was sent and received. */
	get statistics(): Readonly<Record<SocketDirection, LineStatistics>> {
		return { send: this.#sending.statistics, receive: this.#receiving.statistics };
	}

	/** Whether it is closed. */
	get closed(): boolean {
		return this.socket.closed;
	}

	/** Sends a datagram to the connected peer, and gives its size, whatever becomes of it. send(2). */
	send(data: Bytes, flags = 0, options?: WaitOptions): Promise<number> {
		return this.#send("send", data, undefined, (bytes, isLate) =>
			this.socket.send(bytes, flags, patient(options, isLate)),
		);
	}

	/** As send(), for a datagram goes out whole. */
	async sendall(data: Bytes, flags = 0, options?: WaitOptions): Promise<void> {
		await this.send(data, flags, options);
	}

	/** Sends a datagram to an address, and gives its size, whatever becomes of it. sendto(2). */
	sendto(data: Bytes, address: AddressOf<Family>, options?: WaitOptions): Promise<number>;
	/** The same with flags: MSG_DONTROUTE, MSG_CONFIRM … */
	sendto(data: Bytes, flags: number, address: AddressOf<Family>, options?: WaitOptions): Promise<number>;
	async sendto(
		data: Bytes,
		second: number | AddressOf<Family>,
		third?: AddressOf<Family> | WaitOptions,
		fourth?: WaitOptions,
	): Promise<number> {
		const isFlagged = typeof second === "number";
		const flags = isFlagged ? second : 0;
		const options = (isFlagged ? fourth : third) as WaitOptions | undefined;
		const address = await this.#resolved((isFlagged ? third : second) as AddressOf<Family>, options);
		return this.#send("sendto", data, address, (bytes, isLate) =>
			this.socket.sendto(bytes, flags, address, patient(options, isLate)),
		);
	}

	/**
	 * Sends buffers as one datagram, with ancillary data, and gives its size. Descriptors in it must stay open until it
	 * has gone out. sendmsg(2).
	 */
	async sendmsg(
		buffers: readonly Bytes[],
		ancillary: readonly AncillaryInput[] = [],
		flags = 0,
		address?: AddressOf<Family>,
		options?: WaitOptions,
	): Promise<number> {
		if (!Array.isArray(buffers)) throw new TypeError("sendmsg takes an array of buffers");
		const data = Buffer.concat(buffers.map((part: Bytes) => toBytes("sendmsg", part)));
		const target = address === undefined ? undefined : await this.#resolved(address, options);
		return this.#send("sendmsg", data, target, (bytes, isLate) =>
			this.socket.sendmsg([bytes], ancillary, flags, target, patient(options, isLate)),
		);
	}

	/**
	 * The next datagram that arrives, at most `size` bytes of it. recv(2).
	 * @param flags 0 or MSG_DONTWAIT
	 * @throws what the socket's own does; RangeError for other flags
	 */
	async recv(size: number, flags = 0, options?: WaitOptions): Promise<Buffer> {
		const { data } = await this.#receive("recv", size, flags, options);
		return data;
	}

	/** Fills a buffer with a datagram, and gives the count. recv(2). */
	async recvInto(buffer: FillableBuffer, flags = 0, options?: IntoOptions): Promise<number> {
		const target = toRoom("recvInto", buffer, options);
		const { data } = await this.#receive("recvInto", sizeOf(target), flags, options);
		return data.copy(target);
	}

	/** A datagram and its sender's address. recvfrom(2). */
	async recvfrom(
		size: number,
		flags = 0,
		options?: WaitOptions,
	): Promise<[data: Buffer, address: AddressOf<Family>]> {
		const { data, address } = await this.#receive("recvfrom", size, flags, options);
		return [data, address];
	}

	/** Fills a buffer with a datagram, and gives the count and the sender's address. recvfrom(2). */
	async recvfromInto(
		buffer: FillableBuffer,
		flags = 0,
		options?: IntoOptions,
	): Promise<[size: number, address: AddressOf<Family>]> {
		const target = toRoom("recvfromInto", buffer, options);
		const { data, address } = await this.#receive("recvfromInto", sizeOf(target), flags, options);
		return [data.copy(target), address];
	}

	/**
	 * A datagram with its ancillary data, of which copies have all but descriptors. recvmsg(2).
	 * @param controlSize room for control messages. As much as was asked for at most in any call is there for what is
	 *   taken from the socket from then on.
	 */
	recvmsg(
		size: number,
		controlSize = 0,
		flags = 0,
		options?: WaitOptions,
	): Promise<ReceivedMessage<AddressOf<Family>>> {
		try {
			this.#controlSize = Math.max(this.#controlSize, checkSize("recvmsg: controlSize", controlSize));
		} catch (error) {
			return Promise.reject(error);
		}
		return this.#receive("recvmsg", size, flags, options);
	}

	/** What arrives, datagram by datagram, until it is closed. */
	async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
		for (;;) {
			let data: Buffer;
			try {
				data = await this.recv(usualRoom);
			} catch (error) {
				if (this.closed) return;
				throw error;
			}
			if (data.length === 0 && this.socket.type === SOCK_SEQPACKET) return;
			yield data;
		}
	}

	/** Waits until nothing that was sent waits any more. */
	drained(): Promise<void> {
		return this.#sending.drained();
	}

	/** Closes the socket. What still waits is lost: `await drained()` first. */
	close(): void {
		this.#sending.close();
		for (const { ancillary } of this.#receiving.close()) closeRights(ancillary);
		for (const { ancillary } of this.#arrivals.clear()) closeRights(ancillary);
		this.socket.close();
	}

	/** close(). */
	[Symbol.dispose](): void {
		this.close();
	}

	async #resolved(given: AddressOf<Family>, options: WaitOptions | undefined): Promise<AddressOf<Family>> {
		const address = snapshot(given);
		checkAddress(this.socket.family, address);
		if (!needsResolving(this.socket.family, address)) return address;
		return (await resolveAddress(this.socket.family, address, options?.signal)) as AddressOf<Family>;
	}

	async #send(
		name: string,
		given: Bytes,
		peer: Address | undefined,
		perform: Outgoing["perform"],
	): Promise<number> {
		const data = toBytes(name, given);
		const size = sizeOf(data);
		// The socket says what is wrong with it.
		if (this.closed) return perform(data, false);
		const failure = this.#failure;
		this.#failure = undefined;
		if (failure !== undefined) throw failure;
		const outgoing: Outgoing = { perform, peer, isLate: false, result: undefined };
		this.#sending.put(data, outgoing);
		outgoing.isLate = true;
		await outgoing.result;
		return size;
	}

	#transmit(data: Uint8Array, outgoing: Outgoing, verdict: Verdict, copy: number): Promise<unknown> {
		const { peer, isLate, perform } = outgoing;
		const sent = perform(data, isLate);
		if (!isLate && copy === 0) outgoing.result = sent;
		return sent.then(
			() => this.#trace.record(true, data, peer, commentOn(verdict, copy)),
			(error) => {
				if (isLate) this.#failure = error;
			},
		);
	}

	/** Takes a datagram from the socket, and puts it into the line. */
	async #pull(wait: WaitOptions): Promise<void> {
		const { data, ...meta } = await this.socket.recvmsg(this.#room, this.#controlSize, 0, wait);
		if (data.length === 0 && this.socket.type === SOCK_SEQPACKET) {
			// The end, which comes behind everything else and is not impaired.
			await this.#receiving.drained();
			this.#arrivals.add({ ...meta, data });
			return;
		}
		this.#receiving.put(data, meta);
	}

	#arrive(bytes: Uint8Array, meta: Meta, verdict: Verdict, copy: number): undefined {
		this.#trace.record(false, bytes, meta.address, commentOn(verdict, copy));
		const data = Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
		const { ancillary } = meta;
		// Descriptors belong to one receiver; so do bytes, which he may change.
		if (copy === 0) this.#arrivals.add({ ...meta, data });
		else this.#arrivals.add({ ...meta, data: Buffer.from(data), ancillary: withoutRights(ancillary) });
	}

	async #receive(
		name: string,
		size: number,
		flags: number,
		options: WaitOptions | undefined,
	): Promise<ReceivedMessage<AddressOf<Family>>> {
		checkSize(`${name}: size`, size);
		if (flags !== 0 && flags !== MSG_DONTWAIT) {
			throw new RangeError(`${name}: an impaired socket knows no flags but MSG_DONTWAIT, not ${flags}`);
		}
		this.#room = Math.max(this.#room, size);
		const wait = flags === MSG_DONTWAIT ? { ...options, timeout: 0 } : options;
		let taken: ReceivedMessage | undefined;
		await this.#arrivals.take(name, wait, (message) => {
			taken = message;
			return undefined;
		});
		const { data, ...meta } = taken as unknown as ReceivedMessage;
		const isCut = data.length > size;
		return {
			...(meta as Omit<ReceivedMessage<AddressOf<Family>>, "data">),
			data: isCut ? data.subarray(0, size) : data,
			flags: isCut ? meta.flags | MSG_TRUNC : meta.flags,
		};
	}
}

/** What waits by itself is not bound to the timeout and the signal of the call. */
function patient(options: WaitOptions | undefined, isLate: boolean): WaitOptions | undefined {
	return isLate ? { timeout: null } : options;
}

function withoutRights(ancillary: readonly AncillaryMessage[]): AncillaryMessage[] {
	return ancillary.filter(({ name }) => name !== "SCM_RIGHTS" && name !== "SCM_PIDFD");
}

/** Closes the descriptors of a message that nobody will receive. */
function closeRights(ancillary: readonly AncillaryMessage[]): void {
	for (const message of ancillary) {
		if (message.name === "SCM_RIGHTS") for (const fd of message.value ?? []) close(fd);
		else if (message.name === "SCM_PIDFD" && message.value !== undefined) close(message.value);
	}
}

/**
 * Records what a socket of datagrams sends and receives, as `impaired()` without impairments does.
 *
 *     const seen = traced(socket, writer);
 *     await seen.sendto("hello", address);
 */
export function traced<Family extends number>(
	socket: Socket<Family>,
	trace: PacketSink,
): ImpairedSocket<Family> {
	return new ImpairedSocket(socket, {}, { trace });
}

/**
 * Puts a socket of datagrams (UDP, Unix, seqpacket, raw, packet …) behind lines with faults: one for what it sends, one
 * for what it receives.
 *
 *     const lossy = impaired(socket, { send: { loss: 0.1 }, receive: { delay: { time: 50, jitter: 10 } } }, { seed: 7 });
 *     await lossy.sendto("hello", address);
 *
 * @param plan impairments for either direction, or `replay(log)`
 * @throws TypeError, RangeError for a plan that is none, and for streams
 */
export function impaired<Family extends number>(
	socket: Socket<Family>,
	plan: Plan<SocketDirection>,
	options: ImpairOptions = {},
): ImpairedSocket<Family> {
	return new ImpairedSocket(socket, plan, options);
}
