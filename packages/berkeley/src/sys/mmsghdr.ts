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

/**
 * `count` messages, each with a data slice, an address slot and a control slice of fixed sizes, all reused from
 * call to call. It must be reachable for as long as the kernel uses `address`.
 */
export class MessageVector {
	/** The address of the first struct, to be passed to sendmmsg(2) and recvmmsg(2). */
	readonly address: number;
	/** How many messages there are. */
	readonly count: number;
	/** The data slice of each message. */
	readonly data: readonly Buffer[];
	/** The 128 bytes for the socket address of each message. */
	readonly names: readonly Buffer[];
	/** The control slice of each message. */
	readonly controls: readonly Buffer[];
	readonly #memory: NativeMemory;
	readonly #words: Uint32Array;
	readonly #iovs: number;
	readonly #namesAt: number;
	readonly #controlsAt: number;
	readonly #dataSize: number;
	readonly #controlSize: number;

	/**
	 * @param count how many messages, at least 1
	 * @param dataSize the bytes of data of each
	 * @param controlSize the bytes of control messages of each, rounded up to 8; 0 for none
	 */
	constructor(count: number, dataSize: number, controlSize = 0) {
		if (!(count >= 1)) throw new RangeError(`MessageVector: the count must be at least 1, not ${count}`);
		this.count = count;
		this.#dataSize = dataSize;
		this.#controlSize = CMSG_ALIGN(controlSize);
		const iovsAt = count * MMSGHDR_SIZE;
		this.#namesAt = iovsAt + count * IOVEC_SIZE;
		this.#controlsAt = this.#namesAt + count * sockaddrCapacity;
		const dataAt = this.#controlsAt + count * this.#controlSize;
		this.#memory = new NativeMemory(dataAt + count * dataSize);
		const { address, bytes, view } = this.#memory;
		this.address = address;
		this.#words = new Uint32Array(view.buffer, 0, this.#namesAt / 4);
		this.#iovs = iovsAt / 4;
		this.names = slices(bytes, this.#namesAt, sockaddrCapacity, count);
		this.controls = slices(bytes, this.#controlsAt, this.#controlSize, count);
		this.data = slices(bytes, dataAt, dataSize, count);
		for (let index = 0; index < count; index += 1) {
			const header = index * HEADER_WORDS;
			setWords(this.#words, header + MSGHDR_WORD.iov, address + iovsAt + index * IOVEC_SIZE);
			this.#words[header + MSGHDR_WORD.iovCount] = 1;
			setWords(this.#words, this.#iovs + index * IOVEC_WORDS, address + dataAt + index * dataSize);
		}
	}

	/**
	 * Says what message `index` is: how many bytes of its data, address and control slices count, 0 for no
	 * address and no control messages. A RangeError when a slice is shorter.
	 */
	set(index: number, dataLength: number, nameLength = 0, controlLength = 0): void {
		this.#check("message", index, this.count - 1);
		this.#check("data", dataLength, this.#dataSize);
		this.#check("address", nameLength, sockaddrCapacity);
		this.#check("control", controlLength, this.#controlSize);
		this.#put(index, dataLength, nameLength, controlLength);
	}

	/** Offers the first `count` messages with all their room, as recvmmsg(2) wants them before each call. */
	reset(count: number = this.count): void {
		this.#check("count", count, this.count);
		for (let index = 0; index < count; index += 1) {
			this.#put(index, this.#dataSize, sockaddrCapacity, this.#controlSize);
		}
	}

	/** How many bytes of message `index` recvmmsg(2) stored or sendmmsg(2) sent (with MSG_TRUNC, its size). */
	length(index: number): number {
		return this.#words[index * HEADER_WORDS + LENGTH_WORD] ?? 0;
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

	#put(index: number, dataLength: number, nameLength: number, controlLength: number): void {
		const words = this.#words;
		const header = index * HEADER_WORDS;
		const name = nameLength === 0 ? 0 : this.address + this.#namesAt + index * sockaddrCapacity;
		const control = controlLength === 0 ? 0 : this.address + this.#controlsAt + index * this.#controlSize;
		setWords(words, header + MSGHDR_WORD.name, name);
		words[header + MSGHDR_WORD.nameLength] = nameLength;
		setWords(words, header + MSGHDR_WORD.control, control);
		words[header + MSGHDR_WORD.controlLength] = controlLength;
		words[header + MSGHDR_WORD.flags] = 0;
		words[header + LENGTH_WORD] = 0;
		words[this.#iovs + index * IOVEC_WORDS + 2] = dataLength;
	}

	#check(what: string, value: number, limit: number): void {
		if (value >= 0 && value <= limit) return;
		throw new RangeError(`MessageVector: ${what} ${value} is not within 0 to ${limit}`);
	}
}

function slices(bytes: Buffer, at: number, size: number, count: number): Buffer[] {
	return Array.from({ length: count }, (_, index) =>
		bytes.subarray(at + index * size, at + (index + 1) * size),
	);
}
