/**
 * Standard output with back-pressure: who writes waits until the kernel has taken it.
 */
import { codeOf, Failure, OutputClosed } from "../failure.js";

let failure: Failure | OutputClosed | undefined;

/** Writes to standard output. @throws OutputClosed when nobody reads it any more; Failure for a full disk */
export function writeOut(data: Uint8Array): Promise<void> {
	// What has failed fails again; on Deno a second write would never be answered.
	if (failure !== undefined) return Promise.reject(failure);
	const { stdout } = process;
	// The error comes to the callback; the event is the same once more.
	if (stdout.listenerCount("error") === 0) stdout.on("error", () => {});
	return new Promise((resolve, reject) => {
		const written = (error?: Error | null): void => {
			if (!error) {
				resolve();
				return;
			}
			failure =
				codeOf(error) === "EPIPE" ? new OutputClosed() : new Failure(`standard output: ${error.message}`);
			reject(failure);
		};
		try {
			stdout.write(data, written);
		} catch (error) {
			// On Deno.
			written(error as Error);
		}
	});
}
