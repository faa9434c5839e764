#!/usr/bin/env node
/**
 * The command `sock`. Each command is in a file of its own, which loads the library only when it runs, so that
 * `sock --help` and `sock --version` answer at once.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addArp } from "./commands/arp.js";
import { addCapture } from "./commands/capture.js";
import { addConnect } from "./commands/connect.js";
import { addListen } from "./commands/listen.js";
import { addPing } from "./commands/ping.js";
import { addProbe } from "./commands/probe.js";
import { addSchema } from "./commands/schema.js";
import { addSend } from "./commands/send.js";
import { addServe } from "./commands/serve.js";
import { addTrace } from "./commands/trace.js";
import { describeFailure, OutputClosed } from "./failure.js";
import { reportUsage } from "./usage.js";

const exitCodes = `
Exit codes: 0 success, 1 the operation failed, 2 wrong usage.`;
const closedOutput = `
A reader of standard output that goes away (\`| head\`) is no failure.`;

/** The commands whose own notes tell their exit codes. */
const ownExitCodes = new Set(["arp", "ping", "probe", "send", "trace"]);

function program(): Command {
	const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
		version: string;
	};
	const sock = new Command("sock")
		.description("Network tools on the BSD socket API.")
		.version(version)
		.exitOverride()
		// Their options and arguments are in the help of each; here is one line for one command.
		.configureHelp({ subcommandTerm: (command) => command.name() })
		.configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "sock: ")) })
		.addHelpText("afterAll", ({ command }) =>
			ownExitCodes.has(command.name()) ? closedOutput : `${exitCodes}${closedOutput}`,
		);
	addServe(sock);
	addListen(sock);
	addConnect(sock);
	addPing(sock);
	addTrace(sock);
	addArp(sock);
	addProbe(sock);
	addCapture(sock);
	addSend(sock);
	addSchema(sock);
	return sock;
}

/** Runs the command and gives the exit code. */
async function run(): Promise<number> {
	const sock = program();
	try {
		await sock.parseAsync();
		return Number(process.exitCode ?? 0);
	} catch (error) {
		// Commander has said by itself what is wrong, and has code 0 for --help and --version.
		if (error instanceof CommanderError) {
			if (error.exitCode === 0) return 0;
			await reportUsage(sock, process.argv.slice(2), error);
			return 2;
		}
		if (error instanceof OutputClosed) return Number(process.exitCode ?? 0);
		await new Promise((resolve) => process.stderr.write(`sock: ${describeFailure(error)}\n`, resolve));
		return 1;
	}
}

// Standard input may still be open, and would keep the process alive.
process.exit(await run());
