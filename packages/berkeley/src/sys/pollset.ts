/**
 * An array of struct pollfd, in native memory that is used again.
 */
import { NativeMemory } from "./memory.js";
import { poll, pollEntrySize } from "./poll.js";

/** Descriptors with the events to look for, and what poll(2) said of each. */
export class PollSet {
	#memory = new NativeMemory(16 * pollEntrySize);
	#size = 0;

	/** How many there are. */
	get size(): number {
		return this.#size;
	}

	/** Takes all out. */
	clear(): void {
		this.#size = 0;
	}

	/** Adds a descriptor with a mask of POLL… constants. */
	add(fd: number, events: number): void {
		const at = this.#size * pollEntrySize;
		if (at === this.#memory.size) {
			const larger = new NativeMemory(at * 2);
			larger.bytes.set(this.#memory.bytes);
			this.#memory = larger;
		}
		this.#memory.view.setInt32(at, fd, true);
		this.#memory.view.setUint16(at + 4, events, true);
		this.#memory.view.setUint16(at + 6, 0, true);
		this.#size++;
	}

	/** The descriptor at a place. */
	fd(index: number): number {
		return this.#memory.view.getInt32(index * pollEntrySize, true);
	}

	/** What to look for at a place. */
	events(index: number): number {
		return this.#memory.view.getUint16(index * pollEntrySize + 4, true);
	}

	/** What poll(2) said of a place; 0 for nothing. */
	result(index: number): number {
		return this.#memory.view.getUint16(index * pollEntrySize + 6, true);
	}

	/** poll(2). `timeout` is in milliseconds, -1 waits without end. How many are ready, or -errno. */
	poll(timeout: number): number {
		return poll(this.#memory.address, this.#size, timeout);
	}
}
