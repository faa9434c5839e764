/**
 * An array of struct mmsghdr (sendmmsg(2), recvmmsg(2)) with everything that it points to, in one native block.
 * struct mmsghdr, 64 bytes on x64 and arm64, is a struct msghdr and msg_len at 56.
 */
import { CMSG_ALIGN } from "./cmsg.js";
import { NativeMemory } from "./memory.js";
import { IOVEC_SIZE, MSGHDR_WORD, setWords } from "./msghdr.js";
import { sockaddrCapacity } from "./sockaddr.js";

/** The size of struct mmsghdr. */
export const MMSGHDR_SIZE = 64;

const HEADER_WORDS = MMSGHDR_SIZE / 4;
const IOVEC_WORDS = IOVEC_SIZE / 4;
const LENGTH_WORD = 14;
const NAME_WORDS = sockaddrCapacity / 4;

/**
 * `count` messages, each with a data slice, an address slot and a control slice of fixed sizes, all reused from
 * call to call. It must be reachable for as long as the kernel uses `address`.
 *
 * The pointers are set once; what a message has is told by its lengths, and a length of 0 is nothing at all.
 */
export class MessageVector {
	/** The address of the first struct, to be passed to sendmmsg(2) and recvmmsg(2). */
	readonly address: number;
	/** How many messages there are. */
	readonly count: number;
	/** The bytes of data that each has room for. */
	readonly dataSize: number;
	/** The bytes of control messages that each has room for. */
	readonly controlSize: number;
	/** The data slice of each message. */
	readonly data: readonly Buffer[];
	/** The 128 bytes for the socket address of each message. */
	readonly names: readonly Buffer[];
	/** The control slice of each message. */
	readonly controls: readonly Buffer[];
	readonly #memory: NativeMemory;
	readonly #words: Uint32Array;
	readonly #iovs: number;
	readonly #names: number;

	/**
	 * @param count how many messages, at least 1
	 * @param dataSize the bytes of data of each
	 * @param controlSize the bytes of control messages of each, rounded up to 8; 0 for none
	 */
	constructor(count: number, dataSize: number, controlSize = 0) {
		if (!(count >= 1)) throw new RangeError(`MessageVector: the count must be at least 1, not ${count}`);
		this.count = count;
		this.dataSize = dataSize;
		this.controlSize = CMSG_ALIGN(controlSize);
		const iovsAt = count * MMSGHDR_SIZE;
		const namesAt = iovsAt + count * IOVEC_SIZE;
		const controlsAt = namesAt + count * sockaddrCapacity;
		const dataAt = controlsAt + count * this.controlSize;
		const stride = CMSG_ALIGN(dataSize);
		this.#memory = new NativeMemory(dataAt + count * stride);
		const { address, bytes, view } = this.#memory;
		this.address = address;
		this.#words = new Uint32Array(view.buffer, 0, controlsAt / 4);
		this.#iovs = iovsAt / 4;
		this.#names = namesAt / 4;
		this.names = slices(bytes, namesAt, sockaddrCapacity, count, sockaddrCapacity);
		this.controls = slices(bytes, controlsAt, this.controlSize, count, this.controlSize);
		this.data = slices(bytes, dataAt, stride, count, dataSize);
		for (let index = 0; index < count; index += 1) {
			const header = index * HEADER_WORDS;
			setWords(this.#words, header + MSGHDR_WORD.name, address + namesAt + index * sockaddrCapacity);
			setWords(this.#words, header + MSGHDR_WORD.iov, address + iovsAt + index * IOVEC_SIZE);
			this.#words[header + MSGHDR_WORD.iovCount] = 1;
			setWords(this.#words, header + MSGHDR_WORD.control, address + controlsAt + index * this.controlSize);
			setWords(this.#words, this.#iovs + index * IOVEC_WORDS, address + dataAt + index * stride);
		}
	}

	/**
	 * Says what message `index` is: how many bytes of its data, address and control slices count, 0 for no
	 * address and no control messages. A RangeError when a slice is shorter.
	 */
	set(index: number, dataLength: number, nameLength = 0, controlLength = 0): void {
		this.#check("message", index, this.count - 1);
		this.#check("data", dataLength, this.dataSize);
		this.#check("address", nameLength, sockaddrCapacity);
		this.#check("control", controlLength, this.controlSize);
		const words = this.#words;
		const header = index * HEADER_WORDS;
		words[header + MSGHDR_WORD.nameLength] = nameLength;
		words[header + MSGHDR_WORD.controlLength] = controlLength;
		words[header + MSGHDR_WORD.flags] = 0;
		words[header + LENGTH_WORD] = dataLength;
		words[this.#iovs + index * IOVEC_WORDS + 2] = dataLength;
	}

	/**
	 * Offers the first `count` messages with all their room, as recvmmsg(2) wants them before each call. Those
	 * that no call has touched since need not be offered again.
	 */
	reset(count: number = this.count): void {
		this.#check("count", count, this.count);
		const words = this.#words;
		const { dataSize, controlSize } = this;
		let iov = this.#iovs + 2;
		for (let header = 0, end = count * HEADER_WORDS; header < end; header += HEADER_WORDS) {
			words[header + MSGHDR_WORD.nameLength] = sockaddrCapacity;
			words[header + MSGHDR_WORD.controlLength] = controlSize;
			words[header + MSGHDR_WORD.flags] = 0;
			words[header + LENGTH_WORD] = 0;
			words[iov] = dataSize;
			iov += IOVEC_WORDS;
		}
	}

	/** Points message `index` at `length` bytes of data elsewhere, which must stay there, until the next call. */
	setData(index: number, address: number, length: number): void {
		const iov = this.#iovs + index * IOVEC_WORDS;
		setWords(this.#words, iov, address);
		setWords(this.#words, iov + 2, length);
	}

	/** Points message `index` at `length` bytes of control messages elsewhere, aligned to 8; 0 for none. */
	setControl(index: number, address: number, length: number): void {
		const header = index * HEADER_WORDS;
		setWords(this.#words, header + MSGHDR_WORD.control, address);
		this.#words[header + MSGHDR_WORD.controlLength] = length;
	}

	/** Says how long the address in the name slot of message `index` is; 0 for none. */
	setNameLength(index: number, length: number): void {
		this.#words[index * HEADER_WORDS + MSGHDR_WORD.nameLength] = length;
	}

	/**
	 * How many bytes recvmmsg(2) stored in message `index` (with MSG_TRUNC, the datagram's size), how many
	 * sendmmsg(2) sent of it, or before that how many were set.
	 */
	length(index: number): number {
		return this.#words[index * HEADER_WORDS + LENGTH_WORD] ?? 0;
	}

	/** How many bytes of data message `index` offers. */
	dataLength(index: number): number {
		return this.#words[this.#iovs + index * IOVEC_WORDS + 2] ?? 0;
	}

	/** Where the I/O vector of message `index` stands; those of the next messages follow. */
	iovAddress(index: number): number {
		return this.address + this.count * MMSGHDR_SIZE + index * IOVEC_SIZE;
	}

	/** Where the name slot of message `index` stands. */
	nameAddress(index: number): number {
		return this.iovAddress(this.count) + index * sockaddrCapacity;
	}

	/** Where the control messages of message `index` stand. */
	controlAddress(index: number): number {
		const at = index * HEADER_WORDS + MSGHDR_WORD.control;
		return (this.#words[at] ?? 0) + (this.#words[at + 1] ?? 0) * 2 ** 32;
	}

	/** Whether two messages go to one address. */
	isSameName(one: number, other: number): boolean {
		const length = this.nameLength(one);
		if (length !== this.nameLength(other)) return false;
		const words = this.#words;
		let a = this.#names + one * NAME_WORDS;
		let b = this.#names + other * NAME_WORDS;
		// What stands behind a length that is no multiple of 4 belongs to no address: such ones are compared too.
		for (const end = a + Math.ceil(length / 4); a < end; a++, b++) if (words[a] !== words[b]) return false;
		return true;
	}

	/** The length of the address that message `index` came with. It can pass 128 when it was cut off. */
	nameLength(index: number): number {
		return this.#words[index * HEADER_WORDS + MSGHDR_WORD.nameLength] ?? 0;
	}

	/** How many bytes of its control slice were filled. */
	controlLength(index: number): number {
		return this.#words[index * HEADER_WORDS + MSGHDR_WORD.controlLength] ?? 0;
	}

	/** The flags that message `index` came with: MSG_TRUNC, MSG_CTRUNC … */
	flags(index: number): number {
		return (this.#words[index * HEADER_WORDS + MSGHDR_WORD.flags] ?? 0) | 0;
	}

	#check(what: string, value: number, limit: number): void {
		if (value >= 0 && value <= limit) return;
		throw new RangeError(`MessageVector: ${what} ${value} is not within 0 to ${limit}`);
	}
}

function slices(bytes: Buffer, at: number, stride: number, count: number, size: number): Buffer[] {
	return Array.from({ length: count }, (_, index) =>
		bytes.subarray(at + index * stride, at + index * stride + size),
	);
}
