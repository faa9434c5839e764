/**
 * Something that one waits for, and others ring: a ring that nobody waits for is heard by who waits next.
 */
export class Bell {
	#rung = false;
	#wake: (() => void) | undefined;

	/** Wakes who waits. */
	ring(): void {
		this.#rung = true;
		this.#wake?.();
	}

	/** Waits for a ring since the last one that was heard. */
	async heard(): Promise<void> {
		if (!this.#rung) {
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
			this.#wake = undefined;
		}
		this.#rung = false;
	}
}
