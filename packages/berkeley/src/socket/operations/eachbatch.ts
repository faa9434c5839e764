/**
 * `recvManyEach()`: recvmmsg(2) without promises.
 */

import { SOCK_SEQPACKET } from "../../sys/linux/constants/types.js";
import { EAGAIN } from "../../sys/linux/errnos.js";
import type { BatchCore } from "../datagrams/core.js";
import { floodStreak } from "../datagrams/core.js";
import type { Descriptor } from "../descriptor.js";
import { Each, HANDED, HANDED_ALL, OVER, type Step } from "../flow.js";
import { GIVE_WAY, outcome, WOULD_BLOCK } from "../operation.js";
import { withoutEnd } from "./receivemany.js";
import { countMoved, isOthersTurn } from "./share.js";

/** Receives datagrams or records in batches. */
export class EachBatch extends Each {
	readonly #core: BatchCore;
	readonly #type: number;
	readonly #handler: () => void;
	#awaitsRelease = false;

	constructor(descriptor: Descriptor, core: BatchCore, type: number, handler: () => void) {
		super(descriptor);
		this.#core = core;
		this.#type = type;
		this.#handler = handler;
	}

	get syscall(): string {
		return "recvManyEach";
	}

	/** After SHUT_RD, when all that was there is handed out, nothing more will come. */
	get end(): (() => void) | undefined {
		return this.paused || this.#core.busy ? undefined : nothing;
	}

	protected step(fd: number): Step {
		const core = this.#core;
		const { descriptor } = this;
		if (core.busy) {
			this.#awaitRelease();
			return WOULD_BLOCK;
		}
		if (isOthersTurn()) return GIVE_WAY;
		const result = core.receive(fd, 0);
		if (result === -EAGAIN) {
			descriptor.heed();
			return WOULD_BLOCK;
		}
		const received = outcome("recvmmsg", result);
		if (typeof received === "symbol") return received;
		countMoved(received);
		const count = this.#type === SOCK_SEQPACKET ? withoutEnd(core, fd, received) : received;
		if (count === 0) return OVER;
		if (core.streak >= floodStreak) descriptor.rest(1);
		// Asked before the handler runs, which may use the batch.
		const all = received < core.vector.count;
		const handler = this.#handler;
		handler();
		if (!all) return HANDED;
		descriptor.heed();
		return HANDED_ALL;
	}

	#awaitRelease(): void {
		if (this.#awaitsRelease) return;
		this.#awaitsRelease = true;
		this.#core.whenReleased(() => {
			this.#awaitsRelease = false;
			this.descriptor.stir();
		});
	}
}

function nothing(): void {}
