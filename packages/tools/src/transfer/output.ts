/**
 * Standard output with back-pressure: who writes waits until the kernel has taken it.
 */
import { codeOf, Failure, OutputClosed } from "../failure.js";

/** Writes to standard output. @throws OutputClosed when nobody reads it any more; Failure for a full disk */
export function writeOut(data: Uint8Array): Promise<void> {
	const { stdout } = process;
	// The error comes to the callback; the event is the same once more.
	if (stdout.listenerCount("error") === 0) stdout.on("error", () => {});
	return new Promise((resolve, reject) => {
		stdout.write(data, (error) => {
			if (!error) resolve();
			else if (codeOf(error) === "EPIPE") reject(new OutputClosed());
			else reject(new Failure(`standard output: ${error.message}`));
		});
	});
}
