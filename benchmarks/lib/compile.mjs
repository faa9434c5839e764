// @ts-check
/**
 * Compiles the programs in C, once for each content: what comes out lies in a folder that Git ignores, under a
 * name made from the sources, the compiler and its flags.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { isInstalled } from "./machine.mjs";
import { buildFolder, peersFolder } from "./paths.mjs";

const flags = ["-O2", "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-pthread"];

/** The compiler's name and version, or undefined when there is none. */
export const compiler = isInstalled("cc")
	? execFileSync("cc", ["--version"], { encoding: "utf8" }).split("\n")[0]
	: undefined;

/** A program could not be had, and why: its peer is missing. */
export class MissingError extends Error {}

/**
 * The path of a compiled program.
 * @param {string} source a file of `peers/`, such as "echo.c"; it may include the headers that lie there
 * @returns {string}
 * @throws MissingError when there is no compiler; Error with what the compiler says when it refuses the source
 */
export function compiled(source) {
	if (compiler === undefined) throw new MissingError("cc is missing");
	const headers = readdirSync(peersFolder).filter((name) => name.endsWith(".h"));
	const hash = createHash("sha256").update(compiler).update(flags.join(" "));
	for (const name of [source, ...headers.sort()])
		hash.update(name).update(readFileSync(join(peersFolder, name)));
	const program = join(buildFolder, `${basename(source, ".c")}-${hash.digest("hex").slice(0, 16)}`);
	if (existsSync(program)) return program;
	mkdirSync(buildFolder, { recursive: true });
	// Under another name first: another run may be compiling the same.
	const fresh = `${program}.${process.pid}`;
	const { status, stderr } = spawnSync("cc", [...flags, "-o", fresh, join(peersFolder, source)], {
		encoding: "utf8",
	});
	if (status !== 0) throw new Error(`cc could not compile ${source}:\n${stderr}`);
	renameSync(fresh, program);
	return program;
}
