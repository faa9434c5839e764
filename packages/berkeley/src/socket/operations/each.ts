/**
 * The kinds of `recvEach()` and `acceptEach()`: each step is one call of the kernel, and one of the user's function.
 */
import type { Address } from "../../address/types.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK } from "../../sys/linux/constants/types.js";
import { ECONNABORTED } from "../../sys/linux/errnos.js";
import { accept4 } from "../../sys/sockets.js";
import { recv, recvfrom } from "../../sys/transfer.js";
import { arrivalsOf, showArrivals } from "../arrivals.js";
import type { Descriptor } from "../descriptor.js";
import { Each, HANDED, HANDED_ALL, OVER, type Step } from "../flow.js";
import { charge, outcome, type Quota, type Unfinished, within } from "../operation.js";
import { addressRoom } from "../scratch.js";

/** Receives from a stream. */
export class EachPiece extends Each {
	readonly #size: number;
	readonly #handler: (data: Buffer) => void;

	constructor(descriptor: Descriptor, size: number, handler: (data: Buffer) => void) {
		super(descriptor);
		this.#size = size;
		this.#handler = handler;
	}

	get syscall(): string {
		return "recvEach";
	}

	protected step(fd: number, quota: Quota | undefined): Step {
		const size = within(quota, this.#size);
		const count = recv(fd, arrivalsOf(size).address, size, 0);
		charge(quota, count);
		if (count < 0) return outcome("recv", count) as Unfinished;
		if (count === 0) return OVER;
		// Asked before the handler runs: while it does, more may come.
		const all = count < size && this.descriptor.tellsQueue;
		const handler = this.#handler;
		handler(showArrivals(count));
		return all ? HANDED_ALL : HANDED;
	}
}

/** Receives datagrams or records. */
export class EachDatagram extends Each {
	readonly #size: number;
	readonly #endsEmpty: boolean;
	readonly #handler: (data: Buffer, address: Address | undefined) => void;

	/** @param endsEmpty whether what has no data is the end, as it is of a seqpacket socket */
	constructor(
		descriptor: Descriptor,
		size: number,
		endsEmpty: boolean,
		handler: (data: Buffer, address: Address | undefined) => void,
	) {
		super(descriptor);
		this.#size = size;
		this.#endsEmpty = endsEmpty;
		this.#handler = handler;
	}

	get syscall(): string {
		return "recvEach";
	}

	/** After SHUT_RD, when all that was there is handed out, nothing more will come. */
	get end(): (() => void) | undefined {
		return this.paused ? undefined : nothing;
	}

	protected step(fd: number): Step {
		const size = this.#size;
		const { address } = addressRoom;
		const count = recvfrom(fd, arrivalsOf(size).address, size, 0, address, addressRoom.clear());
		if (count < 0) return outcome("recvfrom", count) as Unfinished;
		if (count === 0 && this.#endsEmpty) return OVER;
		const handler = this.#handler;
		handler(showArrivals(count), addressRoom.decode());
		return HANDED;
	}
}

function nothing(): void {}

/** Accepts connections. One that was given up before it was accepted is nobody's. */
export class EachConnection extends Each {
	readonly #handler: (fd: number, address: Address | undefined) => void;

	constructor(descriptor: Descriptor, handler: (fd: number, address: Address | undefined) => void) {
		super(descriptor);
		this.#handler = handler;
	}

	get syscall(): string {
		return "acceptEach";
	}

	protected step(fd: number): Step {
		const room = addressRoom.clear();
		const accepted = accept4(fd, addressRoom.address, room, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (accepted === -ECONNABORTED) return HANDED;
		if (accepted < 0) return outcome("accept", accepted) as Unfinished;
		const handler = this.#handler;
		handler(accepted, addressRoom.decode());
		return HANDED;
	}
}
