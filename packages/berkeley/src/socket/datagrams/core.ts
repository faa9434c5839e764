/**
 * What a batch of datagrams is underneath: a native arena that sendmmsg(2) and recvmmsg(2) work on, and what
 * stands in it.
 */
import type { Address, Inet6Address } from "../../address/types.js";
import { socketError } from "../../errors.js";
import { type ControlMessage, encodeControl, findControl } from "../../sys/cmsg.js";
import { AF_INET, AF_INET6, AF_UNIX } from "../../sys/linux/constants/families.js";
import { IPPROTO_UDP } from "../../sys/linux/constants/index.js";
import { MSG_CMSG_CLOEXEC, MSG_PEEK } from "../../sys/linux/constants/msg.js";
import { UDP_GRO, UDP_SEGMENT } from "../../sys/linux/constants/udp.js";
import { MessageVector, MMSGHDR_SIZE } from "../../sys/mmsghdr.js";
import { Runs } from "../../sys/runs.js";
import { decodeSockaddr, encodeSockaddr, sockaddrCapacity } from "../../sys/sockaddr.js";
import { recvmmsg, sendmmsg } from "../../sys/transfer.js";
import { forgotten, Rights } from "./rights.js";

/** After so many full batches in a row there is a flood, of which nobody need be told. */
export const floodStreak = 16;

/** The room of the one control message that tells or asks for a segment size: CMSG_SPACE(4). */
const segmentRoom = 24;

/** The control message that asks for datagrams of a size. */
export function segmentControl(size: number): ControlMessage {
	const data = Buffer.alloc(2);
	data.writeUInt16LE(size);
	return { level: IPPROTO_UDP, type: UDP_SEGMENT, data };
}

/** Whether a family can have UDP, and so segments. */
export function hasSegments(family: number): boolean {
	return family === AF_INET || family === AF_INET6;
}

/** The arena of a batch, and its state. A batch, its datagrams and the operations share it. */
export class BatchCore {
	readonly family: number;
	readonly vector: MessageVector;
	/** How many messages count. */
	length = 0;
	/** Grows each time that messages are replaced by others. */
	round = 0;
	readonly #waiting: (() => void)[] = [];
	/** How many messages recvmmsg(2) had room for, the last time. */
	offered = 0;
	/** How often in a row it was received full. */
	streak = 0;
	/** Whether an operation works on it that has not settled. */
	busy = false;
	/** Ends that. */
	readonly release = (): void => {
		this.busy = false;
		for (const waiter of this.#waiting.splice(0)) waiter();
	};
	/** How many messages, the first ones, recvmmsg(2) must be offered anew. */
	#touched = 0;
	/** By message: whether it was put there, and not received. */
	readonly #built: Uint8Array;
	readonly #rights: Rights | undefined;
	#runs: Runs | undefined;
	// Datagrams go out in runs to one peer, whose address need not be encoded again.
	#encoded: Address | undefined;
	#encodedLength = 0;
	readonly #encodedBytes = Buffer.alloc(sockaddrCapacity);

	constructor(family: number, count: number, size: number, controlSize: number) {
		this.family = family;
		this.vector = new MessageVector(count, size, controlSize + (hasSegments(family) ? segmentRoom : 0));
		this.vector.reset();
		this.#built = new Uint8Array(count);
		if (family === AF_UNIX && controlSize > 0) {
			this.#rights = new Rights(this.vector);
			forgotten.register(this, this.#rights);
		}
	}

	/** Calls back when the operation has settled that works on it now. */
	whenReleased(callback: () => void): void {
		this.#waiting.push(callback);
	}

	/** Forgets the messages. */
	clear(): void {
		this.length = 0;
		this.round++;
		this.#rights?.close();
	}

	/** Receives what is there, as far as there is room, in one call: recvmmsg(2). The count or -errno. */
	receive(fd: number, flags: number): number {
		const { vector } = this;
		this.clear();
		if (this.#touched > 0) {
			vector.reset(this.#touched);
			this.#built.fill(0, 0, this.#touched);
			this.#touched = 0;
		}
		// What is peeked at stays, so that every message would be the first.
		this.offered = flags & MSG_PEEK ? 1 : vector.count;
		// Only Unix sockets carry descriptors, and packet sockets answer EINVAL to the flag.
		const closeOnExec = this.family === AF_UNIX ? MSG_CMSG_CLOEXEC : 0;
		const count = recvmmsg(fd, vector.address, this.offered, flags | closeOnExec);
		this.streak = count === vector.count ? this.streak + 1 : 0;
		if (count > 0) {
			this.length = count;
			this.#touched = count;
			this.#rights?.arrived(count);
		}
		return count;
	}

	/** Sends the messages from `first` up to `end`, in one call: sendmmsg(2). The count or -errno. */
	send(fd: number, first: number, end: number, flags: number): number {
		return sendmmsg(fd, this.vector.address + first * MMSGHDR_SIZE, end - first, flags);
	}

	/** Their runs. */
	get runs(): Runs {
		this.#runs ??= new Runs(this.vector);
		return this.#runs;
	}

	/**
	 * Makes the messages ready to be sent: of those that were received the data, the address and the segment
	 * size count. `segmentSize` is for those that have none; 0 leaves them so.
	 */
	prepare(segmentSize: number): void {
		for (let index = 0; index < this.length; index++) {
			if (this.#built[index] === 0) {
				const own = this.segmentSize(index);
				this.#rights?.drop(index);
				this.#put(index, this.size(index), Math.min(this.vector.nameLength(index), sockaddrCapacity), 0);
				if (own > 0) this.#addControl(index, segmentControl(own));
			}
			if (segmentSize > 0 && this.segmentSize(index) === 0) {
				this.#addControl(index, segmentControl(segmentSize));
			}
		}
	}

	/**
	 * Makes message `index` one of `size` bytes, whatever they are.
	 * @param address numeric by now; undefined for the peer of a connected socket
	 */
	build(
		index: number,
		size: number,
		address: Address | undefined,
		control: readonly ControlMessage[] | undefined,
	): void {
		this.#rights?.drop(index);
		const nameLength = address === undefined ? 0 : this.#encode(address, index);
		const controlLength = control === undefined ? 0 : encodeControl(control, this.control(index));
		this.#put(index, size, nameLength, controlLength);
		if (index >= this.length) this.length = index + 1;
		this.round++;
	}

	/** The control messages of a message are the receiver's from now on. */
	take(index: number): void {
		this.#rights?.take(index);
	}

	/** How many bytes of data a message has here. */
	size(index: number): number {
		return Math.min(this.vector.length(index), this.vector.dataSize);
	}

	/** The room for the control messages of a message. */
	control(index: number): Buffer {
		return this.vector.controls[index] as Buffer;
	}

	/** The address of a message; undefined where it has none. */
	address(index: number): Address | undefined {
		return decodeSockaddr(this.vector.names[index] as Buffer, this.vector.nameLength(index));
	}

	/** The size of the segments of a message: what was joined to it or is to be cut from it; 0 for neither. */
	segmentSize(index: number): number {
		const length = this.vector.controlLength(index);
		if (length === 0) return 0;
		const control = this.control(index);
		const joined = findControl(control, length, IPPROTO_UDP, UDP_GRO, 4);
		if (joined >= 0) return Math.max(0, control.readInt32LE(joined));
		const cut = findControl(control, length, IPPROTO_UDP, UDP_SEGMENT, 2);
		return cut >= 0 ? control.readUInt16LE(cut) : 0;
	}

	#put(index: number, size: number, nameLength: number, controlLength: number): void {
		this.vector.set(index, size, nameLength, controlLength);
		this.#built[index] = 1;
		if (index >= this.#touched) this.#touched = index + 1;
	}

	#addControl(index: number, message: ControlMessage): void {
		const { vector } = this;
		const length = vector.controlLength(index);
		const added = encodeControl([message], this.control(index).subarray(length));
		vector.set(index, vector.length(index), vector.nameLength(index), length + added);
	}

	/** Whether it is the address that was written last. Then it is in order, too. */
	isKnown(address: Address): boolean {
		return (
			this.#encoded !== undefined && typeof address === typeof this.#encoded && isSame(this.#encoded, address)
		);
	}

	#encode(address: Address, index: number): number {
		const name = this.vector.names[index] as Buffer;
		if (!this.isKnown(address)) {
			this.#encoded = undefined;
			const length = encodeSockaddr(this.family, address, this.#encodedBytes);
			if (length < 0) throw socketError("sendmmsg", length, { address });
			this.#encoded = kept(address);
			this.#encodedLength = length;
		}
		name.set(this.#encodedBytes);
		return this.#encodedLength;
	}
}

/** Whether two addresses of one family are known to be the same without much ado. */
function isSame(a: Address, b: Address): boolean {
	if (typeof a === "string" || typeof b === "string") return a === b;
	if (!("host" in a && "host" in b)) return false;
	const one: Inet6Address = a;
	const other: Inet6Address = b;
	return (
		one.host === other.host &&
		one.port === other.port &&
		one.flowinfo === other.flowinfo &&
		one.scopeId === other.scopeId
	);
}

/** What the comparison needs of an address; undefined where the name of an interface may get another meaning. */
function kept(address: Address): Address | undefined {
	if (typeof address === "string") return address;
	if (!("host" in address) || address.host.includes("%")) return undefined;
	const { host, port, flowinfo, scopeId }: Inet6Address = address;
	return { host, port, flowinfo, scopeId } as Inet6Address;
}
