#!/usr/bin/env node
// @ts-check
/**
 * Makes packages/berkeley/lib/, the code that is published: the compiled modules in a few files. Node takes about a
 * third of a millisecond to load each module, so that loading them one by one costs more than everything else
 * that the library does at import; and what `berkeley` does not need is in files of its own, for compiling text
 * takes time too. Types and source maps lead back to the sources.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const home = fileURLToPath(new URL("../packages/berkeley/", import.meta.url));
/** The entries, by the name of their file in lib/: those of the package, and what threads and children begin with. */
const entries = {
	index: "dist/src/index.js",
	capture: "dist/src/capture/index.js",
	interfaces: "dist/src/interfaces/index.js",
	impair: "dist/src/impair/index.js",
	raw: "dist/src/raw/index.js",
	select: "dist/src/select/index.js",
	server: "dist/src/server/index.js",
	stream: "dist/src/stream/index.js",
	"remote/child": "dist/src/server/remote/child.js",
	"remote/thread": "dist/src/server/remote/thread.js",
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

/**
 * Has every entry import the library, so that all of it is in one file that they share: the classes and the reactor
 * are the same, and importing `berkeley` loads no other file.
 * @type {import("esbuild").Plugin}
 */
const withLibrary = {
	name: "with the library",
	setup(build) {
		build.onResolve({ filter: /^entry:/ }, ({ path }) => ({
			path: path.slice("entry:".length),
			namespace: "entry",
		}));
		build.onLoad({ filter: /.*/, namespace: "entry" }, ({ path }) => ({
			contents: `import "./${entries.index}"; export * from "./${path}";`,
			resolveDir: home,
		}));
	},
};

/**
 * What works with packets takes them from the bundle that users import, so that a packet is a Packet to both.
 * @type {import("esbuild").Plugin}
 */
const withPacket = {
	name: "with the packets",
	setup(build) {
		build.onResolve({ filter: /\/packet\/index\.js$/ }, () => ({ path: packetBundle, external: true }));
	},
};
const packetBundle = "./packet.js";

rmSync(`${home}lib`, { recursive: true, force: true });
const { metafile } = await build({
	...options,
	plugins: [withLibrary, withPacket, withoutNamespaces],
	entryPoints: Object.entries(entries).map(([out, path]) => ({ in: `entry:${path}`, out })),
	outdir: "lib",
	splitting: true,
	chunkNames: "[name]-[hash]",
	// What only the index needs must not go where only it is looked for.
	ignoreAnnotations: true,
	metafile: true,
	...asPublished,
});
joinIndex();

for (const [file, { imports, inputs }] of Object.entries(metafile.outputs)) {
	if ("dist/src/packet/packet.js" in inputs) {
		throw new Error(`${file} has packets of its own: import them from packet/index.js`);
	}
	const statement = imports.find(
		({ kind, external, path }) => kind === "import-statement" && external && path !== packetBundle,
	);
	if (statement !== undefined) throw new Error(`${file} still has an import statement: ${statement.path}`);
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

/**
 * esbuild puts what all entries share into a file beside them, and makes the index a list of 1700 names in and out of
 * it, which costs two milliseconds to link. So that file becomes the index: it exports the names of the list too.
 */
function joinIndex() {
	const index = readFileSync(`${home}lib/index.js`, "utf8");
	const [, shared = "", ...others] = [...index.matchAll(/from"\.\/([^"]+)"/g)].flat();
	if (others.length > 0) throw new Error("lib/index.js imports more than one file");
	const text = readFileSync(`${home}lib/${shared}`, "utf8");
	const [statement = ""] = text.match(/export\{[^}]*\};/g)?.slice(-1) ?? [];
	// By the name that is exported: the name within the file.
	const exported = new Map(pairs(statement, "export").map(([local, name]) => [name, local]));
	const imported = new Map(pairs(index, "import").map(([name, local]) => [local, name]));
	/** What has another name from now on, for the index exports something else by its name. */
	const renamed = new Map();
	for (const [local, name] of pairs(index, "export")) {
		const within = exported.get(imported.get(local) ?? "");
		if (within === undefined) throw new Error(`lib/${shared} lacks ${local}, which the index exports`);
		const other = exported.get(name);
		if (other !== undefined && other !== within) {
			renamed.set(name, `${name}Within`);
			exported.set(`${name}Within`, other);
		}
		exported.set(name, within);
	}
	const names = [...exported].map(([name, local]) => (name === local ? name : `${local} as ${name}`));
	const joined = text
		.replace(statement, `export{${names.join(",").replace(/(.{100}[^,]*,)/g, "$1\n")}};`)
		.replace(`sourceMappingURL=${shared}.map`, "sourceMappingURL=index.js.map");
	writeFileSync(`${home}lib/index.js`, joined);
	rmSync(`${home}lib/${shared}`);
	renameSync(`${home}lib/${shared}.map`, `${home}lib/index.js.map`);
	for (const file of readdirSync(`${home}lib`, { recursive: true, encoding: "utf8" })) {
		if (!file.endsWith(".js")) continue;
		const before = readFileSync(`${home}lib/${file}`, "utf8");
		const after = before
			.replaceAll(`import"./${shared}"`, 'import"./index.js"')
			.replace(/import\{([^}]*)\}from"([./]*\/)([^"]+)"/g, (whole, list, folder, from) => {
				if (from !== shared) return whole;
				const names = pairs(`import{${list}}`, "import").map(([name, local]) => {
					const now = renamed.get(name) ?? name;
					return now === local ? now : `${now} as ${local}`;
				});
				return `import{${names.join(",")}}from"${folder}index.js"`;
			});
		writeFileSync(`${home}lib/${file}`, after);
	}
}

/** The names of an import or export statement: before and after `as`.
 * @param {string} text
 * @param {"import" | "export"} statement
 * @returns {[string, string][]} */
function pairs(text, statement) {
	const lists = [...text.matchAll(new RegExp(`${statement}\\{([^}]*)\\}`, "g"))].map(([, list = ""]) => list);
	return lists
		.join(",")
		.split(",")
		.map((part) => part.trim().split(" as "))
		.map(([before = "", after = before]) => [before, after]);
}
