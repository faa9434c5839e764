/**
 * What has come through a line, and who waits for it.
 */
import { checkTimeout, checkWaitOptions, type WaitOptions } from "../arguments.js";
import { timeoutError } from "../errors.js";

interface Waiter<Item> {
	readonly resolve: (item: Item) => void;
	readonly reject: (reason: unknown) => void;
}

/** Items in the order in which they came, for those who wait in the order in which they did. */
export class Arrivals<Item> {
	readonly #pull: (wait: WaitOptions) => Promise<void>;
	readonly #timeouts: { gettimeout(): number | null };
	readonly #items: Item[] = [];
	readonly #waiters: Waiter<Item>[] = [];
	#pulling = false;
	#stop = new AbortController();

	/** @param pull takes something from the source, of which something may come to add() */
	constructor(pull: (wait: WaitOptions) => Promise<void>, timeouts: { gettimeout(): number | null }) {
		this.#pull = pull;
		this.#timeouts = timeouts;
	}

	/** Something has come. */
	add(item: Item): void {
		const waiter = this.#waiters.shift();
		if (waiter === undefined) this.#items.push(item);
		else waiter.resolve(item);
		// Nobody waits any more: the source is left alone.
		if (this.#waiters.length === 0) this.#stop.abort();
	}

	/** Takes everything out that nobody has taken. */
	clear(): Item[] {
		return this.#items.splice(0);
	}

	/** The next item, when there is one. */
	async take(name: string, options: WaitOptions | undefined): Promise<Item> {
		checkWaitOptions(options);
		const given = options?.timeout;
		const timeout = given === undefined ? this.#timeouts.gettimeout() : checkTimeout("timeout", given);
		options?.signal?.throwIfAborted();
		if (this.#waiters.length === 0) {
			const item = this.#items.shift();
			if (item !== undefined) return item;
		}
		if (timeout === 0) return this.#takeNow();
		return this.#wait(name, timeout, options?.signal);
	}

	async #takeNow(): Promise<Item> {
		for (;;) {
			await this.#pull({ timeout: 0 });
			const item = this.#items.shift();
			if (item !== undefined) return item;
		}
	}

	#wait(name: string, timeout: number | null, signal: AbortSignal | undefined): Promise<Item> {
		return new Promise((resolve, reject) => {
			let timer: NodeJS.Timeout | undefined;
			const settle = (): void => {
				clearTimeout(timer);
				signal?.removeEventListener("abort", abort);
			};
			const waiter: Waiter<Item> = {
				resolve: (item) => {
					settle();
					resolve(item);
				},
				reject: (reason) => {
					settle();
					reject(reason);
				},
			};
			const leave = (reason: unknown): void => {
				this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
				waiter.reject(reason);
				if (this.#waiters.length === 0) this.#stop.abort();
			};
			const abort = (): void => leave(signal?.reason);
			if (timeout !== null) timer = setTimeout(() => leave(timeoutError(name, timeout)), timeout);
			signal?.addEventListener("abort", abort);
			this.#waiters.push(waiter);
			void this.#pullOn();
		});
	}

	/** Takes from the source as long as somebody waits. */
	async #pullOn(): Promise<void> {
		if (this.#pulling) return;
		this.#pulling = true;
		while (this.#waiters.length > 0) {
			if (this.#stop.signal.aborted) this.#stop = new AbortController();
			const { signal } = this.#stop;
			try {
				await this.#pull({ timeout: null, signal });
			} catch (error) {
				if (!signal.aborted) this.#waiters.shift()?.reject(error);
			}
		}
		this.#pulling = false;
	}
}
