/**
 * `sock serve`: runs services to try things out with, until it is told to stop.
 */
import { type Command, InvalidArgumentError } from "commander";
import { services } from "../services/registry.js";
import type { Service } from "../services/service.js";
import { parsePort } from "./options.js";

interface ServeOptions {
	host: string;
	port?: number;
}

function listed(): string {
	const lines = services.map(
		({ name, transport, port, description }) =>
			`  ${name.padEnd(10)} ${`${transport} ${port}`.padEnd(10)} ${description}`,
	);
	return `
Services:
${lines.join("\n")}

Ctrl-C (SIGINT) or SIGTERM closes all listeners and connections, and the exit
code is 0; a second one kills. A port that is taken is a failure (exit code 1).`;
}

function parseService(name: string, before: Service[] = []): Service[] {
	const service = services.find((one) => one.name === name);
	if (service === undefined) {
		throw new InvalidArgumentError(`There is: ${services.map((one) => one.name).join(", ")}.`);
	}
	return before.includes(service) ? before : [...before, service];
}

/** Adds the command. */
export function addServe(sock: Command): void {
	const command = sock
		.command("serve")
		.summary("run services to try things out with")
		.description("Runs services to try things out with: all, or those that are named.")
		.argument("[service...]", "which services to run", parseService)
		.option("--host <host>", "the address to listen on, by name or number", "127.0.0.1")
		.option("-p, --port <port>", "the port of the one service that runs; 0 lets the kernel choose", parsePort)
		.addHelpText("after", listed())
		.action(async (chosen: Service[], { host, port }: ServeOptions) => {
			const named = chosen.length > 0 ? chosen : services;
			if (port !== undefined && named.length !== 1) {
				command.error(`error: --port is for one service, and ${named.length} would run: name one`);
			}
			const { serve } = await import("../services/serve.js");
			await serve(named, host, port);
		});
}
