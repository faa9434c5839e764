/**
 * Programs of the tests that a test talks with, by lines.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { runtimeArguments } from "./runtime.js";

/** A program that runs beside the test. */
export interface Dialogue {
	readonly pid: number;
	/** The next line that it writes; what is left, or nothing, when it has ended. */
	line(): Promise<string>;
	/** Writes to its input. */
	say(text: string): void;
	kill(signal: NodeJS.Signals): void;
	/** How it ended. */
	readonly closed: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
}

/** Starts one of test/programs; it is killed when it takes longer than a minute. */
export function startProgram(name: string, args: readonly string[] = []): Dialogue {
	const file = fileURLToPath(new URL(`../programs/${name}.js`, import.meta.url));
	const child = spawn(process.execPath, [...runtimeArguments, file, ...args], {
		stdio: ["pipe", "pipe", "inherit"],
		timeout: 60_000,
		killSignal: "SIGKILL",
		env: { ...process.env, NODE_TEST_CONTEXT: undefined },
	});
	const pieces = child.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false });
	let text = "";
	return {
		pid: child.pid as number,
		async line() {
			while (!text.includes("\n")) {
				const { value, done } = await pieces.next();
				if (done) return text;
				text += value;
			}
			const end = text.indexOf("\n");
			const line = text.slice(0, end);
			text = text.slice(end + 1);
			return line;
		},
		say: (words) => void child.stdin.write(words),
		// Not child.kill(), after which Deno takes the child for dead.
		kill: (signal) => void process.kill(child.pid as number, signal),
		closed: once(child, "exit") as Dialogue["closed"],
	};
}
