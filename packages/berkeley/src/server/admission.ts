/**
 * What a server's limits on requests need beside the limits themselves: the limiter that belongs to them, and who is
 * to be held back.
 */
import { reactor } from "../reactor/reactor.js";
import { Limiter, type ServerLimits } from "./limits.js";

/** The state that a server has because of its limits. */
export class Admission<Request> {
	readonly #check: (limiter: Limiter) => void;
	#limiter: Limiter | undefined = undefined;
	/** For how many milliseconds a request is to be held back before it is handled. */
	readonly #delays = new Map<Request, number>();

	/** @param check throws for limits that the server cannot keep */
	constructor(check: (limiter: Limiter) => void) {
		this.#check = check;
	}

	/** What keeps the limits; another one for other limits, which counts anew. */
	limiter(limits: ServerLimits | null): Limiter | undefined {
		if (limits === null) {
			this.#limiter = undefined;
		} else if (this.#limiter?.limits !== limits) {
			const limiter = new Limiter(limits);
			this.#check(limiter);
			this.#limiter = limiter;
		}
		return this.#limiter;
	}

	/** Says that a request is to be held back. */
	postpone(request: Request, delay: number): void {
		this.#delays.set(request, delay);
	}

	/** For how long a request is to be held back, if at all; it is asked once. */
	forget(request: Request): number | undefined {
		const delay = this.#delays.get(request);
		if (delay !== undefined) this.#delays.delete(request);
		return delay;
	}
}

/** Waits so many milliseconds; until the signal aborts, at the longest. */
export async function holdBack(signal: AbortSignal, delay: number): Promise<void> {
	const shared = reactor();
	// Deadlines let the process end, and this one is waited for.
	shared.retain();
	try {
		await new Promise<void>((resolve) => {
			const deadline = shared.deadlines.add(performance.now() + delay, resolve);
			signal.addEventListener("abort", () => {
				shared.deadlines.remove(deadline);
				resolve();
			});
		});
	} finally {
		shared.release();
	}
}
