/**
 * The oracles that tests compare with: the machine's Python, and its C compiler with the kernel's headers.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function runs(command: string): boolean {
	return spawnSync(command, ["--version"]).status === 0;
}

/** Why a test that needs Python skips; false when it need not. */
export const noPython: string | false = runs("python3") ? false : "there is no python3";

/** Why a test that needs a C compiler skips; false when it need not. */
export const noCompiler: string | false = runs("cc") ? false : "there is no cc";

/**
 * Runs one Python process over many requests. `script` defines `answer(request)`; each request and each
 * answer is a line of JSON. An exception of `answer` is the answer `{ "error": "<its class>" }`. Python reads
 * all requests before it answers: Deno's spawnSync() writes all of them before it reads.
 */
export function askPython(script: string, requests: readonly unknown[], python = "python3"): unknown[] {
	const loop = `
import sys, json
for line in sys.stdin.readlines():
    try: value = answer(json.loads(line))
    except Exception as e: value = {"error": type(e).__name__}
    print(json.dumps(value))
`;
	const result = spawnSync(python, ["-X", "utf8", "-c", script + loop], {
		input: requests.map((request) => `${JSON.stringify(request)}\n`).join(""),
		encoding: "utf8",
		maxBuffer: 1 << 28,
	});
	if (result.status !== 0) throw new Error(`${python} failed: ${result.stderr}`);
	const answers = result.stdout.trimEnd().split("\n");
	if (answers.length !== requests.length) throw new Error(`${python} gave ${answers.length} answers`);
	return answers.map((line): unknown => JSON.parse(line));
}

/** Compiles a C program, runs it, and returns what it printed. */
export function runC(source: string): string {
	const directory = mkdtempSync(join(tmpdir(), "berkeley-c-"));
	try {
		const file = join(directory, "program.c");
		const program = join(directory, "program");
		writeFileSync(file, source);
		const compiled = spawnSync("cc", ["-o", program, file], { encoding: "utf8" });
		if (compiled.status !== 0) throw new Error(`cc failed: ${compiled.stderr}`);
		const ran = spawnSync(program, [], { encoding: "utf8" });
		if (ran.status !== 0) throw new Error(`the C program failed: ${ran.stderr}`);
		return ran.stdout;
	} finally {
		rmSync(directory, { recursive: true });
	}
}
