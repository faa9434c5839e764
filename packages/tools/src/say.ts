/**
 * What a command tells the person who runs it, beside its data: on standard error.
 */

/** Writes a line to standard error. That nobody reads there is no failure. */
export function say(line: string): void {
	if (process.stderr.listenerCount("error") === 0) process.stderr.on("error", () => {});
	process.stderr.write(`${line}\n`);
}
