/**
 * Programs that use the library in a process of their own, for what a process does as a whole: when it ends,
 * and what becomes of an exception that nobody caught.
 */
import { execFile } from "node:child_process";
import { isDeno } from "./runtime.js";

/** What a program did. */
export interface Ran {
	/** The exit status; null when it had to be killed, because it did not end within the limit. */
	status: number | null;
	stdout: string;
	stderr: string;
}

const library = JSON.stringify(new URL("../../src/index.js", import.meta.url).href);

/** Runs a module's text, in which `b` is the library, as a program. It gets `limit` milliseconds. */
export function runScript(body: string, limit = 20_000): Promise<Ran> {
	const text = `import * as b from ${library};\n${body}`;
	return new Promise((resolve) => {
		const options = { timeout: limit, killSignal: "SIGKILL" as const };
		const evaluate = isDeno ? ["eval", text] : ["--input-type=module", "-e", text];
		execFile(process.execPath, evaluate, options, (error, stdout, stderr) => {
			const status = error === null ? 0 : typeof error.code === "number" ? error.code : null;
			resolve({ status, stdout, stderr });
		});
	});
}
