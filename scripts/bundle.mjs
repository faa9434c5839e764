#!/usr/bin/env node
// @ts-check
/**
 * Makes packages/berkeley/lib/, the code that is published: the compiled modules in a few files. Node takes
 * about a third of a millisecond to load each module, so that loading them one by one costs more than
 * everything else that the library does at import. Types and source maps lead back to the sources.
 */
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const home = fileURLToPath(new URL("../packages/berkeley/", import.meta.url));

rmSync(`${home}lib`, { recursive: true, force: true });
await build({
	absWorkingDir: home,
	entryPoints: { index: "dist/src/index.js", stream: "dist/src/stream/index.js" },
	outdir: "lib",
	bundle: true,
	splitting: true,
	chunkNames: "shared-[hash]",
	format: "esm",
	platform: "node",
	target: "node20.19",
	packages: "external",
	minifySyntax: true,
	minifyWhitespace: true,
	keepNames: false,
	sourcemap: true,
	sourcesContent: false,
	logLevel: "warning",
});
