/**
 * A request that is being handled: it is over when its handler is, or before, when the server ends it.
 */
/** Why a request was ended that had not finished within the grace time of shutdown(). */
export class ShutdownError extends Error {
	/** Always "ERR_SERVER_SHUTDOWN". */
	readonly code: string = "ERR_SERVER_SHUTDOWN";

	/** Made by shutdown(). */
	constructor() {
		super("the server was shut down before the request was finished");
	}

	static {
		ShutdownError.prototype.name = "ShutdownError";
	}
}

/** One request under way. */
export class Running {
	/** Settles like the handler, or rejects with the reason of `end`. */
	readonly over: Promise<void>;
	#resolve: () => void = () => {};
	#reject: (reason: unknown) => void = () => {};
	#reason: Error | undefined = undefined;
	#controller: AbortController | undefined = undefined;

	constructor() {
		this.over = new Promise((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
		});
	}

	/** Is over when the handler's work is. */
	follow(work: Promise<void>): void {
		work.then(this.#resolve, this.#reject);
	}

	/** Whether the server has ended it. */
	get ended(): boolean {
		return this.#reason !== undefined;
	}

	/** Aborted when the server ends the request. Made when somebody asks for it. */
	get signal(): AbortSignal {
		if (this.#controller === undefined) {
			this.#controller = new AbortController();
			if (this.#reason !== undefined) this.#controller.abort(this.#reason);
		}
		return this.#controller.signal;
	}

	/** Gives the handler up; what it comes to is nobody's any more. */
	end(reason: Error): void {
		this.#reason ??= reason;
		this.#reject(reason);
		this.#controller?.abort(reason);
	}
}
