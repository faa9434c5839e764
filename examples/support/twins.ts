/**
 * The classic programs and their twins in Python, test/python/, so that one can be tried with the other.
 */
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { fileOf } from "./example.js";
import { Program } from "./program.js";

export type Language = "TypeScript" | "Python";

/** Why a test that needs Python skips; false when it need not. */
export const noPython: string | false =
	spawnSync("python3", ["--version"]).status === 0 ? false : "there is no python3";

/** Starts a classic program, `upper-echo-server`, or its twin. */
export function start(language: Language, name: string, args: readonly string[] = [], cwd?: string): Program {
	if (language === "TypeScript")
		return new Program(process.execPath, [fileOf(`classic/${name}`), ...args], cwd);
	// The sources, for nothing is compiled: seen from examples/dist/support/.
	const twin = new URL(`../../test/python/${name.replaceAll("-", "_")}.py`, import.meta.url);
	return new Program("python3", ["-X", "utf8", "-u", fileURLToPath(twin), ...args], cwd);
}

/** Starts a server on a free port. */
export async function startServer(
	language: Language,
	name: string,
	args: readonly string[] = [],
): Promise<[server: Program, port: string]> {
	const server = start(language, name, ["0", ...args]);
	return [server, await server.printed(/listening on port (\d+)/)];
}

/** Tests a server and a client of each language with one of the other, and our two with each other. */
export function testTwins(
	behaviour: string,
	run: (server: Language, client: Language) => Promise<void>,
): void {
	test(`${behaviour}, both in TypeScript`, () => run("TypeScript", "TypeScript"));
	test(`${behaviour}, the client in Python`, { skip: noPython }, () => run("TypeScript", "Python"));
	test(`${behaviour}, the server in Python`, { skip: noPython }, () => run("Python", "TypeScript"));
}
