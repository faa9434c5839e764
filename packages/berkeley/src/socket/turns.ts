/**
 * Fairness between what succeeds at once and everything else in the thread.
 *
 * An awaited operation that never has to wait settles in a microtask, so a loop of them never returns to the
 * event loop. After a number of them the next one stands in line until the loop has had a turn.
 */

/** So many operations on one descriptor may succeed in a row before others get their turn. */
export const turnAllowance = 64;

let line: (() => void)[] = [];

/** Calls back after the event loop has had a turn, in the order of the calls. */
export function afterTurn(callback: () => void): void {
	if (line.push(callback) === 1) setImmediate(advance);
}

function advance(): void {
	const next = line;
	line = [];
	for (const callback of next) {
		try {
			callback();
		} catch (error) {
			// It is a user's function that failed, and the others' turn is theirs all the same.
			setImmediate(() => {
				throw error;
			});
		}
	}
}
