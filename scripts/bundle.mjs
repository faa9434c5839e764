#!/usr/bin/env node
// @ts-check
/**
 * Makes packages/berkeley/lib/, the code that is published: the compiled modules in one file. Node takes about a
 * third of a millisecond to load each module, so that loading them one by one costs more than everything else
 * that the library does at import. Types and source maps lead back to the sources.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const home = fileURLToPath(new URL("../packages/berkeley/", import.meta.url));
/** The other entries of the package, by the name of their file in lib/. */
const entries = {
	capture: "dist/src/capture/index.js",
	stream: "dist/src/stream/index.js",
	select: "dist/src/select/index.js",
	server: "dist/src/server/index.js",
};

/**
 * What threads and child processes begin with, by the name of its file in lib/: a function that is in the bundle,
 * too, so that the modules that they load find the same classes there.
 */
const programs = {
	"remote/child": { module: "dist/src/server/remote/inchild.js", start: "serveInChild" },
	"remote/thread": { module: "dist/src/server/remote/inthread.js", start: "serveInThread" },
};

const importStatement = /^import (\{[^}]*\}|\w+) from "(node:[^"]+)";$/gm;

/**
 * Takes Node's modules from the process. An import statement costs more: it makes a namespace of all names, which
 * loads what the module would load later. The sources say `import`, as is usual.
 * @type {import("esbuild").Plugin}
 */
const withoutNamespaces = {
	name: "without namespaces",
	setup(build) {
		build.onLoad({ filter: /\/dist\/src\/.*\.js$/ }, ({ path }) => {
			const contents = readFileSync(path, "utf8").replace(
				importStatement,
				(_, names, module) =>
					`const ${names.replaceAll(" as ", ": ")} = process.getBuiltinModule("${module}");`,
			);
			return { contents, loader: "js" };
		});
	},
};

/** @type {import("esbuild").BuildOptions} */
const asPublished = {
	// Half of what is left is compiling the text, so there is less of it; but in lines that a stack trace can show.
	minifySyntax: true,
	minifyWhitespace: true,
	lineLimit: 120,
	sourcemap: true,
	sourcesContent: false,
};

/** @type {import("esbuild").BuildOptions} */
const options = {
	absWorkingDir: home,
	bundle: true,
	format: "esm",
	platform: "node",
	target: "node20.19",
	packages: "external",
	logLevel: "warning",
	metafile: true,
	plugins: [withoutNamespaces],
};

rmSync(`${home}lib`, { recursive: true, force: true });
const library = await build({
	...options,
	// All entries are in the same file, so that they have the same classes and the same reactor: the types tell which
	// name is whose.
	stdin: {
		contents: [
			...["dist/src/index.js", ...Object.values(entries)].map((entry) => `export * from "./${entry}";`),
			...Object.values(programs).map(({ module, start }) => `export { ${start} } from "./${module}";`),
		].join(""),
		resolveDir: home,
	},
	outfile: "lib/index.js",
	...asPublished,
});

for (const { imports } of Object.values(library.metafile?.outputs ?? {})) {
	const statement = imports.find(({ kind }) => kind === "import-statement");
	if (statement !== undefined)
		throw new Error(`lib/index.js still has an import statement: ${statement.path}`);
}

// It runs where there is no koffi, and no Node either.
await build({
	...options,
	platform: "neutral",
	plugins: [],
	entryPoints: ["dist/src/packet/index.js"],
	outfile: "lib/packet.js",
	...asPublished,
});

const all = new Set(exportsOf(library));
for (const [name, entry] of Object.entries(entries)) {
	const names = exportsOf(await build({ ...options, entryPoints: [entry], write: false }));
	// Of a name that two entries give to different things the bundle has none.
	const missing = names.filter((each) => !all.has(each));
	if (missing.length > 0) throw new Error(`lib/index.js lacks ${missing.join(", ")} of berkeley/${name}`);
	const list = names.map((each) => `  ${each},\n`).join("");
	writeFileSync(`${home}lib/${name}.js`, `export {\n${list}} from "./index.js";\n`);
}

for (const [name, { start }] of Object.entries(programs)) {
	const file = `${home}lib/${name}.js`;
	mkdirSync(dirname(file), { recursive: true });
	const library = "../".repeat(name.split("/").length - 1);
	writeFileSync(file, `import { ${start} } from "${library}index.js";\nawait ${start}();\n`);
}

/** @param {import("esbuild").BuildResult} result */
function exportsOf({ metafile }) {
	return (
		Object.values(metafile?.outputs ?? {}).find(({ entryPoint }) => entryPoint !== undefined)?.exports ?? []
	);
}
