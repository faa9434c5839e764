/**
 * How the commands on packets run: their --json, their exit codes, and the signals that end them.
 */
import { type Command, CommanderError } from "commander";
import { describeFailure, OutputClosed } from "../failure.js";
import { Report } from "../json.js";
import { say } from "../say.js";

/** What every command on packets takes. */
export interface PacketOptions {
	json?: true;
}

/** What a command gets to do its work with. */
export interface Run {
	readonly report: Report;
	/** Aborted by the first Ctrl-C (SIGINT) or SIGTERM; a second one kills. Its reason is an `Interrupted`. */
	readonly stop: AbortSignal;
}

/** A signal ended the command. */
export class Interrupted extends Error {
	readonly signal: NodeJS.Signals;

	constructor(signal: NodeJS.Signals) {
		super(signal);
		this.signal = signal;
	}
}

const signals = ["SIGINT", "SIGTERM"] as const;

/** Adds the option --json. */
export function addJson(command: Command): Command {
	return command.option("--json", "print one line of JSON for each event, errors included (sock schema)");
}

/**
 * Does a command's work and sets the exit code that it gives.
 * @param failureCode the exit code when the work throws
 */
export async function runPackets(
	command: Command,
	{ json = false }: { json?: boolean | undefined },
	failureCode: number,
	work: (run: Run) => Promise<number>,
): Promise<void> {
	const report = new Report(command.name(), json);
	const controller = new AbortController();
	const stop = (signal: NodeJS.Signals): void => {
		// From now on a signal does what it does by itself.
		for (const one of signals) process.off(one, stop);
		controller.abort(new Interrupted(signal));
	};
	for (const one of signals) process.on(one, stop);
	try {
		process.exitCode = await work({ report, stop: controller.signal });
	} catch (error) {
		if (error instanceof OutputClosed || error instanceof CommanderError) throw error;
		if (error instanceof Interrupted) {
			// There was nothing to report yet: it ends as if the signal had not been caught.
			process.kill(process.pid, error.signal);
			return;
		}
		process.exitCode = failureCode;
		say(`sock: ${describeFailure(error)}`);
		// What could not be written may be why it failed.
		await report.fail(error).catch(() => {});
	} finally {
		for (const one of signals) process.off(one, stop);
	}
}
