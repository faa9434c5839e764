/**
 * How koffi is loaded: its binary alone, where koffi's package for this platform has it, or else as koffi does it.
 */
import "./support/leaks.js";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isDeno } from "./support/runtime.js";
import { runScript } from "./support/script.js";

const onMusl = isDeno
	? false
	: !("glibcVersionRuntime" in (process.report.getReport() as unknown as { header: object }).header);
const skip = isDeno
	? "Deno does not tell which files are loaded"
	: onMusl
		? "koffi chooses its binary for this C library by itself"
		: false;

/** Says which of koffi's files a program has loaded that imports the library. */
const report = `
	const { createRequire } = await import("node:module");
	const scripts = Object.keys(createRequire(import.meta.url).cache);
	const binaries = process.report.getReport().sharedObjects;
	const koffis = [...scripts, ...binaries].filter((name) => name.includes("koffi"));
	console.log(JSON.stringify([...new Set(koffis)]));
`;

test("koffi's binary is loaded, and none of its scripts", { skip }, async () => {
	const { status, stdout, stderr } = await runScript(report);
	assert.equal(status, 0, stderr);
	const loaded = JSON.parse(stdout) as string[];
	assert.equal(loaded.length, 1, loaded.join());
	assert.match(loaded[0] as string, /koffi-linux-\w+\/linux_\w+\/koffi\.node$/);
});

test("koffi finds its binary by itself where it lies elsewhere", { skip }, async (context) => {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), "berkeley-")));
	context.after(() => rmSync(folder, { recursive: true }));
	const entry = createRequire(import.meta.url).resolve("koffi");
	const koffi = join(folder, "node_modules", "koffi");
	cpSync(dirname(entry), koffi, { recursive: true });
	// Where a binary lies that was built from source.
	const { platform, arch } = process;
	const built = join(koffi, "build", "koffi", `${platform}_${arch}`);
	mkdirSync(built, { recursive: true });
	const binary = `@koromix/koffi-${platform}-${arch}/${platform}_${arch}/koffi.node`;
	copyFileSync(createRequire(entry).resolve(binary), join(built, "koffi.node"));
	cpSync(fileURLToPath(new URL("../src/sys", import.meta.url)), join(folder, "sys"), { recursive: true });
	const program = join(folder, "program.mjs");
	writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
	writeFileSync(program, `import { koffi } from "./sys/koffi.js";\nkoffi.load(null);\n${report}`);
	const { stdout } = await promisify(execFile)(process.execPath, [program]);
	const loaded = JSON.parse(stdout) as string[];
	assert.ok(loaded.includes(join(built, "koffi.node")), stdout);
	assert.ok(loaded.includes(join(koffi, "index.cjs")), stdout);
});
