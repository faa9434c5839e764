/**
 * Programs as child processes, which are killed when the file's tests are over.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { after } from "node:test";

const running = new Set<ChildProcess>();
after(() => {
	for (const child of running) child.kill("SIGKILL");
});

/** A program that runs. */
export class Program {
	readonly child: ChildProcess;
	/** The exit code, or the signal. */
	readonly ended: Promise<number | string>;
	output = "";

	constructor(command: string, args: readonly string[], cwd?: string) {
		this.child = spawn(command, args, { cwd, stdio: ["pipe", "pipe", "inherit"] });
		running.add(this.child);
		this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
			this.output += text;
		});
		this.ended = once(this.child, "close").then(([code, signal]) => {
			running.delete(this.child);
			return (signal ?? code) as number | string;
		});
	}

	/** Types a text. */
	type(text: string): void {
		this.child.stdin?.write(text);
	}

	/** Waits until it has printed something that matches, and gives the first group. */
	async printed(pattern: RegExp): Promise<string> {
		for (;;) {
			const found = this.output.match(pattern);
			if (found !== null) return found[1] ?? "";
			const controller = new AbortController();
			const { stdout } = this.child;
			assert.ok(stdout);
			const more = once(stdout, "data", { signal: controller.signal }).then(() => false);
			const over = await Promise.race([more, this.ended.then(() => true)]);
			if (over) {
				more.catch(() => {});
				controller.abort();
				assert.match(this.output, pattern);
			}
		}
	}

	/** Sends a signal. (After ChildProcess.kill() Deno calls every end that signal's, even a proper exit.) */
	kill(signal: NodeJS.Signals = "SIGTERM"): void {
		if (this.child.pid !== undefined && running.has(this.child)) process.kill(this.child.pid, signal);
	}

	async stop(): Promise<void> {
		this.kill();
		assert.equal(await this.ended, "SIGTERM");
	}
}
