/**
 * Wrong usage under --json: what is wrong is on standard error as always, and one error event on standard output.
 */
import type { Command, CommanderError } from "commander";
import { OutputClosed } from "./failure.js";
import { jsonLine } from "./json.js";

/** Prints the error event, when the command that was called has --json and was given it. */
export async function reportUsage(
	sock: Command,
	args: readonly string[],
	{ message }: CommanderError,
): Promise<void> {
	const command = sock.commands.find((one) => one.name() === args[0]);
	const end = args.indexOf("--");
	const options = end < 0 ? args : args.slice(0, end);
	if (!options.includes("--json") || !command?.options.some(({ long }) => long === "--json")) return;
	const { writeOut } = await import("./transfer/output.js");
	const data = { code: "USAGE", message: message.replace(/^error: /, "") };
	try {
		await writeOut(Buffer.from(jsonLine(command.name(), "error", data)));
	} catch (error) {
		if (!(error instanceof OutputClosed)) throw error;
	}
}
