/**
 * The callback form: packets are handed to a function where they lie.
 */
import type { Descriptor } from "../../socket/descriptor.js";
import { Each, HANDED, type Step } from "../../socket/flow.js";
import { NOWHERE, WOULD_BLOCK } from "../../socket/operation.js";
import type { LivePacket } from "./packet.js";
import type { Source } from "./source.js";

// So many packets in a step, of which there are a few before others get their turn.
const packetsInAStep = 64;

/** Hands out packets. */
export class EachPacket extends Each {
	readonly #source: Source;
	readonly #advance: (fd: number) => boolean;
	readonly #handler: (packet: LivePacket) => void;

	constructor(
		descriptor: Descriptor,
		source: Source,
		advance: (fd: number) => boolean,
		handler: (packet: LivePacket) => void,
	) {
		super(descriptor);
		this.#source = source;
		this.#advance = advance;
		this.#handler = handler;
	}

	get syscall(): string {
		return "recvEach";
	}

	protected step(fd: number): Step {
		const source = this.#source;
		const { packet } = source;
		const advance = this.#advance;
		const handler = this.#handler;
		for (let left = packetsInAStep; left > 0; left--) {
			if (!advance(fd)) return WOULD_BLOCK;
			handler(packet);
			if (this.paused || this.place === NOWHERE) {
				source.release();
				return HANDED;
			}
		}
		return HANDED;
	}
}
