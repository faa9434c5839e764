/**
 * Runs of the messages of a MessageVector, each as one message that UDP_SEGMENT (udp(7)) cuts again: its I/O
 * vectors are those of the run's messages, which stand one behind the other, so that nothing is copied.
 */
import { IPPROTO_UDP } from "./linux/constants/index.js";
import { UDP_SEGMENT } from "./linux/constants/udp.js";
import { NativeMemory } from "./memory.js";
import { type MessageVector, MMSGHDR_SIZE } from "./mmsghdr.js";
import { MSGHDR_WORD, setWords } from "./msghdr.js";

/** Every kernel that can cut makes as many datagrams of one message; newer ones make 128. */
const mostSegments = 64;
/** The largest UDP datagram over IPv4; over IPv6 it is a little more. */
const mostBytes = 65507;
/** CMSG_SPACE(2), and CMSG_LEN(2). */
const CONTROL_SIZE = 24;
const CONTROL_LENGTH = 18;

const HEADER_WORDS = MMSGHDR_SIZE / 4;
const CONTROL_WORDS = CONTROL_SIZE / 4;

/** The runs of a vector; it must be reachable for as long as the kernel uses `address`. */
export class Runs {
	/** The address of the first struct mmsghdr, to be passed to sendmmsg(2). */
	readonly address: number;
	readonly #vector: MessageVector;
	readonly #memory: NativeMemory;
	readonly #words: Uint32Array;
	readonly #controls: number;
	readonly #lengths: Uint8Array;

	constructor(vector: MessageVector) {
		const { count } = vector;
		this.#vector = vector;
		this.#memory = new NativeMemory(count * (MMSGHDR_SIZE + CONTROL_SIZE));
		const { address, view } = this.#memory;
		this.address = address;
		this.#words = new Uint32Array(view.buffer, 0, this.#memory.size / 4);
		this.#controls = count * HEADER_WORDS;
		this.#lengths = new Uint8Array(count);
		for (let index = 0; index < count; index++) {
			const control = this.#controls + index * CONTROL_WORDS;
			this.#words[control] = CONTROL_LENGTH;
			this.#words[control + 2] = IPPROTO_UDP;
			this.#words[control + 3] = UDP_SEGMENT;
			setWords(this.#words, index * HEADER_WORDS + MSGHDR_WORD.control, address + 4 * control);
		}
	}

	/**
	 * Joins the messages from `first` up to `end`, as far as they go to one address, have one size (the last may
	 * have less), and no control messages. Returns how many runs that are. What a message has stays as it is.
	 */
	build(first: number, end: number): number {
		let runs = 0;
		for (let at = first; at < end; runs++) {
			const length = this.#lengthOf(at, end);
			this.#put(runs, at, length);
			at += length;
		}
		return runs;
	}

	/** How many messages a run has. */
	length(run: number): number {
		return this.#lengths[run] ?? 0;
	}

	#lengthOf(first: number, end: number): number {
		const vector = this.#vector;
		const size = vector.dataLength(first);
		if (size === 0 || vector.controlLength(first) > 0) return 1;
		const limit = Math.min(end, first + mostSegments, first + Math.floor(mostBytes / size));
		let next = first + 1;
		for (; next < limit; next++) {
			const length = vector.dataLength(next);
			if (length > size || length === 0 || vector.controlLength(next) > 0) break;
			if (!vector.isSameName(first, next)) break;
			if (length < size) return next + 1 - first;
		}
		return next - first;
	}

	#put(run: number, first: number, length: number): void {
		const vector = this.#vector;
		const words = this.#words;
		const header = run * HEADER_WORDS;
		const nameLength = vector.nameLength(first);
		const own = vector.controlLength(first);
		const control = this.#controls + run * CONTROL_WORDS;
		setWords(words, header + MSGHDR_WORD.name, vector.nameAddress(first));
		words[header + MSGHDR_WORD.nameLength] = nameLength;
		setWords(words, header + MSGHDR_WORD.iov, vector.iovAddress(first));
		words[header + MSGHDR_WORD.iovCount] = length;
		const address = own > 0 ? vector.controlAddress(first) : this.address + 4 * control;
		setWords(words, header + MSGHDR_WORD.control, address);
		words[header + MSGHDR_WORD.controlLength] = own > 0 ? own : length > 1 ? CONTROL_SIZE : 0;
		words[control + 4] = vector.dataLength(first);
		this.#lengths[run] = length;
	}
}
