/**
 * What the children of forking-server.ts do: a handler that computes for long and holds up nobody, for it has a
 * process to itself.
 */
import { StreamRequestHandler } from "berkeley/server";

function fibonacci(n: number): number {
	return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

/** Answers each number with the Fibonacci number of that index; a line "die" ends the process. */
export class Fibonacci extends StreamRequestHandler {
	override async handle() {
		for await (const line of this.rfile) {
			const text = `${line}`.trim();
			if (text === "die") process.kill(process.pid, "SIGKILL");
			await this.wfile.write(`${fibonacci(Math.min(Number(text), 40))} says process ${process.pid}\n`);
		}
	}
}
