/**
 * Many datagrams that are sent or received at once.
 */
import { checkInteger, kindOf } from "../../address/bytes.js";
import type { AddressOf } from "../../address/types.js";
import { checkAddress } from "../../address/validate.js";
import { type Bytes, sizeOf, toBytes } from "../../arguments.js";
import { needsResolving } from "../../resolve/resolveaddress.js";
import { type ControlMessage, controlSize } from "../../sys/cmsg.js";
import { type AncillaryInput, encodeAncillary } from "../ancillary.js";
import { BatchCore, hasSegments, segmentControl } from "./core.js";
import { Datagram } from "./datagram.js";

// The kernel takes no more messages in one call (UIO_MAXIOV).
const mostMessages = 1024;
const largestSlot = 0x1000000;
const largestArena = 0x40000000;
/** The largest control messages of one datagram: what recvmsg() takes. */
const largestControl = 0x100000;

/** What a batch has beside its slots. */
export interface DatagramBatchOptions {
	/**
	 * The bytes of room for the control messages of each datagram, by CMSG_SPACE(); none when left out. The one
	 * that tells the segment size of UDP has room of its own.
	 */
	controlSize?: number;
}

/** What goes with a datagram. */
export interface DatagramOptions {
	/** UDP: the kernel cuts the data into datagrams of this size, the last of which may be shorter (UDP_SEGMENT). */
	segmentSize?: number | undefined;
	/** Control messages. */
	ancillary?: readonly AncillaryInput[] | undefined;
}

/** What a batch is underneath. Internal. */
export let coreOf: (batch: DatagramBatch) => BatchCore;

/**
 * Room for many datagrams in native memory, which `recvMany` fills and `sendMany` sends in one system call, and
 * which is used again and again: nothing is allocated for a datagram, and nothing copied that nobody asks for.
 *
 * It is iterated as the datagrams that it holds. A batch that was received can be sent as it is: each datagram
 * goes back to where it came from. While an operation works on a batch, it must be left alone; a second
 * operation, or a change, is a TypeError.
 */
export class DatagramBatch<Family extends number = number> implements Iterable<Datagram<Family>> {
	/** The family of the sockets and addresses: AF_INET … */
	readonly family: Family;
	/** How many datagrams there is room for. */
	readonly capacity: number;
	/** The bytes of data that each has room for. */
	readonly size: number;
	/** The bytes of control messages that each has room for. */
	readonly controlSize: number;
	readonly #core: BatchCore;
	readonly #datagrams: Datagram<Family>[] = [];

	/**
	 * Allocates the room, all of it at once. 64 datagrams are enough to make the system calls' share small.
	 * @param family that of the sockets that it is used with
	 * @param capacity 1 to 1024 datagrams, the most that the kernel moves in one call
	 * @param size the largest datagram, in bytes, 1 to 16 MiB; what is received beyond is cut off, and MSG_TRUNC
	 *   set. With UDP_GRO the kernel joins up to 65535 bytes.
	 * @throws RangeError when the numbers are out of range, or together ask for more than 1 GiB
	 */
	constructor(family: Family, capacity: number, size: number, options: DatagramBatchOptions = {}) {
		if (typeof options !== "object" || options === null) {
			throw new TypeError(`the options of a batch must be { controlSize }, not ${kindOf(options)}`);
		}
		this.family = checkInteger(family, 0, 0x7fffffff, "family") as Family;
		this.capacity = checkInteger(capacity, 1, mostMessages, "the capacity of a batch");
		this.size = checkInteger(size, 1, largestSlot, "the size of a batch's datagrams");
		this.controlSize = checkInteger(options.controlSize ?? 0, 0, largestControl, "controlSize");
		const total = this.capacity * (this.size + this.controlSize);
		if (total > largestArena) throw new RangeError(`a batch has at most 1 GiB, not ${total} bytes`);
		this.#core = new BatchCore(this.family, this.capacity, this.size, this.controlSize);
	}

	static {
		coreOf = (batch) => batch.#core;
	}

	/** How many datagrams there are: what was received, or pushed. */
	get length(): number {
		return this.#core.length;
	}

	/** A datagram: the one at `index`, from the end when it is negative; undefined where there is none. */
	at(index: number): Datagram<Family> | undefined {
		const { length } = this.#core;
		const place = index < 0 ? length + index : index;
		return place >= 0 && place < length && Number.isInteger(place) ? this.#datagram(place) : undefined;
	}

	/** The datagrams, in order. */
	*[Symbol.iterator](): Generator<Datagram<Family>, void, undefined> {
		for (let index = 0; index < this.#core.length; index++) yield this.#datagram(index);
	}

	/**
	 * Adds a datagram, whose data are copied into the batch, and gives the new length.
	 * @param address where it goes, its host being a number; left out for the connected peer
	 * @throws RangeError when the batch is full, or the data or control messages are larger than its room; TypeError
	 *   for a host name: resolve it first, with getaddrinfo()
	 */
	push(data: Bytes, address?: AddressOf<Family>, options?: DatagramOptions): number {
		this.#put(this.#core.length, data, address, options);
		return this.#core.length;
	}

	/** Puts a datagram in the place of another, or after the last one; otherwise as `push`. */
	set(index: number, data: Bytes, address?: AddressOf<Family>, options?: DatagramOptions): void {
		checkInteger(index, 0, this.#core.length, "the index of a datagram");
		this.#put(index, data, address, options);
	}

	/**
	 * Adds a datagram of `size` bytes and gives its data to be filled in, which saves the copy. They hold what
	 * stood there before.
	 */
	reserve(size: number, address?: AddressOf<Family>, options?: DatagramOptions): Buffer {
		checkInteger(size, 0, this.size, "the size of a datagram");
		const index = this.#core.length;
		this.#build(index, size, address, options);
		return this.#datagram(index).data;
	}

	/** Removes all datagrams. Descriptors that came with them and were not asked for are closed. */
	clear(): void {
		this.#checkIdle();
		this.#core.clear();
	}

	#put(
		index: number,
		data: Bytes,
		address: AddressOf<Family> | undefined,
		options: DatagramOptions | undefined,
	): void {
		const slot = this.#core.vector.data[index];
		if (typeof data === "string") {
			const size = Buffer.byteLength(data);
			this.#checkRoom(size);
			this.#build(index, size, address, options);
			slot?.write(data);
			return;
		}
		const bytes = toBytes("DatagramBatch", data);
		const size = sizeOf(bytes);
		this.#checkRoom(size);
		this.#build(index, size, address, options);
		slot?.set(bytes);
	}

	#build(
		index: number,
		size: number,
		address: AddressOf<Family> | undefined,
		options: DatagramOptions | undefined,
	): void {
		this.#checkIdle();
		if (index >= this.capacity) throw new RangeError(`the batch is full: it has room for ${this.capacity}`);
		if (address !== undefined && address !== null && !this.#core.isKnown(address)) {
			checkAddress(this.family, address);
			if (needsResolving(this.family, address)) {
				throw new TypeError("a batch takes addresses whose host is a number: resolve the name first");
			}
		}
		const control = options === undefined ? undefined : this.#control(options);
		this.#core.build(index, size, address, control);
	}

	#control(options: DatagramOptions): ControlMessage[] | undefined {
		const { ancillary, segmentSize } = checkDatagramOptions(this.family, options);
		const own = ancillary === undefined ? [] : encodeAncillary(ancillary);
		const needed = controlSize(own);
		if (needed > this.controlSize) {
			throw new RangeError(
				`the control messages need ${needed} bytes, and the batch has room for ${this.controlSize}: its controlSize`,
			);
		}
		return segmentSize ? [...own, segmentControl(segmentSize)] : own;
	}

	#checkRoom(size: number): void {
		if (size > this.size) {
			throw new RangeError(`a datagram of this batch has at most ${this.size} bytes, not ${size}`);
		}
	}

	#checkIdle(): void {
		if (this.#core.busy) throw new TypeError("the batch is in use: an operation on it has not settled yet");
	}

	#datagram(index: number): Datagram<Family> {
		const known = this.#datagrams[index];
		if (known !== undefined) return known;
		// In order, so that the array stays a plain one.
		for (let next = this.#datagrams.length; next <= index; next++) {
			this.#datagrams.push(new Datagram<Family>(this.#core, next));
		}
		return this.#datagrams[index] as Datagram<Family>;
	}
}

/** Requires options that a datagram of the family can have. */
export function checkDatagramOptions(family: number, options: DatagramOptions): DatagramOptions {
	if (typeof options !== "object" || options === null) {
		throw new TypeError(
			`the options of a datagram must be { segmentSize, ancillary }, not ${kindOf(options)}`,
		);
	}
	const { segmentSize } = options;
	if (segmentSize !== undefined) checkSegmentSize(family, segmentSize);
	return options;
}

/** Requires a size of segments: 0 to 65535, on a family that has UDP. */
export function checkSegmentSize(family: number, size: number): number {
	checkInteger(size, 0, 0xffff, "segmentSize");
	if (size > 0 && !hasSegments(family)) {
		throw new TypeError("segmentSize is for UDP alone: this family has no segments");
	}
	return size;
}
