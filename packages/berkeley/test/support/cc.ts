/**
 * Asks a C compiler whether facts that were typed by hand are true: constants, sizes and offsets of structs.
 * Nothing is run, so a cross compiler serves as well as the machine's own.
 */
import { spawnSync } from "node:child_process";

/** A C compiler that may or may not be installed. */
export interface Compiler {
	/** The command. */
	command: string;
	/** The platform that it compiles for, as in `process.arch`. */
	arch: "x64" | "arm64";
	/** The Debian packages that have it and its headers. */
	packages: string;
}

/** A C expression and the number that it should be. */
export interface Fact {
	/** `"AF_INET"`, `"sizeof(struct msghdr)"`, `"offsetof(struct msghdr, msg_iov)"`. */
	expression: string;
	value: number;
}

/** What the compiler found. A fact in neither list is true. */
export interface Verdict {
	/** Facts that are false, with the number that is true. */
	wrong: (Fact & { actual: number | undefined })[];
	/** Facts that cannot be judged, because the headers declare something less; with the compiler's reason. */
	unknown: (Fact & { reason: string })[];
}

const ownArch = process.arch === "arm64" ? "arm64" : "x64";

const cross: Compiler =
	ownArch === "x64"
		? {
				command: "aarch64-linux-gnu-gcc",
				arch: "arm64",
				packages: "gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
			}
		: {
				command: "x86_64-linux-gnu-gcc",
				arch: "x64",
				packages: "gcc-x86-64-linux-gnu libc6-dev-amd64-cross",
			};

/** The machine's own compiler and the one for the other platform of the library. */
export const compilers: readonly Compiler[] = [
	{ command: "cc", arch: ownArch, packages: "gcc libc6-dev" },
	cross,
];

// Libraries other than libc have no headers for the cross compiler; the machine's own, last in line, serve too.
const language = ["-std=gnu11", "-w", "-idirafter", "/usr/include", "-x", "c", "-"];

/** Why a test that needs the compiler must be skipped, or false where it is installed. */
export function skipWithout(compiler: Compiler): string | false {
	if (spawnSync(compiler.command, ["--version"]).status === 0) return false;
	return `${compiler.command} is not installed (Debian: ${compiler.packages})`;
}

/** Whether the compiler finds a header. */
export function hasHeader(compiler: Compiler, header: string): boolean {
	const source = `#if !__has_include(<${header}>)\n#error\n#endif\n`;
	return spawnSync(compiler.command, ["-fsyntax-only", ...language], { input: source }).status === 0;
}

/**
 * Checks facts against headers. A header that is not installed is passed over, and what only it declares is
 * unknown. Some headers exclude each other (`linux/in.h` and `netinet/in.h`): call once for each set.
 * @throws Error when the headers themselves do not compile
 */
export function checkFacts(compiler: Compiler, headers: readonly string[], facts: readonly Fact[]): Verdict {
	// Each fact has its line, and its own function: outside of one, a compiler reports only the first use of
	// an undeclared name, and the later ones would pass for true.
	const lines = facts.map(
		({ expression, value }, i) =>
			`void fact${i}(void) { _Static_assert((long long)(${expression}) == ${literal(value)}, ""); }`,
	);
	const source = `${includes(headers)}#line 1 "facts"\n${lines.join("\n")}\n`;
	const { status, stderr } = spawnSync(compiler.command, ["-fsyntax-only", "-fmax-errors=0", ...language], {
		input: source,
		encoding: "utf8",
		env: { ...process.env, LC_ALL: "C" },
		maxBuffer: 1 << 26,
	});
	const errors = errorsByLine(stderr);
	if (status !== 0 && errors.size === 0) throw new Error(`${compiler.command} failed:\n${stderr}`);

	const wrong: Fact[] = [];
	const unknown: Verdict["unknown"] = [];
	facts.forEach((fact, i) => {
		const reason = errors.get(i + 1);
		if (reason === undefined) return;
		if (/static assertion failed/.test(reason)) wrong.push(fact);
		else unknown.push({ ...fact, reason });
	});
	return { wrong: withActual(compiler, headers, wrong), unknown };
}

function includes(headers: readonly string[]): string {
	const guarded = ["stddef.h", "stdint.h", ...headers].map(
		(header) => `#if __has_include(<${header}>)\n#include <${header}>\n#endif\n`,
	);
	return `#define _GNU_SOURCE 1\n${guarded.join("")}`;
}

function literal(value: number): string {
	if (!Number.isSafeInteger(value)) throw new TypeError(`a fact's value is a safe integer, not ${value}`);
	return `${value}LL`;
}

/** The first error of each line of the facts. An error within a macro is told of the line that uses it. */
function errorsByLine(diagnostics: string): Map<number, string> {
	const errors = new Map<number, string>();
	let elsewhere: string | undefined;
	for (const [, file, line, kind, text] of diagnostics.matchAll(
		/^(.+?):(\d+):\d+: (.*?error|note): (.*)$/gm,
	)) {
		const isError = kind !== "note";
		if (file !== "facts") {
			if (!isError) continue;
			if (elsewhere !== undefined) break;
			elsewhere = `${file}:${line}: ${text}`;
			continue;
		}
		const message = isError ? text : elsewhere;
		elsewhere = undefined;
		if (message !== undefined && !errors.has(Number(line))) errors.set(Number(line), message);
	}
	if (elsewhere !== undefined) throw new Error(`the headers do not compile: ${elsewhere}`);
	return errors;
}

/** Adds the true numbers to wrong facts, read from the assembler code of variables that hold them. */
function withActual(
	compiler: Compiler,
	headers: readonly string[],
	facts: readonly Fact[],
): Verdict["wrong"] {
	if (facts.length === 0) return [];
	const variables = facts.map(({ expression }, i) => `long long actual${i} = (long long)(${expression});`);
	const { stdout } = spawnSync(compiler.command, ["-S", "-o", "-", ...language], {
		input: `${includes(headers)}${variables.join("\n")}\n`,
		encoding: "utf8",
		maxBuffer: 1 << 26,
	});
	const numbers = new Map<number, number>();
	for (const [, index, directive, number] of stdout.matchAll(
		/^actual(\d+):\s*\n\s*\.(quad|xword|zero)\s+(-?\d+)/gm,
	)) {
		numbers.set(Number(index), directive === "zero" ? 0 : Number(number));
	}
	return facts.map((fact, i) => ({ ...fact, actual: numbers.get(i) }));
}
