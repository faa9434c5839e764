/**
 * Pipes and regular files for tests, as objects that have a number until they are closed.
 */
import assert from "node:assert/strict";
import { close } from "../../src/index.js";
import { pipe2, read, write } from "../../src/sys/descriptors.js";

const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;

/** Something with a number: -1 when it is closed. */
export class End {
	#fd: number;

	constructor(fd: number) {
		this.#fd = fd;
	}

	fileno(): number {
		return this.#fd;
	}

	write(bytes: string | Buffer): number {
		return write(this.#fd, Buffer.from(bytes), bytes.length);
	}

	/** How many bytes there were, at most `size`; a negative errno when there was nothing. */
	read(size = 65536): number {
		return read(this.#fd, Buffer.alloc(size), size);
	}

	close(): void {
		const fd = this.#fd;
		this.#fd = -1;
		if (fd >= 0) close(fd);
	}

	[Symbol.dispose](): void {
		this.close();
	}
}

/** A pipe's two ends, which never block. */
export function pipe(): [reading: End, writing: End] {
	const pair = new Int32Array(2);
	assert.equal(pipe2(pair, O_NONBLOCK | O_CLOEXEC), 0);
	return [new End(pair[0] as number), new End(pair[1] as number)];
}
