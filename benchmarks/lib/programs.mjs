// @ts-check
/**
 * Starts the programs of `peers/`. What a program says it says in lines of JSON: a server one line when it is
 * ready, `{"port":N}` or whatever its benchmark needs, or `{"missing":"why"}` where it cannot run here; a load
 * generator one line of results. SIGTERM ends it.
 */
import { spawn } from "node:child_process";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { MissingError } from "./compile.mjs";
import { pinned } from "./cores.mjs";

/** How long a program may be silent, unless its caller knows better. */
const patienceMs = 30_000;

/** @type {Set<Program>} */
const running = new Set();

// Whatever ends the benchmark, no server outlives it.
process.on("exit", () => {
	for (const program of running) program.kill("SIGKILL");
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
	process.once(signal, () => process.exit(130));
}

/** A program that runs. */
export class Program {
	#child;
	#name;
	#errors = "";
	/** @type {any[]} */
	#lines = [];
	/** @type {(() => void) | undefined} */
	#wake;
	#ended = false;
	/** @type {Promise<void>} */
	#closed;
	/** What its first line said, for a server.
	 * @type {any} */
	ready;

	/**
	 * @param {readonly string[]} command
	 * @param {readonly number[] | undefined} cores
	 */
	constructor(command, cores) {
		const [file = "", ...args] = pinned(command, cores);
		this.#name = command.map((word) => basename(word)).join(" ");
		this.#child = spawn(file, args, {
			stdio: ["pipe", "pipe", "pipe"],
			env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
		});
		running.add(this);
		this.#child.stdin.on("error", () => undefined); // It ended: that shows elsewhere.
		this.#child.stderr.on("data", (text) => {
			this.#errors = `${this.#errors}${text}`.slice(-4000);
		});
		createInterface({ input: this.#child.stdout }).on("line", (line) => {
			try {
				this.#lines.push(JSON.parse(line));
			} catch {
				this.#errors += `${line}\n`;
			}
			this.#wake?.();
		});
		this.#closed = new Promise((resolve) => {
			const end = () => {
				running.delete(this);
				this.#ended = true;
				this.#wake?.();
				resolve();
			};
			this.#child.on("error", (error) => {
				this.#errors += error.message;
				end();
			});
			this.#child.on("close", end);
		});
	}

	/** The process: what is measured. taskset becomes the program itself, so it is that one's. */
	get pid() {
		return this.#child.pid ?? 0;
	}

	/** The next line that it says.
	 * @param {number} [timeout] milliseconds
	 * @returns {Promise<any>} */
	async line(timeout = patienceMs) {
		const deadline = performance.now() + timeout;
		while (this.#lines.length === 0) {
			if (this.#ended) throw new Error(`${this.#name} ended: ${this.#reason()}`);
			const left = deadline - performance.now();
			if (left <= 0) throw new Error(`${this.#name} said nothing in ${timeout} ms: ${this.#errors.trim()}`);
			await new Promise((resolve) => {
				const timer = setTimeout(resolve, left);
				this.#wake = () => {
					clearTimeout(timer);
					resolve(undefined);
				};
			});
		}
		return this.#lines.shift();
	}

	/** Writes a line to it. @param {string} text */
	tell(text) {
		this.#child.stdin.write(`${text}\n`);
	}

	/** @param {NodeJS.Signals} signal */
	kill(signal) {
		this.#child.kill(signal);
	}

	/** Ends it, and waits until it has. */
	async stop() {
		this.kill("SIGTERM");
		const timer = setTimeout(() => this.kill("SIGKILL"), 5_000);
		await this.#closed;
		clearTimeout(timer);
	}

	#reason() {
		const { exitCode, signalCode } = this.#child;
		return this.#errors.trim() || `${signalCode ?? exitCode}`;
	}
}

/**
 * Starts a server and waits until it is ready.
 * @param {readonly string[]} command
 * @param {readonly number[] | undefined} cores
 * @returns {Promise<Program>}
 * @throws MissingError when it says that it cannot run here
 */
export async function startServer(command, cores) {
	const program = new Program(command, cores);
	try {
		program.ready = await program.line();
		if (program.ready.missing !== undefined) throw new MissingError(program.ready.missing);
		return program;
	} catch (error) {
		await program.stop();
		throw error;
	}
}

/**
 * Runs a program to its end for the one line that it says.
 * @param {readonly string[]} command
 * @param {readonly number[] | undefined} cores
 * @param {number} timeout milliseconds
 */
export async function runForLine(command, cores, timeout) {
	const program = new Program(command, cores);
	try {
		return await program.line(timeout);
	} finally {
		await program.stop();
	}
}
