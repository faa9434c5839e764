/**
 * `sock schema`: prints the JSON Schema of what --json prints.
 */
import { readFileSync } from "node:fs";
import type { Command } from "commander";

const notes = `
JSON Schema 2020-12. Every line that a command prints with --json is an object
  { "sock": 1, "command": …, "event": …, "time": …, "data": { … } }
and what the data of an event are is in $defs, under the command's name. Later
versions may add events and fields: a reader ignores those it does not know.`;

/** Adds the command. */
export function addSchema(sock: Command): void {
	sock
		.command("schema")
		.summary("print the JSON Schema of what --json prints")
		.description("Prints the JSON Schema of the lines that commands print with --json.")
		.addHelpText("after", notes)
		.action(async () => {
			const { writeOut } = await import("../transfer/output.js");
			await writeOut(readFileSync(new URL("../../../schema/sock.schema.json", import.meta.url)));
		});
}
