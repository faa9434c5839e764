/**
 * struct msghdr and struct iovec (sendmsg(2), recvmsg(2)) in native memory.
 *
 * struct msghdr, 56 bytes on x64 and arm64: msg_name at 0, msg_namelen 8, msg_iov 16, msg_iovlen 24,
 * msg_control 32, msg_controllen 40, msg_flags 48. struct iovec, 16 bytes: iov_base at 0, iov_len 8.
 * They are written as 32-bit words: an address or a size takes two.
 */
import { NativeMemory } from "./memory.js";
import { sockaddrCapacity } from "./sockaddr.js";

/** The size of struct msghdr. */
export const MSGHDR_SIZE = 56;
/** The size of struct iovec. */
export const IOVEC_SIZE = 16;

/** Where the fields of struct msghdr are, in 32-bit words. */
export const MSGHDR_WORD = {
	name: 0,
	nameLength: 2,
	iov: 4,
	iovCount: 6,
	control: 8,
	controlLength: 10,
	flags: 12,
} as const;

const HEADER_BLOCK = 64;
const IOVEC_WORDS = 4;

/** Writes an address or a size, a number under 2^53, as two words. */
export function setWords(words: Uint32Array, index: number, value: number): void {
	words[index] = value;
	words[index + 1] = value / 2 ** 32;
}

/**
 * One reusable struct msghdr with room for an address, I/O vectors and control messages. It must be reachable
 * for as long as the kernel uses `address`. recvmsg(2) overwrites the lengths and flags: set them before each
 * call.
 */
export class MessageHeader {
	/** The address of the struct, to be passed to sendmsg(2) and recvmsg(2). It never changes. */
	readonly address: number;
	/** The 128 bytes for the socket address. */
	readonly name: Buffer;
	readonly #memory: NativeMemory;
	readonly #words: Uint32Array;
	#iovs: NativeMemory;
	#iovWords: Uint32Array;
	#iovCapacity: number;
	#control: NativeMemory;

	/**
	 * @param iovCapacity how many I/O vectors to have room for at first
	 * @param controlCapacity how many bytes of control messages to have room for at first
	 */
	constructor(iovCapacity = 8, controlCapacity = 256) {
		this.#memory = new NativeMemory(HEADER_BLOCK + sockaddrCapacity);
		this.address = this.#memory.address;
		this.name = this.#memory.bytes.subarray(HEADER_BLOCK);
		this.#words = wordsOf(this.#memory, MSGHDR_SIZE);
		this.#iovCapacity = Math.max(1, iovCapacity);
		this.#iovs = new NativeMemory(this.#iovCapacity * IOVEC_SIZE);
		this.#iovWords = wordsOf(this.#iovs, this.#iovs.size);
		this.#control = new NativeMemory(Math.max(1, controlCapacity));
		setWords(this.#words, MSGHDR_WORD.iov, this.#iovs.address);
	}

	/** All the room for control messages, at least what `setControl` last asked for. Growth replaces it. */
	get control(): Buffer {
		return this.#control.bytes;
	}

	/** How long the address is: before recvmsg(2) 128, before sendmsg(2) what was encoded. 0 is no address. */
	setName(length: number): void {
		setWords(this.#words, MSGHDR_WORD.name, length === 0 ? 0 : this.address + HEADER_BLOCK);
		this.#words[MSGHDR_WORD.nameLength] = length;
	}

	/** How many I/O vectors count, the first ones. */
	setIovCount(count: number): void {
		if (count > this.#iovCapacity) this.#growIovs(count);
		this.#words[MSGHDR_WORD.iovCount] = count;
	}

	/** One I/O vector: `length` bytes at a native address. */
	setIov(index: number, address: number, length: number): void {
		if (index >= this.#iovCapacity) this.#growIovs(index + 1);
		const at = index * IOVEC_WORDS;
		setWords(this.#iovWords, at, address);
		setWords(this.#iovWords, at + 2, length);
	}

	/**
	 * How many bytes of `control` count: before recvmsg(2) the room to offer, before sendmsg(2) what is to be
	 * sent. 0 is no control messages. Where it grows `control`, what that held is lost: set first, then encode.
	 */
	setControl(length: number): void {
		if (length > this.#control.size) {
			this.#control = new NativeMemory(Math.max(length, 2 * this.#control.size));
		}
		setWords(this.#words, MSGHDR_WORD.control, length === 0 ? 0 : this.#control.address);
		this.#words[MSGHDR_WORD.controlLength] = length;
	}

	/** msg_flags. The kernel ignores it on the way in. */
	setFlags(flags: number): void {
		this.#words[MSGHDR_WORD.flags] = flags;
	}

	/** The length of the address that recvmsg(2) gave. It can pass 128 when the address was cut off. */
	get nameLength(): number {
		return this.#words[MSGHDR_WORD.nameLength] as number;
	}

	/** How many bytes of `control` recvmsg(2) filled. */
	get controlLength(): number {
		return this.#words[MSGHDR_WORD.controlLength] as number;
	}

	/** The flags that recvmsg(2) gave: MSG_TRUNC, MSG_CTRUNC, MSG_EOR, MSG_ERRQUEUE … */
	get flags(): number {
		return (this.#words[MSGHDR_WORD.flags] as number) | 0;
	}

	#growIovs(count: number): void {
		const before = this.#iovs.bytes;
		this.#iovCapacity = Math.max(count, 2 * this.#iovCapacity);
		this.#iovs = new NativeMemory(this.#iovCapacity * IOVEC_SIZE);
		this.#iovs.bytes.set(before);
		this.#iovWords = wordsOf(this.#iovs, this.#iovs.size);
		setWords(this.#words, MSGHDR_WORD.iov, this.#iovs.address);
	}
}

function wordsOf(memory: NativeMemory, size: number): Uint32Array {
	return new Uint32Array(memory.view.buffer, 0, size / 4);
}
