/**
 * Runs the real command, and other programs, as child processes.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { after } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The compiled command. */
export const sockPath: string = fileURLToPath(new URL("../../src/sock.js", import.meta.url));

const onDeno = "deno" in process.versions;

/** The command and its file, as they stand in a command line. */
export const sockCommand: string[] = [process.execPath, ...(onDeno ? ["run", "--allow-all"] : []), sockPath];

/** How a program ended: its exit code, or the signal that killed it. */
export type Ending = number | NodeJS.Signals;

/** How a program is started. */
export interface ProgramOptions {
	env?: NodeJS.ProcessEnv;
	cwd?: string;
	/** Nobody reads standard output until collect(). */
	unread?: boolean;
}

/** A program that runs. */
export class Program {
	readonly child: ChildProcess;
	/** Settles when the program has ended and its output is complete. */
	readonly ended: Promise<Ending>;
	#output: Buffer[] = [];
	#errors = "";

	constructor(command: string, args: readonly string[], options: ProgramOptions = {}) {
		const { unread = false, ...others } = options;
		this.child = spawn(command, args, { stdio: "pipe", ...others });
		if (!unread) this.collect();
		this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.#errors += text;
		});
		// The program may end before it has read everything.
		this.child.stdin?.on("error", () => {});
		this.ended = once(this.child, "close").then(([code, signal]) => (signal ?? code) as Ending);
		running.add(this.child);
		void this.ended.then(() => running.delete(this.child));
	}

	/** Sends a signal. (After ChildProcess.kill() Deno calls every end that signal's, even a proper exit.) */
	kill(signal: NodeJS.Signals = "SIGTERM"): void {
		if (this.child.pid !== undefined && running.has(this.child)) process.kill(this.child.pid, signal);
	}

	/** Begins to read standard output, when that was left for later. */
	collect(): void {
		this.child.stdout?.on("data", (chunk: Buffer) => this.#output.push(chunk));
	}

	/** What came on standard output so far. */
	get output(): Buffer {
		return Buffer.concat(this.#output);
	}

	/** What came on standard error so far. */
	get errors(): string {
		return this.#errors;
	}

	/** Writes to standard input. */
	write(data: string | Uint8Array): this {
		this.child.stdin?.write(data);
		return this;
	}

	/** Ends standard input. */
	end(data: string | Uint8Array = ""): this {
		this.child.stdin?.end(data);
		return this;
	}

	/** Waits until standard output matches. */
	printed(pattern: RegExp): Promise<RegExpMatchArray> {
		return this.#matches(() => this.output.toString(), pattern, this.child.stdout);
	}

	/** Waits until standard error matches. */
	said(pattern: RegExp): Promise<RegExpMatchArray> {
		return this.#matches(() => this.errors, pattern, this.child.stderr);
	}

	/** The port that `sock listen` says it listens on. */
	async port(): Promise<string> {
		return (await this.said(/^listening on \S+:(\d+)$/m))[1] ?? "";
	}

	async #matches(text: () => string, pattern: RegExp, stream: Readable | null): Promise<RegExpMatchArray> {
		let over = false;
		const ended = this.ended.then(() => {
			over = true;
		});
		for (;;) {
			const found = text().match(pattern);
			if (found !== null) return found;
			if (over) throw new Error(`it ended without ${pattern}: ${this.output}\n${this.errors}`);
			const controller = new AbortController();
			const more = stream === null ? ended : once(stream, "data", { signal: controller.signal });
			await Promise.race([more, ended]).catch(() => {});
			controller.abort();
		}
	}
}

const running = new Set<ChildProcess>();
// What a failed test left behind.
after(() => {
	for (const child of running) child.kill("SIGKILL");
});

function start(args: readonly string[], options?: ProgramOptions): Program {
	const [runtime = "", ...before] = sockCommand;
	return new Program(runtime, [...before, ...args], options);
}

/** Starts the command. */
export function sock(...args: string[]): Program {
	return start(args);
}

/** Starts the command, whose standard output nobody reads until collect(). */
export function sockUnread(...args: string[]): Program {
	return start(args, { unread: true });
}

/** Starts the command in the shell, with a redirection or pipe behind it. */
export function shell(script: string): Program {
	return new Program("sh", ["-c", script], {
		env: { ...process.env, SOCK: sockCommand.join(" ") },
	});
}

/** Runs the command to its end. */
export async function ran(...args: string[]): Promise<{ ending: Ending; output: string; errors: string }> {
	const program = sock(...args).end();
	const ending = await program.ended;
	return { ending, output: program.output.toString(), errors: program.errors };
}

/** Why a test that needs a program skips; false when it need not. */
export function lacks(command: string): string | false {
	const found = spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
	return found ? false : `there is no ${command}`;
}

/** Why a test that needs OpenBSD's netcat skips: others have other options. */
export function lacksNetcat(): string | false {
	const { stderr } = spawnSync("nc", ["-h"], { encoding: "utf8" });
	return stderr?.includes("OpenBSD") ? false : "there is no OpenBSD netcat (nc)";
}

/** The SHA-256 of data. */
export function sha256(data: Uint8Array): string {
	return createHash("sha256").update(data).digest("hex");
}

/** A directory that goes when the test file ends. */
export function temporaryDirectory(): string {
	const directory = mkdtempSync(join(tmpdir(), "berkeley-tools-"));
	after(() => rmSync(directory, { recursive: true, force: true }));
	return directory;
}

/** The most memory, in MiB, that a program has held until it ends. */
export async function peakMiB({ child, ended }: Program): Promise<number> {
	let peak = 0;
	let over = false;
	void ended.then(() => {
		over = true;
	});
	while (!over) {
		const found = fromProc(child, "status").match(/VmHWM:\s+(\d+) kB/);
		if (found !== null) peak = Number(found[1]) / 1024;
		await delay(20);
	}
	return peak;
}

/** Waits until a program neither reads nor writes any more. */
export async function standsStill({ child }: Program): Promise<void> {
	let before = "";
	for (let same = 0; same < 10; ) {
		await delay(20);
		const now = fromProc(child, "io");
		same = now === before ? same + 1 : 0;
		before = now;
	}
}

function fromProc({ pid }: ChildProcess, name: string): string {
	try {
		return readFileSync(`/proc/${pid}/${name}`, "utf8");
	} catch {
		return ""; // It has ended.
	}
}
