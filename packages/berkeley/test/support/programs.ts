/**
 * Programs that a test runs beside itself, as a process or as a thread. They stand in test/programs.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { isDeno, runtimeArguments } from "./runtime.js";

/** How a process ended, and what it wrote. */
export interface Outcome {
	code: number | null;
	signal: NodeJS.Signals | null;
	stdout: string;
	stderr: string;
}

function place(name: string): URL {
	return new URL(`../programs/${name}.js`, import.meta.url);
}

/**
 * The worker thread that runs a program, once it has said "ready". A thread that is terminated while it loads
 * koffi may end the process: koffi fails on an environment that is going away.
 */
export async function startWorker(name: string, workerData?: unknown): Promise<Worker> {
	const worker = new Worker(place(name), { workerData });
	const [message] = await once(worker, "message");
	assert.equal(message, "ready");
	return worker;
}

/**
 * Runs a program in a process of its own, with `gc()` in it, until it ends; it is killed when that takes
 * `patience` milliseconds.
 */
export function runProgram(
	name: string,
	args: readonly string[] = [],
	{ env = {}, patience = 60_000 }: { env?: NodeJS.ProcessEnv; patience?: number } = {},
): Promise<Outcome> {
	const flags = [...runtimeArguments, isDeno ? "--v8-flags=--expose-gc" : "--expose-gc"];
	const child = spawn(process.execPath, [...flags, fileURLToPath(place(name)), ...args], {
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, ...env, NODE_TEST_CONTEXT: undefined },
		timeout: patience,
		killSignal: "SIGKILL",
	});
	let stdout = "";
	let stderr = "";
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		stderr += text;
	});
	return new Promise((resolve, reject) => {
		child.on("error", reject);
		child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
	});
}
