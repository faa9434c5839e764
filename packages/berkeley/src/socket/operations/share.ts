/**
 * Fairness between sockets that move many datagrams at once and everything else in the thread. The allowance of a
 * socket (turns.ts) counts operations; one of these may be the work of a thousand.
 */

/** So many datagrams may be moved in a row, by all sockets together, before others get their turn. */
const allowance = 4096;

let moved = 0;

/** Counts datagrams that were moved. */
export function countMoved(datagrams: number): void {
	moved += datagrams;
}

/** Whether it is the others' turn. Asked once for each time that it was so. */
export function isOthersTurn(): boolean {
	if (moved < allowance) return false;
	moved = 0;
	return true;
}
