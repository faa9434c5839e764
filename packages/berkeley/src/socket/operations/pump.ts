/**
 * splice(2) as it is used between two ends neither of which is a pipe: through a pipe of our own, which is filled
 * from the source and emptied into the target.
 */
import { check, socketError } from "../../errors.js";
import { fcntl, pipe2, read } from "../../sys/descriptors.js";
import { F_SETPIPE_SZ, O_CLOEXEC, O_NONBLOCK } from "../../sys/linux/constants/fcntl.js";
import { SPLICE_F_MOVE, SPLICE_F_NONBLOCK } from "../../sys/linux/constants/splice.js";
import { EAGAIN, EINTR, EINVAL } from "../../sys/linux/errnos.js";
import { splice } from "../../sys/transfer.js";
import { Descriptor } from "../descriptor.js";
import {
	FOR_READING,
	FOR_WRITING,
	GIVE_WAY,
	INTERRUPTED,
	type Unfinished,
	WOULD_BLOCK,
} from "../operation.js";

// What an unprivileged process may ask for (fs.pipe-max-size). Where it is refused, what the pipe has must do.
const pipeSize = 1024 * 1024;
// One step moves about this much: two ends as fast as we are must not keep the thread here.
const largestStep = 1024 * 1024;

const flags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;

/** Where a pump writes. */
export interface PumpTarget {
	/** What writing fails as once it is closed. */
	readonly descriptor: Pick<Descriptor, "open" | "grant" | "spend">;
	/** Where in a file to write, advanced by the kernel; null for a socket, and to use the file's own position. */
	readonly position: BigInt64Array | null;
}

/** Bytes on their way from one end to another. */
export class Pump {
	/** Which end the last step that would block waited for. */
	waitsFor: "source" | "target" = "source";
	/** How many bytes have reached the target. */
	moved = 0;
	readonly #source: Descriptor;
	readonly #target: PumpTarget;
	readonly #inlet: Descriptor;
	readonly #outlet: Descriptor;
	/** How many bytes may still be taken from the source. */
	#left: number;
	/** How many bytes are in the pipe. */
	#held = 0;

	/** Makes the pipe. @throws SocketError EMFILE, ENFILE */
	constructor(source: Descriptor, target: PumpTarget, count: number) {
		const pair = new Int32Array(2);
		check("pipe", pipe2(pair, O_CLOEXEC | O_NONBLOCK));
		const [outlet, inlet] = pair as unknown as [number, number];
		this.#source = source;
		this.#target = target;
		this.#left = count;
		this.#outlet = new Descriptor(outlet);
		this.#inlet = new Descriptor(inlet);
		fcntl(inlet, F_SETPIPE_SZ, pipeSize);
	}

	/** Moves what can be moved without waiting; how many bytes it came to when all is through. */
	step(): number | Unfinished {
		for (let allowance = largestStep; allowance > 0; ) {
			// The pipe is emptied before it is filled again: one that is full would block as an empty source does.
			if (this.#held > 0) {
				const written = this.#empty();
				if (typeof written === "symbol") return this.#pause("target", written);
				this.#held -= written;
				this.moved += written;
				allowance -= written;
			} else if (this.#left === 0) {
				return this.moved;
			} else {
				const taken = this.#fill();
				if (typeof taken === "symbol") return this.#pause("source", taken);
				this.#held = taken;
				this.#left = taken === 0 ? 0 : this.#left - taken;
			}
		}
		return GIVE_WAY;
	}

	#pause(side: "source" | "target", reason: Unfinished): Unfinished {
		if (reason === WOULD_BLOCK) this.waitsFor = side;
		return reason;
	}

	#fill(): number | Unfinished {
		const from = this.#source.open("splice");
		const count = this.#source.grant(FOR_READING, Math.min(this.#left, pipeSize));
		if (count === 0) return WOULD_BLOCK;
		const taken = sorted(splice(from, this.#inlet.fd, null, count, flags), "splice from the source");
		if (typeof taken === "number") this.#source.spend(FOR_READING, taken);
		return taken;
	}

	#empty(): number | Unfinished {
		const { descriptor, position } = this.#target;
		const to = descriptor.open("splice");
		const count = descriptor.grant(FOR_WRITING, this.#held);
		if (count === 0) return WOULD_BLOCK;
		const written = sorted(splice(this.#outlet.fd, to, position, count, flags), "splice to the target");
		if (typeof written === "number") descriptor.spend(FOR_WRITING, written);
		return written;
	}

	/** Takes out what has left the source and not reached the target. */
	rest(): Buffer {
		const bytes = Buffer.alloc(this.#held);
		while (this.#held > 0) {
			const part = bytes.subarray(bytes.byteLength - this.#held);
			this.#held -= check("read", read(this.#outlet.fd, part, part.byteLength));
		}
		return bytes;
	}

	/** Closes the pipe, with what is in it. */
	close(): void {
		this.#inlet.close();
		this.#outlet.close();
	}
}

const unfit = "the kernel splices neither this kind of socket nor a file that was opened to append";

function sorted(result: number, subject: string): number | Unfinished {
	if (result >= 0) return result;
	if (result === -EAGAIN) return WOULD_BLOCK;
	if (result === -EINTR) return INTERRUPTED;
	throw socketError("splice", result, { subject, advice: result === -EINVAL ? unfit : undefined });
}
