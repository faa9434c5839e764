/**
 * How this very command is called from another terminal.
 */
import { realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../sock.js", import.meta.url));

const runtime = "deno" in process.versions ? "deno run --allow-all" : "node";

/** `sock` where the PATH leads to this file, else the runtime and the file's path, which works in any directory. */
export function ownCommand(): string {
	return onPath() ? "sock" : `${runtime} ${quoted(entry)}`;
}

function onPath(): boolean {
	// npm puts its own folders on the PATH of the scripts that it runs; another terminal does not have them.
	const folders = (process.env.PATH ?? "")
		.split(delimiter)
		.filter((folder) => !folder.includes("node_modules"));
	for (const folder of folders) {
		try {
			// The first one found is the one that a shell runs.
			return realpathSync(join(folder, "sock")) === realpathSync(entry);
		} catch {
			// There is none in this folder.
		}
	}
	return false;
}

/** The text as one word of a shell's command line. */
function quoted(text: string): string {
	return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
