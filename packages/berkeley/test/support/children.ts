/**
 * Other programs as peers: openssl, curl, Python.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A peer that runs, and what it has written so far. */
export interface Peer {
	child: ChildProcess;
	output: () => string;
}

/** Starts a peer, and waits until it has written that it is ready. */
export async function startPeer(command: string, args: string[], ready: RegExp): Promise<Peer> {
	const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
	let output = "";
	await new Promise<void>((resolve, reject) => {
		const take = (data: Buffer): void => {
			output += data;
			if (ready.test(output)) resolve();
		};
		child.stdout.on("data", take);
		child.stderr.on("data", take);
		child.once("error", reject);
		child.once("exit", (code) => reject(new Error(`${command} ended with ${code}: ${output}`)));
	});
	return { child, output: () => output };
}

/** Ends a peer. */
export async function stopPeer(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	child.kill();
	await once(child, "exit");
}

/** Runs a program until it ends, with text for its standard input. */
export async function runPeer(
	command: string,
	args: string[],
	input = "",
): Promise<{ code: number | null; stdout: string; stderr: string }> {
	const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
	let stdout = "";
	let stderr = "";
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		stderr += text;
	});
	// It may end before it has read everything.
	child.stdin.on("error", () => {});
	child.stdin.end(input);
	const [code] = (await once(child, "close")) as [number | null];
	return { code, stdout, stderr };
}
