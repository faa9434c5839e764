#!/usr/bin/env node
// @ts-check
/**
 * Makes packages/berkeley/lib/, the code that is published: the compiled modules in one file. Node takes about a
 * third of a millisecond to load each module, so that loading them one by one costs more than everything else
 * that the library does at import. Types and source maps lead back to the sources.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const home = fileURLToPath(new URL("../packages/berkeley/", import.meta.url));
const stream = "dist/src/stream/index.js";

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
	// `berkeley/stream` is in the same file, so that both have the same classes: the types tell which name is whose.
	stdin: { contents: `export * from "./dist/src/index.js"; export * from "./${stream}";`, resolveDir: home },
	outfile: "lib/index.js",
	// Half of what is left is compiling the text, so there is less of it; but in lines that a stack trace can show.
	minifySyntax: true,
	minifyWhitespace: true,
	lineLimit: 120,
	sourcemap: true,
	sourcesContent: false,
});

for (const { imports } of Object.values(library.metafile?.outputs ?? {})) {
	const statement = imports.find(({ kind }) => kind === "import-statement");
	if (statement !== undefined)
		throw new Error(`lib/index.js still has an import statement: ${statement.path}`);
}

const { metafile } = await build({ ...options, entryPoints: [stream], write: false });
const names = Object.values(metafile?.outputs ?? {})[0]?.exports ?? [];
writeFileSync(
	`${home}lib/stream.js`,
	`export {\n${names.map((name) => `  ${name},\n`).join("")}} from "./index.js";\n`,
);
