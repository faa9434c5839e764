// @ts-check
/** The user-space memory of a process. */
import { readFileSync } from "node:fs";

/**
 * In bytes. `pss` is its resident memory, where pages that it shares with others count for its share of them;
 * `rss` counts them whole. smaps_rollup of proc(5). What the kernel keeps for sockets is in neither.
 * @param {number} pid
 */
export function memoryOf(pid) {
	const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
	const bytes = (/** @type {string} */ name) =>
		Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]) * 1024;
	return { pss: bytes("Pss"), rss: bytes("Rss") };
}
