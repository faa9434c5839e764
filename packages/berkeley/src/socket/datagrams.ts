/**
 * The part of `Socket` that moves many datagrams at once.
 */
import { checkInteger, kindOf } from "../address/bytes.js";
import type { Address, AddressOf } from "../address/types.js";
import { type Bytes, checkFlags, checkWaitOptions, type WaitOptions } from "../arguments.js";
import { resolveAddress, resolveAddressSync } from "../resolve/resolveaddress.js";
import { IPPROTO_UDP } from "../sys/linux/constants/protocols.js";
import { SOCK_DGRAM, SOCK_STREAM } from "../sys/linux/constants/types.js";
import { DataSocket } from "./data.js";
import { checkSegmentSize, coreOf, DatagramBatch } from "./datagrams/batch.js";
import { type BatchCore, floodStreak, hasSegments } from "./datagrams/core.js";
import {
	type CheckedDatagram,
	checkDatagrams,
	makeReady,
	type OutgoingDatagram,
	unresolved,
} from "./datagrams/outgoing.js";
import type { Flow, FlowOptions } from "./flow.js";
import type { Operation } from "./operation.js";
import { EachBatch } from "./operations/eachbatch.js";
import { receiveMany } from "./operations/receivemany.js";
import { type Manner, sendBatch, sendDatagrams } from "./operations/sendmany.js";

// The kernel's choice for datagrams of the internet is UDP.
const udpProtocols: readonly number[] = [0, IPPROTO_UDP];

/** How sendMany() sends. */
export interface SendManyOptions extends WaitOptions {
	/** Which datagram to begin with, 0 when left out: what went out already when a call failed half-way. */
	from?: number | undefined;
	/** UDP: the kernel cuts each datagram that says nothing else into ones of this size (UDP_SEGMENT). */
	segmentSize?: number | undefined;
	/**
	 * UDP: runs of datagrams to one address, of one size (the last may have less), are handed to the kernel as one,
	 * which cuts them again (UDP_SEGMENT): it costs a fraction, and who receives sees no difference. What the kernel
	 * refuses to cut goes out one by one. Leave it out where each datagram must have a time stamp of its own.
	 */
	gso?: boolean | undefined;
}

/** Datagrams in and out, many with one system call. */
export class DatagramSocket<Family extends number = number> extends DataSocket<Family> {
	/**
	 * Waits until there is a datagram, and takes as many as are there and the batch has room for, with one system
	 * call. Gives how many; 0 when nothing more will come: the peer of a seqpacket socket has ended, or this side
	 * was shut down for reading. (There an empty record before the end cannot be told from the end.) recvmmsg(2).
	 * @param batch gets the datagrams, in place of what it had; when nothing comes it is empty
	 * @param flags those of recvmsg(); with MSG_PEEK it is one datagram. MSG_WAITFORONE is what it does anyway.
	 * @throws TypeError on a stream, which has no datagrams, and for a batch of another family or one in use;
	 *   SocketError ECONNREFUSED, ENOTCONN …; TimeoutError; BlockingIOError
	 */
	recvMany(batch: DatagramBatch<Family>, flags = 0, options?: WaitOptions): Promise<number> {
		try {
			const core = freeCoreOf(this, "recvMany", batch);
			if (core.streak >= floodStreak) this.descriptor.rest();
			return DatagramSocket.#hold(this, core, () => receiveMany(core, flags, this.type), options);
		} catch (error) {
			return Promise.reject(error);
		}
	}

	/** The blocking twin of `recvMany`. */
	recvManySync(batch: DatagramBatch<Family>, flags = 0, options?: WaitOptions): number {
		const core = freeCoreOf(this, "recvMany", batch);
		return DatagramSocket.#holdSync(this, core, receiveMany(core, flags, this.type), options);
	}

	/**
	 * Hands batch after batch to a function, as they come: `recvMany` without promises. It begins with what is there.
	 * @param batch gets the datagrams. Between the calls others may use it; while an operation works on it, the next
	 *   batch waits.
	 * @param handler what it throws ends the flow
	 * @returns the flow, to be paused, resumed and stopped; no datagram is lost by that. Until its end other receiving
	 *   operations fail with EBUSY, but for those that look at the error queue.
	 */
	recvManyEach(
		batch: DatagramBatch<Family>,
		handler: (batch: DatagramBatch<Family>) => void,
		options: FlowOptions = {},
	): Flow {
		const core = freeCoreOf(this, "recvManyEach", batch);
		if (typeof handler !== "function") {
			throw new TypeError(`recvManyEach takes a function, not ${kindOf(handler)}`);
		}
		checkWaitOptions(options);
		return new EachBatch(this.descriptor, core, this.type, () => handler(batch)).begin(this, options);
	}

	/**
	 * Sends datagrams, all of them and in order, with as few system calls as it takes, and gives how many. It is
	 * fewer only when the timeout is over or the signal aborts after some have gone out. sendmmsg(2).
	 * @param datagrams a batch, which stays as it is and can be sent again, or any number of bytes and
	 *   `{ data, address, segmentSize, ancillary }`, which are copied. Of datagrams that were received the data, the
	 *   address and the segment size are sent.
	 * @throws SocketError EMSGSIZE, ECONNREFUSED, EDESTADDRREQ, ENOBUFS …, whose `sent` says how many had gone out
	 *   before the one that failed, which is the next: `{ from: error.sent }` tries it again; TimeoutError,
	 *   BlockingIOError when none had; TypeError on a stream
	 */
	sendMany(
		datagrams: DatagramBatch<Family> | Iterable<Bytes | OutgoingDatagram<AddressOf<Family>>>,
		flags = 0,
		options?: SendManyOptions,
	): Promise<number> {
		try {
			const manner = mannerOf(this, flags, options);
			if (datagrams instanceof DatagramBatch) {
				const core = freeCoreOf(this, "sendMany", datagrams);
				checkFrom(manner.from, core.length);
				return DatagramSocket.#hold(this, core, () => sendBatch(core, manner), options);
			}
			const checked = check(this, datagrams, manner);
			const names = unresolved(this.family, checked);
			if (names.size > 0) return DatagramSocket.#resolveAndSend(this, checked, names, manner, options);
			return this.perform(() => sending(this.family, checked, new Map(), manner), options);
		} catch (error) {
			return Promise.reject(error);
		}
	}

	/** The blocking twin of `sendMany`. */
	sendManySync(
		datagrams: DatagramBatch<Family> | Iterable<Bytes | OutgoingDatagram<AddressOf<Family>>>,
		flags = 0,
		options?: SendManyOptions,
	): number {
		const manner = mannerOf(this, flags, options);
		if (datagrams instanceof DatagramBatch) {
			const core = freeCoreOf(this, "sendMany", datagrams);
			checkFrom(manner.from, core.length);
			return DatagramSocket.#holdSync(this, core, sendBatch(core, manner), options);
		}
		const checked = check(this, datagrams, manner);
		const resolved = new Map<Address, Address>();
		for (const name of unresolved(this.family, checked)) {
			resolved.set(name, resolveAddressSync(this.family, name));
		}
		return this.performSync(sending(this.family, checked, resolved, manner), options);
	}

	static async #resolveAndSend(
		socket: DatagramSocket,
		checked: readonly CheckedDatagram[],
		names: ReadonlySet<Address>,
		manner: Manner,
		options: SendManyOptions | undefined,
	): Promise<number> {
		const { family } = socket;
		socket.descriptor.open("sendmmsg");
		const pairs = await Promise.all(
			[...names].map(async (name) => [name, await resolveAddress(family, name, options?.signal)] as const),
		);
		return socket.perform(() => sending(family, checked, new Map(pairs), manner), options);
	}

	/** Performs an operation on a batch that nothing else may touch until it has settled. */
	static #hold(
		socket: DatagramSocket,
		core: BatchCore,
		make: () => Operation<number>,
		options: WaitOptions | undefined,
	): Promise<number> {
		const operation = make();
		core.busy = true;
		const performed = socket.perform(() => operation, options);
		// As a rule it is through by now.
		return core.busy ? performed.finally(core.release) : performed;
	}

	static #holdSync(
		socket: DatagramSocket,
		core: BatchCore,
		operation: Operation<number>,
		options: WaitOptions | undefined,
	): number {
		try {
			return socket.performSync(operation, options);
		} finally {
			core.busy = false;
		}
	}
}

function sending(
	family: number,
	checked: readonly CheckedDatagram[],
	resolved: ReadonlyMap<Address, Address>,
	manner: Manner,
): Operation<number> {
	return sendDatagrams(makeReady(family, checked, resolved), manner, family);
}

function check(socket: DatagramSocket, datagrams: unknown, { segmentSize, from }: Manner): CheckedDatagram[] {
	refuseStream(socket, "sendMany");
	const checked = checkDatagrams(socket.family, datagrams, segmentSize);
	checkFrom(from, checked.length);
	return checked;
}

function mannerOf({ family, type, proto }: DatagramSocket, flags: number, options?: SendManyOptions): Manner {
	const { from = 0, segmentSize = 0, gso = false } = options ?? {};
	checkSegmentSize(family, segmentSize);
	// Others do not heed UDP_SEGMENT: they would send a run as one datagram.
	if (gso && (type !== SOCK_DGRAM || !udpProtocols.includes(proto) || !hasSegments(family))) {
		throw new TypeError("gso is for UDP alone: this socket has no segments");
	}
	return { flags: checkFlags("sendMany", flags), from, segmentSize, gso };
}

function freeCoreOf<Family extends number>(
	socket: DatagramSocket<Family>,
	name: string,
	batch: DatagramBatch<Family>,
): BatchCore {
	refuseStream(socket, name);
	if (!(batch instanceof DatagramBatch)) {
		throw new TypeError(`${name} takes a DatagramBatch, not ${kindOf(batch)}`);
	}
	if (batch.family !== socket.family) {
		throw new TypeError(`the batch is for family ${batch.family}, and the socket of family ${socket.family}`);
	}
	const core = coreOf(batch as DatagramBatch);
	if (core.busy) throw new TypeError("the batch is in use: an operation on it has not settled yet");
	return core;
}

function refuseStream(socket: DatagramSocket, name: string): void {
	if (socket.type === SOCK_STREAM) {
		throw new TypeError(`${name} is for datagrams, and this is a stream: use recv() and sendall()`);
	}
}

function checkFrom(from: number, length: number): void {
	checkInteger(from, 0, length, "from");
}
