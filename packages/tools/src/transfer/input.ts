/**
 * Standard input, chunk by chunk: it is read only when somebody wants the next one.
 */
import { Failure } from "../failure.js";

/** Standard input, which may be waited for in vain and later again, without losing a chunk. */
export class Input {
	/** Whether a person types it. */
	readonly isTerminal: boolean = process.stdin.isTTY === true;
	#chunks: AsyncIterator<Buffer> | undefined;
	#next: Promise<IteratorResult<Buffer>> | undefined;

	/**
	 * The next chunk; undefined at the end, as often as it is asked for.
	 * @param signal aborts the wait, not the reading: the chunk is given to who asks next
	 */
	async read(signal: AbortSignal): Promise<Buffer | undefined> {
		signal.throwIfAborted();
		this.#chunks ??= process.stdin[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
		this.#next ??= this.#chunks.next();
		const result = await unlessAborted(this.#next, signal).catch((error: unknown) => {
			if (signal.aborted) throw error;
			throw new Failure(`standard input: ${error instanceof Error ? error.message : String(error)}`);
		});
		// At the end the settled promise stays: the end is the answer from then on.
		if (result.done) return undefined;
		this.#next = undefined;
		return result.value;
	}
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		const abort = (): void => reject(signal.reason);
		signal.addEventListener("abort", abort, { once: true });
		promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
	});
}
