// @ts-check
/** The user-space memory of a process. */
import { readFileSync } from "node:fs";

/**
 * In bytes, by smaps_rollup of proc(5). `own` is what it has of its own: heaps, stacks, what it has allocated.
 * `rss` is all that is resident, with the pages of its program, which the kernel drops and shares as it likes.
 * What the kernel keeps for sockets is in neither.
 * @param {number} pid
 */
export function memoryOf(pid) {
	const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
	const bytes = (/** @type {string} */ name) =>
		Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]) * 1024;
	return { own: bytes("Anonymous"), rss: bytes("Rss") };
}
