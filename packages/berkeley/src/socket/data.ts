/**
 * The part of `Socket` that moves data. Each method that can wait comes twice: awaited and, with `Sync` at its
 * end, blocking. Arguments, results, errors and timeouts are the same.
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import type { Address, AddressOf } from "../address/types.js";
import { checkAddress, snapshot } from "../address/validate.js";
import {
	type Bytes,
	checkWaitOptions,
	type IntoOptions,
	toBuffer,
	toBytes,
	toRoom,
	type WaitOptions,
} from "../arguments.js";
import { needsResolving, resolveAddress, resolveAddressSync } from "../resolve/resolveaddress.js";
import { MSG_OOB } from "../sys/linux/constants/msg.js";
import { SOCK_SEQPACKET, SOCK_STREAM } from "../sys/linux/constants/types.js";
import { type AncillaryInput, encodeAncillary } from "./ancillary.js";
import { SocketBase } from "./base.js";
import type { Descriptor } from "./descriptor.js";
import type { Flow, FlowOptions } from "./flow.js";
import { FOR_WRITING, type Operation } from "./operation.js";
import { EachDatagram, EachPiece } from "./operations/each.js";
import {
	type ReceivedInto,
	type ReceivedMessage,
	receiveMessage,
	receiveMessageInto,
	sendMessage,
} from "./operations/message.js";
import { receive, receiveFrom, receiveFromInto, receiveInto } from "./operations/receive.js";
import { sendEverything, sendSome, sendTo } from "./operations/send.js";
import { Outbox } from "./outbox.js";
import { largestSlab } from "./scratch.js";
import { sendZerocopy, sendZerocopySync, type ZerocopyResult } from "./zerocopy.js";

/** A buffer that a receiving operation fills. */
export type FillableBuffer = ArrayBufferView | ArrayBuffer;

/** How recvEach() receives. */
export interface EachOptions extends FlowOptions {
	/** The most that the function is given at once, 1 to 1048576; 65536 when left out. A longer datagram is cut. */
	size?: number | undefined;
}

const defaultEachSize = 64 * 1024;

/** Bytes in and out, as a stream, as datagrams, and as messages with ancillary data. */
export class DataSocket<Family extends number = number> extends SocketBase<Family> {
	#outbox: Outbox | undefined = undefined;

	/**
	 * At most `size` bytes, as soon as there are any; empty when the peer has ended its side. recv(2).
	 * @param flags MSG_PEEK, MSG_OOB …; MSG_DONTWAIT fails where it would wait, whatever the timeout. MSG_WAITALL
	 *   reads a stream until all of the size is there, and gives less at its end, in front of urgent data, behind
	 *   descriptors that came with the data, in front of another sender's data with SO_PASSCRED, and, if something
	 *   has come, when the timeout is over or the signal aborts; a reset loses that part. With SO_PASSPIDFD, and
	 *   with MSG_PEEK, it does not wait for more.
	 * @throws SocketError ECONNRESET, ENOTCONN …; TimeoutError; BlockingIOError on a non-blocking socket
	 */
	recv(size: number, flags = 0, options?: WaitOptions): Promise<Buffer> {
		let operation: Operation<Buffer>;
		try {
			operation = receive(size, heeding(this.descriptor, flags), isStream(this), this.family);
		} catch (error) {
			return Promise.reject(error);
		}
		return this.begin(operation, options);
	}

	/** The blocking twin of `recv`. */
	recvSync(size: number, flags = 0, options?: WaitOptions): Buffer {
		return this.performSync(
			receive(size, heeding(this.descriptor, flags), isStream(this), this.family),
			options,
		);
	}

	/**
	 * Fills a buffer with what arrives and gives the count; 0 when the peer has ended its side. recv(2).
	 * @param flags as those of recv()
	 * @param options `nbytes` fills only so much of the buffer
	 */
	recvInto(buffer: FillableBuffer, flags = 0, options?: IntoOptions): Promise<number> {
		return this.perform(() => into(this, buffer, heeding(this.descriptor, flags), options), options);
	}

	/** The blocking twin of `recvInto`. */
	recvIntoSync(buffer: FillableBuffer, flags = 0, options?: IntoOptions): number {
		return this.performSync(into(this, buffer, heeding(this.descriptor, flags), options), options);
	}

	/**
	 * At most `size` bytes and the sender's address; a longer datagram is cut. recvfrom(2).
	 * @returns the pair; the address is undefined where the kernel names nobody, as on a connected stream
	 */
	recvfrom(
		size: number,
		flags = 0,
		options?: WaitOptions,
	): Promise<[data: Buffer, address: AddressOf<Family>]> {
		return this.perform(
			() => typed(receiveFrom(size, heeding(this.descriptor, flags), isStream(this), this.family)),
			options,
		);
	}

	/** The blocking twin of `recvfrom`. */
	recvfromSync(size: number, flags = 0, options?: WaitOptions): [data: Buffer, address: AddressOf<Family>] {
		return this.performSync(
			typed(receiveFrom(size, heeding(this.descriptor, flags), isStream(this), this.family)),
			options,
		);
	}

	/**
	 * Fills a buffer with one datagram and gives the count and the sender's address. recvfrom(2).
	 * @param flags as those of recv()
	 * @param options `nbytes` fills only so much of the buffer
	 */
	recvfromInto(
		buffer: FillableBuffer,
		flags = 0,
		options?: IntoOptions,
	): Promise<[size: number, address: AddressOf<Family>]> {
		return this.perform(
			() => typed(fromInto(this, buffer, heeding(this.descriptor, flags), options)),
			options,
		);
	}

	/** The blocking twin of `recvfromInto`. */
	recvfromIntoSync(
		buffer: FillableBuffer,
		flags = 0,
		options?: IntoOptions,
	): [size: number, address: AddressOf<Family>] {
		return this.performSync(typed(fromInto(this, buffer, heeding(this.descriptor, flags), options)), options);
	}

	/**
	 * A message with its ancillary data. recvmsg(2).
	 * @param controlSize room for control messages, in bytes, by CMSG_SPACE(); what does not fit is dropped by
	 *   the kernel, which closes descriptors in it, and MSG_CTRUNC is set. 0, the default, takes none.
	 * @param flags as those of recv(); with MSG_WAITALL, of control messages that come more than once (time stamps)
	 *   the last one is given
	 */
	recvmsg(
		size: number,
		controlSize = 0,
		flags = 0,
		options?: WaitOptions,
	): Promise<ReceivedMessage<AddressOf<Family>>> {
		return this.perform(
			() => typed(messageOf(this, size, controlSize, heeding(this.descriptor, flags))),
			options,
		);
	}

	/** The blocking twin of `recvmsg`. */
	recvmsgSync(
		size: number,
		controlSize = 0,
		flags = 0,
		options?: WaitOptions,
	): ReceivedMessage<AddressOf<Family>> {
		return this.performSync(
			typed(messageOf(this, size, controlSize, heeding(this.descriptor, flags))),
			options,
		);
	}

	/** Like `recvmsg`, but scatters the data into buffers, one after another. recvmsg(2). */
	recvmsgInto(
		buffers: readonly FillableBuffer[],
		controlSize = 0,
		flags = 0,
		options?: WaitOptions,
	): Promise<ReceivedInto<AddressOf<Family>>> {
		return this.perform(
			() => typed(messageInto(this, buffers, controlSize, heeding(this.descriptor, flags))),
			options,
		);
	}

	/** The blocking twin of `recvmsgInto`. */
	recvmsgIntoSync(
		buffers: readonly FillableBuffer[],
		controlSize = 0,
		flags = 0,
		options?: WaitOptions,
	): ReceivedInto<AddressOf<Family>> {
		return this.performSync(
			typed(messageInto(this, buffers, controlSize, heeding(this.descriptor, flags))),
			options,
		);
	}

	/**
	 * Sends what the kernel takes of the data, which may be less than all of it, and gives the count. send(2).
	 * Do not change the data before the promise settles.
	 * @throws SocketError EPIPE, ECONNRESET, ENOTCONN, EMSGSIZE …; TimeoutError; BlockingIOError
	 */
	send(data: Bytes, flags = 0, options?: WaitOptions): Promise<number> {
		return this.perform(() => sendSome(toBytes("send", data), flags), options);
	}

	/** The blocking twin of `send`. */
	sendSync(data: Bytes, flags = 0, options?: WaitOptions): number {
		return this.performSync(sendSome(toBytes("send", data), flags), options);
	}

	/**
	 * Sends all of the data. The timeout covers the whole. After an error nobody knows how much went out.
	 * Do not change the data before the promise settles. Python's sendall().
	 */
	sendall(data: Bytes, flags = 0, options?: WaitOptions): Promise<void> {
		let operation: Operation<void>;
		try {
			operation = sendEverything(toBytes("sendall", data), flags);
		} catch (error) {
			return Promise.reject(error);
		}
		return this.begin(operation, options);
	}

	/** The blocking twin of `sendall`. */
	sendallSync(data: Bytes, flags = 0, options?: WaitOptions): void {
		this.performSync(sendEverything(toBytes("sendall", data), flags), options);
	}

	/**
	 * Hands everything that arrives to a function, as it arrives: the fastest way to receive, with no promise for
	 * each piece. asyncio's data_received().
	 * @param handler is given the data and, of a datagram, who sent it. The data are in memory that is used again:
	 *   **they are valid for the call only**; copy what must last, `Buffer.from(data)`. What it throws ends the flow.
	 * @returns the flow, to be paused, resumed and stopped; `flow.ended` tells how it came to its end. Until then
	 *   other receiving operations fail with EBUSY, but for those that look at the error queue.
	 */
	recvEach(handler: (data: Buffer, address: AddressOf<Family>) => void, options: EachOptions = {}): Flow {
		if (typeof handler !== "function")
			throw new TypeError(`recvEach takes a function, not ${kindOf(handler)}`);
		checkWaitOptions(options);
		const size = checkInteger(options.size ?? defaultEachSize, 1, largestSlab, "recvEach: size");
		const { descriptor } = this;
		const each = isStream(this)
			? new EachPiece(descriptor, size, handler as (data: Buffer) => void)
			: new EachDatagram(
					descriptor,
					size,
					this.type === SOCK_SEQPACKET,
					handler as (data: Buffer, address: Address | undefined) => void,
				);
		return each.begin(this, options);
	}

	/**
	 * Sends what the kernel takes at once, and keeps a copy of the rest, which goes out when there is room: nothing
	 * is lost, and the order is that of the calls, sendall()'s included. On a socket that is no stream each call is
	 * one message to the connected peer. asyncio's write().
	 * @returns false when 64 KiB or more wait: stop, and go on after `await s.drain()`
	 * @throws SocketError EPIPE, ECONNRESET …, also for what an earlier write had to keep. Closing the socket drops
	 *   what still waits: drain() first.
	 */
	write(data: Bytes): boolean {
		this.#outbox ??= new Outbox(this.descriptor, isStream(this));
		return this.#outbox.write(toBytes("write", data), this);
	}

	/** Waits until all that was written is in the kernel. asyncio's drain(), but to the last byte. */
	drain(options?: WaitOptions): Promise<void> {
		const outbox = this.#outbox;
		// It stands in line behind what waits to be sent.
		const end: Operation<void> = {
			syscall: "drain",
			need: FOR_WRITING,
			attempt: () => outbox?.throwFailure(),
		};
		return this.perform(() => end, options);
	}

	/** How many bytes write() has kept that are not in the kernel yet. */
	get writableLength(): number {
		return this.#outbox?.size ?? 0;
	}

	/**
	 * Sends all of the data from the memory that it is in, and resolves when the kernel is through with that: when
	 * the peer has acknowledged it, as a rule. TCP, or a connected UDP socket, whose data is one datagram. Several
	 * may be on their way at once; they go out in the order of the calls. MSG_ZEROCOPY.
	 *
	 * It pays for large pieces, some 16 KiB and more, that leave the machine by a device that takes them from where
	 * they are. What a process of this machine receives the kernel copies after all, and it costs more than send().
	 *
	 * Do not change the data before the promise resolves. When it rejects (a timeout, an abort, a reset, close())
	 * the kernel may read on: drop the memory then, which is safe, instead of using it again. The socket's error
	 * queue is ours meanwhile: what else comes there is dropped, and calls with MSG_ERRQUEUE or MSG_ZEROCOPY, or the
	 * same on a dup(), would take reports away.
	 * @param data memory of allocNative()
	 * @throws SocketError EPIPE, ECONNRESET, EOPNOTSUPP …; TimeoutError, for both the sending and the wait
	 */
	sendZerocopy(
		data: ArrayBufferView | ArrayBuffer,
		flags = 0,
		options?: WaitOptions,
	): Promise<ZerocopyResult> {
		return sendZerocopy(this, data, flags, options);
	}

	/** The blocking twin of `sendZerocopy`. */
	sendZerocopySync(data: ArrayBufferView | ArrayBuffer, flags = 0, options?: WaitOptions): ZerocopyResult {
		return sendZerocopySync(this, data, flags, options);
	}

	/** Sends a datagram to an address and gives the count. sendto(2). A host name is resolved first. */
	sendto(data: Bytes, address: AddressOf<Family>, options?: WaitOptions): Promise<number>;
	/** The same with flags: MSG_DONTROUTE, MSG_CONFIRM … */
	sendto(data: Bytes, flags: number, address: AddressOf<Family>, options?: WaitOptions): Promise<number>;
	sendto(
		data: Bytes,
		second: number | AddressOf<Family>,
		third?: AddressOf<Family> | WaitOptions,
		fourth?: WaitOptions,
	): Promise<number> {
		const [flags, address, options] = sendtoArguments<Family>(second, third, fourth);
		return DataSocket.#addressed(this, address, options, (numeric) =>
			sendTo(toBytes("sendto", data), flags, this.family, numeric),
		);
	}

	/** The blocking twin of `sendto`. */
	sendtoSync(data: Bytes, address: AddressOf<Family>, options?: WaitOptions): number;
	sendtoSync(data: Bytes, flags: number, address: AddressOf<Family>, options?: WaitOptions): number;
	sendtoSync(
		data: Bytes,
		second: number | AddressOf<Family>,
		third?: AddressOf<Family> | WaitOptions,
		fourth?: WaitOptions,
	): number {
		const [flags, address, options] = sendtoArguments<Family>(second, third, fourth);
		checkAddress(this.family, address);
		const numeric = resolveAddressSync(this.family, address);
		return this.performSync(sendTo(toBytes("sendto", data), flags, this.family, numeric), options);
	}

	/**
	 * Sends buffers as one message, with ancillary data, to an address or the connected peer, and gives the
	 * count. On a stream it may be less than all. sendmsg(2).
	 */
	sendmsg(
		buffers: readonly Bytes[],
		ancillary: readonly AncillaryInput[] = [],
		flags = 0,
		address?: AddressOf<Family>,
		options?: WaitOptions,
	): Promise<number> {
		return DataSocket.#addressed(this, address, options, (numeric) =>
			message(this, buffers, ancillary, flags, numeric),
		);
	}

	/** The blocking twin of `sendmsg`. */
	sendmsgSync(
		buffers: readonly Bytes[],
		ancillary: readonly AncillaryInput[] = [],
		flags = 0,
		address?: AddressOf<Family>,
		options?: WaitOptions,
	): number {
		if (address !== undefined) checkAddress(this.family, address);
		const numeric = address === undefined ? undefined : resolveAddressSync(this.family, address);
		return this.performSync(message(this, buffers, ancillary, flags, numeric), options);
	}

	/** Performs an operation that names an address, once its host is a number. */
	static #addressed<T, A extends Address | undefined>(
		socket: DataSocket,
		given: A,
		options: WaitOptions | undefined,
		make: (numeric: A) => Operation<T>,
	): Promise<T> {
		let address: A;
		try {
			address = snapshot(given);
			if (address !== undefined) {
				checkAddress(socket.family, address);
				if (needsResolving(socket.family, address)) {
					// Looked at now, so that what is wrong with the rest shows before the name is looked up.
					make(address);
					return resolveAddress(socket.family, address, options?.signal).then((numeric) =>
						socket.perform(() => make(numeric as A), options),
					);
				}
			}
		} catch (error) {
			return Promise.reject(error);
		}
		return socket.perform(() => make(address), options);
	}
}

function isStream(socket: SocketBase): boolean {
	return socket.type === SOCK_STREAM;
}

/**
 * The flags. Once urgent data were taken out no event tells of them, and reading stops in front of the hole that
 * they have left: less than there was room for, and yet not all.
 */
function heeding(descriptor: Descriptor, flags: number): number {
	if (typeof flags === "number" && flags & MSG_OOB) descriptor.distrustQueue();
	return flags;
}

function into(
	socket: DataSocket,
	buffer: FillableBuffer,
	flags: number,
	options: IntoOptions | undefined,
): Operation<number> {
	const target = toRoom("recvInto", buffer, options);
	return receiveInto(target, flags, isStream(socket), socket.family);
}

function fromInto(
	socket: DataSocket,
	buffer: FillableBuffer,
	flags: number,
	options: IntoOptions | undefined,
): Operation<[number, Address | undefined]> {
	const target = toRoom("recvfromInto", buffer, options);
	return receiveFromInto(target, flags, isStream(socket), socket.family);
}

function messageOf(
	socket: DataSocket,
	size: number,
	room: number,
	flags: number,
): Operation<ReceivedMessage> {
	return receiveMessage(size, room, flags, socket.family, isStream(socket));
}

function messageInto(
	socket: DataSocket,
	buffers: readonly FillableBuffer[],
	room: number,
	flags: number,
): Operation<ReceivedInto> {
	return receiveMessageInto(fillable(buffers), room, flags, socket.family, isStream(socket));
}

/** The kernel gives addresses of the socket's own family. */
function typed<T>(operation: Operation<unknown>): Operation<T> {
	return operation as Operation<T>;
}

function message(
	socket: SocketBase,
	buffers: readonly Bytes[],
	ancillary: readonly AncillaryInput[],
	flags: number,
	address: Address | undefined,
): Operation<number> {
	const parts = list("sendmsg", buffers).map((part) => toBytes("sendmsg", part));
	return sendMessage(parts, encodeAncillary(ancillary), flags, !isStream(socket), socket.family, address);
}

function list<T>(name: string, values: readonly T[]): readonly T[] {
	if (!Array.isArray(values)) throw new TypeError(`${name} takes an array of buffers`);
	return values;
}

function fillable(buffers: readonly FillableBuffer[]): Uint8Array[] {
	return list("recvmsgInto", buffers).map((buffer) => toBuffer("recvmsgInto", buffer));
}

function sendtoArguments<Family extends number>(
	second: number | AddressOf<Family>,
	third?: AddressOf<Family> | WaitOptions,
	fourth?: WaitOptions,
): [flags: number, address: AddressOf<Family>, options: WaitOptions | undefined] {
	if (typeof second === "number") return [second, third as AddressOf<Family>, fourth];
	return [0, second, third as WaitOptions | undefined];
}
