/**
 * Text in line, with Python's rules for line ends (io.TextIOWrapper).
 */

/** How lines end. Python's `newline`. */
export type Newline = null | "" | "\n" | "\r" | "\r\n";

/** Text in line, cut into lines as `newline` says. */
export class TextQueue {
	readonly #newline: Newline;
	#text = "";
	#start = 0;
	/** After a "\r" that was given as "\n": the "\n" that may follow belongs to it. */
	#swallow = false;
	/** How much at the end of the text has no end of a line in it, and need not be searched. */
	#barren = 0;
	/** A "\r" that may be half of a "\r\n". */
	#held = "";

	constructor(newline: Newline) {
		this.#newline = newline;
	}

	/** How many UTF-16 units are in it. */
	get length(): number {
		return this.#text.length - this.#start;
	}

	/** Appends decoded text; `last` when no more comes. */
	push(decoded: string, last: boolean): void {
		let text = decoded;
		if (this.#newline === null) {
			if (this.#swallow && text.length > 0) {
				if (text.startsWith("\n")) text = text.slice(1);
				this.#swallow = false;
				if (text.length === 0) return;
			}
			if (text.endsWith("\r")) this.#swallow = true;
			if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
		} else if (this.#newline === "") {
			text = this.#held + text;
			this.#held = "";
			if (!last && text.endsWith("\r")) {
				this.#held = "\r";
				text = text.slice(0, -1);
			}
		}
		if (text.length === 0) return;
		this.#barren = /[\r\n]/.test(text) ? 0 : this.#barren + text.length;
		this.#text = this.#text.slice(this.#start) + text;
		this.#start = 0;
	}

	/** Puts text before all other, as it was taken. */
	unshift(text: string): void {
		this.#text = text + this.#text.slice(this.#start);
		this.#start = 0;
	}

	/** The length of the first line with its end, searched from `from`; -1 when it has none yet. */
	lineLength(from: number): number {
		// A search makes one piece of what was appended piece by piece: a long line is not to be copied for each.
		if (this.length - from <= this.#barren) return -1;
		const begin = this.#start + from;
		switch (this.#newline) {
			case "": {
				const end = /\r\n?|\n/g;
				end.lastIndex = begin;
				return end.exec(this.#text) === null ? -1 : end.lastIndex - this.#start;
			}
			case "\r\n": {
				const at = this.#text.indexOf("\r\n", Math.max(this.#start, begin - 1));
				return at < 0 ? -1 : at + 2 - this.#start;
			}
			default: {
				const at = this.#text.indexOf(this.#newline ?? "\n", begin);
				return at < 0 ? -1 : at + 1 - this.#start;
			}
		}
	}

	/** How many UTF-16 units the first `points` characters take; -1 when there are fewer characters. */
	unitsOf(points: number): number {
		if (this.length < points) return -1;
		let at = this.#start;
		for (let count = 0; count < points; count++) {
			if (at >= this.#text.length) return -1;
			at += (this.#text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
		}
		return at - this.#start;
	}

	/** Removes and returns the first units. */
	take(units: number): string {
		const text = this.#text.slice(this.#start, this.#start + units);
		this.#start += units;
		return text;
	}
}
