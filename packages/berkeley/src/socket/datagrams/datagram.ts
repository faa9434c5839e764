/**
 * One datagram of a batch: a view of its slot, made once and used again and again.
 */
import type { Address, AddressOf } from "../../address/types.js";
import { decodeControl } from "../../sys/cmsg.js";
import { MSG_CMSG_CLOEXEC } from "../../sys/linux/constants/msg.js";
import { type AncillaryMessage, decodeAncillary } from "../ancillary.js";
import type { BatchCore } from "./core.js";

/**
 * A datagram in a `DatagramBatch`. It shows what stands in its place of the batch at the time: the batch's next
 * use shows through it, and through its `data`. Copy what must last: `Buffer.from(datagram.data)`.
 */
export class Datagram<Family extends number = number> {
	readonly #core: BatchCore;
	readonly #index: number;
	#data: Buffer;
	#dataSize: number;
	#address: Address | undefined;
	#addressRound = -1;
	#ancillary: AncillaryMessage[] = [];
	#ancillaryRound = -1;

	/** Made by the batch. */
	constructor(core: BatchCore, index: number) {
		this.#core = core;
		this.#index = index;
		this.#data = core.vector.data[index] as Buffer;
		this.#dataSize = this.#data.length;
	}

	/** The data, in place: nothing is copied, and what is written here is sent. */
	get data(): Buffer {
		const size = this.#core.size(this.#index);
		// Datagrams of one size, which come in runs, share one view.
		if (size !== this.#dataSize) {
			this.#data = (this.#core.vector.data[this.#index] as Buffer).subarray(0, size);
			this.#dataSize = size;
		}
		return this.#data;
	}

	/** How many bytes the datagram has. More than there are in `data` when it was received with MSG_TRUNC and cut. */
	get size(): number {
		return this.#core.vector.length(this.#index);
	}

	/** Who sent it, or where it goes; undefined where the kernel names nobody, or to the connected peer. */
	get address(): AddressOf<Family> {
		const core = this.#core;
		if (this.#addressRound !== core.round) {
			this.#address = core.address(this.#index);
			this.#addressRound = core.round;
		}
		return this.#address as AddressOf<Family>;
	}

	/** What the kernel said of it: MSG_TRUNC when it was longer than the room, MSG_CTRUNC, MSG_EOR … */
	get flags(): number {
		// The kernel gives MSG_CMSG_CLOEXEC back, which nobody asked for.
		return this.#core.vector.flags(this.#index) & ~MSG_CMSG_CLOEXEC;
	}

	/**
	 * The control messages, decoded when they are first asked for. Descriptors among them belong to who has asked,
	 * who must close them; those that nobody asks for are closed when the batch is used again or cleared.
	 */
	get ancillary(): AncillaryMessage[] {
		const core = this.#core;
		if (this.#ancillaryRound !== core.round) {
			const length = core.vector.controlLength(this.#index);
			this.#ancillary = length === 0 ? [] : decodeAncillary(decodeControl(core.control(this.#index), length));
			this.#ancillaryRound = core.round;
			core.take(this.#index);
		}
		return this.#ancillary;
	}

	/**
	 * The size of the datagrams that the kernel joined to this one (UDP_GRO), or will cut it into (UDP_SEGMENT);
	 * 0 when it is one datagram.
	 */
	get segmentSize(): number {
		return this.#core.segmentSize(this.#index);
	}

	/** The datagrams that were joined to this one, the last of which may be shorter, in place; or this one alone. */
	*segments(): Generator<Buffer, void, undefined> {
		const { data, segmentSize } = this;
		if (segmentSize === 0 || data.length <= segmentSize) {
			yield data;
			return;
		}
		for (let at = 0; at < data.length; at += segmentSize) yield data.subarray(at, at + segmentSize);
	}
}
