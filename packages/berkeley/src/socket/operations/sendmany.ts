/**
 * sendmmsg(2) as an operation: over a batch, and over datagrams that are gathered from anywhere.
 */
import type { Address } from "../../address/types.js";
import { checkSteady, sizeOf } from "../../arguments.js";
import { socketError } from "../../errors.js";
import { CMSG_ALIGN, type ControlMessage, controlSize, encodeControl } from "../../sys/cmsg.js";
import { AF_UNIX } from "../../sys/linux/constants/families.js";
import { MSG_MORE, MSG_NOSIGNAL, MSG_ZEROCOPY } from "../../sys/linux/constants/msg.js";
import { EAGAIN, EINTR, EINVAL, EIO, EMSGSIZE } from "../../sys/linux/errnos.js";
import { NativeMemory } from "../../sys/memory.js";
import { MessageVector } from "../../sys/mmsghdr.js";
import { Runs } from "../../sys/runs.js";
import { sendmmsg } from "../../sys/transfer.js";
import type { BatchCore } from "../datagrams/core.js";
import {
	FOR_WRITING,
	GIVE_WAY,
	INTERRUPTED,
	type Need,
	type Operation,
	type Unfinished,
	WOULD_BLOCK,
} from "../operation.js";
import { largestSlab, slabOf } from "../scratch.js";
import { mustNotWait } from "./receive.js";
import { addressedNeed } from "./send.js";
import { countMoved, isOthersTurn } from "./share.js";

/** A datagram that is ready to be sent. */
export interface ReadyDatagram {
	readonly bytes: Uint8Array;
	readonly size: number;
	/** Where it goes, and that as a sockaddr; undefined for the connected peer. */
	readonly address: Address | undefined;
	readonly sockaddr: Uint8Array | undefined;
	readonly control: readonly ControlMessage[];
	/** Whether the kernel is to cut it. */
	readonly segmented: boolean;
}

/** What is to be sent: how much it is, who the next ones go to, and the call that sends some of them. */
interface Source {
	readonly length: number;
	/** What must be left alone until all is sent. */
	readonly held?: BatchCore;
	address(index: number): Address | undefined;
	isSegmented(index: number): boolean;
	/** Sends from `first` on, as many as one call takes: the count, at least 1, or -errno. */
	send(fd: number, first: number, flags: number): number;
}

/** How sendMany() sends, checked. */
export interface Manner {
	readonly flags: number;
	/** Which datagram is the first. */
	readonly from: number;
	/** For those that have none; 0 for none. */
	readonly segmentSize: number;
	/** Whether runs are handed to the kernel as one, to be cut again. */
	readonly gso: boolean;
}

/** Sends the datagrams of a batch; how many that were. */
export function sendBatch(core: BatchCore, manner: Manner): Operation<number> {
	core.prepare(manner.segmentSize);
	const { length } = core;
	let joins = mayJoin(manner);
	return new SendMany(
		{
			length,
			held: core,
			address: (index) => core.address(index),
			isSegmented: (index) => core.segmentSize(index) > 0,
			send(fd, first, flags) {
				if (joins) {
					const count = sendRuns(fd, core.runs, first, length, flags);
					if (count !== 0) return count;
					joins = false;
				}
				return core.send(fd, first, length, flags);
			},
		},
		manner,
		core.family,
	);
}

/** Sends the datagrams; how many that were. */
export function sendDatagrams(
	datagrams: readonly ReadyDatagram[],
	manner: Manner,
	family: number,
): Operation<number> {
	let joins = mayJoin(manner);
	return new SendMany(
		{
			length: datagrams.length,
			address: (index) => datagrams[index]?.address,
			isSegmented: (index) => datagrams[index]?.segmented ?? false,
			send(fd, first, flags) {
				const arena = arenaOfThread();
				const { vector, runs } = arena;
				return gathered(vector, datagrams, first, (count) => {
					if (joins) {
						const sent = sendRuns(fd, runs, 0, count, flags);
						if (sent !== 0) return sent;
						joins = false;
					}
					return sendmmsg(fd, vector.address, count, flags);
				});
			},
		},
		manner,
		family,
	);
}

// Corked data are joined by the kernel in a way of its own, and zero copy counts calls.
function mayJoin({ gso, flags }: Manner): boolean {
	return gso && (flags & (MSG_MORE | MSG_ZEROCOPY)) === 0;
}

/** The kernel refuses to cut: too large for the path, no checksums by the device, too many … */
const unjoinable: readonly number[] = [-EINVAL, -EIO, -EMSGSIZE];

/** Sends runs: how many messages went out; 0 when the kernel does not take a run as one; -errno. */
function sendRuns(fd: number, runs: Runs, first: number, end: number, flags: number): number {
	const count = runs.build(first, end);
	const sent = sendmmsg(fd, runs.address, count, flags);
	if (sent < 0) return runs.length(0) > 1 && unjoinable.includes(sent) ? 0 : sent;
	let messages = 0;
	for (let run = 0; run < sent; run++) messages += runs.length(run);
	return messages;
}

class SendMany implements Operation<number> {
	readonly syscall = "sendmmsg";
	readonly dontWait: boolean;
	readonly #source: Source;
	readonly #flags: number;
	readonly #family: number;
	readonly #first: number;
	#next: number;

	constructor(source: Source, { flags, from }: Manner, family: number) {
		this.#source = source;
		this.#flags = flags | MSG_NOSIGNAL;
		this.#family = family;
		this.#first = from;
		this.#next = from;
		this.dontWait = mustNotWait(flags);
	}

	/** That of the datagram which is next. */
	get address(): Address | undefined {
		return this.#next < this.#source.length ? this.#source.address(this.#next) : undefined;
	}

	get need(): Need {
		if (this.#family !== AF_UNIX) return FOR_WRITING;
		return this.address === undefined ? FOR_WRITING : addressedNeed(this.#family);
	}

	attempt(fd: number): number | Unfinished {
		const { held } = this.#source;
		if (held === undefined) return this.#send(fd);
		held.busy = false;
		const result = this.#send(fd);
		held.busy = typeof result === "symbol";
		return result;
	}

	#send(fd: number): number | Unfinished {
		const source = this.#source;
		while (this.#next < source.length) {
			if (isOthersTurn()) return GIVE_WAY;
			const count = source.send(fd, this.#next, this.#flags);
			if (count === -EAGAIN) return WOULD_BLOCK;
			if (count === -EINTR) return INTERRUPTED;
			if (count < 0) throw this.#failure(count);
			countMoved(count);
			this.#next += count;
		}
		return this.#next - this.#first;
	}

	partial(): number | undefined {
		const sent = this.#next - this.#first;
		return sent > 0 ? sent : undefined;
	}

	#failure(result: number): Error {
		const segmented = this.#source.isSegmented(this.#next);
		return socketError(this.syscall, result, {
			address: this.address,
			advice: segmented ? segmentAdvice(result) : undefined,
			sent: this.#next - this.#first,
		});
	}
}

/** Why the kernel does not cut a datagram into segments. */
export function segmentAdvice(result: number): string | undefined {
	if (result === -EINVAL) {
		return "UDP_SEGMENT needs Linux 4.18, segments that fit the path's MTU, and at most 64 of them (128 in newer kernels)";
	}
	if (result === -EMSGSIZE) return "all segments together have at most 65507 bytes";
	if (result === -EIO)
		return "UDP-Lite, IPsec, and devices without checksum offload cannot cut into segments";
	return undefined;
}

// One call takes so many datagrams, with so many bytes: the arena that they are gathered in is the thread's.
const mostGathered = 128;
const gatheredBytes = 256 * 1024;

interface Arena {
	readonly vector: MessageVector;
	readonly runs: Runs;
}

let arena: Arena | undefined;

function arenaOfThread(): Arena {
	if (arena === undefined) {
		const vector = new MessageVector(mostGathered, 0);
		arena = { vector, runs: new Runs(vector) };
	}
	return arena;
}

/** Gathers datagrams from `first` on, as many as one call takes, and makes the call with their number. */
// Addresses of typed arrays must not stand in a struct, so the data is gathered in native memory.
function gathered(
	vector: MessageVector,
	datagrams: readonly ReadyDatagram[],
	first: number,
	call: (count: number) => number,
): number {
	let total = 0;
	let end = first;
	for (; end < datagrams.length && end - first < mostGathered; end++) {
		const { size, control } = datagrams[end] as ReadyDatagram;
		const needed = CMSG_ALIGN(size) + (control.length === 0 ? 0 : controlSize(control));
		if (end > first && total + needed > gatheredBytes) break;
		total += needed;
	}
	const memory = total <= largestSlab ? slabOf(total) : new NativeMemory(total);
	try {
		for (let index = first, at = 0; index < end; index++) {
			at = gather(vector, index - first, datagrams[index] as ReadyDatagram, memory, at);
		}
		return call(end - first);
	} finally {
		if (total > largestSlab) memory.free();
	}
}

/** Puts a datagram at an offset of the memory, and gives the offset behind it. */
function gather(
	vector: MessageVector,
	index: number,
	datagram: ReadyDatagram,
	memory: NativeMemory,
	at: number,
): number {
	const { bytes, size, sockaddr, control } = datagram;
	checkSteady("sendMany", sizeOf(bytes), size);
	memory.bytes.set(sizeOf(bytes) === size ? bytes : bytes.subarray(0, size), at);
	vector.setData(index, memory.address + at, size);
	if (sockaddr !== undefined) vector.names[index]?.set(sockaddr);
	vector.setNameLength(index, sockaddr === undefined ? 0 : sockaddr.length);
	const next = at + CMSG_ALIGN(size);
	const room = control.length === 0 ? 0 : encodeControl(control, memory.bytes.subarray(next));
	vector.setControl(index, memory.address + next, room);
	return next + room;
}
