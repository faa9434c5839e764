/**
 * What a server does when the kernel gives no request: which errors pass, and how long it waits meanwhile.
 */
import { SocketError } from "../errors.js";

// Descriptors or memory are used up, which passes when connections end.
const exhausted: readonly string[] = ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"];

const firstPause = 50;
const longestPause = 1000;

/** Whether nothing came in the time that was given. */
export function isTimeout(error: unknown): boolean {
	if (!(error instanceof SocketError)) return false;
	// ETIMEDOUT may also be the kernel's word, which no timeout of ours goes with.
	return error.code === "EAGAIN" || (error.code === "ETIMEDOUT" && "timeout" in error);
}

/** Whether a client gave up before it was accepted: the next one is as good. */
export function isAborted(error: unknown): boolean {
	return error instanceof SocketError && error.code === "ECONNABORTED";
}

/** Whether something is used up that may come back. */
export function isExhaustion(error: unknown): error is SocketError {
	return error instanceof SocketError && exhausted.includes(error.code);
}

/** The pauses of a server for which something is used up: each is twice as long as the one before. */
export class Backoff {
	#pause = firstPause;

	/** Whether the next pause is the first since something was accepted. */
	get fresh(): boolean {
		return this.#pause === firstPause;
	}

	/** Waits, until the signal aborts at the longest. */
	async wait(signal: AbortSignal | undefined): Promise<void> {
		const pause = this.#pause;
		this.#pause = Math.min(pause * 2, longestPause);
		await new Promise<void>((resolve) => {
			const over = (): void => {
				clearTimeout(timer);
				signal?.removeEventListener("abort", over);
				resolve();
			};
			const timer = setTimeout(over, pause);
			signal?.addEventListener("abort", over);
		});
	}

	/** Something was accepted. */
	reset(): void {
		this.#pause = firstPause;
	}
}
