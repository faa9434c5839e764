#!/usr/bin/env node
// @ts-check
/**
 * Checks the packages as a user gets them: packs both, lets publint and attw judge them, installs the tarballs
 * in an empty project without running any install script, and uses them from ESM, from strict TypeScript and
 * through require(). Expects a build.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./lib/testfiles.mjs";

/** What a tarball may hold: the compiled code, the sources that its maps point to, and the papers. */
const mayHold =
	/^(lib\/(remote\/)?[\w-]+\.js(\.map)?|package\.json|README\.md|LICENSE|schema\/sock\.schema\.json|(dist\/)?src\/[^.]+(\.d)?\.(js|ts)(\.map)?)$/;
const mustHold = ["package.json", "README.md", "LICENSE"];
const installHooks = ["preinstall", "install", "postinstall", "prepare", "prepublish"];

const work = mkdtempSync(join(tmpdir(), "berkeley-package-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
const bin = (/** @type {string} */ name) => join(root, "node_modules/.bin", name);

/** Runs a command and returns what it printed; a failure shows all of it.
 * @param {string} command
 * @param {string[]} args */
function run(command, args, cwd = root) {
	try {
		return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
	} catch (error) {
		const { stdout, stderr } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
		console.error(`${command} ${args.join(" ")} failed:\n${stdout ?? ""}${stderr ?? ""}`);
		process.exit(1);
	}
}

/** @param {string} what */
const passed = (what) => console.log(`ok  ${what}`);

/** Packs a workspace, checks what the tarball holds, and returns the tarball's path.
 * @param {string} folder */
function pack(folder) {
	const [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", work], join(root, folder)));
	const names = packed.files.map((/** @type {{ path: string }} */ file) => file.path);
	const strangers = names.filter(
		(/** @type {string} */ name) => !mayHold.test(name) || /\btests?\b/.test(name),
	);
	assert.deepEqual(strangers, [], `${packed.name}'s tarball holds what it should not`);
	for (const name of mustHold) assert.ok(names.includes(name), `${packed.name}'s tarball lacks ${name}`);
	for (const name of names) {
		const source = /^dist\/(src\/.+?)(\.d)?\.(js|ts)(\.map)?$/.exec(name)?.[1];
		if (source === undefined) continue;
		assert.ok(
			names.includes(`${source}.ts`),
			`${packed.name}: ${name} is left over from a source that is gone`,
		);
	}
	const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
	for (const hook of installHooks) assert.equal(manifest.scripts?.[hook], undefined, `${folder} has ${hook}`);
	passed(
		`${packed.filename}: ${names.length} files, ${Math.round(packed.size / 1024)} kB, no install script`,
	);
	return { tarball: join(work, packed.filename), manifest };
}

const library = pack("packages/berkeley");
const tools = pack("packages/tools");

for (const { tarball, manifest } of [library, tools]) {
	run(bin("publint"), ["--strict", tarball]);
	passed(`publint: ${manifest.name}`);
}
// ESM only: require() loads it on every Node that we support, but TypeScript's older resolutions cannot say so.
run(bin("attw"), [library.tarball, "--profile", "esm-only", "--no-emoji"]);
passed("attw: berkeley");

const project = join(work, "project");
mkdirSync(project);
/** @param {string} name @param {string} text */
const write = (name, text) => writeFileSync(join(project, name), text);
write("package.json", JSON.stringify({ name: "empty", private: true, type: "module" }));
run(
	"npm",
	[
		"install",
		"--ignore-scripts",
		"--prefer-offline",
		"--no-audit",
		"--no-fund",
		library.tarball,
		tools.tarball,
	],
	project,
);
passed("both install in an empty project without install scripts");

const subpaths = Object.keys(library.manifest.exports).filter((key) => !key.endsWith(".json"));
const specifiers = subpaths.map((key) => `berkeley${key.slice(1)}`);

/** An exchange over loopback, in JavaScript that is TypeScript too. */
const exchange = `
const listener = new Socket(AF_INET, SOCK_STREAM);
listener.bind({ host: "127.0.0.1", port: 0 });
listener.listen(1);
const client = new Socket(AF_INET, SOCK_STREAM);
client.connectSync(listener.getsockname());
const [served] = listener.acceptSync();
served.sendallSync("hello");
if (client.recvSync(5).toString() !== "hello") throw new Error("the bytes did not arrive");
for (const socket of [served, client, listener]) socket.close();
console.log("exchanged");
`;
const imported = `import { AF_INET, SOCK_STREAM, Socket } from "berkeley";${exchange}`;
const required = `const { AF_INET, SOCK_STREAM, Socket } = require("berkeley");${exchange}`;

write("esm.js", imported);
assert.equal(run(process.execPath, ["esm.js"], project), "exchanged\n");
passed("import from JavaScript");

write("required.cjs", required);
assert.equal(run(process.execPath, ["required.cjs"], project), "exchanged\n");
passed("require() from JavaScript");

write("all.js", specifiers.map((specifier) => `import ${JSON.stringify(specifier)};\n`).join(""));
run(process.execPath, ["all.js"], project);
passed(`import of ${specifiers.join(", ")}`);

write("handlers.js", "export const greet = (connection) => connection.sendall(`hello`);\n");
write(
	"elsewhere.js",
	`import { createConnection } from "berkeley";
import { serve } from "berkeley/server";
const anywhere = { host: "127.0.0.1", port: 0 };
const options = JSON.parse(process.argv[2]);
const server = serve(anywhere, new URL("./handlers.js#greet", import.meta.url), options);
const client = await createConnection(server.serverAddress);
console.log(String(await client.recv(10)));
client.close();
await server.close();
`,
);
for (const what of ["workers", "children"]) {
	assert.equal(run(process.execPath, ["elsewhere.js", JSON.stringify({ [what]: 1 })], project), "hello\n");
	passed(`a server's ${what} find their file`);
}

if (specifiers.includes("berkeley/packet")) {
	write(
		"packet.js",
		`import "berkeley/packet";
		if (process.report.getReport().sharedObjects.some((name) => name.includes("koffi"))) process.exit(1);`,
	);
	run(process.execPath, ["packet.js"], project);
	passed("berkeley/packet alone loads no native code");
}

write(
	"typed.ts",
	`${imported}
// A socket's name is known to be an IPv4 address.
const name: ReturnType<typeof listener.getsockname> = { host: "", port: 1 };
void name;
// @ts-expect-error An IPv4 socket takes no path.
const misuse = (): void => listener.bind("/tmp/x");
void misuse;
${specifiers.map((specifier, index) => `import * as m${index} from ${JSON.stringify(specifier)};\nvoid m${index};`).join("\n")}
`,
);
write(
	"typed.cts",
	`import berkeley = require("berkeley");\nconst { AF_INET, SOCK_STREAM, Socket } = berkeley;${exchange}`,
);
write(
	"tsconfig.json",
	JSON.stringify({
		compilerOptions: {
			strict: true,
			exactOptionalPropertyTypes: true,
			noUncheckedIndexedAccess: true,
			skipLibCheck: false,
			target: "ES2022",
			lib: ["ES2023", "ESNext.Disposable"],
			module: "NodeNext",
			types: ["node"],
			typeRoots: [join(root, "node_modules/@types")],
			outDir: "out",
			rootDir: ".",
		},
		files: ["typed.ts", "typed.cts"],
	}),
);
run(bin("tsc"), ["-p", "."], project);
assert.equal(run(process.execPath, ["out/typed.js"], project), "exchanged\n");
assert.equal(run(process.execPath, ["out/typed.cjs"], project), "exchanged\n");
passed("strict TypeScript, as a module and as CommonJS, the library's declarations checked too");

const version = run(join(project, "node_modules/.bin/sock"), ["--version"], project).trim();
assert.ok(version.includes(tools.manifest.version), `sock --version says ${JSON.stringify(version)}`);
passed(`sock --version: ${version}`);

assert.equal(
	tools.manifest.dependencies.berkeley,
	library.manifest.version,
	"the tools want another library",
);
assert.ok(existsSync(join(root, "CHANGELOG.md")), "CHANGELOG.md is missing");
console.log("packages: all checks passed");
