#!/usr/bin/env node
// @ts-check
/**
 * The layer rule: imports only go down. node scripts/layers.mjs [workspace folder]
 *
 * It reads the sources' import and export statements as Biome formats them (at the start of a line), and the
 * `import("…")` and `import.meta.resolve("…")` in between.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The floors of packages/berkeley/src. A file may import from its own floor and from those below. */
const floors = {
	"sys/": 1,
	"address/": 1,
	"packet/": 1,
	"errors.ts": 2,
	"privileges.ts": 2,
	"arguments.ts": 2,
	"reactor/": 2,
	"options/": 3,
	"resolve/": 3,
	"stream/": 3,
	"socket/": 4,
	"select/": 5,
	"capture/": 5,
	"interfaces/": 5,
	"impair/": 6,
	"raw/": 6,
	"server/": 6,
	"index.ts": 7,
};

/** What is pure, tables of numbers included: it imports nothing from the runtime, and of the library only such. */
const pure =
	/^(address\/|packet\/|capture\/(captured\.ts$|files\/codec\/|filter\/links\.ts$)|sys\/linux\/(constants\/|errnos\.ts$))/;

/** What runs in a browser, and the names that exist only in Node. */
const inBrowsers = /^(packet\/|capture\/files\/codec\/)/;
const nodeGlobals = /(?<![.\w"'`])(Buffer|process|require|__dirname|setImmediate)\b(?!["'`]?\s*:)/;

/** What users may install, and who loads it when it is called. */
const optionalPeer = "prom-client";
const peerDoor = "server/promclient.ts";

/** Who may load koffi, and who may use it. */
const koffiDoor = "sys/koffi.ts";
const mayUseKoffi = ["sys/ffi.ts", "sys/eventloop.ts"];

/** What the tests of the other workspaces share with the library's: its types may be imported, for nothing else can. */
const testSupport = "packages/berkeley/test/support/";

/** The other workspaces: what they may import beside node:, the public `berkeley`, and their own files. */
const guests = [
	{ folder: "packages/tools/src", packages: ["commander"] },
	{ folder: "examples", packages: [] },
];

/**
 * @typedef {{ line: number, specifier: string, typeOnly: boolean }} Import
 */

/** Blanks comments, line by line, so that examples in docstrings do not count.
 * @param {string} text */
export function withoutComments(text) {
	return text
		.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
		.replace(/(^|\s)\/\/.*$/gm, "$1");
}

/** The imports of a source text.
 * @param {string} text
 * @returns {Import[]} */
export function importsOf(text) {
	const source = withoutComments(text);
	const found = [];
	const patterns = [
		/^(?:import|export)\s+(?<type>type\s+)?(?:[\w*{][^;"']*?\sfrom\s+)?["'](?<from>[^"']+)["']/gm,
		/\bimport\s*\(\s*["'](?<from>[^"']+)["']/g,
		/\bimport\.meta\.resolve\s*\(\s*["'](?<from>[^"']+)["']/g,
	];
	for (const pattern of patterns) {
		for (const match of source.matchAll(pattern)) {
			const line = source.slice(0, match.index).split("\n").length;
			const { from = "", type } = match.groups ?? {};
			found.push({ line, specifier: from, typeOnly: type !== undefined });
		}
	}
	return found.sort((a, b) => a.line - b.line);
}

/** The entry of the floors table that a file of the library belongs to.
 * @param {string} file relative to src/ */
function placeOf(file) {
	const slash = file.indexOf("/");
	const place = slash < 0 ? file : file.slice(0, slash + 1);
	const floor = floors[/** @type {keyof typeof floors} */ (place)];
	return { place, floor };
}

/** @param {string} folder
 * @returns {string[]} */
function sources(folder) {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((name) => /(?<!\.d)\.ts$/.test(name) && !/(^|\/)(dist|node_modules)\//.test(name))
		.map((name) => join(folder, name))
		.sort();
}

/** The source file that a relative import means.
 * @param {string} from
 * @param {string} specifier */
function targetOf(from, specifier) {
	return resolve(dirname(from), specifier).replace(/\.js$/, ".ts");
}

/** The public names of the library: "berkeley", "berkeley/select" …
 * @param {string} root */
function publicNames(root) {
	const { exports } = JSON.parse(readFileSync(join(root, "packages/berkeley/package.json"), "utf8"));
	return Object.keys(exports).map((key) => `berkeley${key.slice(1)}`);
}

/**
 * What breaks the rules, one sentence each.
 * @param {string} root the workspace
 * @returns {string[]}
 */
export function violations(root) {
	/** @type {string[]} */
	const found = [];
	/** @type {Map<string, Import[]>} */
	const graph = new Map();
	const src = join(root, "packages/berkeley/src");

	for (const path of sources(src)) {
		const text = readFileSync(path, "utf8");
		const file = relative(src, path);
		const own = placeOf(file);
		if (own.floor === undefined) {
			found.push(
				`${relative(root, path)}:1 ${own.place} has no floor: add it to the table in scripts/layers.mjs`,
			);
			continue;
		}
		const isPure = pure.test(file);
		graph.set(path, importsOf(text));
		for (const { line, specifier } of graph.get(path) ?? []) {
			const say = (/** @type {string} */ reason) =>
				found.push(`${relative(root, path)}:${line} imports ${specifier}: ${reason}`);
			if (specifier.startsWith("node:")) {
				if (isPure) say("this file is pure and may not import the runtime's modules");
				continue;
			}
			if (specifier === "koffi") {
				if (file !== koffiDoor) say(`only ${koffiDoor} may load koffi`);
				continue;
			}
			if (specifier === optionalPeer && file === peerDoor) continue;
			if (!specifier.startsWith(".")) {
				say("the library depends on no other package than koffi");
				continue;
			}
			const absolute = targetOf(path, specifier);
			const target = relative(src, absolute);
			if (target === koffiDoor && !mayUseKoffi.includes(file)) {
				say(`only ${mayUseKoffi.join(" and ")} may use koffi`);
				continue;
			}
			if (target.startsWith("..")) {
				say("it lies outside of the library's src/");
				continue;
			}
			if (!existsSync(absolute)) {
				say("there is no such file");
				continue;
			}
			const theirs = placeOf(target);
			if (theirs.floor === undefined || theirs.floor > own.floor) {
				say(`floor ${own.floor} may not import floor ${theirs.floor ?? "unknown"}`);
			} else if (isPure && !pure.test(target)) {
				say("this file is pure, and of sys/ it may import the tables of numbers alone");
			}
		}
		if (inBrowsers.test(file)) {
			for (const [index, line] of withoutComments(text).split("\n").entries()) {
				const name = nodeGlobals.exec(line)?.[1];
				if (name === undefined) continue;
				found.push(`${relative(root, path)}:${index + 1} uses ${name}: it runs in browsers too`);
			}
		}
	}

	for (const { folder, packages } of guests) {
		const own = join(root, folder);
		for (const path of sources(own)) {
			graph.set(path, importsOf(readFileSync(path, "utf8")));
			for (const { line, specifier, typeOnly } of graph.get(path) ?? []) {
				const say = (/** @type {string} */ reason) =>
					found.push(`${relative(root, path)}:${line} imports ${specifier}: ${reason}`);
				if (specifier.startsWith("node:") || packages.includes(specifier)) continue;
				if (specifier.startsWith(".")) {
					const target = targetOf(path, specifier);
					const isSupport = relative(own, path).startsWith("support/");
					if (typeOnly && isSupport && relative(root, target).startsWith(testSupport)) continue;
					if (relative(own, target).startsWith("..")) say("it lies outside of this package");
				} else if (/^berkeley(\/|$)/.test(specifier)) {
					if (!publicNames(root).includes(specifier)) say("it is not among the library's public exports");
				} else {
					say(`${folder} may import node:, berkeley${packages.map((name) => `, ${name}`).join("")}`);
				}
			}
		}
	}

	for (const cycle of cycles(graph)) {
		found.push(`import cycle: ${cycle.map((path) => relative(root, path)).join(" → ")}`);
	}
	return found;
}

/**
 * Each import cycle once, its first file repeated at the end. Types count too: files that need each other's
 * types are one file or want a third.
 * @param {Map<string, Import[]>} graph
 * @returns {string[][]}
 */
function cycles(graph) {
	/** @type {string[][]} */
	const found = [];
	const done = new Set();
	/** @type {string[]} */
	const trail = [];
	const visit = (/** @type {string} */ path) => {
		const start = trail.indexOf(path);
		if (start >= 0) {
			found.push([...trail.slice(start), path]);
			return;
		}
		if (done.has(path)) return;
		trail.push(path);
		for (const { specifier } of graph.get(path) ?? []) {
			if (specifier.startsWith(".")) visit(targetOf(path, specifier));
		}
		trail.pop();
		done.add(path);
	};
	for (const path of graph.keys()) visit(path);
	return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const root = resolve(process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url)));
	const found = violations(root);
	for (const line of found) console.error(line);
	console.log(found.length === 0 ? "layers: imports only go down" : `layers: ${found.length} violations`);
	process.exitCode = found.length === 0 ? 0 : 1;
}
