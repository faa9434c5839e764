/**
 * What has come through a line, and who waits for it.
 */
import { checkTimeout, checkWaitOptions, type WaitOptions } from "../arguments.js";
import { timeoutError } from "../errors.js";

interface Waiter<Item> {
	/** Takes an item, and gives back what he leaves of it to the next. */
	readonly accept: (item: Item) => Item | undefined;
	readonly resolve: () => void;
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
		this.#items.push(item);
		while (this.#waiters.length > 0 && this.#items.length > 0) {
			const waiter = this.#waiters.shift() as Waiter<Item>;
			this.#offer(waiter.accept);
			waiter.resolve();
		}
		// Nobody waits any more: the source is left alone.
		if (this.#waiters.length === 0) this.#stop.abort();
	}

	/** Takes everything out that nobody has taken. */
	clear(): Item[] {
		return this.#items.splice(0);
	}

	/** Rejects those who wait. */
	fail(make: () => unknown): void {
		for (const { reject } of this.#waiters.splice(0)) reject(make());
		this.#stop.abort();
	}

	/** Hands out the next item, when there is one: `accept` takes it, and gives back what it leaves to the next. */
	async take(
		name: string,
		options: WaitOptions | undefined,
		accept: (item: Item) => Item | undefined,
	): Promise<void> {
		checkWaitOptions(options);
		const given = options?.timeout;
		const timeout = given === undefined ? this.#timeouts.gettimeout() : checkTimeout("timeout", given);
		options?.signal?.throwIfAborted();
		if (this.#waiters.length === 0 && this.#offer(accept)) return;
		if (timeout === 0) {
			do await this.#pull({ timeout: 0 });
			while (!this.#offer(accept));
			return;
		}
		await this.#wait(name, timeout, options?.signal, accept);
	}

	#offer(accept: (item: Item) => Item | undefined): boolean {
		const item = this.#items.shift();
		if (item === undefined) return false;
		const rest = accept(item);
		if (rest !== undefined) this.#items.unshift(rest);
		return true;
	}

	#wait(
		name: string,
		timeout: number | null,
		signal: AbortSignal | undefined,
		accept: (item: Item) => Item | undefined,
	): Promise<void> {
		return new Promise((resolve, reject) => {
			let timer: NodeJS.Timeout | undefined;
			const settle = (): void => {
				clearTimeout(timer);
				signal?.removeEventListener("abort", abort);
			};
			const waiter: Waiter<Item> = {
				accept,
				resolve: () => {
					settle();
					resolve();
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
