/**
 * Tells when files have changed, also when they were replaced, or are behind a link that leads elsewhere now.
 */
import { type Stats, stat, statSync } from "node:fs";

/**
 * Looks at files again and again: certificates are put in place in many ways, and not all of them can be heard of. It
 * tells of a change when two looks in a row found the same, so that a key and its certificate are both there.
 */
export class FileWatch {
	readonly #files: readonly (string | URL)[];
	readonly #interval: number;
	readonly #changed: () => void;
	#known: string;
	#seen: string;
	#timer: NodeJS.Timeout | undefined;
	#closed = false;

	/**
	 * What the files are now is what they are known to be.
	 * @param interval milliseconds from one look to the next
	 */
	constructor(files: readonly (string | URL)[], interval: number, changed: () => void) {
		this.#files = files;
		this.#interval = interval;
		this.#changed = changed;
		this.#known = files.map((file) => mark(statSync(file, { throwIfNoEntry: false }))).join();
		this.#seen = this.#known;
		this.#wait();
	}

	/** Looks no more. */
	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
	}

	#wait(): void {
		this.#timer = setTimeout(() => void this.#look(), this.#interval).unref();
	}

	async #look(): Promise<void> {
		const marks = await Promise.all(this.#files.map(look));
		if (this.#closed) return;
		const now = marks.join();
		const steady = now === this.#seen;
		this.#seen = now;
		this.#wait();
		if (!steady || now === this.#known) return;
		this.#known = now;
		this.#changed();
	}
}

function look(file: string | URL): Promise<string> {
	return new Promise((resolve) => stat(file, (_error, stats) => resolve(mark(stats))));
}

function mark(stats: Stats | undefined): string {
	return stats === undefined
		? "-"
		: `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}`;
}
