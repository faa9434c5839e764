/**
 * Descriptors that arrived in a batch and that nobody has taken: they are closed, as the kernel closes those
 * for which there was no room.
 */
import { decodeControl } from "../../sys/cmsg.js";
import { close } from "../../sys/descriptors.js";
import type { MessageVector } from "../../sys/mmsghdr.js";
import { whenCollected } from "../../sys/teardown.js";
import { descriptorsIn } from "../ancillary.js";

/** What the messages of a vector brought, and who has looked at it. */
export class Rights {
	readonly #vector: MessageVector;
	readonly #taken: Uint8Array;
	#count = 0;

	constructor(vector: MessageVector) {
		this.#vector = vector;
		this.#taken = new Uint8Array(vector.count);
	}

	/** The first `count` messages have arrived. */
	arrived(count: number): void {
		this.#taken.fill(0);
		this.#count = count;
	}

	/** The receiver has the descriptors of a message now. */
	take(index: number): void {
		this.#taken[index] = 1;
	}

	/** Closes what message `index` brought, unless it was taken: the message is replaced. */
	drop(index: number): void {
		if (index >= this.#count || this.#taken[index] === 1) return;
		this.#taken[index] = 1;
		const length = this.#vector.controlLength(index);
		if (length === 0) return;
		for (const fd of descriptorsIn(decodeControl(this.#vector.controls[index] as Buffer, length))) close(fd);
	}

	/** Closes what was not taken. */
	close(): void {
		for (let index = 0; index < this.#count; index++) this.drop(index);
		this.#count = 0;
	}
}

/** Closes what a batch that is collected still had. */
export const forgotten: FinalizationRegistry<Rights> = whenCollected((rights) => rights.close());
