/**
 * The file that a bound Unix socket leaves behind: it goes when the command ends, by a signal too.
 */
import { lstatSync, unlinkSync } from "node:fs";

const paths = new Map<string, string>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Removes the file of a socket that was just bound when the process ends, unless it is another one by then. */
export function removeAtEnd(path: string): void {
	// Unnamed, or in the abstract namespace: there is no file.
	if (path === "" || path.startsWith("\0")) return;
	if (paths.size === 0) {
		process.on("exit", removeAll);
		for (const signal of signals) {
			process.once(signal, () => {
				removeAll();
				// The handler is gone by now: the signal ends the process as if there had been none.
				process.kill(process.pid, signal);
			});
		}
	}
	paths.set(path, identity(path));
}

/** Removes them all now. */
export function removeAll(): void {
	for (const [path, bound] of paths) {
		try {
			if (identity(path) === bound) unlinkSync(path);
		} catch {
			// It is gone already.
		}
		paths.delete(path);
	}
}

function identity(path: string): string {
	const { dev, ino } = lstatSync(path, { bigint: true });
	return `${dev}:${ino}`;
}
