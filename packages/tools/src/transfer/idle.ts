/**
 * A limit on how long nothing may happen: the option -w.
 */

/** Why the waiting was aborted: nothing happened for so long. */
export class IdleExpired extends Error {
	/** How long it was, for people. */
	readonly span: string;

	constructor(milliseconds: number) {
		const span = milliseconds === 1000 ? "1 second" : `${milliseconds / 1000} seconds`;
		super(`nothing happened for ${span}`);
		this.span = span;
	}
}

/** Aborts its signal when it has not been stirred for a time. */
export class Idle {
	/** The limit in milliseconds; undefined while there is none. */
	limit: number | undefined;
	readonly #controller = new AbortController();
	#timer: NodeJS.Timeout | undefined;

	constructor(limit: number | undefined) {
		if (limit !== undefined) this.begin(limit);
	}

	/** For whatever waits. Its reason is an IdleExpired. */
	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	/** Counts from now, whatever it did before. */
	begin(limit: number): void {
		this.limit = limit;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#controller.abort(new IdleExpired(limit)), limit);
	}

	/** Something happened. */
	stir(): void {
		this.#timer?.refresh();
	}

	/** Nothing is waited for any more. */
	[Symbol.dispose](): void {
		clearTimeout(this.#timer);
	}
}
