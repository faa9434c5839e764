// @ts-check
/**
 * Finds the compiled test files of the workspace.
 */
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The workspace's folder. */
export const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");

/** Where compiled tests are, and the scripts' own, which need no compiling. */
const places = [
	{ folder: "packages/berkeley/dist/test", suffix: ".test.js" },
	{ folder: "packages/tools/dist/test", suffix: ".test.js" },
	{ folder: "examples/dist", suffix: ".test.js" },
	{ folder: "scripts/test", suffix: ".test.mjs" },
];

/** The source that a compiled test was made from.
 * @param {string} file */
function sourceOf(file) {
	return file.replace("/dist/", "/").replace(/\.js$/, ".ts");
}

/**
 * The test files, absolute and sorted. One whose source is gone is left over from an earlier build, and left out.
 * @param {string[]} filters parts of file names; none means all
 * @param {{ scripts?: boolean }} [options] scripts: whether the scripts' own tests belong to it
 * @returns {string[]}
 */
export function testFiles(filters, { scripts = true } = {}) {
	const files = [];
	for (const { folder, suffix } of places) {
		if (folder === "scripts/test" && !scripts) continue;
		const absolute = join(root, folder);
		if (!existsSync(absolute)) continue;
		for (const name of readdirSync(absolute, { recursive: true, encoding: "utf8" })) {
			const file = join(absolute, name);
			if (!name.endsWith(suffix) || name.includes("node_modules")) continue;
			if (suffix === ".test.js" && !existsSync(sourceOf(file))) continue;
			files.push(file);
		}
	}
	files.sort();
	return filters.length === 0
		? files
		: files.filter((file) => filters.some((filter) => relative(root, file).includes(filter)));
}
