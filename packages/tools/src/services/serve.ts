/**
 * What `sock serve` does.
 */
import { type Address, describeAddress } from "berkeley";
import { writeOut } from "../transfer/output.js";
import { Host } from "./host.js";
import { ownCommand } from "./owncommand.js";
import type { Service } from "./service.js";

const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs services until a signal comes.
 * @param port the port of the only one; each has its own when left out
 * @throws OutputClosed when nobody reads what it says
 */
export async function serve(
	services: readonly Service[],
	host: string,
	port: number | undefined,
): Promise<void> {
	const lines = new Lines();
	const running = new Host((line) => lines.add(line));
	let stoppedBy: string | undefined;
	const stop = (signal: string): void => {
		stoppedBy = signal;
		// From now on a signal does what it does by itself: the second Ctrl-C kills.
		for (const one of signals) process.off(one, stop);
		const { connections } = running;
		lines.add(`${signal}: closing${connections > 0 ? `, with ${connections} connected` : ""}`);
		running.stop();
	};
	for (const signal of signals) process.on(signal, stop);
	try {
		for (const service of services) {
			const address = await running.start(service, host, port ?? service.port);
			for (const line of introduction(service, address)) lines.add(line);
		}
		lines.add("Ctrl-C ends it.");
		await Promise.race([running.ended(), lines.failed]);
	} catch (error) {
		// A signal may come while a name is still being looked up.
		if (stoppedBy === undefined) throw error;
	} finally {
		running.stop();
		for (const signal of signals) process.off(signal, stop);
	}
	lines.add("closed");
	await lines.written();
}

function introduction({ name, description }: Service, address: Address): string[] {
	const client = clientArguments(address);
	return [
		`${name}: listening on ${describeAddress(address)} (TCP), ${description}`,
		`  try it from another terminal:  ${ownCommand()} connect ${client}`,
		`  or with netcat:                nc ${client}`,
	];
}

/** "host port" for a client on this machine. */
function clientArguments(address: Address): string {
	if (typeof address === "string" || !("host" in address)) return describeAddress(address);
	const loopback: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
	return `${loopback[address.host] ?? address.host} ${address.port}`;
}

/** Standard output by line, in order, without holding up who adds one. */
class Lines {
	#last: Promise<void> = Promise.resolve();
	#fail: (error: unknown) => void = () => {};
	/** Rejects when standard output fails. */
	readonly failed: Promise<never> = new Promise((_, reject) => {
		this.#fail = reject;
	});

	constructor() {
		this.failed.catch(() => {});
	}

	add(line: string): void {
		this.#last = this.#last.then(() => writeOut(Buffer.from(`${line}\n`)));
		this.#last.catch((error: unknown) => this.#fail(error));
	}

	/** Settles when everything is written. */
	written(): Promise<void> {
		return this.#last;
	}
}
